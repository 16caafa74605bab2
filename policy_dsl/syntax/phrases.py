"""What a statute says in other words: phrases that the language does not read, and the form that it does.

Each row is a pattern and what stands in its place. A phrase is looked for only where the reading has stopped, so that
it never stands in the way of a name or of words in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.syntax.expected import words_of
from policy_dsl.syntax.stop import SILENT, Stop, as_name
from policy_dsl.syntax.written_numbers import COUNTS, MAGNITUDES, PARTS, SIGNS, fraction, many

_BRACKETS_OR_BLANK = re.compile(r"\[[^\]]*\]| ")

NEAR = 300  # how far from the place a phrase is looked for: lines can be very long

Form = str | Callable[[re.Match[str]], str]


class Phrase(NamedTuple):
    """A pattern, its form, and a word, a sign or a kind of word that must fit at the place; empty for none."""

    pattern: re.Pattern[str]
    form: Form
    fits: str = ""


def _row(pattern: str, form: Form, fits: str = "") -> Phrase:
    """A blank of a pattern stands for any number of blanks, but for one in brackets."""
    spaced = _BRACKETS_OR_BLANK.sub(lambda found: "[ \t]+" if found.group() == " " else found.group(), pattern)
    return Phrase(re.compile(spaced), form, fits)


_MUST = "(?:(?:is|are|be|shall|must|may|can|does|do|to|has|have) )*"
_COUNT = "|".join(COUNTS)
_PART = "|".join(PARTS)
_ARTICLES = r"(?:\b[Aa]rt(?:icle)?s?\b\.?|§+)"
_BETWEEN = r"(?:(?<=:[ ])|(?<=when[ ])|(?<=where[ ])|(?<=requires[ ])|(?<=expect[ ]))"


_FIGURE = "[a-z][a-z0-9_]*"
_RANKED = rf"\brank of [^\n#]*?\bties by {_FIGURE}(?:, then {_FIGURE})*"


def _title(found: re.Match[str]) -> str:
    return f'"{found.group(1)}"'


# At the beginning of a line.
OPENINGS = (
    _row(r"adopted (?:by|with|if|when) (?:an? )?(?:two|2)[ \t/-]*(?:thirds?|3)(?: majority)?\b[^\n#]*",
         "adopted when count of favour >= 2/3 of count of voting"),
    _row(r"adopted (?:by|with|if|when) (?:a )?(?:simple )?majority\b[^\n#]*",
         "adopted when count of favour > count of against"),
    _row(r"adopted (?:by|with|if|when) (?:an )?absolute majority\b[^\n#]*",
         "adopted when count of favour > 1/2 of count of voters"),
    _row(r"adopted (?:by|with|if|when) (?:consensus|unanimity|unanimous vote)\b[^\n#]*",
         "adopted when count of against = 0"),
    _row("quorum (?:an? )?(?:simple |absolute )?majority\\b[^\n#]*", "quorum down(count of voters / 2, 1) + 1"),
    _row("(adopted|kept) (?:if|where|once|by) ", r"\1 when ", "when"),
    _row("(?:if|where|whenever|in case) ", "when ", "when"),
    _row("(?:within|(?:not|no) (?:later|more) than) (?=[^\n]*\\b(?:after|before|of|from|following)\\b)", "not after ",
         "not"),
    _row("not later than ", "not after ", "after"),
    _row("not (?:earlier|sooner) than ", "not before ", "before"),
    _row("(?:not|no) (?:earlier|sooner) than ", "not before ", "not"),
    _row("(?:(?:not|no) more than|maximum(?: of)?|at the most|up to) ", "at most ", "at"),
    _row("(?:(?:not|no) (?:less|fewer) than|minimum(?: of)?|at the least) ", "at least ", "at"),
    _row("(?:between|amongst) ", "among ", "among"),
    _row("(?:voters?(?: are| is|:)?|voting members?(?: are|:)?) ", "by ", "by"),
    _row("(?:credits?(?: for| of)?|credited(?: with)?|minus|net of|after deduct(?:ing|ion of)|deducting|deduct) ",
         "less ", "less"),
    _row("(binds|by|among) (?:each|every|all|any)(?: of)?(?: the)? members?\\b", r"\1 members"),
    _row("(?:in proportion to|pro rata(?: to)?|proportionally to|according to|on the basis of) ", "by ", "by"),
    _row("in proportion to ", "by "),
    _row("rounding(?: (?:off|by))? to the nearest[^\n#]*", "rounding half_up"),
    _row("(?:rounded|round)(?: (?:off|by))? to the nearest[^\n#]*", "rounding half_up", "rounding"),
    _row("rounding by ", "rounding "),
    _row("(?:rounded|round) ", "rounding ", "rounding"),
    _row("(?:rounding )?largest remainder", "rounding largest_remainder"),
    _row("rounding half (up|even)", r"rounding half_\1"),
    _row("(?:(?:except|unless) (?:for )?)(?!where|if|when|for)([a-z][a-z0-9_]*) ?:", r"except where member in \1 :",
         "except"),
    _row("(?:except (?:if|when|for)|unless) ", "except where ", "except"),
    _row("(?:except|unless) (?:if|when|for) ([a-z][a-z0-9_]*) ?:", r"except where member in \1 :"),
    _row("(?:except (?:if|when|for)) ", "except where "),
    _row(r"(?:the )?(total|among|by|level|quorum|binds|ties|minimising)(?:[ \t]*[=:]| (?:is|are|of|shall be))[ \t]*",
         r"\1 "),
    _row("in force(?: on| since| as of|[ \t]*:)?[ \t]*(?=[0-9])", "in force from "),
    _row("currency (?:(?:US|United States) )?dollars?\\b", "currency USD"),
    _row("currency euros?\\b", "currency EUR"),
    _row("currency [a-z]{3}\\b", lambda found: "currency " + found.group()[-3:].upper()),
    _row(r"given ((?:[0-9]+(?:st|nd|rd|th) )?[a-z][a-z0-9_]*) (?:by|of) ([A-Z]{3}(?:, ?[A-Z]{3})*)"
         r" (?:at|on) ([0-9]{4}[0-9T:Z+-]*)", r"given \1 at \3 by \2"),
    _row(r"given ((?:[0-9]+(?:st|nd|rd|th) )?[a-z][a-z0-9_]*) on (?=[0-9]{4}-)", r"given \1 at "),
    _row(r"given ([a-z][a-z0-9_]*)(?: of| is| are|[ \t]*:)[ \t]*(?=[0-9])", r"given \1 = "),
    _row(r'"([^"\n]+)" (?:means|is|shall mean) ', lambda found: f"define {as_name(found.group(1))} {_title(found)} = ",
         "define"),
    _row("definition ", "define ", "define"),
    _row(r"scale ([a-z][a-z0-9_]*)((?: \"[^\"\n]*\")?) on ([a-z][a-z0-9_ *+/-]*?) (marginal|whole)\b",
         r"scale \1\2 on \3, \4"),
    _row("(?:allocation|distribution|apportionment) ", "apportion ", "apportion"),
    _row("indicator for ", "indicators for ", "indicators"),
    _row(r"([a-z][a-z0-9_]*)[ \t]*=[ \t]*(?=[0-9])", r"parameter \1 = ", "parameter"),
    _row(r"([a-z][a-z0-9_]*)[ \t]*=[ \t]*", r"define \1 = ", "define"),
    _row(r'([a-z][a-z0-9_]*) ("[^"\n]*")[ \t]*:[ \t]*([^\n"#,]*[^\n"#, \t])', r"\1 : \3 \2"),
    _row(r'([a-z][a-z0-9_]*)[ \t]*:[ \t]*("[^"\n]*") ([a-z][^\n"#,]*[^\n"#, \t])', r"\1 : \3 \2"),
)  # fmt: skip

# Anywhere in a line.
PHRASES = (
    # figures
    _row(rf"\b({_COUNT}|[0-9]+)[ \t-]+({_PART})\b(?: majority)?((?: of)?)(?: the)?[ \t]*",
         lambda found: f"{fraction(found)} of" if found.group(3) else fraction(found)),
    # seats, facts and scales
    _row(r"(?:up )?(?:to|till|through) (?=[0-9]{4}-[0-9]{2}-[0-9]{2})", "until ", "until"),
    _row(r"rating (?:from|between) ([0-9.]+%?) (?:to|and) ([0-9.]+%?)[ \t]*(\"[^\"\n]*\")",
         r"rating \3, between \1 and \2"),
    _row(r"rounding to (?=[0-9])", "rounding half_up to "),
    _row(r"in bands (?!of )(?=[a-z])", "in bands of "),
    _row(r"\b(?:(?:one|a)[ \t-]+)?half(?: of)?(?: the)? (?=[a-z])", "1/2 of "),
    _row(f"[{''.join(SIGNS)}]", lambda found: SIGNS[found.group()]),
    _row(rf"\b({_COUNT}|[0-9][0-9_]*(?:\.[0-9]+)?)[ \t-]+({'|'.join(MAGNITUDES)}) (?=[A-Za-z])",
         lambda found: many(found) + " "),
    _row(rf"\b({_COUNT}|[0-9][0-9_]*(?:\.[0-9]+)?)[ \t-]+({'|'.join(MAGNITUDES)})\b", lambda found: many(found)),
    _row(rf"\b({_COUNT}) per ?cent\b", lambda found: COUNTS[found.group(1)] + "%"),
    _row(rf"\b({_COUNT}) (?=[a-z])", lambda found: COUNTS[found.group(1)] + " "),
    _row(r"(?:US)?\$[ \t]*([0-9][0-9_.]*)|([0-9][0-9_.]*)[ \t]*(?:US)?\$", r"\1\2 USD"),
    _row(r"€[ \t]*([0-9][0-9_.]*)|([0-9][0-9_.]*)[ \t]*€", r"\1\2 EUR"),
    _row(r"£[ \t]*([0-9][0-9_.]*)|([0-9][0-9_.]*)[ \t]*£", r"\1\2 GBP"),
    _row(r"\b([A-Z]{3}) ([0-9][0-9_.]*)\b", r"\2 \1"),
    _row(r"\b(?:square|sq\.?) (?:kilometres|kilometers|km)\b|\bkm²|\bsqkm\b", "km2"),
    _row(r"\b(persons?|[A-Z]{3}) (?:a|an|each|every) (person|member|day|month|year)\b", r"\1 per \2"),
    # times
    _row(r"\b(?:business|work|banking|office) days?\b", "working days"),
    _row(r"\b(days?|weeks?|months?|years?|hours?) (?:of|from|following|since|upon) ", r"\1 after "),
    _row(r"\b(days?|weeks?|months?|years?|hours?) prior to ", r"\1 before "),
    _row(r"\ban? (hour|day|week|month|year)\b", r"1 \1"),
    # comparisons and arithmetic
    _row(_BETWEEN + r"([^\n:<>=#]*?)[ \t]*(<=?|>=?)[ \t]*([^\n<>=#]*?)[ \t]*(<=?|>=?)[ \t]*([^\n#<>]*[^\n#<> \t])",
         r"\1 \2 \3 and \3 \4 \5"),
    _row(_BETWEEN + r"([^\n:<>=#]*?) (?:is )?between ([^\n#]*?) and ([^\n#]*[^\n# \t])",
         r"\1 >= \2 and \1 <= \3", "is"),
    _row(rf"\b{_MUST}(?:not exceed|not (?:be )?(?:more|greater|higher|larger|above)(?: than)?|"
         r"no (?:more|greater|higher|larger) than|at most|at the most) ", "<= "),
    _row(rf"\b{_MUST}(?:not (?:be )?(?:less|fewer|lower|smaller|below)(?: than)?|no (?:less|fewer|lower) than|"
         r"at least|at the least) ", ">= "),
    _row(rf"\b{_MUST}(?:(?:more|greater|higher|larger) than|exceeds?|above) ", "> "),
    _row(rf"\b{_MUST}(?:(?:less|fewer|lower|smaller) than|below) ", "< "),
    _row(rf"\b{_MUST}(?:equals?(?: to)?) ", "= "),
    _row(r"\bis (not )?in ", r"\1in "),
    _row(r"(?<=[a-z0-9_)%][ \t])(?:times|multiplied by|x) (?=[a-z0-9(])", "* ", "*"),
    _row(r"\bdivided by ", "/ "),
    _row(r"\bplus ", "+ "),
    _row(r"\bminus ", "- "),
    # conditions
    _row(r"(?<==[ ])([^\n#]*?) (?:if|when|where) ([^\n#]*?),? (?:else|otherwise) ([^\n#]*[^\n# \t])",
         r"if \2 then \1 else \3"),
    _row(r"(?<==[ ])([^\n#]*?) (?:if|when|where|provided that|in case|unless) ([^\n#]*[^\n# \t])",
         r"if \2 then \1 else …"),
    _row(r"\bif ([^\n#:,]*?)[ \t]*(?:,|:)(?: then)? ", r"if \1 then ", "then"),
    _row(r"(\w+),? (?:otherwise|or else) ", r"\1 else ", "else"),
    # what settles the ties of a rank
    _row(rf"({_RANKED})(?:,? (?:and )?then (?:by )?|,? (?:and )?(?:ties )?by |,[ \t]*)({_FIGURE})\b", r"\1, then \2"),
    _row(r"\b(rank of [^\n#,]*),[ \t]*(ties by)\b", r"\1 \2"),
    _row(rf"\b(rank of {_FIGURE}) (ties by [^\n#]*?) (over {_FIGURE})\b", r"\1 \3 \2"),
    _row(r"(\w+),[ \t]*(then|else)\b", r"\1 \2"),
    # groups and lists
    _row(r"(\w+),? (?:excluding|other than|apart from|but not|without) ", r"\1 except "),
    _row(r"(\w+),[ \t]*(except|where)\b", r"\1 \2"),
    _row(r"\b[A-Z]{3}(?:,[ \t]*[A-Z]{3})+\b", lambda found: re.sub(r",[ \t]*", " or ", found.group())),
    _row(r"\b([A-Z]{3})(?: and | |,? and )([A-Z]{3})\b", r"\1, \2", ","),
    # references
    _row(r"\b(?:under|pursuant to|in accordance with|as per|according to|because of|see) (?=Art\.)", "because ",
         "because"),
    _row(r"\bbecause of (?=Art\.)", "because "),
    _row(r"(\bArt\.[ ]?[0-9]+)[ \t]+(\([0-9]+\))", r"\1\2"),
    _row(r"(\bArt\.[ ]?[0-9]+)\.([0-9]+)", r"\1(\2)"),
    _row(rf"{_ARTICLES}[ \t]*([0-9]+)[ \t]*(\([0-9]+\))? and ([0-9]+)(\([0-9]+\))?",
         lambda found: "Art. {}{}, Art. {}{}".format(*(each or "" for each in found.groups())), "REFERENCE"),
    _row(r"(\bArt\.[ ]?[0-9]+(?:\([0-9]+\))?) and (?=Art\.)", r"\1, "),
    _row(rf"{_ARTICLES}[ \t]*([0-9]+),? (?:paragraph|para\.?|par\.) ([0-9]+)", r"Art. \1(\2)", "REFERENCE"),
    _row(rf"{_ARTICLES}[ \t]*([0-9]+)\.([0-9]+)", r"Art. \1(\2)", "REFERENCE"),
    _row(rf"{_ARTICLES}[ \t]*([0-9]+)(?:[ \t]*(\([0-9]+\)))?",
         lambda found: f"Art. {found.group(1)}{found.group(2) or ''}", "REFERENCE"),
    # titles, quotes
    _row(r'(for each [a-z]+(?: and [a-z]+)?) ("[^"\n]*")', r"\2 \1"),
    _row(r'(\w+),[ \t]*("[^"\n]*")', r"\1 \2"),
    _row(r'(?<=") (between|supplied|missing|each|good)\b', r", \1", ","),
    _row(r'"([A-Z]{3}|[a-z][a-z0-9_]*)"', r"\1"),
    # a missing `of`, or whose value it is in the wrong place
    _row(r"\b(sum|mean|count|share|index|least|greatest|rank) (?!of\b)([a-z][a-z0-9_]*)\b", r"\1 of \2", "of"),
    _row(r"\b([0-9]+/[0-9]+|[0-9][0-9_.]*%) (?!of\b)([a-z][a-z0-9_]*)\b", r"\1 of \2", "because"),
    _row(r"\b([a-z][a-z0-9_]*) (?:for|by) ([A-Z]{3})\b", r"\1 of \2"),
    _row(r"(?<!\bof[ ])\b([a-z][a-z0-9_]*) ([A-Z]{3})\b", r"\1 of \2", "COMPARE"),
    _row(r"\b([A-Z]{3}) ([a-z][a-z0-9_]*)\b", r"\2 of \1", "COMPARE"),
    _row(r"\bnumber of ([a-z]+)\b", r"\1", "per"),
    # small words
    _row(r"\b(?:for|of) (?:every|each|all|any) (member|cohort)s?\b", r"for each \1", "for"),
    _row(r"\bevery (member|cohort)s?\b", r"each \1", "each"),
)  # fmt: skip

# A word that says nothing here. It was read as a name, or could have been one.
SMALL = _row(r"\b(?:the|all|any|every|each) ([a-z][a-z0-9_]*)\b", r"\1")


def said_otherwise(stop: Stop) -> Problem | None:
    """A phrase of a statute at the place where the reading stopped, with the form that the language has for it."""
    if stop.type in (*SILENT, "_INDENT"):
        return None
    for found, phrase in _found(stop):
        if phrase.fits and phrase.fits not in {*stop.accepts, *words_of(stop.accepts).values()}:
            continue
        written = found.group().strip()
        start = found.start() + found.group().index(written)
        form = (phrase.form(found) if callable(phrase.form) else found.expand(phrase.form)).strip()
        if form != written:
            span = stop.source.span(start, start + len(written))
            return Problem("PD151", span, {"found": written, "form": form})
    return None


def _found(stop: Stop) -> Iterator[tuple[re.Match[str], Phrase]]:
    """The phrases that cover the place, in the order of the tables."""
    first, end = stop.line.first, min(stop.line.end, stop.at + NEAR)
    for phrase in OPENINGS if stop.at - first <= NEAR else ():
        found = phrase.pattern.match(stop.text, first, end)
        if found and stop.at <= found.end():
            yield found, phrase
    first = max(first, stop.at - NEAR)
    for phrase in PHRASES:
        for found in phrase.pattern.finditer(stop.text, first, end):
            quoted = stop.text.count('"', stop.line.first, found.start()) % 2 == 1
            if found.start() <= stop.at <= found.end() and not quoted:
                yield found, phrase
    for found in SMALL.pattern.finditer(stop.text, first, end):
        if found.start() < stop.at <= found.end() or (found.start() == stop.at and "NAME" in stop.accepts):
            yield found, SMALL
