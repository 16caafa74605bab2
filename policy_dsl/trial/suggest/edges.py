"""Variants of an example that lie at an edge: where the compared figure is the threshold, one unit above, one below;

where an event falls at the very end of a time limit, just before and just after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction

from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.evaluate.groups import members
from policy_dsl.resolve.program import Program
from policy_dsl.syntax import Parsed, tree
from policy_dsl.trial.alterations import EDGES, Alteration
from policy_dsl.trial.altering import Load
from policy_dsl.trial.seen import findings
from policy_dsl.trial.suggest.bench import Tested, laid, tested
from policy_dsl.trial.suggest.donors import Donor, header_of
from policy_dsl.trial.suggest.observing import names_to_observe
from policy_dsl.trial.suggest.variants import (
    GivenFigure,
    Variant,
    at_time,
    dated,
    figures,
    on_day,
    with_figure,
)
from policy_dsl.values import Quantity

MOST_FIGURES = 16
MOST_GAPS = 4


def edge_variants(program: Program, parsed: Parsed, load: Load, donor: Donor, alteration: Alteration) -> list[Variant]:
    """The variants of a donor that lie at the edge which an alteration moves; none where it moves no edge."""
    names = names_to_observe(program, alteration.provision)
    here = tested(parsed, load, laid(header_of(parsed.tree), [donor.lines]))
    seen = here.observed(0, names) if here is not None else None
    if seen is None:
        return []
    engine, around = seen[0], list(_around(program, alteration))
    found = [*_in_time(engine, donor, around), *_on_days(donor, alteration)]
    if _gaps(engine, around):
        found += _in_figures(parsed, load, donor, around, names)
    return list(dict.fromkeys(found))


def _around(program: Program, alteration: Alteration) -> Iterator[tree.Node]:
    """The altered node with what stands in it, and what stands around it, from the inside out, up to the provision."""
    for entry in program.entries.values():
        if entry.node.name.text == alteration.provision and _within(entry.node, alteration):
            yield from tree.walk(alteration.node)
            yield from reversed(_path(entry.node, alteration.node)[:-1])
            return


def _within(provision: tree.Node, alteration: Alteration) -> bool:
    return provision.span.start <= alteration.node.span.start and alteration.node.span.end <= provision.span.end


def _path(top: tree.Node, wanted: tree.Node) -> list[tree.Node]:
    if top is wanted:
        return [top]
    for child in tree.children(top):
        below = _path(child, wanted)
        if below:
            return [top, *below]
    return []


# ---- figures ---------------------------------------------------------------------------------------------------------


def _gaps(engine: Engine, around: Sequence[tree.Node]) -> list[Fraction]:
    """How far the compared figures lie above what they are compared with, in the order in which they were found."""
    target = next((each for each in around if _compares(each)), None)
    if target is None:
        return []
    if isinstance(target, tree.Scale):
        return _above_brackets(engine, target, around)
    sides = [value.of[:2] for value in _derived(engine) if value.node is target and len(value.of) >= 2]
    if not sides and isinstance(target, tree.Binary):
        # A condition that was met leaves no derivation behind; what it compares can be asked for again.
        sides = [(engine.eval(target.left, env), engine.eval(target.right, env)) for env in _everywhere(engine)]
    found = []
    for left, right in ((one.value, other.value) for one, other in sides):
        if isinstance(left, Quantity) and isinstance(right, Quantity) and left.unit == right.unit:
            found.append(left.amount - right.amount)
    return found[:MOST_GAPS]


def _everywhere(engine: Engine) -> Iterator[Env]:
    """For the case, and for each member."""
    yield Env()
    yield from (Env(member=member) for member in members(engine, Env())[:MOST_GAPS])


def _compares(node: tree.Node) -> bool:
    match node:
        case tree.Binary(op=op):
            return op in EDGES or op in ("=", "<>")
        case tree.Call(name=tree.Ident(text="max" | "min")):
            return True
    return isinstance(node, tree.Scale)


def _above_brackets(engine: Engine, scale: tree.Scale, around: Sequence[tree.Node]) -> list[Fraction]:
    """How far the base of a scale lies above the edges of the bracket that is altered."""
    bracket = next((each for each in around if isinstance(each, tree.Bracket)), None)
    if bracket is None:
        return []
    at = scale.rows.index(bracket)
    edges = [row.threshold for row in scale.rows[max(at - 1, 0) : at + 1] if row.threshold is not None]
    bases = [v.of[0].value for v in _derived(engine) if v.op == "scale" and v.of and _is_scale(v, scale)]
    found = []
    for base in bases[:2]:
        for edge in edges:
            limit = engine.eval(edge, Env()).value
            if isinstance(base, Quantity) and isinstance(limit, Quantity):
                found.append(base.amount - limit.amount)
    return found[:MOST_GAPS]


def _is_scale(value: Derived, scale: tree.Scale) -> bool:
    return value.entry is not None and value.entry.node is scale


def _in_figures(
    parsed: Parsed, load: Load, donor: Donor, around: Sequence[tree.Node], names: tuple[str, ...]
) -> Iterator[Variant]:
    """The figures of a donor moved so that a gap closes; found from two points, since most rules are linear there."""
    given = list(figures(donor.example))[:MOST_FIGURES]
    moved = [(each, with_figure(donor, each, each.node.value + _step(each))) for each in given]
    probes = [(figure, variant) for figure, variant in moved if variant is not None]
    bench = tested(parsed, load, laid(header_of(parsed.tree), [donor.lines, *(v.lines for _, v in probes)]))
    if bench is None:
        return
    before = _gaps_at(bench, 0, around, names)
    for at, (figure, _) in enumerate(probes, 1):
        after = _gaps_at(bench, at, around, names)
        if len(after) != len(before):
            continue
        for one, other in zip(before, after, strict=True):
            if one != other:
                closed = figure.node.value - one * _step(figure) / (other - one)
                yield from _near(donor, figure, closed)


def _gaps_at(bench: Tested, at: int, around: Sequence[tree.Node], names: tuple[str, ...]) -> list[Fraction]:
    seen = bench.observed(at, names)
    return _gaps(seen[0], around) if seen is not None else []


def _near(donor: Donor, figure: GivenFigure, value: Fraction) -> Iterator[Variant]:
    """A figure at a value, and one step to both sides; where the value is not whole and must be, the two next to it."""
    step = _step(figure)
    whole = value if value % step == 0 else (value // step) * step
    for other in dict.fromkeys((value, whole, whole + step, whole - step)):
        found = with_figure(donor, figure, other)
        if found is not None:
            yield found
        elif other == figure.node.value:
            yield Variant(donor.lines, "")


def _step(figure: GivenFigure) -> Fraction:
    return Fraction(1, 100) if isinstance(figure.node, tree.Percent) else Fraction(1)


# ---- time ------------------------------------------------------------------------------------------------------------


def _in_time(engine: Engine, donor: Donor, around: Sequence[tree.Node]) -> Iterator[Variant]:
    """Each event, and the day of the case, at the end of the time limit, just before it and just after."""
    target = next((each for each in around if isinstance(each, tree.Binary) and each.op in ("after", "before")), None)
    if target is None:
        return
    ends = [v.value for v in _derived(engine) if v.node is target and isinstance(v.value, date)]
    if not ends:
        again = (engine.eval(target, env).value for env in _everywhere(engine))
        ends = [value for value in again if isinstance(value, date)]
    for end in sorted(set(ends), key=str)[:MOST_GAPS]:
        for when in _moments_near(end):
            for given in donor.example.given:
                if isinstance(given, tree.GivenEvent) and isinstance(given.at.value, datetime) == isinstance(
                    when, datetime
                ):
                    yield at_time(donor, given, when)
            yield from _at_dates(donor, when)
            yield on_day(donor, when.date() if isinstance(when, datetime) else when)


def _at_dates(donor: Donor, when: date | datetime) -> Iterator[Variant]:
    """Each date that is given as a fact, or recorded with an event, at a date."""
    for given in donor.example.given:
        match given:
            case tree.Given(values=(tree.DateLiteral() as node,)):
                yield dated(donor, given.what.written, node, when)
            case tree.GivenEvent():
                for name, values in given.fields:
                    if len(values) == 1 and isinstance(values[0], tree.DateLiteral):
                        yield dated(donor, f"{name.text} of {given.step.text}", values[0], when)


def _moments_near(end: date | datetime) -> tuple[date | datetime, ...]:
    unit = timedelta(minutes=1) if isinstance(end, datetime) else timedelta(days=1)
    if isinstance(end, datetime):
        return end, end + unit, end - unit
    return end, end + unit, end - unit, datetime.fromisoformat(f"{end.isoformat()}T12:00+00:00")


def _on_days(donor: Donor, alteration: Alteration) -> Iterator[Variant]:
    """The day of the case at a date of the text, and the day before and after."""
    if isinstance(alteration.node, tree.DateLiteral):
        for days in (0, -1, 1):
            yield on_day(donor, alteration.node.day + timedelta(days=days))


def _derived(engine: Engine) -> Iterator[Derived]:
    return (each for each in findings(engine) if isinstance(each, Derived))
