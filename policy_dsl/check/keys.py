"""Faults of keys: weights that do not add up, terms that are no shares, what a cap releases."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.check import constants
from policy_dsl.check.constants import Reading
from policy_dsl.check.desk import Desk, text
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values.quantity import plain

DEEPEST = 20


def keys(desk: Desk) -> None:
    """Check keys."""
    for entry in desk.program.of_kind("key"):
        assert isinstance(entry.node, tree.Key)
        weights(desk, entry.node.name, tuple(part.weight for part in entry.node.parts), "PD420")
        _signs(desk, entry.node)
        _terms(desk, entry.node)


def weights(desk: Desk, at: tree.Ident, parts: tuple[tree.Expr, ...], code: str) -> None:
    """Weights add up to 100% on every day, whatever is chosen where a body may choose."""
    if not desk.sound(*parts):
        return
    for reading in constants.dates(desk, *parts):
        found = [constants.figure(desk, part, reading) for part in parts]
        known = [each.amount for each in found if each is not None]
        if len(known) != len(found):
            return
        total = sum(known, Fraction(0))
        if total != 1:
            missing = 1 - total
            more = f"{plain(abs(missing) * 100)}%"
            mend = f"{more} {'is missing' if missing > 0 else 'is too much'}"
            when = f" {reading.words}" if reading.words else ""
            mend = f"{mend}; weights may also be written as fractions, such as `1/3`" if _thirds(missing) else mend
            params = {"name": at.text, "total": f"{plain(total * 100)}%", "when": when}
            desk.found.append(desk.problem(code, at, mend=mend, related=(), **params))
            return


def _thirds(missing: Fraction) -> bool:
    return 0 < abs(missing) < Fraction(2, 100)


def _signs(desk: Desk, node: tree.Key) -> None:
    for part in node.parts:
        for reading in constants.dates(desk, part.weight):
            found = constants.figure(desk, part.weight, reading)
            if found is not None and found.amount <= 0:
                desk.fault("PD425", part.weight, name=node.name.text, weight=str(found))
                break


def _terms(desk: Desk, node: tree.Key) -> None:
    totals = []
    for part in node.parts:
        if not desk.sound(part.term):
            return
        total = whole(desk, part.term, constants.start(desk), 0)
        totals.append(total)
        if node.rest is not None:
            continue
        words = text(part.term)
        if total is CAPPED:
            desk.fault("PD421", part.term, name=node.name.text, term=words)
        elif total is NO_SHARE or not desk.typed(part.term).reach:
            desk.fault("PD423", part.term, name=node.name.text, term=words, mend=f"write `share of ({words})`")
        elif isinstance(total, Fraction) and total != 1:
            desk.fault("PD424", part.term, name=node.name.text, term=words, total=f"{plain(total * 100)}%")
    if node.rest is not None and totals and all(total == 1 for total in totals):
        desk.fault("PD422", node.rest, name=node.name.text)


class _Mark:
    """What a term comes to over its set, where that is no figure."""


CAPPED = _Mark()
NO_SHARE = _Mark()
Whole = Fraction | _Mark | None


def whole(desk: Desk, expr: tree.Expr, at: Reading, depth: int) -> Whole:
    """What a term sums to over the members: a ratio; that it is capped, or no share; none if the text does not tell."""
    if depth > DEEPEST:
        return None
    match expr:
        case tree.Aggregate(op="share"):
            return Fraction(1)
        case tree.Aggregate(op="index" | "rank"):
            return NO_SHARE
        case tree.Call():
            return _call(desk, expr, at, depth)
        case tree.PartOf():
            return _scaled(expr.part, whole(desk, expr.of, at, depth + 1), desk, at)
        case tree.Binary(op="*"):
            left = whole(desk, expr.left, at, depth + 1)
            return _scaled(expr.right, left, desk, at) or _scaled(
                expr.left, whole(desk, expr.right, at, depth + 1), desk, at
            )
        case tree.Binary(op="+" | "-"):
            left, right = whole(desk, expr.left, at, depth + 1), whole(desk, expr.right, at, depth + 1)
            if isinstance(left, Fraction) and isinstance(right, Fraction):
                return left + right if expr.op == "+" else left - right
            return CAPPED if CAPPED in (left, right) else None
        case tree.Name():
            ref = desk.program.ref(expr)
            if isinstance(ref, Entry):
                return _named(desk, ref, at, depth)
    return None


def _named(desk: Desk, ref: Entry, at: Reading, depth: int) -> Whole:
    match ref.node:
        case tree.Define() as node if not node.exceptions:
            return whole(desk, node.value, at, depth + 1)
        case tree.Key():
            return Fraction(1)
        case tree.Indicator():
            return NO_SHARE if not _percent(ref.node) else None
    return None


def _percent(node: tree.Indicator) -> bool:
    words = (node.type,) if isinstance(node.type, tree.Ident) else node.type.over
    return words[0].text in ("percent", "ratio")


def _call(desk: Desk, expr: tree.Call, at: Reading, depth: int) -> Whole:
    parts = [whole(desk, each, at, depth + 1) for each in expr.args]
    if expr.name.text == "average":
        known = [part for part in parts if isinstance(part, Fraction)]
        if len(known) == len(parts):
            return sum(known, Fraction(0)) / len(known)
        return CAPPED if CAPPED in parts else NO_SHARE if NO_SHARE in parts else None
    return CAPPED if expr.name.text in ("min", "max") else None


def _scaled(part: tree.Expr, of: Whole, desk: Desk, at: Reading) -> Whole:
    factor = constants.figure(desk, part, at)
    if factor is None or not isinstance(of, Fraction):
        return of if isinstance(of, _Mark) else None
    return factor.amount * of
