"""The section "Receipt" of a document: the digests, and what they prove and do not prove.

The receipt itself is the same in every language; only the sentences around it are translated.
"""

from __future__ import annotations

from policy_dsl.receipts import Receipt
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Cell, Column, Line, Paragraph, Row, Section, Span, Table

ANCHOR = "receipt"
GROUP = 8
COMMAND = "policy verify"
PROVED = ("receipt.proved.outcome", "receipt.proved.same")
NOT_PROVED = ("receipt.not.facts", "receipt.not.who", "receipt.not.force")


def receipt_section(receipt: Receipt) -> Section:
    """The receipt as a section."""
    named = (
        ("receipt.rules", receipt.rules),
        ("receipt.words", receipt.words),
        ("receipt.case", receipt.case),
        ("receipt.outcome", receipt.outcome),
    )
    table = Table(
        words.text("table.receipt"),
        (Column(words.text("col.of"), head=True), Column(words.text("col.digest"))),
        tuple(Row((Cell(words.text(name)), Cell(_line(spaced(digest))))) for name, digest in named),
        (words.text("receipt.note"),),
    )
    versions = words.text("receipt.versions", engine=_line(receipt.engine), language=_line(str(receipt.language)))
    blocks: tuple[Block, ...] = (
        Paragraph(words.text("receipt.lead", command=_line(COMMAND))),
        table,
        Paragraph(versions),
        Paragraph(words.text("receipt.proves"), "lead"),
        Bullets(tuple(map(words.text, PROVED))),
        Paragraph(words.text("receipt.proves_not"), "lead"),
        Bullets(tuple(map(words.text, NOT_PROVED))),
        Paragraph(words.text("receipt.calendars")),
    )
    return Section(words.text("section.receipt"), blocks, ANCHOR, "receipt")


def spaced(digest: str) -> str:
    """The digits of a digest in groups that an eye can compare and a line can break between."""
    digits = digest.rpartition(":")[2]
    return " ".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def _line(text: str) -> Line:
    return (Span(text),)
