"""Advice: what may stand but smells. Words that are missing or copied, examples that prove nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_dsl.check import constants
from policy_dsl.check.desk import Desk, label, plural, text
from policy_dsl.check.types import Kind
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.resolve.program import Builtin, Entry, Law
from policy_dsl.syntax import tree
from policy_dsl.values.quantity import plain

LONG_ENOUGH = 40
_POINTED = re.compile(r"([1-9][0-9]{0,2})\.([0-9]{2}0)\b(?![0-9.])")  # three decimals, of which the last is idle
# What carries out words of the instrument. A list of facts, members or guarantees may stand without any.
OPERATIVE = (
    tree.Define | tree.Key | tree.Scale | tree.Criteria | tree.Apportion | tree.Fund | tree.Procedure | tree.Duty
)


def advice(desk: Desk) -> None:
    """Look for what deserves advice."""
    _words(desk)
    for example in desk.program.examples:
        _example(desk, example)
    _promises(desk)
    _thresholds(desk)
    _equalities(desk)
    _members_and_themselves(desk)
    _points(desk)


def _words(desk: Desk) -> None:
    seen: dict[str, tuple[Law, tree.Prose]] = {}
    for law in desk.program.law:
        if law.node.span.source is not desk.program.source:
            continue
        prose = [line for line in law.node.lines if isinstance(line, tree.Prose)]
        provisions = [line for line in law.node.lines if isinstance(line, OPERATIVE)]
        if provisions and not prose and not _cites(law.node):
            desk.found.append(Problem("PD601", law.node.number.span, {"title": law.title}, str(law.address)))
        for each in prose:
            words = " ".join(each.text.split()).casefold()
            first = seen.setdefault(words, (law, each))
            if first[1] is not each and len(words) >= LONG_ENOUGH:
                related = label(first[1].span, "the same words stand here")
                params = {"first": str(first[0].address)}
                desk.found.append(Problem("PD607", each.span, params, str(law.address), related))


def _cites(line: tree.Node) -> bool:
    return any(isinstance(node, tree.Note) and node.kind == "cites" for node in tree.walk(line))


def _example(desk: Desk, example: tree.Example) -> None:
    if not example.expect:
        desk.fault("PD602", example, title=example.title)
    for expect in example.expect:
        if _always(desk, expect.expr):
            desk.fault("PD604", expect.expr, text=text(expect.expr), what="this expectation")
        if expect.within is not None:
            _tolerance(desk, example, expect.within)
    for given in example.given:
        if isinstance(given, tree.GivenTable):
            _small_percents(desk, given)


def _always(desk: Desk, expr: tree.Expr) -> bool:
    if constants.truth(desk, expr, constants.start(desk)) is not None:
        return True
    return isinstance(expr, tree.Binary) and expr.op in ("=", "<=", ">=", "is") and tree.same(expr.left, expr.right)


def _tolerance(desk: Desk, example: tree.Example, within: tree.Expr) -> None:
    found = constants.figure(desk, within, constants.start(desk))
    members = _members(desk, example)
    if found is None or not members or len(found.unit.terms) != 1 or found.unit.terms[0] != ("person", 1):
        return
    if found.amount > members:
        number = plural(members, "member", "members")
        desk.fault("PD603", within, within=text(within), members=number)


def _members(desk: Desk, example: tree.Example) -> int:
    tiers = {entry.name for entry in desk.program.tiers}
    given = sum(
        len(each.values)
        for each in example.given
        if isinstance(each, tree.Given) and isinstance(each.what, tree.Name) and each.what.text in tiers
    )
    listed = sum(len(entry.node.seats) for entry in desk.program.tiers if isinstance(entry.node, tree.SetOf))
    return given or listed


def _small_percents(desk: Desk, table: tree.GivenTable) -> None:
    """`0.05` in a column of per cents is a twentieth of one per cent."""
    columns = [_percent(column.type) for column in table.columns]
    for row in table.rows:
        for percent, cell in zip(columns, row.cells, strict=False):
            if percent and isinstance(cell, tree.Number) and 0 < cell.value < 1:
                mend = f"write `{plain(cell.value * 100)}%` or `{text(cell)}%`"
                desk.fault("PD608", cell, figure=text(cell), mend=mend)


def _percent(written: tree.UnitTerm | tree.Ident) -> bool:
    words = (written,) if isinstance(written, tree.Ident) else (*written.over, *written.per)
    return len(words) == 1 and words[0].text == "percent"


def _promises(desk: Desk) -> None:
    for entry in desk.program.of_kind("guarantee"):
        promise = entry.node.promise if isinstance(entry.node, tree.Guarantee) else None
        if promise is not None and _always(desk, promise):
            desk.fault("PD604", promise, text=text(promise), what="this guarantee")


def _thresholds(desk: Desk) -> None:
    """`at least 0` where the scale begins at 0 excludes nobody."""
    for entry in desk.program.of_kind("criteria"):
        if not isinstance(entry.node, tree.Criteria):
            continue
        for row in entry.node.rows:
            if row.least is None:
                continue
            at = constants.start(desk)
            least, worst = constants.figure(desk, row.least, at), constants.figure(desk, row.worst, at)
            bound = _worst_bound(desk, row)
            if least is not None and bound is not None and least == bound and worst is not None:
                desk.fault("PD605", row.least, name=row.name.text, least=text(row.least))


def _worst_bound(desk: Desk, row: tree.Criterion) -> object:
    """The bound of an indicator on the side of the worst; the worst itself where there are no bounds."""
    at = constants.start(desk)
    worst, best = constants.figure(desk, row.worst, at), constants.figure(desk, row.best, at)
    ref = desk.program.ref(row.measure)
    if worst is None or best is None:
        return None
    if isinstance(ref, Entry) and isinstance(ref.node, tree.Indicator):
        bound = ref.node.low if worst.amount < best.amount else ref.node.high
        found = constants.figure(desk, bound, at)
        return found if found is not None else worst
    return worst


def _equalities(desk: Desk) -> None:
    """A root or a power is known to so many digits only: it equals nothing exactly."""
    for expr in tuple(desk.types):
        if not isinstance(expr, tree.Binary) or expr.op not in ("=", "<>"):
            continue
        for side in (expr.left, expr.right):
            if _irrational(desk, side, frozenset()):
                desk.fault("PD606", expr, text=text(side))
                break


def _irrational(desk: Desk, expr: tree.Expr, seen: frozenset[str]) -> bool:
    match expr:
        case tree.Call(name=name):
            if name.text in ("half_up", "half_even", "up", "down", "round"):
                return False
            return name.text in ("root", "log") or any(_irrational(desk, each, seen) for each in expr.args)
        case tree.Binary(op="^"):
            power = constants.figure(desk, expr.right, constants.start(desk))
            return power is None or power.amount.denominator != 1
        case tree.Binary(op="+" | "-" | "*" | "/"):
            return _irrational(desk, expr.left, seen) or _irrational(desk, expr.right, seen)
        case tree.Name() | tree.ValueOf():
            ref = desk.program.ref(expr)
            if isinstance(ref, Entry) and isinstance(ref.node, tree.Define) and ref.name not in seen:
                return _irrational(desk, ref.node.value, seen | {ref.name})
    return False


def _members_and_themselves(desk: Desk) -> None:
    """`population > population of member` inside `where`: the one examined is meant on both sides."""
    for group in tuple(desk.types):
        if not isinstance(group, tree.Group) or group.where is None or desk.typed(group).kind is Kind.EVENTS:
            continue
        for node in tree.walk(group.where):
            if isinstance(node, tree.Binary) and node.op in ("<", "<=", ">", ">=", "=", "<>"):
                name = _with_itself(desk, node)
                if name:
                    over = text(group.base)
                    mend = f"how many are ahead of a member is told by its rank: `rank of {name} over {over} - 1`"
                    desk.fault("PD609", node, text=text(node), mend=mend)


def _with_itself(desk: Desk, node: tree.Binary) -> str:
    """The name of a figure that stands for the member examined on the one side and on the other."""
    left, right = set(_of_the_member(desk, node.left)), set(_of_the_member(desk, node.right))
    both = {name for name, _ in left} & {name for name, _ in right}
    # A figure beside itself, as in `exports > 2 * exports`, may be meant; what says `of member` on one side is not.
    return min((name for name in both if len({said for each, said in left | right if each == name}) > 1), default="")


def _of_the_member(desk: Desk, expr: tree.Node) -> Iterator[tuple[str, bool]]:
    """The figures of the member at hand in an expression, and whether it is said whose they are."""
    match expr:
        case tree.ValueOf(name=name, of=tree.Name() as of) if desk.program.ref(of) is Builtin.MEMBER:
            yield name.text, True
        case tree.Name() if isinstance(desk.program.ref(expr), Entry) and "member" in desk.typed(expr).reach:
            yield expr.text, False
        case tree.Aggregate() | tree.ValueOf():
            return
        case _:
            for child in tree.children(expr):
                yield from _of_the_member(desk, child)


def _points(desk: Desk) -> None:
    """`1.000 USD` is one dollar, and a drafter who means a thousand is not told so by anything else."""
    for expr in tuple(desk.types):
        if isinstance(expr, tree.Quantity) and (found := _POINTED.match(expr.span.text)):
            whole = found.group(1) + found.group(2)
            unit = expr.unit.text
            mend = f"write `{int(whole):_} {unit}`, or, if {plain(expr.value)} is meant, `{plain(expr.value)} {unit}`"
            desk.fault("PD610", expr, figure=text(expr), value=plain(expr.value), mend=mend)
