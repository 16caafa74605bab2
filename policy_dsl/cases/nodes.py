"""The text of a case as words, lists and fields that know their place. Nothing is guessed: every value stays as typed.

A case uses a small part of YAML: fields, lists and words. Anchors, aliases, tags and several documents are refused, and
so is a key that stands twice. The text is read event by event, so that no depth and no alias can exhaust the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import yaml

from policy_dsl.cases.complaints import Complaints
from policy_dsl.source import Source, Span

DEEPEST = 12
LONGEST = 20_000
LARGEST = 8_000_000

# Opens a key that stands twice until its fields are closed; no word of a case can hold it.
_TWICE = "\0"
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Word(str):
    """A value as typed, with its place."""

    __slots__ = ("span",)
    span: Span

    def __new__(cls, text: str, span: Span) -> Word:
        word = super().__new__(cls, text)
        word.span = span
        return word


class Items(list[Any]):
    """A list, with its place."""

    __slots__ = ("span",)
    span: Span


class Fields(dict[Word, Any]):
    """Fields by their keys in the order of the text, with their place. The keys are words."""

    __slots__ = ("span",)
    span: Span

    def key(self, name: str) -> Word | None:
        """The key of this name as it stands in the text."""
        return next((key for key in self if key == name), None)

    def part(self, name: str) -> Any:
        """What stands under a key, or none."""
        return self.get(cast(Word, name))


Node = Word | Items | Fields


class _Stop(Exception):
    """The text can't be read any further; what is wrong has been said."""


def read_nodes(source: Source, say: Complaints) -> Fields | None:
    """The fields of a case, or none where the text can't be read as such; the reason is then among the complaints."""
    if len(source.text) > LARGEST:
        say("PD715", Span(source, 0, 0), length=f"{len(source.text):_}", most=f"{LARGEST:_}")
        return None
    try:
        return _Composer(source, say).compose()
    except _Stop:
        return None
    except yaml.YAMLError as error:
        _say_unreadable(error, source, say)
    except UnicodeEncodeError as error:
        at = error.start + _shift(source)
        say("PD707", Span(source, at, at + 1), sign=_sign(source.text[at]))
    return None


class _Composer:
    """Builds the nodes from the events of the parser."""

    def __init__(self, source: Source, say: Complaints) -> None:
        self.source = source
        self.say = say
        self.stack: list[Items | Fields] = []
        self.keys: list[Word | None] = []
        self.root: Node | None = None
        self.documents = 0
        self.shift = _shift(source)

    def compose(self) -> Fields | None:
        parse = cast(Callable[..., Iterator[Any]], yaml.parse)
        for event in parse(self.source.text[self.shift :], Loader=_LOADER):
            self._take(event)
        if self.root is None or (isinstance(self.root, Word) and not self.root.strip()):
            self.say("PD708", Span(self.source, 0, 0))
            return None
        if not isinstance(self.root, Fields):
            self.say("PD709", self.root.span)
            return None
        return self.root

    def _take(self, event: Any) -> None:
        span = Span(self.source, event.start_mark.index + self.shift, event.end_mark.index + self.shift)
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                self._refuse_marks(event, span)
            if len(event.value) > LONGEST:
                self._stop("PD715", span, length=f"{len(event.value):_}", most=f"{LONGEST:_}")
            if _TWICE in event.value:
                self._stop("PD707", span, sign=_sign(_TWICE))
            self._add(Word(event.value, span))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._refuse_marks(event, span)
            self._open(Fields() if kind is yaml.MappingStartEvent else Items(), span)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close(span)
        elif kind is yaml.AliasEvent:
            self._stop("PD711", span, name=f"*{event.anchor}")
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self._stop("PD710", span)

    def _refuse_marks(self, event: Any, span: Span) -> None:
        if event.anchor is not None:
            self._stop("PD711", span, name=f"&{event.anchor}")
        if event.tag is not None:
            self._stop("PD712", span, tag=str(event.tag))

    def _open(self, node: Items | Fields, span: Span) -> None:
        node.span = span
        if len(self.stack) >= DEEPEST:
            self._stop("PD714", span, most=str(DEEPEST))
        self._add(node)
        self.stack.append(node)
        self.keys.append(None)

    def _close(self, span: Span) -> None:
        node = self.stack.pop()
        self.keys.pop()
        node.span = node.span.to(span)
        if isinstance(node, Fields):
            for key in [key for key in node if key.startswith(_TWICE)]:
                del node[key]

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top, Items):
            top.append(node)
            return
        key = self.keys[-1]
        if key is None:
            self._key(top, node)
            return
        top[key] = node
        self.keys[-1] = None

    def _key(self, top: Fields, node: Node) -> None:
        if not isinstance(node, Word):
            self._stop("PD716", node.span)
            return
        if node == "<<":
            self._stop("PD711", node.span, name="<<")
        if node in top:
            first = top.key(node)
            self.say("PD713", node.span, key=node, first=first.span if first is not None else None)
            node = Word(_TWICE + node, node.span)
        self.keys[-1] = node

    def _stop(self, code: str, span: Span, /, **params: str) -> None:
        self.say(code, span, mend="", about=None, first=None, **params)
        raise _Stop


def _shift(source: Source) -> int:
    """How many signs the parser does not count: a byte order mark."""
    return 1 if source.text.startswith("\ufeff") else 0


def _say_unreadable(error: yaml.YAMLError, source: Source, say: Complaints) -> None:
    """One problem at the place where the text stops making sense."""
    text, shift = source.text, _shift(source)
    if isinstance(error, yaml.reader.ReaderError):
        at = min(max(int(getattr(error, "position", 0)), 0), max(len(text) - 1, 0))
        at = _odd(text, at)
        say("PD707", Span(source, at, at + 1), sign=_sign(text[at : at + 1]))
        return
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = min(mark.index + shift if mark is not None else 0, len(text))
    if "nesting" in str(getattr(error, "problem", "")):
        # The parser reads ahead, and may meet its own limit before the reader meets ours.
        say("PD714", Span(source, at, min(at + 1, len(text))), most=str(DEEPEST))
        return
    opened = getattr(error, "context_mark", None)
    line_start = text.rfind("\n", 0, at) + 1
    span = Span(source, at, min(at + 1, len(text)))
    said = f"{getattr(error, 'problem', '')} {getattr(error, 'context', '')}"
    if text[at : at + 1] == "\t" or "\t" in text[line_start:at].partition("#")[0]:
        tab = text.find("\t", line_start)
        say("PD702", Span(source, tab, tab + 1))
    elif "mapping values are not allowed" in said:
        say("PD703", span)
    elif "could not find expected ':'" in said:
        say("PD704", span)
    elif "unexpected end of stream" in said or "flow" in said:
        start = opened.index + shift if opened is not None else at
        say("PD706", Span(source, min(start, len(text)), min(start + 1, len(text))))
    elif "did not find expected" in said or "block" in said:
        say("PD705", span)
    else:
        say("PD701", span, sign=_sign(text[at : at + 1]))


def _odd(text: str, near: int) -> int:
    """The first sign that no text may hold, at or before a position; the parser may count past it."""
    for at, sign in enumerate(text[: near + 1]):
        if sign not in "\t\n\r\x85" and (ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 or 0xD800 <= ord(sign) < 0xE000):
            return at
    return near


def _sign(sign: str) -> str:
    """A sign as people can see it."""
    if not sign:
        return "the end of the text"
    return f"«{sign}»" if sign.isprintable() else f"the invisible sign U+{ord(sign):04X}"
