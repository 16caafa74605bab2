"""Worked examples: a case from what is given, and whether what is expected holds.

Only what the expectations need must be given; nothing else is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from itertools import chain

from policy_dsl.cases.case import Case, ChoiceMade, Datum, Event, Fact, Ledger, Origin
from policy_dsl.check import Checked
from policy_dsl.deadlines import begins
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate.conditions import condition
from policy_dsl.evaluate.decide import clock_of, engine_for
from policy_dsl.evaluate.derivation import Derived, Status, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, codes_of, day_of, joined
from policy_dsl.evaluate.groups import members, members_of
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Builtin, Entry, Word
from policy_dsl.syntax import tree
from policy_dsl.syntax.words import VOTES
from policy_dsl.values import NUMBER, Address, Quantity, Reference, Unit, divide, times, unit_named

_GIVEN = Origin("given in the example")


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What an example expects, what was found instead or as expected, and what is wrong with it, if anything is."""

    expect: tree.Expect
    made: Derived
    problem: Problem | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ran:
    """An example that was run: whether all that it expects holds, and what does not.

    `engine` holds whatever had to be found for it.
    """

    example: tree.Example
    found: tuple[Found, ...]
    engine: Engine

    @property
    def title(self) -> str:
        """The example's title."""
        return self.example.title

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What does not hold, in the order of what is expected."""
        return tuple(each.problem for each in self.found if each.problem is not None)

    @property
    def passed(self) -> bool:
        """Whether it holds."""
        return not self.problems


def run_examples(checked: Checked) -> tuple[Ran, ...]:
    """Run the examples of a policy, in their order."""
    return tuple(run_example(checked, example) for example in checked.program.examples)


def run_example(checked: Checked, example: tree.Example) -> Ran:
    """Run one example."""
    engine = engine_for(checked, case_of(checked, example))
    return Ran(example, tuple(found_for(engine, expect) for expect in example.expect), engine)


# ---- what is given ---------------------------------------------------------------------------------------------------


def case_of(checked: Checked, example: tree.Example) -> Case:
    """The case that an example gives."""
    program = checked.program
    reader = _Reader(engine_for(checked, Case(example.title, date.min.replace(year=1000), partial=True)))
    for given in example.given:
        reader.take(given)
    days = [program.heading.in_force] if program.heading.in_force else []
    days += [day_of(event.at, clock_of(program)) for event in reader.events]
    at = example.at.day if example.at is not None else max(days, default=date(2000, 1, 1))
    clock = clock_of(program)
    opened = min((event.at for event in reader.events), key=lambda each: begins(each, clock), default=None)
    case = Case(
        title=example.title,
        at=at,
        opened=opened,
        groups=reader.groups,
        given_groups=frozenset(reader.groups),
        cohorts=tuple(dict.fromkeys((*reader.cohorts, *(fact.cohort for fact in reader.facts if fact.cohort)))),
        facts=tuple(reader.facts),
        events=tuple(reader.events),
        choices=tuple(reader.choices),
        grounds=reader.grounds,
        ledgers=tuple(reader.ledgers),
        partial=True,
    )
    return replace(case, events=tuple(_named_one_by_one(checked, case)))


def _named_one_by_one(checked: Checked, case: Case) -> Iterator[Event]:
    """The events, with groups given as the States in them that are not named by themselves in the same event."""
    tiers_and_sets = {entry.name for kind in ("tier", "set") for entry in checked.program.of_kind(kind)} | {"members"}
    seated = engine_for(checked, replace(case, events=()))
    for event in case.events:
        votes = {name: codes for name in VOTES if isinstance(codes := event.fields.get(name), tuple)}
        lists = {"": event.by} | votes
        told = {name: tuple(each for each in of if each not in tiers_and_sets) for name, of in lists.items()}
        if told == lists:
            yield event
            continue
        for name, of in lists.items():
            apart = set(told[name] if not name else chain.from_iterable(told[vote] for vote in told if vote))
            for group in (each for each in of if each in tiers_and_sets):
                told[name] += tuple(each for each in _members(seated, group) if each not in apart)
        by = told.pop("")
        yield replace(event, by=by, fields={**event.fields, **told})


def _members(engine: Engine, group: str) -> tuple[str, ...]:
    entry = engine.program.entries.get(group)
    return members(engine, Env()) if entry is None else codes_of(members_of(engine, entry, Env()).value)


class _Reader:
    """Takes the `given` lines of an example one after the other."""

    def __init__(self, constants: Engine) -> None:
        self.engine = constants
        self.groups: dict[str, tuple[str, ...]] = {}
        self.facts: list[Fact] = []
        self.events: list[Event] = []
        self.choices: list[ChoiceMade] = []
        self.grounds: dict[str, dict[str, str]] = {}
        self.ledgers: list[Ledger] = []
        self.cohorts: list[str] = []

    def take(self, given: tree.Given | tree.GivenTable | tree.GivenEvent) -> None:
        match given:
            case tree.GivenTable():
                self._table(given)
            case tree.GivenEvent():
                self._event(given)
            case tree.Given():
                self._line(given)

    def _line(self, given: tree.Given) -> None:
        what: tree.Expr = given.what
        year = None
        if isinstance(what, tree.Binary) and isinstance(what.right, tree.Number):
            year, what = int(what.right.value), what.left
        entry = self.engine.ref(what.name) if isinstance(what, tree.ValueOf) else self.engine.ref(what)
        if not isinstance(entry, Entry):
            self._word(entry, what, given)
            return
        if entry.kind in ("tier", "set"):
            self.groups[entry.name] = tuple(sorted(_codes(given.values)))
            return
        value = self._constant(given.values[0])
        if entry.kind == "parameter":
            if isinstance(value, Quantity):
                self.choices.append(ChoiceMade(entry.name, value, "the example", "given", span=given.span))
            return
        for member, cohort in _subject(entry, what):
            self._fact(entry, value, member, cohort, year, given.span)

    def _word(self, ref: object, what: tree.Expr, given: tree.Given) -> None:
        """`given ground of BEL = kinship`, `given balance of purse = 40 USD`, `given cohorts = sick, well`."""
        if ref is Builtin.COHORTS:
            self.cohorts += _codes(given.values)
            return
        if not isinstance(what, tree.ValueOf):
            return
        if ref is Builtin.BALANCE:
            fund, balance = self.engine.ref(what.of), self._constant(given.values[0])
            if isinstance(fund, Entry) and isinstance(balance, Quantity):
                self.ledgers.append(Ledger(fund.name, balance, origin=_GIVEN))
        elif isinstance(ref, Word):
            ground = next(_codes(given.values), "")
            for tier in self.engine.program.tiers:
                node = tier.node
                assert isinstance(node, tree.SetOf)
                if any(each.text == ground for each in node.grounds):
                    for member in _codes((what.of,)):
                        self.grounds.setdefault(tier.name, {})[member] = ground

    def _fact(self, entry: Entry, value: Value, member: str, cohort: str, year: int | None, span: object) -> None:
        if isinstance(value, Status):
            value = value.text
        if isinstance(value, Quantity | bool | str | date):
            self.facts.append(Fact(entry.name, value, _GIVEN, member, cohort, year))

    def _constant(self, node: tree.Expr) -> Value:
        if isinstance(node, tree.Name) and self.engine.ref(node) is None:
            return node.text
        return self.engine.eval(node, Env()).value

    def _table(self, given: tree.GivenTable) -> None:
        for row in given.rows:
            for column, cell in zip(given.columns, row.cells, strict=False):
                entry = self.engine.program.entries.get(column.name.text)
                if entry is None or isinstance(cell, tree.Ident):
                    continue
                value = self._in_unit(self._constant(cell), column.type)
                self._fact(entry, value, row.code.text, "", None, cell.span)

    def _in_unit(self, value: Value, kind: tree.UnitTerm | tree.Ident) -> Value:
        """A bare number in a column has the column's unit."""
        if not isinstance(value, Quantity) or value.unit != NUMBER or isinstance(kind, tree.Ident):
            return value
        unit, factor = unit_of(kind)
        return Quantity(value.amount * factor, unit)

    def _event(self, given: tree.GivenEvent) -> None:
        step = self.engine.program.entries.get(given.step.text)
        types = _field_types(self.engine, step) if step is not None else {}
        fields: dict[str, Datum | tuple[str, ...]] = {}
        for name, values in given.fields:
            if name.text in VOTES:
                fields[name.text] = tuple(sorted(_codes(values)))
                continue
            value = self._constant(values[0])
            if name.text in types:
                value = self._in_unit(value, types[name.text])
            if isinstance(value, Status):
                value = value.text
            if isinstance(value, Quantity | bool | str | date):
                fields[name.text] = value
        by = tuple(sorted(_codes(given.by)))
        self.events.append(Event(given.step.text, given.at.value, by, fields, _GIVEN, given.ordinal, given.span))


def _codes(values: tuple[tree.Expr, ...]) -> Iterator[str]:
    for each in values:
        if isinstance(each, tree.Code | tree.Name):
            yield each.text


def _subject(entry: Entry, what: tree.Expr) -> Iterator[tuple[str, str]]:
    """The member and cohort for whom a fact is given."""
    names: list[str] = []
    while isinstance(what, tree.ValueOf):
        what = what.of
        match what:
            case tree.Code(text=text) | tree.Name(text=text) | tree.ValueOf(name=tree.Ident(text=text)):
                names.append(text)
    reach = entry.reach
    if "cohort" in reach and "member" in reach:
        yield (names[-1], names[0]) if len(names) > 1 else ("", "")
    elif "cohort" in reach:
        yield "", names[0] if names else ""
    else:
        yield (names[0] if names else ""), ""


def _field_types(engine: Engine, step: Entry) -> dict[str, tree.UnitTerm | tree.Ident]:
    node = step.node
    assert isinstance(node, tree.Step)
    found = {each.name.text: each.type for each in node.records}
    model = engine.program.entries.get(node.model.text) if node.model else None
    return {**(_field_types(engine, model) if model is not None else {}), **found}


def unit_of(kind: tree.UnitTerm) -> tuple[Unit, Fraction]:
    """The unit that a unit term names, and the factor to its base units."""
    unit, factor = NUMBER, Fraction(1)
    for word in kind.over:
        each, by = unit_named(word.text)
        unit, factor = (times(unit, each) if unit.terms else each), factor * by
    for word in kind.per:
        each, by = unit_named(word.text)
        unit, factor = divide(unit, each), factor / by
    return unit, factor


# ---- what is expected ------------------------------------------------------------------------------------------------


def found_for(engine: Engine, expect: tree.Expect) -> Found:
    """What is found where something is expected."""
    if expect.within is not None and isinstance(expect.expr, tree.Binary):
        made = _within(engine, expect.expr, expect.within)
    else:
        made = condition(engine, expect.expr, Env())
    return Found(expect, made, _unmet_grounds(expect, made) if made.value is True else _failure(expect, made))


def _within(engine: Engine, node: tree.Binary, within: tree.Expr) -> Derived:
    """Whether two values are as near to each other as is written."""
    left, right, room = (engine.eval(each, Env()) for each in (node.left, node.right, within))
    one, other, most = left.value, right.value, room.value
    near: Value = joined(left, right, room) or False
    if isinstance(one, Quantity) and isinstance(other, Quantity) and isinstance(most, Quantity):
        near = one.unit == other.unit == most.unit and abs(one.amount - other.amount) <= most.amount
    return Derived(near, "=", (left, right), node)


def _unmet_grounds(expect: tree.Expect, found: Derived) -> Problem | None:
    return ground_missing(expect, found.grounds())


def ground_missing(expect: tree.Expect, grounds: frozenset[Address]) -> Problem | None:
    """The problem with the first ground that is expected and is not among those that took part, or none."""
    for note in expect.grounds:
        reference = Reference.read(" ".join(note.text.replace("Art.", "Art. ").split()))
        if not any(reference.names(address) for address in grounds):
            texts = ", ".join(str(each) for each in sorted(grounds, key=lambda each: each.sort_key)) or "none"
            return Problem("PD882", note.span, {"wanted": note.text, "grounds": texts})
    return None


def _failure(expect: tree.Expect, found: Derived) -> Problem:
    expected = expect.expr.written
    if isinstance(found.value, Unknown):
        causes = "; ".join(dict.fromkeys(f"{gap.what} ({gap.kind})" for gap in found.value.gaps))
        return Problem("PD881", expect.span, {"expected": expected, "causes": causes})
    sides = [each for each in _sides(found) if each.op != "written"]
    actual = ", ".join(f"{' '.join(_words(each).split())} is {shown(each.value)}" for each in sides) or "it is not"
    return Problem("PD880", expect.span, {"expected": expected, "actual": actual})


def _sides(found: Derived) -> Iterator[Derived]:
    """The two sides of a comparison; of several joined by `and`, those of the parts that fail."""
    if found.op in ("and", "or", "not", "occurred"):
        for part in found.of:
            yield from _sides(part)
    else:
        yield from found.of or (found,)


def _words(found: Derived) -> str:
    return found.node.span.text if isinstance(found.node, tree.Expr) else found.label


def shown(value: Value) -> str:
    """A value in plain words, for messages."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Event():
            return f"{value.step} at {shown(value.at)}"
        case datetime():
            return value.isoformat(timespec="minutes").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return ", ".join(shown(each) for each in value) or "nobody"
        case Status():
            return value.text
        case Unknown():
            return "not determined: " + "; ".join(gap.what for gap in value.gaps)
    return str(value)
