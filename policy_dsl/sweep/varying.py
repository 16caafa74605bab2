"""What is drawn, and between which bounds: what `--vary` says, read against a policy and its base case.

security=±20%                 each member's figure, within a fifth of what the case states
arrivals=±500                 within 500, in the unit in which the policy asks for the fact
gdp=10..50                    from 10 to 50, in that unit
gdp of AUT=±5%                one member alone; `persons of sick`, `applications of AUT in 2024`
population=contested          within the bounds that the case states for contested facts
in_danger=yes 30%             yes in three of ten cases
rate=±10%                     an agreed figure; `rate=choice`: within the bounds of the choice left to a body
standing.gdp=±10%             the weight of the criterion `gdp` of `standing`; `size.2`: of the second term of a key
security=±20% normal          another distribution: uniform, triangular or normal
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from policy_dsl.cases.case import Case, Fact
from policy_dsl.cases.declared import Asked, Declared
from policy_dsl.check import Checked
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate import facts as figures
from policy_dsl.evaluate.anew import ParameterAt
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.plan import Column, IndicatorAt
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.sweep.columns import bounds_of, seats_of, whole
from policy_dsl.sweep.faults import Unfit
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity

SHAPES = ("uniform", "triangular", "normal")
_ITEM = re.compile(r"(?P<what>[^=]+)=(?P<how>.+)$", re.S)
_WHAT = re.compile(r"(?P<name>[a-z_]\w*)(?:\.(?P<row>\w+))?(?P<of>(?: of \w+)*)(?: in (?P<year>\d{4}))?$", re.A)
_NUMBER = r"[+-]?\d[\d_]*(?:\.\d[\d_]*)?"
_NEAR = re.compile(r"(?:±|\+-|\+/-) ?(?P<by>\d[\d_]*(?:\.\d[\d_]*)?) ?(?P<part>%?)$", re.A)
_RANGE = re.compile(rf"(?P<low>{_NUMBER})(?P<low_part> ?%)? ?\.\. ?(?P<high>{_NUMBER}) ?(?P<part>%?)$", re.A)
_CHANCE = re.compile(r"yes (?P<part>\d+(?:\.\d+)?) ?%$", re.A)


@dataclass(frozen=True, slots=True)
class Range:
    """Between which amounts a figure is drawn, in base units; `stated` is what the case or the policy has."""

    low: Fraction
    high: Fraction
    stated: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Varied:
    """A column that is drawn: of each member (by code; "" for the case) the range, and the shape of the distribution.

    `chance` is how likely a truth is, where one is drawn. `whole`: only whole numbers of what is counted are drawn.
    `together` are the weights of one key or of criteria by weight, which are to keep their sum.
    """

    column: Column
    ranges: tuple[tuple[str, Range], ...] = ()
    shape: str = "uniform"
    whole: bool = False
    chance: Fraction | None = None
    together: str = ""


def read_varied(items: Iterable[str], checked: Checked, base: Case, shape: str = "uniform") -> tuple[Varied, ...]:
    """What is asked to vary; with nothing asked, every contested fact. Raises Unfit."""
    reader = _Reader(checked, base, shape)
    asked = list(items)
    found = [each for item in asked for each in reader.item(item)] if asked else list(reader.contested())
    if not found:
        raise Unfit(Problem("PD997", params={"case": base.title}))
    made: dict[str, Varied] = {}
    for each in found:
        made[each.column.name] = _merged(made[each.column.name], each) if each.column.name in made else each
    return tuple(made.values())


def _merged(first: Varied, second: Varied) -> Varied:
    """Two ranges of one column: of members who are named twice the later holds."""
    return Varied(
        first.column, tuple((dict(first.ranges) | dict(second.ranges)).items()), second.shape, second.whole,
        second.chance, second.together,
    )  # fmt: skip


class _Reader:
    def __init__(self, checked: Checked, base: Case, shape: str) -> None:
        self.checked = checked
        self.program = checked.program
        self.base = base
        self.shape = shape
        self.declared = Declared(checked.program)
        self.members = seats_of(self.declared, base)
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        if self._engine is None:
            self._engine = engine_for(self.checked, self.base)
        return self._engine

    def item(self, text: str) -> Iterator[Varied]:
        """What one `--vary` says."""
        found = _ITEM.match(text)
        what = _WHAT.match(found["what"].strip()) if found else None
        if found is None or what is None:
            raise Unfit(Problem("PD995", params={"text": text}))
        how, shape = found["how"].strip(), self.shape
        word = how.rpartition(" ")[2]
        if word in SHAPES:
            how, shape = how.removesuffix(word).strip(), word
        name = what["name"]
        if what["row"]:
            yield self._weight(text, name, what["row"], how, shape)
        elif name in self.declared.indicators:
            places = what["of"].split(" of ")[1:]
            yield from self._facts(text, self.declared.indicators[name], places, what["year"], how, shape)
        elif name in self.declared.parameters:
            yield self._parameter(text, self.declared.parameters[name], how, shape)
        else:
            names = [*self.declared.indicators, *self.declared.parameters]
            raise Unfit(Problem("PD996", params={"name": name}, mend=did_you_mean(name, names)))

    # ---- facts -------------------------------------------------------------------------------------------------------

    def contested(self) -> Iterator[Varied]:
        """Every contested fact with stated bounds."""
        for asked in self.declared.indicators.values():
            if any(fact.low is not None for fact in self.base.facts if fact.indicator == asked.name):
                yield from self._facts(asked.name, asked, [], None, "contested", self.shape)

    def _facts(
        self, text: str, asked: Asked, places: list[str], year: str | None, how: str, shape: str
    ) -> Iterator[Varied]:
        cohorts, members = [], []
        for place in places:
            if place in self.base.cohorts and "cohort" in asked.levels:
                cohorts.append(place)
            elif place in self.members and "member" in asked.levels:
                members.append(place)
            else:
                known = [*self.members, *self.base.cohorts]
                raise Unfit(Problem("PD996", params={"name": place}, mend=did_you_mean(place, known)))
        if year is not None and "year" not in asked.levels:
            raise Unfit(Problem("PD995", params={"text": text}))
        columns: dict[Column, list[Fact]] = {}
        for fact in self.base.facts:
            here = fact.indicator == asked.name and (not cohorts or fact.cohort in cohorts)
            here = here and (not members or fact.member in members)
            if here and (year is None or fact.year == int(year)) and (not fact.member or fact.member in self.members):
                columns.setdefault(self._column(asked, fact), []).append(fact)
        if not columns:
            raise Unfit(Problem("PD996", params={"name": text.partition("=")[0].strip()}, mend=_NO_FACT))
        if asked.wanted.kind == "truth":
            chance = _CHANCE.match(how)
            if chance is None or Fraction(chance["part"]) > 100:
                raise Unfit(Problem("PD995", params={"text": text}, mend=_YES))
            for column, facts in columns.items():
                of = tuple((fact.member, Range(_0, _1, Fraction(fact.value is True))) for fact in facts)
                yield Varied(column, of, chance=Fraction(chance["part"]) / 100)
            return
        if asked.wanted.kind != "figure":
            raise Unfit(Problem("PD995", params={"text": text}, mend="only figures, and yes or no, can be drawn"))
        drawn = 0
        for column, facts in columns.items():
            of = tuple((fact.member, each) for fact in facts if (each := self._range(text, asked, fact, how)))
            drawn += len(of)
            if of:
                yield Varied(column, of, shape, whole(asked))
        if not drawn:
            raise Unfit(Problem("PD996", params={"name": asked.name}, mend=_NO_BOUNDS))

    def _column(self, asked: Asked, fact: Fact) -> Column:
        name = "@".join([asked.name, *([fact.cohort] if fact.cohort else []), *([str(fact.year)] if fact.year else [])])
        at = IndicatorAt(asked.name, fact.cohort, fact.year)
        return Column(name, at, "member" in asked.levels, asked.wanted.kind == "truth")

    def _range(self, text: str, asked: Asked, fact: Fact, how: str) -> Range | None:
        assert isinstance(fact.value, Quantity)
        stated = fact.value.amount
        if how == "contested":
            if fact.low is None or fact.high is None:
                return None
            low, high = fact.low.amount, fact.high.amount
        else:
            low, high = self._limits(text, how, stated, asked.wanted.factor, ratio=asked.wanted.unit == RATIO)
        bounds = bounds_of(asked)
        low = max(low, bounds.low) if bounds.low is not None else low
        high = min(high, bounds.high) if bounds.high is not None else high
        if low > high:
            raise Unfit(Problem("PD995", params={"text": text}, mend=_BEYOND))
        return Range(low, high, min(max(stated, low), high))

    def _limits(
        self, text: str, how: str, stated: Fraction, factor: Fraction, *, ratio: bool
    ) -> tuple[Fraction, Fraction]:
        """The bounds that are asked for, in base units."""
        near, between = _NEAR.match(how), _RANGE.match(how)
        if near:
            by = _figure(near["by"])
            by = abs(stated) * by / 100 if near["part"] else by * factor
            return stated - by, stated + by
        if between and (ratio or not (between["part"] or between["low_part"])):
            one = Fraction(1, 100) if between["part"] else factor
            low, high = _figure(between["low"]) * one, _figure(between["high"]) * one
            if low <= high:
                return low, high
        raise Unfit(Problem("PD995", params={"text": text}))

    # ---- agreed figures and weights ----------------------------------------------------------------------------------

    def _parameter(self, text: str, entry: Entry, how: str, shape: str) -> Varied:
        column = Column(entry.name, ParameterAt(entry.name), False)
        left = self.declared.left(entry)
        if how == "choice":
            if left is None:
                raise Unfit(Problem("PD996", params={"name": entry.name}, mend="the policy leaves no choice here"))
            opened = figures.choice(self.engine, entry)
            bounds = [each.value for each in (opened.low, opened.high)]
            low, high = (each.amount if isinstance(each, Quantity) else None for each in bounds)
            if low is None or high is None:
                raise Unfit(Problem("PD996", params={"name": entry.name}, mend=_NO_VALUE))
            value = self.engine.value_for(entry, (), Env()).value
            stated = value.amount if isinstance(value, Quantity) else (low + high) / 2
            return Varied(column, (("", Range(low, high, stated)),), shape)
        value = self.engine.value_for(entry, (), Env()).value
        if not isinstance(value, Quantity):
            raise Unfit(Problem("PD996", params={"name": entry.name}, mend=_NO_VALUE))
        factor = Fraction(1, 100) if value.unit == RATIO else _1
        low, high = self._limits(text, how, value.amount, factor, ratio=value.unit == RATIO)
        return Varied(column, (("", Range(low, high, value.amount)),), shape)

    def _weight(self, text: str, name: str, row: str, how: str, shape: str) -> Varied:
        entry = self.program.entries.get(name)
        written = dict(weights_of(entry)) if entry is not None else {}
        if row not in written:
            known = [f"{name}.{each}" for each in written]
            raise Unfit(Problem("PD996", params={"name": f"{name}.{row}"}, mend=did_you_mean(f"{name}.{row}", known)))
        node = written[row]
        value = self.engine.eval(node, Env()).value
        assert isinstance(value, Quantity)
        low, high = self._limits(text, how, value.amount, Fraction(1, 100), ratio=True)
        made = Range(max(low, _0), min(high, _1), value.amount)
        return Varied(Column(f"{name}.{row}", node, False), (("", made),), shape, together=name)


def weights_of(entry: Entry | None) -> Iterator[tuple[str, tree.Expr]]:
    """The weights written as figures: of criteria by the name of the row, of a key by the number of the term."""
    node = entry.node if entry is not None else None
    if isinstance(node, tree.Criteria):
        yield from ((row.name.text, row.weight) for row in node.rows if row.weight is not None)
    elif isinstance(node, tree.Key):
        for number, part in enumerate(node.parts, 1):
            if isinstance(part.weight, tree.Percent | tree.Ratio | tree.Number):
                yield str(number), part.weight


def _figure(text: str) -> Fraction:
    return Fraction(text.replace("_", ""))


_0, _1 = Fraction(0), Fraction(1)
_NO_FACT = "the base case states no such fact; what it doesn't state can't be varied"
_NO_BOUNDS = "the case states no bounds for it: write `between: [low, high]` at the fact, or say how far, as `±10%`"
_NO_VALUE = "it has no value in the base case"
_YES = "write how often it is yes, as `yes 30%`"
_BEYOND = "all of it lies beyond the bounds that the policy states for the fact"
