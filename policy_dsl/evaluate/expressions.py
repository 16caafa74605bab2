"""What each kind of expression gives: one small function for each node of the language of expressions."""

from __future__ import annotations

from dataclasses import replace

from policy_dsl.cases.case import Event
from policy_dsl.evaluate import arithmetic, record
from policy_dsl.evaluate.aggregates import aggregate
from policy_dsl.evaluate.conditions import condition, not_yet
from policy_dsl.evaluate.definitions import reserved_value
from policy_dsl.evaluate.derivation import Derived, Gap, Status, Unknown, Value
from policy_dsl.evaluate.engine import Engine, Env, Handler, codes_of, joined, unknown
from policy_dsl.evaluate.functions import call
from policy_dsl.evaluate.groups import built_group, filtered, members_of
from policy_dsl.evaluate.times import shifted, time_of
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, FieldOf, Word
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Quantity, UnitFault, divide, unit_named

_GROUPS = {
    Builtin.MEMBERS,
    Builtin.STATES,
    Builtin.COHORTS,
    Builtin.FAVOUR,
    Builtin.AGAINST,
    Builtin.ABSTAINING,
    Builtin.ABSENT,
    Builtin.VOTING,
    Builtin.VOTERS,
    Builtin.PRESENT,
}


def _written(value: Value, node: tree.Expr) -> Derived:
    return Derived(value, "written", node=node)


def _number(_engine: Engine, node: tree.Expr, _env: Env) -> Derived:
    assert isinstance(node, tree.Number)
    return _written(Quantity(node.value, NUMBER), node)


def _ratio(_engine: Engine, node: tree.Expr, _env: Env) -> Derived:
    assert isinstance(node, tree.Percent | tree.Ratio)
    return _written(Quantity(node.value, RATIO), node)


def _quantity(_engine: Engine, node: tree.Expr, _env: Env) -> Derived:
    assert isinstance(node, tree.Quantity)
    try:
        unit, factor = unit_named(node.unit.text)
    except UnitFault:
        return Derived(arithmetic.impossible("PD899", node.unit.text), "unknown", node=node)
    return _written(Quantity(node.value * factor, unit), node)


def _literal(_engine: Engine, node: tree.Expr, _env: Env) -> Derived:
    match node:
        case tree.DateLiteral(value=value) | tree.Text(value=value) | tree.Truth(value=value):
            return _written(value, node)
    return _written((), node)


def _code(engine: Engine, node: tree.Expr, _env: Env) -> Derived:
    assert isinstance(node, tree.Code)
    return _written(node.text, node)


def _name(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.Name)
    return _named(engine, engine.ref(node), node, node.text, env)


def _named(engine: Engine, ref: object, node: tree.Expr, text: str, env: Env) -> Derived:
    match ref:
        case Entry() as entry:
            return _entry(engine, entry, node, env)
        case FieldOf():
            return record.field_of(engine, env.event, ref.name, node)
        case CriterionOf():
            return engine.value_for(ref.criteria, (env.member,), replace(env, gap=""))
        case Builtin():
            return _builtin(engine, ref, node, env)
        case Word():
            return _written(ref.text if ref.cohort else Status(ref.text), node)
    return Derived(arithmetic.impossible("PD899", text), "unknown", node=node)


def _entry(engine: Engine, entry: Entry, node: tree.Expr, env: Env) -> Derived:
    match entry.kind:
        case "tier" | "set":
            return members_of(engine, entry, env)
        case "participant":
            return Derived((entry.name,), "group", node=node, entry=entry, address=entry.address)
        case "step":
            return record.named_step(engine, entry, node, env)
        case "parameter" | "define" if (whose := env.member or env.reserving) and not engine.reach(entry):
            # A figure for the case is another one where it is read for a member that made a reservation to it.
            made = reserved_value(engine, entry, (whose,), replace(env, member=whose))
            if made is not None:
                return made
    if entry.parent is not None and env.event is None and entry.parent.kind == "step":
        return unknown(Gap("not yet", "", entry.parent.name), node, entry)
    return engine.value(entry, env)


def _builtin(engine: Engine, ref: Builtin, node: tree.Expr, env: Env) -> Derived:
    if ref in _GROUPS:
        return built_group(engine, ref, node, env)
    if ref is Builtin.MEMBER and env.member:
        return _written(env.member, node)
    if ref is Builtin.COHORT and env.cohort:
        return _written(env.cohort, node)
    if ref is Builtin.ACTOR and env.judged is not None:
        by = env.judged.by
        return Derived(by[0] if len(by) == 1 else by, "event", node=node, detail=env.judged)
    if ref is Builtin.TOTAL and env.total is not None:
        return env.total
    return Derived(arithmetic.impossible("PD899", ref.value), "unknown", node=node)


def _nth(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.Nth)
    step = engine.ref(node)
    assert isinstance(step, Entry)
    return record.nth_event(engine, step, node.number, node, env)


def _value_of(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.ValueOf)
    ref = engine.ref(node)
    match ref:
        case FieldOf():
            return record.field_of_step(engine, ref.step, ref.name, node, env)
        case Builtin():
            return _builtin_of(engine, ref, node, env)
        case Entry() as entry if entry.parent is not None and entry.parent.kind == "step":
            return record.local_of_step(engine, entry, node, env)
    if isinstance(node.of, tree.ValueOf) and node.of.name.text in engine.case.cohorts:
        # `cost of sick of AUT`: a cohort, then a member
        return _of_subject(engine, ref, engine.eval(node.of.of, env), node, replace(env, cohort=node.of.name.text))
    whose = engine.eval(node.of, env)
    if isinstance(ref, Word):
        return _ground_of(engine, whose, node)
    if isinstance(ref, Entry) and ref.kind == "step":
        return record.event_of(engine, ref, whose, node, env)
    return _of_subject(engine, ref, whose, node, env)


def _ground_of(engine: Engine, whose: Derived, node: tree.ValueOf) -> Derived:
    """`ground of member`: the ground on which a state joined for this situation."""
    state = next(iter(codes_of(whose.value)), "")
    found = next((each[state] for each in engine.case.grounds.values() if state in each), "")
    return Derived(Status(found), "ground", (whose,), node)


def _of_subject(engine: Engine, ref: object, whose: Derived, node: tree.ValueOf, env: Env) -> Derived:
    """A provision's value for a named member (or cohort)."""
    if (gaps := joined(whose)) is not None:
        return Derived(gaps, "unknown", (whose,), node)
    subject = _lone(whose.value)
    if isinstance(subject, Status) and subject.text in engine.case.cohorts:
        subject = subject.text
    if not isinstance(subject, str):
        return Derived(arithmetic.impossible("PD899", node.name.text), "unknown", (whose,), node)
    there = replace(env, cohort=subject) if subject in engine.case.cohorts else replace(env, member=subject)
    if isinstance(ref, Entry):
        found = _entry(engine, ref, node, there)
    elif isinstance(ref, CriterionOf):
        found = engine.value_for(ref.criteria, (subject,), there)
    else:
        found = _named(engine, ref, node, node.name.text, there)
    # Where a fact says whose value this is, that fact is one of its grounds.
    return found if whose.op == "written" else Derived(found.value, "of", (found, whose), node)


def _builtin_of(engine: Engine, ref: Builtin, node: tree.ValueOf, env: Env) -> Derived:
    if ref is Builtin.ACTOR:
        event = engine.eval(node.of, env)
        if isinstance(event.value, Event):
            by = event.value.by
            return Derived(by[0] if len(by) == 1 else by, "event", (event,), node)
        return Derived(joined(event) or arithmetic.impossible("PD899", "actor"), "unknown", (event,), node)
    of = engine.ref(node.of)
    assert isinstance(of, Entry)
    if ref in (Builtin.EARLIEST, Builtin.LATEST):
        return record.window_end(engine, of, ref is Builtin.LATEST, node, env)
    return engine.providers["ledger"](engine, of, (ref.value, env.member), env)


def _call(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.Call)
    return call(engine, node, env)


def _aggregate(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.Aggregate)
    return aggregate(engine, node, env)


_EQUAL = {"=": True, "is": True, "<>": False, "is not": False}


def _truth(engine: Engine, node: tree.Binary, env: Env) -> Derived:
    """`signed = yes`, `meeting is no`: conditions, so that a step stands for whether it has occurred."""
    left, right = condition(engine, node.left, env), condition(engine, node.right, env)
    if (gaps := joined(left, right)) is not None:
        return Derived(gaps, node.op, (left, right), node)
    return Derived((left.value == right.value) is _EQUAL[node.op], node.op, (left, right), node)


def _part_of(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.PartOf)
    part, whole = engine.eval(node.part, env), engine.eval(node.of, env)
    made = _arithmetic("of", part, whole, node)
    if isinstance(made.value, Quantity) and isinstance(whole.value, Quantity):
        # A part of a number of heads is a number of heads.
        return replace(made, value=replace(made.value, unit=whole.value.unit))
    return made


def _binary(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.Binary)
    if node.op in _EQUAL and (isinstance(node.left, tree.Truth) or isinstance(node.right, tree.Truth)):
        return _truth(engine, node, env)
    match node.op:
        case "and" | "or":
            return _both(engine, node, env)
        case "per" if isinstance(node.right, tree.Name) and isinstance(engine.ref(node.right), Word):
            return _in_unit(engine.eval(node.left, env), node.right.text, node)
        case "+" | "-" | "*" | "/" | "per" | "^":
            written = isinstance(node.left, tree.Number) or isinstance(node.right, tree.Number)
            made = _arithmetic(node.op, engine.eval(node.left, env), engine.eval(node.right, env), node, written)
            return _naming_the_zero(made, node, env) if node.op in ("/", "per") else made
        case "is" | "is not":
            return _is(engine, node, env)
        case "in" | "not in":
            return _in(engine, node, env)
        case "after" | "before":
            return shifted(engine, node, env, limit=False)
    left, right = engine.eval(node.left, env), engine.eval(node.right, env)
    if (gaps := joined(left, right)) is not None:
        told = _still_to_come(engine, node.op, left, right, env)
        return Derived(gaps if told is None else told, node.op, (left, right), node)
    found = arithmetic.compared(node.op, _lone(left.value), _lone(right.value), engine.clock)
    return Derived(found, node.op, (left, right), node)


def _naming_the_zero(made: Derived, node: tree.Binary, env: Env) -> Derived:
    """A division by zero, told by what is zero and for whom."""
    if not isinstance(made.value, Unknown) or not all(part.known for part in made.of):
        return made
    whose = "".join(f" of {each}" for each in (env.member, env.cohort) if each)
    return replace(made, value=arithmetic.impossible("PD821", f"`{node.right.written}`{whose}"))


def _still_to_come(engine: Engine, op: str, left: Derived, right: Derived, env: Env) -> bool | None:
    """An event that has not occurred will be later than whatever has come: so much can be told of it."""
    past, later = (left, ("<", "<=", "<>")) if left.known else (right, (">", ">=", "<>"))
    when = time_of(past.value)
    if when is None or not not_yet(right if past is left else left) or not engine.has_come(when, env.view):
        return None
    return op in later


def _in_unit(figure: Derived, word: str, node: tree.Expr) -> Derived:
    """`5_000 USD per person`: after a figure, `per` names a unit."""
    unit, factor = unit_named(word)
    if not isinstance(figure.value, Quantity):
        return figure
    return Derived(Quantity(figure.value.amount / factor, divide(figure.value.unit, unit)), "written", (), node)


def _arithmetic(op: str, left: Derived, right: Derived, node: tree.Expr, written: bool = False) -> Derived:
    if (gaps := joined(left, right)) is not None:
        return Derived(gaps, op, (left, right), node)
    one, other = left.value, right.value
    if not isinstance(one, Quantity) or not isinstance(other, Quantity):
        return Derived(arithmetic.impossible("PD899", op), op, (left, right), node)
    found: Value
    match op:
        case "+":
            found = arithmetic.plus(one, other)
        case "-":
            found = arithmetic.plus(one, other, -1)
        case "*" | "of":
            found = arithmetic.multiplied(one, other)
        case "^":
            found = arithmetic.raised(one, other)
        case _:
            found = arithmetic.divided(one, other, written=written)
    return Derived(found, op, (left, right), node)


def _both(engine: Engine, node: tree.Binary, env: Env) -> Derived:
    """`and`, `or`: of conditions, decided as soon as one side decides; `or` of groups joins them."""
    if node.op == "or" and engine.kept(("joins groups", node), lambda: joins_groups(engine, node)):
        left, right = engine.eval(node.left, env), engine.eval(node.right, env)
        if (gaps := joined(left, right)) is not None:
            return Derived(gaps, "or", (left, right), node)
        both = {*codes_of(left.value), *codes_of(right.value)}
        return Derived(tuple(sorted(both)), "or", (left, right), node)
    decides = node.op == "or"
    left = condition(engine, node.left, env)
    if left.value is decides:
        return Derived(decides, node.op, (left,), node)
    right = condition(engine, node.right, env)
    if right.value is decides:
        return Derived(decides, node.op, (right,), node)
    if (gaps := joined(left, right)) is not None:
        return Derived(gaps, node.op, (left, right), node)
    return Derived(not decides, node.op, (left, right), node)


def joins_groups(engine: Engine, node: tree.Expr) -> bool:
    """Whether `or` stands between groups, by what its first name refers to."""
    match node:
        case tree.Binary(op="or"):
            return joins_groups(engine, node.left)
        case tree.Group() | tree.Code():
            return True
        case tree.Name():
            ref = engine.ref(node)
            if isinstance(ref, Entry):
                if ref.kind == "indicator":
                    kind = getattr(ref.node, "type", None)
                    return isinstance(kind, tree.Ident | tree.UnitTerm) and "state" in _words(kind)
                return ref.kind in ("tier", "set", "participant", "fund")
            return isinstance(ref, Builtin) and (ref in _GROUPS or ref in (Builtin.ACTOR, Builtin.MEMBER))
        case tree.ValueOf():
            ref = engine.ref(node)
            return isinstance(ref, FieldOf) or ref is Builtin.ACTOR
    return False


def _words(kind: tree.Ident | tree.UnitTerm) -> tuple[str, ...]:
    return (kind.text,) if isinstance(kind, tree.Ident) else tuple(each.text for each in kind.over)


def _lone(value: Value) -> Value:
    """A group of one stands for its member where one value is compared."""
    return value[0] if isinstance(value, tuple) and len(value) == 1 and isinstance(value[0], str) else value


def _is(engine: Engine, node: tree.Binary, env: Env) -> Derived:
    wanted = engine.eval(node.right, env)
    found = _status(engine, node.left, env) if isinstance(wanted.value, Status) else engine.eval(node.left, env)
    if isinstance(wanted.value, Status) and wanted.value.text in _NEGATIVE and found.known:
        holds = str(found.value) == f"not {wanted.value.text}"
        return Derived(holds if node.op == "is not" else not holds, node.op, (found, wanted), node)
    if (gaps := joined(found, wanted)) is not None:
        return Derived(gaps, node.op, (found, wanted), node)
    if isinstance(wanted.value, Status) and isinstance(found.value, bool):
        # `physical_security is met`
        holds = found.value == (wanted.value.text == "met")
    elif isinstance(wanted.value, Status) and isinstance(found.value, str):
        holds = found.value == wanted.value.text
    else:
        holds = _lone(found.value) == _lone(wanted.value)
    return Derived(holds == (node.op == "is"), node.op, (found, wanted), node)


# `is not shown` names a status; it does not deny one.
_NEGATIVE = ("shown", "arisen", "due")


def _status(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    """The status of a step, a duty or a criterion."""
    ref = engine.ref(node)
    match ref:
        case Entry(kind="step"):
            return record.status_of(engine, ref, node, env)
        case Entry(kind="duty"):
            whose = engine.eval(node.of, env) if isinstance(node, tree.ValueOf) else None
            holder = whose.value if whose is not None else env.member
            return engine.providers["duty status"](engine, ref, (str(holder),), env)
        case Entry(kind="guarantee"):
            return engine.providers["guarantee"](engine, ref, (), env)
        case CriterionOf():
            whose = engine.eval(node.of, env) if isinstance(node, tree.ValueOf) else None
            member = whose.value if whose is not None else env.member
            return engine.providers["criterion met"](engine, ref.criteria, (ref.row.name.text, str(member)), env)
        case Entry(kind="tier") | Entry(kind="set"):
            return engine.eval(node, env)
    return engine.eval(node, env)


def _in(engine: Engine, node: tree.Binary, env: Env) -> Derived:
    if isinstance(node.right, tree.Number):
        return engine.eval(node.left, replace(env, year=int(node.right.value)))
    left, right = engine.eval(node.left, env), engine.eval(node.right, env)
    if (gaps := joined(left, right)) is not None:
        return Derived(gaps, node.op, (left, right), node)
    inside = _lone(left.value) in codes_of(right.value)
    return Derived(inside == (node.op == "in"), node.op, (left, right), node)


def _unary(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.Unary)
    if node.op == "not":
        of = condition(engine, node.of, env)
        return Derived(not of.value if isinstance(of.value, bool) else joined(of), "not", (of,), node)
    of = engine.eval(node.of, env)
    if not isinstance(of.value, Quantity):
        return Derived(joined(of) or arithmetic.impossible("PD899", "-"), "-", (of,), node)
    return Derived(replace(of.value, amount=-of.value.amount), "negative", (of,), node)


def _choice(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.Choice)
    when = condition(engine, node.when, env)
    if (gaps := joined(when)) is not None:
        return Derived(gaps, "if", (when,), node)
    # Where one of the two is yes or no, a step in the other's place stands for whether it has occurred.
    ask = condition if isinstance(node.then, tree.Truth) or isinstance(node.otherwise, tree.Truth) else Engine.eval
    then = ask(engine, node.then if when.value else node.otherwise, env)
    return Derived(then.value, "if", (when, then), node)


def _group(engine: Engine, node: tree.Expr, env: Env) -> Derived:
    assert isinstance(node, tree.Group)
    return filtered(engine, node, env)


HANDLERS: dict[type[tree.Expr], Handler] = {
    tree.Number: _number,
    tree.Quantity: _quantity,
    tree.Percent: _ratio,
    tree.Ratio: _ratio,
    tree.DateLiteral: _literal,
    tree.Text: _literal,
    tree.Truth: _literal,
    tree.Nothing: _literal,
    tree.Name: _name,
    tree.Code: _code,
    tree.Nth: _nth,
    tree.ValueOf: _value_of,
    tree.Call: _call,
    tree.Aggregate: _aggregate,
    tree.PartOf: _part_of,
    tree.Binary: _binary,
    tree.Unary: _unary,
    tree.Choice: _choice,
    tree.Group: _group,
}

__all__ = ["HANDLERS"]
