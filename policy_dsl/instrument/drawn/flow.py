"""A procedure as a flow: a box for each step, and arrows from each step to those that count from it or ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from policy_dsl.instrument import names
from policy_dsl.instrument.drawn.layers import layered, reduced
from policy_dsl.instrument.texts import HEADS, TOLD
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.document import Drawn, Figure
from policy_dsl.render.figures.bars import Key, legend_of
from policy_dsl.render.figures.canvas import INK, QUIET, SIZE, SOLID, WIDTH, Canvas, wrapped
from policy_dsl.render.figures.shares import mirrored
from policy_dsl.render.titles import title_of
from policy_dsl.resolve.program import Entry, FieldOf, Program
from policy_dsl.syntax import tree

if TYPE_CHECKING:
    from policy_dsl.instrument.told.desk import Desk

FEWEST = 3
"""That one step follows another is said by a sentence."""
ABREAST = 3
GAP, RISE = Fraction(22), Fraction(34)
LINE = Fraction(14)
SMALL = Fraction(19, 2)


@dataclass(frozen=True, slots=True)
class Box:
    """A step with its place; `own` tells that it is of this procedure."""

    entry: Entry
    own: bool
    left: Fraction
    top: Fraction
    wide: Fraction
    high: Fraction
    lines: tuple[tuple[str, bool], ...]

    @property
    def middle(self) -> Fraction:
        """The middle of its upper and lower edge."""
        return self.left + self.wide / 2


def flow(desk: Desk, entry: Entry, steps: Sequence[Entry]) -> Figure | None:
    """The drawing; none where no step of the procedure rests on another step."""
    program = desk.program
    needs = {each.name: _needed(program, each) for each in steps}
    around = [each for each in program.of_kind("step") if each in steps or any(each.name in n for n in needs.values())]
    if not any(needs.values()) or len(around) < FEWEST:
        return None
    nodes = [each.name for each in around]
    layers, arrows = layered(nodes, needs), reduced(nodes, needs)
    boxes, bottom = _boxes(desk, around, set(needs), layers, arrows)
    canvas = Canvas(mirrored())
    for name, below in arrows.items():
        for number, each in enumerate(below):
            _arrow(canvas, boxes[each], boxes[name], number, len(below))
    for box in boxes.values():
        _draw(canvas, box)
    others = any(not box.own for box in boxes.values())
    keys = [Key("solid", HEADS["figure.flow.own"]), Key("hollow", HEADS["figure.flow.other"])] if others else []
    height = int(legend_of(canvas, _legend(keys), bottom + 8))
    told = [words.fill(HEADS["figure.flow.words"], {})]
    for name, below in arrows.items():
        for each in below:
            terms = {"one": names.name(program.entries[each]), "other": names.name(program.entries[name])}
            told.append(words.fill(HEADS["figure.flow.one"], terms))
    drawn = tuple(Drawn(each, name) for name, below in arrows.items() for each in below)
    anchor = f"figure-flow-{entry.name.replace('_', '-')}"
    caption = words.fill(HEADS["figure.flow"], {"of": names.name(entry)})
    return Figure(caption, "flow", canvas.svg(height), WIDTH, height, words.sentences(told), drawn, anchor)


def _legend(keys: list[Key]) -> list[Key]:
    return [Key("light" if each.style == "solid" else each.style, each.text) for each in keys]


def _needed(program: Program, step: Entry) -> list[str]:
    """The steps from which a step counts, or which it asks for."""
    found: dict[str, None] = {}
    for node in tree.walk(step.node):
        ref = program.ref(node)
        if isinstance(node, tree.Nth) and ref is None:
            ref = program.ref(node.step) or program.entries.get(node.step.text)
        other = ref.step if isinstance(ref, FieldOf) else ref
        if isinstance(other, Entry) and other.kind == "step" and other is not step and other.parent is None:
            found[other.name] = None
    return list(found)


def _boxes(
    desk: Desk, around: Sequence[Entry], own: set[str], layers: dict[str, int], arrows: dict[str, list[str]]
) -> tuple[dict[str, Box], Fraction]:
    """The boxes layer by layer; those of a layer stand under what they follow, as far as there is room."""
    rows: list[list[Entry]] = []
    for layer in range(max(layers.values()) + 1):
        here = [each for each in around if layers[each.name] == layer]
        rows += [here[at : at + ABREAST] for at in range(0, len(here), ABREAST)]
    found: dict[str, Box] = {}
    top = Fraction(4)
    for row in rows:
        wide = min(Fraction(250), (WIDTH - 4 - GAP * (len(row) - 1)) / len(row))
        order = sorted(row, key=lambda each: _wish(found, arrows[each.name]))
        texts = [_lines(desk, each, wide - 14) for each in order]
        high = max(LINE * len(lines) for lines in texts) + 12
        whole = wide * len(row) + GAP * (len(row) - 1)
        left = (WIDTH - whole) / 2
        for each, lines in zip(order, texts, strict=True):
            found[each.name] = Box(each, each.name in own, left, top, wide, high, lines)
            left += wide + GAP
        top += high + RISE
    return found, top - RISE


def _wish(found: dict[str, Box], below: Sequence[str]) -> Fraction:
    middles = [found[each].middle for each in below if each in found]
    return sum(middles, Fraction(0)) / len(middles) if middles else Fraction(WIDTH, 2)


def _lines(desk: Desk, entry: Entry, room: Fraction) -> tuple[tuple[str, bool], ...]:
    """The title of a step, and below it when it may or must be taken."""
    node = entry.node
    assert isinstance(node, tree.Step)
    found = [(line, True) for line in wrapped(title_of(entry), room, SIZE, 2, strong=True)]
    for says, at in (("step.not_before", node.not_before), ("step.not_after", node.not_after), ("step.on", node.on)):
        if at is not None:
            said = words.flat(words.fill(TOLD[says], {"when": desk.value(at.expr)}))
            found += [(line, False) for line in wrapped(said, room, SMALL, 2)]
    return tuple(found)


def _draw(canvas: Canvas, box: Box) -> None:
    canvas.bar(box.left, box.top, box.wide, box.high, "light" if box.own else "hollow")
    base = box.top + (box.high - LINE * len(box.lines)) / 2 + 10
    for text, strong in box.lines:
        size = SIZE if strong else SMALL
        canvas.text(box.middle, base, text, "middle", size=size, strong=strong, colour=INK if strong else QUIET)
        base += LINE


def _arrow(canvas: Canvas, start: Box, end: Box, number: int, of: int) -> None:
    """A line from the lower edge of a box to the upper edge of another, with its head."""
    x = end.left + end.wide * (number + 1) / (of + 1)
    if start.top >= end.top:
        # Of steps that wait for each other in a circle one arrow leads upwards, along the side.
        side = end.left + end.wide
        canvas.line([(start.left + start.wide, start.top + 8), (side, end.top + end.high - 8)], SOLID, "1.2", "4 3")
        return
    foot, tip = start.top + start.high, end.top
    turn = tip - RISE / 2
    canvas.line([(start.middle, foot), (start.middle, turn), (x, turn), (x, tip - 5)], SOLID, "1.2")
    canvas.shape([(x - 3, tip - 6), (x + 3, tip - 6), (x, tip)], SOLID)
