"""Columns: the rows of a table under each other, and the words that open the lines of a block.

A cell that is much wider than the others does not widen its column: it takes the room that it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from policy_dsl.layout.signs import Sign, is_figure, spaced

WIDEST = 40

# The column in which the lines of a block go on after their opening words, and those words.
_OPENINGS: dict[str, tuple[int, tuple[str, ...]]] = {
    "policy": (10, ("language", "version", "authority", "in force", "currency", "calendar", "periods", "clock", "use",
                    "based on", "authentic in", "translation")),
    "translation": (10, ("of", "version", "authority")),
    "apportion": (9, ("total", "among", "in bands of", "by", "equally", "minimising", "fixed", "relief", "at most",
                      "at least", "then at most", "then at least", "less", "rounding", "ties", "remainder",
                      "adjusted")),
    "fund": (9, ("level", "fed by", "pays", "suspends", "reserves")),
}  # fmt: skip

Placed = tuple[str, list[Sign]]
"""A line cut in two: what stands in its columns, and the signs that follow."""


def opened(block: str, line: list[Sign]) -> Placed:
    """A line of a block after its opening words, which are as wide as all openings of such a block."""
    column, openings = _OPENINGS.get(block, (0, ()))
    texts = [sign.text for sign in line]
    for opening in sorted(openings, key=len, reverse=True):
        words = opening.split()
        if texts[: len(words)] == words:
            wide = opening.ljust(column) if len(opening) < column and len(line) > len(words) else opening
            return wide, line[len(words) :]
    return "", line


def table(block: str, rows: Sequence[list[Sign]]) -> dict[int, Placed]:
    """The rows of a block that form a table, by their places among its lines, each with its cells in columns."""
    form = _TABLES.get(block)
    return form(rows) if form is not None else {}


def _facts(rows: Sequence[list[Sign]]) -> dict[int, Placed]:
    """`name : type "Title", what else`."""
    cut: dict[int, list[list[Sign]]] = {}
    rest: dict[int, list[Sign]] = {}
    for index, row in enumerate(rows):
        if len(row) > 2 and row[1].text == ":":
            ends = [at for at, sign in enumerate(row) if at > 1 and (sign.kind == "text" or sign.text == ",")]
            at = ends[0] if ends else len(row)
            cut[index] = [row[:1], row[2:at]] if ends and row[at].kind == "text" else [row[:1]]
            rest[index] = row[at:] if len(cut[index]) == 2 else row[2:]
    return {index: (cells, rest[index]) for index, cells in _in_columns(cut, " : ", " ").items()}


def _weights(rows: Sequence[list[Sign]]) -> dict[int, Placed]:
    """`40% : share of population`."""
    cut = {
        index: [row[:at]]
        for index, row in enumerate(rows)
        if row[0].text not in ("define", "rest") and (at := _colon(row))
    }
    return {
        index: (cells, rows[index][_colon(rows[index]) + 1 :]) for index, cells in _in_columns(cut, " : ", "").items()
    }


def _brackets(rows: Sequence[list[Sign]]) -> dict[int, Placed]:
    """`up to 5_000 USD : 2%`: the words, the figures and the colons under each other."""
    cut: dict[int, list[list[Sign]]] = {}
    for index, row in enumerate(rows):
        words = {"below": 1, "up": 2, "otherwise": 1}.get(row[0].text, 0)
        if words and _colon(row):
            cut[index] = [row[:words], row[words : _colon(row)]]
    bounded = {index: cells for index, cells in cut.items() if cells[1]}
    openings = _padded({index: cells[0] for index, cells in bounded.items()})
    figures = _padded({index: cells[1][:1] for index, cells in bounded.items()})
    left = {
        index: " ".join((openings[index], figures[index], *([spaced(cells[1][1:])] if cells[1][1:] else [])))
        for index, cells in bounded.items()
    }
    left |= {index: spaced(cells[0]) for index, cells in cut.items() if not cells[1]}
    wide = _widest(left.values())
    return {index: (left[index].ljust(wide) + " : ", rows[index][_colon(rows[index]) + 1 :]) for index in cut}


def _criteria(rows: Sequence[list[Sign]]) -> dict[int, Placed]:
    """`40% name : measure from worst to best`."""
    places = {index: at for index, row in enumerate(rows) if (at := _colon(row)) and row[0].text != "informed"}
    weights = {index: rows[index][: at - 1] for index, at in places.items()}
    apart = _padded(weights, first=True) if all(weights.values()) else {}
    cut: dict[int, list[list[Sign]]] = {}
    rest: dict[int, list[Sign]] = {}
    for index, at in places.items():
        row = rows[index]
        begins = next((place for place, sign in enumerate(row) if place > at and sign.text == "from"), len(row))
        cut[index], rest[index] = [row[at - 1 if apart else 0 : at], row[at + 1 : begins]], row[begins:]
    return {
        index: (f"{apart[index]} {cells}" if apart else cells, rest[index])
        for index, cells in _in_columns(cut, " : ", " ").items()
    }


def _cells(rows: Sequence[list[Sign]]) -> dict[int, Placed]:
    """`AUT : 10, 20%, missing`; or the fields of what took place, `places = 10 persons`."""
    if all(len(row) > 1 and row[1].text == "=" for row in rows):
        names = _padded({index: row[:1] for index, row in enumerate(rows)})
        return {index: (names[index] + " = ", row[2:]) for index, row in enumerate(rows)}
    cut: dict[int, list[list[Sign]]] = {}
    for index, row in enumerate(rows):
        if _colon(row) == 1:
            cut[index] = [[*row[:1], row[1]], *_by_commas(row[2:])]
    written = dict.fromkeys(cut, "")
    for column in range(max(map(len, cut.values()), default=0)):
        here = {index: cells[column] for index, cells in cut.items() if column < len(cells)}
        padded = _padded({index: cell if column else cell[:1] for index, cell in here.items()})
        for index, cell in padded.items():
            last = column + 1 == len(cut[index])
            if column == 0:
                written[index] += cell + " :"
            elif is_figure(cut[index][column]) or last:
                written[index] += " " + cell.rstrip() + ("" if last else ",")
            else:
                bare = cell.rstrip()
                written[index] += " " + bare + "," + " " * (len(cell) - len(bare))
    return {index: (text.rstrip(), []) for index, text in written.items()}


def names(rows: Sequence[list[Sign]]) -> dict[int, Placed]:
    """`name x of y "Title"` in a translation: the titles under each other."""
    cut = {}
    for index, row in enumerate(rows):
        at = next((place for place, sign in enumerate(row) if sign.kind == "text"), 0)
        if at and row[at - 1].text not in ("because", "cites"):
            cut[index] = row[:at]
    padded = _padded(cut)
    return {index: (cell + " ", rows[index][len(cut[index]) :]) for index, cell in padded.items()}


_TABLES: dict[str, Callable[[Sequence[list[Sign]]], dict[int, Placed]]] = {
    "indicators": _facts,
    "key": _weights,
    "scale": _brackets,
    "criteria": _criteria,
    "given": _cells,
}


def _in_columns(cut: dict[int, list[list[Sign]]], first: str, then: str) -> dict[int, str]:
    """Rows with their cells as wide as the widest of their column; between the first two stands `first`."""
    written = dict.fromkeys(cut, "")
    for column in range(max(map(len, cut.values()), default=0)):
        here = {index: cells[column] for index, cells in cut.items() if column < len(cells)}
        for index, cell in _padded(here, first=column == 0).items():
            written[index] += cell + (first if column == 0 else then)
    return written


def _padded(cells: dict[int, list[Sign]], *, first: bool = False) -> dict[int, str]:
    """The cells of a column, as wide as the widest; figures are set to the right where all are figures.

    Not so in the first column: blanks before the first sign of a line would put it deeper than the others.
    """
    texts = {index: spaced(cell) for index, cell in cells.items()}
    wide = _widest(texts.values())
    right = not first and all(is_figure(cell) for cell in cells.values() if cell)
    return {index: text.rjust(wide) if right else text.ljust(wide) for index, text in texts.items()}


def _widest(texts: Iterable[str]) -> int:
    return max((len(text) for text in texts if len(text) <= WIDEST), default=0)


def _colon(row: list[Sign]) -> int:
    """Where the colon of a row of a table stands; 0 where there is none."""
    depth = 0
    for index, sign in enumerate(row):
        if sign.kind == "mark":
            depth += {"(": 1, ")": -1}.get(sign.text, 0)
            if sign.text == ":" and depth == 0:
                return index
    return 0


def _by_commas(row: list[Sign]) -> list[list[Sign]]:
    cells: list[list[Sign]] = [[]]
    depth = 0
    for sign in row:
        depth += {"(": 1, ")": -1}.get(sign.text, 0) if sign.kind == "mark" else 0
        if sign.text == "," and sign.kind == "mark" and depth == 0:
            cells.append([])
        else:
            cells[-1].append(sign)
    return cells
