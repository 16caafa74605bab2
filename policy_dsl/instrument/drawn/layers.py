"""Layers: in which row each node of a graph stands, so that what rests on something stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def layered(nodes: Sequence[str], needs: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """The layer of each node: one behind the last of those that it needs.

    What is needed in a circle is cut where the circle closes, in the order of the nodes.
    """
    known = set(nodes)
    found: dict[str, int] = {}
    begun: set[str] = set()
    for start in nodes:
        waiting = [(start, False)]
        while waiting:
            node, left = waiting.pop()
            below = _ordered(needs, node, nodes, known)
            if left:
                layers = [found[each] for each in below if each in found]
                found[node] = max(layers, default=-1) + 1
            elif node not in begun:
                begun.add(node)
                waiting.append((node, True))
                waiting += [(each, False) for each in reversed(below) if each not in begun]
    return found


def reduced(nodes: Sequence[str], needs: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """What each node needs, without what it needs by way of another of them; in a circle nothing is left out."""
    known = set(nodes)
    direct = {node: _ordered(needs, node, nodes, known) for node in nodes}
    found = {}
    for node in nodes:
        if node in _reached(direct, node):
            found[node] = direct[node]
            continue
        below = {each: _reached(direct, each) for each in direct[node]}
        found[node] = [
            each
            for each in direct[node]
            if not any(each in below[other] and other not in below[each] for other in direct[node] if other != each)
        ]
    return found


def _ordered(needs: Mapping[str, Iterable[str]], node: str, nodes: Sequence[str], known: set[str]) -> list[str]:
    wanted = set(needs.get(node, ())) & known - {node}
    return [each for each in nodes if each in wanted] if wanted else []


def _reached(direct: Mapping[str, Sequence[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in direct[waiting.pop()]:
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
