"""What holds for every order of a text, and for every planted slip."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resolving import DATA, from_data

from policy_dsl.resolve import Program, Resolved, resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

ALONE = sorted(file.stem for file in DATA.glob("*.policy") if "based on" not in file.read_text("utf-8"))
TEXTS = {name: (DATA / f"{name}.policy").read_text("utf-8") for name in ALONE}
ITEM = re.compile(r"^(?=(?:article|part|example) )", re.MULTILINE)


def resolved(text: str) -> Resolved:
    return resolve(parse(Source("t.policy", text)), from_data)


def drawn(program: Program | None) -> object:
    """What a program says, apart from places in the text."""
    assert program is not None
    return (
        {name: (entry.kind, str(entry.address), entry.reach, entry.title) for name, entry in program.entries.items()},
        program.depends,
        program.runs,
        program.prevails,
        [str(law.address) for law in program.law],
    )


@pytest.mark.parametrize("name", ALONE)
def test_the_same_text_resolves_to_the_same_program(name: str):
    assert drawn(resolved(TEXTS[name]).program) == drawn(resolved(TEXTS[name]).program)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_of_articles_does_not_matter(data: st.DataObject):
    name = data.draw(st.sampled_from(ALONE))
    header, *items = ITEM.split(TEXTS[name])
    items = [item.rstrip("\n") + "\n\n" for item in items if not item.startswith("part ")]
    moved = header + "".join(data.draw(st.permutations(items)))
    before, after = resolved(header + "".join(items)), resolved(moved)
    assert drawn(before.program) == drawn(after.program)
    assert list(before.program.entries) == list(after.program.entries)  # type: ignore[union-attr]
    assert sorted(problem.code for problem in before.problems) == sorted(problem.code for problem in after.problems)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_misspelt_name_is_found_where_it_stands_and_mended(data: st.DataObject):
    name = data.draw(st.sampled_from(ALONE))
    program = resolved(TEXTS[name]).program
    assert program is not None
    places = sorted(
        {
            (node.span.start, node.span.end)
            for node, ref in program.refs.items()
            if type(node).__name__ == "Name" and type(ref).__name__ == "Entry" and node.span.source.name == "t.policy"
            if len(node.span.text) > 5 and node.span.text in program.entries
        }
    )
    if not places:
        return
    start, end = data.draw(st.sampled_from(places))
    word = TEXTS[name][start:end]
    at = data.draw(st.integers(1, len(word) - 2))
    slip = word[:at] + "zq" + word[at + 1 :]
    found = resolved(TEXTS[name][:start] + slip + TEXTS[name][end:])
    errors = [problem for problem in found.problems if problem.severity.value == "error"]
    assert [(problem.code, problem.span.text) for problem in errors if problem.span] == [("PD201", slip)]
    assert errors[0].span is not None
    assert errors[0].span.start == start
    assert errors[0].mend == f"did you mean `{word}`?"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_text_resolves_and_every_problem_has_its_place(data: st.DataObject):
    name = data.draw(st.sampled_from(ALONE))
    lines = TEXTS[name].split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(("delete", "copy", "swap"))):
            case "delete":
                lines.pop(at)
            case "copy":
                lines.insert(data.draw(st.integers(0, len(lines))), lines[at])
            case _:
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
    found = resolved("\n".join(lines))
    starts = [
        problem.span.start for problem in found.problems if problem.span and problem.span.source.name == "t.policy"
    ]
    assert starts == sorted(starts)
    for problem in found.problems:
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(problem.span.source.text)
