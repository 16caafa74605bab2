"""Each page's wrong example draws its advice and is otherwise sound; the mended one draws none at all."""

import re

import pytest
from linting import BLOCK, FRAGMENT, HEADER, examples, read

from policy_dsl.check import check
from policy_dsl.diagnostics.catalogue import entries
from policy_dsl.diagnostics.pages import page
from policy_dsl.lint import CODES, advise
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse


def test_every_advice_of_lint_has_an_entry_of_its_weight():
    assert len(set(CODES)) == len(CODES)
    assert {entries()[code].severity.value for code in CODES} == {"advice"}
    assert {code for code in entries() if "PD650" <= code <= "PD689"} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_draws_its_advice_and_is_sound_otherwise(code: str):
    checked, problems = read(examples(code)[0])
    assert [each.code for each in problems if each.severity.value == "error"] == []
    assert code in {each.code for each in advise(checked)}


@pytest.mark.parametrize("code", CODES)
def test_the_mended_example_draws_nothing(code: str):
    checked, problems = read(examples(code)[1])
    assert [(each.code, each.params) for each in problems] == []
    ignored = FRAGMENT if code not in FRAGMENT else ()
    assert [(each.code, each.params) for each in advise(checked, ignore=ignored)] == []


@pytest.mark.parametrize("code", CODES)
def test_every_slot_is_filled_with_words(code: str):
    words = entries()[code].message + entries()[code].help
    slots = set(re.findall(r"\{(\w+)\}", words))
    for problem in advise(read(examples(code)[0])[0]):
        if problem.code == code:
            assert slots <= set(problem.params)
            assert all(isinstance(value, str) and value for value in problem.params.values())


def test_whatever_policy_stands_on_a_page_advice_on_it_is_given_without_fail():
    advised_on = 0
    for code in entries():
        for text in BLOCK.findall(page(code) or ""):
            parsed = parse(Source("t.policy", text if text.startswith("policy ") else HEADER + text))
            resolved = resolve(parsed, lambda *_: None)
            if resolved.program is None:
                continue
            checked = check(resolved.program)
            if any(
                each.severity.value == "error" for each in (*parsed.problems, *resolved.problems, *checked.problems)
            ):
                continue
            advise(checked)
            advised_on += 1
    assert advised_on > 200
