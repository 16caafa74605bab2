"""Every kind of provision and of expression as sentences: `data/sentences.txt` has the texts, and what is said of them.

In that file a line `=== NAME` opens a text, and a line `--- NAME` what is said of one of its provisions.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telling import checked, told

from policy_dsl.instrument.expressions import SAYS
from policy_dsl.instrument.told import TELLERS
from policy_dsl.syntax import tree

TABLE = Path(__file__).parent / "data" / "sentences.txt"
USERS = "all_"
"""Guarantees that begin so only use what would otherwise be unused."""


def texts() -> dict[str, tuple[str, dict[str, list[str]]]]:
    """Each text with the lines of the policy, and for each provision the lines that are said of it."""
    found = {}
    for part in TABLE.read_text("utf-8").removeprefix("=== ").split("\n=== "):
        name, _, rest = part.partition("\n")
        policy, *said = rest.removesuffix("\n").split("\n--- ")
        found[name] = (policy, {each.partition("\n")[0]: each.split("\n")[1:] for each in said})
    return found


TEXTS = texts()


@pytest.mark.parametrize(("text", "name"), [(text, name) for text, (_, said) in TEXTS.items() for name in said])
def test_a_provision_in_sentences(text: str, name: str) -> None:
    policy, said = TEXTS[text]
    assert told(checked(policy), name) == said[name]


@pytest.mark.parametrize("text", TEXTS)
def test_every_provision_of_a_text_is_in_the_table(text: str) -> None:
    policy, said = TEXTS[text]
    here = [each for each in checked(policy).program.entries.values() if each.parent is None and each.kind != "step"]
    named = {each.name for each in here if each.address is not None and each.address.article == 2}
    assert {name for name in named if not name.startswith(USERS)} == set(said)


def kinds(of: type) -> Iterator[type]:
    """The classes below a class that have none below them."""
    below = of.__subclasses__()
    if not below:
        yield of
    for each in below:
        yield from kinds(each)


def test_every_class_of_provision_has_a_teller() -> None:
    assert set(TELLERS) == set(kinds(tree.Provision))


def test_every_class_of_expression_has_its_words() -> None:
    assert set(SAYS) == {*kinds(tree.Expr), tree.Years, tree.LastYears}


def test_the_table_holds_every_class_of_provision_and_expression() -> None:
    """None is told unseen."""
    found: set[type] = set()
    for policy, _ in TEXTS.values():
        for law in checked(policy).program.law:
            for line in law.node.lines:
                found |= {type(node) for node in tree.walk(line)}
    assert {*TELLERS, *SAYS} <= found


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_same_figures_stand_in_every_language(text: str, language: str) -> None:
    """A sentence of another language has the same slots: what is said of a provision is as much, in as many lines."""
    of = checked(TEXTS[text][0])
    for name, said in TEXTS[text][1].items():
        other = told(of, name, language)
        assert len(other) == len(said)
        assert all(line.strip() for line in other)


SUMS = st.recursive(
    st.integers(1, 9).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda three: f"({' '.join(three)})"),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(SUMS)
def test_a_formula_that_is_told_comes_to_the_same(formula: str) -> None:
    """Brackets stand where they are needed: read by the rules of arithmetic, the sentence has the value of the rule."""
    said = told(checked(f'define n "N" = {formula}'), "n")[1]
    shown = said.removeprefix("It is ").removesuffix(".").translate(str.maketrans("×÷−", "*/-"))
    assert worth(shown) == worth(formula)


def worth(formula: str) -> Fraction | None:
    """What a formula comes to, exactly; none where it divides by nothing."""
    try:
        return Fraction(eval(re.sub(r"(\d+)", r"Fraction(\1)", formula)))
    except ZeroDivisionError:
        return None
