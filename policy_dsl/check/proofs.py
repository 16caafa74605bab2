"""`a independent of b`: proved from the text alone, or refuted by a way from one to the other."""

from __future__ import annotations

from collections.abc import Iterable

from policy_dsl.check.desk import Desk
from policy_dsl.resolve.program import CriterionOf, Entry
from policy_dsl.syntax import tree


def proofs(desk: Desk) -> None:
    """Prove each guarantee of independence, or report the way that refutes it."""
    for entry in desk.program.of_kind("guarantee"):
        node = entry.node
        if not isinstance(node, tree.Guarantee) or node.independent is None:
            continue
        one, other = node.independent
        starts, goals = _names(desk, one), _names(desk, other)
        if not starts or not goals:
            continue
        chain = way(desk, starts, goals)
        if not chain:
            desk.proved.add(entry.name)
            continue
        steps = " → ".join(_titled(desk, name) for name in reversed(chain))
        desk.fault("PD490", node, name=entry.name, one=one.text, other=other.text, chain=steps)


def way(desk: Desk, starts: Iterable[str], goals: Iterable[str]) -> list[str]:
    """The shortest way by which something depends on something else, from the first to the last; empty if none."""
    goals = frozenset(goals)
    todo = sorted(starts)
    before: dict[str, str] = dict.fromkeys(todo, "")
    for here in todo:
        if here in goals:
            chain = [here]
            while before[chain[-1]]:
                chain.append(before[chain[-1]])
            return chain[::-1]
        for following in sorted(desk.program.depends.get(here, ())):
            if following not in before:
                before[following] = here
                todo.append(following)
    return []


def _names(desk: Desk, name: tree.Ident) -> frozenset[str]:
    """The entries that a name stands for: a procedure for its steps, a criterion for its criteria."""
    ref = desk.program.ref(name) or desk.program.entries.get(name.text)
    if isinstance(ref, CriterionOf):
        return frozenset({ref.criteria.name})
    if not isinstance(ref, Entry):
        return frozenset()
    found = {ref.name}
    if isinstance(ref.node, tree.Procedure):
        found |= {entry.name for step in ref.node.steps if (entry := desk.entry(step)) is not None}
    return frozenset(found)


def _titled(desk: Desk, name: str) -> str:
    entry = desk.program.entries.get(name)
    where = f" ({entry.address})" if entry is not None and entry.address is not None else ""
    return f"{name}{where}"
