"""A document for a terminal: headings underlined, tables in columns, lists with dashes."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Document, Line, Paragraph, Section, Table
from policy_dsl.render.escape import visible


class Readable:
    """What can be told as a document, and so for a terminal and as a page."""

    __slots__ = ()

    def document(self, *, codes: bool = False) -> Document:
        """It as a document; members go by their names, or by their codes."""
        raise NotImplementedError

    def text(self) -> str:
        """It for a terminal."""
        return plainly(self.document(codes=True))

    def html(self) -> str:
        """It as a page that needs nothing beside it."""
        from policy_dsl.render.forms.markup import html

        return html(self.document())


def plainly(document: Document) -> str:
    """The text of a document that holds sections, paragraphs, tables and lists. Raises TypeError for other blocks."""
    head = [visible(document.title), "=" * _width(visible(document.title))]
    parts = ["\n".join(head), *map(_plain, (*document.below, document.status.line))]
    parts += [part for section in document.sections for part in _block(section, "-")]
    return "\n\n".join(parts) + "\n"


def _block(block: Block, rule: str = "") -> Iterator[str]:
    match block:
        case Section(title=title, blocks=inner):
            shown = visible(title)
            if shown:
                yield f"{shown}\n{rule * _width(shown)}" if rule else shown
            for each in inner:
                yield from _block(each)
        case Table():
            yield "\n".join(_table(block))
        case Bullets(items=items):
            if items:
                yield "\n".join(f"- {_plain(each)}" for each in items)
        case Paragraph(line=line):
            yield _plain(line)
        case _:
            raise TypeError(type(block).__name__)


def _table(table: Table) -> Iterator[str]:
    heads = [visible(column.title) for column in table.columns]
    rows = [heads, *([_plain(cell.line) for cell in row.cells] for row in table.rows)]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(heads))]
    rights = [column.figures for column in table.columns]
    lines = ["  ".join(map(_set, row, widths, rights)).rstrip() for row in rows]
    yield from (_plain(table.caption), "", lines[0], "  ".join("-" * width for width in widths), *lines[1:])
    if table.notes:
        yield from ("", *map(_plain, table.notes))


def _set(cell: str, width: int, right: bool) -> str:
    blanks = " " * (width - _width(cell))
    return blanks + cell if right else cell + blanks


def _width(text: str) -> int:
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def _plain(line: Line) -> str:
    return visible(words.flat(line))
