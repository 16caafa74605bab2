"""Sentences and figures of the summary of a sweep."""

from __future__ import annotations

from fractions import Fraction

from policy_dsl.explain.argument import Given, Term, cohort_title
from policy_dsl.plan import Output
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Cell, Line, Span
from policy_dsl.render.sweeping.texts import SENTENCES
from policy_dsl.render.titles import criterion_line
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Unit

DIGITS = 4
"""So many significant digits are shown of what is rounded."""
SETTLED = 12
_PLACES = 2
DASH = "–"


def say(key: str, /, **terms: Term | Line) -> Line:
    """A sentence."""
    return words.fill(SENTENCES[key], terms)


def plain(key: str, /, **terms: Term | Line) -> str:
    """A sentence as plain text."""
    return words.flat(say(key, **terms))


def of(output: Output) -> dict[str, Term | Line]:
    """What captions say of the provision of an output."""
    entry = output.entry
    title: Line = words.name_of(entry)
    if output.row and isinstance(entry.node, tree.Criteria):
        rows = [criterion_line(each) for each in entry.node.rows if each.name.text == output.row]
        title = say("of row", of=title, row=rows[0]) if rows else title
    return {"of": title, "cohort": Given(cohort_title(output.cohort)), "at": entry.address}


def count(number: int) -> Line:
    """A number of cases or members."""
    return (Span(numbers.decimal(Fraction(number), 0), "figure"),)


def cases(number: int) -> Line:
    """A number of cases with the word."""
    return say("one case") if number == 1 else say("of cases", count=count(number))


def part_text(number: int, whole: int) -> str:
    """A part of the cases in per cent, to tenths; what is not nothing is never shown as nothing, nor as all."""
    if not whole:
        return DASH
    tenths = round(Fraction(number * 1000, whole))
    if number and not tenths:
        return "<" + numbers.percent(numbers.decimal(Fraction(1, 10), 1))
    if number < whole and tenths == 1000:
        return ">" + numbers.percent(numbers.decimal(Fraction(999, 10), 1))
    return numbers.percent(numbers.decimal(Fraction(tenths, 10), 1 if tenths % 10 or number * 1000 % whole else 0))


def part(number: int, whole: int) -> Line:
    """A part of the cases as a line."""
    return (Span(part_text(number, whole), "figure"),)


def settled(amount: Fraction) -> Fraction:
    """A figure that was computed in binary fractions, to twelve digits."""
    return significant(amount, SETTLED)


def significant(amount: Fraction, digits: int) -> Fraction:
    """A figure to so many significant digits, halves to the even."""
    if not amount:
        return amount
    power = digits - _digits_before(abs(amount))
    scale = Fraction(10) ** power
    return Fraction(round(amount * scale)) / scale


def _digits_before(amount: Fraction) -> int:
    """How many digits stand before the point; of 0.00x less than nothing."""
    above, below = amount.numerator, amount.denominator
    guess = len(str(above)) - len(str(below))
    return guess + 1 if amount >= Fraction(10) ** guess else guess


def figure_text(amount: Fraction, unit: Unit | None, near: bool = False, sign: bool = False) -> str:
    """A figure without its unit. Whole figures are shown as they are; what has many decimals to four digits."""
    scaled = amount * 100 if unit == RATIO else amount
    if not numbers.is_exact(scaled, _PLACES) and numbers.is_exact(settled(scaled), _PLACES):
        # What was computed in binary fractions is a decimal again.
        scaled = settled(scaled)
    rounded = scaled
    if near or not numbers.is_exact(scaled, _PLACES):
        rounded = significant(scaled, DIGITS)
    about = near or rounded != scaled
    places = numbers.needed_places(rounded, 20)
    text = numbers.decimal(abs(rounded), places)
    text = numbers.percent(text) if unit == RATIO else text
    before = numbers.MINUS if rounded < 0 else "+" if sign and rounded > 0 else ""
    return (numbers.ABOUT if about else "") + before + text


def figure(amount: Fraction, unit: Unit | None, near: bool = False, sign: bool = False) -> Line:
    """A figure with its unit, for a sentence."""
    text = figure_text(amount, unit, near, sign)
    if unit is None or unit in (RATIO, NUMBER):
        return (Span(text, "figure"),)
    mark = numbers.ABOUT if text.startswith(numbers.ABOUT) else ""
    money = numbers.currency_of(unit)
    rest = numbers.unit_words(unit, amount, skip=money)
    said = numbers.HARD.join(each for each in (money, text.removeprefix(mark), rest) if each)
    return (Span(mark + said, "figure"),)


def cell(amount: Fraction | None, unit: Unit | None, near: bool = False, sign: bool = False) -> Cell:
    """A figure in a column whose head, or whose caption, states the unit."""
    if amount is None:
        return Cell((Span(DASH),))
    text = figure_text(amount, unit, near, sign)
    scaled = amount * 100 if unit == RATIO else amount
    return Cell((Span(text, "figure"),), scaled, text.startswith(numbers.ABOUT))


def counted(number: int, whole: int) -> Cell:
    """A number of cases and which part of all it is."""
    if not number:
        return Cell((Span(DASH),), Fraction(0))
    return Cell(say("count.part", count=count(number), part=part(number, whole)), Fraction(number))


def unit_head(unit: Unit | None) -> Line:
    """The unit as captions state it; nothing for a number."""
    word = numbers.unit_head(unit) if unit is not None else ""
    return (Span(word),) if word else ()
