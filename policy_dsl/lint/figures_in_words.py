"""Figures as a sentence states them: "two thirds", "within five working days", "1 250 dollars", "40 per cent".

English alone. What is no plain figure ("many", "most", "a few") is left out: a reader of words who guesses is worse
than one who keeps silent. Time is counted in hours, days, working days and months.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from policy_dsl.records import dataclass


def _numbered(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    """Words in their order, with the number that each stands for."""
    return {word: first + step * at for at, word in enumerate(words.split())}


_CARDINAL = (
    _numbered("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen")
    | _numbered("sixteen seventeen eighteen nineteen", 16)
    | _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
)
_TENS = tuple(word for word, number in _CARDINAL.items() if number >= 20)
_ORDINAL = (
    _numbered("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", 1)
    | _numbered("thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth", 13)
    | _numbered("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth", 20, 10)
    | {"hundredth": 100, "thousandth": 1000}
)
_PARTS = {word: number for word, number in _ORDINAL.items() if number > 2}
_PARTS |= {"half": 2, "halve": 2, "quarter": 4, "ten-thousandth": 10_000}


def _any_of(words: Iterable[str]) -> str:
    """One of several words, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))


_BLANK = "[ \u00a0\u202f]"
_DIGITS = rf"\d{{1,3}}(?:(?:{_BLANK}|,|_)\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SMALL = _any_of(_CARDINAL)
_SPELLED = (
    rf"(?:{_SMALL})(?:[ -](?:{_SMALL}))?(?:{_BLANK}hundred)?(?:{_BLANK}thousand)?"
    r"|(?:a |one )?(?:hundred|thousand)"
)
_LARGE = rf"{_BLANK}(?:thousand million|thousand|million|billion)"
_NUMBER = rf"(?P<number>{_DIGITS}|\b(?:{_SPELLED})\b)(?:{_BLANK}\(\d+\))?(?P<times>{_LARGE})?"

_PER_CENT = re.compile(rf"{_NUMBER}{_BLANK}?(?:%|per{_BLANK}?cent\b|percent\b)", re.I)
# "a third instrument" and "the ninetieth day" count; they are no parts.
_FRACTION = re.compile(
    rf"\b(?!ten-thousandth)(?P<over>a|an|one|{_SMALL})[ -](?P<part>{_any_of(_PARTS)})s?\b"
    rf"(?!{_BLANK}(?:day|hour|year|month|instrument|meeting))",
    re.I,
)
_OF_A_PER_CENT = re.compile(rf"(?:{_BLANK}of{_BLANK}(?:a|an|one|1))?{_BLANK}per{_BLANK}?cent", re.I)
_FOR_EVERY = re.compile(
    rf"\b(?P<number>{_DIGITS}|{_SPELLED})(?P<times>){_BLANK}(?:[a-z]+{_BLANK}){{0,2}}for{_BLANK}(?:every|each)"
    rf"{_BLANK}(?P<base>{_DIGITS}|(?:{_SPELLED}))\b",
    re.I,
)
_TINY = re.compile(r"(?<!one )(?<!a )\bten-thousandths?\b", re.I)
_HALF = re.compile(rf"\bhalf\b(?!{_BLANK}(?:as|again)\b)", re.I)
_SIGNED = re.compile(r"\b(?P<over>\d+)/(?P<part>\d+)\b")
_TIME = re.compile(
    rf"(?:{_NUMBER}|(?P<one>(?<=within )an?|(?<=after )an?|(?<=than )an?))"
    rf"(?:{_BLANK}|-)(?:calendar )?(?P<kind>working day|business day|hour|day|week|month|year)s?\b",
    re.I,
)
_NTH = re.compile(
    rf"\b(?P<nth>(?:(?:{'|'.join(_TENS)})-)?(?:{_any_of(_ORDINAL)})|\d+(?:st|nd|rd|th))"
    rf"{_BLANK}(?P<kind>working day|day|month|year)\b",
    re.I,
)
_MONEY = re.compile(
    rf"{_NUMBER}{_BLANK}(?:United States |US )?(?:dollars?|euros?|francs?|pounds?|[A-Z]{{3}})\b"
    rf"|(?:\b[A-Z]{{3}}|[$€£]){_BLANK}?(?P<after>{_DIGITS})(?P<more>{_LARGE})?",
)
_PERSONS = re.compile(rf"{_NUMBER}{_BLANK}(?:persons?|refugees|people)\b", re.I)
_LENGTH = re.compile(rf"{_NUMBER}{_BLANK}(?:km|kilomet(?:re|er)s?)\b", re.I)
_TIMES = {"thousand": 10**3, "million": 10**6, "thousand million": 10**9, "billion": 10**9}
_KINDS = {"business day": "working day"}


@dataclass(frozen=True, slots=True)
class Worded:
    """A figure in a sentence: its sort ("part", "hour", "day", "working day", "month", "money", "person", "km"),

    its value in the unit of the sort, the words, and where they stand in the sentence.
    """

    sort: str
    value: Fraction
    words: str
    start: int


def figures(text: str) -> tuple[Worded, ...]:
    """The figures of a sentence, in order."""
    found = [*_parts(text), *_times(text), *_amounts(text)]
    return tuple(sorted(found, key=lambda each: each.start))


def _parts(text: str) -> Iterator[Worded]:
    covered = [(each.start(), each.end()) for each in _FRACTION.finditer(text)]
    for each in _PER_CENT.finditer(text):
        yield Worded("part", _number(each) / 100, each[0], each.start())
    for each in _FOR_EVERY.finditer(text):
        base = _digits(each["base"]) if each["base"][0].isdigit() else Fraction(_spelled(each["base"].lower()))
        if base > 1:
            yield Worded("part", _number(each) / base, each[0], each.start())
    for each in _SIGNED.finditer(text):
        if int(each["part"]):
            yield Worded("part", Fraction(int(each["over"]), int(each["part"])), each[0], each.start())
    for each in _FRACTION.finditer(text):
        over = {"a": 1, "an": 1}.get(each["over"].lower(), _CARDINAL.get(each["over"].lower(), 1))
        smaller = _OF_A_PER_CENT.match(text, each.end())
        part = Fraction(over, _PARTS[each["part"].lower()] * (100 if smaller else 1))
        yield Worded("part", part, each[0] + (smaller[0] if smaller else ""), each.start())
    for each in _TINY.finditer(text):
        smaller = _OF_A_PER_CENT.match(text, each.end())
        part = Fraction(1, 1_000_000 if smaller else 10_000)
        yield Worded("part", part, each[0] + (smaller[0] if smaller else ""), each.start())
    for each in _HALF.finditer(text):
        if not any(start <= each.start() < end for start, end in covered):
            smaller = _OF_A_PER_CENT.match(text, each.end())
            yield Worded("part", Fraction(1, 200 if smaller else 2), each[0], each.start())


def _times(text: str) -> Iterator[Worded]:
    for each in _TIME.finditer(text):
        yield _time(each["kind"].lower(), Fraction(1) if each["one"] else _number(each), each)
    for each in _NTH.finditer(text):
        word = each["nth"].lower()
        tens, _, unit = word.rpartition("-")
        if word[0].isdigit():
            number = int(re.sub(r"\D", "", word))
        else:
            number = _CARDINAL.get(tens, 0) + _ORDINAL[unit]
        yield _time(each["kind"].lower(), Fraction(number), each)


def _time(kind: str, number: Fraction, found: re.Match[str]) -> Worded:
    kind = _KINDS.get(kind, kind)
    sort, factor = {"week": ("day", 7), "year": ("month", 12)}.get(kind, (kind, 1))
    return Worded(sort, number * factor, found[0], found.start())


def _amounts(text: str) -> Iterator[Worded]:
    for each in _MONEY.finditer(text):
        if each["after"]:
            value = _digits(each["after"]) * _TIMES.get((each["more"] or "").strip().lower(), 1)
        else:
            value = _number(each)
        yield Worded("money", value, each[0], each.start())
    for sort, form in (("person", _PERSONS), ("km", _LENGTH)):
        for each in form.finditer(text):
            yield Worded(sort, _number(each), each[0], each.start())


def _number(found: re.Match[str]) -> Fraction:
    times = _TIMES.get((found["times"] or "").strip().lower(), 1)
    word = found["number"]
    return (_digits(word) if word[0].isdigit() else Fraction(_spelled(word.lower()))) * times


def _digits(word: str) -> Fraction:
    return Fraction(re.sub(r"[^\d.]", "", word))


def _spelled(words: str) -> int:
    total = 0
    for word in re.split(r"[\s-]+", words):
        if word == "hundred":
            total = max(total, 1) * 100
        elif word == "thousand":
            total = max(total, 1) * 1000
        else:
            total += _CARDINAL.get(word, 0)
    return total
