"""What the pipeline says about files and calendars that others lack."""

import sys
from pathlib import Path

import pytest

from policy_dsl.diagnostics.rendered import render
from policy_dsl.files import Refused
from policy_dsl.pipeline import check_policy, explanation, open_file, read_case, run_examples
from policy_dsl.pipeline import decide as decide_case

EXAMPLE = Path(__file__).parents[1] / "docs" / "example"


def write(folder: Path, text: str, name: str = "x.policy") -> str:
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def law(change: str = "", into: str = "") -> str:
    return (EXAMPLE / "lake.policy").read_text("utf-8").replace(change, into, 1)


@pytest.mark.parametrize(("name", "why"), [("gone.policy", ""), ("folder", "is a folder"), ("latin.policy", "UTF-8")])
def test_a_used_file_that_can_not_be_read_is_said_at_the_line_that_names_it(tmp_path: Path, name: str, why: str):
    (tmp_path / "folder").mkdir()
    (tmp_path / "latin.policy").write_bytes(b"\xe9")
    path = write(tmp_path, law("  periods   plain", f'  periods   plain\n  use "{name}"'))
    missing = [problem for problem in check_policy(open_file(path)).problems if problem.code == "PD230"]
    assert [problem.span.text for problem in missing if problem.span] == [f'"{name}"']
    assert why in render(missing[0]).help


def test_a_table_that_is_not_there_is_said_at_the_line_that_names_it(tmp_path: Path):
    checked = check_policy(open_file(str(EXAMPLE / "lake.policy"))).checked
    assert checked is not None
    case = (EXAMPLE / "lake.yaml").read_text("utf-8") + "tables:\n  - file: facts.csv\n"
    read = read_case(checked, open_file(write(tmp_path, case, "x.yaml")))
    assert "PD717" in {problem.code for problem in read.problems}


@pytest.mark.parametrize(("country", "installed", "code"), [("BEL", False, "PD912"), ("ZZZ", True, "PD913")])
def test_a_calendar_that_can_not_be_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, country: str, installed: bool, code: str
):
    if not installed:
        monkeypatch.setitem(sys.modules, "holidays", None)
    text = law("calendar  weekdays", "calendar  office").replace(
        "  tier core", f'  calendar office "Office"\n    weekdays\n    holidays of {country}\n  tier core'
    )
    checked = check_policy(open_file(write(tmp_path, text))).checked
    assert checked is not None
    read = read_case(checked, open_file(str(EXAMPLE / "lake.yaml")))
    assert read.case is not None
    with pytest.raises(Refused) as refused:
        decide_case(checked, read.case)
    assert refused.value.problem.code == code
    assert refused.value.problem.span is not None
    assert refused.value.problem.span.text == country
    assert run_examples(check_policy(open_file(str(EXAMPLE / "lake.policy"))).checked) == ()  # type: ignore[arg-type]


def test_the_nearest_name_is_offered():
    checked = check_policy(open_file(str(EXAMPLE / "lake.policy"))).checked
    assert checked is not None
    read = read_case(checked, open_file(str(EXAMPLE / "lake.yaml")))
    assert read.case is not None
    with pytest.raises(Refused) as refused:
        explanation(decide_case(checked, read.case), "place of TZA")
    assert "`places of TZA`" in refused.value.problem.mend
