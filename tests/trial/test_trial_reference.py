"""The expected results on the page about case files are those of the case on that page."""

from __future__ import annotations

import re
from pathlib import Path

from trying import no_file

from policy_dsl.cases.expected import SECTIONS, read_expected
from policy_dsl.diagnostics.rendered import render
from policy_dsl.source import Source
from policy_dsl.syntax import parse
from policy_dsl.trial.altering import examined
from policy_dsl.trial.mutation import Subject
from policy_dsl.trial.running import StatedCase

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "case-files.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)


def test_the_expected_results_on_the_page_hold() -> None:
    parsed = parse(Source("lake.policy", blocks("policy")[0]))
    checked, errors = examined(parsed, no_file)
    assert checked is not None, errors
    case = next(text for text in blocks("yaml") if text.startswith("case:"))
    text = next(text for text in blocks("text") if text.startswith("case:") and "values:" in text)
    expected = read_expected(Source("expected/spring.yaml", text), checked.program)
    (trial,) = Subject(parsed, no_file, [StatedCase(Source("spring.yaml", case), no_file, expected)]).trials
    assert [render(each).text for each in trial.faults] == []
    assert [render(each.problem).text for each in trial.failed if each.problem] == []
    assert len(trial.tried) >= 8


def test_every_section_is_on_the_page() -> None:
    text = PAGE.read_text("utf-8").split("## Expected results")[1]
    assert all(f"| `{name}` |" in text for name in SECTIONS)
