"""Each page on cases: the wrong example gives its message, the mended one reads without an error."""

import re

import pytest
from case_reading import codes, errors, program, read

from policy_dsl.diagnostics.catalogue import entries
from policy_dsl.diagnostics.pages import page

BLOCK = re.compile(r"^```(policy|yaml|csv)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODES = [code for code in entries() if code.startswith("PD7")]


def example(code: str, title: str) -> dict[str, str]:
    body = (page(code) or "").split(f"## {title}\n")[1].split("\n## ")[0]
    return dict(BLOCK.findall(body))


def reading(blocks: dict[str, str]):
    tables = {"facts": blocks["csv"]} if "csv" in blocks else {}
    return read(program(blocks["policy"]), blocks["yaml"], **tables)


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_gives_the_message(code: str):
    assert code in codes(reading(example(code, "Wrong")))


@pytest.mark.parametrize("code", CODES)
def test_the_mended_example_reads(code: str):
    found = reading(example(code, "Mended"))
    assert errors(found) == []
    assert code not in codes(found)


@pytest.mark.parametrize("code", CODES)
def test_the_message_has_all_its_parameters(code: str):
    found = reading(example(code, "Wrong"))
    problem = next(problem for problem in found.problems if problem.code == code)
    assert problem.span is not None
    assert set(re.findall(r"\{(\w+)\}", entries()[code].message)) <= set(problem.params)
    assert problem.mend or set(re.findall(r"\{(\w+)\}", entries()[code].help)) <= set(problem.params)
