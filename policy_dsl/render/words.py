"""Claims and values put into words: the only place that makes prose.

The texts stand in `messages.py`; a text is looked up by its id, so that a translation needs nothing but other texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache

from policy_dsl.cases.case import Event
from policy_dsl.evaluate.derivation import Derived, Status, Unknown, Value
from policy_dsl.explain.argument import Claim, Given, Key, Label, Term, Who
from policy_dsl.explain.gaps import gap_claim
from policy_dsl.explain.reading import settled
from policy_dsl.render import numbers
from policy_dsl.render.document import Line, Span
from policy_dsl.render.headings import TEXTS
from policy_dsl.render.messages import CLAIMS, METHODS, STATUSES, VALUES
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Address, Quantity

_TOKEN = re.compile(r"\{(\w+)(?::(\w+))?\}|\*([^*]+)\*")
LISTED = 12


def say(claim: Claim) -> Line:
    """A claim as a sentence."""
    return fill(CLAIMS[claim.says], dict(claim.terms))


def text(message: str, **terms: Term | Line) -> Line:
    """A sentence of the documents themselves."""
    return fill(TEXTS[message], terms)


def plain(message: str, **terms: Term | Line) -> str:
    """A sentence of the documents themselves, as plain text."""
    return flat(text(message, **terms))


def flat(line: Line) -> str:
    """A line without its marks."""
    return "".join(span.text for span in line)


def fill(message: str, terms: Mapping[str, Term | Line]) -> Line:
    """A message with its slots filled; bracketed parts with an empty slot fall away."""
    found: list[Span] = []
    for optional, part in _parts(message):
        spans, empty = _filled(part, terms)
        if not (optional and empty):
            found += spans
    return joined_spans(found)


def spans(term: Term | Line, how: str = "") -> Line:
    """A term as spans of a line."""
    match term:
        case None:
            return ()
        case Claim():
            return say(term)
        case Who(code=code):
            return (Span(code.replace("_", " "), "member"),)
        case Given(text=words):
            return (Span(words, "given"),) if words else ()
        case Key(id=key):
            return (Span(_key(key)),)
        case Label(entry=entry, subject=subject):
            return name_of(entry, subject)
        case Entry():
            return (Span(title_of(term), "emphasised"),)
        case Address():
            return (cite(term),)
        case Derived():
            return derived(term, how)
        case tuple():
            if term and isinstance(term[0], Span):
                return tuple(each for each in term if isinstance(each, Span))
            return listed([spans(each) for each in term if not isinstance(each, Span)])
    return value_of(term)


def derived(term: Derived, how: str = "") -> Line:
    """A value with its name, or one of the two."""
    term = settled(term)
    name = name_in(term)
    if how == "name":
        return name or value_of(term.value)
    if isinstance(term.node, tree.Ratio) and term.op == "written":
        return (Span(" ".join(term.node.span.text.split()), "figure"),)
    if how == "value" or not name or isinstance(term.value, Event):
        if isinstance(term.value, Event) and term.entry is not None:
            return fill(VALUES["event"], {"step": term.entry, "on": term.value.at})
        return value_of(term.value)
    return fill(VALUES["named"], {"name": name, "value": value_of(term.value)})


def name_in(term: Derived) -> Line:
    """The name under which a value stands: its provision's, or that of a row of criteria."""
    if term.entry is not None:
        return name_of(term.entry, term.subject)
    if isinstance(term.node, tree.Criterion) and term.op in ("score", "at least"):
        return _with_subject((Span(row_title(term.node)),), term.subject)
    return ()


def row_title(row: tree.Criterion) -> str:
    """A criterion as a title."""
    title = row.name.text.replace("_", " ")
    return title[:1].upper() + title[1:]


def name_of(entry: Entry, subject: Sequence[str] = ()) -> Line:
    """The name of a value with whom it is for: "Places of ALB"."""
    return _with_subject((Span(title_of(entry)),), subject)


def title_of(entry: Entry) -> str:
    """The title of a provision; a mere name is written as a title is."""
    title = entry.title
    return title if entry.node.title else title[:1].upper() + title[1:]


def _with_subject(line: Line, subject: Sequence[str]) -> Line:
    for each in reversed(subject):
        line = fill(VALUES["of"], {"name": line, "subject": (Span(each.replace("_", " "), "member"),)})
    return line


def value_of(value: Value | int) -> Line:
    """A value by itself."""
    match value:
        case bool():
            return (Span(VALUES["yes" if value else "no"]),)
        case int():
            return (Span(numbers.decimal(Fraction(value), 0), "figure"),)
        case Quantity():
            return (Span(numbers.figure(value), "figure"),)
        case Status(text=status):
            return (Span(status_word(status)),)
        case Unknown():
            return why_unknown(value)
        case Event():
            step: Line = (Span(value.step.replace("_", " ")),)
            return fill(VALUES["event"], {"step": step, "on": value.at})
        case date():
            return (Span(numbers.day(value), "figure"),)
        case str():
            return (Span(value, "given"),)
        case tuple():
            return _group(value)
        case None:
            return (Span(VALUES["none"]),)
    raise TypeError(type(value).__name__)


def why_unknown(value: Unknown) -> Line:
    """The root causes of a value that is not to be had."""
    causes = [say(gap_claim(gap)) for gap in value.gaps]
    return _joined(causes, (Span("; "),))


def status_word(status: str) -> str:
    """A status in words."""
    return STATUSES.get(status, status.replace("_", " "))


def method_word(method: str) -> str:
    """A method of rounding in words."""
    return METHODS.get(method, method.replace("_", " "))


def cite(address: Address) -> Span:
    """A citation that leads to the article."""
    return Span(str(address).replace(" ", numbers.HARD), "citation", article_anchor(address))


def article_anchor(address: Address) -> str:
    """The anchor of an article in the annex."""
    suffix = f"-{address.suffix}" if address.suffix else ""
    other = f"-{re.sub(r'[^a-z0-9]+', '-', address.instrument.lower())}" if address.instrument else ""
    return f"art-{address.article}{suffix}{other}"


def listed(parts: Sequence[Line]) -> Line:
    """Parts as a list in a sentence: "a, b and c"."""
    if not parts:
        return (Span(VALUES["nobody"]),)
    if len(parts) == 1:
        return parts[0]
    head = _joined(parts[:-1], (Span(VALUES["comma"]),))
    return fill(VALUES["and"], {"all": head, "last": parts[-1]})


def members(codes: Sequence[str]) -> Line:
    """Members as a list in a sentence."""
    return listed([(Span(code.replace("_", " "), "member"),) for code in codes])


def joined_spans(found: Sequence[Span]) -> Line:
    """The spans with neighbours of one kind made one."""
    merged: list[Span] = []
    for span in found:
        if not span.text:
            continue
        if merged and merged[-1].kind == span.kind == "text":
            merged[-1] = Span(merged[-1].text + span.text)
        else:
            merged.append(span)
    return tuple(merged)


def _filled(part: str, terms: Mapping[str, Term | Line]) -> tuple[list[Span], bool]:
    found: list[Span] = []
    empty = False
    at = 0
    for token in _TOKEN.finditer(part):
        found.append(Span(part[at : token.start()]))
        at = token.end()
        slot, how, emphasised = token.groups()
        if emphasised is not None:
            found.append(Span(emphasised, "emphasised"))
            continue
        line = spans(terms[slot], how or "")
        empty = empty or not line
        found += line
    found.append(Span(part[at:]))
    return found, empty


@cache
def _parts(message: str) -> tuple[tuple[bool, str], ...]:
    return tuple((bool(n % 2), part) for n, part in enumerate(re.split(r"[\[\]]", message)) if part)


def _joined(parts: Sequence[Line], between: Line) -> Line:
    found: list[Span] = []
    for number, part in enumerate(parts):
        if number:
            found += between
        found += part
    return joined_spans(found)


def _group(value: tuple[object, ...]) -> Line:
    events = [each for each in value if isinstance(each, Event)]
    if events:
        return fill(VALUES["events"], {"count": len(events)})
    codes = [each for each in value if isinstance(each, str)]
    if len(codes) > LISTED:
        head = _joined([(Span(c, "member"),) for c in codes[: LISTED - 2]], (Span(VALUES["comma"]),))
        return fill(VALUES["and others"], {"all": head, "count": len(codes) - LISTED + 2})
    return members(codes)


def _key(key: str) -> str:
    family, _, rest = key.partition(".")
    if family == "method":
        return method_word(rest)
    return status_word(rest) if family == "status" else TEXTS[key]
