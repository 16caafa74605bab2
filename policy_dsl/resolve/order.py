"""Who depends on whom, and definitions that go round in a circle.

An event is judged by the record before its moment. What a step `requires`, its quorum, its majority and the last day of
its window may therefore name the step itself or what follows from it: only what makes a date, a figure or a member out
of itself is a circle. A parameter left to a step is chosen in that step, so nothing that the step needs may rest on it.
A fund's ledger is read as it stood when the case opened, and rests on nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from policy_dsl.diagnostics import Related
from policy_dsl.resolve.bindable import Use
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

Graph = Mapping[str, frozenset[str] | set[str]]
JUDGED_BEFORE = frozenset({"by", "requires", "not after", "quorum", "adopted when", "failing which"})
NO_DEPENDENCE = frozenset({"ledger", "names", "supplied by", "independent", "example"})


def dependencies(entries: Mapping[str, Entry], uses: Iterable[Use]) -> dict[str, frozenset[str]]:
    """What each entry depends on directly, itself left out; of criteria, what the rows meant depend on."""
    return _graph(entries, uses, frozenset())


def _graph(entries: Mapping[str, Entry], uses: Iterable[Use], without: frozenset[str]) -> dict[str, frozenset[str]]:
    uses = [use for use in uses if use.owner in entries and use.line not in NO_DEPENDENCE]
    rows: dict[tuple[str, str], set[str]] = defaultdict(set)
    for use in uses:
        if use.line.startswith("row "):
            rows[use.owner, use.line[4:]].add(use.target)
    found: dict[str, set[str]] = {name: set() for name in entries}
    for use in uses:
        if entries[use.owner].kind == "step" and use.line in without:
            continue
        found[use.owner].update(rows[use.target, use.row] if use.row else (use.target,))
    return {name: frozenset(needs - {name} & entries.keys()) for name, needs in found.items()}


def check_circles(
    entries: Mapping[str, Entry],
    uses: Iterable[Use],
    whole: Graph,
    prevails: Mapping[str, tuple[str, ...]],
    findings: Findings,
) -> Graph:
    """One fault for each circle in the `whole`, with its chain. Gives what rests on what, without any circle."""
    uses = list(uses)
    hard = {name: set(needs) for name, needs in _graph(entries, uses, JUDGED_BEFORE).items()}
    for name, below in prevails.items():
        if any("@" in other for other in below):
            hard[name].update(other for other in below if other.partition("@")[0] == name)
    _on_itself(entries, uses, findings)
    _rows_in_circles(entries, uses, findings)
    _left_to_dependents(entries, whole, findings)
    _members_by_members(entries, uses, whole, findings)
    graph = {name: set(needs) for name, needs in hard.items()}
    for name, entry in entries.items():
        if isinstance(entry.node, tree.Parameter) and isinstance(entry.node.value, tree.LeftTo):
            graph[name].discard(entry.node.value.step.text)
    while True:
        try:
            TopologicalSorter({name: sorted(needs) for name, needs in sorted(graph.items())}).prepare()
        except CycleError as error:
            chain = _from_first(list(error.args[1])[:0:-1], entries)
            _say("PD245", chain, entries, findings)
            graph[chain[0]].discard(chain[1 % len(chain)])
        else:
            return graph


def _on_itself(entries: Mapping[str, Entry], uses: Iterable[Use], findings: Findings) -> None:
    """A provision that names itself where its own value is needed."""
    said: set[str] = set()
    for use in uses:
        entry = entries.get(use.owner)
        if entry is None or use.owner != use.target or use.row or use.owner in said or use.line in NO_DEPENDENCE:
            continue
        if entry.kind == "step" and use.line in JUDGED_BEFORE:
            continue
        if entry.kind == "indicator" and use.line == "missing means":
            continue
        said.add(use.owner)
        _say("PD245", [use.owner], entries, findings)


def _rows_in_circles(entries: Mapping[str, Entry], uses: Iterable[Use], findings: Findings) -> None:
    """Criteria that are measured by each other."""
    for name, entry in entries.items():
        if not isinstance(entry.node, tree.Criteria):
            continue
        graph: dict[str, set[str]] = defaultdict(set)
        for use in uses:
            if use.owner == use.target == name and use.row and use.line.startswith("row "):
                graph[use.line[4:]].add(use.row)
        for row in entry.node.rows:
            rests_on = graph.get(row.name.text, set())
            chained = next((each for need in sorted(rests_on) if (each := way(need, row.name.text, graph))), [])
            if row.name.text in rests_on or chained:
                chain = " → ".join([row.name.text, *(chained or [row.name.text])])
                findings.add("PD245", row.name.span, entry.address, name=row.name.text, chain=chain)
                break


def _left_to_dependents(entries: Mapping[str, Entry], whole: Graph, findings: Findings) -> None:
    for name, entry in entries.items():
        node = entry.node
        if not isinstance(node, tree.Parameter) or not isinstance(node.value, tree.LeftTo):
            continue
        step = node.value.step
        chain = way(step.text, name, whole)
        if chain:
            related = places(chain[1:-1], entries)
            words = " → ".join(titled(each, entries) for each in (*chain, step.text))
            findings.add("PD246", step.span, entry.address, related, name=name, step=step.text, chain=words)


def _members_by_members(entries: Mapping[str, Entry], uses: Iterable[Use], whole: Graph, findings: Findings) -> None:
    """Who may take a step must not be decided by that very step: nobody could take it first."""
    takers: dict[str, set[str]] = defaultdict(set)
    needed: dict[str, set[str]] = defaultdict(set)
    for use in uses:
        if use.owner in entries and entries[use.owner].kind == "step" and use.line == "by":
            takers[use.owner].add(use.target)
        if use.owner in entries and use.line == "requires" and entries[use.owner].kind in ("tier", "set"):
            needed[use.owner].add(use.target)
    for step, groups in takers.items():
        for group in sorted(groups & needed.keys()):
            if step in needed[group] or any(way(need, step, whole) for need in needed[group]):
                _say("PD245", [step, group], entries, findings)
                break


def way(start: str, goal: str, graph: Graph) -> list[str]:
    """The shortest chain of dependencies from one name to another, or nothing."""
    before = {start: ""}
    todo = [start]
    for here in todo:
        for other in sorted(graph.get(here, ())):
            if other in before:
                continue
            before[other] = here
            if other == goal:
                chain = [other]
                while before[chain[-1]]:
                    chain.append(before[chain[-1]])
                return chain[::-1]
            todo.append(other)
    return []


def _from_first(chain: list[str], entries: Mapping[str, Entry]) -> list[str]:
    """The same circle, told from the provision that stands first in the text."""
    order = list(entries)
    first = min(range(len(chain)), key=lambda at: order.index(chain[at]))
    return [*chain[first:], *chain[:first]]


def _say(code: str, chain: list[str], entries: Mapping[str, Entry], findings: Findings) -> None:
    entry = entries[chain[0]]
    words = " → ".join(titled(name, entries) for name in (*chain, chain[0]))
    findings.add(code, entry.node.name.span, entry.address, places(chain[1:], entries), name=chain[0], chain=words)


def places(chain: Iterable[str], entries: Mapping[str, Entry]) -> tuple[Related, ...]:
    """Where the provisions of a chain stand."""
    return tuple(Related(entries[name].node.name.span, f"{entries[name].address}") for name in chain)


def titled(name: str, entries: Mapping[str, Entry]) -> str:
    """A name with its article."""
    return f"{name.partition('@')[0]} ({entries[name].address})"
