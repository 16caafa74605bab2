"""What else a sweep comes to: how the cases were decided, guarantees, sets, other figures, how to read it all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policy_dsl.evaluate.anew import ParameterAt
from policy_dsl.explain.argument import Given, Term, cohort_title
from policy_dsl.plan import IndicatorAt
from policy_dsl.render import words
from policy_dsl.render.document import Block, Bullets, Cell, Column, Line, Paragraph, Row, Section, Span, Table
from policy_dsl.render.languages import in_words
from policy_dsl.render.sweeping.say import DASH, cases, cell, count, counted, figure_text, of, part, say, unit_head
from policy_dsl.render.sweeping.sharing import distribution_cells, heads, spread_table
from policy_dsl.render.tables import upright
from policy_dsl.resolve.program import Program
from policy_dsl.sweep.summary_found import Found, Ranged, Spread, Tally
from policy_dsl.sweep.summary_sketch import ACCURACY, WHOLE_BELOW
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Unit, UnitFault, unit_of_words

SHOWN = frozenset({"share", "total", "unallocated", "residue", "exact"})
"""Aspects that the section of an apportionment tells, or that stand in the data alone."""


# ---- the cases -------------------------------------------------------------------------------------------------------


def the_cases(found: Found, program: Program) -> Section:
    """How many cases there were, how they were decided, and in what they differed."""
    blocks: list[Block] = []
    if not found.cases:
        blocks.append(Paragraph(say("cases.none")))
    else:
        some = say("cases.one" if found.cases == 1 else "cases.some", **_counts(found))
        blocks.append(Paragraph(words.sentences([some, _again(found), _open(found)])))
    if found.hindrances:
        told = [
            say("hindrance", hindrance=Given(text.rstrip(".").replace("`", "")), cases=cases(number))
            for text, number in found.hindrances.items()
        ]
        blocks.append(Bullets(tuple(told)))
    if found.columns and found.cases:
        blocks.append(_columns(found.columns, program))
    return Section(say("cases"), tuple(blocks), "cases")


def _counts(found: Found) -> dict[str, Term | Line]:
    return {"count": count(found.cases), "members": count(len(found.members))}


def _again(found: Found) -> Line:
    if found.cases == 1:
        return say("again.one" if found.again else "again.one.plan")
    if not found.again:
        return say("again.none")
    reasons = [_reason(reason, number) for reason, number in found.why.items()]
    key = "again.all" if found.again == found.cases else "again.some"
    told = say(key, count=count(found.again), why=words.listed(reasons) if reasons else (Span(DASH),))
    several = sum(found.why.values()) > found.again
    return words.sentences([told, say("again.several")]) if several else told


def _reason(reason: str, number: int) -> Line:
    from policy_dsl.render.sweeping.texts import SENTENCES

    key = f"why.{reason}"
    if key in SENTENCES:
        return say(key, count=count(number))
    return say("why.other", count=count(number), reason=Given(reason))


def _open(found: Found) -> Line:
    if not any(each.output.aspect == "share" for each in found.spreads):
        return ()
    return say("open.some", cases=cases(found.open), part=part(found.open, found.cases)) if found.open else (
        say("open.none")
    )  # fmt: skip


def _columns(columns: Sequence[Ranged], program: Program) -> Table:
    lacking = any(each.lacking for each in columns)
    keys = ("fact", "whose", "least", "most", *(("lacking",) if lacking else ()))
    made = tuple(
        Column(say(f"col.{each}"), head=each == "fact", figures=each in ("least", "most", "lacking")) for each in keys
    )
    rows = []
    for each in columns:
        name, unit = _column(each, program)
        whose = Cell(say("whose.member" if each.each_member else "whose.case"))
        ends = [Cell((Span(DASH),)) if each.truth else cell(end, unit) for end in (each.least, each.most)]
        rest = [Cell(count(each.lacking) if each.lacking else (Span(DASH),))] if lacking else []
        rows.append(Row((Cell(name), whose, *ends, *rest)))
    return Table(say("columns"), made, tuple(rows))


def _column(column: Ranged, program: Program) -> tuple[Line, Unit | None]:
    """What a column is called, with its unit."""
    spot = column.spot
    unit: Unit | None = None
    if isinstance(spot, IndicatorAt | ParameterAt):
        entry = program.entries[spot.indicator if isinstance(spot, IndicatorAt) else spot.name]
        name, unit = words.name_of(entry), _unit_of(entry.node)
    else:
        name = (Span(column.name, "given"),)
    if isinstance(spot, IndicatorAt) and spot.year is not None:
        name = say("in year", name=name, year=(Span(str(spot.year), "figure"),))
    if isinstance(spot, IndicatorAt) and spot.cohort:
        name = say("for cohort", name=name, cohort=Given(cohort_title(spot.cohort)))
    head = unit_head(unit)
    return (say("unit", name=name, unit=head) if head and unit != RATIO else name), unit


def _unit_of(node: tree.Node) -> Unit | None:
    """The unit of a fact in base units; nothing where it has none, or where it is found only by its value."""
    written = getattr(getattr(node, "type", None), "written", "")
    try:
        return unit_of_words(written)[0] if written else None
    except UnitFault:
        return None


# ---- guarantees, sets, other figures ---------------------------------------------------------------------------------


def guarantees(found: Found) -> Iterator[Section]:
    """How often each guarantee holds."""
    tallies = [each for each in found.tallies if each.output.aspect == "status"]
    rows, failing = [], []
    for each in tallies:
        row = each.rows.get("")
        if row is None:
            continue
        whole, fails = row.cases + row.unknown, row.counts.get(0, 0)
        cells = [counted(number, whole) for number in (row.counts.get(1, 0), fails, row.unknown)]
        entry = each.output.entry
        at = words.spans(entry.address) if entry.address is not None else ()
        rows.append(Row((Cell(upright(words.name_of(entry))), Cell(at or (Span(DASH),)), *cells)))
        if fails:
            failing.append(say("guarantees.fail", of=words.name_of(entry), cases=cases(fails), part=part(fails, whole)))
        elif row.unknown:
            failing.append(())
    if not rows:
        return
    keys = ("guarantee", "article", "holds", "fails", "not shown")
    columns = tuple(Column(say(f"col.{each}"), head=each == "guarantee", figures=each in keys[2:]) for each in keys)
    told = [each for each in failing if each] if failing else [say("guarantees.all")]
    blocks: list[Block] = [Paragraph(words.sentences(told))] if told else []
    blocks.append(Table(say("guarantees.table"), columns, tuple(rows)))
    yield Section(say("guarantees"), tuple(blocks), "guarantees")


def sets(found: Found) -> Iterator[Section]:
    """How often each member belongs to which set, as far as that differs between cases."""
    tallies = [each for each in found.tallies if each.output.aspect == "inside" and each.rows]
    if not tallies:
        return
    moving = [each for each in tallies if not _constant(each)]
    blocks: list[Block] = []
    for at in range(0, len(moving), 5):
        blocks.append(_set_table(moving[at : at + 5]))
    still = [each for each in tallies if _constant(each)]
    if still:
        names = words.listed([upright(words.name_of(each.output.entry)) for each in still])
        blocks.append(Paragraph(say("sets.same", sets=names)))
    yield Section(say("sets"), tuple(blocks), "sets")


def _constant(tally: Tally) -> bool:
    return all(len(row.counts) < 2 and not row.unknown for row in tally.rows.values())


def _set_table(tallies: Sequence[Tally]) -> Table:
    members = sorted({member for each in tallies for member in each.rows})
    heads_ = [Column(upright(say("share", **of(each.output))), figures=True) for each in tallies]
    rows = []
    for member in members:
        found = [each.rows.get(member) for each in tallies]
        cells = [Cell((Span(DASH),)) if row is None else counted(row.counts.get(1, 0), row.cases) for row in found]
        rows.append(Row((Cell((Span(member, "member"),)), *cells)))
    return Table(say("sets.table"), (Column(say("col.member"), head=True), *heads_), tuple(rows))


def figures(found: Found) -> Iterator[Section]:
    """The distributions of what else was asked for."""
    spreads = [each for each in found.spreads if each.output.aspect not in SHOWN and each.rows]
    truths = [each for each in found.tallies if each.output.aspect == "value" and each.rows]
    blocks: list[Block] = []
    of_case = [each for each in spreads if not each.output.each_member]
    if of_case:
        blocks.append(_case_figures(of_case))
    blocks += [spread_table(each, "spread") for each in spreads if each.output.each_member]
    of_case_truths = [each for each in truths if not each.output.each_member]
    if of_case_truths:
        blocks.append(_truths(of_case_truths))
    blocks += [_member_truths(each) for each in truths if each.output.each_member]
    if blocks:
        yield Section(say("figures"), tuple(blocks), "figures")


def _case_figures(spreads: Sequence[Spread]) -> Table:
    lacking = any(each.rows[""].unknown for each in spreads)
    rows = []
    for each in spreads:
        name, unit = upright(say("share", **of(each.output))), each.output.unit
        head = unit_head(unit)
        name = say("unit", name=name, unit=head) if head and unit != RATIO else name
        rows.append(Row((Cell(name), *distribution_cells(each.rows[""], unit, lacking))))
    columns = (Column(say("col.figure"), head=True), *heads(lacking, "no figure"))
    return Table(say("figures.case"), columns, tuple(rows))


def _truths(tallies: Sequence[Tally]) -> Table:
    rows = [Row((Cell(upright(say("share", **of(each.output)))), *_yes_no(each, ""))) for each in tallies]
    return Table(say("truths"), _truth_heads("figure"), tuple(rows))


def _member_truths(tally: Tally) -> Table:
    rows = [Row((Cell((Span(member, "member"),)), *_yes_no(tally, member))) for member in tally.rows]
    return Table(upright(say("truths.member", **of(tally.output))), _truth_heads("member"), tuple(rows))


def _truth_heads(first: str) -> tuple[Column, ...]:
    rest = (Column(say(f"col.{each}"), figures=True) for each in ("yes", "no", "unknown"))
    return (Column(say(f"col.{first}"), head=True), *rest)


def _yes_no(tally: Tally, name: str) -> Iterator[Cell]:
    row = tally.rows[name]
    whole = row.cases + row.unknown
    yield from (counted(number, whole) for number in (row.counts.get(1, 0), row.counts.get(0, 0), row.unknown))


# ---- how to read it --------------------------------------------------------------------------------------------------


def how_to_read() -> Section:
    """What must be known to read the figures."""
    # Rounded upwards, so that what is promised is kept.
    tenths = Fraction(-(-ACCURACY * 1000 // 1), 1000)
    accuracy: Line = (Span(figure_text(tenths, RATIO), "figure"),)
    items = (
        say("reading.rank", accuracy=accuracy, whole=count(WHOLE_BELOW)),
        say("reading.exact"),
        say("reading.near"),
        say("reading.nobody"),
        say("reading.parts"),
    )
    return Section(say("reading"), (Bullets(items),), "how-to-read")


def policy_name(program: Program) -> str:
    """What a policy is called: by its title, or by its name."""
    heading = program.heading
    return in_words(heading.title) if heading.title else heading.name.replace("_", " ")
