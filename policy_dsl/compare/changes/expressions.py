"""Two expressions: the smallest parts in which they differ, told as what is done to them.

A figure is raised or lowered, a sign lets in or leaves out its edge, a condition is added, one name takes the place of
another. Where more than three parts differ, or the form is another, the whole is quoted before and after.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from policy_dsl.compare.changes.record import Figure, Term
from policy_dsl.compare.changes.written import alike, quoted, term_of
from policy_dsl.records import dataclass
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Unit, UnitFault, unit_of_words

MOST = 3
EDGES = {(">=", ">"): "excluded", ("<=", "<"): "excluded", (">", ">="): "included", ("<", "<="): "included"}
CHAINS = ("and", "or", "+")


@dataclass(frozen=True, slots=True)
class Difference:
    """One part in which two expressions differ: the id of what is done, and what was there before and after.

    `within` is the smallest whole around it, none where the part is the whole itself.
    """

    says: str
    old: Term
    new: Term
    within: Term = None


def differences(old: tree.Node, new: tree.Node, *, group: str = "", called: str = "") -> tuple[Difference, ...]:
    """What differs between two expressions.

    `group` is "group" where they tell who belongs. `called` is "deadline" or "majority" where the expression goes by
    its one figure: a deadline is so many hours after an event, a majority so large a part.
    """
    found = tuple(_inside(old, new, group=group))
    if not found:
        return ()
    if len(found) > MOST or any(each.says == "whole" for each in found):
        return (Difference("changed", term_of(old), term_of(new)),)
    whole = len(found) == 1 and (found[0].old, found[0].new) == (term_of(old), term_of(new))
    if whole or _one_figure(old, new, called):
        return found
    return tuple(replace(each, within=quoted(new)) for each in found)


def _one_figure(old: tree.Node, new: tree.Node, called: str) -> bool:
    """Whether the whole is a figure, or goes by one: then what is said of the figure needs no more."""
    match called, old, new:
        case "deadline", tree.Binary(op="after" | "before" as one), tree.Binary(op=other) if one == other:
            return alike(old.right, new.right)
        case "majority", tree.Binary(op=">=" | ">" | "<=" | "<" as one), tree.Binary(op=other) if one == other:
            return alike(old.left, new.left) and _bare(old.right) and _bare(new.right)
    return _bare(old) and _bare(new)


def _bare(node: tree.Node) -> bool:
    """A figure, or so much of one thing."""
    if isinstance(node, tree.PartOf):
        return _bare(node.part)
    return isinstance(node, tree.DateLiteral) or isinstance(term_of(node), Figure)


def _inside(old: tree.Node, new: tree.Node, *, group: str) -> Iterator[Difference]:
    if alike(old, new):
        return
    one, other = term_of(old), term_of(new)
    if isinstance(one, Figure) and isinstance(other, Figure):
        yield Difference(moved(one, other), one, other)
        return
    match old, new:
        case tree.DateLiteral(value=was), tree.DateLiteral(value=now) if type(was) is type(now):
            yield Difference("later" if now > was else "earlier", one, other)
        case ((tree.Name() | tree.Code() | tree.Ident()), (tree.Name() | tree.Code() | tree.Ident())):
            yield Difference("replaced", quoted(old), quoted(new))
        case tree.Group(), tree.Group():
            yield from _groups(old, new)
        case (tree.Group(base=base), _) if alike(base, new):
            yield from _parts_of_group(old, None)
        case (_, tree.Group(base=base)) if alike(old, base):
            yield from _parts_of_group(None, new)
        case (tree.Binary(op=op), _) if op in CHAINS and (found := _chain(op, old, new, group)):
            yield from found
        case (_, tree.Binary(op=op)) if op in CHAINS and (found := _chain(op, old, new, group)):
            yield from found
        case tree.Binary(), tree.Binary() if old.op != new.op:
            if (old.op, new.op) in EDGES and alike(old.left, new.left) and alike(old.right, new.right):
                yield Difference(EDGES[old.op, new.op], term_of(old.right), term_of(new.right))
            else:
                yield Difference("replaced", quoted(old), quoted(new))
        case (tree.Unary(op="not", of=of), _) if alike(of, new):
            yield Difference("turned", quoted(old), quoted(new))
        case (_, tree.Unary(op="not", of=of)) if alike(old, of):
            yield Difference("turned", quoted(old), quoted(new))
        case _ if type(old) is type(new) and _same_words(old, new):
            yield from _children(old, new, group=group)
        case _:
            yield Difference("replaced", quoted(old), quoted(new))


def _same_words(old: tree.Node, new: tree.Node) -> bool:
    """Whether two parts of one kind differ only in the parts inside them, one for one."""
    for name in type(old)._fields:
        was, now = getattr(old, name), getattr(new, name)
        if name == "span":
            continue
        if isinstance(was, tuple) and isinstance(now, tuple):
            if len(was) != len(now):
                return False
        elif isinstance(was, tree.Node) != isinstance(now, tree.Node) or (
            not isinstance(was, tree.Node) and was != now
        ):
            return False
    return True


def _children(old: tree.Node, new: tree.Node, *, group: str) -> Iterator[Difference]:
    for was, now in zip(tree.children(old), tree.children(new), strict=True):
        yield from _inside(was, now, group=group)


def _groups(old: tree.Group, new: tree.Group) -> Iterator[Difference]:
    yield from _inside(old.base, new.base, group="group")
    yield from _parts_of_group(old, new)


def _parts_of_group(old: tree.Group | None, new: tree.Group | None) -> Iterator[Difference]:
    for name, group in (("minus", "except"), ("where", "")):
        was, now = (None if each is None else getattr(each, name) for each in (old, new))
        word = "except" if name == "minus" else "where"
        if was is not None and now is not None:
            yield from _inside(was, now, group=group)
        elif now is not None:
            yield Difference(f"{word} added", None, quoted(now))
        elif was is not None:
            yield Difference(f"{word} removed", quoted(was), None)


def _chain(op: str, old: tree.Node, new: tree.Node, group: str) -> list[Difference]:
    """What was added to a chain of conditions, groups or summands, and what was taken out; nothing if it is no chain.

    Where as many were added as taken out they are compared one with the other.
    """
    before, after = _links(op, old), _links(op, new)
    gone = [each for each in before if not any(alike(each, other) for other in after)]
    come = [each for each in after if not any(alike(each, other) for other in before)]
    if len(gone) == len(before) and len(before) != len(after):
        return []
    word = group if group and op == "or" else op
    if len(gone) == len(come):
        if not gone:
            return [Difference("reordered", quoted(old), quoted(new))]
        return [each for one, other in zip(gone, come, strict=True) for each in _inside(one, other, group=group)]
    if gone and come:
        return [Difference("replaced", quoted(old), quoted(new))]
    return [
        *(Difference(f"{word} removed", term_of(each), None) for each in gone),
        *(Difference(f"{word} added", None, term_of(each)) for each in come),
    ]


def _links(op: str, node: tree.Node) -> list[tree.Node]:
    if isinstance(node, tree.Binary) and node.op == op:
        return [*_links(op, node.left), *_links(op, node.right)]
    return [node]


def moved(old: Figure, new: Figure) -> str:
    """What is done to a figure: a length of time is lengthened or shortened, all else raised or lowered."""
    one, other = _measured(old), _measured(new)
    if one is None or other is None or one[0] != other[0]:
        return "changed"
    if one[1] == other[1]:
        return "rewritten"
    up = other[1] > one[1]
    if one[2]:
        return "lengthened" if up else "shortened"
    return "raised" if up else "lowered"


def _measured(figure: Figure) -> tuple[Unit, Fraction, bool] | None:
    """The unit, the amount in base units, and whether it is a length of time."""
    if figure.kind in ("percent", "ratio"):
        return RATIO, figure.amount, False
    if not figure.unit:
        return NUMBER, figure.amount, False
    try:
        unit, factor = unit_of_words(figure.unit)
    except UnitFault:
        return None
    return unit, figure.amount * factor, bool(unit.period)
