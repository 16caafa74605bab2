"""A text cut into the units that a merge takes whole: blocks, and inside an article its words and provisions.

Each unit keeps the comments above it and has a key by which it is known again in another version of the text: an
article by its number and its title, a provision by its name, words by their paragraph.
"""

from __future__ import annotations

import itertools
from collections import Counter

from policy_dsl.layout.promise import read
from policy_dsl.records import dataclass
from policy_dsl.source import Source
from policy_dsl.syntax import blocks, tree
from policy_dsl.syntax.blocks import Block

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Unit:
    """Some lines of a text. `title` is that of an article or an example; `members` are the units inside, if it has any.

    Where it has, `head` are its lines before the first member. `apart`: an empty line stands above it.
    """

    key: Key
    title: str
    apart: bool
    lines: tuple[str, ...]
    head: tuple[str, ...] = ()
    members: tuple[Unit, ...] = ()


def units_of(source: Source) -> tuple[Unit, ...]:
    """The blocks of a text in the canonical layout, and what stands below the last of them."""
    text = source.text
    nodes: dict[int, tree.Node] = {}
    for node in tree.walk(read(source).tree):
        if not isinstance(node, _WHOLE):
            nodes.setdefault(node.span.start, node)  # the outermost that begins here
    found = blocks.cut(text)
    end = _cuts(text, [*found, Block("", len(text), len(text))], 0)[-1]
    units = _units(text, found, 0, end, nodes)
    below = _lines(text[end:])
    return (*units, Unit(("end", ""), "", True, below)) if below else units


_WHOLE = (tree.PolicyFile, tree.TranslationFile, tree.Comment)
_OF_MEMBERS = (tree.Article, tree.Departure, tree.Translated)


def _units(text: str, found: list[Block], start: int, end: int, nodes: dict[int, tree.Node]) -> tuple[Unit, ...]:
    """The units of consecutive blocks; comments between two of them go with the second unless they stand deeper."""
    cuts = [*_cuts(text, found, start), end]
    seen: Counter[Key] = Counter()
    made = []
    for block, (begin, until) in zip(found, itertools.pairwise(cuts), strict=True):
        node = nodes.get(blocks.first_line(text, block.start, block.end).first)
        key, title = _name(node, text[block.start : block.end])
        seen[key] += 1
        if seen[key] > 1:
            key = (key[0], f"{key[1]} · {seen[key]}")
        apart, lines = text.startswith("\n", begin), _lines(text[begin:until])
        if isinstance(node, _OF_MEMBERS) and (body := text.find("\n", block.start, block.end) + 1):
            members = _units(text, blocks.members(text, body, block.end), body, until, nodes)
            made.append(Unit(key, title, apart, lines, _lines(text[begin:body]), members))
        elif isinstance(node, tree.Header | tree.TranslationHeader | tree.Indicators):
            made.append(_rows(Unit(key, title, apart, lines), text, begin, until, node))
        else:
            made.append(Unit(key, title, apart, lines))
    return tuple(made)


def _rows(unit: Unit, text: str, begin: int, until: int, node: tree.Node) -> Unit:
    """A header, or a block of facts, as the unit of its lines."""
    rows: tuple[tree.HeadLine | tree.Indicator, ...] = ()
    if isinstance(node, tree.Indicators):
        rows = node.rows
    elif isinstance(node, tree.Header | tree.TranslationHeader):
        rows = node.lines
    found = [Block("", text.rfind("\n", 0, row.span.start) + 1, row.span.start) for row in rows]
    body = text.find("\n", node.span.start) + 1
    if not found or found[0].start < body:
        return unit
    ends = [*(each.start for each in found[1:]), until]
    found = [Block("", each.start, _end(text, each.start, end)) for each, end in zip(found, ends, strict=True)]
    cuts = [*_cuts(text, found, body), until]
    members = []
    for row, (first, last) in zip(rows, itertools.pairwise(cuts), strict=True):
        name = row.name.text if isinstance(row, tree.Indicator) else _word(row)
        members.append(Unit(("line", name), "", text.startswith("\n", first), _lines(text[first:last])))
    if len({member.key for member in members}) < len(members):
        return unit
    return Unit(unit.key, unit.title, unit.apart, unit.lines, _lines(text[begin:body]), tuple(members))


def _word(row: tree.HeadLine) -> str:
    """By what a line of a header is known: those that may stand several times by what they name."""
    if isinstance(row, tree.TranslationLine):
        return f"{row.word} {row.language.text}"
    return f"{row.word} {row.value.value}" if row.word == "use" and isinstance(row.value, tree.Text) else row.word


def _end(text: str, start: int, end: int) -> int:
    """The end of the last line that holds more than a comment."""
    lines = blocks.lines(text, start, end)
    return lines[-1].end if lines else start


def _cuts(text: str, found: list[Block], start: int) -> list[int]:
    """Where each unit begins: after what belongs to the one before."""
    cuts = []
    at = start
    for index, block in enumerate(found):
        if index:
            at = text.find("\n", found[index - 1].end) + 1 or len(text)
            depth = blocks.first_line(text, block.start, block.end).depth
            for line in text[at : block.start].split("\n")[:-1]:
                if line.strip() and len(line) - len(line.lstrip(" ")) <= depth:
                    break
                if line.strip():
                    at = text.index(line, at) + len(line) + 1
        cuts.append(at)
    return cuts


def _lines(text: str) -> tuple[str, ...]:
    """The lines of a unit, without empty ones at its ends."""
    return tuple(text.strip("\n").split("\n")) if text.strip("\n") else ()


def _name(node: tree.Node | None, text: str) -> tuple[Key, str]:
    """By what a unit is known, and its title."""
    match node:
        case tree.Header() | tree.TranslationHeader():
            return ("header", ""), ""
        case tree.Part():
            return ("part", node.number), node.title
        case tree.Article() | tree.Translated():
            return ("article", str(node.number)), node.title
        case tree.Departure():
            return ("article", str(node.number)), node.article.title if node.article is not None else ""
        case tree.Untranslated():
            return ("article", str(node.number)), ""
        case tree.Example():
            return ("example", node.title), node.title
        case tree.Prose():
            return ("words", "" if node.paragraph is None else str(node.paragraph)), ""
        case tree.Indicators():
            return ("indicators", " ".join(name.text for name in node.each.of)), ""
        case tree.Alternative() | tree.Provision():
            return ("provision", node.name.text), node.title
        case tree.Named():
            return ("name", f"{node.name.text} of {node.of.text if node.of is not None else ''}"), ""
        case _:
            return ("other", text), ""
