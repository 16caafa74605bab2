"""What the lines of an apportionment say, as operations: fixed amounts, weights, relief, limits."""

from __future__ import annotations

import math
from dataclasses import field
from fractions import Fraction

from policy_dsl.plan import ranks
from policy_dsl.plan.build import Builder
from policy_dsl.plan.kernels import Level
from policy_dsl.plan.lowering import Here, Lowering, NotLowered
from policy_dsl.plan.nodes import Node
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.sharing import CONSERVING
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """An apportionment on its way. `step`: of the rounding line, None without one. `rest`: what is shared by weights,

    counted in steps where there is one.
    """

    low: Lowering
    entry: Entry
    node: tree.Apportion
    here: Here
    run: Node
    step: Fraction | None
    amount_to_share: Node

    @property
    def build(self) -> Builder:
        """The builder of the plan."""
        return self.low.build

    @property
    def rest(self) -> Node:
        """What is shared by weights, in the unit of the work."""
        return self.counted(self.amount_to_share)

    def counted(self, amount: Node) -> Node:
        """An amount in steps, exact where it is surely a whole number of them; as it is without a step."""
        if self.step is None:
            return amount
        made = self.build.mul(amount, self.build.constant(1 / self.step))
        return ranks.whole(self.build, made) or made

    def amount(self, counted: Node) -> Node:
        """Steps as an amount."""
        return counted if self.step is None else self.build.mul(counted, self.build.constant(self.step))

    def mask(self, run: Node) -> Node | None:
        """A mask as an arg: none where it holds everywhere."""
        return None if run.op == "constant" and run.data is True else run


def not_negative(low: Lowering, expr: tree.Expr, here: Here, among: Node | None = None) -> Node:
    """A figure of the members of a run (or of some of it); in doubt where one is below nothing."""
    build = low.build
    mask = among if among is not None else here.run
    found = low.figure(expr, here, mask)
    if found.low < 0:
        negative = build.less(found, build.constant(0))
        build.doubt("no value", negative if mask is None else build.both(negative, mask))
        found = build.between(found, 0.0, max(found.high, 0.0))
    return found


def step_of(low: Lowering, entry: Entry, here: Here) -> Fraction | None:
    """The step of the rounding line: as written, or one person, one hundredth of a currency unit."""
    node = entry.node
    assert isinstance(node, tree.Apportion)
    if node.rounding is None:
        return None
    if node.rounding.step is None:
        unit = low.frame.checked.named[entry].unit
        if unit == RATIO:
            raise NotLowered("step", node.rounding, entry)
        return Fraction(1, 100) if unit.currency else Fraction(1)
    found = low.figure(node.rounding.step, here)
    if found.op != "constant" or not isinstance(found.data, Fraction) or found.data <= 0:
        raise NotLowered("step", node.rounding, entry)
    return found.data


def fixed(low: Lowering, node: tree.Apportion, here: Here, inside: Node, total: Node) -> tuple[Node, Node, Node]:
    """Who has a fixed amount, the amounts, and what is left of the total; the first line that names a member counts."""
    build = low.build
    who, amounts = build.constant(False), build.constant(0)
    for line in node.fixed:
        group = low.group(line.group, Here(cohort=here.cohort), loosely=True)
        own = build.both(build.both(inside, group), build.negation(who))
        amount = not_negative(low, line.amount, here, own)
        amounts = build.where(own, amount, amounts)
        who = build.either(who, own)
    if not node.fixed:
        return who, amounts, total
    taken = build.sum(build.where(who, amounts, build.constant(0)))
    rest = build.sub(total, taken)
    if rest.low < 0:
        build.doubt("no value", build.less(rest, build.constant(0)))
        rest = build.between(rest, 0.0, max(rest.high, 0.0))
    return who, amounts, rest


# ---- weights ---------------------------------------------------------------------------------------------------------


def weights(work: Work) -> Node:
    """The weight of each member of the run, up to a factor that is the same for all of them."""
    how = work.node.how
    if how is None or how.word == "equally":
        return work.build.constant(1)
    return proportional(work.build, not_negative(work.low, how.expr, work.here))


def proportional(build: Builder, weight: Node) -> Node:
    """A figure in proportion to a weight, without factors that are the same for all; whole numbers where they do."""
    while (inner := _peeled(weight)) is not None:
        weight = inner
    return ranks.counted(build, build.between(weight, 0.0, math.inf) if weight.low < 0 else weight)


def _peeled(weight: Node) -> Node | None:
    """A weight without one factor that is the same for all members and above nothing."""
    while weight.op == "same":
        weight = weight.args[0]
    if weight.op == "div" and not weight.args[1].membered and weight.args[1].low >= 0:
        # What may be nothing is not divided by: such cases are in doubt where the quotient was made.
        return weight.args[0]
    if weight.op == "mul":
        one, other = weight.args
        if not one.membered and one.low > 0:
            return other
        if not other.membered and other.low > 0:
            return one
    return None


def relieved(work: Work, weight: Node) -> Node:
    """Shares after relief: each falls by its part, and the sum of what fell is borne by others."""
    low, build = work.low, work.build
    nothing = build.constant(0)
    whole = build.sum(weight, work.run)
    part, there = build.quotient(weight, whole)
    share = build.mul(work.amount_to_share, build.where(there, part, nothing))
    for line in work.node.relief:
        relief = not_negative(low, line.relief, work.here)
        if relief.high > 1:
            build.doubt("no value", build.both(build.less(build.constant(1), relief), work.run))
        group = low.group(
            line.bearers, Here(cohort=work.here.cohort, run=work.run, total=work.here.total), loosely=True
        )
        bearers = build.both(group, work.run)
        own = build.constant(1) if line.weight is None else not_negative(low, line.weight, work.here, bearers)
        build.doubt("no value", build.both(build.less(nothing, relief), bearers))
        fell = build.mul(share, relief)
        freed = build.sum(fell, work.run)
        borne, bears = build.quotient(build.mul(freed, own), build.sum(own, bearers))
        build.doubt("no value", build.both(build.negation(bears), build.less(nothing, freed)))
        kept = build.mul(share, build.sub(build.constant(1), relief))
        taken = build.both(bearers, bears) if bears.membered or bears.cased else bearers
        share = build.add(kept, build.where(taken, borne, nothing))
        if share.low < 0:
            share = build.between(share, 0.0, max(share.high, 0.0))
    return ranks.counted(build, share)


# ---- limits ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class LevelNodes:
    """The limits of one level; a member without a floor has 0, without a ceiling more than can be shared."""

    floor: Node | None = None
    ceiling: Node | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Limits by level. `last_ceiling`: of each member, the ceiling of the last level in which it has one."""

    levels: tuple[LevelNodes, ...] = ()
    last_ceiling: Node | None = None
    figures: tuple[Node, ...] = field(default_factory=tuple)

    @property
    def floors(self) -> bool:
        """Whether there is a floor at all, so that limits may not all be kept."""
        return len(self.levels) > 1 or any(each.floor is not None for each in self.levels)

    @property
    def one_ceiling(self) -> bool:
        """Whether no more than one level has ceilings."""
        return sum(each.ceiling is not None for each in self.levels) <= 1

    def args(self, build: Builder) -> tuple[tuple[Level, ...], tuple[Node, ...]]:
        """As records and args of a kernel."""
        levels: list[Level] = []
        args: list[Node] = []
        for each in self.levels:
            low, low_args = ranks.figure(build, each.floor) if each.floor is not None else (None, ())
            high, high_args = ranks.figure(build, each.ceiling) if each.ceiling is not None else (None, ())
            levels.append(Level(low, high))
            args += [*low_args, *high_args]
        return tuple(levels), tuple(args)


def limits(work: Work) -> Limits:
    """The limits of the lines, in the unit of the work: with a step, ceilings are taken down to it and floors up."""
    build = work.build
    above = build.add(work.rest, build.constant(1))
    levels: list[LevelNodes] = []
    floor: Node | None = None
    ceiling: Node | None = None
    last: Node | None = None
    for number, line in enumerate(work.node.limits):
        if line.then and number:
            levels.append(LevelNodes(floor, ceiling))
            floor = ceiling = None
        concerned = work.run
        if line.group is not None:
            group = work.low.group(
                line.group, Here(cohort=work.here.cohort, run=work.run, total=work.here.total), loosely=True
            )
            concerned = build.both(work.run, group)
        bound = _bound(work, line.bound, work.here, concerned, up=line.kind == "at least")
        if line.kind == "at least":
            before = floor if floor is not None else build.constant(0)
            floor = build.where(concerned, build.max(before, bound), before)
            continue
        before = ceiling if ceiling is not None else above
        last_before = last if last is not None else above
        strictest = bound if ceiling is None else build.min(before, bound)
        ceiling = build.where(concerned, strictest, before)
        last = build.where(concerned, strictest, last_before)
    if floor is not None or ceiling is not None or levels:
        levels.append(LevelNodes(floor, ceiling))
    figures = tuple(each for level in levels for each in (level.floor, level.ceiling) if each is not None)
    return Limits(tuple(levels), last, figures)


def most(work: Work, expr: tree.Expr | None, here: Here, total: Node) -> Limits:
    """The one limit of those who take a remainder."""
    if expr is None:
        return Limits()
    assert here.run is not None
    ceiling = _bound(work, expr, here, here.run, up=False)
    return Limits((LevelNodes(None, ceiling),), ceiling, (ceiling,))


def _bound(work: Work, expr: tree.Expr, here: Here, concerned: Node, *, up: bool) -> Node:
    build = work.build
    with build.under(concerned):
        found = build.max(work.counted(work.low.figure(expr, here, concerned)), build.constant(0))
        if work.step is None:
            return found
        return build.ceil(found) if up else build.floor(found)


__all__ = [
    "CONSERVING",
    "Limits",
    "Work",
    "fixed",
    "limits",
    "most",
    "not_negative",
    "proportional",
    "relieved",
    "step_of",
]
