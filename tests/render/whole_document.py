"""A document with one of everything, in either direction of writing, to be made into any form."""

import itertools
from collections.abc import Iterable, Iterator
from fractions import Fraction

from policy_dsl.render.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Document,
    Drawn,
    Figure,
    Fold,
    Line,
    Operative,
    Paragraph,
    Quotation,
    Row,
    Section,
    Span,
    Table,
    Tree,
    Twig,
    Verbatim,
    anchors_in,
)
from policy_dsl.render.figures.bars import Bar, Key, Panel, draw

ENGLISH = {
    "title": "Decision in the case “Everything”",
    "head": "Member",
    "word": "Place",
    "contents": "Contents",
    "sentence": "The members decide as follows, as was agreed",
}
ARABIC = {
    "title": "قرار في قضية «كل شيء»",
    "head": "العضو",
    "word": "مكان",
    "contents": "المحتويات",
    "sentence": "يقرر الأعضاء ما يلي كما اتفق عليه",
}


def line(text: str, kind: str = "text", to: str = "") -> tuple[Span, ...]:
    return (Span(text, kind, to),)


def figures(*amounts: int) -> tuple[Cell, ...]:
    return tuple(Cell(line(str(each), "figure"), Fraction(each)) for each in amounts)


def table(name: str, words: dict[str, str], columns: int = 1, rows: int = 3) -> Table:
    """A table of figures whose last row is the total."""
    body = [
        Row((Cell(line(f"{words['word']} {n}", "given")), *figures(*[n * 1_000_000 + c for c in range(columns)])))
        for n in range(1, rows + 1)
    ]
    totals = [sum(int(row.cells[c + 1].line[0].text) for row in body) for c in range(columns)]
    return Table(
        line(name),
        (Column(line(words["head"]), head=True), *(_column(f"{words['word']} {c}") for c in range(columns))),
        (*body, Row((Cell(line(f"Total {name}")), *figures(*totals)), "total")),
        (line(f"Note to {name}"),),
    )


def _column(title: str) -> Column:
    """The head of a column of figures, with a word in another language."""
    return Column((*line(f"{title} "), Span("lex", language="la")), figures=True)


def figure(name: str, given: str, rows: int = 5) -> Figure:
    """A figure with the text that somebody supplied in each place that takes one; in its picture it may be cut."""
    cut = given[:12]
    names = [f"{cut} {n}" for n in range(rows)]
    amounts = [Fraction(n + 1) for n in range(rows)]
    panel = Panel(cut, tuple((Bar(Fraction(0), each),) for each in amounts), (), tuple(str(each) for each in amounts))
    picture, height, _ = draw(names, (panel,), (Key("solid", cut),), False)
    drawn = tuple(Drawn(each, "final", amount) for each, amount in zip(names, amounts, strict=True))
    words = (line(f"Picture of {name}: ") + line(given, "given"), (line(f"Source of {name}"), line(f"Note of {name}")))
    return Figure(line(name), "shares", picture, 640, height, words[0], drawn, f"figure-{name}", words[1])


def deep(levels: int) -> Twig:
    made = Twig(line(f"step {levels}"))
    for level in range(levels - 1, 0, -1):
        made = Twig(line(f"step {level}"), (made,), f"step-{level}" if level == 1 else "")
    return made


def everything(
    words: dict[str, str] = ENGLISH, language: str = "en", direction: str = "ltr", *, given: str = "given text"
) -> Document:
    """The document. `given` is a text as somebody might supply it; it stands wherever such a text may stand."""
    said = (*line(words["sentence"]), *line(" ("), *line("Art. 1", "citation", "art-1"), *line("), "))
    own = (*said, *line(given, "given"), Span(" Lex (I)", language="la"), *line("."))
    inner = Section(line(f"{given} 4"), (Paragraph(own),), "")
    third = Section((*line(f"{given} 3a "), Span("Lex (II)", language="la")), (inner,), "third")
    nested = Section(line(f"{given} 3"), (third, Paragraph(own)), "second")
    sections = (
        Section((), (Paragraph(own, "recital"),), "", "recitals"),
        Section(
            line(f"{words['word']}: 1"),
            (
                Operative(1, own, (table("One", words), Bullets((own, own)))),
                Operative(2, own),
                Operative(7, own, (Paragraph(own), Quotation(own, (("(1)", given), ("", given))))),
            ),
            "operative",
            "operative",
        ),
        Section(line(f"{words['word']}: 2"), (table("Long", words, 2, 80), nested), "first"),
        Section(
            (*line(f"{words['word']}: 3 ("), *line("Art. 1", "citation", "art-1"), *line(")")),
            (Paragraph(own), table("Wide", words, 14), Bullets((own,))),
            "art-1",
        ),
        Section(
            line(f"{words['word']}: 4"),
            (
                Paragraph(own, "note"),
                Paragraph(own, "warning"),
                Fold(own, (Tree((deep(30), Twig(own, anchor="leaf"))), Paragraph(own))),
                Quotation(own, (("(2)", given),)),
                figure("Drawing", given),
                Verbatim(f'article 1 "{given}"\n  (1) > {given}\n      indented', "la"),
            ),
            "last",
        ),
    )
    return Document(
        heading=line(words["title"]),
        over=line(given),
        below=(own, own),
        status=Paragraph(own, "note"),
        sections=sections,
        language=language,
        direction=direction,
        labels={"contents": words["contents"], "page": "Page", "quote.open": "“", "quote.close": "”"},
        anchors=frozenset(anchors_in(sections)),
    )


def texts(document: Document) -> Iterator[str]:
    """Every text that a form has to print, in the order in which it is read."""
    yield from (document.above, document.title, *map(words_of, document.below), words_of(document.status.line))
    yield document.labels["contents"]
    for section in document.sections:
        yield from _of_block(section)


def words_of(line: Line) -> str:
    return "".join(span.text for span in line)


def walked(blocks: Iterable[Block], depth: int = 1) -> Iterator[tuple[Block, int]]:
    """All blocks with the level at which a heading in them stands."""
    for block in blocks:
        yield block, depth
        if isinstance(block, Section | Operative | Fold):
            yield from walked(block.blocks, depth + (isinstance(block, Section) and block.title != ""))


def tables_of(document: Document) -> list[Table]:
    return [block for block, _ in walked(document.sections) if isinstance(block, Table)]


def headings_of(document: Document) -> list[tuple[str, int]]:
    return [(b.title, depth) for b, depth in walked(document.sections) if isinstance(b, Section) and b.title]


def rows_of(table: Table) -> list[list[str]]:
    """The cells of a table, its head first."""
    return [[column.title for column in table.columns], *([words_of(c.line) for c in row.cells] for row in table.rows)]


def _of_block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield words_of(block.line)
        case Table():
            yield words_of(block.caption)
            yield from itertools.chain(*rows_of(block))
            yield from map(words_of, block.notes)
        case Figure():
            yield words_of(block.caption)
            yield from map(words_of, block.notes)
        case Bullets():
            yield from map(words_of, block.items)
        case Operative():
            yield words_of(block.line)
        case Quotation():
            yield words_of(block.source)
            for number, text in block.paragraphs:
                yield f"{number} “{text}”" if number else f"“{text}”"
        case Tree():
            yield from _of_twigs(block.twigs)
        case Fold():
            yield words_of(block.summary)
        case Verbatim():
            yield from block.text.splitlines()
        case Section():
            yield block.title
    if isinstance(block, Section | Operative | Fold):
        for each in block.blocks:
            yield from _of_block(each)


def _of_twigs(twigs: Iterable[Twig]) -> Iterator[str]:
    for twig in twigs:
        yield words_of(twig.line)
        yield from _of_twigs(twig.twigs)
