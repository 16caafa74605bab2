"""Statements set as lines: indented, in columns, long ones broken, each with its comments."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from policy_dsl.layout import columns
from policy_dsl.layout.breaks import STEP, WIDTH, broken
from policy_dsl.layout.columns import Placed
from policy_dsl.layout.lines import Remark, Row, Statement
from policy_dsl.layout.signs import Sign, spaced

# A line of words that begins so stays a line: `(a) …`, `1. …`, `– …`.
_ITEM = re.compile(r"(?:\([0-9a-z]{1,4}\)|[0-9]{1,3}[.)]|[a-z]\)|[-–—•])\s")
_BETWEEN_WORDS = re.compile(r"(?<=\S) (?=\S)")
_OF_MEMBERS = ("tier", "set")
_OWN_BLOCK = ("article", "replace", "add")


def set_lines(statements: Sequence[Statement | Remark], depth: int = 0, block: str = "") -> list[str]:
    """Lines that stand in one block, with all that is indented below them.

    An empty line is kept, and of several one; there is none between a line and the first that is indented below it.
    """
    if block in _OF_MEMBERS:
        statements = _gathered(statements, STEP * depth)
    placed = _placed(block, statements)
    written: list[str] = []
    for index, each in enumerate(statements):
        if isinstance(each, Remark):
            lines = remarks([each], depth)
        else:
            lines = remarks(each.above, depth)
            if each.apart:
                lines.append("")
            lines += _statement(each, depth, block, placed.get(index))
        while index == 0 and lines[0] == "":
            lines.pop(0)
        written += lines
    return written


def _gathered(statements: Sequence[Statement | Remark], indent: int) -> list[Statement | Remark]:
    """Lines of members: where one of several is too long, they become one list, which is then filled anew."""
    made: list[Statement | Remark] = []
    run: list[Statement] = []
    for each in [*statements, None]:
        if isinstance(each, Statement) and _is_bare_list(each) and not (run and (each.apart or each.above)):
            run.append(each)
            continue
        if any(indent + len(spaced(one.signs)) > WIDTH for one in run):
            signs = [sign for one in run for sign in (*one.signs, Sign("mark", ","))][:-1]
            run = [Statement(run[0].above, run[0].apart, [Row(signs, [], "")])]
        made += run
        run = []
        if isinstance(each, Statement) and _is_bare_list(each):
            run.append(each)
        elif each is not None:
            made.append(each)
    return made


def _is_bare_list(statement: Statement) -> bool:
    """Whether a line holds members and nothing else: no reason, no comment, nothing below it."""
    return (
        len(statement.rows) == 1
        and not statement.rows[0].beside
        and not statement.below
        and statement.opening.isupper()
        and not _grounds(statement.signs)
    )


def remarks(found: Sequence[Remark], depth: int) -> list[str]:
    """Comments on lines of their own."""
    return [line for each in found for line in (*([""] if each.apart else ()), " " * STEP * depth + each.text)]


def _statement(statement: Statement, depth: int, block: str, place: Placed | None) -> list[str]:
    if statement.verbatim is not None:
        return statement.verbatim
    if statement.words is not None:
        return list(_words(statement, depth))
    opening = "article" if statement.opening in _OWN_BLOCK else statement.opening
    return _rows(statement, depth, block, place) + set_lines(statement.below, depth + 1, opening)


def _rows(statement: Statement, depth: int, block: str, place: Placed | None) -> list[str]:
    """A statement that is no words: on one line, or broken; its grounds below it where they find no room beside it."""
    indent = STEP * depth
    if statement.remarked:
        return list(_as_written(statement.rows, indent))
    line = statement.signs
    ground = _grounds(line)
    main = line[: ground[0]] if ground else line
    cells, rest = place if place is not None else columns.opened(block, line)
    head, opening = " " * indent + cells, line[0].text if place is None else ""
    written = _listed(main, indent, block) or broken(head, rest, indent, opening)
    if ground and (len(written) > 1 or len(written[0]) > WIDTH):
        bare = rest[: len(rest) - (len(line) - len(main))]
        written = _listed(main, indent, block) or broken(head, bare, indent, opening)
        for start, end in zip(ground, [*ground[1:], len(line)], strict=True):
            written.append(" " * (indent + STEP) + spaced(line[start:end]))
    if statement.rows[-1].beside:
        written[-1] += "  " + statement.rows[-1].beside
    return written


def _as_written(rows: Sequence[Row], indent: int) -> Iterator[str]:
    """A statement with comments inside: its lines stay as the drafter broke them."""
    for index, row in enumerate(rows):
        room = " " * (indent + STEP if index else indent)
        yield from (room + comment for comment in row.above)
        # A line that goes on begins with a sign and a blank; a minus there belongs to no single value.
        line = f"{row.signs[0].text} {spaced(row.signs[1:])}".rstrip() if _goes_on(index, row) else spaced(row.signs)
        yield room + line + (f"  {row.beside}" if row.beside else "")


def _goes_on(index: int, row: Row) -> bool:
    return index > 0 and row.signs[0].text == "-"


def _grounds(line: list[Sign]) -> list[int]:
    """Where the reasons and sources at the end of a statement begin."""
    found = []
    for index, (sign, after) in enumerate(itertools.pairwise(line)):
        kind = {"because": "text", "cites": "text", "notwithstanding": "reference"}.get(sign.text)
        if index and sign.kind == "word" and after.kind == kind:
            found.append(index)
    return found


def _listed(line: list[Sign], indent: int, block: str) -> list[str]:
    """Members, or days, in as many lines as they need; none where they are no list, or find room on one line."""
    word = "holidays " if line[0].text == "holidays" and line[1:2] and line[1].kind == "figure" else ""
    is_list = word or (block in _OF_MEMBERS and line[0].kind == "word" and line[0].text.isupper())
    if not is_list or indent + len(spaced(line)) <= WIDTH:
        return []
    entries: list[list[Sign]] = [[]]
    for sign in line[1 if word else 0 :]:
        if sign.text == "," and sign.kind == "mark":
            entries.append([])
        else:
            entries[-1].append(sign)
    written: list[str] = []
    for entry in map(spaced, entries):
        if written and len(written[-1]) + 2 + len(entry) <= WIDTH:
            written[-1] += ", " + entry
        else:
            written.append(" " * indent + word + entry)
    return written


def _words(statement: Statement, depth: int) -> Iterator[str]:
    """Words as adopted, filled anew; an item of a list begins a line where the drafter began one."""
    assert statement.words is not None
    before = f"{statement.paragraph} " if statement.paragraph else ""
    first, room = " " * STEP * depth + before, " " * (STEP * depth + len(before))
    parts: list[str] = []
    for line in (each.strip() for each in statement.words):
        if parts and not _ITEM.match(line):
            parts[-1] += " " + line
        else:
            parts.append(line)
    for part in parts:
        filled = ""
        for word in _BETWEEN_WORDS.split(part):
            longer = f"{filled} {word}" if filled else word
            if filled and len(room) + 2 + len(longer) > WIDTH:
                yield (first or room) + "> " + filled
                first, filled = "", word
            else:
                filled = longer
        yield ((first or room) + "> " + filled).rstrip()
        first = ""


def _placed(block: str, statements: Sequence[Statement | Remark]) -> dict[int, Placed]:
    """The lines that stand in columns, by their places in the block."""
    here = [
        (index, each)
        for index, each in enumerate(statements)
        if isinstance(each, Statement) and each.rows and not each.remarked
    ]
    table = columns.table(block, [each.signs for _, each in here])
    placed = {here[row][0]: place for row, place in table.items()}
    run: list[tuple[int, Statement]] = []
    for index, each in enumerate([*statements, Statement([], False)]):
        if isinstance(each, Remark):
            continue
        if block == "article" and each.opening == "name" and not each.remarked:
            run.append((index, each))
            continue
        placed |= {run[row][0]: place for row, place in columns.names([one.signs for _, one in run]).items()}
        run = []
    return placed
