"""The reference of case files is true: its cases read, and so does each part in its place."""

import re
from pathlib import Path

import pytest
from case_reading import case_of, codes, program, read

from policy_dsl.diagnostics.catalogue import entries

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "case-files.md").read_text("utf-8")
POLICY = program(re.findall(r"^```policy\n(.*?)^```", PAGE, re.M | re.S)[0])
WHOLE, *PARTS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S)
SECTION = re.compile(r"^(\w+):.*?(?=^\w|\Z)", re.M | re.S)


def with_part(part: str) -> str:
    """The whole case with some of its sections replaced."""
    sections = {found[1]: found[0] for found in SECTION.finditer(WHOLE)}
    sections |= {found[1]: found[0] for found in SECTION.finditer(part)}
    return "".join(sections.values())


def test_the_whole_case_reads():
    found = read(POLICY, WHOLE)
    case_of(found)
    assert codes(found) == []


@pytest.mark.parametrize("part", PARTS)
def test_each_part_reads_in_its_place(part: str):
    case_of(read(POLICY, with_part(part)))


def test_every_message_is_named():
    named = set(re.findall(r"PD7\d\d", PAGE))
    for first, last in re.findall(r"PD(7\d\d) to PD(7\d\d)", PAGE):
        named |= {f"PD{number}" for number in range(int(first), int(last) + 1)}
    assert {code for code in entries() if code.startswith("PD7")} <= named
