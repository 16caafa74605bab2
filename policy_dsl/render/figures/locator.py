"""A map on which members are shaded by their results. Outlines, their source and licence: `world.txt`, `world.md`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cache
from importlib.resources import files

from policy_dsl.evaluate.decision import Shared, ShareRow
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.document import Drawn, Figure
from policy_dsl.render.figures.bars import EDGE
from policy_dsl.render.figures.canvas import INK, LINE, PAPER, QUIET, SIZE, WIDTH, Canvas, in_lines, measured
from policy_dsl.render.figures.shares import mirrored, name_of, outermost, terms_of
from policy_dsl.render.sections.matter import known

Point = tuple[int, int]
Ring = tuple[Point, ...]

TALLEST = 400
ROUND = 36_000
"""Once around the Earth, in hundredths of a degree."""
LEAST = 1_000
"""No map shows less than ten degrees."""
SMALL = Fraction(9)
LAND, SHORE = "#ededeb", "#b8bdc4"
# The least part of the largest result, the fill, and the colour of words on it; lighter fills are lighter in grey too.
CLASSES = (
    ("half", Fraction(1, 2), "#16324d", PAPER),
    ("fifth", Fraction(1, 5), "#3f74a6", PAPER),
    ("twentieth", Fraction(1, 20), "#8fb3d4", INK),
    ("less", Fraction(0), "#d3e1ee", INK),
)
# Thousandths by which a degree of longitude is shorter than one of latitude, each five degrees from the Equator on.
COSINES = (1000, 996, 985, 966, 940, 906, 866, 819, 766, 707, 643, 574, 500, 423, 342, 259, 174)


@dataclass(frozen=True, slots=True)
class Axis:
    """From hundredths of a degree to tenths of a unit, in whole numbers: (degree · times − less) · tenths // by."""

    times: int
    less: int
    tenths: int
    by: int

    def place(self, degree: int) -> int:
        """The place of a degree."""
        return (degree * self.times - self.less) * self.tenths // self.by


@dataclass(frozen=True, slots=True)
class View:
    """What the map shows, from west to east and from north to south."""

    x: Axis
    y: Axis
    height: int

    def place(self, point: Point) -> Point:
        """The place of a point, in tenths of a unit."""
        return self.x.place(point[0]), self.y.place(point[1])


def located(shared: Shared, rows: Sequence[ShareRow]) -> Figure | None:
    """The figure, if two members have a result and a place on the map, and results differ."""
    amounts = {row.member: amount for row in rows if (amount := known(row.final)) is not None}
    placed = [member for member in amounts if member in world()]
    largest = max(amounts.values(), default=Fraction(0))
    if len(placed) < 2 or largest <= 0 or len(set(amounts.values())) < 2:
        return None
    view = _view(placed)
    canvas = Canvas(mirrored())
    fills = {member: _class(amounts[member], largest) for member in placed}
    for code, rings in world().items():
        if code not in fills:
            canvas.area(_seen(rings, view), LAND, SHORE, "0.5")
    for member in placed:
        canvas.area(_seen(world()[member], view), fills[member][1], INK, "0.6")
    for member in placed:
        if len(world()[member][0]) == 1:
            x, y = view.place(world()[member][0][0])
            canvas.spot(Fraction(x, 10), Fraction(y, 10), 4, fills[member][1])
    ranked = sorted(placed, key=lambda member: -amounts[member])
    _codes(canvas, view, [(member, fills[member][2]) for member in ranked])
    canvas.frame(view.height)
    used = list(dict.fromkeys(key for key, _, _ in map(fills.get, ranked) if key))  # type: ignore[misc]
    height = int(_legend(canvas, used, Fraction(view.height + 6)))
    missing = sorted(set(amounts) - set(placed))
    notes = [words.text("figure.map.missing", members=words.members(missing))] if missing else []
    notes += [words.text("figure.map.source"), words.text("figure.map.borders")]
    return Figure(
        words.text("figure.map", **terms_of(shared)),
        "map",
        canvas.svg(height),
        WIDTH,
        height,
        words.sentences(
            [words.text("figure.map.words"), outermost([r for r in rows if r.member in amounts], shared.unit)]
        ),
        tuple(Drawn(member, "final", amounts[member], None, fills[member][0]) for member in ranked),
        name_of(shared, "map"),
        tuple(notes),
    )


@cache
def world() -> dict[str, tuple[Ring, ...]]:
    """The outlines of all States by their codes, the largest ring of each first; "-" has land without a code."""
    found: dict[str, list[Ring]] = {}
    text = (files("policy_dsl.render.figures") / "world.txt").read_text("utf-8")
    for line in text.splitlines():
        code, *steps = line.split()
        x = y = 0
        ring = []
        for right, up in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + int(right), y + int(up)
            ring.append((x, y))
        found.setdefault(code, []).append(tuple(ring))
    return {code: tuple(sorted(rings, key=lambda ring: -_area(ring))) for code, rings in found.items()}


def _area(ring: Ring) -> int:
    """Twice the area inside a ring."""
    return abs(sum(x * v - u * y for (x, y), (u, v) in zip(ring, (*ring[1:], ring[0]), strict=True)))


def _class(amount: Fraction, largest: Fraction) -> tuple[str, str, str]:
    """The class of a result: its name, its fill and the colour of words on it."""
    if amount <= 0:
        return "none", PAPER, INK
    return next((name, fill, ink) for name, least, fill, ink in CLASSES if amount >= least * largest)


def _view(members: Iterable[str]) -> View:
    """The part of the world that holds the largest ring of each member, with a margin."""
    mains = [world()[member][0] for member in members]
    sides = sorted((min(x for x, _ in ring), max(x for x, _ in ring)) for ring in mains)
    # The map is cut where the widest gap between members is, be that in the Pacific or elsewhere.
    reach, gap, start = sides[0][1], -1, sides[0][0]
    for low, high in sides[1:]:
        if low - reach > gap:
            gap, start = low - reach, low
        reach = max(reach, high)
    if sides[0][0] + ROUND - reach >= gap:
        start = sides[0][0]
    moved = [(low + (ROUND if low < start else 0), high + (ROUND if low < start else 0)) for low, high in sides]
    west, east = min(low for low, _ in moved), max(high for _, high in moved)
    south, north = min(y for ring in mains for _, y in ring), max(y for ring in mains for _, y in ring)
    middle = (Fraction(west + east, 2), Fraction(south + north, 2))
    cosine = COSINES[min(len(COSINES) - 1, int(abs(middle[1])) // 500)]
    wide = max(east - west, LEAST) * Fraction(11, 10)
    tall = max(north - south, LEAST // 2) * Fraction(11, 10)
    by_width: Fraction = wide * cosine / 1000 / WIDTH
    by_height: Fraction = tall / TALLEST
    down: Fraction = by_width if by_width > by_height else by_height
    across = down * 1000 / cosine
    height = max(160, min(TALLEST, int(tall / down)))
    west_edge, north_edge = middle[0] - across * WIDTH / 2, middle[1] + down * height / 2
    return View(_axis(west_edge, across), _axis(north_edge, -down), height)


def _axis(edge: Fraction, step: Fraction) -> Axis:
    """An axis that begins at an edge, with so many hundredths of a degree to a unit."""
    return Axis(edge.denominator, edge.numerator, 10 * step.denominator, edge.denominator * step.numerator)


def _seen(rings: Iterable[Ring], view: View) -> list[list[Point]]:
    """What of some rings is to be seen, in tenths of a unit, without corners too near to tell apart."""
    found = []
    right, bottom = WIDTH * 10, view.height * 10
    turned = view.x.place(ROUND) - view.x.place(0)
    for ring in rings:
        if len(ring) < 3:
            continue
        west, east = (view.x.place(each(x for x, _ in ring)) for each in (min, max))
        north, south = (view.y.place(each(y for _, y in ring)) for each in (max, min))
        if north > bottom or south < 0:
            continue
        for turn in (0, turned, -turned):
            if east + turn < 0 or west + turn > right:
                continue
            points = [(x + turn, y) for x, y in map(view.place, ring)]
            kept = [points[0]]
            for x, y in points[1:]:
                if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= 8:
                    kept.append((x, y))
            cut = _cut(_cut(kept, 0, 0, right), 1, 0, bottom)
            if len(cut) > 2:
                found.append(cut)
    return found


def _cut(points: list[Point], axis: int, low: int, high: int) -> list[Point]:
    """A ring without what lies outside two parallel edges (Sutherland and Hodgman, 1974)."""
    for edge, inside in ((low, _above(axis, low)), (high, _below(axis, high))):
        kept: list[Point] = []
        for number, point in enumerate(points):
            before = points[number - 1]
            if inside(point) != inside(before):
                kept.append(_crossing(before, point, axis, edge))
            if inside(point):
                kept.append(point)
        points = kept
    return points


def _above(axis: int, edge: int) -> Callable[[Point], bool]:
    return lambda point: point[axis] >= edge


def _below(axis: int, edge: int) -> Callable[[Point], bool]:
    return lambda point: point[axis] <= edge


def _crossing(one: Point, other: Point, axis: int, edge: int) -> Point:
    """Where a side crosses an edge."""
    along = one[1 - axis] + (other[1 - axis] - one[1 - axis]) * (edge - one[axis]) // (other[axis] - one[axis])
    return (edge, along) if axis == 0 else (along, edge)


def _codes(canvas: Canvas, view: View, members: Sequence[tuple[str, str]]) -> None:
    """The codes of members, where there is room in their outline and none stands there yet."""
    for member, ink in members:
        seen = _seen(world()[member][:1], view)
        half, high = measured(member, SMALL) / 2, SMALL * Fraction(7, 10)
        spot = _room(seen[0], int(half * 10), int(high * 5)) if seen else None
        if spot is not None:
            canvas.text(
                Fraction(spot[0], 10),
                Fraction(spot[1], 10) + high / 2,
                member,
                "middle",
                size=SMALL,
                colour=ink,
                fixed=True,
            )


def _room(ring: Sequence[Point], half: int, high: int) -> Point | None:
    """A place for words inside a ring, in tenths of a unit: that nearest to its middle. None where they don't fit."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    middle = ((min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2)
    tries = [
        (min(xs) + (max(xs) - min(xs)) * a // 8, min(ys) + (max(ys) - min(ys)) * b // 8)
        for a in range(1, 8)
        for b in range(1, 8)
    ]
    for x, y in sorted(tries, key=lambda at: (abs(at[0] - middle[0]) + abs(at[1] - middle[1]), at)):
        corners = [(x + dx, y + dy) for dx in (-half, 0, half) for dy in (-high, high)]
        if all(_inside(ring, corner) for corner in corners):
            return x, y
    return None


def _inside(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point is inside a ring, by the sides that a line from it to the right crosses."""
    x, y = point
    odd = False
    for number, (u, v) in enumerate(ring):
        s, t = ring[number - 1]
        if (v > y) != (t > y) and (x - u) * (t - v) * (1 if t > v else -1) < (s - u) * (y - v) * (1 if t > v else -1):
            odd = not odd
    return odd


def _legend(canvas: Canvas, used: Sequence[str], top: Fraction) -> Fraction:
    """The classes that the map uses, and below them the next place."""
    texts = {name: words.plain(f"figure.map.{name}") for name in used}
    fills = {name: fill for name, _, fill, _ in CLASSES} | {"none": PAPER}
    widths = [(measured(text) + 28, name) for name, text in texts.items()]
    line = 0
    for line, at, name in in_lines(widths, WIDTH - 2 * EDGE, 14):
        middle = top + line * (SIZE * LINE + 3) + 9
        canvas.patch(at + EDGE, middle - 5, 20, 10, fills[name])
        canvas.text(at + EDGE + 26, middle + SIZE * Fraction(35, 100), texts[name], colour=QUIET)
    return top + (line + 1) * (SIZE * LINE + 3) + 5
