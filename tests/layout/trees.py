"""Syntax trees of every form that the grammar allows, made up by hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from policy_dsl.source import Source, Span
from policy_dsl.syntax import tree

AT = Span(Source("", ""), 0, 0)
Strategy = st.SearchStrategy[Any]

NAMES = st.from_regex(r"q[a-z0-9_]{0,8}", fullmatch=True)
CODES = st.sampled_from(["ALB", "BEL", "RWA", "EU"])
LETTERS = st.characters(codec="utf-8", exclude_characters='"', exclude_categories=["C", "Z"])
WORDS = st.lists(st.text(LETTERS, min_size=1, max_size=9), min_size=1, max_size=30).map(" ".join)
TITLES = st.lists(st.text(LETTERS, min_size=1, max_size=9), max_size=5).map(" ".join)
FIGURES = st.builds(lambda digits, places: Fraction(digits, 10**places), st.integers(0, 10**9), st.integers(0, 6))
REFERENCES = st.sampled_from(["Art. 5", "Art. 5(2)", "Art. 4 bis", "Art. 4 bis(1)(a)", "Art.7"])
BOOLS = st.booleans()


def node(kind: type[tree.Node], /, **parts: Strategy) -> Strategy:
    """Nodes of a kind from strategies for its fields."""
    assert set(parts) == set(kind._fields) - {"span"}, kind

    # A strategy without arguments: hypothesis would else describe all that it is made of, over and over.
    @st.composite
    def made(draw: st.DrawFn) -> tree.Node:
        return kind(AT, **{name: draw(part) for name, part in parts.items()})

    return made()


def maybe(some: Strategy) -> Strategy:
    return st.none() | some


def several(some: Strategy, least: int = 0, most: int = 3) -> Strategy:
    return st.lists(some, min_size=least, max_size=most).map(tuple)


def later(make: Callable[[], Strategy]) -> Strategy:
    return st.deferred(make)


name = node(tree.Ident, text=NAMES)
code = node(tree.Ident, text=CODES)
text = node(tree.Text, value=TITLES.filter(lambda words: words.strip().lower() not in ("yes", "no")))
day = node(tree.DateLiteral, value=st.dates(date(1000, 1, 1)))
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1000, 1, 2), datetime(9999, 12, 30), timezones=ZONES)
moment = node(tree.DateLiteral, value=MOMENTS.map(lambda at: at.replace(microsecond=0)))
number = node(tree.Number, value=FIGURES)
unit_name = name | code
quantity = node(tree.Quantity, value=FIGURES, unit=unit_name | st.just(tree.Ident(AT, "working days")))
percent = node(tree.Percent, value=FIGURES.map(lambda value: value / 100))
ratio = node(tree.Ratio, value=st.fractions(0, 9, max_denominator=97))
expr = later(lambda: _EXPRESSIONS)
group = later(lambda: expr | node(tree.Group, base=expr, minus=maybe(expr), where=maybe(expr)).filter(_narrows))
years = node(tree.Years, first=st.integers(1000, 9999), last=st.integers(1000, 9999))
last_years = node(tree.LastYears, count=number | quantity)

LEAVES: dict[type[tree.Node], Strategy] = {
    tree.Number: number,
    tree.Quantity: quantity,
    tree.Percent: percent,
    tree.Ratio: ratio,
    tree.DateLiteral: day | moment,
    tree.Text: text,
    tree.Truth: node(tree.Truth, value=BOOLS),
    tree.Nothing: node(tree.Nothing),
    tree.Name: node(tree.Name, text=NAMES),
    tree.Code: node(tree.Code, text=CODES),
    tree.Nth: node(tree.Nth, number=st.integers(0, 1200), step=name),
}
OPERATORS = st.sampled_from(
    ["+", "-", "*", "/", "^", "per", "=", "<>", "<", "<=", ">", ">=", "is", "and", "or", "in", "after", "before"]
) | st.sampled_from(["is not", "not in"])


def _grown(inner: Strategy) -> Strategy:
    grouped = inner | node(tree.Group, base=inner, minus=maybe(inner), where=maybe(inner)).filter(_narrows)
    grown = {
        tree.ValueOf: node(tree.ValueOf, name=name, of=grouped),
        tree.Call: node(tree.Call, name=name, args=several(inner, least=1)),
        tree.Aggregate: node(
            tree.Aggregate,
            op=st.sampled_from(["sum", "mean", "count", "share", "index", "least", "greatest", "rank"]),
            of=grouped,
            over=maybe(grouped | years | last_years),
            ties=several(grouped, most=2),
        ),
        tree.PartOf: node(tree.PartOf, part=percent | ratio, of=inner),
        tree.Binary: node(tree.Binary, op=OPERATORS, left=grouped, right=grouped),
        tree.Unary: node(tree.Unary, op=st.sampled_from(["-", "not"]), of=inner),
        tree.Choice: node(tree.Choice, when=inner, then=inner, otherwise=inner),
    }
    return st.one_of(*grown.values())


def _narrows(made: tree.Group) -> bool:
    return made.minus is not None or made.where is not None


_EXPRESSIONS = st.recursive(st.one_of(*LEAVES.values()), _grown, max_leaves=8)

said = node(tree.Note, kind=st.sampled_from(["because", "cites"]), text=TITLES)
note = said | node(tree.Note, kind=st.just("notwithstanding"), text=REFERENCES)
notes = several(note, most=2)
each = node(tree.Each, of=several(name, most=2))
unit = node(tree.UnitTerm, over=several(unit_name, 1, 1), per=several(unit_name, most=2))
NAMED_TYPES = ("yes or no", "state", "date", "moment", "text", "number")
type_ = unit | st.sampled_from(NAMED_TYPES).map(lambda word: tree.Ident(AT, word))
seat = node(tree.Seat, code=code, since=maybe(day), until=maybe(day))


def line(word: str, of: Strategy = expr) -> Strategy:
    return node(tree.Condition, word=st.just(word), expr=of, notes=notes)


equally = node(tree.Condition, word=st.just("equally"), expr=st.just(tree.Nothing(AT)), notes=notes)


def provision(kind: type[tree.Node], /, **parts: Strategy) -> Strategy:
    """Provisions of a kind that have a line below their head, where they need one."""
    parts = {"name": name, "title": TITLES, "notes": notes} | parts
    made = node(kind, **parts)
    return made.filter(_has_lines) if kind in _WITH_LINES else made


def _has_lines(made: tree.Node) -> bool:
    heads = ("span", "name", "title", "each", "base", "kind", "once_each", "repeated")
    return any(getattr(made, field) not in (None, (), "") for field in made._fields if field not in heads)


_WITH_LINES = (
    tree.Participant, tree.Key, tree.Scale, tree.Criteria, tree.Apportion, tree.Fund, tree.Procedure, tree.Duty,
    tree.Reservation, tree.Transitional,
)  # fmt: skip

define = provision(
    tree.Define,
    each=maybe(each),
    value=expr,
    exceptions=several(node(tree.Excepted, when=expr, value=expr, notes=notes), most=2),
)
indicator = provision(
    tree.Indicator,
    type=type_,
    low=maybe(expr),
    high=maybe(expr),
    supplied_by=maybe(name),
    missing=maybe(expr | st.just(tree.Ident(AT, "left out"))),
    series=BOOLS,
    good_for=maybe(quantity | number),
).filter(lambda made: (made.low is None) == (made.high is None))
bracket = node(tree.Bracket, kind=st.sampled_from(["below", "up to"]), threshold=expr, value=expr, notes=notes)
otherwise = node(tree.Bracket, kind=st.just("otherwise"), threshold=st.none(), value=expr, notes=notes)
step = provision(
    tree.Step,
    model=maybe(name),
    by=maybe(line("by", group)),
    once_each=BOOLS,
    repeated=BOOLS,
    records=several(node(tree.RecordField, name=name, type=type_), most=2),
    on=maybe(line("on")),
    once=maybe(line("once")),
    every=maybe(node(tree.Every, period=expr, after=expr, notes=notes)),
    not_before=maybe(line("not before")),
    not_after=maybe(line("not after")),
    requires=several(line("requires"), most=2),
    quorum=maybe(line("quorum")),
    adopted=maybe(line("adopted when")),
    failing=maybe(line("failing which")),
    silence=maybe(name),
    locals=several(define, most=1),
)
given = (
    node(tree.Given, what=expr, values=several(expr, 1), notes=notes)
    | node(
        tree.GivenTable,
        columns=several(node(tree.Column, name=name, type=type_), 1),
        rows=several(node(tree.Row, code=name | code, cells=several(expr | st.just(tree.Ident(AT, "missing")), 1)), 1),
    )
    | node(
        tree.GivenEvent,
        step=name,
        ordinal=maybe(st.integers(0, 130)),
        at=day | moment,
        by=several(expr),
        fields=st.lists(st.tuples(name, several(expr, 1)), max_size=2).map(tuple),
    )
)
ground = node(tree.Note, kind=st.just("because"), text=REFERENCES)
expect = node(tree.Expect, expr=expr, within=maybe(expr), grounds=several(ground, most=2), notes=notes)

PROVISIONS: dict[type[tree.Node], Strategy] = {
    tree.SetOf: provision(
        tree.SetOf,
        kind=st.sampled_from(["set", "tier"]),
        value=maybe(group),
        seats=several(seat, most=30),
        requires=several(line("requires"), most=2),
        grounds=several(name),
    ),
    tree.Participant: provision(tree.Participant, classes=several(name), may=several(name)),
    tree.Calendar: provision(
        tree.Calendar,
        base=maybe(st.sampled_from(["weekdays", "every_day"]).map(lambda word: tree.Ident(AT, word))),
        countries=several(code),
        days=several(day, most=12),
    ),
    tree.Indicators: node(tree.Indicators, each=each, rows=several(indicator, 1)),
    tree.Parameter: provision(
        tree.Parameter,
        value=expr | node(tree.LeftTo, step=name, low=expr, high=expr, otherwise=maybe(expr)),
        amendments=several(node(tree.Dated, since=day, value=expr, notes=notes)),
    ),
    tree.Define: define,
    tree.Key: provision(
        tree.Key,
        parts=several(node(tree.KeyPart, weight=expr, term=expr, notes=notes)),
        rest=maybe(line("rest by")),
        locals=several(define, most=1),
    ),
    tree.Scale: provision(
        tree.Scale,
        base=expr,
        kind=st.sampled_from(["marginal", "whole"]),
        rows=st.tuples(several(bracket, 1), several(otherwise, most=1)).map(lambda both: both[0] + both[1]),
    ),
    tree.Criteria: provision(
        tree.Criteria,
        kind=st.sampled_from(["in order", "by weight"]),
        rows=several(
            node(
                tree.Criterion,
                weight=maybe(percent),
                name=name,
                measure=expr,
                worst=expr,
                best=expr,
                least=maybe(expr),
                notes=notes,
            )
        ),
        similar=maybe(line("similar")),
        informed=maybe(node(tree.Informed, by=expr, weight=expr, notes=notes)),
    ),
    tree.Apportion: provision(
        tree.Apportion,
        each=maybe(each),
        total=maybe(line("total")),
        among=maybe(line("among", group)),
        bands=maybe(name),
        how=maybe(line("by") | line("minimising") | equally),
        fixed=several(node(tree.Fixed, amount=expr, group=group, notes=notes), most=2),
        relief=several(node(tree.Relief, relief=expr, bearers=group, weight=maybe(expr), notes=notes), most=1),
        limits=several(
            node(
                tree.Limit,
                then=BOOLS,
                kind=st.sampled_from(["at most", "at least"]),
                bound=expr,
                group=maybe(group),
                notes=notes,
            )
        ),
        less=several(node(tree.Less, credit=expr, refunded=BOOLS, notes=notes), most=1),
        rounding=maybe(node(tree.Rounding, method=name, step=maybe(expr), residue=maybe(expr), notes=notes)),
        ties=several(line("ties"), most=2),
        remainder=maybe(node(tree.Remainder, group=group, weight=maybe(expr), most=maybe(expr), notes=notes)),
        adjusted=maybe(node(tree.Adjusted, step=name, within=expr, notes=notes)),
    ),
    tree.Fund: provision(
        tree.Fund,
        level=maybe(line("level")),
        fed=several(node(tree.Fed, by=name, due=maybe(expr), notes=notes), most=2),
        pays=several(node(tree.Pays, what=name, when=maybe(expr), notes=notes), most=2),
        suspends=several(node(tree.Suspends, name=name, after=quantity | number, notes=notes), most=1),
        reserves=several(node(tree.Reserves, amount=expr, holder=name, notes=notes), most=2),
    ),
    tree.Procedure: provision(tree.Procedure, steps=several(step, most=2)),
    tree.Duty: provision(
        tree.Duty,
        binds=maybe(line("binds", group)),
        when=maybe(line("when")),
        not_after=maybe(line("not after")),
        kept=maybe(line("kept when")),
    ),
    tree.Guarantee: provision(tree.Guarantee, promise=maybe(expr), independent=maybe(st.tuples(name, name))).filter(
        lambda made: (made.promise is None) != (made.independent is None)
    ),
    tree.Reservation: provision(
        tree.Reservation,
        by=several(seat),
        to=several(node(tree.Modified, name=name, value=maybe(expr), notes=notes)),
    ),
    tree.Reservable: provision(
        tree.Reservable, name=st.just(tree.Ident(AT, "reservations")), title=st.just(""), to=several(name)
    ),
    tree.Transitional: provision(tree.Transitional, keeps=several(name), before=maybe(day)),
    tree.Example: node(tree.Example, title=TITLES, at=maybe(day), given=several(given), expect=several(expect)).filter(
        lambda made: made.at is not None or made.given or made.expect
    ),
}

prose = node(tree.Prose, paragraph=maybe(st.integers(0, 99)), text=WORDS | st.just(""))
article_number = node(tree.ArticleNumber, number=st.integers(0, 999), suffix=st.sampled_from(["", "bis", "ter"]))
article_line = prose | st.one_of(*PROVISIONS.values())
LABELS = node(tree.Ident, text=NAMES | st.sampled_from("ABCXZ"))


def alternative(lines: Strategy) -> Strategy:
    """What a draft proposes in one place."""
    return node(
        tree.Alternative,
        name=LABELS,
        title=TITLES,
        ties=several(LABELS, most=2),
        proposers=several(name | code | text, most=2),
        notes=several(said, most=1),
        lines=several(lines, most=2),
    )


def article(lines: Strategy = article_line) -> Strategy:
    """Articles with such lines."""
    return node(tree.Article, number=article_number, title=TITLES, lines=several(lines, 1, 3))


def departure(lines: Strategy = article_line) -> Strategy:
    """Departures from a model: with an article, or without one."""
    made = st.tuples(st.sampled_from(["replace", "add"]), article(lines)).map(
        lambda both: tree.Departure(AT, both[0], both[1].number, both[1], ())
    )
    return made | node(tree.Departure, kind=st.just("delete"), number=article_number, article=st.none(), notes=notes)


def head_line(word: str, value: Strategy) -> Strategy:
    return node(tree.HeadLine, word=st.just(word), value=value)


HEAD_LINES = st.one_of(
    head_line("language", number),
    *(head_line(word, text) for word in ("version", "authority", "clock", "use", "based on")),
    head_line("in force", day),
    head_line("currency", code),
    *(head_line(word, name) for word in ("calendar", "periods", "authentic")),
    node(tree.TranslationLine, word=st.just("translation"), value=text, language=name),
)
header = node(tree.Header, name=name, title=TITLES, lines=several(HEAD_LINES, 1, 12))
part = node(tree.Part, number=st.sampled_from(["I", "IV", "XC"]), title=TITLES)


def files(lines: Strategy, *others: Strategy) -> Strategy:
    """Whole policies whose articles have such lines, with such blocks between them."""
    items = st.one_of(article(lines), departure(lines), part, *others)
    return node(tree.PolicyFile, header=header, items=several(items, 1, 3), comments=st.just(()))


def alone(block: Strategy) -> Strategy:
    """Whole policies with one block."""
    return node(tree.PolicyFile, header=header, items=several(block, 1, 1), comments=st.just(()))


named = node(tree.Named, name=name, of=maybe(name), title=TITLES, notes=notes)
language = node(tree.Ident, text=st.sampled_from(["fr", "ar", "sw"]))
translations = node(
    tree.TranslationFile,
    header=node(
        tree.TranslationHeader,
        language=language,
        title=TITLES,
        lines=several(st.one_of(*(head_line(word, text) for word in ("of", "version", "authority"))), 1),
    ),
    items=several(
        part
        | node(tree.Translated, number=article_number, title=TITLES, lines=several(prose | named))
        | node(tree.Untranslated, number=article_number, notes=notes),
        1,
    ),
    comments=st.just(()),
)
