"""Each page's wrong example gives its message and no other about names; the mended one gives none."""

import re

import pytest

from policy_dsl.diagnostics import Problem
from policy_dsl.diagnostics.catalogue import entries
from policy_dsl.diagnostics.pages import page
from policy_dsl.resolve import resolve
from policy_dsl.resolve.texts import check_translation
from policy_dsl.source import Source
from policy_dsl.syntax import language_of, parse, parse_translation

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

"""
CODES = [code for code in entries() if code.startswith("PD2")]
BLOCK = re.compile(r"^```policy ?([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def sections(code: str) -> dict[str, dict[str, str]]:
    parts = re.split(r"^## (.*)$", page(code) or "", flags=re.MULTILINE)
    return {title.strip(): dict(BLOCK.findall(body)) for title, body in zip(parts[1::2], parts[2::2], strict=True)}


def problems(files: dict[str, str]) -> tuple[Problem, ...]:
    text = files[""]
    own = Source("page.policy", text if text.startswith(("policy ", "translation ")) else HEADER + text)
    sources = {name: Source(name, words) for name, words in files.items() if name} | {"page.policy": own}
    if language_of(own) is not None:
        return check_translation(parse_translation(own), lambda path, _: sources.get(path))
    parsed = parse(own)
    return (*parsed.problems, *resolve(parsed, lambda path, _: sources.get(path)).problems)


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_gives_its_message_alone(code: str):
    assert {problem.code for problem in problems(sections(code)["Wrong"])} == {code}


@pytest.mark.parametrize("code", CODES)
def test_the_mended_example_gives_none(code: str):
    assert [problem.code for problem in problems(sections(code)["Mended"])] == []


@pytest.mark.parametrize("code", CODES)
def test_every_slot_of_the_message_is_filled(code: str):
    slots = set(re.findall(r"\{(\w+)\}", entries()[code].message + entries()[code].help))
    for problem in problems(sections(code)["Wrong"]):
        assert slots <= set(problem.params)
        assert all(isinstance(value, str) for value in problem.params.values())
