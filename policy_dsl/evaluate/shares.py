"""What an apportionment starts from: who shares, what is fixed, the weights, the limits, the ties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from fractions import Fraction

from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.aggregates import left_out
from policy_dsl.evaluate.definitions import reservation
from policy_dsl.evaluate.derivation import Derived, Members, Unknown
from policy_dsl.evaluate.engine import Engine, Env, codes_of, joined
from policy_dsl.evaluate.groups import Removed, members
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.sharing import Level
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity, Unit

ZERO = Fraction(0)


class Stopped(Exception):
    """A sharing out that cannot go on: some value is not known, or the figures make it impossible."""

    def __init__(self, gaps: Unknown, *of: Derived) -> None:
        super().__init__()
        self.gaps = gaps
        self.of = of


@dataclass(slots=True)
class Sharers:
    """Who shares, in the order of codes: `run` by weight, `fixed` with a fixed amount; `outside` with its ground."""

    among: Derived
    run: Members
    fixed: Mapping[str, Derived]
    outside: Mapping[str, Derived]
    weights: Mapping[str, Derived] = field(default_factory=dict)


def among(engine: Engine, entry: Entry, cohort: str) -> Derived:
    """The group of an apportionment's `among` line; without one, all members."""
    node = _node(entry)
    if node.among is None:
        return Derived(members(engine, Env()), "group", (), node, None, (), entry.address)
    made = engine.eval(node.among.expr, Env(cohort=cohort))
    value = made.value if isinstance(made.value, Unknown) else codes_of(made.value)
    address = engine.address(node.among, entry)
    return Derived(value, "among", (made,), node.among, None, (), address, detail=made.detail)


def sharers(engine: Engine, entry: Entry, cohort: str, total: Derived) -> Sharers:
    """Everybody's standing: shares by weight, has a fixed amount, or stays outside and why."""
    node = _node(entry)
    group = among(engine, entry, cohort)
    if (gaps := joined(group)) is not None:
        raise Stopped(gaps, group)
    inside = list(codes_of(group.value))
    outside: dict[str, Derived] = {}
    if isinstance(group.detail, Removed):
        for member, each in group.detail.by.items():
            word = "where" if isinstance(each.value, bool | Unknown) else "except"
            outside[member] = Derived(False, word, (each,), node.among, None, (member,), group.address)
    for member in members(engine, Env()):
        if member not in inside and member not in outside:
            outside[member] = Derived(False, "in", (group,), node.among, None, (member,), group.address)
    for member in list(inside):
        found = reservation(engine, entry.name, member)
        if found is not None and found[1].value is None:
            inside.remove(member)
            outside[member] = Derived(False, "reservation", (), found[1], found[0], (member,), found[0].address)
    fixed = _fixed(engine, entry, node, cohort, total, inside)
    run = tuple(sorted(each for each in inside if each not in fixed))
    made = Sharers(group, run, fixed, {m: d for m, d in outside.items() if m not in inside})
    _drop_left_out(engine, entry, node, cohort, total, made)
    return made


def _drop_left_out(
    engine: Engine, entry: Entry, node: tree.Apportion, cohort: str, total: Derived, made: Sharers
) -> None:
    """Find the weights; who lacks a fact and is left out for it leaves the run, and the weights are found again."""
    for _ in range(len(made.run) + 1):
        env = Env(cohort=cohort, run=made.run, total=total)
        made.weights = {m: _weight(engine, entry, node, replace(env, member=m)) for m in made.run}
        leaving = {m: each for m, each in made.weights.items() if left_out(each)}
        if not leaving:
            return
        made.outside = {**made.outside, **leaving}
        made.run = tuple(m for m in made.run if m not in leaving)


def _weight(engine: Engine, entry: Entry, node: tree.Apportion, env: Env) -> Derived:
    if node.how is None or node.how.word == "equally":
        return Derived(arithmetic.number(1), "equally", (), node.how, None, (env.member,), entry.address)
    if node.how.word == "minimising":
        return Derived(arithmetic.number(1), "minimising", (), node.how, None, (env.member,), entry.address)
    made = engine.eval(node.how.expr, env)
    address = engine.address(node.how, entry)
    return Derived(made.value, "weight", (made,), node.how, None, (env.member,), address)


def _fixed(
    engine: Engine, entry: Entry, node: tree.Apportion, cohort: str, total: Derived, inside: Iterable[str]
) -> dict[str, Derived]:
    found: dict[str, Derived] = {}
    for line in node.fixed:
        group = engine.eval(line.group, Env(cohort=cohort))
        if (gaps := joined(group)) is not None:
            raise Stopped(gaps, group)
        codes = codes_of(group.value)
        for member in inside:
            if member in codes and member not in found:
                amount = engine.eval(line.amount, Env(cohort=cohort, member=member, total=total))
                address = engine.address(line, entry)
                found[member] = Derived(amount.value, "fixed", (amount, group), line, None, (member,), address)
    return found


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit of one member: its value, and the line of the policy."""

    line: tree.Limit
    value: Derived
    amount: Fraction


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits by level; of several limits of one member on one level the strictest is kept."""

    levels: tuple[Level[str], ...]
    floors: Mapping[str, Bound]
    ceilings: Mapping[str, Bound]


def limits(engine: Engine, entry: Entry, env: Env, run: Members, unit: Unit, step: Fraction | None) -> Limits:
    """The limits of an apportionment; with a rounding step, ceilings are taken down to it and floors up."""
    floors: dict[str, Bound] = {}
    ceilings: dict[str, Bound] = {}
    levels: list[Level[str]] = []
    low: dict[str, Fraction] = {}
    high: dict[str, Fraction] = {}
    for line in _node(entry).limits:
        if line.then and (low or high or levels):
            levels.append(Level(low, high))
            low, high = {}, {}
        for member, bound in _bounds(engine, entry, line, env, run, unit).items():
            amount = _stepped(bound.amount, step, up=line.kind == "at least")
            if line.kind == "at least":
                if member not in low or amount > low[member]:
                    low[member], floors[member] = amount, bound
            elif member not in high or amount < high[member]:
                high[member], ceilings[member] = amount, bound
    levels.append(Level(low, high))
    return Limits(tuple(levels), floors, ceilings)


def _stepped(amount: Fraction, step: Fraction | None, *, up: bool) -> Fraction:
    if step is None:
        return amount
    steps = amount / step
    return (steps.__ceil__() if up else steps.__floor__()) * step


def _bounds(engine: Engine, entry: Entry, line: tree.Limit, env: Env, run: Members, unit: Unit) -> dict[str, Bound]:
    concerned = run
    if line.group is not None:
        group = engine.eval(line.group, env)
        if (gaps := joined(group)) is not None:
            raise Stopped(gaps, group)
        codes = codes_of(group.value)
        concerned = tuple(m for m in run if m in codes)
    found = {}
    for member in concerned:
        made = engine.eval(line.bound, replace(env, member=member))
        if (gaps := joined(made)) is not None:
            raise Stopped(gaps, made)
        if not isinstance(made.value, Quantity) or made.value.unit != unit:
            raise Stopped(arithmetic.impossible("PD820", entry.title, left=str(made.value), right=str(unit)), made)
        address = engine.address(line, entry)
        value = Derived(made.value, line.kind, (made,), line, None, (member,), address)
        found[member] = Bound(line, value, max(made.value.amount, ZERO))
    return found


def figures(found: Mapping[str, Derived], *, what: str) -> dict[str, Fraction]:
    """The amounts of several values. Raises Stopped where one is not known or is no figure."""
    if (gaps := joined(*found.values())) is not None:
        raise Stopped(gaps, *found.values())
    made = {}
    for member, each in found.items():
        if not isinstance(each.value, Quantity):
            raise Stopped(arithmetic.impossible("PD899", what), each)
        made[member] = each.value.amount
    return made


def amounts(found: Mapping[str, Derived], *, what: str) -> dict[str, Fraction]:
    """The amounts of several values. Raises Stopped where one is not known, is no figure, or is negative."""
    made = figures(found, what=what)
    for member, amount in made.items():
        if amount < 0:
            raise Stopped(arithmetic.impossible("PD832", f"{what} of {member}"), found[member])
    return made


def tie_keys(engine: Engine, entry: Entry, env: Env, tied: Members) -> list[dict[str, Fraction]]:
    """The figures of the tied by which ties are settled, in order; draws by lot are not among them."""
    keys = []
    for line in _node(entry).ties:
        if isinstance(line.expr, tree.Name) and line.expr.text == "lot":
            continue
        found = {m: engine.eval(line.expr, replace(env, member=m)) for m in tied}
        keys.append(figures(found, what=entry.title))
    return keys


def drawn(engine: Engine, entry: Entry) -> tuple[str, ...] | None:
    """The draw by lot that the case records, if the policy settles ties by lot."""
    by_lot = any(isinstance(line.expr, tree.Name) and line.expr.text == "lot" for line in _node(entry).ties)
    lot = next((each for each in engine.case.lots if each.apportionment == entry.name), None)
    return lot.drawn if by_lot and lot is not None else None


def _node(entry: Entry) -> tree.Apportion:
    assert isinstance(entry.node, tree.Apportion)
    return entry.node
