"""Reading a text again after an edit: the blocks whose words are the same keep their trees.

A block at the left margin is read by its own words alone, so its tree can stand wherever the block stands. What is said
of the file as a whole (a header that is missing, a line that opens nothing) is found anew each time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from policy_dsl.diagnostics.problem import Problem, Related
from policy_dsl.records import dataclass
from policy_dsl.source import Source, Span
from policy_dsl.source.afloat import Afloat, Anchor
from policy_dsl.syntax import tree
from policy_dsl.syntax.blocks import Block
from policy_dsl.syntax.parsed import Parsed
from policy_dsl.syntax.reading import Item, Reading, read_by


@dataclass(frozen=True, slots=True)
class Kept:
    """What reading a block gave. All its spans hang on the anchor."""

    anchor: Anchor
    header: tree.Header | None
    items: tuple[Item, ...]
    problems: tuple[Problem, ...]


Memory = dict[tuple[str, str], list[Kept]]


class Again:
    """Reads one text again and again. A tree that it gave is good until the next reading: then it belongs to that."""

    def __init__(self) -> None:
        self._kept: Memory = {}
        self._last: Parsed | None = None

    def read(self, source: Source) -> Parsed:
        """The tree of a text, as `parse` gives it. Never raises, whatever the text."""
        last = self._last
        if last is None or last.tree.span.source is not source:
            reading = _Remembering(source, self._kept)
            last = self._last = read_by(reading)
            self._kept = dict(reading.now)
        return last


class _Remembering(Reading):
    """A reading that asks its memory first. A tree stands once, however often the same words do."""

    def __init__(self, source: Source, before: Memory) -> None:
        super().__init__(source)
        self.before = before
        self.now: dict[tuple[str, str], list[Kept]] = defaultdict(list)

    def _whole(self, block: Block) -> None:
        key = (block.word, self.text[block.start : block.end])
        free = self.before.get(key)
        kept = free.pop(0) if free else _read(self.source.name, *key)
        kept.anchor.source, kept.anchor.base = self.source, block.start
        self.now[key].append(kept)
        self.header = kept.header or self.header
        self.items += kept.items
        self.problems += kept.problems


def _read(name: str, word: str, text: str) -> Kept:
    """A block read by itself."""
    source = Source(name, text)
    reading = Reading(source)
    reading._whole(Block(word, 0, len(text)))
    anchor = Anchor(source, 0)
    for node in (reading.header, *reading.items):
        if node is not None:
            _set_afloat(node, anchor)
    problems = tuple(_moving(problem, anchor) for problem in reading.problems)
    return Kept(anchor, reading.header, tuple(reading.items), problems)


def _set_afloat(root: tree.Node, anchor: Anchor) -> None:
    """Hang all spans of a tree that nobody else has seen yet on an anchor."""
    for node in tree.walk(root):
        object.__setattr__(node, "span", _afloat(node.span, anchor))


def _moving(problem: Problem, anchor: Anchor) -> Problem:
    span = None if problem.span is None else _afloat(problem.span, anchor)
    return replace(
        problem,
        span=span,
        related=tuple(Related(_afloat(each.span, anchor), each.label) for each in problem.related),
    )


def _afloat(span: Span, anchor: Anchor) -> Span:
    return span if isinstance(span, Afloat) else Afloat(anchor, span.start, span.end)
