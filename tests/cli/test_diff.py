"""`policy diff`: in words, by effect, as text, page and data."""

from __future__ import annotations

import json
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from policy_dsl.pipeline import comparison_schema

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads(comparison_schema())
BLANKS = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})


@pytest.fixture(name="proposal")
def _proposal(folder: Path) -> str:
    text = (folder / "lake.policy").read_text("utf-8")
    text = text.replace("2/3 : share of population", "1/2 : share of population")
    text = text.replace("1/3 : share of area", "1/2 : share of area").replace("    ties     by population\n", "")
    (folder / "proposal.policy").write_text(text, "utf-8")
    return "proposal.policy"


def test_it_says_what_changed_and_what_it_does(policy, proposal):
    ran = policy("diff", "lake.policy", proposal)
    assert (ran.code, ran.err) == (0, "")
    text = ran.out.translate(BLANKS)
    assert "- 1. Size: weight of “share of population” lowered from 2/3 to 1/2 (Art. 1(1))\n" in text
    assert "- 1. Size: weight of “share of area” raised from 1/3 to 1/2 (Art. 1(1))\n" in text
    assert "- 2. Places: what settles ties taken out: “Population” (Art. 1(1))\n" in text
    assert "Changes that bear one number can only be made together" in text
    row = next(line for line in text.splitlines() if line.startswith("TZA"))
    assert row.split() == ["TZA", "70", "386", "74", "080", "+3", "694", "1"]
    assert "is no proof that none does" in text


def test_the_case_beside_the_policy_is_found_and_others_can_be_named(policy, proposal, folder):
    assert "Arrivals of August (lake.yaml)" in policy("diff", "lake.policy", proposal).out
    (folder / "library").mkdir()
    (folder / "library" / "one.yaml").write_text((folder / "lake.yaml").read_text("utf-8"), "utf-8")
    (folder / "other.yaml").write_text("case: X\npolicy: another\nat: 2026-01-01\n", "utf-8")
    assert "(one.yaml)" in policy("diff", "lake.policy", proposal, "--cases", "library").out
    assert "other.yaml" not in policy("diff", "lake.policy", proposal).out
    ran = policy("diff", "lake.policy", proposal, "--cases", "folder")
    assert ran.code == 2
    assert "PD955" in ran.err


def test_without_a_case_it_says_so(policy, proposal, folder):
    (folder / "lake.yaml").unlink()
    assert "No case was there to be decided" in policy("diff", "lake.policy", proposal).out
    ran = policy("diff", "lake.policy", proposal, "--words")
    assert "By effect" not in ran.out


@pytest.mark.parametrize("flags", [(), ("--exit-code",), ("--format", "json"), ("--format", "html")])
def test_a_policy_and_itself_are_the_same(policy, flags):
    ran = policy("diff", "lake.policy", "lake.policy", *flags)
    assert (ran.code, ran.err) == (0, "")
    if "json" in flags:
        assert json.loads(ran.out)["changes"] == []
    else:
        assert "Nothing changed." in ran.out
        assert "By effect" not in ran.out


def test_the_exit_code_tells_only_where_it_is_asked_for(policy, proposal):
    assert policy("diff", "lake.policy", proposal, "--words").code == 0
    assert policy("diff", "lake.policy", proposal, "--words", "--exit-code").code == 1
    ran = policy("diff", "lake.policy", "faulty.policy")
    assert ran.code == 1
    assert "PD201" in ran.err
    assert ran.out == ""
    ran = policy("diff", "lake.policy", "missing.policy")
    assert ran.code == 2
    assert "PD901" in ran.err


def test_the_data_fit_their_schema_and_hold_exact_figures(policy, proposal):
    Draft202012Validator.check_schema(SCHEMA)
    ran = policy("diff", "lake.policy", proposal, "--format", "json")
    data = json.loads(ran.out)
    assert [each.message for each in Draft202012Validator(SCHEMA).iter_errors(data)] == []
    first = data["changes"][0]
    assert (first["sort"], first["says"], first["provision"], first["article"]) == (
        "rules",
        "lowered",
        "size",
        "Art. 1(1)",
    )
    case = data["effects"]["cases"][0]
    tza = next(each for each in case["effects"] if each["for"] == ["TZA"])
    assert tza["before"]["value"] == {"exact": "70386", "decimal": "70386", "unit": "persons"}
    assert tza["difference"]["exact"] == "3694"
    assert (tza["because_of"], tza["how"]) == ([1], "alone")
    assert data["effects"]["proof"] is False
    assert data["old"]["rules"] != data["new"]["rules"]


@pytest.mark.parametrize("name", ["model_rules", "lake_group"])
def test_the_data_of_larger_policies_fit_the_schema_too(policy, folder, name):
    path = ROOT / "policies" / name / f"{name}.policy"
    text = path.read_text("utf-8").replace("% of population - hosted", "% of population - 2 * hosted")
    text = text.replace("otherwise 10%", "otherwise 12%").replace("not after 24 hours", "not after 12 hours")
    text = text.replace("not after 72 hours after request\n    step", "not after 24 hours after request\n    step")
    text = text.replace("../model_rules/", f"{ROOT}/policies/model_rules/")
    (folder / "changed.policy").write_text("\n".join(x for x in text.split("\n") if "translation" not in x), "utf-8")
    cases = str(ROOT / "policies" / name / "cases")
    ran = policy("diff", str(path), "changed.policy", "--cases", cases, "--limit", "60", "--format", "json")
    assert ran.code == 0
    data = json.loads(ran.out)
    assert [each.message for each in Draft202012Validator(SCHEMA).iter_errors(data)] == []
    assert any(case["effects"] for case in data["effects"]["cases"])


def test_the_schema_is_printed_and_published(policy):
    ran = policy("diff", "--schema")
    assert (ran.code, json.loads(ran.out)) == (0, SCHEMA)
    assert (ROOT / "docs" / "reference" / "comparison.schema.json").read_text("utf-8") == comparison_schema()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids.add(found.get("id") or "")
        self.links += [value for name in ("href", "src") if (value := found.get(name))]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_the_page_needs_nothing_beside_it(policy, proposal, folder):
    ran = policy("diff", "lake.policy", proposal, "--out", "changes.html")
    assert ran.err.strip() == "The comparison is in changes.html"
    page = _Page()
    page.feed((folder / "changes.html").read_text("utf-8"))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    said = "".join(page.text).translate(BLANKS)
    assert "lowered from 2/3 to 1/2" in said
    assert "Tanzania (TZA)" in said


def test_what_a_policy_says_is_no_markup(policy, folder):
    text = (folder / "lake.policy").read_text("utf-8").replace('"Land area"', '"<b>Land</b>"')
    (folder / "odd.policy").write_text(text, "utf-8")
    ran = policy("diff", "lake.policy", "odd.policy", "--words", "--format", "html")
    assert "<b>Land" not in ran.out
    assert "&lt;b&gt;Land" in ran.out


def test_cases_that_were_made_are_written_and_fit_the_policy(policy, proposal, folder):
    (folder / "edges").mkdir()
    ran = policy("diff", "lake.policy", proposal, "--write-cases", "edges")
    written = sorted((folder / "edges").glob("*.yaml"))
    assert f"{len(written)} cases are in edges" in ran.err
    assert written
    for case in written:
        assert policy("decide", proposal, str(case), "--out", "x.json", "-q").code in (0, 3)
    tie = next(case for case in written if "_as_" in case.name)
    assert policy("decide", "lake.policy", str(tie), "--out", "y.json", "-q").code == 0
    ran = policy("diff", "lake.policy", proposal, "--write-cases", "nowhere")
    assert ran.code == 2
    assert "PD905" in ran.err


def test_it_writes_over_nothing_that_it_read(policy, proposal):
    ran = policy("diff", "lake.policy", proposal, "--out", "lake.yaml", "--format", "text")
    assert ran.code == 2
    assert "PD906" in ran.err
    ran = policy("diff", "lake.policy", proposal, "--out", "changes.pdf")
    assert ran.code == 2
    assert "PD965" in ran.err


def test_what_is_left_is_said(policy, proposal):
    text = policy("diff", "lake.policy", proposal, "--limit", "2").out
    assert "the effects were not traced to single changes" in text
    assert "not decided, as enough was done" in text
    assert "not traced" in text


def test_revisions_in_git_are_compared(policy, proposal, folder):
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("config", "user.email", "drafter@example.org")
    git("config", "user.name", "Drafter")
    git("add", "lake.policy")
    git("commit", "-q", "-m", "First")
    (folder / "lake.policy").write_text((folder / proposal).read_text("utf-8"), "utf-8")
    ran = policy("diff", "HEAD:lake.policy", "lake.policy")
    assert ran.code == 0
    assert "lowered from 2/3 to 1/2" in ran.out
    assert "Arrivals of August (lake.yaml)" in ran.out
    git("commit", "-q", "-a", "-m", "Second")
    assert "raised from 1/2 to 2/3" in policy("diff", "HEAD:lake.policy", "HEAD~1:lake.policy", "--words").out
    ran = policy("diff", "HEAD~7:lake.policy", "lake.policy")
    assert ran.code == 2
    assert "PD987" in ran.err


def test_a_draft_with_brackets_is_not_compared(policy, folder):
    text = (folder / "lake.policy").read_text("utf-8")
    draft = text + '\narticle 2 "Review"\n  > There is a review.\n  alternative A\n    define p "P" = 12\n'
    draft += "  alternative B\n    none\n"
    (folder / "draft.policy").write_text(draft, "utf-8")
    ran = policy("diff", "lake.policy", "draft.policy")
    assert ran.code == 1
    assert ran.out == ""
    assert "error" in ran.err


def test_names_and_numbers_decide_nothing(policy, folder):
    text = (folder / "lake.policy").read_text("utf-8").replace("size", "measure").replace("article 1 ", "article 2 ")
    (folder / "renamed.policy").write_text(text, "utf-8")
    ran = policy("diff", "lake.policy", "renamed.policy")
    assert "Size: now called “measure” wherever it stands, before “size” (Art. 2(1))" in ran.out.translate(BLANKS)
    assert "in every case the same follows from both texts" in ran.out


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Size : poids de « share of population » : baisse de 2/3 à 1/2 (Art. 1(1))"),
        ("ar", "Size: وزن «share of population»: خفض من 2/3 إلى 1/2 (Art. 1(1))"),
    ],
)
def test_it_is_told_in_other_languages(policy, proposal, language, said):
    ran = policy("diff", "lake.policy", proposal, "--language", language)
    assert ran.code == 0
    assert said in ran.out.translate(BLANKS)
    # Data are the same in every language.
    data = [
        policy("diff", "lake.policy", proposal, "--language", each, "--format", "json").out for each in ("en", language)
    ]
    assert data[0] == data[1]
    page = policy("diff", "lake.policy", proposal, "--language", language, "--format", "html").out
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
