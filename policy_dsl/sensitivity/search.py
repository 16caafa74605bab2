"""The stretch around a figure in which the whole allocation stays the same.

The outcome is a function of one figure that is constant in pieces. From the present figure the search goes outwards,
first in a small step and then in growing ones, until it finds another outcome or the end of the range; then it closes
in on the first turn. As long as shares are quotients of linear expressions with one denominator, as shares of one sum
are, the figures that give one outcome lie in one piece, and nothing between two of them is passed over. Where a share
has a bend (a limit that begins to hold, the greater of two figures), an outcome that leaves and returns between two
steps could be: the steps are small near the present figure, where it matters most.

An end is exact if the engine, asked a hair's breadth to either side, gives the same outcome on the near side and
another one on the far side, and if at that very figure the gap that opens or closes there (see `meeting`) is nothing,
exactly. Otherwise the search halves its way to bounds that are numerical, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from policy_dsl.evaluate.anew import Anew, Run
from policy_dsl.evaluate.decision import Shared
from policy_dsl.sensitivity.figures import Figure
from policy_dsl.sensitivity.meeting import MANY, Point, closes, meetings
from policy_dsl.sensitivity.outcome import changes, outcome
from policy_dsl.sensitivity.result import Change, End

FIRST = Fraction(1, 1024)
"""The first step outwards, as a part of the way to the end of the range."""
GROWTH = 4
NARROW = Fraction(1, 2**16)
"""How near numerical bounds lie to each other, as a part of the way that the figure may move."""
NEAREST = Fraction(1, 2**30)
"""The same as a part of the way to the end of the range, where the figure may hardly move at all."""
DIGITS = 1024
"""An end is exact only as a fraction with so many binary digits at most; ends in practice have some hundred."""
HAIR = Fraction(1, 2**40)
"""How far from an exact end the engine is asked, as a part of what the search had closed in on."""


class Spent(Exception):
    """The work allowed is done."""


class Purse:
    """How much work may still be done, counted in shares: each member's share that is reckoned anew is one."""

    def __init__(self, most: int | None) -> None:
        self.most = most
        self.shares = 0
        self.evaluations = 0

    def check(self) -> None:
        """Raises Spent where nothing is left."""
        if self.most is not None and self.shares >= self.most:
            raise Spent

    def take(self, run: Run) -> None:
        """Count what a run did."""
        self.evaluations += 1
        self.shares += max(1, sum(len(each.rows) for each in run.found.values() if isinstance(each, Shared)))


class Search:
    """One figure, moved. Each figure that was tried is remembered with what it gave."""

    def __init__(self, anew: Anew, figure: Figure, purse: Purse) -> None:
        self.anew = anew
        self.figure = figure
        self.purse = purse
        self.runs: dict[Fraction, Run] = {figure.value.amount: anew.first}

    def at(self, to: Fraction) -> Run:
        """What the figure would give. Raises Spent."""
        if to not in self.runs:
            self.purse.check()
            self.runs[to] = self.anew.run(self.figure.moved(to))
            self.purse.take(self.runs[to])
        return self.runs[to]

    def end(self, start: Fraction, limit: Fraction) -> End:
        """Where the outcome at `start` ends towards `limit`. Raises Spent."""
        end = _Side(self, start, limit).end()
        return self._in_heads(end, start, limit) if self.figure.whole else end

    def _in_heads(self, end: End, start: Fraction, limit: Fraction) -> End:
        """An end of a figure that counts heads: the last whole one that gives the same, and the first that does not."""
        outwards = 1 if limit > start else -1
        while end.sort != "range":
            inner = Fraction((end.at * outwards).__floor__()) * outwards
            if not end.holds and inner == end.at:
                inner -= outwards
            outer = inner + outwards
            if abs(outer - start) > abs(limit - start):
                return End(inner, "range", True, inner)
            shares = self.at(outer).shares
            if outcome(shares) != outcome(self.at(start).shares):
                return End(inner, "exact", True, outer, changes(self.at(start).shares, shares))
            # Between two whole figures the outcome was another one, and is the same again.
            end = _Side(self, outer, limit).end()
        return end


class _Side:
    """The way from a figure to one end of its range."""

    def __init__(self, search: Search, start: Fraction, limit: Fraction) -> None:
        self.search = search
        self.start = start
        self.limit = limit
        self.reference = outcome(search.at(start).shares)
        self.inner = start
        self.outer = limit

    def end(self) -> End:
        """The nearest turn, exact if it can be told, or the end of the range."""
        if self.start == self.limit:
            return End(self.limit, "range", True, self.limit)
        for point in self._outwards():
            if not self._same(point):
                break
        else:
            return End(self.limit, "range", True, self.limit)
        return self._close_in()

    def _same(self, at: Fraction) -> bool:
        """Whether the outcome is still the same there; the search has come so much nearer."""
        same = outcome(self.search.at(at).shares) == self.reference
        if same:
            self.inner = max(self.inner, at, key=self._far)
        else:
            self.outer = min(self.outer, at, key=self._far)
        return same

    def _far(self, at: Fraction) -> Fraction:
        return abs(at - self.start)

    def _outwards(self) -> Iterator[Fraction]:
        """Growing steps to the end of the range; a step that a straight line foretells to be the turn is among them."""
        way = self.limit - self.start
        first = self.start + way * FIRST
        yield first
        part = foretold(self.search.at(self.start), self.search.at(first))
        told = part * FIRST if part is not None else Fraction(0)
        steps = [around(told / 2, told / 16), around(told * Fraction(17, 16), told / 32)] if told > FIRST else []
        last = FIRST
        for step in steps:
            if last < step < 1:
                last = step
                yield self.start + way * step
        while last < 1:
            last = min(last * GROWTH, Fraction(1))
            yield self.start + way * last

    def _close_in(self) -> End:
        """From a figure that gives the same and one that does not to where the outcome turns."""
        # The present figure may itself be the last one, and so may the end of the range be the first other one.
        for edge in (self.start, self.limit):
            if edge in (self.inner, self.outer) and (end := self._checked(edge)) is not None:
                return end
        if self.inner == self.start:
            self._try_foretold()
        met: tuple[Fraction, ...] = (self.inner,)
        while not self._is_near(met):
            width = abs(self.outer - self.inner)
            met = meetings(self.search.anew, self.search.figure, self._points())
            for at in met[:2] if len(met) <= MANY else ():
                if (end := self._checked(at)) is not None:
                    return end
            if abs(self.outer - self.inner) * 2 > width:
                self._same(self._middle())
        return End(self.inner, "numerical", True, self.outer, self._changes(self.outer))

    def _is_near(self, met: tuple[Fraction, ...]) -> bool:
        """Whether the bounds are near enough to each other to be given as numerical ones.

        They are sooner so where no gap closes between them, than where some do and it must be found out which.
        """
        nearest = abs(self.limit - self.start) * NEAREST
        near = nearest if met else max(self._far(self.outer) * NARROW, nearest)
        return abs(self.outer - self.inner) <= near

    def _try_foretold(self) -> None:
        part = foretold(self.search.at(self.start), self.search.at(self.outer))
        if part is not None and 0 < part < Fraction(7, 8):
            part = around(part * Fraction(17, 16), part / 32)
            self._same(self.start + (self.outer - self.start) * part)

    def _middle(self) -> Fraction:
        return around((self.inner + self.outer) / 2, (self.outer - self.inner) / 8)

    def _points(self) -> tuple[Point, Point, Point]:
        """The two between which the turn lies, and the nearest third."""
        middle = self._middle()
        others = [at for at in self.search.runs if at not in (self.inner, self.outer) and self._this_way(at)]
        if not others:
            inner, outer = self.inner, self.outer
            self._same(middle)
            others = [at for at in (inner, outer) if at not in (self.inner, self.outer)]
        third = min(others, key=lambda at: (abs(at - middle), at))
        run = self.search.runs
        return (self.inner, run[self.inner]), (self.outer, run[self.outer]), (third, run[third])

    def _this_way(self, at: Fraction) -> bool:
        return (at - self.start) * (self.limit - self.start) >= 0

    def _checked(self, at: Fraction) -> End | None:
        """An exact end, if the engine agrees that the outcome turns at this figure and not beside it."""
        if at.denominator.bit_length() > DIGITS:
            # Not a meeting but the trace of figures that are themselves approximations: a hint, and no more.
            self._same(around(at, (self.outer - self.inner) * NARROW))
            return None
        hair = (self.outer - self.inner) * HAIR
        far = simplest(at + hair / 2, at + hair)
        if self._far(far) > self._far(self.limit):
            far = at
        if self._same(at):
            if far == at or self._same(far):
                return None
            near, holds = at, True
        else:
            near, holds = simplest(at - hair, at - hair / 2), False
            if at == self.start or not self._same(near):
                return None
        # The figure itself may give a tie that nothing settles: what lies beyond it is told of the far side.
        sides = (near, self.search.at(near)), (far, self.search.at(far))
        if not closes(self.search.anew, self.search.figure, sides, (at, self.search.at(at))):
            return None
        return End(at, "exact", holds, at, self._changes(far))

    def _changes(self, at: Fraction) -> tuple[Change, ...]:
        return changes(self.search.at(self.start).shares, self.search.at(at).shares)


def around(at: Fraction, room: Fraction) -> Fraction:
    """A figure of few digits, no farther away than `room`."""
    return simplest(at - room, at + room)


def simplest(one: Fraction, other: Fraction) -> Fraction:
    """The fraction of the least denominator between two: figures with few digits are quicker to reckon with."""
    low, high = sorted((one, other))
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest(-high, -low)
    whole = low.__ceil__()
    if whole <= high:
        return Fraction(whole)
    whole -= 1
    return whole + 1 / simplest(1 / (high - whole), 1 / (low - whole))


def foretold(start: Run, near: Run) -> Fraction | None:
    """After how many times the way between two runs the first two claims would meet, if all went on in straight lines.

    No more than a hint where to look next; None if they never would.
    """
    found: Fraction | None = None
    for one, other in zip(start.shares, near.shares, strict=True):
        for was, becomes in zip(one.roundings, other.roundings, strict=False):
            lines = {}
            for member, row in was.rows.items():
                if member in becomes.rows:
                    claim = row.quota - was.low[member] / was.step
                    lines[member] = (claim, becomes.rows[member].quota - row.quota)
            met = _first_meeting(list(lines.values()))
            if met is not None and (found is None or met < found):
                found = met
    return found


def _first_meeting(lines: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    """When the greatest of several lines first lies a whole step above the least of them."""
    if not any(slope for _, slope in lines):
        return None
    at = Fraction(2**12)
    while True:
        top = max(lines, key=lambda line: line[0] + at * line[1])
        bottom = min(lines, key=lambda line: line[0] + at * line[1])
        gap = top[0] - bottom[0] - 1
        slope = top[1] - bottom[1]
        if gap + at * slope <= 0 or slope <= 0:
            return at if at < 2**12 else None
        nearer = -gap / slope
        if nearer >= at:
            return at
        at = nearer


__all__ = ["FIRST", "GROWTH", "Purse", "Search", "Spent", "foretold", "simplest"]
