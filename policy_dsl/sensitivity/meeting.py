"""Where an allocation turns: the gaps that close where one allocation becomes another.

An allocation changes where something that was smaller than something else is so no more: the claims of two members to
a last step, a share and the half that rounds it, a limit and a whole step, a fact and a threshold, the costs of two
assignments. Each such gap is a figure of every run. As a rule it is linear in the figure that moves, or a quotient of
two linear expressions in it, as a share of a sum is; then three runs tell all of it, and where it is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, permutations, product

from policy_dsl.evaluate.anew import Anew, Place, Run
from policy_dsl.evaluate.decision import CriteriaResult, Shared
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.sensitivity.figures import Figure
from policy_dsl.sharing import Rounding
from policy_dsl.sharing.claims import DIVISORS, HALF
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

Point = tuple[Fraction, Run]
Gap = Callable[[Point], Fraction | None]
MANY = 6
"""Of so many members that change at once, the pairs are not tried: the search first comes nearer."""


def meetings(anew: Anew, figure: Figure, points: tuple[Point, Point, Point]) -> tuple[Fraction, ...]:
    """Where a gap closes between the first and the second point, nearest to the first; told from all three."""
    before, after = points[0], points[1]
    found = set()
    for gap in _gaps(anew, figure, before, after):
        one, other = gap(before), gap(after)
        if one is None or other is None or one * other > 0 or (third := gap(points[2])) is None:
            continue
        at = root([(before[0], one), (after[0], other), (points[2][0], third)])
        if at is not None and min(before[0], after[0]) <= at <= max(before[0], after[0]):
            found.add(at)
    return tuple(sorted(found, key=lambda at: (abs(at - before[0]), at)))


def closes(anew: Anew, figure: Figure, sides: tuple[Point, Point], at: Point) -> bool:
    """Whether a gap that makes the difference between two sides is exactly nothing at a point between them.

    Where shares rest on roots or logarithms, which are known to forty digits, no gap is known to be nothing.
    """
    if any(
        _is_near(made)
        for shared in at[1].shares
        for row in shared.rows
        for made in (row.weight, row.ceiling, row.floor)
    ):
        return False
    return any(gap(at) == 0 for gap in _gaps(anew, figure, *sides))


def _is_near(made: Derived | None) -> bool:
    """Whether a figure is known within a bound only."""
    return made is not None and isinstance(made.value, Quantity) and bool(made.value.bound)


def root(points: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Where a quotient of two linear expressions that passes through three points is nothing; None if nowhere."""
    (at, here), *others = points
    # here + (slope · s), over 1 + (bend · s), with s counted from the first point.
    (first, a), (second, b) = ((x - at, y) for x, y in others)
    one, other = (a - here) / first, (b - here) / second
    if a == b:
        if one != other:
            return None
        bend = Fraction(0)
    else:
        bend = (other - one) / (a - b)
    slope = one + bend * a
    return at - here / slope if slope else None


def _gaps(anew: Anew, figure: Figure, before: Point, after: Point) -> Iterator[Gap]:
    old, new = before[1], after[1]
    for index, (one, other) in enumerate(zip(old.shares, new.shares, strict=True)):
        for nth, (was, becomes) in enumerate(zip(one.roundings, other.roundings, strict=False)):
            yield from _claims(index, nth, was, becomes)
        yield from _limits(index, one, other)
        if one.assignment is not None and other.assignment is not None:
            yield _costs(one, other)
        if one.assignment is not None:
            yield from _totals(index, one, other)
    for place, by in old.compared.items():
        if place in new.compared and _sign(by) != _sign(new.compared[place]):
            yield lambda point, place=place: point[1].compared.get(place)  # type: ignore[misc]
    for place, steps in old.rounded.items():
        if place in new.rounded and steps != new.rounded[place]:
            yield from _rounded(place, steps, new.rounded[place])
    yield from _kept(anew, figure, old, new)
    if any(one.known and not other.known for one, other in _finals(old, new)):
        # What is shared, or divided by, has become nothing.
        yield lambda point: point[0]


def _rounded(place: Place, one: Fraction, other: Fraction) -> Iterator[Gap]:
    """A figure that a function of the text rounds turns at each whole step, or at each half, as the function has it."""
    assert isinstance(place[0], tree.Call)
    shift = Fraction(0) if place[0].name.text in ("up", "down") else HALF
    for edge in _steps_between(one + shift, other + shift):

        def gap(point: Point, edge: Fraction = edge - shift) -> Fraction | None:
            steps = point[1].rounded.get(place)
            return steps - edge if steps is not None else None

        yield gap


def _finals(old: Run, new: Run) -> Iterator[tuple[Derived, Derived]]:
    for one, other in zip(old.shares, new.shares, strict=True):
        for row in one.rows:
            becomes = other.row(row.member)
            if becomes is not None:
                yield row.final, becomes.final


# ---- claims to whole steps -------------------------------------------------------------------------------------------


def _claims(index: int, nth: int, was: Rounding[str], becomes: Rounding[str]) -> Iterator[Gap]:
    step = was.step
    had = {m: int(was.low[m] / step) for m in was.rows}
    has = {m: int(becomes.low[m] / step) for m in becomes.rows if m in had}
    more, fewer = [m for m in has if has[m] > had[m]], [m for m in has if has[m] < had[m]]

    def quota(point: Point, member: str) -> Fraction | None:
        roundings = point[1].shares[index].roundings
        row = roundings[nth].rows.get(member) if nth < len(roundings) else None
        return row.quota if row is not None else None

    def apart(gainer: str, loser: str) -> Gap:
        gains, loses = had[gainer], had[loser] - 1

        def gap(point: Point) -> Fraction | None:
            q, r = quota(point, gainer), quota(point, loser)
            return _claim(was.method, q, gains) - _claim(was.method, r, loses) if None not in (q, r) else None  # type: ignore[arg-type]

        return gap

    def alone(member: str, edge: Fraction) -> Gap:
        def gap(point: Point) -> Fraction | None:
            q = quota(point, member)
            return q - edge if q is not None else None

        return gap

    def whole(edge: int) -> Gap:
        def gap(point: Point) -> Fraction | None:
            roundings = point[1].shares[index].roundings
            return roundings[nth].shared / step - edge if nth < len(roundings) else None

        return gap

    if was.method in ("half_up", "half_even", "up", "down"):
        shift = {"up": Fraction(0), "down": Fraction(1)}.get(was.method, HALF)
        yield from (alone(m, had[m] + shift) for m in more[:MANY])
        yield from (alone(m, had[m] - 1 + shift) for m in fewer[:MANY])
        return
    if len(more) <= MANY and len(fewer) <= MANY:
        yield from (apart(gainer, loser) for gainer, loser in product(more, fewer))
    yield from (whole(edge) for edge in _steps_between(was.shared / step, becomes.shared / step))


def _claim(method: str, quota: Fraction, held: int) -> Fraction:
    """The claim to one more step, by any method; where it is a square root, its square."""
    if method == "largest_remainder":
        return quota - held
    divisor = DIVISORS[method](held) if held >= 0 else Fraction(0)
    # The first steps of some methods go before all others, larger quotas first.
    return (quota * quota if method == "hill" else quota) / divisor if divisor else quota


def _steps_between(one: Fraction, other: Fraction) -> tuple[int, ...]:
    """The whole steps from one figure to another, the nearest to the first, at most two."""
    if other > one:
        first = one.__ceil__()
        return tuple(range(first, min(other.__floor__(), first + 1) + 1))
    first = one.__floor__()
    return tuple(range(first, max(other.__ceil__(), first - 1) - 1, -1))


def _limits(index: int, one: Shared, other: Shared) -> Iterator[Gap]:
    """Limits are taken to whole steps before anything is shared: each step that one passes is a turn."""
    step = one.rounding_step or Fraction(1)
    for row in one.rows:
        for side in ("floor", "ceiling"):
            was, becomes = _limit(one, row.member, side), _limit(other, row.member, side)
            after = other.row(row.member)
            if was is None or becomes is None or was == becomes or after is None or row.rounded == after.rounded:
                continue
            had = ((row.rounded or Fraction(0)) / step).__floor__()
            edges = (*_steps_between(was / step, becomes / step), *_steps_between(becomes / step, was / step))
            for edge in sorted({*edges, had, had + 1}):

                def gap(
                    point: Point, member: str = row.member, side: str = side, edge: Fraction = edge * step
                ) -> Fraction | None:
                    limit = _limit(point[1].shares[index], member, side)
                    return limit - edge if limit is not None else None

                yield gap


def _limit(shared: Shared, member: str, side: str) -> Fraction | None:
    row = shared.row(member)
    return _amount(row.floor if side == "floor" else row.ceiling) if row is not None else None


def _totals(index: int, one: Shared, other: Shared) -> Iterator[Gap]:
    """Who is assigned at least cost goes whole: a total that is not whole has no assignment."""
    was, becomes = _amount(one.total), _amount(other.total)
    for edge in (was.__floor__(), was.__ceil__()) if was is not None and was != becomes else ():

        def gap(point: Point, edge: int = edge) -> Fraction | None:
            total = _amount(point[1].shares[index].total)
            return total - edge if total is not None else None

        yield gap


def _amount(of: Derived | None) -> Fraction | None:
    return of.value.amount if of is not None and isinstance(of.value, Quantity) else None


def _costs(one: Shared, other: Shared) -> Gap:
    """By how much the assignment that is least would cost less than the one that becomes least."""
    assert one.assignment is not None
    assert other.assignment is not None
    old, new = one.assignment.placed, other.assignment.placed
    moved = {key: (new.get(key) or 0) - (amount or 0) for key, amount in old.items()}

    def gap(point: Point) -> Fraction | None:
        costs: dict[tuple[str, str], Derived] = {}
        for shared in point[1].shares:
            if shared.entry is one.entry:
                costs |= {(shared.cohort, row.member): row.weight for row in shared.rows if row.weight is not None}
        total = Fraction(0)
        for key, by in moved.items():
            cost = costs.get(key)
            if cost is None or not isinstance(cost.value, Quantity):
                return None
            total += by * cost.value.amount
        return total

    return gap


# ---- thresholds, brackets and bands ----------------------------------------------------------------------------------


def _kept(anew: Anew, figure: Figure, old: Run, new: Run) -> Iterator[Gap]:
    """Values that both runs found anew and that fell into another class: a threshold met, a bracket, a band."""
    for key, becomes in new.found.items():
        was = old.found.get(key)
        if isinstance(was, Derived) and isinstance(becomes, Derived):
            if was.op == "at least" and was.value != becomes.value and len(was.of) > 1:
                yield lambda point, key=key: _apart(point, key)  # type: ignore[misc]
            if was.op == "scale" and was.detail is not becomes.detail:
                yield from _brackets(anew, figure, key, was, becomes)
        if isinstance(was, CriteriaResult) and isinstance(becomes, CriteriaResult) and was.bands != becomes.bands:
            yield from _bands(key, was, becomes)


def _apart(point: Point, key: object) -> Fraction | None:
    made = point[1].found.get(key)
    if not isinstance(made, Derived) or len(made.of) < 2:
        return None
    one, other = made.of[0].value, made.of[1].value
    return one.amount - other.amount if isinstance(one, Quantity) and isinstance(other, Quantity) else None


def _brackets(anew: Anew, figure: Figure, key: object, was: Derived, becomes: Derived) -> Iterator[Gap]:
    for row in (was.detail, becomes.detail):
        if not isinstance(row, tree.Bracket) or row.threshold is None:
            continue
        edge = anew.written(row.threshold)
        if edge is None:
            continue

        def gap(point: Point, edge: Quantity = edge, moves: bool = row.threshold is figure.spot) -> Fraction | None:
            made = point[1].found.get(key)
            base = made.of[0].value if isinstance(made, Derived) and made.of else None
            return base.amount - (point[0] if moves else edge.amount) if isinstance(base, Quantity) else None

        yield gap


def _bands(key: object, was: CriteriaResult, becomes: CriteriaResult) -> Iterator[Gap]:
    """Two members stand in one band or in two by whether their scores differ by more than the agreed distance."""
    old = {m: at for at, band in enumerate(was.bands) for m in band}
    new = {m: at for at, band in enumerate(becomes.bands) for m in band}
    parted = [{m, n} for m, n in combinations(old, 2) if (old[m] == old[n]) != (new.get(m) == new.get(n))]
    moved = {m for pair in parted for m in pair} or {m for m in old if old[m] != new.get(m)}
    if len(moved) > 2 * MANY:
        return
    # A band is counted from its best member, who may stand in another one by a later criterion.
    pairs = [(m, n) for m, n in permutations(old, 2) if m in moved or n in moved]
    # Scores stand in the same order in every run of the same members.
    at = {(score.row.name.text, score.member): index for index, score in enumerate(was.scores)}
    for name in dict.fromkeys(score.row.name.text for score in was.scores):
        for one, other in pairs:

            def gap(point: Point, left: int = at[name, one], right: int = at[name, other]) -> Fraction | None:
                made = point[1].found.get(key)
                if not isinstance(made, CriteriaResult) or made.similar is None:
                    return None
                values = (made.scores[left].score.value, made.scores[right].score.value, made.similar.value)
                amounts = [each.amount for each in values if isinstance(each, Quantity)]
                return amounts[0] - amounts[1] - amounts[2] if len(amounts) == len(values) else None

            yield gap


def _sign(of: Fraction) -> int:
    return (of > 0) - (of < 0)


__all__ = ["MANY", "Point", "closes", "meetings", "root"]
