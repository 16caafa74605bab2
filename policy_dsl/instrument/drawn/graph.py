"""What depends on what: the provisions by article, and from each an arrow to those that rest on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy_dsl.check import Checked
from policy_dsl.instrument import Unnamed
from policy_dsl.instrument.texts import HEADS, TOLD
from policy_dsl.instrument.uses import Uses
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.document import Span
from policy_dsl.render.languages import adopted, in_words, instrument, telling
from policy_dsl.render.titles import title_of
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.resolve.suggest import nearest
from policy_dsl.syntax import tree
from policy_dsl.values import Address

LEFT_OUT = frozenset({"procedure", "calendar", "reservable"})
"""Provisions that have no value and on which none rests."""


@dataclass(frozen=True, slots=True)
class Node:
    """A provision: its name, its title, what it is (as a key and in words), and the article in which it stands."""

    name: str
    title: str
    kind: str
    said: str
    article: str
    at: str


@dataclass(frozen=True, slots=True)
class Graph:
    """The provisions in the order of the text, of each what it needs, and the titles of the articles in order.

    `of` is the name of the one about which it was asked, or empty.
    """

    title: str
    nodes: tuple[Node, ...]
    needs: Mapping[str, tuple[str, ...]]
    articles: Mapping[str, str]
    of: str = ""

    @property
    def users(self) -> dict[str, tuple[str, ...]]:
        """Of each provision those that need it, in the order of the text."""
        found: dict[str, list[str]] = {node.name: [] for node in self.nodes}
        for node in self.nodes:
            for other in self.needs[node.name]:
                found[other].append(node.name)
        return {name: tuple(users) for name, users in found.items()}

    def node(self, name: str) -> Node:
        """A provision by its name. Raises StopIteration."""
        return next(each for each in self.nodes if each.name == name)


def graph(checked: Checked, form: str, of: str = "", language: str = "en", page: str = "") -> str:
    """What depends on what, in a form. Raises as `policy_dsl.instrument.graph`."""
    with telling(checked.program, language):
        found = graph_of(checked.program, of)
        match form:
            case "svg":
                from policy_dsl.instrument.drawn.lanes import svg

                return svg(found, page)
            case "dot":
                from policy_dsl.instrument.drawn.plain import dot

                return dot(found)
            case "mermaid":
                from policy_dsl.instrument.drawn.plain import mermaid

                return mermaid(found)
            case "text":
                from policy_dsl.instrument.drawn.plain import text

                return text(found)
    raise ValueError(f"unknown form: {form!r}")


def graph_of(program: Program, of: str = "") -> Graph:
    """The graph of a policy, or of what one provision rests on and what rests on it. Raises Unnamed."""
    uses = Uses(program)
    shown = [each for each in uses.entries if each.parent is None and each.kind not in LEFT_OUT]
    names = {each.name for each in shown}
    needs = {each.name: _needs(uses, each, names) for each in shown}
    wanted = names if not of else _around(_named(program, shown, of), needs)
    nodes = tuple(_node(each) for each in shown if each.name in wanted)
    kept = {node.name: tuple(each for each in needs[node.name] if each in wanted) for node in nodes}
    articles = {node.article: _article(program, node.article) for node in nodes}
    asked = _named(program, shown, of) if of else ""
    return Graph(instrument(program.heading.name)[0], nodes, kept, articles, asked)


def _needs(uses: Uses, entry: Entry, names: set[str]) -> tuple[str, ...]:
    """What a provision needs, with what is needed by the definitions inside it; inner ones stand for their outer.

    Who reads how a fund stood when the case was opened, or whom it then suspended, does not rest on what it will do.
    """
    found: dict[str, None] = {}
    inner = [each for each in uses.entries if each.parent is entry]
    for one in (entry, *inner):
        for other in uses.needs[one.name]:
            outer = other.parent if other.parent is not None else other
            ledger = outer.kind == "fund" and outer.name not in uses.program.depends.get(one.name, ())
            if outer is not entry and outer.name in names and not ledger:
                found[outer.name] = None
    place = {each.name: n for n, each in enumerate(uses.entries)}
    return tuple(sorted(found, key=place.__getitem__))


def _named(program: Program, shown: Sequence[Entry], of: str) -> str:
    """The name of the provision that goes by a name or a title. Raises Unnamed."""
    known = {each.name: each.name for each in shown}
    for each in program.entries.values():
        if each.parent is not None and each.parent.name in known:
            known.setdefault(each.name, each.parent.name)
        if isinstance(each.node, tree.Criteria):
            known = {row.name.text: each.name for row in each.node.rows} | known
    if of in known:
        return known[of]
    for each in shown:
        if of.casefold() in (each.title.casefold(), title_of(each).casefold()):
            return each.name
    near = nearest(of, list(known)) or nearest(of, [title_of(each) for each in shown])
    raise Unnamed(of, (near,) if near else ())


def _around(name: str, needs: Mapping[str, tuple[str, ...]]) -> set[str]:
    """All that one provision rests on, all that rests on it, and itself."""
    users: dict[str, list[str]] = {}
    for each, below in needs.items():
        for other in below:
            users.setdefault(other, []).append(each)
    return {name} | _reached(name, needs) | _reached(name, users)


def _reached(start: str, steps: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in steps.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def _node(entry: Entry) -> Node:
    at = entry.address
    article = str(Address(at.article, at.suffix, (), at.instrument)) if at is not None else ""
    return Node(entry.name, title_of(entry), entry.kind, TOLD[f"kind.{entry.kind}"], article, str(at or ""))


def _article(program: Program, article: str) -> str:
    """An article with its title."""
    for law in program.law:
        if str(Address(law.address.article, law.address.suffix, (), law.address.instrument)) == article:
            title = adopted().of(law.node) or in_words(law.title)
            number = article.removeprefix("Art. ")
            return words.flat(words.text("law.head", number=(Span(number),), title=(Span(title),), origin=()))
    return article or HEADS["graph.nowhere"]
