"""Groups: tiers and sets on the day of the case, filters, and groups of recorded events."""

from __future__ import annotations

from dataclasses import replace

from policy_dsl.cases.case import Event
from policy_dsl.evaluate import record
from policy_dsl.evaluate.arithmetic import impossible
from policy_dsl.evaluate.conditions import condition
from policy_dsl.evaluate.decision import SeatHeld
from policy_dsl.evaluate.derivation import Derived, Members, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, codes_of, joined
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Builtin, Entry
from policy_dsl.syntax import tree


@dataclass(frozen=True, slots=True)
class Removed:
    """Who was left out of a group, and the condition or the group that left them out."""

    by: dict[str, Derived]


def members(engine: Engine, env: Env) -> Members:
    """All members: those who hold a seat in a tier on the day of the case."""
    found: set[str] = set()
    for tier in engine.program.tiers:
        group = members_of(engine, tier, env).value
        found.update(codes_of(group))
    return tuple(sorted(found))


def seats(engine: Engine) -> tuple[SeatHeld, ...]:
    """Every seat, tier by tier: who holds it, on what ground, and who does not meet the conditions of membership."""
    members(engine, Env())
    return tuple(seat for tier in engine.program.tiers for seat in _seats_in(engine, tier))


def members_of(engine: Engine, entry: Entry, env: Env) -> Derived:
    """The states of a tier or set on the day of the case."""
    if entry.kind == "tier":
        return engine.once(("tier", entry.name), lambda: _tier(engine, entry), entry)
    return engine.value(entry, env)


def _tier(engine: Engine, entry: Entry) -> Derived:
    held = [seat for seat in _seats_in(engine, entry) if seat.refused is None]
    refused = {s.state: s.refused for s in _seats_in(engine, entry) if s.refused is not None}
    codes = tuple(sorted(seat.state for seat in held))
    return Derived(codes, "group", (), entry.node, entry, address=entry.address, detail=Removed(refused))


def _seats_in(engine: Engine, entry: Entry) -> tuple[SeatHeld, ...]:
    return engine.kept(("seats", entry.name), lambda: _find_seats(engine, entry))


def _find_seats(engine: Engine, entry: Entry) -> tuple[SeatHeld, ...]:
    node = entry.node
    assert isinstance(node, tree.SetOf)
    grounds = engine.case.grounds.get(entry.name, {})
    found = []
    for state in listed(engine, entry):
        refused = None
        if entry.name not in engine.case.given_groups:
            shown = (condition(engine, each.expr, Env(member=state)) for each in node.requires)
            refused = next((each for each in shown if each.value is not True), None)
        found.append(SeatHeld(state, entry, grounds.get(state, ""), refused))
    return tuple(found)


def listed(engine: Engine, entry: Entry) -> Members:
    """The codes of a tier or set: as the case supplies them, or the seats held on the day whose law holds."""
    given = engine.case.groups.get(entry.name)
    if given is not None:
        return tuple(sorted(given))
    node = entry.node
    assert isinstance(node, tree.SetOf)
    at = engine.case.law
    return tuple(
        sorted(
            seat.code.text
            for seat in node.seats
            if not (seat.since and seat.since.day > at) and not (seat.until and seat.until.day < at)
        )
    )


def set_value(engine: Engine, entry: Entry, _subject: tuple[str, ...], env: Env) -> Derived:
    """Provider: the states of a set, given, derived or listed."""
    node = entry.node
    assert isinstance(node, tree.SetOf)
    given = engine.case.groups.get(entry.name)
    if given is None and entry.name in engine.program.suspensions:
        return engine.providers["suspended"](engine, entry, (), env)
    if given is None and node.value is not None:
        made = engine.eval(node.value, env)
        value: Value = (made.value,) if isinstance(made.value, str) else made.value
        return Derived(value, "group", (made,), node, entry, address=entry.address, detail=made.detail)
    codes = listed(engine, entry)
    refused: dict[str, Derived] = {}
    if entry.name not in engine.case.given_groups:
        for state in codes:
            for each in node.requires:
                shown = condition(engine, each.expr, replace(env, member=state))
                if shown.value is not True:
                    refused.setdefault(state, shown)
    kept = tuple(each for each in codes if each not in refused)
    return Derived(kept, "group", (), node, entry, address=entry.address, detail=Removed(refused))


def built_group(engine: Engine, ref: Builtin, node: tree.Expr, env: Env) -> Derived:
    """The groups that the language names: members, states, cohorts, and the sets of a vote."""
    match ref:
        case Builtin.MEMBERS:
            tiers = tuple(members_of(engine, tier, env) for tier in engine.program.tiers)
            return Derived(members(engine, env), "group", tiers, node)
        case Builtin.STATES:
            return Derived(states(engine), "group", (), node)
        case Builtin.COHORTS:
            return Derived(engine.case.cohorts, "cohorts", (), node)
    if env.votes is None:
        return Derived(impossible("PD899", ref.value), "unknown", node=node)
    return Derived(getattr(env.votes, ref.value), "vote", (), node, detail=ref.value)


def states(engine: Engine) -> Members:
    """Every state that the case mentions."""
    return engine.kept(("states", None), lambda: _states(engine))


def _states(engine: Engine) -> Members:
    case = engine.case
    found = {each for group in case.groups.values() for each in group}
    found |= {fact.member for fact in case.facts if fact.member}
    found |= {fact.value for fact in case.facts if isinstance(fact.value, str) and is_code(fact.value)}
    found |= {each for event in case.events for each in event.by if is_code(each)}
    found |= {state for tier in engine.program.of_kind("tier", "set") for state in listed(engine, tier)}
    return tuple(sorted(found))


def is_code(text: str) -> bool:
    """Whether a text is written like the code of a state."""
    return 2 <= len(text) <= 3 and text.isascii() and text.isalpha() and text.isupper()


def filtered(engine: Engine, node: tree.Group, env: Env) -> Derived:
    """`a except b where c`: first minus, then filter. Its detail says who was left out and why."""
    if is_events(engine, node):
        return events_of(engine, node, env)
    base = engine.eval(node.base, env)
    if (gaps := joined(base)) is not None:
        return Derived(gaps, "group", (base,), node)
    codes = codes_of(base.value)
    made: list[Derived] = [base]
    removed: dict[str, Derived] = {}
    if isinstance(base.detail, Removed):
        removed.update(base.detail.by)
    if node.minus is not None:
        minus = engine.eval(node.minus, env)
        made.append(minus)
        if (gaps := joined(minus)) is not None:
            return Derived(gaps, "group", tuple(made), node)
        out = codes_of(minus.value)
        removed.update({each: minus for each in codes if each in out})
        codes = tuple(each for each in codes if each not in out)
    if node.where is not None:
        shown = {each: condition(engine, node.where, replace(env, member=each)) for each in codes}
        unknown = [each for each in shown.values() if isinstance(each.value, Unknown) and not _is_left_out(each)]
        if unknown:
            return Derived(joined(*unknown), "group", (*made, *shown.values()), node)
        removed.update({each: found for each, found in shown.items() if found.value is not True})
        codes = tuple(each for each in codes if shown[each].value is True)
        made.extend(shown.values())
    return Derived(tuple(sorted(codes)), "group", tuple(made), node, detail=Removed(removed))


def _is_left_out(found: Derived) -> bool:
    return isinstance(found.value, Unknown) and all(gap.kind == "left out" for gap in found.value.gaps)


def is_events(engine: Engine, node: tree.Node) -> bool:
    """Whether an expression is a group of recorded events: a step, or a step filtered."""
    match node:
        case tree.Group():
            return is_events(engine, node.base)
        case tree.Name():
            ref = engine.ref(node)
            return isinstance(ref, Entry) and ref.kind == "step"
    return False


def events_of(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    """The valid events of a step, filtered where the group says so."""
    if isinstance(node, tree.Name):
        step = engine.ref(node)
        assert isinstance(step, Entry)
        found = tuple(record.occurred(engine, step, env))
        return Derived(found, "events", (), node, step, address=step.address)
    assert isinstance(node, tree.Group)
    base = events_of(engine, node.base, env)
    if isinstance(base.value, Unknown) or node.where is None:
        return base
    assert isinstance(base.value, tuple)
    events = [each for each in base.value if isinstance(each, Event)]
    shown = [condition(engine, node.where, replace(env, event=each)) for each in events]
    if (gaps := joined(*shown)) is not None:
        return Derived(gaps, "events", (base, *shown), node)
    kept = tuple(event for event, each in zip(events, shown, strict=True) if each.value is True)
    return Derived(kept, "events", (base,), node)
