"""What cases have in common: the base of a frame, and how other bases are made from it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date, datetime

from policy_dsl.cases.case import Case, Datum, Fact, Origin
from policy_dsl.cases.declared import Declared
from policy_dsl.plan import IndicatorAt
from policy_dsl.records import dataclass
from policy_dsl.sweep.columns import seats_of

KEPT = 64
"""How many bases are remembered: where nearly every case has its own, no more are kept."""


@dataclass(frozen=True, slots=True)
class Other:
    """What a case has other than the base, beside the figures in columns.

    `members` are those who take part (none: as in the base), in the order of codes; `facts` are facts that are neither
    figures nor yes or no: indicator, member and what is stated, none where it is lacking.
    """

    members: tuple[str, ...] | None = None
    at: date | None = None
    opened: date | datetime | None = None
    facts: tuple[tuple[IndicatorAt, str, Datum | None], ...] = ()


class Bases:
    """Bases made from one case; the same difference gives the same base, so that its plan can be used again."""

    def __init__(self, base: Case, declared: Declared) -> None:
        self.base = base
        self.declared = declared
        self.members = seats_of(declared, base)
        self._kept: OrderedDict[Other, tuple[Case, tuple[str, ...]]] = OrderedDict()

    def of(self, other: Other) -> tuple[Case, tuple[str, ...]]:
        """The base with this difference, and who holds a seat in it."""
        found = self._kept.get(other)
        if found is None:
            made = self._made(other)
            found = made, seats_of(self.declared, made)
            self._kept[other] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(other)
        return found

    def _made(self, other: Other) -> Case:
        case = self.base
        if other.members is not None and other.members != self.members:
            case = self._among(case, frozenset(other.members))
        if other.at is not None:
            case = replace(case, at=other.at)
        if other.opened is not None:
            case = replace(case, opened=other.opened)
        if other.facts:
            stated = {(at.indicator, member, at.cohort, at.year): datum for at, member, datum in other.facts}
            kept = tuple(each for each in case.facts if place_of(each) not in stated)
            new = tuple(
                Fact(name, datum, Origin(), member, cohort, year)
                for (name, member, cohort, year), datum in stated.items()
                if datum is not None
            )
            case = replace(case, facts=kept + new)
        return case

    def _among(self, case: Case, members: frozenset[str]) -> Case:
        """The case among some of its members: the others leave the tiers and sets that the case supplies."""
        gone = frozenset(self.members) - members
        return replace(
            case,
            groups={name: tuple(c for c in codes if c not in gone) for name, codes in case.groups.items()},
            grounds={
                name: {c: why for c, why in grounds.items() if c not in gone} for name, grounds in case.grounds.items()
            },
            facts=tuple(each for each in case.facts if each.member not in gone),
        )

    def fixed(self) -> frozenset[str]:
        """Those who hold a seat by the policy itself: a table can't leave them out."""
        case = self.base
        return frozenset(
            code
            for tier in self.declared.tiers
            if tier.name not in case.groups
            for code in self.declared.seats(tier, case.law)
        )


def place_of(fact: Fact) -> tuple[str, str, str, int | None]:
    """Whose fact it is: indicator, member, cohort, year."""
    return fact.indicator, fact.member, fact.cohort, fact.year


def in_common(case: Case, varies: Callable[[Fact], bool]) -> Hashable:
    """All of a case that counts but for the facts that vary: two cases of which it is the same share a frame."""
    facts = sorted((repr(place_of(fact)), repr(fact.value)) for fact in case.facts if not varies(fact))
    events = tuple((e.step, e.at, e.by, repr(sorted(e.fields.items())), e.ordinal) for e in case.events)
    return (
        case.at, case.opened, case.as_at, repr(sorted(case.groups.items())), case.cohorts, case.given_groups,
        repr(sorted((name, sorted(each.items())) for name, each in case.grounds.items())), tuple(facts), events,
        tuple((c.parameter, c.value, c.by, c.at) for c in case.choices),
        tuple((a.apportionment, a.member, a.change, a.by) for a in case.adjustments),
        tuple((f.fund, f.balance, tuple((m.kind, m.member, m.amount, m.on) for m in f.movements))
              for f in case.ledgers),
        tuple((lot.apportionment, lot.drawn) for lot in case.lots), case.partial,
    )  # fmt: skip
