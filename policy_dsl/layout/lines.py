"""From the lines of a text to its statements, each with what is indented below it and the comments that go with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import field

from policy_dsl.layout.signs import Sign, signs
from policy_dsl.records import dataclass
from policy_dsl.syntax.indent import width

_PROSE = re.compile(r"(?:(\([0-9]+\))[ \t]*)?>([ \t].*)?", re.DOTALL)
_MORE_PROSE = re.compile(r">(?:[ \t]|$)")
_GOES_ON = re.compile(r"(?:and|or|else|=|\+|-|\*|/)[ \t]")


class Verbatim(str):
    """A line that is not laid out."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on a line of its own. `apart`: an empty line stands above it."""

    text: str
    apart: bool


@dataclass(slots=True)
class Row:
    """A line of a statement: its signs, the comments on lines of their own above it, the comment at its end."""

    signs: list[Sign]
    above: list[str]
    beside: str


@dataclass(slots=True)
class Statement:
    """A statement; or words as adopted (`paragraph` is then `(1)` or empty, `words` their lines); or `verbatim` lines.

    `apart`: an empty line stands above it, below the comments that are `above` it.
    """

    above: list[Remark]
    apart: bool
    rows: list[Row] = field(default_factory=list)
    words: list[str] | None = None
    paragraph: str = ""
    verbatim: list[str] | None = None
    below: list[Statement | Remark] = field(default_factory=list)

    @property
    def signs(self) -> list[Sign]:
        """All signs of the statement."""
        return [sign for row in self.rows for sign in row.signs]

    @property
    def opening(self) -> str:
        """The first word; nothing for words as adopted and for verbatim lines."""
        return self.rows[0].signs[0].text if self.rows else ""

    @property
    def remarked(self) -> bool:
        """Whether comments stand inside the statement, and not only above it and at its end."""
        return any(row.above for row in self.rows[1:]) or any(row.beside for row in self.rows[:-1])


class Reader:
    """Reads the lines of sound blocks into statements. Raises `signs.Unknown` at what is no sign of the language."""

    def __init__(self) -> None:
        self.top: list[Statement | Remark] = []
        self._open: list[tuple[int, list[Statement | Remark]]] = [(0, self.top)]
        self._remarks: list[tuple[int, Remark]] = []
        self._apart = False
        self._last: Statement | None = None
        self._parentheses = 0

    def read(self, lines: Iterable[str]) -> None:
        """Read more lines."""
        for line in lines:
            if isinstance(line, Verbatim):
                self.keep([line], len(line) - len(line.lstrip(" ")))
            else:
                self._line(line.rstrip(" \t\r\n"))

    def end(self) -> list[Statement | Remark]:
        """The statements, when all lines are read."""
        self._settle(-1)
        return self.top

    def keep(self, lines: list[str], depth: int = 0) -> None:
        """Take in lines that are not laid out, at the place of a statement that stands so deep."""
        self._add(depth, Statement([], self._apart, verbatim=lines))
        self._last = None

    def _line(self, line: str) -> None:
        bare = line.lstrip(" \t")
        depth = width(line[: len(line) - len(bare)])
        if not bare:
            if self._parentheses == 0:
                self._apart = True
                if self._last is not None and self._last.words is not None:
                    self._last = None
        elif bare.startswith("#"):
            self._remarks.append((depth, Remark(bare, self._apart)))
            self._apart = False
            if self._last is not None and self._last.words is not None:
                self._last = None
        elif self._last is not None and self._last.words is not None and _MORE_PROSE.match(bare):
            self._last.words.append(bare[1:])
        elif self._last is not None and (self._parentheses or _GOES_ON.match(bare)):
            self._more(bare)
        else:
            self._begin(depth, bare)

    def _begin(self, depth: int, bare: str) -> None:
        statement = Statement([], self._apart)
        prose = _PROSE.fullmatch(bare)
        if prose:
            statement.paragraph = prose.group(1) or ""
            statement.words = [prose.group(2) or ""]
        self._add(depth, statement)
        if not prose:
            self._more(bare)

    def _more(self, bare: str) -> None:
        """One more line of the statement that was begun last."""
        assert self._last is not None
        found, comment = signs(bare)
        above = [remark.text for _, remark in self._remarks]
        self._remarks.clear()
        self._apart = False
        self._last.rows.append(Row(found, above, comment))
        texts = [sign.text for sign in found if sign.kind == "mark"]
        self._parentheses = max(0, self._parentheses + texts.count("(") - texts.count(")"))

    def _add(self, depth: int, statement: Statement) -> None:
        self._settle(depth)
        statement.above.extend(remark for _, remark in self._remarks)
        self._remarks.clear()
        if statement.above:
            # The empty line above the statement is that above its comments; one between them is kept as well.
            statement.apart = self._apart
        self._apart = False
        self._parentheses = 0
        while len(self._open) > 1 and self._open[-1][0] > depth:
            self._open.pop()
        if depth > self._open[-1][0]:
            above = [each for each in self._open[-1][1] if isinstance(each, Statement)]
            self._open.append((depth, above[-1].below if above else self._open[-1][1]))
        self._open[-1][1].append(statement)
        self._last = statement

    def _settle(self, depth: int) -> None:
        """Comments that stand deeper than the statement after them belong to the block before it, if it ends here."""
        if depth > self._open[-1][0]:
            return
        while self._remarks and self._remarks[0][0] > depth:
            deep, remark = self._remarks.pop(0)
            # What stands deeper than the comment has ended, also for the comments that follow.
            self._open = [(level, found) for level, found in self._open if level <= deep]
            found = self._open[-1][1]
            last = found[-1] if found else None
            if deep > self._open[-1][0] and isinstance(last, Statement) and last.rows:
                found = last.below  # deeper than a line: it is of that line
            found.append(remark)
