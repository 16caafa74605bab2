"""A tree that is printed and read again is the same tree, whatever the tree."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from policy_dsl.layout import formatted, printed, read
from policy_dsl.layout.printing import expressions
from policy_dsl.layout.printing.files import FORMS
from policy_dsl.source import Source
from policy_dsl.syntax import tree
from tests.layout import trees

ABSTRACT = {tree.Node, tree.Expr, tree.Provision}
# What has a meaning only inside of another node, and is drawn with it.
WITHIN: dict[type[tree.Node], type[tree.Node]] = {
    tree.Seat: tree.SetOf,
    tree.Indicator: tree.Indicators,
    tree.Each: tree.Indicators,
    tree.UnitTerm: tree.Indicators,
    tree.LeftTo: tree.Parameter,
    tree.Dated: tree.Parameter,
    tree.Excepted: tree.Define,
    tree.KeyPart: tree.Key,
    tree.Bracket: tree.Scale,
    tree.Criterion: tree.Criteria,
    tree.Informed: tree.Criteria,
    **dict.fromkeys(
        (tree.Fixed, tree.Relief, tree.Limit, tree.Less, tree.Rounding, tree.Remainder, tree.Adjusted, tree.Condition),
        tree.Apportion,
    ),
    **dict.fromkeys((tree.Fed, tree.Pays, tree.Suspends, tree.Reserves), tree.Fund),
    **dict.fromkeys((tree.Step, tree.RecordField, tree.Every), tree.Procedure),
    **dict.fromkeys((tree.Given, tree.GivenTable, tree.GivenEvent, tree.Expect, tree.Column, tree.Row), tree.Example),
    tree.Modified: tree.Reservation,
    **dict.fromkeys((*trees.LEAVES, tree.ValueOf, tree.Call, tree.Aggregate, tree.PartOf, tree.Binary), tree.Define),
    **dict.fromkeys((tree.Unary, tree.Choice, tree.Group, tree.Years, tree.LastYears, tree.Ident), tree.Define),
    tree.Note: tree.Define,
}
IN_TRANSLATIONS = {
    tree.TranslationFile,
    tree.TranslationHeader,
    tree.Translated,
    tree.Untranslated,
    tree.Named,
}
IN_ANY_FILE = {
    tree.PolicyFile, tree.Header, tree.HeadLine, tree.TranslationLine, tree.Article, tree.ArticleNumber, tree.Part,
    tree.Prose, tree.Departure,
}  # fmt: skip
BY_TEXT = {tree.Comment, tree.Broken}  # what stands in the text alone: tested with texts
CLASSES = [
    kind
    for _, kind in inspect.getmembers(tree, inspect.isclass)
    if issubclass(kind, tree.Node) and kind not in ABSTRACT
]


def holding(kind: type[tree.Node]) -> Any:
    """Whole files that hold a node of a kind."""
    owner = WITHIN.get(kind, kind)
    if kind in IN_TRANSLATIONS:
        made = trees.translations
    elif kind is tree.Alternative:
        made = trees.alone(
            trees.alternative(trees.article(trees.prose) | trees.departure(trees.prose))
            | trees.article(trees.alternative(trees.article_line))
        )
    elif owner in trees.PROVISIONS:
        made = trees.alone(trees.article(trees.PROVISIONS[owner] | trees.prose))
    else:
        made = trees.files(trees.prose | trees.PROVISIONS[tree.Define], trees.PROVISIONS[tree.Example])
    return made.filter(lambda file: any(type(node) is kind for node in tree.walk(file)))


def check(file: tree.PolicyFile | tree.TranslationFile) -> None:
    text = printed(file) + "\n"
    again = read(Source("printed.policy", text))
    assert tree.same(file, again.tree), text
    assert formatted(again) == text


def searching(function: Any, examples: int) -> Any:
    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=checks)(function)


def test_every_kind_of_node_has_a_printer_and_a_strategy():
    assert {kind for kind in CLASSES if kind not in FORMS and kind not in expressions.PRINTED} == set()
    reached = {*WITHIN, *trees.PROVISIONS, *IN_TRANSLATIONS, *IN_ANY_FILE, *BY_TEXT, tree.Alternative}
    assert {kind.__name__ for kind in CLASSES} == {kind.__name__ for kind in reached}


@pytest.mark.parametrize("kind", [kind for kind in CLASSES if kind not in BY_TEXT], ids=lambda kind: kind.__name__)
def test_a_printed_tree_is_read_as_the_same_tree(kind: type[tree.Node]):
    searching(given(holding(kind))(check), 8)()


@pytest.mark.parametrize(
    ("sign", "binds"),
    [
        ("-", (expressions.SUM, expressions.SUM, expressions.SUM)),  # a - (b - c) without its parentheses
        ("^", (expressions.POWER, expressions.SIGNED, expressions.SIGNED)),
        ("and", (expressions.AND, expressions.OR, expressions.NOT)),
    ],
)
def test_a_planted_fault_is_found(monkeypatch: pytest.MonkeyPatch, sign: str, binds: tuple[int, int, int]):
    monkeypatch.setitem(expressions._BINARY, sign, binds)
    signed = st.sampled_from([sign, "or"])
    leaves = trees.LEAVES[tree.Name]
    inner = trees.node(tree.Binary, op=signed, left=leaves, right=leaves)
    outer = trees.node(tree.Binary, op=signed, left=inner | leaves, right=inner | leaves)

    def broken(value: tree.Expr) -> None:
        name = tree.Ident(trees.AT, "q")
        define = tree.Define(trees.AT, name, "", (), None, value, ())
        number = tree.ArticleNumber(trees.AT, 1, "")
        article = tree.Article(trees.AT, number, "", (define,))
        check(tree.PolicyFile(trees.AT, None, (article,), ()))

    with pytest.raises(AssertionError):
        settings(max_examples=200, deadline=None, database=None, derandomize=True, phases=[Phase.generate])(
            given(outer)(broken)
        )()
