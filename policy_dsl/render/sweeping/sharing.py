"""What each apportionment comes to over the cases: a section with boxes, a table, and how often who is where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from policy_dsl.explain.argument import Given, Who
from policy_dsl.plan import Output
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.document import Block, Cell, Column, Figure, Line, Paragraph, Row, Section, Span, Table
from policy_dsl.render.figures.canvas import WIDTH
from policy_dsl.render.sweeping import plots
from policy_dsl.render.sweeping.say import (
    DASH,
    cases,
    cell,
    count,
    counted,
    figure,
    of,
    part,
    part_text,
    say,
    unit_head,
)
from policy_dsl.render.tables import upright
from policy_dsl.sweep.summary_found import Counted, Found, Spread
from policy_dsl.sweep.summary_sketch import LEVELS, Distribution
from policy_dsl.values import RATIO, Unit

COLUMNS = 6
"""So many columns of bars are drawn at most; later bands are drawn as one."""

Names = Callable[[str], str]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Something that a member may be in a case: its name, and the number of cases by member."""

    name: Line
    counts: Mapping[str, int]


def of_same(found: Found, share: Output, aspect: str) -> Spread | None:
    """Another figure of the same apportionment."""
    return next((each for each in found.spreads if _same(each.output, share, aspect)), None)


def anchor(kind: str, output: Output) -> str:
    """The anchor of a section or figure."""
    return f"{kind}-{output.entry.name}" + (f"-{output.cohort}" if output.cohort else "")


def sharing(found: Found, spread: Spread, names: Names) -> Section:
    """The section of one apportionment."""
    output = spread.output
    return Section(say("share", **of(output)), tuple(_blocks(found, spread, names)), anchor("sweep", output))


def _blocks(found: Found, spread: Spread, names: Names) -> Iterator[Block]:
    output = spread.output
    total, left, residue = (of_same(found, output, each) for each in ("total", "unallocated", "residue"))
    told = [*_total(total), *_left(left)]
    if told:
        yield Paragraph(words.sentences(told))
    known = {member: each for member, each in spread.rows.items() if each.levels}
    if known:
        yield _boxes(output, known, names)
        yield spread_table(spread, "spread", [("to share", total), ("unallocated", left), ("residue", residue)])
    yield from often(found, output, names)


def _total(spread: Spread | None) -> Iterator[Line]:
    row = spread.rows.get("") if spread is not None else None
    if spread is None or row is None or row.least is None or row.most is None or row.mean is None:
        return
    unit = spread.output.unit
    if row.least == row.most:
        yield say("total.same", amount=figure(row.least, unit))
    else:
        ends = {"least": figure(row.least, unit), "most": figure(row.most, unit), "mean": figure(row.mean, unit)}
        yield say("total.differs", **ends)


def _left(spread: Spread | None) -> Iterator[Line]:
    row = spread.rows.get("") if spread is not None else None
    if spread is None or row is None or row.most is None:
        return
    if row.most == 0:
        yield say("left.none")
    else:
        some = row.cases - row.zero
        most = figure(row.most, spread.output.unit)
        yield say("left.some", cases=cases(some), part=part(some, row.cases), most=most)


# ---- boxes and their table -------------------------------------------------------------------------------------------


def ranked(rows: Mapping[str, Distribution]) -> list[str]:
    """Members by their medians, the greatest first; then by their means, then by codes."""
    return sorted(rows, key=lambda each: (-(rows[each].median or 0), -(rows[each].mean or 0), each))


def box_of(row: Distribution) -> plots.Box | None:
    """A distribution as it is drawn."""
    if not row.levels or row.least is None or row.most is None or row.mean is None:
        return None
    low, first, median, third, high = row.levels
    return plots.Box(row.least, low, first, median, third, high, row.most, row.mean)


LEGEND = ("all", "wide", "half", "median", "mean")


def legend() -> list[tuple[str, str]]:
    """What the parts of a box mean."""
    return [(each, words.flat(say(f"legend.{each}"))) for each in LEGEND]


def head_of(unit: Unit | None) -> str:
    """The unit as the head of a scale states it, with a capital."""
    word = words.flat(unit_head(unit))
    return word[:1].upper() + word[1:]


def _boxes(output: Output, rows: Mapping[str, Distribution], names: Names) -> Figure:
    order = ranked(rows)
    shown = order[: plots.MOST]
    unit = output.unit
    drawn = [box_of(rows[each]) for each in shown]
    title = head_of(unit)
    picture, height = plots.boxes([names(each) for each in shown], drawn, title, legend(), percent=unit == RATIO)
    top = rows[order[0]]
    first, median, third = (
        figure(top.levels[LEVELS.index(at)], unit, top.near[LEVELS.index(at)]) for at in (25, 50, 75)
    )
    if top.cases == 1:
        extremes = say("box.one", member=Who(order[0]), median=median)
    else:
        extremes = say("box.words.more", member=Who(order[0]), median=median, first=first, third=third)
    notes = (say("box.largest", count=count(len(shown))),) if len(shown) < len(order) else ()
    return Figure(
        say("box", unit=(Span(title),), **of(output)),
        "box",
        picture,
        WIDTH,
        height,
        say("box.words", cases=cases(top.cases), extremes=extremes),
        (),
        anchor("figure-box", output),
        notes,
    )


def spread_table(spread: Spread, caption: str, parts: Sequence[tuple[str, Spread | None]] = ()) -> Table:
    """The figures behind the boxes, members in the order of codes; below them what is of the case."""
    unit = spread.output.unit
    extra = [(name, each.rows[""]) for name, each in parts if each is not None and "" in each.rows]
    extra = [(name, row) for name, row in extra if name == "to share" or (row.most or 0) > 0]
    lacking = any(row.unknown for row in (*spread.rows.values(), *(row for _, row in extra)))
    unknown = "unknown" if spread.output.aspect == "share" else "no figure"
    columns = [Column(say("col.member"), head=True), *heads(lacking, unknown)]
    rows = [
        Row((Cell((Span(member, "member"),)), *distribution_cells(row, unit, lacking)))
        for member, row in spread.rows.items()
    ]
    rows += [Row((Cell(say(name)), *distribution_cells(row, unit, lacking)), "part") for name, row in extra]
    head = unit_head(unit)
    key = caption if head and unit != RATIO else f"{caption}.bare"
    return Table(upright(say(key, unit=head, **of(spread.output))), tuple(columns), tuple(rows))


def heads(lacking: bool, unknown: str = "unknown") -> list[Column]:
    """The heads of the columns of a distribution."""
    keys = ("mean", "least", *(f"p{level}" for level in LEVELS), "most", *((unknown,) if lacking else ()))
    return [Column(say(f"col.{each}"), figures=True) for each in keys]


def distribution_cells(row: Distribution, unit: Unit | None, lacking: bool, sign: bool = False) -> Iterator[Cell]:
    """The cells of a distribution."""
    yield cell(row.mean, unit, sign=sign)
    yield cell(row.least, unit, sign=sign)
    if row.levels:
        for level, near in zip(row.levels, row.near, strict=True):
            yield cell(level, unit, near, sign)
    else:
        yield from (Cell((Span(DASH),)) for _ in LEVELS)
    yield cell(row.most, unit, sign=sign)
    if lacking:
        yield counted(row.unknown, row.cases + row.unknown)


# ---- how often -------------------------------------------------------------------------------------------------------


def often(found: Found, output: Output, names: Names) -> Iterator[Block]:
    """In how many cases each member is outside, at a floor, at a ceiling, in which band."""
    states, of_each = _states(found, output)
    if not of_each:
        return
    listed = [each for each in of_each if any(state.counts.get(each) for state in states)]
    states = [each for each in states if any(each.counts.values())]
    if not listed:
        yield Paragraph(say("often.none"))
        return
    yield _often_figure(output, _drawn_states(states), of_each, listed, names)
    columns = [
        Column(say("col.member"), head=True),
        *(Column(words.opened(each.name), figures=True) for each in states),
    ]
    rows = [
        Row(
            (
                Cell((Span(member, "member"),)),
                *(counted(state.counts.get(member, 0), of_each[member]) for state in states),
            )
        )
        for member in listed
    ]
    notes = (say("often.rest"),) if len(listed) < len(of_each) else ()
    yield Table(upright(say("often.table", **of(output))), tuple(columns), tuple(rows), notes)


def _states(found: Found, output: Output) -> tuple[list[State], dict[str, int]]:
    """What members may be, and of how many cases it is known of each member."""
    states: list[State] = []
    of_each: dict[str, int] = {}
    for tally in found.tallies:
        if not any(_same(tally.output, output, each) for each in ("outside", "held", "band")):
            continue
        rows = tally.rows
        for member, row in rows.items():
            of_each[member] = max(of_each.get(member, 0), row.cases)
        match tally.output.aspect:
            case "outside":
                states.append(_state(say("state.outside"), rows, 1))
            case "held":
                states += [_state(say("state.floor"), rows, 1), _state(say("state.ceiling"), rows, 2)]
            case _:
                bands = sorted({band for row in rows.values() for band in row.counts if band > 0})
                states += [_state(say("state.band", number=count(band)), rows, band) for band in bands]
    return states, dict(sorted(of_each.items()))


def _state(name: Line, rows: Mapping[str, Counted], number: int) -> State:
    return State(name, {member: row.counts.get(number, 0) for member, row in rows.items()})


def _drawn_states(states: list[State]) -> list[State]:
    """As many as fit beside each other; the last ones, which are the later bands, are put together."""
    if len(states) <= COLUMNS:
        return states
    head, rest = states[: COLUMNS - 1], states[COLUMNS - 1 :]
    number = words.flat(rest[0].name).rpartition(" ")[2]
    members = dict.fromkeys(member for each in rest for member in each.counts)
    sums = {member: sum(each.counts.get(member, 0) for each in rest) for member in members}
    return [*head, State(say("state.later", number=Given(number)), sums)]


def _often_figure(
    output: Output, states: Sequence[State], of_each: Mapping[str, int], listed: Sequence[str], names: Names
) -> Figure:
    order = sorted(listed, key=lambda each: [-_part(state, each, of_each) for state in states] + [0])
    shown = order[: plots.MOST]
    columns = [
        (words.flat(words.opened(state.name)), [_drawn(state, each, of_each) for each in shown]) for state in states
    ]
    picture, height = plots.often([names(each) for each in shown], columns, words.flat(words.opened(say("axis.cases"))))
    most = [(_most(state, listed, of_each), state) for state in states]
    told = [(state.name, member, part(state.counts[member], of_each[member])) for member, state in most]
    extremes = words.sentences(
        [say("often.words.more", state=name, member=Who(member), part=which) for name, member, which in told]
    )
    notes = (say("box.largest", count=count(len(shown))),) if len(shown) < len(order) else ()
    return Figure(
        say("often", **of(output)),
        "often",
        picture,
        WIDTH,
        height,
        say("often.words", columns=words.listed([each.name for each in states]), extremes=extremes),
        (),
        anchor("figure-often", output),
        notes,
    )


def _part(state: State, member: str, of_each: Mapping[str, int]) -> Fraction:
    return Fraction(state.counts.get(member, 0), of_each[member]) if of_each.get(member) else Fraction(0)


def _most(state: State, listed: Sequence[str], of_each: Mapping[str, int]) -> str:
    return max(listed, key=lambda each: _part(state, each, of_each))


def _drawn(state: State, member: str, of_each: Mapping[str, int]) -> tuple[Fraction, str]:
    number = state.counts.get(member, 0)
    return _part(state, member, of_each), part_text(number, of_each[member]) if number else ""


def _same(output: Output, share: Output, aspect: str) -> bool:
    return output.aspect == aspect and output.entry is share.entry and output.cohort == share.cohort
