"""A fund: what it held before, each movement, what it holds after, and the level that it should have."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.evaluate.decision import FundOutcome
from policy_dsl.explain.argument import Given
from policy_dsl.render import words
from policy_dsl.render.document import Drawn, Figure, Line
from policy_dsl.render.figures.bars import MOST, Bar, Key, Panel, draw
from policy_dsl.render.figures.canvas import WIDTH
from policy_dsl.render.figures.shares import NOTHING, Names, mirrored
from policy_dsl.render.sections.matter import known
from policy_dsl.render.tables import Numeric, head
from policy_dsl.resolve.program import Program
from policy_dsl.values import Quantity


def movements(fund: FundOutcome, figures: Numeric, named: Names, program: Program) -> Figure | None:
    """The figure, if there are two movements and few enough for a page. `figures` is the table's column of amounts."""
    names = _names(fund, named, program)
    amounts = [each for each in figures.figures if each is not None]
    if len(amounts) != len(figures.figures) or not 3 <= len(amounts) < MOST:
        return None
    values = [words.flat(cell.line) for cell in figures.cells()]
    level = known(fund.level)
    here, bars, drawn = NOTHING, [], []
    whose = [fund.entry.name, *(member for _, member, _, _ in fund.due), *(member for member, _, _ in fund.paid_out)]
    for number, (name, amount) in enumerate(zip(whose, amounts, strict=True)):
        style = "solid" if not number else "light" if amount >= 0 else "hatched"
        bars.append((Bar(here, here + amount, style),))
        drawn.append(Drawn(name, "movement", amount))
        here += amount
    bars.append((Bar(NOTHING, fund.closing),))
    drawn.append(Drawn(fund.entry.name, "closing", fund.closing))
    if level is not None:
        drawn.append(Drawn(fund.entry.name, "level", level))
    title = words.flat(head(words.text("col.amount"), fund.unit))
    panel = Panel(title, tuple(bars), (), tuple(values), level)
    legend = [
        Key("solid", words.plain("figure.fund.balance")),
        *([Key("light", words.plain("figure.fund.in"))] if any(each > 0 for each in amounts[1:]) else []),
        *([Key("hatched", words.plain("figure.fund.out"))] if any(each < 0 for each in amounts[1:]) else []),
        *([Key("line", words.plain("figure.fund.level"))] if level is not None else []),
    ]
    heads = [n in (0, len(names) - 1) for n in range(len(names))]
    picture, height, _ = draw(names, (panel,), legend, mirrored(), heads)
    return Figure(
        words.text("figure.fund", fund=fund.entry),
        "fund",
        picture,
        WIDTH,
        height,
        _told(fund, amounts[0], level),
        tuple(drawn),
        f"figure-fund-{fund.entry.name}",
    )


def _names(fund: FundOutcome, named: Names, program: Program) -> list[str]:
    """The names of the rows: the balance before, each movement, the balance after."""
    several = len({name for name, _, _, _ in fund.due}) > 1
    found = [words.plain("row.opening")]
    for name, member, _, _ in fund.due:
        of = program.entries.get(name) if several else None
        found.append(words.plain("figure.fund.from", member=Given(named(member)), of=of))
    for member, _, _ in fund.paid_out:
        found.append(
            words.plain("figure.fund.to", member=Given(named(member))) if member else words.plain("row.out.bare")
        )
    return [*found, words.plain("row.closing")]


def _told(fund: FundOutcome, opening: Fraction, level: Fraction | None) -> Line:
    before, after = Quantity(opening, fund.unit), Quantity(fund.closing, fund.unit)
    sentences = [words.text("figure.fund.words", fund=fund.entry, before=before, after=after)]
    if level is not None:
        says = "above" if fund.closing > level else "below" if fund.closing < level else "at"
        sentences.append(words.text(f"figure.fund.{says}", level=Quantity(level, fund.unit)))
    return words.sentences(sentences)
