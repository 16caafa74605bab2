"""A case as a case file: the text that, read again, gives the same case.

The opposite of reading: each figure in the unit of its indicator, exactly; no comments, no word that is not needed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from fractions import Fraction

from policy_dsl.cases.case import Case, ChoiceMade, Datum, Event, Fact, Ledger, Origin
from policy_dsl.cases.declared import Asked, Declared
from policy_dsl.cases.figures import Wanted
from policy_dsl.resolve.program import Program
from policy_dsl.values import RATIO, Quantity
from policy_dsl.values.quantity import plain

Tree = str | list["Tree"] | dict[str, "Tree"]
_WIDTH = 100
_UNKNOWN = Origin()
_ENDS = frozenset({2, 5})
# What YAML, or a reader, might take for something else than words.
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ .%/+-()")


def written(case: Case, program: Program) -> str:
    """The case file. A case that came about in an example, with what only examples can give, can't be written whole."""
    declared = Declared(program)
    tree: dict[str, Tree] = {"case": quoted(case.title), "policy": program.heading.name, "at": case.at.isoformat()}
    first = min((event.at for event in case.events), key=str, default=None)
    if case.opened is not None and case.opened != first:
        tree["opened"] = moment(case.opened)
    if case.situation:
        tree["situation"] = quoted(case.situation)
    tree |= _default(case)
    if declared.supplied:
        tree["members"] = {entry.name: _group(case, entry.name) for entry in declared.supplied}
    if case.cohorts:
        tree["cohorts"] = list(case.cohorts)
    facts = _facts(case, declared)
    if facts:
        tree["facts"] = facts
    tree |= _record(case, declared)
    return "\n".join(lines_of(tree, 0)) + "\n"


# ---- the parts of a case ---------------------------------------------------------------------------------------------


def _common(case: Case) -> Origin:
    """What most facts say of where they come from: it is stated once."""
    counted: dict[Origin, int] = {}
    for origin in (*(fact.origin for fact in case.facts), *(event.origin for event in case.events)):
        counted[origin] = counted.get(origin, 0) + 1
    return max(counted, key=lambda each: counted[each], default=_UNKNOWN)


def _default(case: Case) -> dict[str, Tree]:
    traced = _traced(_common(case), _UNKNOWN)
    return {"default": traced} if traced else {}


def _traced(origin: Origin, default: Origin) -> dict[str, Tree]:
    """Where a fact comes from, as far as it differs from what is stated for all."""
    found: dict[str, Tree] = {}
    if origin.source and origin.source != default.source:
        found["source"] = quoted(origin.source)
    if origin.date is not None and origin.date != default.date:
        found["date"] = origin.date.isoformat()
    if origin.status != default.status:
        found["status"] = origin.status
    return found


def _group(case: Case, name: str) -> Tree:
    states = list(case.groups.get(name, ()))
    grounds = case.grounds.get(name, {})
    traced = _traced(case.group_origins.get(name, _UNKNOWN), _common(case))
    named: Tree = {state: grounds[state] for state in states} if grounds and states else [*states]
    return {"states": named, **traced} if traced and states and not grounds else named


def _facts(case: Case, declared: Declared) -> dict[str, Tree]:
    default = _common(case)
    found: dict[str, Tree] = {}
    for name, asked in declared.indicators.items():
        facts = [fact for fact in case.facts if fact.indicator == name]
        if not facts:
            continue
        if not asked.levels:
            found[name] = _leaf(facts[0], asked, default, with_unit=True)
            continue
        inner: dict[str, Tree] = {"unit": asked.wanted.words} if _has_unit(asked.wanted) else {}
        for fact in facts:
            place = inner
            keys = [_key(fact, level) for level in asked.levels]
            for key in keys[:-1]:
                below = place.setdefault(key, {})
                assert isinstance(below, dict)
                place = below
            place[keys[-1]] = _leaf(fact, asked, default, with_unit=not _has_unit(asked.wanted))
        found[name] = inner
    return found


def _key(fact: Fact, level: str) -> str:
    return {"member": fact.member, "cohort": fact.cohort, "year": str(fact.year)}[level]


def _leaf(fact: Fact, asked: Asked, default: Origin, *, with_unit: bool) -> Tree:
    value = datum(fact.value, asked.wanted, quoted, with_unit=with_unit)
    traced = _traced(fact.origin, default)
    if not traced and fact.low is None:
        return value
    more: dict[str, Tree] = {"value": value, **traced}
    if fact.low is not None and fact.high is not None:
        more["between"] = [datum(each, asked.wanted, quoted, with_unit=with_unit) for each in (fact.low, fact.high)]
    return more


def _record(case: Case, declared: Declared) -> dict[str, Tree]:
    found: dict[str, Tree] = {}
    if case.events:
        found["events"] = [_event(event, declared, _common(case)) for event in case.events]
    if case.choices:
        found["choices"] = [_choice(each) for each in case.choices]
    if case.adjustments:
        found["adjustments"] = [
            {
                "of": each.apportionment,
                "member": each.member,
                "change": figure(each.change),
                "by": each.by,
                "because": quoted(each.because),
            }
            for each in case.adjustments
        ]
    if case.ledgers:
        found["funds"] = {each.fund: _ledger(each, _common(case)) for each in case.ledgers}
    if case.lots:
        found["lots"] = {each.apportionment: list(each.drawn) for each in case.lots}
    if case.statements:
        found["statements"] = [{"by": each.by, "text": quoted(each.text)} for each in case.statements]
    return found


def _choice(made: ChoiceMade) -> Tree:
    found: dict[str, Tree] = {"parameter": made.parameter, "value": figure(made.value), "by": made.by}
    found["because"] = quoted(made.because)
    return found | ({"at": moment(made.at)} if made.at is not None else {})


def _event(event: Event, declared: Declared, default: Origin) -> Tree:
    found: dict[str, Tree] = {"step": event.step, "at": moment(event.at)}
    if event.by:
        found["by"] = list(event.by) if len(event.by) > 1 else event.by[0]
    rule = declared.steps.get(event.step)
    for name, value in event.fields.items():
        if isinstance(value, tuple):
            found[name] = list(value)
        elif name == "outcome":
            found[name] = str(value)
        else:
            wanted = rule.fields.get(name) if rule is not None else None
            found[name] = datum(value, wanted or Wanted("text"), quoted)
    return found | _traced(event.origin, default)


def _ledger(ledger: Ledger, default: Origin) -> Tree:
    found: dict[str, Tree] = {"balance": figure(ledger.balance), **_traced(ledger.origin, default)}
    for kind, word in (("due", "dues"), ("pledge", "pledges"), ("payment", "payments")):
        lines: list[Tree] = [
            {"member": each.member, "amount": figure(each.amount), "on": each.on.isoformat()}
            for each in ledger.movements
            if each.kind == kind
        ]
        if lines:
            found[word] = lines
    return found


# ---- values ----------------------------------------------------------------------------------------------------------


def figure(value: Quantity, wanted: Wanted | None = None, *, with_unit: bool = True) -> str:
    """A figure as a case states it, in the unit that is wanted, or else in its own."""
    if value.unit == RATIO:
        return f"{plain(value.amount * 100, digits=40)}%" if _ends(value.amount) else f"{value.amount}"
    amount = value.amount / wanted.factor if wanted is not None else value.amount
    words = wanted.words if wanted is not None and value.unit.terms else str(value.unit) if value.unit.terms else ""
    return plain(amount, digits=40) + (f" {words}" if with_unit and words else "")


def _ends(amount: Fraction) -> bool:
    """Whether a fraction has an end in decimals, early enough to be written."""
    rest = amount.denominator
    for prime in _ENDS:
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def datum(value: Datum, wanted: Wanted, quoted: Callable[[str], str], *, with_unit: bool = True) -> str:
    """A value as it is written where `wanted` is asked for; `quoted` writes words, as cases or policies have them."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Quantity():
            return figure(value, wanted, with_unit=with_unit)
        case date():
            return moment(value)
    return quoted(value)


def _has_unit(wanted: Wanted) -> bool:
    return wanted.kind == "figure" and bool(wanted.unit.terms)


def moment(when: date | datetime) -> str:
    """A date or a moment in universal time, as cases and policies write it."""
    if not isinstance(when, datetime):
        return when.isoformat()
    seconds = when.second or when.microsecond
    text = when.astimezone(UTC).isoformat(timespec="seconds" if seconds else "minutes")
    return text.replace("+00:00", "Z")


def quoted(text: str) -> str:
    """Words, in quotes where a reader of the file could take them for something else."""
    if text and set(text) <= _PLAIN and text[0].isalnum() and text[-1] != " ":
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


# ---- lines -----------------------------------------------------------------------------------------------------------


def lines_of(tree: Mapping[str, Tree], indent: int) -> Iterator[str]:
    """Fields as lines of a case file, each set in by so many blanks."""
    blank = " " * indent
    for key, value in tree.items():
        short = _short(value)
        if isinstance(value, str) or (len(blank) + len(key) + len(short) + 2 <= _WIDTH and _flat(value)):
            yield f"{blank}{key}: {short}".rstrip()
        elif isinstance(value, dict):
            yield f"{blank}{key}:"
            yield from lines_of(value, indent + 2)
        else:
            yield f"{blank}{key}:"
            yield from _items(value, indent + 2)


def _items(items: Iterable[Tree], indent: int) -> Iterator[str]:
    blank = " " * indent
    for item in items:
        if isinstance(item, dict) and len(blank) + len(_short(item)) + 2 > _WIDTH:
            first, *rest = lines_of(item, indent + 2)
            yield f"{blank}- {first.strip()}"
            yield from rest
        else:
            yield f"{blank}- {_short(item)}"


def _flat(value: Tree) -> bool:
    """Whether a value stands well on one line: a list of words, a figure for each of a few members."""
    inner = value.values() if isinstance(value, dict) else value
    return all(isinstance(each, str) for each in inner)


def _short(value: Tree) -> str:
    match value:
        case str():
            return value
        case list():
            return f"[{', '.join(_short(each) for each in value)}]"
    return "{" + ", ".join(f"{key}: {_short(each)}" for key, each in value.items()) + "}"
