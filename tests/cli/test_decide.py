"""`policy decide`, `explain`, `case` and `test`: documents, streams, exit codes."""

import json
import os
import sys
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader

from policy_dsl import render
from policy_dsl.cli.decide import FORMS
from policy_dsl.cli.out import BINARY, PAPERS


def test_a_case_is_decided_and_the_document_goes_to_the_terminal(policy):
    ran = policy("decide", "lake.policy", "lake.yaml")
    assert ran.code == 0
    assert ran.out.startswith("# ")
    assert "Tanzania" in ran.out or "TZA" in ran.out
    assert ran.out.endswith("\n")
    assert policy("decide", "lake.policy", "lake.yaml").out == ran.out


@pytest.mark.parametrize(
    ("out", "begins"), [("a.md", "# "), ("a.html", "<!doctype html>"), ("a.HTM", "<!doctype html>"), ("a.json", "{")]
)
def test_the_name_of_the_file_tells_the_form(policy, out: str, begins: str):
    ran = policy("decide", "lake.policy", "lake.yaml", "--out", out)
    assert (ran.code, ran.out) == (0, "")
    assert f"The document is in {out}" in ran.err
    text = Path(out).read_text("utf-8")
    assert text.lower().startswith(begins)
    assert text.endswith("\n")
    if out.endswith("json"):
        assert json.loads(text)


@pytest.mark.parametrize(
    ("out", "more", "begins"),
    [
        ("a.pdf", [], b"%PDF-"),
        ("a.DOCX", [], b"PK"),
        ("a", ["--format", "pdf"], b"%PDF-"),
        ("a.md", ["--format", "docx"], b"PK"),
    ],
)
def test_a_document_that_is_no_text_is_written_as_it_is(policy, out: str, more: list[str], begins: bytes):
    ran = policy("decide", "lake.policy", "lake.yaml", "--out", out, *more)
    assert (ran.code, ran.out) == (0, "")
    data = Path(out).read_bytes()
    assert data.startswith(begins)
    policy("decide", "lake.policy", "lake.yaml", "--out", out, *more)
    assert Path(out).read_bytes() == data


@pytest.mark.parametrize("form", BINARY)
def test_a_document_that_is_no_text_does_not_go_to_the_terminal(policy, form: str):
    ran = policy("decide", "lake.policy", "lake.yaml", "--format", form)
    assert (ran.code, ran.out) == (2, "")
    assert "PD914" in ran.err
    assert f"--out decision.{form}" in ran.err


@pytest.mark.parametrize(("form", "module"), [("pdf", "typst"), ("docx", "docx")])
def test_a_form_that_is_not_installed_leaves_the_file_as_it_was(policy, monkeypatch, form: str, module: str):
    from policy_dsl.render.forms import setting

    setting.compiler.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    Path(f"a.{form}").write_text("before")
    ran = policy("decide", "lake.policy", "lake.yaml", "--out", f"a.{form}")
    assert (ran.code, ran.out) == (2, "")
    assert "PD915" in ran.err
    assert f"policy-dsl[{form}]" in ran.err
    assert Path(f"a.{form}").read_text() == "before"


def test_the_door_knows_every_form():
    assert (FORMS, BINARY, PAPERS) == (render.FORMS, render.BINARY, render.PAPERS)


# The sizes of a page, in points.
@pytest.mark.parametrize(
    ("more", "size"), [([], (595, 842)), (["--paper", "a4"], (595, 842)), (["--paper", "letter"], (612, 792))]
)
def test_pages_are_of_the_size_that_is_asked_for(policy, more: list[str], size: tuple[int, int]):
    for form in BINARY:
        assert policy("decide", "lake.policy", "lake.yaml", "--out", f"a.{form}", *more).code == 0
    pages = PdfReader("a.pdf").pages
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {size}
    sections = docx.Document("a.docx").sections
    assert {(round(each.page_width.pt), round(each.page_height.pt)) for each in sections} == {size}


@pytest.mark.parametrize("more", [[], ["--out", "a.html"], ["--format", "json"]])
def test_a_form_without_pages_has_no_size_of_paper(policy, more: list[str]):
    ran = policy("decide", "lake.policy", "lake.yaml", "--paper", "letter", *more)
    assert (ran.code, ran.out) == (2, "")
    assert "PD950" in ran.err
    assert not Path("a.html").exists()


def test_quiet_says_nothing(policy):
    ran = policy("decide", "-q", "lake.policy", "lake.yaml", "--out", "a.md")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--out", "a.txt"], "PD909"),
        (["--out", "none/a.md"], "PD905"),
        (["--out", "folder", "--format", "md"], "PD907"),
        (["--out", "lake.yaml", "--format", "md"], "PD906"),
        (["--out", "./lake.policy", "--format", "md"], "PD906"),
    ],
)
def test_a_document_that_can_not_be_written_changes_nothing(policy, folder: Path, more: list[str], code: str):
    before = {file: file.read_bytes() for file in folder.glob("*.*") if file.is_file()}
    ran = policy("decide", "lake.policy", "lake.yaml", *more)
    assert ran.code == 2
    assert code in ran.err
    assert {file: file.read_bytes() for file in folder.glob("*.*") if file.is_file()} == before


def test_a_faulty_policy_decides_nothing(policy):
    ran = policy("decide", "faulty.policy", "lake.yaml", "--out", "a.md")
    assert (ran.code, ran.out) == (1, "")
    assert "areaa" in ran.err
    assert not os.path.exists("a.md")


def test_a_faulty_case_decides_nothing(policy):
    text = Path("lake.yaml").read_text("utf-8").replace("90_000 persons", "90_000")
    Path("bare.yaml").write_text(text, "utf-8")
    ran = policy("decide", "lake.policy", "bare.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert "lacks its unit" in ran.err


def test_a_gap_leaves_what_rests_on_it_open(policy):
    text = Path("lake.yaml").read_text("utf-8").replace(", TZA: 885_800", "")
    Path("gap.yaml").write_text(text, "utf-8")
    ran = policy("decide", "lake.policy", "gap.yaml")
    assert ran.code == 3
    assert ran.out.startswith("# ")
    assert "PD801" in ran.err


def test_a_tie_that_no_rule_settles_ends_with_3(policy):
    text = Path("lake.policy").read_text("utf-8").replace("    ties     by population\n", "")
    Path("tie.policy").write_text(text.replace("policy lake", "policy tie"), "utf-8")
    case = Path("lake.yaml").read_text("utf-8").replace("policy: lake", "policy: tie")
    case = case.replace("BDI: 13_000_000, RWA: 14_000_000, TZA: 63_000_000", "BDI: 100, RWA: 100, TZA: 100")
    case = case.replace("BDI: 25_680, RWA: 24_670, TZA: 885_800", "BDI: 5, RWA: 5, TZA: 5").replace(
        "90_000 persons", "1 persons"
    )
    Path("tie.yaml").write_text(case, "utf-8")
    ran = policy("decide", "tie.policy", "tie.yaml")
    assert ran.code == 3
    assert ran.out.startswith("# ")


def test_a_guarantee_that_fails_ends_with_1(policy):
    text = Path("lake.policy").read_text("utf-8").replace("<= 1%", "<= 0%")
    Path("hard.policy").write_text(text, "utf-8")
    ran = policy("decide", "hard.policy", "lake.yaml")
    assert ran.code == 1
    assert "bearable" in ran.err


@pytest.mark.parametrize("level", ["brief", "reasoned", "full"])
@pytest.mark.parametrize("why_not", [[], ["--why-not"]])
def test_a_figure_is_explained(policy, level: str, why_not: list[str]):
    ran = policy("explain", "lake.policy", "lake.yaml", "places of TZA", "--level", level, *why_not)
    assert ran.code == 0
    assert ran.out.strip()
    assert ran.err == ""


def test_what_the_decision_does_not_hold_is_not_explained(policy):
    ran = policy("explain", "lake.policy", "lake.yaml", "place of TZA")
    assert (ran.code, ran.out) == (2, "")
    assert "PD911" in ran.err


def test_a_case_file_can_be_begun_described_and_checked(policy):
    new = policy("case", "new", "lake.policy")
    assert new.code == 0
    assert "population" in new.out
    assert policy("case", "new", "lake.policy", "--out", "new.yaml").code == 0
    assert Path("new.yaml").read_text("utf-8") == new.out
    assert policy("case", "new", "lake.policy", "--out", "lake.policy").code == 2
    schema = policy("case", "schema", "lake.policy")
    assert schema.code == 0
    assert json.loads(schema.out)["type"] == "object"
    assert policy("case", "check", "lake.policy", "lake.yaml").out == "lake.yaml: no faults\n"
    assert policy("case", "check", "-q", "lake.policy", "lake.yaml").out == ""
    assert policy("case", "check", "lake.policy", "lake.yaml", "--format", "json").out == "[]\n"
    assert policy("case", "check", "lake.policy", "new.yaml").code == 1


EXAMPLE = """
example "Twice the people, twice the places"
  given core = BDI, RWA
  given arrivals = 300 persons
  given population : persons, area : km2
    BDI : 100_000, 1_000
    RWA : 200_000, 2_000
  expect places of RWA = {expected} persons
"""


@pytest.mark.parametrize(("expected", "code", "said"), [(200, 0, "holds  Twice"), (201, 1, "FAILS  Twice")])
def test_the_examples_of_a_policy_are_run(policy, expected: int, code: int, said: str):
    text = Path("lake.policy").read_text("utf-8") + EXAMPLE.format(expected=expected)
    Path("tested.policy").write_text(text, "utf-8")
    ran = policy("test", "tested.policy")
    assert ran.code == code
    assert said in ran.out
    assert ran.out.splitlines()[-1] == f"tested.policy: {1 - code} of 1 examples hold"


def test_a_faulty_policy_is_not_tested(policy):
    ran = policy("test", "faulty.policy", "lake.policy")
    assert ran.code == 1
    assert "faulty.policy: not tested" in ran.out
    assert "lake.policy: 0 of 0 examples hold" in ran.out
