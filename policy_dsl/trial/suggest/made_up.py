"""What an example could give where no example does yet: members, facts and events made up to fit the policy.

Figures are small and differ from member to member; events follow each other day by day in the order of the procedure.
Whether the rules can be tried on them is found out by trying: what does not fit leads to no suggestion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction

from policy_dsl.cases.declared import Declared
from policy_dsl.cases.figures import quantity_of
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.trial.suggest.donors import Donor, donor
from policy_dsl.values.quantity import plain

CODES = ("AUT", "BEL", "CZE", "DNK", "EST", "FIN", "GRC", "HUN", "IRL", "LVA")
ELSEWHERE = "XXA"
MOST_MEMBERS = 3
_FIRST = date(2026, 1, 12)


def made_up(program: Program, header: str, provision: str) -> Donor | None:
    """Lines that give all on which a provision rests; none where they can't be read."""
    names = _resting_on(program, provision)
    groups = dict(_groups(program, names))
    lines = [*_lines_of_groups(program, groups), *_facts(program, names, _members(program, groups))]
    lines += _events(program, names, _members(program, groups))
    return donor(header, "", "".join(f"  {line}\n" for line in lines))


def _resting_on(program: Program, provision: str) -> frozenset[str]:
    """The names of a provision and of all on which it rests."""
    waiting = [name for name in program.entries if name.partition(".")[0] == provision]
    found = set(waiting)
    while waiting:
        new = set(program.depends.get(waiting.pop(), ())) - found
        found |= new
        waiting += sorted(new)
    return frozenset(found)


def _groups(program: Program, names: frozenset[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each group that a case supplies, with members of its own; a set, with one that has a seat already."""
    codes = iter(CODES)
    tiers = [entry for entry in Declared(program).supplied if entry.kind == "tier"]
    for at, entry in enumerate(tiers):
        yield entry.name, tuple(code for _, code in zip(range(MOST_MEMBERS - at), codes, strict=False))
    for entry in Declared(program).supplied:
        if entry.kind == "set" and entry.name in names:
            yield entry.name, CODES[:1]


def _members(program: Program, groups: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Who has a seat: by what is given, or by the policy itself."""
    found: list[str] = []
    for tier in program.tiers:
        found += groups.get(tier.name, _seated(tier))
    return tuple(dict.fromkeys(found))[: 2 * MOST_MEMBERS]


def _seated(tier: Entry) -> tuple[str, ...]:
    seats = tier.node.seats if isinstance(tier.node, tree.SetOf) else ()
    return tuple(seat.code.text for seat in seats if seat.until is None)


def _lines_of_groups(program: Program, groups: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name, codes in groups.items():
        if codes:
            yield f"given {name} = {', '.join(codes)}"
        node = program.entries[name].node
        if isinstance(node, tree.SetOf) and node.grounds and node.kind == "tier":
            yield from (f"given ground of {code} = {node.grounds[0].text}" for code in codes)


# ---- facts -----------------------------------------------------------------------------------------------------------


def _facts(program: Program, names: frozenset[str], members: tuple[str, ...]) -> Iterator[str]:
    for entry in program.of_kind("indicator"):
        node = entry.node
        if entry.name not in names or not isinstance(node, tree.Indicator) or "cohort" in entry.reach:
            continue
        years = range(_FIRST.year - 3, _FIRST.year) if node.series else (None,)
        for at, code in enumerate(members if "member" in entry.reach else ("",), 1):
            value = _value(node, at)
            whose = f" of {code}" if code else ""
            if value:
                yield from (f"given {entry.name}{whose}{f' in {year}' if year else ''} = {value}" for year in years)
    for entry in program.of_kind("fund"):
        if entry.name in names:
            yield f"given balance of {entry.name} = 1_000_000 {program.heading.currency}"


def _value(node: tree.Indicator, at: int) -> str:
    """A value for the member of a number; empty where none can be made up."""
    if isinstance(node.type, tree.Ident):
        words = node.type.text
    else:
        words = node.type.written
    fixed = {"yes or no": "no", "state": ELSEWHERE, "date": _FIRST.isoformat(), "text": '"words"'}
    if words == "moment":
        return f"{_FIRST.isoformat()}T08:00Z"
    if words in fixed:
        return fixed[words]
    amount = _within(node, Fraction(at * (10 if words == "percent" else 1_000)), percent=words == "percent")
    digits = plain(amount, 6)
    if words in ("number", "rating"):
        return digits
    return f"{digits}%" if words == "percent" else f"{digits} {words}"


def _within(node: tree.Indicator, amount: Fraction, *, percent: bool) -> Fraction:
    """The figure itself, or one between the bounds of its indicator."""
    low, high = quantity_of(node.low), quantity_of(node.high)
    parts = 100 if percent else 1
    if high is not None and amount > high.amount * parts:
        floor = low.amount if low is not None else Fraction(0)
        return (floor + high.amount) / 2 * parts
    return max(amount, low.amount * parts) if low is not None else amount


# ---- events ----------------------------------------------------------------------------------------------------------


def _events(program: Program, names: frozenset[str], members: tuple[str, ...]) -> Iterator[str]:
    """The steps on which the provision rests, one a day, each after those on which it rests itself."""
    declared = Declared(program)
    steps = [name for name in declared.steps if name in names]
    when = max(program.heading.in_force or _FIRST, _FIRST)
    for number, name in enumerate(_in_order(program, steps)):
        rule = declared.steps[name]
        if rule.node.on is not None or rule.node.once is not None:
            continue
        moment = f"{(when + timedelta(days=number)).isoformat()}T08:00Z"
        by = f" by {members[0]}" if rule.actors and not rule.vote and members else ""
        yield f"given {name} at {moment}{by}"
        if rule.vote and members:
            yield f"  favour = {', '.join(members)}"
        for field, wanted in rule.fields.items():
            value = {"truth": "yes", "state": members[0] if members else ELSEWHERE}.get(wanted.kind, "")
            if wanted.kind == "figure":
                value = f"1_000 {wanted.words}" if wanted.unit.terms else "1_000"
            elif wanted.kind in ("date", "moment"):
                value = _FIRST.isoformat() if wanted.kind == "date" else moment
            if value:
                yield f"  {field} = {value}"


def _in_order(program: Program, steps: list[str]) -> list[str]:
    """Steps, each after those on which it rests; what rests on itself in a circle stays in the order of the text."""
    placed: list[str] = []
    waiting = list(steps)
    while waiting:
        ready = next((n for n in waiting if not _needs(program, n) & (set(waiting) - {n})), waiting[0])
        waiting.remove(ready)
        placed.append(ready)
    return placed


def _needs(program: Program, name: str) -> set[str]:
    own = [each for each in program.depends if each.partition(".")[0] == name]
    return {needed for each in own for needed in program.depends[each]}
