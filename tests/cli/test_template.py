"""`policy decide --template`: a group's own templates, and what happens where they are wrong."""

import os

import pytest

PAGE = '{% extends "policy/document.html.j2" %}{% block footer %}<p>{{ doc.above }}</p>{% endblock %}'


@pytest.fixture(name="own")
def _own(folder):
    (folder / "own").mkdir()
    (folder / "own" / "document.html.j2").write_text(PAGE, "utf-8")
    return folder / "own"


def test_the_document_is_made_by_the_template(policy, folder, own):
    ran = policy("decide", "lake.policy", "lake.yaml", "--template", "own", "--out", "a.html")
    assert ran.code == 0
    assert "<p>Rules of the Lake Group</p></main>" in (folder / "a.html").read_text("utf-8")
    assert policy("decide", "lake.policy", "lake.yaml", "--template", "own", "--format", "html").out == (
        folder / "a.html"
    ).read_text("utf-8")


@pytest.mark.parametrize("form", ["pdf", "docx", "json"])
def test_other_forms_are_refused_before_anything_is_read(policy, folder, own, form):
    ran = policy("decide", "none.policy", "none.yaml", "--template", "own", "--out", f"a.{form}")
    assert (ran.code, ran.out) == (2, "")
    assert "PD917" in ran.err
    assert not (folder / f"a.{form}").exists()


def test_a_faulty_template_leaves_the_file_as_it_was(policy, folder, own):
    (own / "document.html.j2").write_text("<p>\n{{ doc.titel }}\n", "utf-8")
    (folder / "a.html").write_text("before", "utf-8")
    ran = policy("decide", "lake.policy", "lake.yaml", "--template", "own", "--out", "a.html")
    assert (ran.code, ran.out) == (2, "")
    assert "PD941 error · own/document.html.j2:2:8" in ran.err.replace(os.sep, "/")
    assert "did you mean `title`?" in ran.err
    assert (folder / "a.html").read_text("utf-8") == "before"
    assert sorted(each.name for each in folder.iterdir() if each.name.startswith(".")) == []


def test_a_faulty_template_prints_nothing(policy, own):
    (own / "document.html.j2").write_text("<p>begun</p>{{ nothing }}", "utf-8")
    ran = policy("decide", "lake.policy", "lake.yaml", "--template", "own", "--format", "html")
    assert (ran.code, ran.out) == (2, "")


def test_a_template_is_not_written_over(policy, own):
    ran = policy("decide", "lake.policy", "lake.yaml", "--template", "own", "--format", "html",
                 "--out", "own/document.html.j2")  # fmt: skip
    assert ran.code == 2
    assert "PD906" in ran.err
    assert (own / "document.html.j2").read_text("utf-8") == PAGE


@pytest.mark.parametrize(
    ("name", "code"), [("none", "PD918"), ("lake.yaml", "PD918"), ("folder", "PD919"), ("", "PD918")]
)
def test_what_is_no_folder_of_templates_is_refused(policy, own, name, code):
    ran = policy("decide", "lake.policy", "lake.yaml", "--template", name)
    assert ran.code == 2
    assert code in ran.err


def test_a_template_that_is_not_utf_8_is_told(policy, own):
    (own / "document.html.j2").write_bytes("é".encode("latin-1"))
    ran = policy("decide", "lake.policy", "lake.yaml", "--template", "own", "--format", "html")
    assert ran.code == 2
    assert "PD904" in ran.err
