"""Drafts: the places at which a text is still open, the combinations of alternatives that fit together, and the text

as it reads under one of them.

A combination takes one alternative at each place. One name may stand at several places: it is then taken at all of
them or at none. `with` ties one name to another: it is taken only together with that one. Places that share no name,
and that no `with` ties, are chosen apart from each other.

A chosen text is a tree like any other, so that every combination is resolved, checked and applied as a policy is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import combinations as of_size
from itertools import groupby, islice, product

from policy_dsl.diagnostics import Problem, Related
from policy_dsl.records import dataclass
from policy_dsl.resolve.adoption import names_of
from policy_dsl.source import Span
from policy_dsl.syntax import tree

_OPENS = re.compile(r"^[ \t]*alternative\b", re.MULTILINE)
MOST_TIED = 4096
"""How many ways to choose at places that hang together are looked at; a draft that has more has no reader either."""


@dataclass(frozen=True, slots=True, eq=False)
class OpenPlace:
    """A place at which the text is open: its alternatives in order. `where` is the address of the article, or empty.

    `torn` tells that a block around it could not be read: another alternative may be that block.
    """

    where: str
    alternatives: tuple[tree.Alternative, ...]
    torn: bool = False

    @property
    def span(self) -> Span:
        """The first line of the first alternative, which stands for the place."""
        return head(self.alternatives[0])

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the alternatives, each once, in order."""
        return tuple(dict.fromkeys(each.name.text for each in self.alternatives))


@dataclass(frozen=True, slots=True)
class Combination:
    """Alternatives that fit together, one at each place: their names in the order of the text."""

    taken: tuple[str, ...]

    @property
    def name(self) -> str:
        """What the combination is called: `A + C`."""
        return " + ".join(self.taken)


def head(alternative: tree.Alternative) -> Span:
    """The line that opens an alternative."""
    line = alternative.span.text.partition("\n")[0].rstrip()
    return alternative.span._replace(end=alternative.span.start + len(line))


# ---- the places ------------------------------------------------------------------------------------------------------


def places(file: tree.PolicyFile) -> tuple[OpenPlace, ...]:
    """The open places in the order of the text: alternatives that stand one below the other are for one place."""
    found = list(_runs("", file.items))
    for item in file.items:
        article = item.article if isinstance(item, tree.Departure) else item
        if isinstance(article, tree.Article):
            found += _runs(f"Art. {article.number}", article.lines)
    return tuple(sorted(found, key=lambda each: each.alternatives[0].span.start))


def _runs(where: str, lines: Sequence[tree.Node]) -> Iterator[OpenPlace]:
    torn = any(isinstance(line, tree.Broken) for line in lines)
    for opens, run in groupby(lines, lambda line: isinstance(line, tree.Alternative)):
        if opens:
            yield OpenPlace(where, tuple(line for line in run if isinstance(line, tree.Alternative)), torn)


# ---- the combinations ------------------------------------------------------------------------------------------------


def combinations(
    open_: Sequence[OpenPlace], held: Collection[str] = (), first: Collection[str] = ()
) -> Iterator[Combination]:
    """The combinations in which the names `held` are taken: those that differ least from the first one come first.

    So the first few already take every alternative once. The first one takes what stands first at each place, or the
    names `first`. The order follows from the text alone.
    """
    ways = [_with_first(way, first) for way in ways_to_choose(open_, held)]
    order = {name: at for at, name in enumerate(_names(open_))}
    for changed in range(len(ways) + 1):
        for others in of_size(range(len(ways)), changed):
            options = [way[1:] if at in others else way[:1] for at, way in enumerate(ways)]
            for picked in product(*options):
                taken = {name for names in picked for name in names}
                yield Combination(tuple(sorted(taken, key=lambda name: order[name])))


def _with_first(way: list[tuple[str, ...]], first: Collection[str]) -> list[tuple[str, ...]]:
    """Ways to choose, the one that takes most of the names at the front."""
    if not way or not first:
        return way
    front = max(way, key=lambda names: len(set(names) & set(first)))
    return [front, *(names for names in way if names is not front)]


def how_many(open_: Sequence[OpenPlace], held: Collection[str] = ()) -> int:
    """How many combinations there are; none where something must be taken that nothing fits."""
    count = 1
    for way in ways_to_choose(open_, held):
        count *= len(way)
    return count


def ways_to_choose(open_: Sequence[OpenPlace], held: Collection[str] = ()) -> list[list[tuple[str, ...]]]:
    """For places that hang together, the sets of names that can be taken at them; in the order of the text."""
    return [
        [names for names in islice(_sets(group), MOST_TIED) if _keeps(names, group, held)]
        for group in _hanging_together(open_)
    ]


def _keeps(names: tuple[str, ...], group: list[OpenPlace], held: Collection[str]) -> bool:
    return all(name in names for name in held if any(name in place.names for place in group))


def _hanging_together(open_: Sequence[OpenPlace]) -> list[list[OpenPlace]]:
    """The places in groups: those of a group share names, or are tied by `with`, be it by way of others."""
    groups: list[tuple[set[str], list[OpenPlace]]] = []
    for place in open_:
        names = {*place.names, *(tie.text for each in place.alternatives for tie in each.ties)}
        joined = [group for group in groups if group[0] & names]
        merged = [each for _, members in joined for each in members]
        groups = [group for group in groups if group not in joined]
        groups.append((names.union(*(group[0] for group in joined)), [*merged, place]))
    rank = {id(place): at for at, place in enumerate(open_)}
    found = [sorted(members, key=lambda each: rank[id(each)]) for _, members in groups]
    return sorted(found, key=lambda members: rank[id(members[0])])


def _sets(group: list[OpenPlace]) -> Iterator[tuple[str, ...]]:
    """The sets of names of which each place of a group holds exactly one, with what each is tied to."""
    ties = {(each.name.text, tie.text) for place in group for each in place.alternatives for tie in each.ties}

    def further(at: int, taken: tuple[str, ...], refused: frozenset[str]) -> Iterator[tuple[str, ...]]:
        if at == len(group):
            if all(tie in taken for name, tie in ties if name in taken):
                yield taken
            return
        names = group[at].names
        here = [name for name in names if name in taken]
        for name in here or [each for each in names if each not in refused]:
            rest = frozenset(each for each in names if each != name)
            if not rest & set(taken):
                yield from further(at + 1, taken if name in taken else (*taken, name), refused | rest)

    return further(0, (), frozenset())


def _names(open_: Sequence[OpenPlace]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for place in open_ for name in place.names))


# ---- the text under a combination ------------------------------------------------------------------------------------


def chosen(file: tree.PolicyFile, taken: Collection[str]) -> tree.PolicyFile:
    """The text with the alternatives of these names in their places, and without the others.

    An article of which nothing is left is none. What is not open stays the same node.
    """
    items: list[tree.Part | tree.Article | tree.Departure | tree.Alternative | tree.Example | tree.Broken] = []
    for item in _picked(file.items, taken):
        match item:
            case tree.Article():
                article = _article(item, taken)
                if article.lines or not item.lines:
                    items.append(article)
            case tree.Departure(article=tree.Article() as inner):
                left = _article(inner, taken)
                items.append(
                    item if left is inner else tree.Departure(item.span, item.kind, item.number, left, item.notes)
                )
            case tree.Part() | tree.Departure() | tree.Example() | tree.Broken():
                items.append(item)
    return tree.PolicyFile(file.span, file.header, tuple(items), file.comments)


def _article(article: tree.Article, taken: Collection[str]) -> tree.Article:
    if not any(isinstance(line, tree.Alternative) for line in article.lines):
        return article
    kinds = tree.Prose | tree.Provision | tree.Indicators | tree.Example | tree.Broken
    lines = tuple(line for line in _picked(article.lines, taken) if isinstance(line, kinds))
    return tree.Article(article.span, article.number, article.title, lines)


def _picked(lines: Iterable[tree.Node], taken: Collection[str]) -> Iterator[tree.Node]:
    for line in lines:
        if not isinstance(line, tree.Alternative):
            yield line
        elif line.name.text in taken:
            yield from line.lines


def names_given(open_: Sequence[OpenPlace]) -> frozenset[str]:
    """The names that alternatives give to provisions, each under some combination."""
    found: set[str] = set()
    for place in open_:
        for each in place.alternatives:
            for line in each.lines:
                article = line.article if isinstance(line, tree.Departure) else line
                lines = article.lines if isinstance(article, tree.Article) else (line,)
                found.update(name.text for name in names_of(lines))
    return frozenset(found)


def as_read(article: tree.Article) -> str:
    """The text of an article as it reads with the alternatives chosen, if it held any; else as it is written."""
    if not _OPENS.search(article.span.text):
        return "\n".join(_lines_of(article))
    first = article.span.text.partition("\n")[0].rstrip()
    return "\n".join((first, *(f"  {line}" for each in article.lines for line in _lines_of(each))))


def _lines_of(node: tree.Node) -> list[str]:
    """The lines of a part of the text, as deep as they stand below its first one."""
    deep = node.span.begins.column - 1
    first, *more = node.span.text.rstrip().split("\n")
    return [first, *(line[min(deep, len(line) - len(line.lstrip())) :] for line in more)]


# ---- faults ----------------------------------------------------------------------------------------------------------


def faults(open_: Sequence[OpenPlace]) -> tuple[Problem, ...]:
    """Alternatives that are none: alone at their place, there twice, tied to nothing, or never to be taken."""
    found: list[Problem] = []
    for place in open_:
        first: dict[str, tree.Alternative] = {}
        for each in place.alternatives:
            earlier = first.setdefault(each.name.text, each)
            if earlier is not each:
                related = (Related(earlier.name.span, "the first one stands here"),)
                found.append(Problem("PD183", each.name.span, {"name": each.name.text}, place.where, related))
        if len(place.alternatives) == 1 and not place.torn:
            only = place.alternatives[0].name
            found.append(Problem("PD182", only.span, {"name": only.text}, place.where))
    if not any(place.torn for place in open_):
        found += _ties(open_)
        found += () if found else _never(open_)
    return tuple(found)


def _ties(open_: Sequence[OpenPlace]) -> Iterator[Problem]:
    known = _names(open_)
    for place in open_:
        for each in place.alternatives:
            for tie in each.ties:
                beside = tie.text in place.names
                if tie.text not in known or beside:
                    why = "stands at the same place, where only one is taken" if beside else "is no alternative"
                    params = {"name": each.name.text, "tie": tie.text, "why": why}
                    yield Problem("PD185", tie.span, params, place.where)


def _never(open_: Sequence[OpenPlace]) -> Iterator[Problem]:
    """Names that no combination takes: at another place they stand beside others with which they can't agree."""
    fitting = {name for way in ways_to_choose(open_) for names in way for name in names}
    for name in _names(open_):
        if name in fitting:
            continue
        own = [place for place in open_ if name in place.names]
        node = next(each for each in own[0].alternatives if each.name.text == name)
        others = [each.name for place in open_ if place is not own[0] for each in place.alternatives]
        shared = {each for place in own for each in place.names}
        related = tuple(
            Related(each.span, f"`{each.text}` stands here")
            for each in others
            if each.text in shared or name == each.text
        )
        yield Problem("PD184", node.name.span, {"name": name}, own[0].where, related[:4])
