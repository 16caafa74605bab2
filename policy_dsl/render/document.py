"""The document: what every form (Markdown, HTML, PDF, DOCX and, in part, JSON) is made from.

Text in it is plain text: escaping belongs to the forms. `Section.anchor` and `Span.to` join citations to the article
cited and figures to their derivations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from datetime import date, datetime
from fractions import Fraction

from policy_dsl.records import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line. `kind` is text, emphasised, strong, citation, figure, term, given (text that somebody

    supplied) or quoted (legal words). `to` is the anchor that a citation or a figure leads to. `form` says how a
    member's name is put, where the language puts names in forms ("de l’Albanie"). `language` is the code of the
    language of the words, where it is not that of the document. A term is the name of a provision: it leads to where
    that is defined, and there `anchor` marks the place.
    """

    text: str
    kind: str = "text"
    to: str = ""
    form: str = ""
    language: str = ""
    anchor: str = ""


Line = tuple[Span, ...]

CONTRACT = 1
"""The version of what a group's templates may rely on: the classes here, as docs/reference/templates.md lists them.

It rises when a name is taken away or gets another meaning, and not when one is added.
"""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `kind` is plain, recital, note, warning, lead or signature."""

    line: Line
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. `amount` is the exact figure behind the text (of a ratio: in per cent); `about` if rounded."""

    line: Line
    amount: Fraction | None = None
    about: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; `figures` are set to the right. `head` marks the column that names the row."""

    heading: Line
    figures: bool = False
    head: bool = False

    @property
    def title(self) -> str:
        """The head as plain text."""
        return _plain(self.heading)


@dataclass(frozen=True, slots=True)
class Row:
    """A row; `kind` is row, part (neither member nor total: what was left over, what is open) or total."""

    cells: tuple[Cell, ...]
    kind: str = "row"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption and the notes printed below it."""

    caption: Line
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Line, ...] = ()

    @property
    def label(self) -> str:
        """The caption as plain text."""
        return _plain(self.caption)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a mark of a figure stands for: of whom or what (`of`), under which word (`what`), and the exact amount,

    moment or status.
    """

    of: str
    what: str
    amount: Fraction | None = None
    when: date | datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawn figure: `picture` is SVG that stands alone, `width` by `height`; `alternative` tells in words what it

    shows. `kind` is timeline, shares, credits, ways, fund, map, scale or flow. No number is in it that a table beside
    it doesn't hold; `drawn` has the exact figures. `anchor` names it in the page.
    """

    caption: Line
    kind: str
    picture: str
    width: int
    height: int
    alternative: Line
    drawn: tuple[Drawn, ...]
    anchor: str
    notes: tuple[Line, ...] = ()

    @property
    def label(self) -> str:
        """The caption as plain text."""
        return _plain(self.caption)

    @property
    def words(self) -> str:
        """The alternative as plain text."""
        return _plain(self.alternative)


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without numbers."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Operative:
    """A numbered operative paragraph with what belongs under it."""

    number: int
    line: Line
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    """Legal words as adopted, each paragraph with its number, and where they stand.

    `language` is the code of the language of the words, where it is not that of the document.
    """

    source: Line
    paragraphs: tuple[tuple[str, str], ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Twig:
    """A line of a derivation and the lines that carry it."""

    line: Line
    twigs: tuple[Twig, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A derivation."""

    twigs: tuple[Twig, ...]


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks that a screen may fold away; paper shows them."""

    summary: Line
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Text in which every blank counts: the rules as written.

    `language` is the code of the language of the legal words in it, where it is not that of the document.
    """

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section under its heading; its level follows from its depth. Without a heading it is no level of its own."""

    heading: Line = ()
    blocks: tuple[Block, ...] = ()
    anchor: str = ""
    kind: str = ""

    @property
    def title(self) -> str:
        """The heading as plain text."""
        return _plain(self.heading)


Block = Paragraph | Table | Figure | Bullets | Operative | Quotation | Tree | Fold | Verbatim | Section


@dataclass(frozen=True, slots=True)
class Document:
    """A document: its heading, the line over it, the lines below it, and its sections.

    `listed` is how many levels of sections its contents list.
    """

    heading: Line
    over: Line
    below: tuple[Line, ...]
    status: Paragraph
    sections: tuple[Section, ...]
    level: str = "full"
    language: str = "en"
    direction: str = "ltr"
    labels: dict[str, str] = field(default_factory=dict)
    anchors: frozenset[str] = frozenset()
    listed: int = 1

    @property
    def title(self) -> str:
        """The heading as plain text."""
        return _plain(self.heading)

    @property
    def above(self) -> str:
        """The line over the heading as plain text."""
        return _plain(self.over)

    @property
    def contract(self) -> int:
        """The version of what templates may rely on."""
        return CONTRACT


def anchors_in(blocks: Iterable[Block]) -> Iterator[str]:
    """All places in the document that a link may lead to."""
    for block in blocks:
        match block:
            case Section():
                if block.anchor:
                    yield block.anchor
                yield from anchors_in(block.blocks)
            case Operative() | Fold():
                yield from anchors_in(block.blocks)
            case Tree():
                yield from _twig_anchors(block.twigs)


def _twig_anchors(twigs: Iterable[Twig]) -> Iterator[str]:
    for twig in twigs:
        if twig.anchor:
            yield twig.anchor
        yield from _twig_anchors(twig.twigs)


def _plain(line: Line) -> str:
    return "".join([span.text for span in line])
