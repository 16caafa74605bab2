"""The facts of a case, typed by the indicators of the policy: one figure for each place that it asks about."""

from __future__ import annotations

import re
from dataclasses import field, replace

from policy_dsl.cases.case import Fact
from policy_dsl.cases.declared import Asked, Declared, later, within
from policy_dsl.cases.figures import Reader, Wanted, quantity_of
from policy_dsl.cases.nodes import Fields, Items, Node, Word
from policy_dsl.cases.origins import FIELDS, NOTHING, Named, Origins
from policy_dsl.records import dataclass
from policy_dsl.resolve.suggest import did_you_mean, nearest
from policy_dsl.source import Span
from policy_dsl.values import Quantity

YEARS = range(1800, 2201)
SHARED = ("unit", *FIELDS)
LEAF = ("value", "between", *SHARED)

Key = tuple[str, str, str, int | None]


@dataclass(frozen=True, slots=True)
class Where:
    """Whose figure is read: of which cohort, member and year; with what is said once for many figures."""

    cohort: str = ""
    member: str = ""
    year: int | None = None
    named: Named = NOTHING
    unit: Wanted | None = None


@dataclass(slots=True)
class Facts:
    """The facts read so far. `tried` are the places for which something is written, be it right or wrong.

    `doubtful` are the indicators of which something could not be read, and `partial` says that a whole table could not:
    what seems to be missing may be there.
    """

    read: list[Fact] = field(default_factory=list)
    tried: dict[Key, Span] = field(default_factory=dict)
    heads: dict[str, Span] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    partial: bool = False

    def of(self, indicator: str) -> list[Fact]:
        """The facts of one indicator."""
        return [fact for fact in self.read if fact.indicator == indicator]


class FactReader:
    """Reads facts from the case and from tables, each place once. What stands under names `besides` is passed over."""

    def __init__(
        self,
        declared: Declared,
        reader: Reader,
        origins: Origins,
        cohorts: tuple[str, ...],
        besides: frozenset[str] = frozenset(),
    ) -> None:
        self.besides = besides
        self.declared = declared
        self.reader = reader
        self.say = reader.say
        self.origins = origins
        self.cohorts = cohorts
        self.facts = Facts()

    def read(self, fields: Fields, default: Named) -> None:
        """The section `facts` of a case."""
        for name, node in fields.items():
            asked = self.indicator(name)
            if asked is not None:
                self.facts.heads.setdefault(asked.name, name.span)
                before = self.say.errors
                self._descend(asked, name, node, asked.levels, Where(named=default))
                if self.say.errors > before:
                    self.facts.doubtful.add(asked.name)

    def indicator(self, name: Word) -> Asked | None:
        """The indicator of a name; what it might have been is said, unless it is to be passed over."""
        found = self.declared.indicators.get(name.strip())
        if found is None and name.strip() not in self.besides:
            self.facts.doubtful.add(nearest(name, self.declared.indicators))
            mend = did_you_mean(name, self.declared.indicators)
            self.say("PD755", name.span, mend=mend, name=name)
        return found

    def _descend(self, asked: Asked, name: Word, node: Node, levels: tuple[str, ...], where: Where) -> None:
        if not levels:
            self._leaf(asked, name, node, where)
        elif isinstance(node, Fields):
            self._level(asked, node, levels, where)
        elif isinstance(node, Items) or node.strip():
            code = "PD774" if levels[0] == "year" else "PD773"
            mend = (
                f"write the years below it, as `{{2024: {node}}}`" if code == "PD774" and isinstance(node, Word) else ""
            )
            self.say(code, node.span, mend=mend, about=asked.entry, name=asked.name, each=levels[0])

    def _level(self, asked: Asked, node: Fields, levels: tuple[str, ...], where: Where) -> None:
        """Figures below each cohort, member or year, and beside them what is said once for all."""
        where = self._shared(asked, node, where)
        for key, inner in node.items():
            if key in SHARED:
                continue
            if key in LEAF or (levels[0] != "cohort" and _misspelt(key)):
                self._out_of_place(asked, key, levels[0])
                continue
            below = self.place(asked, key, levels[0], where)
            if below is not None:
                self._descend(asked, key, inner, levels[1:], below)

    def _out_of_place(self, asked: Asked, key: Word, level: str) -> None:
        if key in LEAF:
            self.say("PD773", key.span, about=asked.entry, name=asked.name, each=level)
        else:
            near = nearest(key, SHARED)
            code = self.reader.states.meant(key) if level == "member" else ""
            mend = f"did you mean `{near or code}`?" if near or code else ""
            self.say("PD720", key.span, mend=mend, about=asked.entry, key=key, where=f"`{asked.name}`")

    def place(self, asked: Asked, key: Word, level: str, where: Where) -> Where | None:
        """The place that a key leads to: a cohort, a member or a year."""
        if level == "year":
            year = self.year(key, asked)
            return replace(where, year=year) if year is not None else None
        if level == "member":
            if re.fullmatch(r"\d{4}", key):
                self.say("PD775", key.span, about=asked.entry, name=asked.name)
                return None
            code = self.reader.states.code(key, asked.entry)
            return replace(where, member=code) if code is not None else None
        if key.strip() in self.cohorts:
            return replace(where, cohort=key.strip())
        mend = did_you_mean(key, self.cohorts)
        self.say("PD756", key.span, mend=mend, about=asked.entry, name=key)
        return None

    def year(self, key: Word, asked: Asked) -> int | None:
        """A calendar year."""
        text = key.strip()
        if re.fullmatch(r"\d{4}", text, re.A) and int(text) in YEARS:
            return int(text)
        self.say("PD776", key.span, about=asked.entry, text=key, name=asked.name)
        return None

    def _shared(self, asked: Asked, node: Fields, where: Where) -> Where:
        """What a block of fields says once: unit, source, date, status."""
        said: dict[str, Word | None] = {}
        for part in SHARED:
            value = node.part(part)
            if isinstance(value, Items | Fields):
                self.say("PD722", value.span, about=asked.entry, key=part)
                value = None
            said[part] = value
        named = self.origins.read(said["source"], said["date"], said["status"]).over(where.named)
        unit = where.unit
        written = said["unit"]
        if written is not None and written.strip():
            unit = self.reader.unit(written, asked.wanted, asked.entry) or asked.wanted
        return replace(where, named=named, unit=unit)

    def _leaf(self, asked: Asked, name: Word, node: Node, where: Where) -> None:
        if isinstance(node, Items):
            self.say("PD722", node.span, about=asked.entry, key=name)
        elif isinstance(node, Word):
            self.take(asked, node, where)
        elif any(re.fullmatch(r"\d{4}", key) for key in node):
            self.say("PD775", name.span, about=asked.entry, name=asked.name)
        elif any(self.reader.states.known(key) for key in node):
            self.say("PD757", name.span, about=asked.entry, name=asked.name)
        else:
            self._detailed(asked, node, self._shared(asked, node, where))

    def _detailed(self, asked: Asked, node: Fields, where: Where) -> None:
        """One figure with its unit, source, date, status and bounds below it."""
        for key in node:
            if key not in LEAF:
                mend = did_you_mean(key, LEAF)
                self.say("PD720", key.span, mend=mend, about=asked.entry, key=key, where=f"`{asked.name}`")
        value = node.part("value")
        if isinstance(value, Items | Fields):
            self.say("PD722", value.span, about=asked.entry, key="value")
            return
        bounds = self._bounds(asked, node.part("between"), where)
        if value is not None:
            self.take(asked, value, where, bounds)

    def _bounds(self, asked: Asked, node: Node | None, where: Where) -> tuple[Quantity, Quantity] | None:
        if node is None or (isinstance(node, Word) and not node.strip()):
            return None
        if not isinstance(node, Items) or len(node) != 2 or not all(isinstance(each, Word) for each in node):
            self.say("PD778", node.span, about=asked.entry, name=asked.name)
            return None
        if asked.wanted.kind != "figure":
            self.say("PD778", node.span, about=asked.entry, name=asked.name)
            return None
        low, high = (self.reader.figure(each, asked.wanted, where.unit, asked.entry) for each in node)
        if low is None or high is None:
            return None
        if low.amount > high.amount:
            mend = f"write `[{node[1]}, {node[0]}]`"
            self.say("PD779", node.span, mend=mend, about=asked.entry, low=str(node[0]), high=str(node[1]))
            return None
        return low, high

    def take(self, asked: Asked, word: Word, where: Where, bounds: tuple[Quantity, Quantity] | None = None) -> None:
        """One figure; an empty word is a gap."""
        if not word.strip() or word.strip() == "missing":
            return
        key = (asked.name, where.cohort, where.member, where.year)
        first = self.facts.tried.setdefault(key, word.span)
        if first is not word.span:
            self.say("PD772", word.span, about=asked.entry, first=first, name=asked.name, whose=_whose(where))
            return
        value = self.reader.datum(word, asked.wanted, where.unit, asked.entry)
        if value is None:
            return
        if isinstance(value, Quantity):
            least, most = quantity_of(asked.node.low), quantity_of(asked.node.high)
            if not within(value, least, most):
                said = f"between {least} and {most}"
                self.say("PD780", word.span, about=asked.entry, text=word, name=asked.name, bounds=said)
                return
            if bounds is not None and not bounds[0].amount <= value.amount <= bounds[1].amount:
                self.say("PD781", word.span, about=asked.entry, text=word)
                return
        self._age(asked, word, where)
        if where.named.status == "contested" and bounds is None and isinstance(value, Quantity):
            self.say("PD782", word.span, about=asked.entry, name=asked.name, whose=_whose(where))
        low, high = bounds or (None, None)
        origin = where.named.origin
        self.facts.read.append(
            Fact(asked.name, value, origin, where.member, where.cohort, where.year, low, high, word.span)
        )

    def _age(self, asked: Asked, word: Word, where: Where) -> None:
        """A figure that is good for a time needs a date."""
        if asked.node.good_for is not None and where.named.date is None and where.year is None:
            self.say("PD783", word.span, about=asked.entry, name=asked.name, whose=_whose(where))


def say_stale(facts: Facts, declared: Declared, reader: Reader, at: object) -> None:
    """Figures that were no longer good on the date of the case."""
    from datetime import date

    if not isinstance(at, date):
        return
    for asked in declared.indicators.values():
        if asked.node.good_for is None:
            continue
        for fact in facts.of(asked.name):
            day = fact.origin.date or (date(fact.year, 12, 31) if fact.year is not None else None)
            end = later(day, asked.node.good_for) if day is not None else None
            if day is not None and end is not None and end < at:
                whose = f" of {fact.member}" if fact.member else ""
                reader.say(
                    "PD784", fact.span, about=asked.entry, name=asked.name, whose=whose, of=str(day), end=str(end)
                )


def say_unsourced(facts: Facts, reader: Reader, declared: Declared) -> None:
    """Figures without a source: one warning for each indicator."""
    for asked in declared.indicators.values():
        bare = [fact for fact in facts.of(asked.name) if not fact.origin.source]
        if bare:
            states = sorted({fact.member for fact in bare if fact.member})
            whose = f" ({', '.join(states[:6])}{' …' if len(states) > 6 else ''})" if states else ""
            reader.say("PD785", bare[0].span, about=asked.entry, name=asked.name, whose=whose)


def _misspelt(key: str) -> bool:
    """Whether a key is meant as one of ours and not as a State: it begins with a small letter."""
    return bool(re.match(r"[a-z]", key)) and len(key) > 3


def _whose(where: Where) -> str:
    parts = [where.member, f"cohort {where.cohort}" if where.cohort else "", str(where.year or "")]
    said = ", ".join(part for part in parts if part)
    return f" of {said}" if said else ""
