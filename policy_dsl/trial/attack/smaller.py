"""A counter-example made smaller part by part: without a State, an event, a line; with the plainest figures.

The search lowers the numbers from which a case is drawn. Here the case itself is taken apart, which shows what a search
on numbers can't see: that one State of three is enough, and which facts do not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from policy_dsl.cases.case import Case, Datum, Event, Fact, Movement
from policy_dsl.trial.attack.figures import plainest
from policy_dsl.trial.attack.generate import OUTSIDE, Cases, invented
from policy_dsl.values import Quantity

Breaks = Callable[[Case], bool]
MOST_ROUNDS = 3
MOST_TRIED = 400
"""So many smaller cases are tried at the most: what is left is small enough to be read."""


class _Search:
    """The smallest case so far, and how many more may be tried."""

    def __init__(self, case: Case, breaks: Breaks) -> None:
        self.case = case
        self.breaks = breaks
        self.left = MOST_TRIED

    def take(self, smaller: Case | None) -> bool:
        """Take a smaller case, if it breaks the guarantee as well."""
        if smaller is None or self.left <= 0:
            return False
        self.left -= 1
        if not self.breaks(smaller):
            return False
        self.case = smaller
        return True


def smaller(cases: Cases, case: Case, breaks: Breaks) -> Case:
    """The case without what it does not take to break the guarantee.

    Around a given case it is what was given that is put back.
    """
    search = _Search(case, breaks)
    for _ in range(MOST_ROUNDS):
        before = search.case
        if cases.base is not None:
            _put_back(cases, search)
        else:
            _leave_out(cases, search)
            _make_plainer(cases, search)
            _lower(cases, search)
        if search.case is before:
            break
    if cases.base is None:
        search.take(_renamed(search.case))
    return search.case


def _leave_out(cases: Cases, search: _Search) -> None:
    """Without a State, a cohort, an event, a line: what comes later is tried first, so that the first ones stay."""
    if search.case.at != cases.days[0]:
        search.take(replace(search.case, at=cases.days[0]))
    for state in reversed(_supplied(search.case)):
        # Without any State every sharing fails: that shows nothing about the rules.
        if len(cases.states(search.case.groups, search.case.at)) > 1:
            search.take(_without_state(search.case, state))
    tiers = {tier.name for tier in cases.declared.tiers}
    for name in [each for each in search.case.groups if each not in tiers]:
        for state in search.case.groups[name]:
            left = tuple(each for each in search.case.groups[name] if each != state)
            search.take(replace(search.case, groups={**search.case.groups, name: left}))
    for cohort in reversed(search.case.cohorts):
        if len(search.case.cohorts) > 1:
            search.take(_without_cohort(search.case, cohort))
    for at in reversed(range(len(search.case.events))):
        search.take(_with_events(search.case, (*search.case.events[:at], *search.case.events[at + 1 :])))
    for choice in search.case.choices:
        search.take(replace(search.case, choices=tuple(each for each in search.case.choices if each is not choice)))
    for lot in search.case.lots:
        search.take(replace(search.case, lots=tuple(each for each in search.case.lots if each is not lot)))
    for of in dict.fromkeys(each.apportionment for each in search.case.adjustments):
        kept = tuple(each for each in search.case.adjustments if each.apportionment != of)
        search.take(replace(search.case, adjustments=kept))
    for at, ledger in enumerate(search.case.ledgers):
        for line in ledger.movements:
            search.take(_without_line(search.case, at, line))
    for at, event in enumerate(search.case.events):
        votes = {name: value for name, value in event.fields.items() if isinstance(value, tuple)}
        for name, states in votes.items():
            for state in reversed(states):
                search.take(_without_vote(search.case, at, name, state))


def _supplied(case: Case) -> list[str]:
    return list(dict.fromkeys(state for states in case.groups.values() for state in states))


def _without_line(case: Case, at: int, line: Movement) -> Case:
    ledger = case.ledgers[at]
    shorter = replace(ledger, movements=tuple(each for each in ledger.movements if each is not line))
    return replace(case, ledgers=(*case.ledgers[:at], shorter, *case.ledgers[at + 1 :]))


def _without_vote(case: Case, at: int, name: str, state: str) -> Case:
    event = case.events[at]
    before = event.fields[name]
    left = tuple(each for each in before if each != state) if isinstance(before, tuple) else before
    shown = replace(event, fields={**event.fields, name: left})
    return _with_events(case, (*case.events[:at], shown, *case.events[at + 1 :]))


def _without_state(case: Case, state: str) -> Case:
    def others(states: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for each in states if each != state)

    events = []
    for event in case.events:
        fields = {name: others(value) if isinstance(value, tuple) else value for name, value in event.fields.items()}
        by = others(event.by)
        if by or not event.by:
            events.append(replace(event, by=by, fields=fields))
    adjusted = {each.apportionment for each in case.adjustments if each.member == state}
    lots = (replace(each, drawn=others(each.drawn)) for each in case.lots)
    ledgers = (
        replace(each, movements=tuple(line for line in each.movements if line.member != state)) for each in case.ledgers
    )
    return _with_events(
        replace(
            case,
            groups={name: others(states) for name, states in case.groups.items()},
            grounds={
                tier: left
                for tier, of in case.grounds.items()
                if (left := {each: ground for each, ground in of.items() if each != state})
            },
            facts=tuple(fact for fact in case.facts if fact.member != state and fact.value != state),
            adjustments=tuple(each for each in case.adjustments if each.apportionment not in adjusted),
            ledgers=tuple(ledgers),
            lots=tuple(each for each in lots if each.drawn),
        ),
        tuple(events),
    )


def _without_cohort(case: Case, cohort: str) -> Case:
    return replace(
        case,
        cohorts=tuple(each for each in case.cohorts if each != cohort),
        facts=tuple(fact for fact in case.facts if fact.cohort != cohort),
    )


def _with_events(case: Case, events: tuple[Event, ...]) -> Case:
    return replace(case, events=events, opened=min((each.at for each in events), key=str, default=None))


def _make_plainer(cases: Cases, search: _Search) -> None:
    """With the facts as they are in the simplest case: all of an indicator at once, or one after the other."""
    for name in dict.fromkeys(fact.indicator for fact in search.case.facts):
        plain = tuple(
            _plain(cases, search.case, fact) if fact.indicator == name else fact for fact in search.case.facts
        )
        if plain == search.case.facts or search.take(replace(search.case, facts=plain)):
            continue
        for at, fact in enumerate(search.case.facts):
            if fact.indicator == name and plain[at] != fact:
                search.take(_with_fact(search.case, at, plain[at]))


def _plain(cases: Cases, case: Case, fact: Fact) -> Fact:
    states = cases.states(case.groups, case.at)
    asked = cases.declared.indicators[fact.indicator]
    place = states.index(fact.member) if fact.member in states else 0
    return replace(fact, value=plainest(asked.wanted, cases.sought[fact.indicator], (OUTSIDE, *states), case.at, place))


def _lower(cases: Cases, search: _Search) -> None:
    """With each figure as low as it may be."""
    for at in range(len(search.case.facts)):
        what = cases.sought[search.case.facts[at].indicator]
        tried: set[Fraction] = set()
        while isinstance(value := search.case.facts[at].value, Quantity):
            lower = [each for each in _between(what.simplest(), value.amount, what.step) if each not in tried]
            tried.update(lower)
            facts = (replace(search.case.facts[at], value=Quantity(amount, what.unit)) for amount in lower)
            if not any(search.take(_with_fact(search.case, at, fact)) for fact in facts):
                break


def _between(low: Fraction, high: Fraction, step: Fraction) -> Iterator[Fraction]:
    """Figures from the low one upwards, each twice as near to the high one as the one before; in whole steps."""
    gap = (high - low) / 2
    while gap >= step:
        yield low + (high - gap - low) // step * step
        gap /= 2
    if high - step >= low:
        yield high - step


def _with_fact(case: Case, at: int, fact: Fact) -> Case:
    return replace(case, facts=(*case.facts[:at], fact, *case.facts[at + 1 :]))


def _put_back(cases: Cases, search: _Search) -> None:
    """With what the given case says, in the place of what was drawn."""
    assert cases.base is not None
    given = {(each.indicator, each.member, each.cohort, each.year): each for each in cases.base.facts}
    for at, fact in enumerate(search.case.facts):
        before = given.get((fact.indicator, fact.member, fact.cohort, fact.year))
        if before is not None and before.value != fact.value:
            search.take(_with_fact(search.case, at, before))
    if search.case.events != cases.base.events:
        search.take(replace(search.case, events=cases.base.events))
    if search.case.at != cases.base.at:
        search.take(replace(search.case, at=cases.base.at))


def _renamed(case: Case) -> Case | None:
    """With the first of the invented names; none where it has them."""
    names = {state: invented(at) for at, state in enumerate(sorted(_supplied(case)))}
    return _with_names(case, names) if any(old != new for old, new in names.items()) else None


def _with_names(case: Case, names: Mapping[str, str]) -> Case:
    def all_of(states: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(each, each) for each in states)

    def datum(value: Datum) -> Datum:
        return names.get(value, value) if isinstance(value, str) else value

    def recorded(value: Datum | tuple[str, ...]) -> Datum | tuple[str, ...]:
        return all_of(value) if isinstance(value, tuple) else datum(value)

    return replace(
        case,
        groups={name: all_of(states) for name, states in case.groups.items()},
        grounds={tier: {names.get(each, each): why for each, why in of.items()} for tier, of in case.grounds.items()},
        facts=tuple(
            replace(fact, member=names.get(fact.member, fact.member), value=datum(fact.value)) for fact in case.facts
        ),
        events=tuple(
            replace(event, by=all_of(event.by), fields={name: recorded(value) for name, value in event.fields.items()})
            for event in case.events
        ),
        adjustments=tuple(replace(each, member=names.get(each.member, each.member)) for each in case.adjustments),
        ledgers=tuple(
            replace(
                each,
                movements=tuple(replace(line, member=names.get(line.member, line.member)) for line in each.movements),
            )
            for each in case.ledgers
        ),
        lots=tuple(replace(each, drawn=all_of(each.drawn)) for each in case.lots),
    )
