"""From the raw share to the result: for each member that a limit, a credit or an adjustment moved, steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policy_dsl.evaluate.decision import Shared, ShareRow
from policy_dsl.explain.argument import Given
from policy_dsl.records import dataclass
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Drawn, Figure, Line
from policy_dsl.render.figures.bars import Bar, Key, Panel, draw
from policy_dsl.render.figures.canvas import WIDTH
from policy_dsl.render.figures.shares import NOTHING, Names, mirrored, name_of, terms_of
from policy_dsl.render.sections.matter import known
from policy_dsl.values import Quantity, Unit

SEEN = Fraction(1, 50)
"""A member that was moved by less, as a part of the most it had, is not drawn: nobody would see it move."""
MOST = 6
"""As many members are drawn; the table tells the way of all."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, from where to where, and the figure printed beside it; a level begins at nothing."""

    what: str
    start: Fraction
    end: Fraction
    text: str = ""

    @property
    def level(self) -> bool:
        """Whether this is where the share stands, not what moved it."""
        return self.start == 0 and self.text != ""


def ways(shared: Shared, rows: Sequence[ShareRow], names: Names) -> Figure | None:
    """The figure, if any member was moved by more than rounding."""
    found = [(row, steps) for row in rows if (steps := _steps(row, shared.unit))]
    found = [(row, steps) for row, steps in found if _moved(steps) >= SEEN]
    if not found or shared.assignment is not None:
        return None
    # Those moved by a limit or an adjustment of their own come first, then the most moved, as a part of the highest
    # they had; the order of the table settles what is equal.
    found.sort(key=lambda each: (not (each[0].held or each[0].adjusted), -_moved(each[1])))
    shown = found[:MOST]
    labels: list[str] = []
    heads: list[bool] = []
    bars: list[tuple[Bar, ...]] = []
    values: list[str] = []
    ruler: list[int] = []
    drawn: list[Drawn] = []
    for group, (row, steps) in enumerate(shown):
        labels.append(names(row.member))
        heads.append(True)
        bars.append(())
        values.append("")
        ruler.append(group)
        for step in steps:
            labels.append(words.plain(step.what))
            heads.append(False)
            bars.append((Bar(step.start, step.end, "solid" if step.what in LEVELS else "hatched"),))
            values.append(step.text)
            ruler.append(group)
            drawn.append(Drawn(row.member, step.what, step.end if step.what in LEVELS else step.end - step.start))
    panel = Panel(
        words.plain("figure.ways.panel", unit=Given(numbers.unit_head(shared.unit))),
        tuple(bars),
        (),
        tuple(values),
        None,
        1,
        tuple(ruler),
    )
    legend = (Key("solid", words.plain("figure.ways.level")), Key("hatched", words.plain("figure.ways.moved")))
    picture, height, _ = draw(labels, (panel,), legend, mirrored(), heads)
    notes = [words.text("figure.ways.scale")]
    if len(found) > len(shown):
        notes.append(words.text("figure.ways.others"))
    return Figure(
        words.text("figure.ways", **terms_of(shared)),
        "ways",
        picture,
        WIDTH,
        height,
        words.sentences([words.text("figure.ways.words"), *_told(shown, shared.unit)]),
        tuple(drawn),
        name_of(shared, "ways"),
        tuple(notes),
    )


LEVELS = frozenset({"figure.by_weight", "figure.by_relief", "col.exact", "col.net", "col.final"})


def _steps(row: ShareRow, unit: Unit) -> list[Step]:
    """The steps of one member; none where nothing moved it but rounding, or a figure is not known."""
    final, exact = known(row.final), row.exact
    if final is None or exact is None:
        return []
    raw = row.quota if row.band is None and row.quota is not None and row.quota != exact else None
    credit, extra = known(row.credit) or NOTHING, row.extra or NOTHING
    change = row.adjusted.change.amount if row.adjusted is not None else NOTHING
    if raw is None and not credit and not change:
        return []
    text = {
        each: numbers.figure(Quantity(each, unit), unit=False)
        for each in (raw, exact, row.due, final)
        if each is not None
    }
    steps = []
    if raw is not None:
        start = "figure.by_relief" if row.relieved else "figure.by_weight"
        steps += [Step(start, NOTHING, raw, text[raw]), Step(f"figure.moved.{row.held or 'others'}", raw, exact)]
    steps.append(Step("col.exact", NOTHING, exact, text[exact]))
    here = exact
    if credit and row.due is not None:
        steps += [Step("col.credit", exact, row.due), Step("col.net", NOTHING, row.due, text[row.due])]
        here = row.due
    if extra:
        steps.append(Step("col.extra", here, here + extra, _signed(extra, unit)))
        here += extra
    if change:
        steps.append(Step("col.adjusted", final - change, final, _signed(change, unit)))
    return [*steps, Step("col.final", NOTHING, final, text[final])]


def _signed(amount: Fraction, unit: Unit) -> str:
    text = numbers.figure(Quantity(amount, unit), unit=False)
    return text if amount < 0 else f"+{text}"


def _moved(steps: Sequence[Step]) -> Fraction:
    """How far a member was moved in all, as a part of the most that it had."""
    size = max(abs(step.end) for step in steps)
    if not size:
        return NOTHING
    return sum((abs(step.end - step.start) for step in steps if step.what not in LEVELS), NOTHING) / size


def _told(shown: Sequence[tuple[ShareRow, list[Step]]], unit: Unit) -> Iterator[Line]:
    """From where to where each member came."""
    for row, steps in shown:
        yield words.text(
            "figure.ways.one",
            members=words.members((row.member,)),
            start=Quantity(steps[0].end, unit),
            end=Quantity(steps[-1].end, unit),
        )
