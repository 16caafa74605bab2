"""Each page's wrong example gives its message and no other error; the mended one gives nothing at all."""

import re

import pytest
from checking import HEADER

from policy_dsl.check import check
from policy_dsl.diagnostics import Problem
from policy_dsl.diagnostics.catalogue import entries
from policy_dsl.diagnostics.pages import page
from policy_dsl.lint import CODES as LINT
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

# The pages of lint's advice have tests of their own.
CODES = [code for code in entries() if code[:3] in ("PD3", "PD4", "PD5", "PD6") and code not in LINT]
BLOCK = re.compile(r"^```policy\n(.*?)^```", re.MULTILINE | re.DOTALL)


def examples(code: str) -> tuple[str, str]:
    text = page(code)
    assert text is not None
    assert text.startswith(f"# {code}: ")
    wrong, mended = BLOCK.findall(text)
    assert text.index("## Wrong") < text.index(wrong) < text.index("## Mended") < text.rindex(mended)
    return wrong, mended


def problems(text: str) -> list[Problem]:
    """Everything that is found, from the first sign to the last check."""
    parsed = parse(Source("page.policy", text if text.startswith("policy ") else HEADER + text))
    resolved = resolve(parsed, lambda *_: None)
    assert resolved.program is not None
    return [*parsed.problems, *resolved.problems, *check(resolved.program).problems]


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_gives_its_message_and_no_other_error(code: str):
    given = problems(examples(code)[0])
    assert code in {problem.code for problem in given}
    assert {problem.code for problem in given if problem.severity.value == "error"} <= {code}


@pytest.mark.parametrize("code", CODES)
def test_the_mended_example_gives_nothing(code: str):
    assert [(problem.code, problem.params) for problem in problems(examples(code)[1])] == []


@pytest.mark.parametrize("code", CODES)
def test_every_slot_is_filled_with_words(code: str):
    words = entries()[code].message + entries()[code].help
    slots = set(re.findall(r"\{(\w+)\}", words))
    for problem in problems(examples(code)[0]):
        if problem.code == code:
            assert slots <= set(problem.params)
            assert all(isinstance(value, str) for value in problem.params.values())


@pytest.mark.parametrize("code", CODES)
def test_no_word_of_a_programmer_reaches_a_drafter(code: str):
    one = entries()[code]
    words = " ".join([one.message, one.help, page(code) or ""]).lower()
    assert not re.search(
        r"\b(type|types|int|float|boolean|bool|operand|expression|null|exception raised|variable)\b", words
    )
