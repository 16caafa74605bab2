"""Allocation: for each sharing out the way of every member, the bands, and the certificate with the check of sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from policy_dsl.evaluate.decision import CriteriaResult, Score, Shared, ShareRow
from policy_dsl.evaluate.derivation import Unknown
from policy_dsl.explain.argument import Given, Key, Who, cohort_title
from policy_dsl.explain.assigned import cost_unit, full_members
from policy_dsl.explain.reading import settled
from policy_dsl.explain.reasons import unit_kind
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Block, Bullets, Cell, Column, Figure, Line, Row, Section, Span, Table
from policy_dsl.render.figures.locator import located
from policy_dsl.render.figures.shares import Names, shares
from policy_dsl.render.figures.ways import ways
from policy_dsl.render.naming import alone
from policy_dsl.render.sections.matter import Matter, cited, known, total_of
from policy_dsl.render.sections.operative import remainder_rows
from policy_dsl.render.tables import Numeric, Worded, table, upright, worded
from policy_dsl.render.titles import criterion_line, english, title_line
from policy_dsl.sharing import Tie
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit

Columns = list[Numeric | Worded]


def allocation(matter: Matter) -> Section | None:
    """All sharings out, in the order of the articles, where there is something to share."""
    told = [shared for shared in matter.decision.shares if shared.rows and total_of(shared) != 0]
    first = {id(shared.entry): shared for shared in reversed(told)}
    names, mapped = alone(matter.decision.program), _mapped(told)
    parts = tuple(_sharing(shared, shared is first[id(shared.entry)], names, shared is mapped) for shared in told)
    return Section(words.text("section.allocation"), parts, anchor="allocation") if parts else None


def criteria(matter: Matter) -> Section | None:
    """Scores, measures and bands of all criteria."""
    blocks = tuple(block for result in matter.decision.criteria if result.scores for block in _criteria(result))
    return Section(words.text("section.criteria"), blocks, anchor="criteria") if blocks else None


# ---- one sharing out -------------------------------------------------------------------------------------------------


def _sharing(shared: Shared, first: bool, names: Names, mapped: bool) -> Section:
    rows = [row for row in shared.rows if row.outside is None or known(row.final) != 0]
    cohort = Given(cohort_title(shared.cohort))
    blocks: list[Block] = []
    drawn: list[Block] = []
    if rows:
        parts, part_names = remainder_rows(shared)
        caption = cited(words.text("table.way", of=shared.entry, cohort=cohort), shared.entry)
        columns = _columns(shared, rows, parts, part_names)
        blocks.append(table(caption, columns, len(parts)))
        drawn += _figures(shared, rows, columns[-1], names)
        place = located(shared, rows) if mapped else None
        drawn += [place] if place is not None else []
    if len(shared.bands) > 1:
        blocks.append(_bands(shared))
    blocks.append(Bullets((*_certificate(shared), *(_least(shared) if first else ()))))
    title = upright(words.text("table.amounts", of=shared.entry, cohort=cohort))
    return Section(
        title, (*blocks, *drawn), anchor=f"share-{shared.entry.name}" + (f"-{shared.cohort}" if shared.cohort else "")
    )


def _mapped(told: Sequence[Shared]) -> Shared | None:
    """The sharing out that the map shows: the one of most persons."""
    persons = [shared for shared in told if unit_kind(shared.unit) == "persons"]
    return max(persons, key=lambda shared: total_of(shared) or Fraction(0), default=None)


def _figures(shared: Shared, rows: list[ShareRow], result: Numeric | Worded, names: Names) -> Iterator[Figure]:
    """What the table holds, drawn."""
    assert isinstance(result, Numeric)
    yield from shares(shared, rows, result, names)
    way = ways(shared, rows, names)
    if way is not None:
        yield way


def _columns(
    shared: Shared, rows: list[ShareRow], parts: tuple[Fraction | None, ...], part_names: tuple[Line, ...]
) -> Columns:
    unit = shared.unit
    total = total_of(shared)
    made: Columns = [
        Worded(
            words.text("col.member"),
            tuple(words.members((row.member,)) for row in rows),
            head=True,
            parts=part_names,
            total=words.text("row.total"),
        )
    ]
    if len(shared.bands) > 1:
        made.append(Worded(words.text("col.band"), tuple(words.spans(row.band) for row in rows)))
    blank = (None,) * len(parts)
    made += _amounts("col.fixed", unit, [known(row.fixed) for row in rows], blank)
    weights = [known(row.weight) for row in rows]
    least_cost = shared.assignment is not None
    heading = "col.cost" if least_cost else "col.weight"
    made += _amounts(heading, weight_unit(rows), weights, blank, summed=not shared.bands and not least_cost)
    if not shared.bands and not least_cost and weight_unit(rows) != RATIO:
        whole = sum((each for each in weights if each is not None), Fraction(0))
        if whole:
            made += _amounts("col.part", RATIO, [None if w is None else w / whole for w in weights], blank)
    made += _amounts("col.relief", unit, [_negative(row.relieved) for row in rows], blank)
    made += _amounts("col.borne", unit, [row.borne for row in rows], blank)
    made += _amounts("col.floor", unit, [known(row.floor) for row in rows], blank)
    made += _amounts("col.ceiling", unit, [known(row.ceiling) for row in rows], blank)
    if least_cost:
        # Places are one limit for all cohorts together, and whole persons are placed.
        made.append(Numeric(words.text("col.final"), unit, tuple(known(row.final) for row in rows), parts, total))
        return made
    if any(row.held for row in rows):
        made.append(Worded(words.text("col.held"), tuple(_held(row) for row in rows)))
    made += _amounts("col.exact", unit, [row.exact for row in rows], blank, summed=True)
    made += _amounts("col.credit", unit, [known(row.credit) for row in rows], blank)
    if any(row.credit is not None for row in rows):
        made += _amounts("col.net", unit, [row.due for row in rows], blank, summed=True)
    if shared.roundings:
        made += _amounts("col.rounded", unit, [row.rounded for row in rows], blank, summed=True)
    made += _amounts("col.extra", unit, [row.extra for row in rows], blank, summed=True)
    made += _amounts(
        "col.adjusted", unit, [row.adjusted.change.amount if row.adjusted else None for row in rows], blank
    )
    made.append(Numeric(words.text("col.final"), unit, tuple(known(row.final) for row in rows), parts, total))
    return made


def _amounts(
    title: str, unit: Unit, figures: list[Fraction | None], blank: tuple[None, ...], *, summed: bool = False
) -> Columns:
    """A column if anything but nothing stands in it."""
    if not any(figures):
        return []
    total = sum((each for each in figures if each is not None), Fraction(0)) if summed else None
    return [Numeric(words.text(title), unit, tuple(figures), blank, total)]


def weight_unit(rows: Sequence[ShareRow]) -> Unit:
    """The unit of the weights."""
    return next((q.unit for row in rows if row.weight and isinstance(q := row.weight.value, Quantity)), NUMBER)


def _negative(amount: Fraction | None) -> Fraction | None:
    return None if amount is None else -amount


def _held(row: ShareRow) -> Line:
    return words.text(f"cell.{row.held}") if row.held in ("ceiling", "floor") else ()


def _bands(shared: Shared) -> Table:
    unit = shared.unit
    columns: Columns = [
        Worded(words.text("col.band"), tuple(words.spans(n) for n in range(1, len(shared.bands) + 1)), head=True),
        Worded(words.text("col.members"), tuple(words.members(sorted(band.members)) for band in shared.bands)),
        Numeric(words.text("col.offered"), unit, tuple(band.offered for band in shared.bands)),
        Numeric(words.text("col.taken"), unit, tuple(band.taken for band in shared.bands)),
        Numeric(words.text("col.passed"), unit, tuple(band.passed for band in shared.bands)),
    ]
    cohort = Given(cohort_title(shared.cohort))
    caption = cited(words.text("table.bands", of=shared.entry, cohort=cohort), shared.entry)
    return table(caption, columns, total=False)


def _certificate(shared: Shared) -> Iterator[Line]:
    yield words.text("cert.total", total=shared.total)
    inside = [row.member for row in shared.rows if row.outside is None]
    yield words.text("cert.among", members=words.members(inside)) if inside else words.text("cert.no_one")
    outside = [row.member for row in shared.rows if row.outside is not None]
    if outside:
        yield words.text("cert.outside", members=words.members(outside))
    yield from _basis(shared)
    if shared.factor is not None and any(row.held for row in shared.rows):
        one = Quantity(Fraction(1), weight_unit(shared.rows))
        yield words.text("cert.factor", factor=Quantity(shared.factor, shared.unit), weight=one)
    yield from _limits(shared)
    yield from _rounding(shared)
    yield _check(shared)


def _least(shared: Shared) -> Iterator[Line]:
    """The certificate of a sharing at least cost, which is one for all cohorts: the cost, and what full places keep."""
    found = shared.assignment
    if found is None:
        return
    yield words.text("cert.assigned", cost=Quantity(found.total_cost, cost_unit(shared)))
    full = full_members(shared)
    if full:
        yield words.text("cert.full", members=words.members(full))
    for member in full:
        price = found.prices.get(member)
        if price is not None and price.places:
            yield words.text("cert.more", member=Who(member))
        elif price is not None:
            yield words.text("cert.saves", member=Who(member), cost=Quantity(price.saves, cost_unit(shared)))


def _basis(shared: Shared) -> Iterator[Line]:
    """In proportion to what is shared."""
    node = shared.entry.node
    if not isinstance(node, tree.Apportion) or node.how is None or node.how.word != "by":
        return
    weight = next((settled(row.weight) for row in shared.rows if row.weight is not None), None)
    if weight is not None and weight.entry is not None:
        yield words.text("cert.line", line=title_line(weight.entry))
    else:
        yield words.text("cert.line.quoted", line=english(node.how.expr.written))


def _limits(shared: Shared) -> Iterator[Line]:
    if shared.assignment is not None:
        return
    limited = any(row.floor is not None or row.ceiling is not None for row in shared.rows)
    for side in ("ceiling", "floor"):
        held = [row.member for row in shared.rows if row.held == side]
        if held:
            yield words.text(f"cert.{side}", members=words.members(held))
    if limited and not any(row.held for row in shared.rows):
        yield words.text("cert.unheld")


def _rounding(shared: Shared) -> Iterator[Line]:
    if not shared.roundings:
        return
    first = shared.roundings[0]
    step = Quantity(shared.rounding_step or first.step, shared.unit)
    yield words.text("cert.rounding", method=Key(f"method.{first.method}"), step=step)
    for rounding in shared.roundings:
        lifted = sorted((row.rank, m) for m, row in rounding.rows.items() if row.extra and row.rank is not None)
        if lifted and rounding.method == "largest_remainder":
            yield words.text("cert.order", members=words.members([member for _, member in lifted]))
        for tie in rounding.ties:
            yield _tie(shared, tie)


def _tie(shared: Shared, tie: Tie[str]) -> Line:
    who = words.members(sorted(tie.members))
    if tie.settled_by is None:
        return words.text("cert.tie.open", members=who)
    if tie.settled_by == "lot":
        return words.text("cert.tie", members=who, by=words.text("cert.tie.lot"))
    node = shared.entry.node
    lines = node.ties if isinstance(node, tree.Apportion) else ()
    keys = [each.expr.written for each in lines if each.expr.span.text.strip() != "lot"]
    return words.text("cert.tie", members=who, by=words.text("cert.tie.by", line=english(keys[tie.settled_by])))


def _check(shared: Shared) -> Line:
    if isinstance(shared.total.value, Unknown):
        return words.text("cert.total", total=shared.total)
    unknown = next((row.final.value for row in shared.rows if isinstance(row.final.value, Unknown)), None)
    if unknown is not None and not shared.undetermined:
        return words.text("cert.none", why=unknown)
    if not shared.sum_check:
        return words.text("cert.fails", total=shared.total.value if isinstance(shared.total.value, Quantity) else None)
    parts, _ = remainder_rows(shared)
    figures = [known(row.final) for row in shared.rows if known(row.final)] + list(parts)
    shown = [numbers.figure(Quantity(each, shared.unit), unit=False) for each in figures if each is not None]
    if len(shown) == 1:
        return words.text("cert.alone", total=shared.total.value)  # type: ignore[arg-type]
    line = _added(shown) if len(shown) <= 12 else f"{shown[0]} + … + {shown[-1]}"
    return words.text("cert.check", sum=(Span(line or "0", "figure"),), total=shared.total.value)  # type: ignore[arg-type]


def _added(figures: Sequence[str]) -> str:
    """Figures with the signs between them: "5 − 2 + 7"."""
    first, *others = figures
    signed = (
        f"{numbers.MINUS} {each.removeprefix(numbers.MINUS)}" if each.startswith(numbers.MINUS) else f"+ {each}"
        for each in others
    )
    return " ".join((first, *signed))


# ---- criteria --------------------------------------------------------------------------------------------------------


def _criteria(result: CriteriaResult) -> Iterator[Block]:
    rows = list(dict.fromkeys(score.row for score in result.scores))
    members = sorted({score.member for score in result.scores})
    by_place = {(score.row, score.member): score for score in result.scores}
    heads = [Column(words.text("col.member"), head=True)]
    heads += [Column(criterion_line(row), figures=True) for row in rows]
    if result.totals:
        heads.append(Column(words.text("col.total_score"), figures=True))
    lines = []
    for member in members:
        cells = [Cell(words.members((member,)))]
        cells += [_score(by_place.get((row, member))) for row in rows]
        if result.totals:
            total = result.totals.get(member)
            cells.append(Cell(words.derived(total, "value") if total is not None else ()))
        lines.append(Row(tuple(cells)))
    caption = cited(words.text("table.scores", of=result.entry), result.entry)
    yield Table(upright(caption), tuple(heads), tuple(lines))
    if result.bands:
        numbered = [(words.spans(n), words.members(band)) for n, band in enumerate(result.bands, start=1)]
        caption = cited(words.text("table.bands", of=result.entry, cohort=None), result.entry)
        yield worded(caption, ("col.band", "col.members"), numbered)


def _score(score: Score | None) -> Cell:
    if score is None:
        return Cell((Span("–"),))
    says = "cell.fails" if score.met.value is False else "cell.score"
    return Cell(
        words.text(says, score=words.derived(score.score, "value"), measure=words.derived(score.measure, "value"))
    )
