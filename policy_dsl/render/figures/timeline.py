"""The steps of the procedure in time: windows, time limits, what is recorded, what was missed, what is to come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise

from policy_dsl.evaluate.decision import StepOutcome
from policy_dsl.evaluate.derivation import Derived, Status
from policy_dsl.records import dataclass
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Drawn, Figure, Line
from policy_dsl.render.figures.bars import EDGE, Key, legend_of
from policy_dsl.render.figures.canvas import FAINT, LINE, PAPER, QUIET, SIZE, SOLID, WIDTH, Canvas, measured, wrapped
from policy_dsl.render.figures.shares import mirrored
from policy_dsl.render.titles import title_of

Moment = date | datetime
MOST = 30
NAMES = 220
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Row:
    """A step as it is drawn: minutes from the first year on. `recorded` are the first and the last valid event."""

    step: StepOutcome
    earliest: int | None
    latest: int | None
    recorded: tuple[int, ...]
    refused: tuple[int, ...]
    coming: tuple[int, ...]
    missed: tuple[int, ...]
    moments: tuple[tuple[str, Moment], ...]


def timeline(steps: Sequence[StepOutcome], at: date) -> Figure | None:
    """The figure, if two steps have a place in time, and not all the same. `at` is the date of the case."""
    rows = [row for step in steps if (row := _row(step, minute(at))).moments][:MOST]
    days: dict[date, int] = {}
    for row in rows:
        for _, moment in row.moments:
            days.setdefault(_day(moment), minute(_day(moment)))
    if len(rows) < 2 or len(days) < 2:
        return None
    days.setdefault(at, minute(at))
    canvas = Canvas(mirrored())
    labels = [wrapped(title_of(row.step.entry), NAMES) for row in rows]
    statuses = [wrapped(words.flat(words.value_of(Status(row.step.status))), 84) for row in rows]
    column = max(measured(line) for lines in labels for line in lines) + 12
    ends = max(measured(line) for lines in statuses for line in lines) + 10
    scale = _Scale(rows, days, column + 8, WIDTH - EDGE - ends - 14)
    top = Fraction(24)
    heights = [Fraction(max(22, max(len(a), len(b)) * 14 + 6)) for a, b in zip(labels, statuses, strict=True)]
    bottom = top + sum(heights)
    _dates(canvas, days, at, scale, top, bottom)
    begin = top
    for row, label, status, height in zip(rows, labels, statuses, heights, strict=True):
        middle = begin + height / 2
        canvas.line([(0, begin + height), (WIDTH, begin + height)], FAINT, "0.5")
        _lines(canvas, label, Fraction(EDGE), middle, "start")
        _lines(canvas, status, Fraction(WIDTH - EDGE), middle, "end")
        _marks(canvas, row, scale, middle)
        begin += height
    whole = int(legend_of(canvas, _keys(rows), bottom + 6))
    drawn = tuple(
        Drawn(row.step.entry.name, what, None, moment, row.step.status) for row in rows for what, moment in row.moments
    )
    notes = [words.text("figure.timeline.scale")]
    if sum(1 for step in steps if _row(step, 0).moments) > len(rows):
        notes.append(words.text("figure.timeline.first"))
    return Figure(
        words.text("figure.timeline"),
        "timeline",
        canvas.svg(whole),
        WIDTH,
        whole,
        words.sentences([words.text("figure.timeline.words", first=min(days), last=max(days)), *_told(rows)]),
        drawn,
        "figure-timeline",
        tuple(notes),
    )


def minute(moment: Moment, end: bool = False) -> int:
    """A moment in minutes; a date is its first minute or, as the end of a time limit, its last."""
    if isinstance(moment, datetime):
        whole = moment.astimezone(UTC) if moment.tzinfo is not None else moment
        return whole.toordinal() * DAY + whole.hour * 60 + whole.minute
    return moment.toordinal() * DAY + (DAY - 1 if end else 0)


class _Scale:
    """From minutes to places. Of a gap the logarithm is drawn: an hour beside a year could not be seen otherwise."""

    def __init__(self, rows: Sequence[Row], days: dict[date, int], left: Fraction, right: Fraction) -> None:
        stops = set(days.values())
        for row in rows:
            stops |= {*row.recorded, *row.refused, *row.coming, *row.missed}
            stops |= {each for each in (row.earliest, row.latest) if each is not None}
        ordered = sorted(stops)
        gaps = [(later - sooner).bit_length() + 2 for sooner, later in pairwise(ordered)]
        whole, sofar = sum(gaps), 0
        self.left, self.right = left, right
        self.places = {ordered[0]: left}
        for stop, gap in zip(ordered[1:], gaps, strict=True):
            sofar += gap
            self.places[stop] = left + (right - left) * sofar / whole

    def __call__(self, moment: int) -> Fraction:
        """The place of a moment."""
        return self.places[moment]


def _row(step: StepOutcome, now: int) -> Row:
    valid = [each.event.at for each in step.events if each.valid]
    refused = [each.event.at for each in step.events if not each.valid]
    ends = list(dict.fromkeys((valid[0], valid[-1]))) if valid else []
    earliest, latest, falls = _when(step.earliest), _when(step.latest), _when(step.falls)
    dues = [*([falls] if falls is not None else []), *step.dues[-2:]]
    missed = []
    if step.status == "missed":
        passed = [minute(each) for each in dues if minute(each) <= now]
        missed = [minute(latest, end=True)] if latest is not None else passed[-1:]
    coming = [at for each in dues if (at := minute(each)) not in missed and (at > now or not valid)]
    named = [("earliest", earliest), ("latest", latest), *(("due", each) for each in dues)]
    named += [("recorded", each) for each in ends] + [("refused", each) for each in refused]
    return Row(
        step,
        minute(earliest) if earliest is not None else None,
        minute(latest, end=True) if latest is not None else None,
        tuple(map(minute, ends)),
        tuple(map(minute, refused)),
        tuple(coming),
        tuple(missed),
        tuple((what, moment) for what, moment in named if moment is not None),
    )


def _dates(canvas: Canvas, days: dict[date, int], at: date, scale: _Scale, top: Fraction, bottom: Fraction) -> None:
    """The dates above the steps, as many as have room: the first, the last and that of the case before all others."""
    first, last = min(days), max(days)
    taken: list[tuple[Fraction, Fraction]] = []
    for each in dict.fromkeys((at, first, last, *sorted(days))):
        place, text = scale(days[each]), numbers.day(each)
        half = measured(text) / 2 + 4
        middle = min(max(place, half), WIDTH - half)
        if any(middle - half < right and middle + half > left for left, right in taken):
            continue
        taken.append((middle - half, middle + half))
        canvas.line([(place, top - 6), (place, bottom)], FAINT, "0.8")
        canvas.text(middle, top - 10, text, "middle", colour=QUIET)
    canvas.line([(scale(days[at]), top - 6), (scale(days[at]), bottom)], SOLID, "1.4", "5 3")


def _marks(canvas: Canvas, row: Row, scale: _Scale, middle: Fraction) -> None:
    """The window of a step and what happened in it."""
    if row.earliest is not None or row.latest is not None:
        left = scale(row.earliest) if row.earliest is not None else scale.left
        right = scale(row.latest) if row.latest is not None else scale.right + 8
        if right > left:
            canvas.band(left, middle - 5, right - left, 10, row.earliest is not None, row.latest is not None)
        if row.latest is not None:
            canvas.bracket(right, middle - 8, middle + 8)
    if len(row.recorded) > 1:
        canvas.line([(scale(each), middle) for each in row.recorded], wide="2")
    for each in row.recorded:
        canvas.dot(scale(each), middle, 4)
    for each in row.coming:
        canvas.dot(scale(each), middle, 4, PAPER)
    for each in (*row.refused, *row.missed):
        canvas.cross(scale(each), middle, 4)


def _keys(rows: Sequence[Row]) -> list[Key]:
    """The legend: only what is drawn."""
    found = []
    if any(row.earliest is not None or row.latest is not None for row in rows):
        found.append(Key("light", words.plain("col.window")))
    if any(row.latest is not None for row in rows):
        found.append(Key("ceiling", words.plain("figure.timeline.limit")))
    if any(row.recorded for row in rows):
        found.append(Key("dot", words.plain("col.done")))
    if any(row.coming for row in rows):
        found.append(Key("coming", words.plain("figure.timeline.due")))
    if any(row.refused or row.missed for row in rows):
        found.append(Key("cross", words.plain("figure.timeline.over")))
    found.append(Key("line", words.plain("figure.timeline.at")))
    return found


def _told(rows: Sequence[Row]) -> Iterator[Line]:
    """Each step with its status."""
    for row in rows:
        yield words.text("figure.timeline.one", step=row.step.entry, status=words.value_of(Status(row.step.status)))


def _lines(canvas: Canvas, lines: Sequence[str], x: Fraction, middle: Fraction, anchor: str) -> None:
    """Lines of text below each other, about a middle."""
    high = SIZE * LINE
    base = middle + SIZE * Fraction(35, 100) - high * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        canvas.text(x, base + high * number, line, anchor)


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _when(derived: Derived | None) -> Moment | None:
    value = derived.value if derived is not None else None
    return value if isinstance(value, date) else None
