"""Changes in words: a statement for each, whole and plain."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from policy_dsl.compare.changes import Change, Figure, Quoted, Said, Term, Titled, What
from policy_dsl.explain import argument
from policy_dsl.render import numbers, words
from policy_dsl.render.changes.texts import CHANGES, PARTS
from policy_dsl.render.document import Line, Span
from policy_dsl.render.languages import in_words
from policy_dsl.render.languages.tongue import HARD
from policy_dsl.render.messages import UNITS, VALUES
from policy_dsl.render.titles import cite, english, instrument_line
from policy_dsl.values import NUMBER, Address, Quantity, Unit, UnitFault, unit_named, unit_of_words

_CODE = re.compile("[A-Z]{2,3}")
ONES = {"weeks": "week", "months": "month", "hectares": "hectare"}


def statement(change: Change) -> Line:
    """What changed, with the provision before it and the address after it."""
    said = spoken(change)
    at = () if change.address is None or change.says.startswith(("article.", "departure.")) else address(change.address)
    terms = {"said": said, "at": at}
    if change.of is None:
        return words.opened(words.fill(CHANGES["of.none"], terms))
    return words.fill(CHANGES["of"], {**terms, "of": (Span(_capital(called(change.of)), "emphasised"),)})


def spoken(change: Change) -> Line:
    """What changed, without the provision."""
    terms = dict(change.terms)
    key = change.says
    within = terms.get("within")
    if f"{key}.within" in CHANGES.english and (within is not None or key not in CHANGES.english):
        key = f"{key}.within"
    old, new = terms.get("old"), terms.get("new")
    bare = isinstance(old, Figure) and isinstance(new, Figure) and _same_unit(old, new) and not key.endswith(".within")
    lines: dict[str, argument.Term | Line] = {
        name: line(term, unit=not (bare and name == "old")) for name, term in terms.items()
    }
    return words.fill(CHANGES[key], lines)


def line(term: Term, *, unit: bool = True) -> Line:
    """A term of a statement."""
    match term:
        case None:
            return ()
        case Figure():
            return (Span(figure(term, unit=unit), "figure"),)
        case Quoted(text=text) if _CODE.fullmatch(text):
            return (Span(text, "member"),)
        case Quoted(text=text):
            return words.fill(PARTS["written"], {"text": english(text)})
        case Said(text=text):
            return words.fill(PARTS["title"], {"text": (Span(text, "given"),)})
        case Titled():
            name: Line = (Span(called(term), "given"),)
            return words.fill(PARTS["title"], {"text": name}) if term.title else name
        case What(id=key, terms=inner):
            return words.fill(PARTS[key], {name: line(each) for name, each in inner})
        case Address():
            return address(term)
        case date():
            return (Span(numbers.day(term), "figure"),)
        case str():
            return (Span(term),)
        case int():
            return (Span(str(term), "figure"),)
        case tuple():
            return words.listed([line(each) for each in term])
    raise TypeError(type(term).__name__)


def address(at: Address) -> Line:
    """A citation; of another instrument with its name."""
    if not at.instrument:
        return (cite(at),)
    return words.fill(VALUES["cited.of"], {"at": (cite(at),), "instrument": instrument_line(at.instrument)})


def called(term: Titled) -> str:
    """The title, in the language that is spoken where there is one in it, or the name."""
    return in_words(term.title) if term.title else in_words(term.name).replace("_", " ")


def figure(term: Figure, *, unit: bool = True) -> str:
    """A figure in the unit in which it is written: eighteen months stay eighteen months."""
    amount = term.amount
    if term.kind == "percent":
        return numbers.percent(numbers.number(amount * 100, numbers.PERCENT_PLACES))
    if term.kind == "ratio":
        return f"{amount.numerator}/{amount.denominator}"
    if not term.unit:
        return numbers.figure(Quantity(amount, NUMBER))
    meant, factor = _unit(term.unit)
    if " per " in term.unit and factor == 1 and meant is not None:
        return numbers.figure(Quantity(amount, meant), unit=True)
    if meant is None or numbers.currency_of(meant):
        return numbers.figure(Quantity(amount, meant or NUMBER)) + ("" if meant else f"{HARD}{term.unit}")
    text = numbers.number(amount, numbers.PLACES)
    return f"{text}{HARD}{_unit_word(term.unit, meant, amount)}" if unit else text


def _unit_word(written: str, meant: Unit, amount: Fraction) -> str:
    one = ONES.get(written, written)
    if " per " in written:
        over, *per = written.split(" per ")
        inner = unit_named(over)[0]
        return " ".join((_unit_word(over, inner, amount), *(f"{UNITS['per']} {_one(each)}" for each in per)))
    return UNITS.form(one, amount) if one in UNITS.english else numbers.unit_words(meant, amount)


def _unit(words_: str) -> tuple[Unit | None, Fraction]:
    """The unit that is written, and the factor to its base units."""
    try:
        return unit_of_words(words_)
    except UnitFault:
        return None, Fraction(1)


def _one(word: str) -> str:
    one = ONES.get(word, word.removesuffix("s"))
    return UNITS[one] if one in UNITS.english else word


def _same_unit(one: Figure, other: Figure) -> bool:
    if "quantity" not in (one.kind, other.kind) or one.kind != other.kind:
        return False
    units = {ONES.get(each, each.removesuffix("s")) for each in (one.unit, other.unit)}
    return len(units) == 1


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
