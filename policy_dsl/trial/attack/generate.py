"""Random sound cases of a policy: facts within their bounds, members, dates, the record, choices, funds, lots.

What a guarantee does not rest on is the same in every case. A case is drawn from whole numbers; the lowest are the
simplest, so that a search that lowers them ends at a case that a reader takes in at a glance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

from policy_dsl.cases.case import Adjustment, Case, ChoiceMade, Fact, Ledger, Lot, Movement, Origin
from policy_dsl.cases.declared import Asked, Declared
from policy_dsl.cases.figures import quantity_of
from policy_dsl.check import Checked
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.trial.attack.draws import Draws, now_and_then, one_of
from policy_dsl.trial.attack.figures import Sought, datum, figure, plainest, sought
from policy_dsl.trial.attack.record import Recorder
from policy_dsl.trial.attack.resting import resting, telling_days, telling_figures, telling_hours, years_read
from policy_dsl.values import Quantity, Unit

TITLE = "Generated case"
MADE_UP = Origin("made up to try the rules")
OUTSIDE = "XZZ"
"""A State that holds no seat: ISO 3166 leaves codes that begin with X to their users."""
MOST_OF_A_TIER = 3
MANY = 8
"""Of more members than these only some have figures of their own in one case."""
COHORTS = ("first", "second", "third")


def cases_of(checked: Checked, base: Case | None = None, about: Iterable[str] = ()) -> Cases:
    """Random cases of a policy: of all of it, or of that on which the provisions named rest.

    With a `base`, cases that differ from it in some of their facts.
    """
    return Cases(checked, base, tuple(about) or tuple(checked.program.entries))


class Cases:
    """The cases that may be drawn. `varied` says, in words, in what they differ."""

    def __init__(self, checked: Checked, base: Case | None, about: Sequence[str]) -> None:
        self.checked = checked
        self.program = checked.program
        self.base = base
        self.declared = Declared(checked.program)
        self.names = resting(self.program, about)
        self.days = telling_days(self.program, sorted(self.names))
        self.figures = telling_figures(self.program, sorted(self.names))
        self.sought: dict[str, Sought] = {
            name: sought(asked.wanted, asked.node, self.figures) for name, asked in self.declared.indicators.items()
        }
        fields = {
            name: {each: sought(wanted, None, self.figures) for each, wanted in rule.fields.items()}
            for name, rule in self.declared.steps.items()
        }
        hours = telling_hours(self.program, sorted(self.names))
        self.recorder = Recorder(self.declared, self.names, hours, fields)

    def draw(self, draws: Draws) -> Case:
        """One case."""
        day = self._day(draws)
        groups, grounds = self._groups(draws, day)
        states = self.states(groups, day)
        cohorts = self._cohorts(draws)
        events = (
            self.recorder.draw(draws, states, day, MADE_UP)
            if self.base is None
            else self.recorder.again(draws, self.base.events, states)
        )
        facts = tuple(self._facts(draws, states, cohorts, day))
        if any(asked.node.good_for is not None for asked in self.declared.indicators.values()):
            # Where figures age, one that is made up is of the day of the case.
            made = Origin(MADE_UP.source, day)
            facts = tuple(replace(fact, origin=made) if fact.origin is MADE_UP else fact for fact in facts)
        case = self.base or Case(TITLE, day)
        opened = min((event.at for event in events), key=str, default=None) if self.base is None else case.opened
        return replace(
            case,
            at=day,
            opened=opened,
            groups=groups,
            grounds=grounds,
            cohorts=cohorts,
            facts=facts,
            events=events,
            choices=tuple(self._choices(draws)),
            adjustments=tuple(self._adjustments(draws, states)),
            ledgers=tuple(self._ledgers(draws, states, day)),
            lots=tuple(self._lots(draws, states)),
            file="",
        )

    @property
    def varied(self) -> tuple[str, ...]:
        """In what the cases differ, in the order of a case file."""
        return tuple(self._varied())

    def _varied(self) -> Iterator[str]:
        if len(self.days) > 1:
            yield "the date of the case"
        if self.declared.supplied:
            yield "who belongs to " + _listed(entry.name for entry in self.declared.supplied)
        facts = [name for name in self.declared.indicators if name in self.names]
        if facts:
            yield "the facts " + _listed(facts)
        if self.recorder.rules:
            yield "the record of " + _listed(rule.entry.name for rule in self.recorder.rules)
        left = [entry.name for entry, _ in self._left()]
        if left:
            yield "the choices of " + _listed(left)
        adjusted = [entry.name for entry in self._adjustable()]
        if adjusted:
            yield "adjustments of " + _listed(adjusted)
        funds = [name for name in self.declared.funds if name in self.names]
        if funds:
            yield "the funds " + _listed(funds)
        lots = [entry.name for entry in self._by_lot()]
        if lots:
            yield "the lots of " + _listed(lots)

    # ---- when and who ------------------------------------------------------------------------------------------------

    def _day(self, draws: Draws) -> date:
        if self.base is None:
            return one_of(draws, self.days)
        return one_of(draws, (self.base.at, self.base.at, self.base.at, *self.days))

    def _groups(self, draws: Draws, day: date) -> tuple[dict[str, tuple[str, ...]], dict[str, dict[str, str]]]:
        """Who belongs to the groups that a case names, each with its ground where one is asked for."""
        groups: dict[str, tuple[str, ...]] = {}
        grounds: dict[str, dict[str, str]] = {}
        number = 0
        for entry in self.declared.supplied:
            assert isinstance(entry.node, tree.SetOf)
            if self.base is not None:
                known = self.base.groups.get(entry.name, ())
                groups[entry.name] = tuple(each for each in known if not now_and_then(draws, 6))
            elif entry.kind == "tier":
                size = draws.integer(0, MOST_OF_A_TIER) + (not number)
                groups[entry.name] = tuple(invented(at) for at in range(number, number + size))
                number += size
        for entry in self.declared.supplied:
            if entry.name not in groups:
                everybody = self.states(groups, day)
                groups[entry.name] = tuple(each for each in everybody if now_and_then(draws, 3))
        for entry in self.declared.tiers:
            assert isinstance(entry.node, tree.SetOf)
            possible = tuple(each.text for each in entry.node.grounds)
            before = self.base.grounds.get(entry.name, {}) if self.base is not None else {}
            if possible and groups.get(entry.name):
                grounds[entry.name] = {
                    each: one_of(draws, (before[each], *possible) if each in before else possible)
                    for each in groups[entry.name]
                }
        return groups, grounds

    def states(self, groups: Mapping[str, tuple[str, ...]], day: date) -> tuple[str, ...]:
        """The States of the tiers, in order."""
        found: list[str] = []
        for tier in self.declared.tiers:
            found.extend(groups.get(tier.name) or self.declared.seats(tier, day))
        return tuple(dict.fromkeys(found))

    def _cohorts(self, draws: Draws) -> tuple[str, ...]:
        if self.base is not None or not self.declared.cohorts:
            return self.base.cohorts if self.base is not None else ()
        return COHORTS[: draws.integer(1, len(COHORTS))]

    # ---- facts -------------------------------------------------------------------------------------------------------

    def _facts(self, draws: Draws, states: Sequence[str], cohorts: Sequence[str], day: date) -> Iterator[Fact]:
        known = (
            {(each.indicator, each.member, each.cohort, each.year): each for each in self.base.facts}
            if self.base
            else {}
        )
        years = years_read(self.program, day)
        for name, asked in self.declared.indicators.items():
            places = self._places(asked, known, states, cohorts, years)
            own = self._with_own_figures(draws, places) if name in self.names else ()
            for place in places:
                before = known.get((name, *place))
                at = states.index(place[0]) if place[0] in states else 0
                if place not in own:
                    if before is not None:
                        yield before
                    elif self.base is None:
                        value = plainest(asked.wanted, self.sought[name], (OUTSIDE, *states), day, at)
                        yield Fact(name, value, MADE_UP, *place)
                    continue
                if asked.gap_allowed and now_and_then(draws, 8):
                    continue
                old = before.value if before is not None else None
                value = datum(draws, asked.wanted, self.sought[name], (OUTSIDE, *states), day, old, at)
                if before is not None and value == old:
                    yield before
                elif before is not None or self.base is None:
                    yield Fact(name, value, MADE_UP, *place)

    def _places(
        self, asked: Asked, known: Iterable[tuple[str, str, str, int | None]], states: Sequence[str],
        cohorts: Sequence[str], years: Sequence[int],
    ) -> list[tuple[str, str, int | None]]:  # fmt: skip
        """For whom, and of which year, a fact is stated: member, cohort, year."""
        if self.base is not None:
            inside = {*states, ""}
            return [place for name, *place_ in known if name == asked.name and (place := _place(place_))[0] in inside]
        level = asked.levels
        return [
            (member, cohort, year)
            for cohort, member, year in product(
                cohorts if "cohort" in level else ("",),
                states if "member" in level else ("",),
                years if "year" in level else (None,),
            )
        ]

    def _with_own_figures(
        self, draws: Draws, places: Sequence[tuple[str, str, int | None]]
    ) -> Sequence[tuple[str, str, int | None]]:
        """Which places have a figure that is drawn: all of a few, some of many."""
        if len(places) <= MANY:
            return places
        return [places[draws.integer(0, len(places) - 1)] for _ in range(draws.integer(0, MANY))]

    # ---- what is left open -------------------------------------------------------------------------------------------

    def _left(self) -> Iterator[tuple[Entry, tree.LeftTo]]:
        for entry in self.declared.parameters.values():
            found = self.declared.left(entry)
            if found is not None and entry.name in self.names:
                yield entry, found

    def _choices(self, draws: Draws) -> Iterator[ChoiceMade]:
        before = {each.parameter: each for each in self.base.choices} if self.base is not None else {}
        yield from (each for name, each in before.items() if name not in self.names)
        for entry, left in self._left():
            low, high = quantity_of(left.low), quantity_of(left.high)
            way = draws.integer(0, 3)
            if way == 0 or low is None or high is None:
                if entry.name in before:
                    yield before[entry.name]
                continue
            amount = {1: low.amount, 2: high.amount, 3: (low.amount + high.amount) / 2}[way]
            if low.unit.period and amount.denominator != 1:
                amount = low.amount
            yield ChoiceMade(entry.name, Quantity(amount, low.unit), left.step.text, "to try the rules")

    def _adjustable(self) -> Iterator[Entry]:
        for entry in self.declared.apportionments.values():
            open_ = isinstance(entry.node, tree.Apportion) and entry.node.adjusted is not None
            if open_ and entry.name in self.names and "cohort" not in entry.reach:
                yield entry

    def _adjustments(self, draws: Draws, states: Sequence[str]) -> Iterator[Adjustment]:
        if self.base is not None:
            yield from self.base.adjustments
            return
        for entry in self._adjustable():
            node = entry.node
            assert isinstance(node, tree.Apportion)
            unit = self._unit(node)
            if len(states) < 2 or unit is None or node.adjusted is None or not now_and_then(draws, 4):
                continue
            more, less = draws.integer(0, len(states) - 1), draws.integer(0, len(states) - 2)
            by = Fraction(draws.integer(1, 10)) / (100 if not unit.terms else 1)
            step = node.adjusted.step.text
            others = [each for at, each in enumerate(states) if at != more]
            for state, change in ((states[more], by), (others[less], -by)):
                yield Adjustment(entry.name, state, Quantity(change, unit), step, "to try the rules")

    def _unit(self, node: tree.Apportion) -> Unit | None:
        found = self.checked.types.get(node.total.expr) if node.total is not None else None
        return found.unit if found is not None else None

    # ---- money and lots ----------------------------------------------------------------------------------------------

    def _ledgers(self, draws: Draws, states: Sequence[str], day: date) -> Iterator[Ledger]:
        before = {each.fund: each for each in self.base.ledgers} if self.base is not None else {}
        unit = Unit(((self.program.heading.currency, 1),))
        what = Sought(unit, Fraction(0), None, Fraction(1), self.figures.get(unit, ()))
        for name in self.declared.funds:
            old = before.get(name)
            if name not in self.names:
                yield old or Ledger(name, Quantity(Fraction(0), unit), origin=MADE_UP)
            elif old is not None:
                yield replace(old, balance=figure(draws, what, old.balance))
            elif self.base is None:
                yield Ledger(name, figure(draws, what), tuple(self._movements(draws, what, states, day)), MADE_UP)

    def _movements(self, draws: Draws, what: Sought, states: Sequence[str], day: date) -> Iterator[Movement]:
        for kind in ("due", "pledge", "payment"):
            for _ in range(draws.integer(0, 2) if states else 0):
                on = day - timedelta(days=one_of(draws, (0, 1, 30, 91, 400)))
                yield Movement(kind, one_of(draws, states), figure(draws, what), on)

    def _by_lot(self) -> Iterator[Entry]:
        for entry in self.declared.apportionments.values():
            ties = entry.node.ties if isinstance(entry.node, tree.Apportion) else ()
            drawn = any(isinstance(each.expr, tree.Name) and each.expr.text == "lot" for each in ties)
            if drawn and entry.name in self.names:
                yield entry

    def _lots(self, draws: Draws, states: Sequence[str]) -> Iterator[Lot]:
        if self.base is not None:
            yield from self.base.lots
            return
        for entry in self._by_lot():
            turn = draws.integer(0, max(len(states) - 1, 0))
            if states:
                yield Lot(entry.name, (*states[turn:], *states[:turn]))


def _place(parts: Sequence[object]) -> tuple[str, str, int | None]:
    member, cohort, year = parts
    return str(member), str(cohort), year if isinstance(year, int) else None


def invented(number: int) -> str:
    """The code of an invented State: XAA, XAB …"""
    first, second = divmod(number, 26)
    return f"X{chr(65 + first)}{chr(65 + second)}"


def _listed(names: Iterable[str]) -> str:
    """ "a, b and c"."""
    *before, last = names
    return f"{', '.join(before)} and {last}" if before else last
