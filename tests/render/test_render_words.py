"""Every claim has its words, and every word its slots."""

import ast
import re
from pathlib import Path

import pytest

import policy_dsl.explain
import policy_dsl.render
from policy_dsl.explain.argument import Given, Who, claim
from policy_dsl.render import words
from policy_dsl.render.headings import TEXTS
from policy_dsl.render.messages import CLAIMS, METHODS
from policy_dsl.sharing import METHODS as ALL_METHODS

SLOT = re.compile(r"\{(\w+)")
EXPLAIN = Path(policy_dsl.explain.__file__).parent
RENDER = Path(policy_dsl.render.__file__).parent


def calls(folder: Path, names: set[str]):
    """The calls with a literal message id: id and the names of the terms."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called in names and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, {each.arg for each in node.keywords}


@pytest.mark.parametrize(
    ("says", "given"), sorted((s, tuple(sorted(map(str, g)))) for s, g in calls(EXPLAIN, {"claim"}))
)
def test_a_claim_gives_all_that_its_message_asks_for(says, given):
    assert set(SLOT.findall(CLAIMS[says])) <= set(given)


@pytest.mark.parametrize(
    ("says", "given"), sorted((s, tuple(sorted(map(str, g)))) for s, g in calls(RENDER, {"text", "plain"}))
)
def test_a_text_is_given_all_that_it_asks_for(says, given):
    assert "None" in given or set(SLOT.findall(TEXTS[says])) <= set(given)


def test_every_method_of_rounding_has_a_name():
    assert set(METHODS) == set(ALL_METHODS)


def test_what_is_in_brackets_falls_away_where_a_slot_is_empty():
    terms = {"member": Who("ALB"), "duty": Given("a duty"), "at": Given("Art. 3")}
    assert words.flat(words.say(claim("duty.pending", deadline=None, **terms))) == (
        "ALB still has a duty to perform: a duty (Art. 3)."
    )


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "It stands in band 2 of 3. The band before it (ALB) took 5; left for its own: 6."),
        (2, "It stands in band 2 of 3. The bands before it (ALB) took 5; left for its own: 6."),
    ],
)
def test_a_pair_of_texts_is_the_singular_and_the_plural(count, said):
    terms = {"number": 2, "of": 3, "before": (Who("ALB"),), "taken": 5, "left": 6, "member": Who("MKD")}
    assert words.flat(words.say(claim("share.band.behind", count=count, **terms))) == said


def test_events_are_counted_in_the_singular_and_the_plural():
    said = [words.flat(words.say(claim("events", count=count))) for count in (1, 8)]
    assert said == ["1 event recorded", "8 events recorded"]


def test_braces_in_given_text_are_text():
    line = words.text("statement.by", by=Given("{by} [x] *y*"))
    assert words.flat(line) == "Statement of {by} [x] *y*"


def test_lists_read_as_lists():
    assert [words.flat(words.members(codes)) for codes in ([], ["A"], ["A", "B"], ["A", "B", "C"])] == [
        "nobody", "A", "A and B", "A, B and C",
    ]  # fmt: skip


def test_no_message_speaks_of_the_machine():
    spoken = " ".join([*CLAIMS.values(), *TEXTS.values()]).lower()
    found = re.findall(
        r"\b(none type|null|boolean|true|false|string|parameter|exception class|node|tuple|bug)\b", spoken
    )
    assert found == []
