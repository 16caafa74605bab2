"""Small changes of what an example gives: each may lead to the place where an altered rule makes a difference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Program
from policy_dsl.syntax import tree
from policy_dsl.trial.altering import Edit, left_out
from policy_dsl.trial.steps import counted
from policy_dsl.trial.suggest.donors import Donor
from policy_dsl.values.quantity import plain

Literal = tree.Number | tree.Quantity | tree.Percent
VOTES = ("favour", "against", "abstaining")
CODES = ("AUT", "BEL", "CZE", "DNK", "EST", "FIN", "GRC", "HUN", "IRL", "LVA")


@dataclass(frozen=True, slots=True)
class Variant:
    """Lines to give, and in which words they differ from those that they were made from; empty: they do not."""

    lines: str
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class GivenFigure:
    """A figure that an example gives: of what, and its place."""

    label: str
    node: Literal

    def as_written(self, value: Fraction) -> str | None:
        """Another figure in its place, as it would be written; none where it does not end, or is below zero."""
        if isinstance(self.node, tree.Percent):
            value *= 100
        digits = plain(value, 6)
        if value < 0 or digits.endswith("…"):
            return None
        match self.node:
            case tree.Percent():
                return f"{digits}%"
            case tree.Quantity():
                if self.node.unit.text in _WHOLE and value.denominator != 1:
                    return None
                return f"{digits} {counted(self.node.unit.text, one=value == 1)}"
        return digits


_WHOLE = ("person", "persons", "household", "households", "project", "projects")


def figures(example: tree.Example) -> Iterator[GivenFigure]:
    """The figures that an example gives, in their order."""
    for given in example.given:
        match given:
            case tree.Given(values=(tree.Number() | tree.Quantity() | tree.Percent() as node,)):
                yield GivenFigure(given.what.written, node)
            case tree.GivenTable():
                for row in given.rows:
                    for column, cell in zip(given.columns, row.cells, strict=False):
                        if isinstance(cell, tree.Number | tree.Quantity | tree.Percent):
                            yield GivenFigure(f"{column.name.text} of {row.code.text}", cell)
            case tree.GivenEvent():
                for name, values in given.fields:
                    if len(values) == 1 and isinstance(values[0], tree.Number | tree.Quantity | tree.Percent):
                        yield GivenFigure(f"{name.text} of {given.step.text}", values[0])


def with_figure(donor: Donor, figure: GivenFigure, value: Fraction) -> Variant | None:
    """The lines with another figure."""
    text = figure.as_written(value)
    if text is None or value == figure.node.value:
        return None
    return Variant(donor.with_edits((Edit(figure.node.span, text),)), f"{figure.label} is {text}")


def variants(donor: Donor) -> Iterator[Variant]:
    """The lines with one thing changed."""
    for made in (_states, _events, _truths, _votes, _missing, _equal_claims, _few, _figures):
        yield from made(donor)


def with_facts(program: Program, donor: Donor, names: frozenset[str]) -> Iterator[Variant]:
    """The lines with a fact more: one that a provision may ask for, and that the example does not give."""
    given = set(_labels(donor.example))
    known = sorted({node.text for node in tree.walk(donor.example) if isinstance(node, tree.Code)})
    for entry in program.of_kind("indicator"):
        node = entry.node
        if entry.name not in names or not isinstance(node, tree.Indicator) or node.series or "cohort" in entry.reach:
            continue
        for code in known if "member" in entry.reach else [""]:
            label = f"{entry.name} of {code}" if code else entry.name
            if label in given:
                continue
            for value in _typical(node.type):
                yield Variant(f"{donor.lines}  given {label} = {value}\n", f"{label} is {value}")


def _labels(example: tree.Example) -> Iterator[str]:
    """Of what an example gives a fact, be it a gap."""
    for given in example.given:
        match given:
            case tree.Given():
                yield given.what.written
            case tree.GivenTable():
                yield from (f"{col.name.text} of {row.code.text}" for row in given.rows for col in given.columns)


def _typical(type_: tree.UnitTerm | tree.Ident) -> tuple[str, ...]:
    """Values that a fact may have: nothing, one, and much."""
    if isinstance(type_, tree.Ident):
        return {"yes or no": ("yes", "no"), "number": ("0", "1", "1_000")}.get(type_.text, ())
    words = type_.written
    if words == "percent":
        return "0%", "1%", "100%"
    if words == "rating":
        return "0", "1", "10"
    return f"0 {words}", f"1 {words}", f"1_000_000 {words}"


def _figures(donor: Donor) -> Iterator[Variant]:
    for figure in figures(donor.example):
        value = figure.node.value
        step = Fraction(1, 100) if isinstance(figure.node, tree.Percent) else Fraction(1)
        for other in (Fraction(0), value + step, value - step, value * 10):
            if (found := with_figure(donor, figure, other)) is not None:
                yield found


def _equal_claims(donor: Donor) -> Iterator[Variant]:
    """Two to be shared by one and three parts: half a part and one and a half have equal claims to the last."""
    every = list(figures(donor.example))
    totals = [each for each in every if " of " not in each.label and isinstance(each.node, tree.Quantity)]
    for first, second in pairwise(every):
        name = first.label.partition(" of ")[0]
        if " of " not in first.label or not second.label.startswith(f"{name} of ") or not first.node.value:
            continue
        for total in totals:
            more, two = second.as_written(first.node.value * 3), total.as_written(Fraction(2))
            if more is not None and two is not None:
                edits = (Edit(second.node.span, more), Edit(total.node.span, two))
                yield Variant(donor.with_edits(edits), f"{total.label} is {two}, {second.label} is {more}")


def _few(donor: Donor) -> Iterator[Variant]:
    """Few of what is shared out: where little is rounded, two members soon have equal claims to the last of it."""
    for figure in figures(donor.example):
        if " of " not in figure.label and isinstance(figure.node, tree.Quantity):
            for value in (1, 2, 3, 5, 10, 20, 50, 100):
                if (found := with_figure(donor, figure, Fraction(value))) is not None:
                    yield found


def _missing(donor: Donor) -> Iterator[Variant]:
    """Each fact left out in turn."""
    for given in donor.example.given:
        match given:
            case tree.Given(values=(tree.Number() | tree.Quantity() | tree.Percent() | tree.Truth(),)):
                if (edit := left_out(given)) is not None:
                    yield Variant(donor.with_edits((edit,)), f"{given.what.written} is missing")
            case tree.GivenTable():
                for row in given.rows:
                    for column, cell in zip(given.columns, row.cells, strict=False):
                        if isinstance(cell, tree.Expr):
                            edits = (Edit(cell.span, "missing"),)
                            yield Variant(donor.with_edits(edits), f"{column.name.text} of {row.code.text} is missing")


def _truths(donor: Donor) -> Iterator[Variant]:
    for node in tree.walk(donor.example):
        if isinstance(node, tree.Truth):
            text = "no" if node.value else "yes"
            label = _line_of(donor, node).removeprefix("given ").rpartition(" = ")[0]
            yield Variant(donor.with_edits((Edit(node.span, text),)), f"{label} is {text}")


def _states(donor: Donor) -> Iterator[Variant]:
    """A State that a fact names, as another one; a State that stands in one group, in another as well."""
    known = sorted({node.text for node in tree.walk(donor.example) if isinstance(node, tree.Code)})
    for given in donor.example.given:
        if isinstance(given, tree.Given) and given.values and all(isinstance(v, tree.Code) for v in given.values):
            inside = {each.text for each in given.values if isinstance(each, tree.Code)}
            for code in known:
                if code in inside:
                    continue
                name = given.what.written
                if len(given.values) == 1:
                    yield Variant(donor.with_edits((Edit(given.values[0].span, code),)), f"{name} is {code}")
                end = given.values[-1].span
                added = donor.source.span(end.end, end.end)
                yield Variant(donor.with_edits((Edit(added, f", {code}"),)), f"{code} is in {name}")


def _events(donor: Donor) -> Iterator[Variant]:
    """Each event left out, told twice, or told a little sooner or later."""
    for given in donor.example.given:
        if not isinstance(given, tree.GivenEvent):
            continue
        if (edit := left_out(given)) is not None:
            yield Variant(donor.with_edits((edit,)), f"without {given.step.text}")
            later = _shifted(given.at, 1)
            again = given.span.source.text[edit.span.start : edit.span.end].rstrip("\n")
            second = again.replace(given.at.span.text, later, 1)
            yield Variant(
                donor.with_edits((Edit(edit.span, f"{again}\n{second}"),)), f"{given.step.text} a second time"
            )
        for days in (1, -1):
            yield at_time(donor, given, given.at.value + timedelta(days=days))


def at_time(donor: Donor, given: tree.GivenEvent, when: date | datetime) -> Variant:
    """The lines with an event at another time."""
    text = written(when)
    return Variant(donor.with_edits((Edit(given.at.span, text),)), f"{given.step.text} at {text}")


def dated(donor: Donor, label: str, node: tree.DateLiteral, when: date | datetime) -> Variant:
    """The lines with another date given, in the form of the one that is written."""
    moment = isinstance(node.value, datetime)
    day = when.date() if isinstance(when, datetime) else when
    text = written(when) if moment == isinstance(when, datetime) else f"{day}T12:00Z" if moment else written(day)
    return Variant(donor.with_edits((Edit(node.span, text),)), f"{label} is {text}")


def on_day(donor: Donor, day: date) -> Variant:
    """The lines as a case of another day."""
    at = donor.example.at
    if at is not None:
        return Variant(donor.with_edits((Edit(at.span, written(day)),)), f"on {written(day)}")
    return Variant(f"  at {written(day)}\n{donor.lines}", f"on {written(day)}")


def _votes(donor: Donor) -> Iterator[Variant]:
    """A vote as it comes out with each number of voters, and each number of them in favour."""
    example = donor.example
    votes = [each for each in example.given if isinstance(each, tree.GivenEvent) and _list(each, "favour")]
    groups = [
        each
        for each in example.given
        if isinstance(each, tree.Given) and len(each.values) > 1 and isinstance(each.values[0], tree.Code)
    ]
    if len(votes) != 1 or not groups:
        return
    known = [node.text for node in groups[0].values if isinstance(node, tree.Code)]
    codes = list(dict.fromkeys((*known, *(code for code in CODES if code not in known))))
    for voters in range(2, 9):
        for favour in range(voters + 1):
            yield _vote(donor, groups, votes[0], codes[:voters], favour)


def _vote(donor: Donor, groups: list[tree.Given], vote: tree.GivenEvent, codes: list[str], favour: int) -> Variant:
    """A vote of these members, the first ones in favour and the rest against; other groups are not given."""
    first = groups[0].values
    span = first[0].span.to(first[-1].span)
    edits = [Edit(span, ", ".join(codes))]
    edits += [edit for each in groups[1:] if (edit := left_out(each)) is not None]
    outer = left_out(vote)
    assert outer is not None
    head = vote.span.source.text[outer.span.start : vote.at.span.end]
    for name, inside in (("favour", codes[:favour]), ("against", codes[favour:])):
        head += f"\n    {name} = {', '.join(inside)}" if inside else ""
    edits.append(Edit(outer.span, head))
    return Variant(donor.with_edits(tuple(edits)), f"{favour} of {len(codes)} in favour")


def _list(given: tree.GivenEvent, name: str) -> tuple[tree.Expr, ...]:
    return next((values for field, values in given.fields if field.text == name), ())


def written(when: date | datetime) -> str:
    """A date or moment as the language writes it."""
    if isinstance(when, datetime):
        return when.isoformat(timespec="minutes").replace("+00:00", "Z")
    return when.isoformat()


def _shifted(at: tree.DateLiteral, days: int) -> str:
    return written(at.value + timedelta(days=days))


def _line_of(donor: Donor, node: tree.Node) -> str:
    return " ".join(donor.source.line(node.span.begins.line).split())
