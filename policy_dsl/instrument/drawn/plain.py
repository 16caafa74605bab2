"""What depends on what as text: DOT for Graphviz, Mermaid, and an indented tree. None needs a library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from policy_dsl.instrument.drawn.graph import Graph, Node
from policy_dsl.instrument.texts import HEADS
from policy_dsl.render import words
from policy_dsl.render.document import Span
from policy_dsl.render.escape import visible

SHAPES = {"indicator": "note", "parameter": "box", "step": "cds", "duty": "octagon", "guarantee": "octagon"}
_SPECIAL = re.compile(r"[^\w .,:()’‘“”–/-]", re.ASCII)


def by_article(graph: Graph) -> Iterator[tuple[str, list[Node]]]:
    """The articles in order, each with its provisions."""
    for article in graph.articles:
        yield article, [node for node in graph.nodes if node.article == article]


# ---- DOT -------------------------------------------------------------------------------------------------------------


def dot(graph: Graph) -> str:
    """The graph in the language of Graphviz."""
    lines = [f"digraph {_quoted(graph.title)} {{", "  rankdir=LR;", "  node [shape=box];"]
    for number, (article, nodes) in enumerate(by_article(graph), 1):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(graph.articles[article])};"]
        lines += [f"    {_dot_node(node, node.name == graph.of)}" for node in nodes]
        lines.append("  }")
    lines += [f"  {_quoted(other)} -> {_quoted(name)};" for name, needs in graph.needs.items() for other in needs]
    return "\n".join([*lines, "}"]) + "\n"


def _dot_node(node: Node, asked: bool) -> str:
    more = ", penwidth=3" if asked else ""
    label = f"{_escaped(node.title)}\\n{_escaped(node.said)}"
    return f'{_quoted(node.name)} [label="{label}", shape={SHAPES.get(node.kind, "box")}{more}];'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')


# ---- Mermaid ---------------------------------------------------------------------------------------------------------


def mermaid(graph: Graph) -> str:
    """The graph as a flowchart of Mermaid."""
    places = {node.name: f"n{number}" for number, node in enumerate(graph.nodes, 1)}
    lines = ["flowchart LR"]
    for number, (article, nodes) in enumerate(by_article(graph), 1):
        lines.append(f'  subgraph a{number}["{_mermaid(graph.articles[article])}"]')
        lines += [f'    {places[node.name]}["{_mermaid(node.title)}"]' for node in nodes]
        lines.append("  end")
    lines += [f"  {places[other]} --> {places[name]}" for name, needs in graph.needs.items() for other in needs]
    if graph.of:
        lines.append(f"  style {places[graph.of]} stroke-width:3px")
    return "\n".join(lines) + "\n"


def _mermaid(text: str) -> str:
    """Text in which no sign means anything to Mermaid or to the page: others stand as their numbers."""
    return "".join(each if each.isalnum() or not _SPECIAL.match(each) else f"#{ord(each)};" for each in visible(text))


# ---- a tree ----------------------------------------------------------------------------------------------------------


def text(graph: Graph) -> str:
    """The graph as an indented tree: below each provision what it rests on. What was told before is not told again.

    Of one provision, what rests on it follows as a tree of its own.
    """
    users = graph.users
    if graph.of:
        lines = [_said("graph.rests_on"), *_branches(graph, graph.of, graph.needs)]
        lines += ["", _said("graph.used_by"), *_branches(graph, graph.of, users)]
        return "\n".join(lines) + "\n"
    told: set[str] = set()
    lines = []
    ends = [node.name for node in graph.nodes if not users[node.name]]
    # What needs itself in a circle has no end; it begins where the text begins.
    for name in (*ends, *(node.name for node in graph.nodes)):
        if name not in told:
            lines += _branch(graph, name, graph.needs, told, 0)
    return "\n".join(lines) + "\n"


def _branches(graph: Graph, name: str, steps: Mapping[str, tuple[str, ...]]) -> list[str]:
    return list(_branch(graph, name, steps, set(), 0))


def _branch(graph: Graph, name: str, steps: Mapping[str, tuple[str, ...]], told: set[str], depth: int) -> Iterator[str]:
    """A provision and, set in below it, where the steps lead; without recursion, as chains may be long."""
    by_name = {node.name: node for node in graph.nodes}
    waiting = [(name, depth)]
    while waiting:
        here, deep = waiting.pop()
        again = here in told and bool(steps[here])
        node = by_name[here]
        key = "graph.line.told" if again else "graph.line"
        yield "  " * deep + _said(key, title=node.title, name=node.name, kind=node.said, at=node.at)
        if not again:
            told.add(here)
            waiting += [(each, deep + 1) for each in reversed(steps[here])]


def _said(key: str, /, **texts: str) -> str:
    return visible(
        words.flat(words.fill(HEADS[key], {each: (Span(said),) if said else () for each, said in texts.items()}))
    )
