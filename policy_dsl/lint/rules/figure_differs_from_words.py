"""PD662: a figure in the legal words that is not the figure of the provision below them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.check.desk import label, text
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, outermost
from policy_dsl.lint.figures_in_words import Worded, figures
from policy_dsl.records import dataclass
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

_SORTS = {"hour": "hour", "day": "day", "working day": "working day", "year": "month"}


@dataclass(frozen=True, slots=True)
class Ruled:
    """A figure that a provision states: its sort and value as those of the words, and where it stands."""

    sort: str
    value: Fraction
    node: tree.Expr


def _look(draft: Draft) -> Iterator[Problem]:
    if not draft.english:
        return
    for article in draft.articles():
        said = {line: figures(line.text) for line in article.lines if isinstance(line, tree.Prose)}
        words = {(each.sort, each.value) for found in said.values() for each in found}
        paragraphs = _paragraphs(draft, article)
        everywhere = {each for lines in paragraphs.values() for each in _ruling(draft, lines)}
        for above, lines in paragraphs.items():
            worded = [(prose, each) for prose in above for each in said.get(prose, ())]
            below = _ruling(draft, lines)
            for line in lines:
                yield from _differing(draft, worded, tuple(_stated(draft, line)), words, below, everywhere)


def _ruling(draft: Draft, lines: list[tree.Provision]) -> set[tuple[str, Fraction]]:
    """The figures that provisions state. A guarantee repeats the figure over which it watches, and counts if alone."""
    acting = [line for line in lines if not isinstance(line, tree.Guarantee)] or lines
    return {(each.sort, each.value) for line in acting for node in outermost(line) for each in _in(draft, node)}


def _paragraphs(draft: Draft, article: tree.Article) -> dict[tuple[tree.Prose, ...], list[tree.Provision]]:
    """The provisions of an article by the words that they carry out."""
    found: dict[tuple[tree.Prose, ...], list[tree.Provision]] = {}
    for line in article.lines:
        if isinstance(line, tree.Provision):
            entry = draft.entry(line)
            found.setdefault(entry.words if entry is not None else _above(article, line), []).append(line)
    return found


def _differing(
    draft: Draft,
    worded: list[tuple[tree.Prose, Worded]],
    ruled: tuple[Ruled, ...],
    words: set[tuple[str, Fraction]],
    below: set[tuple[str, Fraction]],
    everywhere: set[tuple[str, Fraction]],
) -> Iterator[Problem]:
    """Where words state a figure that no provision states, and a provision below them one of which no words speak.

    If a paragraph has one figure of a sort in its words and one below, these two belong together; otherwise a figure of
    the words may be carried out anywhere in the article.
    """
    for sort in dict.fromkeys(each.sort for each in ruled):
        said = [(prose, each) for prose, each in worded if each.sort == sort]
        alone = len({each.value for _, each in said}) == 1 == sum(of == sort for of, _ in below)
        known = below if alone else everywhere
        spoken = {(sort, each.value) for _, each in said} if alone else words
        without_rule = [(prose, each) for prose, each in said if (sort, each.value) not in known]
        without_words = [
            each
            for each in ruled
            if each.sort == sort and not spoken & {(sort, value) for value in _alike(sort, each.value)}
        ]
        if without_words and without_rule:
            one, (prose, other) = without_words[0], without_rule[0]
            quoted = "” and “".join(dict.fromkeys(each.words for _, each in without_rule))
            related = label(_place(prose, other), "the words stand here")
            yield draft.problem("PD662", one.node, related=related, text=text(one.node), words=quoted)


def _stated(draft: Draft, line: tree.Node) -> Iterator[Ruled]:
    """The figures that a provision states; nothing and the whole are left out, for no words need say them."""
    exprs = outermost(line) if not isinstance(line, tree.Parameter) else _first_of(line)
    for expr in exprs:
        yield from _in(draft, expr)


def _first_of(line: tree.Parameter) -> Iterator[tree.Expr]:
    """The figure agreed first, and where it is left to a body what holds without it: later rows amend the words too."""
    if isinstance(line.value, tree.LeftTo):
        yield from (each for each in (line.value.low, line.value.high, line.value.otherwise) if each is not None)
    else:
        yield line.value


def _in(draft: Draft, node: tree.Node) -> Iterator[Ruled]:
    if isinstance(node, tree.Binary) and node.op == "per":
        yield from _in(draft, node.left)
        return
    if isinstance(node, tree.Percent | tree.Ratio | tree.Quantity):
        found = draft.constant(node)
        sort = _sort(found) if found is not None else ""
        if found is not None and sort and found.amount and not (sort == "part" and found.amount == 1):
            yield Ruled(sort, found.amount * 12 if sort == "month" else found.amount, node)
        return
    for child in tree.children(node):
        yield from _in(draft, child)


def _sort(found: Quantity) -> str:
    unit = found.unit
    if unit.bare:
        return "part" if unit.ratio else ""
    if unit.currency:
        return "money"
    if unit.period:
        return _SORTS[unit.period]
    return unit.terms[0][0] if unit.terms in ((("person", 1),), (("km", 1),)) else ""


def _alike(sort: str, value: Fraction) -> tuple[Fraction, ...]:
    """The values that go for one another: of a part also what is left, "three quarters" for "less 25%"."""
    return (value, 1 - value) if sort == "part" else (value,)


def _above(article: tree.Article, line: tree.Node) -> tuple[tree.Prose, ...]:
    before = [each for each in article.lines if isinstance(each, tree.Prose) and each.span.start < line.span.start]
    return tuple(before[-1:])


def _place(prose: tree.Prose, said: Worded) -> Span:
    """Where the words stand in the text; the whole paragraph, where a line ends inside them."""
    at = prose.span.text.find(said.words)
    if at < 0:
        return prose.span
    start = prose.span.start + at
    return prose.span._replace(start=start, end=start + len(said.words))


FIGURE_DIFFERS_FROM_WORDS = Rule("PD662", _look)
