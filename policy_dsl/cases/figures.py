"""Figures, dates and words as officials type them, read by what the policy wants. One way to write each is right.

Amounts are exact. What might be meant otherwise is refused, with the spelling that would be right.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

from policy_dsl.cases.case import Datum
from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.nodes import Word
from policy_dsl.cases.states import States
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.resolve.suggest import nearest
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO, Quantity, Unit, UnitFault, divide, times, unit_of_words
from policy_dsl.values.units import WORDS

MOST_DIGITS = 40

_FIGURE = re.compile(r"(?P<sign>[+-]?)(?P<number>\d[\d_]*(?:\.[\d_]+)?)(?P<percent> ?%)?(?: +(?P<unit>\S.*))?$", re.A)
_NUMBER = re.compile(r"\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?$", re.A)
_RATIO = re.compile(r"(\d+)/(\d+)$", re.A)
_COMMA = re.compile(r"[+-]?\d[\d_.]*,[\d.,]*\d", re.A)
_BLANK = re.compile(r"[+-]?\d{1,3}(?:['\s]\d{3})+(?![\d_])")
_EXPONENT = re.compile(r"([+-]?\d[\d_.]*)[eE]([+-]?\d{1,3})(?=\s|%|$)", re.A)
_SCALE = re.compile(r"[+-]?([\d_.,]+)\s*(thousand|million|billion|bn|mn|mio|m|k)\b", re.A | re.I)
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "mio": 6, "million": 6, "bn": 9, "billion": 9}
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)$", re.A)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d))?(Z|[+-]\d\d:\d\d)?$", re.A)
_LIKE_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]+\d", re.A)
_NEVER_NEGATIVE = frozenset({"person", "household", "project", "tonne", "km", "hour", "day", "year", "working day"})
_OTHER_UNITS = {
    "people": "persons",
    "refugees": "persons",
    "inhabitants": "persons",
    "km²": "km2",
    "sqkm": "km2",
    "sq km": "km2",
    "square kilometres": "km2",
    "kilometres": "km",
    "ha": "hectares",
    "h": "hours",
    "$": "USD",
    "US$": "USD",
    "dollars": "USD",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "per cent": "percent",
    "pct": "percent",
    "annum": "year",
    "head": "person",
    "capita": "person",
    "tons": "tonnes",
}
_GAPS = frozenset(
    {"n/a", "na", "..", "...", "-", "–", "—", "?", "null", "~", "nil", "unknown", "none", "not available"}
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a fact or field must be: a figure, truth, state, date, moment or text; `words` is its unit as written."""

    kind: str
    unit: Unit = NUMBER
    factor: Fraction = Fraction(1)
    words: str = ""

    @property
    def due(self) -> str:
        """What to write, in words."""
        if self.kind != "figure":
            return {"truth": "yes or no", "state": "the code of a State"}.get(self.kind, f"a {self.kind}")
        if self.unit == RATIO:
            return "a percentage"
        return "a number without a unit" if self.unit == NUMBER else f"a figure in {self.words}"


TRUTH = Wanted("truth")
STATE = Wanted("state")
DATE = Wanted("date")
MOMENT = Wanted("moment")
TEXT = Wanted("text")
_KINDS = {"yes or no": TRUTH, "state": STATE, "date": DATE, "moment": MOMENT, "text": TEXT}


def wanted_of(type_: tree.UnitTerm | tree.Ident) -> Wanted:
    """What an indicator or a recorded field asks for."""
    if isinstance(type_, tree.Ident):
        words = type_.text
    else:
        words = " per ".join([" ".join(each.text for each in type_.over), *(each.text for each in type_.per)])
    if words in _KINDS:
        return _KINDS[words]
    try:
        unit, factor = unit_of_words(words)
    except UnitFault:
        return Wanted("figure", NUMBER, Fraction(1), words)
    return Wanted("figure", unit, factor, words)


def quantity_of(expr: tree.Node | None) -> Quantity | None:
    """The value of an expression that names no provision, as the bounds of an indicator; none for any other."""
    match expr:
        case tree.Number(value=value):
            return Quantity(value)
        case tree.Percent(value=value) | tree.Ratio(value=value):
            return Quantity(value, RATIO)
        case tree.Quantity(value=value, unit=unit):
            return _in_unit(value, unit.text)
        case tree.Unary(op="-", of=of):
            inner = quantity_of(of)
            return Quantity(-inner.amount, inner.unit) if inner is not None else None
        case tree.Binary(op="per", left=left, right=right):
            over, under = quantity_of(left), _unit_quantity(right)
            if over is None or under is None or not under.amount:
                return None
            return Quantity(over.amount / under.amount, divide(over.unit, under.unit))
        case tree.Binary(op="*", left=left, right=right):
            one, other = quantity_of(left), quantity_of(right)
            if one is None or other is None:
                return None
            return Quantity(one.amount * other.amount, times(one.unit, other.unit))
    return None


def _in_unit(value: Fraction, word: str) -> Quantity | None:
    try:
        unit, factor = unit_of_words(word)
    except UnitFault:
        return None
    return Quantity(value * factor, unit)


def _unit_quantity(expr: tree.Node) -> Quantity | None:
    if isinstance(expr, tree.Name | tree.Code):
        return _in_unit(Fraction(1), expr.text)
    return quantity_of(expr)


class Reader:
    """Reads words as data, and says what is wrong with them."""

    def __init__(self, say: Complaints, states: States) -> None:
        self.say = say
        self.states = states

    def datum(
        self, word: Word, wanted: Wanted, default: Wanted | None = None, about: Entry | None = None
    ) -> Datum | None:
        """What a word says, or none where it can't be read. `default` is the unit stated for a whole column."""
        match wanted.kind:
            case "figure":
                return self.figure(word, wanted, default, about)
            case "truth":
                return self.truth(word, about)
            case "state":
                return self.states.code(word, about)
            case "date":
                return self.day(word, about)
            case "moment":
                return self.moment(word, about)
        return str(word)

    def truth(self, word: Word, about: Entry | None = None) -> bool | None:
        """`yes` or `no`."""
        if word in ("yes", "no"):
            return word == "yes"
        guess = {"true": "yes", "y": "yes", "1": "yes", "false": "no", "n": "no", "0": "no"}
        near = guess.get(word.lower(), word.lower() if word.lower() in ("yes", "no") else "")
        self.say("PD744", word.span, mend=f"write `{near}`" if near else "", about=about, text=word)
        return None

    def unit(self, word: Word, wanted: Wanted, about: Entry | None = None) -> Wanted | None:
        """The unit stated for a whole column, or none where it isn't one or not of the kind that is wanted."""
        try:
            unit, factor = unit_of_words(word.strip())
        except UnitFault as fault:
            self._unknown_unit(str(fault), word, about)
            return None
        if unit != wanted.unit or wanted.kind != "figure":
            self.say("PD738", word.span, about=about, text=word, unit=word, due=wanted.due)
            return None
        return Wanted("figure", unit, factor, word.strip())

    def figure(
        self, word: Word, wanted: Wanted, default: Wanted | None = None, about: Entry | None = None
    ) -> Quantity | None:
        """A figure with its unit, or with that of its column."""
        text = word.strip()
        ratio = _RATIO.match(text)
        if ratio and wanted.unit == RATIO and len(text) <= MOST_DIGITS and int(ratio[2]):
            return Quantity(Fraction(int(ratio[1]), int(ratio[2])), RATIO)
        found = _FIGURE.match(text)
        if not found or not self._proper(text, found, word, about):
            if not found:
                self._unreadable(text, word, wanted, about)
            return None
        amount = Fraction(found["number"].replace("_", "")) * (-1 if found["sign"] == "-" else 1)
        quantity = self._with_unit(amount, found, word, wanted, default, about)
        if quantity is not None and quantity.amount < 0 and counted(quantity.unit):
            self.say("PD743", word.span, about=about, text=word, due=wanted.words)
            return None
        return quantity

    def own_unit(self, word: Word) -> Unit:
        """The unit that a figure carries itself; a number where it carries none or none that is known."""
        text = word.strip()
        found = _FIGURE.match(text)
        if (found and found["percent"]) or _RATIO.match(text):
            return RATIO
        try:
            return unit_of_words(found["unit"])[0] if found and found["unit"] else NUMBER
        except UnitFault:
            return NUMBER

    def _with_unit(
        self,
        amount: Fraction,
        found: re.Match[str],
        word: Word,
        wanted: Wanted,
        default: Wanted | None,
        about: Entry | None,
    ) -> Quantity | None:
        written = found["unit"]
        if found["percent"]:
            if wanted.unit != RATIO or written:
                self.say("PD741", word.span, about=about, text=word, due=wanted.due)
                return None
            return Quantity(amount / 100, RATIO)
        if written:
            try:
                unit, factor = unit_of_words(written)
            except UnitFault as fault:
                self._unknown_unit(str(fault), word, about)
                return None
            if unit != wanted.unit:
                self.say("PD738", word.span, about=about, text=word, unit=written, due=wanted.due)
                return None
            return Quantity(amount * factor, unit)
        if default is not None:
            return Quantity(amount * default.factor, default.unit)
        if wanted.unit == NUMBER:
            return Quantity(amount)
        if wanted.unit == RATIO:
            as_parts = _digits(amount * 100)
            mend = (
                f"write `{as_parts}%`, or `{word}%` if that is what you mean"
                if abs(amount) <= 1
                else f"write `{word}%`"
            )
            self.say("PD740", word.span, mend=mend, about=about, text=word)
        else:
            mend = f"write `{word} {wanted.words}`, or once for all figures `unit: {wanted.words}`"
            self.say("PD737", word.span, mend=mend, about=about, text=word, due=wanted.words)
        return None

    def _proper(self, text: str, found: re.Match[str], word: Word, about: Entry | None) -> bool:
        """Whether the number itself is written in the one right way."""
        number, unit = found["number"], found["unit"] or ""
        if unit and _BLANK.match(text):
            self.say("PD732", word.span, mend=_without_blanks(text), about=about, text=word)
        elif unit and _SCALE.match(text):
            self._scale(text, word, about)
        elif not _NUMBER.match(number):
            self.say("PD730", word.span, mend=f"write `{_tidy(number)}`", about=about, text=word)
        elif len(number) > MOST_DIGITS:
            self.say("PD733", word.span, about=about, most=str(MOST_DIGITS))
        elif len(number) > 1 and number[0] == "0" and number[1] not in ".":
            self.say("PD730", word.span, mend=f"write `{_tidy(number)}`", about=about, text=word)
        else:
            return True
        return False

    def _scale(self, text: str, word: Word, about: Entry | None) -> None:
        found = _SCALE.match(text)
        assert found is not None
        mend = ""
        if _NUMBER.match(found[1]) and len(found[1]) <= MOST_DIGITS:
            amount = Fraction(found[1].replace("_", "")) * 10 ** _SCALES[found[2].lower()]
            mend = f"write `{_digits(amount)}`"
        self.say("PD734", word.span, mend=mend, about=about, text=word, word=found[2])

    def _unreadable(self, text: str, word: Word, wanted: Wanted, about: Entry | None) -> None:
        """Why a word is no figure, as exactly as can be told."""
        mend = ""
        if text.lower().lstrip("+-.") in ("nan", "inf", "infinity", "∞"):
            self.say("PD735", word.span, about=about, text=word)
        elif comma := _COMMA.match(text):
            self.say("PD731", word.span, mend=_without_commas(comma[0]), about=about, text=word)
        elif _BLANK.match(text):
            self.say("PD732", word.span, mend=_without_blanks(text), about=about, text=word)
        elif exponent := _EXPONENT.match(text):
            self.say("PD739", word.span, mend=_without_exponent(exponent), about=about, text=word)
        elif _SCALE.match(text):
            self._scale(text, word, about)
        elif re.match(r"[+-]?[\d._]*\d", text, re.A):
            self.say("PD730", word.span, mend=_attached(text), about=about, text=word)
        else:
            if text.lower() in _GAPS:
                mend = "leave it empty: the policy says what a gap means"
            elif before := re.match(r"([A-Z]{3}|[$€£]) ?(\d[\d_]*(?:\.\d+)?)$", text, re.A):
                mend = f"write `{before[2]} {_OTHER_UNITS.get(before[1], before[1])}`"
            self.say("PD736", word.span, mend=mend, about=about, text=word, due=wanted.due)

    def _unknown_unit(self, unit: str, word: Word, about: Entry | None) -> None:
        near = _OTHER_UNITS.get(unit) or _OTHER_UNITS.get(unit.lower())
        if near is None and "/" in unit:
            near = " per ".join(part.strip() for part in unit.split("/"))
        if near is None:
            near = nearest(unit, [*WORDS, "percent", "rating", "ratio", "USD", "EUR"])
        mend = f"write `{near}`" if near else ""
        self.say("PD742", word.span, mend=mend, about=about, unit=unit, text=word)

    def day(self, word: Word, about: Entry | None = None) -> date | None:
        """A date, as 1994-07-20."""
        text = word.strip()
        if _MOMENT.match(text) or _LIKE_MOMENT.match(text):
            self.say("PD748", word.span, mend=f"write `{text[:10]}`", about=about, text=word)
            return None
        return self._date(text, word, about)

    def _date(self, text: str, word: Word, about: Entry | None) -> date | None:
        found = _DATE.match(text)
        if not found:
            near = _other_date(text)
            self.say("PD745", word.span, mend=f"write `{near}`" if near else "", about=about, text=word)
            return None
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            self.say("PD746", word.span, about=about, text=word)
            return None

    def moment(self, word: Word, about: Entry | None = None) -> date | datetime | None:
        """A moment with its zone, as 1994-07-14T09:00Z, or a date alone."""
        text = word.strip()
        found = _MOMENT.match(text)
        if not found:
            if _LIKE_MOMENT.match(text):
                tidy = re.sub(r"[Tt ]+", "T", text, count=1).replace(" ", "")
                mend = f"write `{tidy}`" if _MOMENT.match(tidy) and not tidy.endswith(tidy[10:16]) else ""
                self.say("PD745", word.span, mend=mend, about=about, text=word)
                return None
            return self._date(text, word, about)
        day = self._date(found[1], word, about)
        if day is None:
            return None
        if not found[5]:
            mend = f"write `{text}Z` if the time is UTC, or add the offset, as `{text}+02:00`"
            self.say("PD747", word.span, mend=mend, about=about, text=word)
            return None
        try:
            zone = _zone(found[5])
            moment = datetime(
                day.year, day.month, day.day, int(found[2]), int(found[3]), int(found[4] or 0), tzinfo=zone
            )
            moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.say("PD746", word.span, about=about, text=word)
            return None
        return moment


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    length = timedelta(hours=hours, minutes=minutes)
    return timezone(-length if text[0] == "-" else length)


def counted(unit: Unit) -> bool:
    """Whether a unit counts what can't be fewer than none."""
    return len(unit.terms) == 1 and unit.terms[0][1] > 0 and unit.terms[0][0] in _NEVER_NEGATIVE


def _digits(amount: Fraction) -> str:
    from policy_dsl.values.quantity import plain

    return plain(amount)


def _tidy(number: str) -> str:
    """A number without stray signs: `012` is 12, `1__000` is 1_000."""
    whole, point, rest = re.sub(r"_+", "_", number).strip("_").partition(".")
    whole = whole.strip("_").lstrip("0_") or "0"
    rest = rest.strip("_")
    return whole + (point + rest if rest else "")


def _attached(text: str) -> str:
    """The mend for a number with something stuck to it, or no digit on one side of its point."""
    found = re.match(r"([+-]?)(\d[\d_]*(?:\.\d+)?|\.\d+|\d+\.)([A-Za-z]\S*)?( .*)?$", text, re.A)
    if not found:
        return ""
    number = found[2]
    number = f"0{number}" if number.startswith(".") else number.removesuffix(".")
    return f"write `{found[1]}{number}{' ' + found[3] if found[3] else ''}{found[4] or ''}`"


def _without_blanks(text: str) -> str:
    found = _BLANK.match(text)
    digits = re.sub(r"['\s]", "_", found[0]) if found else ""
    return f"write `{digits}`"


def _without_commas(number: str) -> str:
    plain = number.replace(".", "") if number.rfind(",") > number.rfind(".") else number
    thousands = re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", number)
    if thousands and number.count(",") == 1 and "." not in number:
        return f"write `{number.replace(',', '_')}`; if the comma parts off decimals, `{number.replace(',', '.')}`"
    if thousands:
        return f"write `{number.replace(',', '_')}`"
    if plain.count(",") == 1:
        return f"write `{plain.replace(',', '.')}`"
    return ""


def _without_exponent(found: re.Match[str]) -> str:
    number, exponent = found[1].replace("_", ""), int(found[2])
    try:
        amount = Fraction(number) * Fraction(10) ** exponent
    except ValueError:
        return ""
    return f"write `{_digits(amount)}`" if abs(exponent) <= 15 and len(number) <= MOST_DIGITS else ""


def _other_date(text: str) -> str:
    """The right spelling of a date in another form, where only one reading is possible."""
    found = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$", text, re.A)
    if found:
        return _iso(found[1], found[2], found[3])
    found = re.match(r"(\d{1,2})\.(\d{1,2})\.(\d{4})$", text, re.A)
    if found:
        return _iso(found[3], found[2], found[1])
    found = re.match(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})$", text, re.A)
    if found and (int(found[1]) > 12) != (int(found[2]) > 12):
        day, month = (found[1], found[2]) if int(found[1]) > 12 else (found[2], found[1])
        return _iso(found[3], month, day)
    found = re.match(r"(\d{1,2})\.? ([A-Za-z]{3})[a-z]*\.? (\d{4})$", text, re.A)
    if found and found[2].lower() in _MONTHS:
        return _iso(found[3], str(_MONTHS.index(found[2].lower()) + 1), found[1])
    found = re.match(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})$", text, re.A)
    if found and found[1].lower() in _MONTHS:
        return _iso(found[3], str(_MONTHS.index(found[1].lower()) + 1), found[2])
    return f"{text}-12-31` for the end of that year, or `{text}-01-01" if re.match(r"\d{4}$", text, re.A) else ""


def _iso(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
