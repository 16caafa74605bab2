"""What decided: for every figure that counts, how far it may move before somebody's number changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from policy_dsl.check import Checked
from policy_dsl.evaluate.anew import Anew
from policy_dsl.evaluate.decision import Decision, Shared
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.sensitivity.figures import Figure, figures, weights
from policy_dsl.sensitivity.outcome import changes, is_of_heads, is_whole
from policy_dsl.sensitivity.result import Change, Disputed, End, LeftOut, Stretch, WhatDecided
from policy_dsl.sensitivity.search import HAIR, Purse, Search, Spent
from policy_dsl.syntax import tree

ENOUGH = 8_000
"""How many shares are reckoned anew unless more are asked for: two or three seconds of work for thirty members."""
TURNS = 12
"""Of a contested fact so many turns are told at most."""


def what_decided(checked: Checked, decision: Decision, most: int | None = ENOUGH) -> WhatDecided:
    """Examine a decision, reckoning so many shares anew at most (None: as many as it takes).

    Weights and agreed figures come first, then facts: contested ones, estimates, and the others, and of each kind
    those of the members whose claims lie nearest to a turn. A figure for which the work allowed does not suffice is
    named as not examined. `checked` is the program of the decision. Raises `DeadlineError` where a published calendar
    is not to be had.
    """
    of_heads = [each for each in decision.shares if is_of_heads(each) and any(row.final.known for row in each.rows)]
    whole = tuple(dict.fromkeys(shared.entry for shared in of_heads if is_whole(shared)))
    unrounded = tuple(dict.fromkeys(shared.entry for shared in of_heads if not is_whole(shared)))
    anew, purse = Anew(checked, decision.case, whole), Purse(most)
    left_out = tuple(_left_out(anew, decision))
    stretches: list[Stretch] = []
    disputed: list[Disputed] = []
    not_examined: list[Figure] = []
    for figure in _in_order(figures(anew, decision), decision.shares) if whole else ():
        if figure.exponent:
            not_examined.append(figure)
            continue
        search = Search(anew, figure, purse)
        try:
            stretch = _stretch(search)
            stretches.append(stretch)
            if figure.fact is not None and figure.fact.low is not None and figure.fact.high is not None:
                disputed.append(_disputed(search, stretch, figure.fact.low.amount, figure.fact.high.amount))
        except Spent:
            not_examined.append(figure)
    return WhatDecided(
        whole, unrounded, tuple(stretches), tuple(disputed), left_out, tuple(not_examined), purse.evaluations, most
    )


def _stretch(search: Search) -> Stretch:
    figure = search.figure
    return Stretch(figure, search.end(figure.value.amount, figure.low), search.end(figure.value.amount, figure.high))


# ---- the order of examination ----------------------------------------------------------------------------------------


def _in_order(found: Iterable[Figure], shares: Iterable[Shared]) -> list[Figure]:
    """What the policy sets, then facts by their status; of facts of one status, first those of the case, then those of
    the members that stand nearest to one place more or less."""
    margins = _margins(shares)
    statuses = ("contested", "estimate", "official")

    def rank(numbered: tuple[int, Figure]) -> tuple[int, Fraction, int]:
        at, figure = numbered
        if figure.fact is None:
            return 0, Fraction(0), at
        status = statuses.index(figure.fact.origin.status)
        margin = margins.get(figure.fact.member, Fraction(1)) if figure.fact.member else Fraction(0)
        return 1 + status, margin, at

    return [figure for _, figure in sorted(enumerate(found), key=rank)]


def _margins(shares: Iterable[Shared]) -> dict[str, Fraction]:
    """By what part of its share each member's would have to change for a place to change hands, by the nearest."""
    margins: dict[str, Fraction] = {}
    for shared in shares:
        for rounding in shared.roundings if is_of_heads(shared) else ():
            claims = {m: row.quota - rounding.low[m] / rounding.step for m, row in rounding.rows.items() if row.quota}
            if len(claims) < 2:
                continue
            top, bottom = max(claims.values()), min(claims.values())
            for member, claim in claims.items():
                nearest = min(1 + bottom - claim, 1 + claim - top)
                margin = abs(nearest / rounding.rows[member].quota)
                margins[member] = min(margins.get(member, margin), margin)
    return margins


# ---- contested facts -------------------------------------------------------------------------------------------------


def _disputed(search: Search, stretch: Stretch, low: Fraction, high: Fraction) -> Disputed:
    """Every turn between the bounds of a contested fact, outwards from the figure that was taken."""
    figure = search.figure
    below, whole_below = _turns(search, stretch.low, low)
    above, whole_above = _turns(search, stretch.high, high)
    rising = tuple(replace(end, changes=_turned(end)) for end in reversed(below))
    return Disputed(figure, low, high, (*rising, *above), whole_below and whole_above)


def _turns(search: Search, first: End, bound: Fraction) -> tuple[list[End], bool]:
    """The turns from the present stretch to a bound, nearest first, and whether the bound was reached."""
    found: list[End] = []
    start, end = search.figure.value.amount, first
    while end.sort != "range" and _before(start, end.at, bound, end.holds):
        found.append(end)
        if len(found) >= TURNS:
            return found, False
        beyond = end.beyond
        if beyond == end.at:
            beyond += (bound - end.at) * HAIR
        if beyond == bound or not _before(start, beyond, bound, True):
            break
        try:
            end = search.end(beyond, bound)
        except Spent:
            return found, False
    return found, True


def _before(start: Fraction, at: Fraction, bound: Fraction, strictly: bool) -> bool:
    """Whether a turn lies on the way to a bound; one at the bound counts if the bound itself is beyond it."""
    way, part = abs(bound - start), abs(at - start)
    return (at - start) * (bound - start) >= 0 and (part < way or (part == way and not strictly))


def _turned(end: End) -> tuple[Change, ...]:
    """Changes the other way round: below the present figure, the stretch before a turn is the farther one."""
    return tuple(replace(each, before=each.after, after=each.before) for each in end.changes)


# ---- criteria left out -----------------------------------------------------------------------------------------------


def _left_out(anew: Anew, decision: Decision) -> Iterator[LeftOut]:
    entries = tuple(dict.fromkeys(shared.entry for shared in decision.shares))
    reached = _reached(anew.program, entries)
    for figure in weights(anew):
        if figure.entry.name in reached and isinstance(figure.row, tree.KeyPart | tree.Criterion):
            shares = anew.run(figure.moved(Fraction(0)), entries).shares
            yield LeftOut(figure.entry, figure.row, changes(decision.shares, shares))
    for entry in anew.program.of_kind("criteria"):
        node = entry.node
        assert isinstance(node, tree.Criteria)
        if node.kind == "in order" and entry.name in reached:
            for row in node.rows:
                yield LeftOut(entry, row, changes(decision.shares, anew.run_without(entry, row, entries)))


def _reached(program: Program, entries: Iterable[Entry]) -> set[str]:
    """The provisions on which these rest."""
    found: set[str] = set()
    stack = [entry.name for entry in entries]
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack.extend(program.depends.get(name, ()))
    return found


__all__ = ["ENOUGH", "what_decided"]
