"""Aggregates: sums, means, counts, shares, indices and ranks over members, cohorts, events or years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from policy_dsl.cases.case import Event
from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.derivation import Derived, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, codes_of, joined
from policy_dsl.evaluate.groups import events_of, is_events, members
from policy_dsl.evaluate.ranks import ranks
from policy_dsl.resolve.program import Builtin, Entry
from policy_dsl.sharing import NoRange, NoShare, index_of, rank_of, share_of
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

Subject = tuple[str, ...] | Event | int


def aggregate(engine: Engine, node: tree.Aggregate, env: Env) -> Derived:
    """The value of `sum of x over s` and its kin.

    Without `over` it ranges over the members among whom the current run shares; outside any run over all members, or
    over the cohorts where the value is one for each cohort.
    """
    if node.op == "count" and node.over is None:
        return _count(engine, node, env)
    if isinstance(node.over, tree.Years | tree.LastYears):
        return _over_years(engine, node, env)
    ranged = _ranged(engine, node, env)
    if isinstance(ranged, Derived):
        return ranged
    figures, base = ranged
    if node.op in ("share", "index", "rank"):
        return _of_member(engine, node, env, figures, base)
    return _whole(engine, node, figures, base)


def over_members(engine: Engine, node: tree.Expr, group: Derived, env: Env) -> dict[str, Derived]:
    """The value of an expression for each member of a group; members left out by their indicator's rule are dropped."""
    if not isinstance(group.value, tuple):
        return {}
    found = {each: engine.eval(node, replace(env, member=each)) for each in group.value if isinstance(each, str)}
    return {each: value for each, value in found.items() if not left_out(value)}


def left_out(found: Derived) -> bool:
    """Whether a member leaves the sets that use this value, because a fact is missing and the policy says so."""
    return isinstance(found.value, Unknown) and all(gap.kind == "left out" for gap in found.value.gaps)


def reach_of(engine: Engine, node: tree.Node) -> frozenset[str]:
    """For what an expression has a value each: "member", "cohort", both or neither, by the names in it."""
    return engine.kept(("reach", node), lambda: frozenset(_reach(engine, node)))


def _reach(engine: Engine, node: tree.Node) -> Iterator[str]:
    match node:
        case tree.Aggregate():
            # What an aggregate ranges over is bound by it; a share stays a value for each.
            if node.op in ("share", "index", "rank"):
                yield "member"
            elif isinstance(node.over, tree.Years | tree.LastYears):
                yield from reach_of(engine, node.of)
            return
        case tree.ValueOf() | tree.Group():
            if isinstance(node, tree.ValueOf):
                yield from reach_of(engine, node.of)
            return
        case tree.Name():
            ref = engine.ref(node)
            if isinstance(ref, Entry):
                yield from engine.reach(ref) if ref.kind != "scale" else reach_of(engine, _base(ref))
            elif ref is Builtin.MEMBER:
                yield "member"
            return
    for child in tree.children(node):
        yield from reach_of(engine, child)


def _base(scale: Entry) -> tree.Expr:
    assert isinstance(scale.node, tree.Scale)
    return scale.node.base


def _count(engine: Engine, node: tree.Aggregate, env: Env) -> Derived:
    if is_events(engine, node.of):
        found = events_of(engine, node.of, env)
        if isinstance(found.value, Unknown):
            return Derived(found.value, "count of", (found,), node)
        events = found.value if isinstance(found.value, tuple) else ()
        return Derived(arithmetic.number(counted(events)), "count of", (found,), node)
    group = engine.eval(node.of, env)
    if (gaps := joined(group)) is not None:
        return Derived(gaps, "count of", (group,), node)
    size = len(group.value) if isinstance(group.value, tuple) else 1
    return Derived(arithmetic.number(size), "count of", (group,), node)


def counted(events: Sequence[object]) -> int:
    """How many events there are; an example that gives only the twelfth tells of twelve."""
    ordinals = [each.ordinal or 0 for each in events if isinstance(each, Event)]
    return max(len(events), max(ordinals, default=0))


def _ranged(engine: Engine, node: tree.Aggregate, env: Env) -> tuple[Mapping[Subject, Derived], Derived] | Derived:
    """The values that an aggregate ranges over, by subject, and the group; or why there are none."""
    if isinstance(node.over, tree.Expr) and is_events(engine, node.over):
        return _events(engine, node, env)
    base = _range(engine, node, env)
    if (gaps := joined(base)) is not None:
        return Derived(gaps, f"{node.op} of", (base,), node)
    assert isinstance(base.value, tuple)
    both = base.op == "members and cohorts"
    by_cohort = base.op == "cohorts" or (isinstance(node.over, tree.Expr) and engine.ref(node.over) is Builtin.COHORTS)
    whom = env.member if by_cohort else env.cohort
    seen = (env.run, env.view, env.year, env.gap, engine.token(env.event), engine.token(env.judged))
    key = ("range", node, base.value, by_cohort, whom, seen)

    def find() -> Mapping[Subject, Derived]:
        if both:
            subjects = [(c, m) for c in engine.case.cohorts for m in members(engine, env)]
            return {s: engine.eval(node.of, replace(env, cohort=s[0], member=s[1])) for s in subjects}
        if by_cohort:
            return {(c,): engine.eval(node.of, replace(env, cohort=c)) for c in codes_of(base.value)}
        found = over_members(engine, node.of, base, env)
        return {(m,): value for m, value in found.items()}

    return engine.kept(key, find), base


def _range(engine: Engine, node: tree.Aggregate, env: Env) -> Derived:
    """The group over which an aggregate ranges."""
    if isinstance(node.over, tree.Expr):
        found = engine.eval(node.over, env)
        if isinstance(found.value, str):
            return Derived((found.value,), "group", (found,), node.over)
        return found
    reach = reach_of(engine, node.of)
    bound = {"cohort"} if env.cohort else set()
    if "cohort" in reach - bound and "member" in reach and env.run is None:
        return Derived(engine.case.cohorts, "members and cohorts")
    if "cohort" in reach - bound and "member" not in reach:
        return Derived(engine.case.cohorts, "cohorts")
    if env.run is not None:
        return Derived(env.run, "run")
    return engine.kept(("members", None), lambda: Derived(members(engine, env), "members"))


def _events(engine: Engine, node: tree.Aggregate, env: Env) -> tuple[Mapping[Subject, Derived], Derived] | Derived:
    assert isinstance(node.over, tree.Expr)
    found = events_of(engine, node.over, env)
    if isinstance(found.value, Unknown):
        return Derived(found.value, f"{node.op} of", (found,), node)
    assert isinstance(found.value, tuple)
    events = [each for each in found.value if isinstance(each, Event)]
    return {index: engine.eval(node.of, replace(env, event=each)) for index, each in enumerate(events)}, found


def _of_member(
    engine: Engine, node: tree.Aggregate, env: Env, figures: Mapping[Subject, Derived], base: Derived
) -> Derived:
    """`share of`, `index of`, `rank of`: the place of the member at hand among all."""
    subject: Subject = (env.cohort,) if base.op == "cohorts" else (env.member,)
    mine = figures.get(subject) or engine.eval(node.of, env)
    op = f"{node.op} of"
    if (gaps := joined(mine)) is not None:
        return Derived(gaps, op, (mine,), node)
    if node.ties and subject in figures:
        return _of_ranked(engine, node, env, figures, base, mine)

    def find() -> Derived | Mapping[Subject, Fraction]:
        amounts = _amounts(node, figures)
        if isinstance(amounts, Derived):
            return amounts
        try:
            if node.op == "share":
                return share_of(amounts)
            if node.op == "index":
                return index_of(amounts)
            return {each: Fraction(rank) for each, rank in rank_of(amounts).items()}
        except NoShare:
            return Derived(arithmetic.impossible("PD830", node.written), op, (base, *figures.values()), node)
        except NoRange:
            return Derived(arithmetic.impossible("PD831", node.written), op, (base, *figures.values()), node)
        except ValueError:
            return Derived(arithmetic.impossible("PD832", node.written), op, (base, *figures.values()), node)

    found = engine.kept(("placed", node, engine.token(figures)), find)
    if isinstance(found, Derived):
        return found
    if not found:
        # Nobody is ranked, and nothing can be said of the range.
        return Derived(arithmetic.impossible("PD833", env.member), op, (mine, base), node)
    whole = engine.kept(("whole", node, engine.token(figures)), lambda: _summed_up(node, figures, base))
    if subject not in found:
        return Derived(arithmetic.impossible("PD833", env.member), op, (mine, whole), node)
    unit_value = arithmetic.number(found[subject]) if node.op == "rank" else arithmetic.ratio(found[subject])
    if mine.value.bound if isinstance(mine.value, Quantity) else 0:
        unit_value = replace(unit_value, bound=_bound(figures))
    return Derived(unit_value, op, (mine, whole), node, detail=base)


def _of_ranked(
    engine: Engine, node: tree.Aggregate, env: Env, figures: Mapping[Subject, Derived], base: Derived, mine: Derived
) -> Derived:
    """`rank of … ties by …`: what tells the member at hand from its equals is part of the derivation."""
    by_cohort = base.op == "cohorts"
    subject: Subject = (env.cohort,) if by_cohort else (env.member,)
    amounts = _amounts(node, figures)
    if isinstance(amounts, Derived):
        return amounts

    def tie_figure(tie: tree.Expr, of: Subject) -> Derived:
        assert isinstance(of, tuple)
        return engine.eval(tie, replace(env, cohort=of[0]) if by_cohort else replace(env, member=of[0]))

    key = ("ranked", node, engine.token(figures))
    found = engine.kept(key, lambda: ranks(amounts, node.ties, tie_figure, left_out))
    if subject in found.left:
        return Derived(found.left[subject].value, "rank of", (mine, found.left[subject]), node)
    if subject in found.lacking:
        gaps, asked = found.lacking[subject]
        return Derived(gaps, "rank of", (mine, *asked), node)
    whole = engine.kept(("whole", node, engine.token(figures)), lambda: _summed_up(node, figures, base))
    value = arithmetic.number(found.places[subject])
    if isinstance(mine.value, Quantity) and mine.value.bound:
        value = replace(value, bound=_bound(figures))
    if subject not in found.asked:
        return Derived(value, "rank of", (mine, whole), node, detail=base)
    others = tuple(each for other in found.alike[subject] for each in found.asked.get(other, ()))
    of = (mine, whole, *found.asked[subject], Derived((), "range", others, node))
    return Derived(value, "rank of", of, node, detail=found.how(subject))


def _bound(figures: Mapping[Subject, Derived]) -> Fraction:
    """A bound on a share of figures that carry bounds: twice the sum of the bounds over the sum of the figures."""
    amounts = [each.value for each in figures.values() if isinstance(each.value, Quantity)]
    whole = sum((each.amount for each in amounts), Fraction(0))
    return 2 * sum((each.bound for each in amounts), Fraction(0)) / whole if whole else Fraction(1)


def _summed_up(node: tree.Aggregate, figures: Mapping[Subject, Derived], base: Derived) -> Derived:
    """What a share is a share of, or what an index and a rank look at."""
    amounts = _amounts(node, figures)
    assert not isinstance(amounts, Derived)
    first = next(iter(figures.values())).value
    assert isinstance(first, Quantity)
    of = (base, *figures.values())
    if node.op == "share":
        return Derived(Quantity(sum(amounts.values(), Fraction(0)), first.unit), "sum of", of, node)
    if node.op == "index":
        low = Derived(Quantity(min(amounts.values()), first.unit), "least of", of, node)
        high = Derived(Quantity(max(amounts.values()), first.unit), "greatest of", of, node)
        return Derived((), "range", (low, high), node)
    return Derived((), "range", of, node)


def _amounts(node: tree.Aggregate, figures: Mapping[Subject, Derived]) -> Derived | dict[Subject, Fraction]:
    amounts: dict[Subject, Fraction] = {}
    for subject, each in figures.items():
        if not isinstance(each.value, Quantity):
            of = tuple(figures.values())
            return Derived(joined(*of) or arithmetic.impossible("PD899", node.op), f"{node.op} of", of, node)
        amounts[subject] = each.value.amount
    return amounts


def _whole(engine: Engine, node: tree.Aggregate, figures: Mapping[Subject, Derived], base: Derived) -> Derived:
    """`sum of`, `mean of`, `least of`, `greatest of`, `count of … over`."""
    op, of = f"{node.op} of", (base, *figures.values())
    if node.op == "count":
        return Derived(arithmetic.number(len(figures)), op, of, node)
    if (gaps := joined(*of)) is not None:
        return Derived(gaps, op, of, node)
    values = [each.value for each in figures.values()]
    return Derived(_folded(engine, node, values), op, of, node)


def _folded(engine: Engine, node: tree.Aggregate, values: Sequence[Value]) -> Value:
    amounts = [each for each in values if isinstance(each, Quantity)]
    if len(amounts) != len(values):
        return arithmetic.impossible("PD899", node.op)
    if not amounts:
        if node.op != "sum":
            return arithmetic.impossible("PD834", node.written)
        return arithmetic.zero(engine.unit(node))
    if node.op in ("least", "greatest"):
        pick = min if node.op == "least" else max
        return pick(amounts, key=lambda each: each.amount)
    total = amounts[0]
    for each in amounts[1:]:
        summed = arithmetic.plus(total, each)
        if isinstance(summed, Unknown):
            return summed
        total = summed
    count = len(amounts) if node.op == "mean" else 1
    return Quantity(total.amount / count, total.unit, total.bound / count)


def _over_years(engine: Engine, node: tree.Aggregate, env: Env) -> Derived:
    """`mean of x over 2010-2014`, `sum of x over last 3 years`: complete calendar years, for the member at hand."""
    if isinstance(node.over, tree.Years):
        years = range(node.over.first, node.over.last + 1)
    else:
        assert isinstance(node.over, tree.LastYears)
        count = _years(engine, node.over, env)
        if count is None:
            return Derived(arithmetic.impossible("PD828", node.written), f"{node.op} of", (), node)
        years = range(engine.case.at.year - count, engine.case.at.year)
    figures: dict[Subject, Derived] = {year: engine.eval(node.of, replace(env, year=year)) for year in years}
    base = Derived((), "years", node=node, detail=tuple(years))
    if any(left_out(each) for each in figures.values()):
        return next(each for each in figures.values() if left_out(each))
    return _whole(engine, node, figures, base)


def _years(engine: Engine, node: tree.LastYears, env: Env) -> int | None:
    length = engine.eval(node.count, env).value
    if not isinstance(length, Quantity) or length.unit.period != "year" or length.amount.denominator != 1:
        return None
    return int(length.amount)
