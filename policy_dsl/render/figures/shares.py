"""Results beside limits and the parts of the key, and results with what was credited: a bar for each member."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from policy_dsl.evaluate.decision import Shared, ShareRow
from policy_dsl.explain.argument import Given, Term, cohort_title
from policy_dsl.explain.reading import settled
from policy_dsl.render import words
from policy_dsl.render.document import Drawn, Figure, Line
from policy_dsl.render.figures.bars import MOST, Bar, Key, Mark, Panel, draw
from policy_dsl.render.figures.canvas import WIDTH
from policy_dsl.render.languages import current
from policy_dsl.render.sections.matter import known
from policy_dsl.render.tables import Numeric, head
from policy_dsl.render.titles import title_of
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity, Unit

PARTS = 3
"""More panels than these, beside that of the results, are too narrow to compare bars in."""
NOTHING = Fraction(0)

Names = Callable[[str], str]
Part = tuple[str, str, Unit, dict[str, Fraction]]
"""A part of the key: its name in the rules, its title, its unit, and the figure of each member."""


def shares(shared: Shared, rows: Sequence[ShareRow], result: Numeric, names: Names) -> Iterator[Figure]:
    """The figures of one sharing out; none where there are not two members to compare.

    `rows` are those of the table, `result` is its last column.
    """
    cells = {row.member: cell for row, cell in zip(rows, result.cells(), strict=False)}
    known_rows = [(row, amount) for row in rows if (amount := known(row.final)) is not None]
    if len(known_rows) < 2 or not any(amount for _, amount in known_rows):
        return
    ranked = sorted(known_rows, key=lambda each: -each[1])
    shown = [row for row, _ in ranked[:MOST]]
    texts = {row.member: words.flat(cells[row.member].line) for row in shown}
    yield _results(shared, shown, len(ranked), texts, names)
    if any(known(row.credit) for row in shown):
        yield _credits(shared, shown, len(ranked), texts, names)


def name_of(shared: Shared, kind: str) -> str:
    """The anchor of a figure of a sharing out."""
    return f"figure-{kind}-{shared.entry.name}" + (f"-{shared.cohort}" if shared.cohort else "")


def terms_of(shared: Shared) -> dict[str, Term | Line]:
    """What captions say of a sharing out."""
    return {"of": shared.entry, "cohort": Given(cohort_title(shared.cohort))}


def outermost(rows: Sequence[ShareRow], unit: Unit) -> Line:
    """To whom the most and the least falls."""
    amounts = {row.member: known(row.final) or NOTHING for row in rows}
    largest, smallest = max(amounts.values()), min(amounts.values())
    if largest == smallest:
        return words.text("figure.all_equal", amount=Quantity(largest, unit))
    most = [member for member, amount in amounts.items() if amount == largest]
    least = [member for member, amount in amounts.items() if amount == smallest]
    return words.text(
        "figure.outermost",
        most=words.members(sorted(most)),
        largest=Quantity(largest, unit),
        least=words.members(sorted(least)),
        smallest=Quantity(smallest, unit),
    )


def notes(shown: int, all_rows: int, beyond: bool) -> tuple[Line, ...]:
    """What a figure doesn't draw."""
    found = []
    if shown < all_rows:
        found.append(words.text("figure.largest", count=shown))
    if beyond:
        found.append(words.text("figure.beyond"))
    return tuple(found)


def mirrored() -> bool:
    """Whether figures run from right to left."""
    return current().direction == "rtl"


def _results(shared: Shared, rows: list[ShareRow], all_rows: int, texts: dict[str, str], names: Names) -> Figure:
    unit, drawn = shared.unit, []
    marks = []
    for row in rows:
        limits = [(kind, known(bound)) for kind, bound in (("floor", row.floor), ("ceiling", row.ceiling))]
        found = [(kind, amount) for kind, amount in limits if amount is not None]
        marks.append(tuple(Mark(amount, kind) for kind, amount in found))
        drawn.append(Drawn(row.member, "final", known(row.final)))
        drawn += [Drawn(row.member, kind, amount) for kind, amount in found]
    bars = tuple((Bar(NOTHING, known(row.final) or NOTHING),) for row in rows)
    values = tuple(texts[row.member] for row in rows)
    parts = _parts(shared, rows)
    limited = any(marks)
    first = words.flat(head(words.text("col.final"), unit))
    panels = [Panel(first, bars, tuple(marks) if limited else (), values, part=2 if parts else 1)]
    for name, title, of, figures in parts:
        sizes = tuple((Bar(NOTHING, figures[row.member], "light"),) if row.member in figures else () for row in rows)
        panels.append(Panel(words.flat(head(words.spans(Given(title)), of)), sizes))
        drawn += [Drawn(row.member, name, figures[row.member]) for row in rows if row.member in figures]
    kinds = [kind for kind in ("floor", "ceiling") if any(mark.kind == kind for each in marks for mark in each)]
    legend = [Key("solid", words.plain("col.final")), *(Key(kind, words.plain(f"col.{kind}")) for kind in kinds)]
    picture, height, beyond = draw([names(row.member) for row in rows], panels, legend if kinds else (), mirrored())
    sentences = [words.text("figure.shares.words"), outermost(rows, unit)]
    if parts:
        sentences.append(
            words.text("figure.parts.words", parts=words.listed([words.spans(Given(t)) for _, t, _, _ in parts]))
        )
    return Figure(
        words.text("figure.shares", **terms_of(shared)),
        "shares",
        picture,
        WIDTH,
        height,
        words.sentences(sentences),
        tuple(drawn),
        name_of(shared, "shares"),
        notes(len(rows), all_rows, beyond),
    )


def _credits(shared: Shared, rows: list[ShareRow], all_rows: int, texts: dict[str, str], names: Names) -> Figure:
    unit, drawn, bars = shared.unit, [], []
    for row in rows:
        final, credit = known(row.final) or NOTHING, known(row.credit) or NOTHING
        stacked = Bar(final, final + credit, "hatched")
        bars.append((Bar(NOTHING, final), stacked) if credit else (Bar(NOTHING, final),))
        drawn += [Drawn(row.member, "final", final), Drawn(row.member, "credit", credit)]
        if row.exact is not None:
            drawn.append(Drawn(row.member, "exact", row.exact))
    marks = tuple((Mark(row.exact, "stroke"),) if row.exact is not None else () for row in rows)
    title = words.flat(head(words.text("col.final"), unit))
    panels = [Panel(title, tuple(bars), marks, tuple(texts[row.member] for row in rows))]
    legend = [
        Key("solid", words.plain("col.final")),
        Key("hatched", words.plain("col.credit")),
        Key("stroke", words.plain("col.exact")),
    ]
    picture, height, _ = draw([names(row.member) for row in rows], panels, legend, mirrored())
    return Figure(
        words.text("figure.credits", **terms_of(shared)),
        "credits",
        picture,
        WIDTH,
        height,
        words.sentences([words.text("figure.credits.words"), outermost(rows, unit)]),
        tuple(drawn),
        name_of(shared, "credits"),
        notes(len(rows), all_rows, False),
    )


def _parts(shared: Shared, rows: Sequence[ShareRow]) -> list[Part]:
    """What the key or the weight is made of, as far as it has a name in the rules."""
    if shared.assignment is not None:
        return []
    found: dict[str, Part] = {}
    for row in rows:
        if row.weight is None:
            continue
        weight = settled(row.weight)
        sources = [weight]
        if weight.op == "key" and isinstance(weight.entry and weight.entry.node, tree.Key):
            shares = [settled(part.of[-1]) for part in weight.of if part.op == "part" and part.of]
            sources = [settled(share.of[0]) for share in shares if share.op == "share of" and share.of]
        for each in sources:
            if each.entry is None or each.entry.kind not in ("indicator", "define"):
                continue
            if isinstance(each.value, Quantity):
                name = each.entry.name
                _, _, _, figures = found.setdefault(name, (name, title_of(each.entry), each.value.unit, {}))
                figures[row.member] = each.value.amount
    made = [part for part in found.values() if any(part[3].values())]
    if not made and not shared.bands:
        weights = {row.member: row.weight.value for row in rows if row.weight is not None}
        amounts = {member: value for member, value in weights.items() if isinstance(value, Quantity)}
        if len({value.amount for value in amounts.values()}) > 1:
            unit = next(iter(amounts.values())).unit
            title = words.plain("col.weight")
            made = [("weight", title, unit, {member: value.amount for member, value in amounts.items()})]
    return made[:PARTS]


__all__ = ["Names", "mirrored", "name_of", "notes", "outermost", "shares", "terms_of"]
