"""What depends on what as a drawing: a lane for each article, and columns by what rests on what.

Lines are drawn as in a plan of circuits. Each box has one line of its own that leaves it and one that enters it: the
first runs down the channel behind the column of the box, the second along the gutter above its row. Where the two meet
in a dot, the box that is entered rests on the one that is left. No line passes through a box.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from html import escape

from policy_dsl.instrument import names
from policy_dsl.instrument.drawn.graph import Graph, Node
from policy_dsl.instrument.drawn.layers import layered
from policy_dsl.instrument.texts import HEADS
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.document import Span
from policy_dsl.render.escape import visible
from policy_dsl.render.figures.canvas import INK, PAPER, QUIET, SIZE, SOLID, TINT, TYPES, Number, tenths, wrapped
from policy_dsl.render.languages import current

WIDE, HIGH = 176, 50
LANE, EDGE, STEP, GAP = 150, 12, 4, 12
"""The room for the name of an article; the edge; how far lines stand apart; the gap beside a bundle of lines."""
SMALL = Fraction(9)
OPEN, SHUT = "\N{RIGHT-TO-LEFT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
SHADE = "#f3f4f6"
PALE = "#b8bdc4"
WIRE = "#5b6b7b"

STYLES = {
    "fact": ("indicator",),
    "figure": ("parameter",),
    "computed": ("define", "key", "scale", "criteria", "apportion", "fund"),
    "who": ("tier", "set", "participant"),
    "step": ("step",),
    "duty": ("duty", "guarantee", "reservation", "transitional"),
}
STYLE_OF = {kind: style for style, kinds in STYLES.items() for kind in kinds}
LOOKS = {
    "fact": f'fill="{PAPER}" stroke="{SOLID}" stroke-width="1" stroke-dasharray="4 2"',
    "figure": f'fill="{PAPER}" stroke="{SOLID}" stroke-width="1"',
    "computed": f'fill="{TINT}" stroke="{SOLID}" stroke-width="1"',
    "who": f'fill="{PAPER}" stroke="{SOLID}" stroke-width="1" rx="16"',
    "step": f'fill="{SHADE}" stroke="{INK}" stroke-width="1" rx="5"',
    "duty": f'fill="{PAPER}" stroke="{INK}" stroke-width="2"',
}


@dataclass(frozen=True, slots=True)
class Box:
    """A provision with its column, its row, and the place of its upper left corner."""

    node: Node
    column: int
    row: int
    left: int
    top: int

    @property
    def middle(self) -> int:
        """The height at which its lines leave and enter."""
        return self.top + HIGH // 2


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything stands: boxes, lanes (article, top, bottom), the lines that leave and enter, the whole size."""

    boxes: dict[str, Box]
    lanes: tuple[tuple[str, int, int], ...]
    leaves: dict[str, int]
    enters: dict[str, int]
    width: int
    height: int


def svg(graph: Graph, page: str = "") -> str:
    """The drawing, which stands alone. Boxes lead into the page of the instrument where one is named."""
    plan = planned(graph)
    mirrored = current().direction == "rtl"
    sheet = _Sheet(plan.width, mirrored)
    for number, (article, top, bottom) in enumerate(plan.lanes):
        sheet.lane(graph.articles[article], top, bottom, shaded=number % 2 == 1)
    for name, needs in graph.needs.items():
        _wires(sheet, plan, name, needs)
    for name, box in plan.boxes.items():
        sheet.box(box, name == graph.of, f"{page}#{names.anchor(name)}" if page else "")
    height = _legend(sheet, graph, plan.height)
    title = graph.title if not graph.of else _said("graph.title.of", of=graph.node(graph.of).title, policy=graph.title)
    return sheet.whole(height, title, _told(graph))


def planned(graph: Graph) -> Plan:
    """Columns by layer, rows by article; channels and gutters as wide as the lines in them need."""
    order = [node.name for node in graph.nodes]
    column = layered(order, graph.needs)
    users = graph.users
    leaving = {name for name, used in users.items() if used}
    lefts: list[int] = []
    at = EDGE + LANE
    leaves: dict[str, int] = {}
    for each in range(max(column.values(), default=-1) + 1):
        lefts.append(at + GAP)
        at += GAP + WIDE + GAP
        for name in order:
            if column[name] == each and name in leaving:
                leaves[name] = at
                at += STEP
        at += GAP
    boxes: dict[str, Box] = {}
    enters: dict[str, int] = {}
    lanes: list[tuple[str, int, int]] = []
    top, row = EDGE, 0
    for article in graph.articles:
        first = top
        cells: dict[int, list[Node]] = {}
        for node in graph.nodes:
            if node.article == article:
                cells.setdefault(column[node.name], []).append(node)
        for place in range(max(map(len, cells.values()))):
            here = [(each, cells[each][place]) for each in sorted(cells) if place < len(cells[each])]
            top += GAP // 2
            for _, node in here:
                if graph.needs[node.name]:
                    enters[node.name] = top
                    top += STEP
            top += GAP // 2
            for each, node in here:
                boxes[node.name] = Box(node, each, row, lefts[each], top)
            top += HIGH
            row += 1
        top += GAP
        lanes.append((article, first, top))
    return Plan({name: boxes[name] for name in order}, tuple(lanes), leaves, enters, at + EDGE, top)


def _wires(sheet: _Sheet, plan: Plan, name: str, needs: Sequence[str]) -> None:
    """The line that enters a box, and from each box that it needs the line that leads to it."""
    if not needs:
        return
    box, gutter = plan.boxes[name], plan.enters[name]
    turn = box.left - GAP + 3
    joins = [plan.leaves[each] for each in needs]
    ends = [min([*joins, turn]), max([*joins, turn])]
    sheet.line([(ends[0], gutter), (ends[1], gutter)])
    sheet.line([(turn, gutter), (turn, box.middle), (box.left - 5, box.middle)])
    sheet.head(box.left, box.middle)
    for each in needs:
        start, down = plan.boxes[each], plan.leaves[each]
        sheet.line([(start.left + WIDE, start.middle), (down, start.middle), (down, gutter)])
        sheet.dot(down, gutter)


def _legend(sheet: _Sheet, graph: Graph, top: int) -> int:
    """What the boxes and lines mean; gives the height of the whole."""
    shown = [style for style, kinds in STYLES.items() if any(node.kind in kinds for node in graph.nodes)]
    at = top + GAP
    for style in shown:
        sheet.swatch(style, EDGE, at)
        sheet.text(EDGE + 30, at + 10, HEADS[f"graph.style.{style}"], colour=QUIET)
        at += 18
    for line in wrapped(_said("graph.reading"), sheet.width - 2 * EDGE, SIZE, 6):
        sheet.text(EDGE, at + 12, line, colour=QUIET)
        at += 15
    return at + EDGE


def _told(graph: Graph) -> str:
    """The drawing in words: of each provision what it rests on."""
    titles = {node.name: node.title for node in graph.nodes}
    lines = [_said("graph.words")]
    for node in graph.nodes:
        needs = [(Span(titles[each]),) for each in graph.needs[node.name]]
        if needs:
            lines.append(_said("graph.one", one=node.title, others=words.flat(words.listed(needs))))
    return " ".join(lines)


def _said(key: str, /, **texts: str) -> str:
    return words.flat(words.fill(HEADS[key], {each: (Span(said),) for each, said in texts.items()}))


class _Sheet:
    """The marks that were drawn. Where the language is written from right to left, all of them are mirrored."""

    def __init__(self, width: int, mirrored: bool) -> None:
        # The legend has sentences, and needs a room of its own.
        self.width, self.mirrored = max(width, 640), mirrored
        self.marks: list[str] = []

    def lane(self, title: str, top: int, bottom: int, *, shaded: bool) -> None:
        """The lane of an article with its title at the side."""
        if shaded:
            self.marks.append(f'<rect x="0" y="{top}" width="{self.width}" height="{bottom - top}" fill="{SHADE}"/>')
        self.line([(0, bottom), (self.width, bottom)], PALE)
        for number, line in enumerate(wrapped(title, LANE - EDGE, SIZE, 4, strong=True)):
            self.text(EDGE, top + 18 + number * 14, line, strong=True)

    def line(self, points: Iterable[tuple[Number, Number]], colour: str = WIRE) -> None:
        """A line through points."""
        path = " ".join(f"{tenths(self.x(x))},{tenths(y)}" for x, y in points)
        self.marks.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1"/>')

    def dot(self, x: int, y: int) -> None:
        """Where two lines meet."""
        self.marks.append(f'<circle cx="{tenths(self.x(x))}" cy="{y}" r="1.8" fill="{WIRE}"/>')

    def head(self, x: int, y: int) -> None:
        """The head of an arrow that ends at a place."""
        points = " ".join(f"{tenths(self.x(at))},{y + up}" for at, up in ((x - 6, -3), (x - 6, 3), (x, 0)))
        self.marks.append(f'<polygon points="{points}" fill="{WIRE}"/>')

    def box(self, box: Box, asked: bool, to: str) -> None:
        """A provision; the one that was asked about has a strong edge."""
        node, mark = box.node, len(self.marks)
        self.rect(STYLE_OF.get(node.kind, "computed"), box.left, box.top, WIDE, HIGH)
        if asked:
            place = f'x="{tenths(self.x(box.left - 3, WIDE + 6))}" y="{box.top - 3}" width="{WIDE + 6}"'
            self.marks.append(f'<rect {place} height="{HIGH + 6}" fill="none" stroke="{INK}" stroke-width="2.4"/>')
        lines = wrapped(node.title, WIDE - 14, SIZE, 2, strong=True)
        base = box.top + (24 if len(lines) == 1 else 17)
        for line in lines:
            self.text(box.left + WIDE // 2, base, line, middle=True, strong=True)
            base += 14
        below = f"{node.said} ({node.at})" if node.at else node.said
        for line in wrapped(below, WIDE - 14, SMALL, 1):
            self.text(box.left + WIDE // 2, base, line, middle=True, size=SMALL, colour=QUIET)
        if to:
            inside = "".join(self.marks[mark:])
            del self.marks[mark:]
            self.marks.append(f'<a href="{escape(visible(to))}">{inside}</a>')

    def swatch(self, style: str, left: int, top: int) -> None:
        """A sample of a kind of box."""
        self.rect(style, left, top, 22, 12)

    def rect(self, style: str, left: int, top: int, wide: int, high: int) -> None:
        """A box in a style."""
        place = f'x="{tenths(self.x(left, wide))}" y="{top}" width="{wide}" height="{high}"'
        self.marks.append(f"<rect {place} {LOOKS[style]}/>")

    def text(
        self, x: int, base: int, text: str, *, middle: bool = False, strong: bool = False, size: Fraction = SIZE,
        colour: str = INK,
    ) -> None:  # fmt: skip
        """A line of text, which is mere text."""
        anchor = "middle" if middle else "end" if self.mirrored else "start"
        more = "" if size == SIZE else f' font-size="{tenths(size)}"'
        more += ' font-weight="600"' if strong else ""
        more += "" if colour == INK else f' fill="{colour}"'
        said = escape(visible(text))
        # What mixes directions is read in that of the language.
        said = f"{OPEN}{said}{SHUT}" if self.mirrored else said
        self.marks.append(f'<text x="{tenths(self.x(x))}" y="{base}" text-anchor="{anchor}"{more}>{said}</text>')

    def x(self, x: Number, wide: int = 0) -> Number:
        """A place, mirrored where all is."""
        return self.width - x - wide if self.mirrored else x

    def whole(self, height: int, title: str, told: str) -> str:
        """The picture, with its title and what it shows in words for those who do not see it."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" '
            f'height="{height}" role="img" aria-labelledby="title" aria-describedby="words" '
            f'lang="{current().code}" font-family="{TYPES}" font-size="{tenths(SIZE)}" fill="{INK}">'
        )
        said = f'<title id="title">{escape(visible(title))}</title><desc id="words">{escape(visible(told))}</desc>'
        ground = f'<rect width="{self.width}" height="{height}" fill="{PAPER}"/>'
        return f"{head}{said}{ground}{''.join(self.marks)}</svg>\n"
