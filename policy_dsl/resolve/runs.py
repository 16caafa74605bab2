"""Over whom a bare share ranges: the members of the one apportionment that uses it.

In an apportionment, a key or criteria, the run at hand is the range. Anywhere else the set must be written, except
where a single run alone uses the definition. Bare sums and means outside every run range over the members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from policy_dsl.resolve.bindable import OF_A_RUN, Bare, Use
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.program import Entry
from policy_dsl.resolve.suggest import listed

OUTSIDE = frozenset({"total", "among", "fixed for", "borne by", "limit for", "remainder to"})
CARRIERS = ("define", "key", "scale", "criteria")


def runs(entries: Mapping[str, Entry], uses: Sequence[Use], bare: Iterable[Bare], findings: Findings) -> dict[str, str]:
    """The single apportionment on which the bare aggregates of a provision range, by the provision's name."""
    carriers = {name for name, entry in entries.items() if entry.kind in CARRIERS}
    inside: dict[str, set[str]] = {name: set() for name in carriers}
    needs: dict[str, set[str]] = defaultdict(set)
    outside: set[str] = set()
    for use in uses:
        owner = entries.get(use.owner)
        if owner is None or use.target not in carriers or use.row or use.line in ("names", "independent"):
            continue
        if use.owner in carriers:
            needs[use.owner].add(use.target)
        elif owner.kind == "apportion" and use.line not in OUTSIDE:
            inside[use.target].add(use.owner)
        else:
            outside.add(use.target)
    _spread(inside, outside, needs)
    found: dict[str, str] = {}
    for each in bare:
        _judge(each, entries, inside, outside, found, findings)
    return found


def _spread(inside: dict[str, set[str]], outside: set[str], needs: Mapping[str, set[str]]) -> None:
    """A run that uses a provision uses all that the provision needs."""
    todo = list(inside)
    while todo:
        here = todo.pop()
        for other in needs.get(here, ()):
            grown = not inside[here] <= inside[other] or (here in outside and other not in outside)
            inside[other] |= inside[here]
            if here in outside:
                outside.add(other)
            if grown:
                todo.append(other)


def _judge(
    each: Bare,
    entries: Mapping[str, Entry],
    inside: Mapping[str, set[str]],
    outside: set[str],
    found: dict[str, str],
    findings: Findings,
) -> None:
    strict = each.node.op in OF_A_RUN
    entry = entries.get(each.owner)
    if entry is None or (entry.kind == "apportion" and each.line not in OUTSIDE):
        return
    users = sorted(inside.get(each.owner, ()))
    framed = entry.kind in ("key", "criteria") or (entry.parent is not None and entry.parent.kind == "key")
    words = each.node.span.text
    op = each.node.op
    if len(users) == 1 and (strict or framed or each.owner not in outside):
        found[each.owner] = users[0]
    elif framed and (users or each.owner not in outside):
        return
    elif users:
        where = listed([*users], "and") + (" and outside any sharing" if each.owner in outside else "")
        findings.add("PD251", each.node.span, each.scope.address, op=op, words=words, runs=where)
    elif strict:
        findings.add("PD250", each.node.span, each.scope.address, op=op, words=words, name=each.owner)
