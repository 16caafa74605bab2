"""Policies made at random, as texts: every construct that a sweep may meet, put together as drafters never would.

A policy is made of a seed alone. Not each text is sound (a threshold may not rise, a limit may exceed the total); who
makes them keeps those that the checker passes.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

HEADER = """policy made "Made at random"
  language 1
  version "1"
  authority "Made for comparing"
  in force from 2020-01-01
  currency EUR
  calendar every_day
  periods plain

article 1 "All of it"
  > Words.
  tier core "Members"
"""

FACTS = {
    "each member": {
        "pop": 'persons "Population"',
        "hosts": 'persons "Hosted"',
        "gdp": 'EUR "Product"',
        "idx": 'number "Index"',
        "part": 'percent "Part"',
        "area": 'km2 "Area"',
        "flag": 'yes or no "Flag"',
    },
    "the case": {"came": 'persons "Arrivals"', "money": 'EUR "Cost"', "grave": 'yes or no "Grave"'},
    "each cohort": {"ill": 'persons "Persons of the cohort"'},
}
"""Facts by whom there is one for; those that nothing uses are not asked for."""

EACH = {"persons": ("pop", "hosts"), "EUR": ("gdp",), "number": ("idx",), "ratio": ("part",), "km2": ("area",)}
CASE = {"persons": ("came",), "EUR": ("money",), "number": (), "ratio": (), "km2": ()}
UNITS = tuple(EACH)
METHODS = ("largest_remainder", "largest_remainder", "webster", "jefferson", "adams", "hill", "dean")
ALONE = ("half_up", "half_even", "up", "down")


def made(seed: int | str) -> str:
    """The text of a policy."""
    return _Maker(random.Random(f"policy {seed}")).policy()


class _Maker:
    """A policy in the making: what has a name so far, by unit."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.each = {unit: list(names) for unit, names in EACH.items()}
        self.case = {unit: list(names) for unit, names in CASE.items()}
        self.each_truths, self.case_truths = ["flag"], ["grave"]
        self.sets = ["members"]
        self.keys: list[str] = []
        self.lines: list[str] = []
        self.count = 0

    def policy(self) -> str:
        """The whole text."""
        makers: Sequence[tuple[int, Callable[[], None]]] = (
            (3, self.set_of), (6, self.define), (2, self.scale), (2, self.key), (2, self.weighted), (2, self.parameter),
            (5, self.apportion), (1, self.guarantee), (1, self.cohorts),
        )  # fmt: skip
        for _ in range(self.draw.randint(2, 5)):
            self.draw.choices([make for _, make in makers], [weight for weight, _ in makers])[0]()
        if self.draw.random() < 0.6:
            self.apportion()
        return HEADER + _facts("\n".join(self.lines)) + "".join(f"  {line}\n" for line in self.lines)

    def name(self, kind: str) -> str:
        """A name of its own."""
        self.count += 1
        return f"{kind}_{self.count}"

    def chance(self, part: float) -> bool:
        """Yes, in this part of all calls."""
        return self.draw.random() < part

    # ---- figures ---------------------------------------------------------------------------------------------------

    def written(self, unit: str) -> str:
        """A figure as it is written."""
        pick = self.draw.choice
        match unit:
            case "persons":
                return f"{pick((1, 2, 3, 4, 5, 10, 1000, 100000))} persons"
            case "EUR":
                return f"{pick(('1', '2', '0.5', '5', '2.5', '1000', '12345.67', '0.01', '3'))} EUR"
            case "number":
                return pick(("1", "2", "0.5", "3", "2.5", "10", "0.1", "7"))
            case "ratio":
                return pick(("10%", "30%", "1/3", "50%", "25%", "2/3", "5%", "100%", "0.1%", "12.5%"))
        return f"{pick((1, 2, 3, 5, 1000))} km2"

    def named(self, unit: str, each: bool) -> str:
        """Something that has a name, or a written figure."""
        names = [*self.case[unit], *(self.each[unit] if each else ())]
        if names and self.chance(0.85):
            return self.draw.choice(names[-4:] if self.chance(0.5) else names)
        if not each and self.chance(0.8):
            over = f" over {self.tight_group()}"
            return (
                f"{self.draw.choice(('sum', 'least', 'greatest', 'mean'))} of {self.draw.choice(self.each[unit])}{over}"
            )
        return self.written(unit)

    def figure(self, unit: str, each: bool, depth: int) -> str:
        """An expression of a unit, in parentheses where it is more than a name."""
        if depth <= 0 or self.chance(0.15):
            return f"({self.named(unit, each)})"
        one = lambda: self.figure(unit, each, depth - 1)  # noqa: E731
        way = self.draw.randrange(14)
        match way:
            case 0:
                return f"({one()} + {one()})"
            case 1:
                return f"({one()} - {one()})"
            case 2 if unit != "number":
                return f"({self.figure('ratio', each, depth - 1)} * {one()})"
            case 3:
                return f"({self.written('ratio')} of {one()})"
            case 4 | 5:
                return f"{self.draw.choice(('min', 'max', 'average'))}({one()}, {one()})"
            case 6:
                return f"(if {self.condition(each, depth - 1)} then {one()} else {one()})"
            case 7 if unit in ("persons", "EUR", "number", "km2"):
                function = self.draw.choice(("half_up", "half_even", "up", "down", "round"))
                return f"{function}({one()}, {self.written(unit)})"
            case 7:
                how = self.draw.choice(("half_up", "half_even", "up", "down"))
                return f"{how}({one()}, {self.draw.choice(('1%', '5%', '0.1%'))})"
            case 8 | 9:
                return f"({self.aggregate(unit, depth - 1)})"
            case 2 | 10:
                return f"({one()} / {self.draw.choice(('2', '3', '0.5', '7'))})"
        return self.own(unit, each, depth, one)

    def of_members(self, depth: int, unit: str = "") -> str:
        """A figure that surely differs from member to member."""
        unit = unit or self.draw.choice(UNITS)
        made_ = self.figure(unit, True, depth)
        names = {name for each in self.each.values() for name in each}
        return (
            made_
            if names & set(_WORD.findall(made_)) - _inside_aggregates(made_)
            else f"({self.draw.choice(self.each[unit])})"
        )

    def own(self, unit: str, each: bool, depth: int, one: Callable[[], str]) -> str:
        """What there is of one unit alone."""
        other = self.draw.choice(UNITS[:2])
        if unit == "ratio":
            if each and self.chance(0.6):
                word = self.draw.choice(("share", "index", "share"))
                of = self.of_members(depth - 1)
                return f"({word} of {of} over {self.tight_group()})"
            below = self.figure(other, each, depth - 1)
            if self.chance(0.5):
                below = f"max({below}, 1 {'person' if other == 'persons' else other})"
            made_ = f"({self.figure(other, each, depth - 1)} / {below})"
            return f"({made_} ^ {self.draw.choice(('2', '0.5', '3', '1.5'))})" if self.chance(0.12) else made_
        if unit == "number":
            if each and self.chance(0.6):
                of = self.of_members(depth - 1)
                ties = f" ties by {self.draw.choice(self.each[self.draw.choice(UNITS)])}" if self.chance(0.5) else ""
                return f"(rank of {of} over {self.tight_group()}{ties})"
            return f"(count of {self.tight_group()})"
        if unit == "EUR":
            of = self.figure("persons", each, depth - 1)
            return f"({of} * {self.draw.choice(('3.5', '10', '0.33'))} EUR per person)"
        return f"({self.written('ratio')} of {one()})"

    def aggregate(self, unit: str, depth: int) -> str:
        """A figure of all members of a group."""
        word = self.draw.choice(("sum", "mean", "least", "greatest", "sum"))
        return f"{word} of {self.of_members(depth, unit)} over {self.tight_group()}"

    # ---- conditions and groups -------------------------------------------------------------------------------------

    def condition(self, each: bool, depth: int) -> str:
        """A condition, in parentheses where it is more than a name."""
        way = self.draw.randrange(8)
        if way == 0:
            return self.draw.choice([*self.case_truths, *(self.each_truths if each else ())])
        if way == 1 and each and len(self.sets) > 1:
            return f"(member {self.draw.choice(('in', 'not in'))} {self.draw.choice(self.sets[1:])})"
        if way == 2 and depth > 0:
            one, other = self.condition(each, depth - 1), self.condition(each, depth - 1)
            return f"({one} {self.draw.choice(('and', 'or'))} {other})"
        if way == 3 and depth > 0:
            return f"(not {self.condition(each, depth - 1)})"
        unit = self.draw.choice(UNITS)
        sign = self.draw.choice(("<", "<=", ">", ">=", "=", "<>"))
        right = self.written(unit) if self.chance(0.5) else self.figure(unit, each, depth - 1)
        return f"({self.figure(unit, each, depth)} {sign} {right})"

    def group(self, depth: int) -> str:
        """A group, as it stands after `=`."""
        base = self.draw.choice(self.sets)
        if self.chance(0.2) and len(self.sets) > 1:
            base += f" except {self.draw.choice(self.sets[1:])}"
        return f"{base} where {self.condition(True, depth)}"

    def tight_group(self) -> str:
        """A group, as it stands inside an expression."""
        if self.chance(0.75):
            return self.draw.choice(self.sets)
        return f"({self.group(0)})"

    # ---- provisions ------------------------------------------------------------------------------------------------

    def set_of(self) -> None:
        """A group by a condition."""
        name = self.name("group")
        self.lines.append(f'set {name} "Group" = {self.group(1)}')
        self.sets.append(name)

    def define(self) -> None:
        """A figure, or yes or no, with exceptions."""
        unit, each = self.draw.choice(UNITS), self.chance(0.75)
        if self.chance(0.15):
            name = self.name("truth")
            whom = " for each member" if each else ""
            self.lines.append(f'define {name} "Truth"{whom} = {self.condition(each, 2)}')
            (self.each_truths if each else self.case_truths).append(name)
            return
        name = self.name(f"x_{unit.lower()}")
        self.lines.append(f'define {name} "Figure"{" for each member" if each else ""} = {self.figure(unit, each, 2)}')
        for _ in range(self.draw.choice((0, 0, 0, 1, 2))):
            self.lines.append(f"  except where {self.condition(each, 1)} : {self.figure(unit, each, 1)}")
        (self.each if each else self.case)[unit].append(name)

    def parameter(self) -> None:
        """An agreed figure."""
        unit = self.draw.choice(UNITS)
        name = self.name(f"agreed_{unit.lower()}")
        self.lines.append(f'parameter {name} "Agreed" = {self.written(unit)}')
        self.case[unit].append(name)

    def scale(self) -> None:
        """A table of brackets."""
        unit = self.draw.choice(("persons", "EUR", "number"))
        kind = self.draw.choice(("marginal", "whole"))
        name, word = self.name("scale"), {"persons": " persons", "EUR": " EUR", "number": ""}[unit]
        self.lines.append(f'scale {name} "Scale" on {self.of_members(1, unit)}, {kind}')
        rates = sorted(self.draw.sample(range(40), 4))
        for top, rate in zip(sorted(self.draw.sample((1, 2, 3, 5, 10, 1000, 50000), 3)), rates, strict=False):
            self.lines.append(f"  {self.draw.choice(('up to', 'below'))} {top}{word} : {rate}%")
        self.lines.append(f"  otherwise : {rates[-1]}%")
        self.each[unit if kind == "marginal" else "ratio"].append(name)

    def key(self) -> None:
        """A key of two or three terms, with a cap and a rest."""
        name = self.name("key")
        weights = self.draw.choice((("40%", "60%"), ("1/3", "1/3", "1/3"), ("50%", "30%", "20%")))
        capped = self.chance(0.6)
        terms = [f"share of {self.of_members(1 if self.chance(0.5) else 0)}" for _ in weights]
        if capped:
            terms[-1] = f"min({terms[-1]}, {self.draw.choice(('30%', '20%', '1/3', '5%'))})"
        self.lines.append(f'key {name} "Key"')
        self.lines += [f"  {weight} : {term}" for weight, term in zip(weights, terms, strict=True)]
        if capped:
            self.lines.append(f"  rest by {terms[0]}")
        self.keys.append(name)

    def rows(self, weights: Sequence[str]) -> list[str]:
        """The rows of criteria."""
        made_ = []
        for at, weight in enumerate(weights):
            unit = self.draw.choice(("persons", "number", "EUR"))
            word = {"persons": " persons", "EUR": " EUR", "number": ""}[unit]
            worst, best = self.draw.choice(((0, 10), (0, 4), (10, 0), (5, 1), (0, 100000)))
            self.count += 1
            least = ""
            if self.chance(0.3):
                least = f", at least {(worst + best) // 2}{word}"
            of = self.of_members(self.draw.choice((0, 0, 1)), unit)
            made_.append(f"  {weight}row_{self.count}_{at} : {of} from {worst}{word} to {best}{word}{least}")
        return made_

    def weighted(self) -> None:
        """Criteria by weight."""
        name = self.name("criteria")
        self.lines.append(f'criteria {name} "Criteria" by weight')
        self.lines += self.rows(self.draw.choice((("40% ", "60% "), ("20% ", "30% ", "50% "), ("50% ", "50% "))))
        if self.chance(0.2):
            self.lines.append(f"  informed by share of {self.draw.choice(self.each['persons'])} at 20%")
        self.keys.append(name)

    def guarantee(self) -> None:
        """A promise."""
        self.lines.append(f"guarantee {self.name('promise')} : {self.condition(self.chance(0.7), 2)}")

    def cohorts(self) -> None:
        """A sharing out for each cohort, and what a member has of all of them."""
        name = self.name("placed")
        self.lines.append(f'apportion {name} "Placed" for each cohort')
        self.lines += [
            "  total ill",
            f"  among {self.draw.choice(self.sets)}",
            f"  by {self.draw.choice(self.each['persons'])}",
        ]
        self.lines += self.limits("ill", "persons", ())
        self.lines += [f"  rounding {self.draw.choice(METHODS)}", f"  ties by {self.draw.choice(self.each['EUR'])}"]
        self.lines.append("  remainder to none")
        all_ = self.name("x_persons")
        self.lines.append(f'define {all_} "All placed" for each member = sum of {name} over cohorts')
        self.each["persons"].append(all_)

    # ---- apportionments --------------------------------------------------------------------------------------------

    def apportion(self) -> None:
        """A sharing out, with whatever lines the draw brings."""
        draw, unit = self.draw, self.draw.choice(("persons", "persons", "EUR", "ratio"))
        total = {"persons": ("came", "1000 persons", "100 persons"), "EUR": ("money",), "ratio": ("100%",)}[unit]
        bands = self.chance(0.2)
        order = ""
        if bands:
            order = self.name("order")
            self.lines.append(f'criteria {order} "Order" in order')
            self.lines += self.rows(("", "")[: draw.randint(1, 2)])
            self.lines.append(f"  similar within {draw.choice(('10%', '0%', '25%', '1/3'))}")
        name = self.name("shared")
        self.lines.append(f'apportion {name} "Shared"')
        add = self.lines.append
        add(f"  total {draw.choice((*total, *total, self.figure(unit, False, 1)))}")
        add(f"  among {draw.choice(self.sets)}")
        if bands:
            add(f"  in bands of {order}")
        add(f"  {self.way()}")
        if self.chance(0.15):
            add(f"  fixed {self.written(unit)} for ({self.draw.choice(self.sets)} where {self.condition(True, 0)})")
        if not bands and self.chance(0.15):
            by = f" by {draw.choice(self.each['EUR'])}" if self.chance(0.5) else ""
            add(
                f"  relief (if {self.condition(True, 0)} then {draw.choice(('50%', '10%', '1/3'))} else 0%), "
                f"borne by (members where {self.condition(True, 0)}){by}"
            )
        self.lines += self.limits("total", unit, ("",) if bands else ())
        if self.chance(0.15):
            credit = {"persons": "hosts", "EUR": "hosts * 2 EUR per person", "ratio": "part"}[unit]
            add(f"  less {credit}{', excess refunded' if self.chance(0.3) else ''}")
        if self.chance(0.85):
            self.rounding(unit)
        add(self.remainder(unit))
        self.each[unit].append(name)

    def way(self) -> str:
        """By what the total is shared."""
        if self.chance(0.1):
            return "equally"
        if self.keys and self.chance(0.4):
            return f"by {self.draw.choice(self.keys)}"
        if self.chance(0.5):
            return f"by {self.draw.choice(self.each[self.draw.choice(UNITS)])}"
        return f"by {self.of_members(1)}"

    def limits(self, total: str, unit: str, needed: Sequence[str]) -> list[str]:
        """Floors and ceilings, on one or two levels."""
        draw, made_ = self.draw, []
        number = draw.choice((0, 0, 1, 1, 2, 3)) if not needed else draw.choice((1, 2))
        for at in range(number):
            kind = draw.choice(("at most", "at most", "at least"))
            if at == 0 and needed:
                kind = "at most"
            if kind == "at least":
                bound = draw.choice((f"{draw.choice(('1%', '0.5%', '5%'))} of {total}", f"2% of {total}"))
            else:
                own = f"{draw.choice(('50%', '10%', '3%'))} of {draw.choice(self.each[unit])}"
                bound = draw.choice((f"{draw.choice(('40%', '25%', '30%', '1/3'))} of {total}", own, own))
            group = f" for {draw.choice(self.sets)}" if self.chance(0.3) else ""
            then = "then " if at and self.chance(0.4) else ""
            made_.append(f"  {then}{kind} {bound}{group}")
        return made_

    def rounding(self, unit: str) -> None:
        """Whole steps, and what settles ties."""
        draw = self.draw
        method = draw.choice(METHODS) if self.chance(0.8) else draw.choice(ALONE)
        steps = {
            "persons": ("", " to 1 person", " to 5 persons"),
            "EUR": ("", " to 1 EUR"),
            "ratio": (" to 0.1%", " to 1%"),
        }
        residue = f", residue by {draw.choice(self.each['persons'])}" if self.chance(0.2) else ""
        self.lines.append(f"  rounding {method}{draw.choice(steps[unit])}{residue}")
        for _ in range(draw.choice((0, 1, 1, 2))):
            self.lines.append(f"  ties by {draw.choice(self.each[draw.choice(UNITS)])}")
        if self.chance(0.15):
            self.lines.append("  ties by lot")

    def remainder(self, unit: str) -> str:
        """Where what the limits leave over goes."""
        if self.chance(0.5):
            return "  remainder to none"
        by = f" by {self.draw.choice(self.each[self.draw.choice(UNITS)])}" if self.chance(0.7) else ""
        most = f", at most {self.draw.choice(self.each[unit])}" if self.chance(0.4) else ""
        return f"  remainder to {self.draw.choice(self.sets)}{by}{most}"


_WORD = re.compile(r"[a-z_]+[a-z_0-9]*")
_AGGREGATE = re.compile(r"\((?:sum|mean|least|greatest|count) of .*|(?<!\w)(?:sum|mean|least|greatest) of \w+ over \w+")


def _inside_aggregates(text: str) -> set[str]:
    """The words that stand where an aggregate may have taken them in."""
    return {word for found in _AGGREGATE.findall(text) for word in _WORD.findall(found)}


def _facts(text: str) -> str:
    """The facts that a text uses, declared."""
    words = set(_WORD.findall(text))
    made_ = []
    for whom, facts in FACTS.items():
        asked = [f"    {name} : {unit}\n" for name, unit in facts.items() if name in words]
        made_ += [f"  indicators for {whom}\n", *asked] if asked else []
    return "".join(made_)
