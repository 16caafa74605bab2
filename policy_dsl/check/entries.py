"""The type of each named provision, found once, and the scope in which its expressions stand."""

from __future__ import annotations

from policy_dsl.check import expressions
from policy_dsl.check.desk import Desk, Scope
from policy_dsl.check.types import (
    COHORT,
    MEMBER,
    TIME,
    TRUTH,
    UNKNOWN,
    Kind,
    Type,
    joined,
    quantity,
)
from policy_dsl.resolve.program import Entry, FieldOf
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Unit, UnitFault, divide, times, unit_named

_NAMED = {
    "yes or no": TRUTH,
    "state": Type(Kind.STATE),
    "date": TIME,
    "moment": TIME,
    "text": Type(Kind.TEXT),
    "number": quantity(NUMBER),
}
_VOTE_FIELDS = ("favour", "against", "abstaining", "absent", "voting", "voters", "present")


def type_of(desk: Desk, entry: Entry) -> Type:
    """The type of what a provision gives a name to. Circular ones are unknown: the resolver reports them."""
    found = desk.entry_types.get(entry)
    if found is not None:
        return found
    if entry in desk.in_progress:
        return UNKNOWN
    desk.in_progress.add(entry)
    found = _type_of(desk, entry)
    desk.in_progress.discard(entry)
    desk.entry_types[entry] = found
    return found


def _type_of(desk: Desk, entry: Entry) -> Type:
    node = entry.node
    match node:
        case tree.SetOf():
            return Type(Kind.GROUP)
        case tree.Participant():
            return Type(Kind.BODY)
        case tree.Indicator():
            return replace_reach(declared(desk, node.type), reach_of(entry), node.series)
        case tree.Parameter():
            return _parameter(desk, node, scope_of(desk, entry)).plain()
        case tree.Define():
            return _define(desk, entry, node)
        case tree.Key():
            return Type(Kind.QUANTITY, RATIO, MEMBER, share_of=scope_of(desk, entry).run)
        case tree.Scale():
            return _scale(desk, node, scope_of(desk, entry))
        case tree.Criteria():
            return quantity(RATIO, MEMBER) if node.kind == "by weight" else Type(Kind.CRITERIA, reach=MEMBER)
        case tree.Apportion():
            total = total_type(desk, entry)
            return total if total.unknown else quantity(total.unit, reach_of(entry) | MEMBER)
        case tree.Fund():
            return _fund(desk, entry, node)
        case tree.Step():
            return Type(Kind.EVENT, step=entry.name)
        case tree.Duty():
            return Type(Kind.DUTY, reach=MEMBER)
        case tree.Guarantee():
            return Type(Kind.TRUTH, reach=reach_of(entry))
    return Type(Kind.NO_VALUE)


def reach_of(entry: Entry) -> frozenset[str]:
    """What a provision has one value for; a word that the language does not know has been reported already."""
    return frozenset(entry.reach) & joined(MEMBER, COHORT)


def replace_reach(found: Type, reach: frozenset[str], series: bool) -> Type:
    """A declared type with the reach and the years of its block."""
    return found if found.unknown else Type(found.kind, found.unit, reach, series)


def _parameter(desk: Desk, node: tree.Parameter, scope: Scope) -> Type:
    if isinstance(node.value, tree.LeftTo):
        return expressions.infer(desk, node.value.low, scope)
    return expressions.infer(desk, node.value, scope)


def _define(desk: Desk, entry: Entry, node: tree.Define) -> Type:
    value = _stated(desk, entry, node)
    if value.unknown or (value.kind in (Kind.EVENT, Kind.NOTHING) and not node.exceptions):
        return value
    if entry.parent is not None and node.each is None:
        return value
    return value.reaching(reach_of(entry))


def _stated(desk: Desk, entry: Entry, node: tree.Define) -> Type:
    """The type of a definition's value; where that is `none`, of an exception, or of the rule that it falls back on."""
    scope = scope_of(desk, entry)
    for at in (node.value, *(row.value for row in node.exceptions)):
        found = expressions.infer(desk, at, scope)
        if found.kind is not Kind.NOTHING:
            return found
    for name in desk.program.prevails.get(entry.name, ()):
        found = type_of(desk, desk.program.entries[name])
        if found.kind is not Kind.NOTHING:
            return found
    return Type(Kind.NOTHING)


def _scale(desk: Desk, node: tree.Scale, scope: Scope) -> Type:
    base = expressions.infer(desk, node.base, scope)
    if base.unknown or not base.figure:
        return UNKNOWN
    if node.kind == "marginal":
        return quantity(base.unit, base.reach)
    values = [expressions.infer(desk, row.value, scope) for row in node.rows]
    known = [value for value in values if not value.unknown]
    return known[0].reaching(base.reach).plain() if known else UNKNOWN


def _fund(desk: Desk, entry: Entry, node: tree.Fund) -> Type:
    scope = scope_of(desk, entry)
    if node.level is not None:
        level = expressions.infer(desk, node.level.expr, scope)
        if level.figure and level.unit.currency:
            return Type(Kind.FUND, level.unit)
        if level.unknown and entry not in desk.in_progress:
            return UNKNOWN
    return Type(Kind.FUND, fund_unit(desk))


def fund_unit(desk: Desk) -> Unit:
    """The unit of a fund that does not say: the policy's currency."""
    try:
        return unit_named(desk.program.heading.currency)[0]
    except UnitFault:
        return NUMBER


def total_type(desk: Desk, entry: Entry) -> Type:
    """The type of the total that an apportionment shares out."""
    node = entry.node
    if not isinstance(node, tree.Apportion) or node.total is None:
        return UNKNOWN
    return expressions.infer(desk, node.total.expr, Scope(entry)).plain()


def declared(desk: Desk, written: tree.UnitTerm | tree.Ident) -> Type:
    """The type that a column or a field declares, as `USD per year`, `percent`, `yes or no`, `state`."""
    if isinstance(written, tree.Ident):
        named = _NAMED.get(written.text)
        if named is not None:
            return named
    unit = declared_unit(written)
    return UNKNOWN if unit is None else quantity(unit)


def is_named_type(word: str) -> bool:
    """Whether a word declares a type that is no unit."""
    return word in _NAMED


def declared_unit(written: tree.UnitTerm | tree.Ident) -> Unit | None:
    """The unit that is written, or none where one of its words is no unit."""
    over = (written,) if isinstance(written, tree.Ident) else written.over
    per = () if isinstance(written, tree.Ident) else written.per
    try:
        unit = unit_named(over[0].text)[0]
        for word in over[1:]:
            unit = times(unit, unit_named(word.text)[0])
        for word in per:
            unit = divide(unit, unit_named(word.text)[0])
    except UnitFault:
        return None
    return unit


def field_type(desk: Desk, ref: FieldOf) -> Type:
    """The type of a recorded field of a step, or of a step that it is decided as."""
    if ref.name in _VOTE_FIELDS:
        return Type(Kind.GROUP)
    if ref.name == "outcome":
        return Type(Kind.STATUS)
    if ref.name == "actor":
        return Type(Kind.STATE)
    for node in models(desk, ref.step):
        for row in node.records:
            if row.name.text == ref.name:
                return declared(desk, row.type)
    return UNKNOWN


def models(desk: Desk, entry: Entry) -> list[tree.Step]:
    """A step and the steps that it is decided as, itself first."""
    chain: list[tree.Step] = []
    here: Entry | None = entry
    while here is not None and isinstance(here.node, tree.Step) and here.node not in chain:
        chain.append(here.node)
        model = here.node.model
        here = desk.program.entries.get(model.text) if model is not None else None
    return chain


def scope_of(desk: Desk, entry: Entry) -> Scope:
    """The scope in which the expressions of a provision stand."""
    match entry.node:
        case tree.Apportion():
            return Scope(entry, run_text(desk, entry), total_type(desk, entry))
        case tree.Key() | tree.Scale() | tree.Criteria():
            return Scope(entry, _run(desk, entry.name) or "?")
        case tree.Define() if entry.parent is not None and isinstance(entry.parent.node, tree.Key):
            return Scope(entry, _run(desk, entry.parent.name) or "?")
        case tree.Define():
            return Scope(entry, _run(desk, entry.name))
    return Scope(entry)


def _run(desk: Desk, name: str) -> str:
    run = desk.program.runs.get(name)
    entry = desk.program.entries.get(run) if run is not None else None
    return run_text(desk, entry) if entry is not None else ""


def run_text(desk: Desk, entry: Entry) -> str:
    """The set among whose members an apportionment shares, in a form that can be compared."""
    node = entry.node
    if not isinstance(node, tree.Apportion) or node.among is None or node.bands is not None:
        return "?"
    return set_text(desk, node.among.expr)


def set_text(desk: Desk, expr: tree.Node, within: frozenset[str] = frozenset()) -> str:
    """A set in a form that can be compared: derived sets written out, `or` in one order.

    A set that is made of itself (which is told elsewhere) stays under its name.
    """
    match expr:
        case tree.Name():
            ref = desk.program.ref(expr)
            node = ref.node if isinstance(ref, Entry) and ref.name not in within else None
            if isinstance(ref, Entry) and isinstance(node, tree.SetOf) and node.value is not None:
                return set_text(desk, node.value, within | {ref.name})
            return expr.text
        case tree.Binary(op="or"):
            return " or ".join(sorted({set_text(desk, expr.left, within), set_text(desk, expr.right, within)}))
        case tree.Group():
            minus = f" except {set_text(desk, expr.minus, within)}" if expr.minus is not None else ""
            where = f" where {expr.where.written}" if expr.where is not None else ""
            return f"({set_text(desk, expr.base, within)}{minus}{where})"
    return expr.written
