"""Claims and values put into words: the only place that makes prose.

The texts stand in `messages.py`; a text is looked up by its id, so that a translation needs nothing but other texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import groupby

from policy_dsl.cases.case import Event, Fact
from policy_dsl.evaluate.decision import CriteriaResult
from policy_dsl.evaluate.derivation import Derived, Status, Unknown, Value
from policy_dsl.explain.argument import (
    Adopted,
    Claim,
    Given,
    Key,
    Label,
    Pair,
    Term,
    Unrounded,
    Who,
    claim,
    cohort_title,
)
from policy_dsl.explain.gaps import gap_claims
from policy_dsl.explain.reading import is_recorded, settled
from policy_dsl.render import numbers
from policy_dsl.render.document import Line, Span
from policy_dsl.render.headings import TEXTS
from policy_dsl.render.languages import Table, each_language, in_words, original_of
from policy_dsl.render.messages import CLAIMS, VALUES
from policy_dsl.render.pieces import joined, joined_spans, parts_of
from policy_dsl.render.titles import (
    adopted_words,
    cite,
    criterion_line,
    english,
    instrument_line,
    status_word,
    title_line,
    word_of,
)
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Address, Quantity

_CODE = re.compile(r"[A-Z]{3}")
LISTED = 12
INLINE = 4
MADE = frozenset({"of", "+", "-", "*", "/", "per", "^", "max", "min", "fewest", "after", "before"})
NAMES = frozenset({"le", "de", "à"})  # the forms of names that messages of other languages ask for


def say(claim: Claim) -> Line:
    """A claim as a sentence."""
    return opened(clause(claim))


def clause(claim: Claim) -> Line:
    """A claim as a part of a sentence."""
    terms = dict(claim.terms)
    return fill(chosen(CLAIMS, claim.says, terms), terms)


def chosen(texts: Table, key: str, terms: Mapping[str, Term | Line]) -> str:
    """A message in the form that goes with its `count`."""
    count = terms.get("count")
    return texts.form(key, Fraction(count)) if isinstance(count, int) else texts[key]


def opened(line: Line) -> Line:
    """A sentence with a capital at its beginning; names and figures stay as they are."""
    if line and line[0].kind == "text" and line[0].text[:1].islower():
        return (replace(line[0], text=line[0].text[:1].upper() + line[0].text[1:]), *line[1:])
    return line


def text(message: str, /, **terms: Term | Line) -> Line:
    """A sentence of the documents themselves."""
    return fill(chosen(TEXTS, message, terms), terms)


def plain(message: str, /, **terms: Term | Line) -> str:
    """A sentence of the documents themselves, as plain text."""
    return flat(text(message, **terms))


def flat(line: Line) -> str:
    """A line without its marks."""
    return "".join(span.text for span in line)


def fill(message: str, terms: Mapping[str, Term | Line]) -> Line:
    """A message with its slots filled; bracketed parts with an empty slot fall away."""
    found: list[Span] = []
    for optional, pieces in parts_of(message):
        begun = len(found)
        for piece in pieces:
            if isinstance(piece, Span):
                found.append(piece)
            elif isinstance(piece, str):
                found += _emphasised(fill(piece, terms))
            else:
                slot, how = piece
                line = spans(terms[slot], how)
                if optional and not line:
                    del found[begun:]
                    break
                found += line
    return joined_spans(found)


def _emphasised(line: Line) -> Iterator[Span]:
    """A line in emphasis: one stretch for each language in it."""
    for language, group in groupby(line, lambda span: span.language):
        yield Span(flat(tuple(group)), "emphasised", language=language)


def spans(term: Term | Line, how: str = "") -> Line:
    """A term as spans of a line."""
    if how.lower() in NAMES:
        return _in_form(spans(term), how)
    if isinstance(term, tuple) and term and isinstance(term[0], Span):
        return term
    match term:
        case None | ():
            return ()
        case Claim():
            return clause(term)
        case Pair(member=member, cohort=cohort):
            return fill(VALUES["pair"], {"member": member, "cohort": Given(cohort_title(cohort.text))})
        case Unrounded(exact=exact, rounded=rounded):
            return (Span(numbers.apart(exact, rounded), "figure"),)
        case Who(code=code):
            return (Span(code, "member"),)
        case Given(text=words):
            return (Span(words, "given"),) if words else ()
        case Adopted():
            return adopted_words(term)
        case Key(id=key):
            return (Span(word_of(key)),)
        case Label(entry=entry, subject=subject):
            return name_of(entry, subject)
        case Entry():
            return title_line(term, kind="emphasised")
        case Address(instrument=instrument) if instrument:
            return fill(VALUES["cited.of"], {"at": (cite(term),), "instrument": instrument_line(instrument)})
        case Address():
            return (cite(term),)
        case Derived():
            return derived(term, how)
        case tuple():
            return listed([spans(each) for each in term if not isinstance(each, Span)])
    return value_of(term)


def _in_form(line: Line, form: str) -> Line:
    """A line in which each member is named in a form; a capital is for the first alone."""
    found = []
    for span in line:
        member = span.kind == "member"
        found.append(Span(span.text, "member", span.to, form) if member else span)
        form = form.lower() if member else form
    return tuple(found)


@each_language(8192)
def derived(term: Derived, how: str = "") -> Line:
    """A value with its name, or one of the two; with "made", an unnamed value with how it was made."""
    term = settled(term)
    name = name_in(term)
    if how == "name":
        return name or value_in(term)
    if isinstance(term.node, tree.Ratio) and term.op == "written":
        return (Span(term.node.written, "figure"),)
    if name and how != "value" and not isinstance(term.value, Event):
        return fill(VALUES["named"], {"name": name, "value": value_in(term)})
    if how == "made" and not name and term.op in MADE and isinstance(term.value, Quantity | date):
        # A value is told by its operation, and an operation by the values in it.
        from policy_dsl.render.operations import operation

        return fill(VALUES["made"], {"value": value_in(term), "formula": operation(term)})
    return value_in(term)


def value_in(term: Derived) -> Line:
    """The value alone, as its making says what it is: an event by its title, bands by their members."""
    if isinstance(term.value, Event) and term.entry is not None:
        return fill(VALUES["event"], {"step": term.entry, "on": term.value.at})
    if term.op == "bands" and isinstance(term.detail, CriteriaResult):
        bands = [
            fill(VALUES["band"], {"number": n, "members": members(band)}) for n, band in enumerate(term.detail.bands, 1)
        ]
        return fill(VALUES["bands"], {"lines": joined(bands, (Span("; "),))})
    return value_of(term.value)


def name_in(term: Derived) -> Line:
    """The name under which a value stands: its provision's, or that of a row of criteria."""
    if term.entry is not None:
        if term.op in ("ledger", "level"):
            return _ledger(term, term.entry)
        name = name_of(term.entry, term.subject)
        if isinstance(term.detail, Fact) and term.detail.year is not None:
            return fill(VALUES["in year"], {"name": name, "year": (Span(str(term.detail.year), "figure"),)})
        if term.op == "key" and isinstance(term.detail, tuple):
            few = len(term.detail) <= INLINE
            whom = {"members": members(term.detail)} if few else {"count": len(term.detail)}
            return fill(VALUES["among" if few else "among.count"], {"name": name, **whom})
        return name
    if term.op == "of" and term.of and not isinstance(term.node, tree.PartOf):
        return name_in(term.of[0])
    if term.op == "count of" and term.of and term.of[0].op == "vote" and isinstance(term.of[0].detail, str):
        return (Span(VALUES[f"count.{term.of[0].detail}"]),)
    if term.op == "count of" and term.of and term.of[0].op == "events" and term.of[0].entry is not None:
        return fill(VALUES["count.events"], {"step": title_line(term.of[0].entry)})
    if term.op == "ground":
        return (Span(VALUES["ground"]),)
    if is_recorded(term):
        return _recorded(term)
    if isinstance(term.node, tree.Criterion) and term.op in ("score", "at least"):
        return _with_subject(criterion_line(term.node), term.subject)
    return ()


def _ledger(term: Derived, fund: Entry) -> Line:
    """What a figure of a fund's ledger is: its balance, or what was paid, pledged or is owed, by all or by one."""
    word = term.detail[0] if isinstance(term.detail, tuple) and term.detail else "balance"
    says = "level" if term.op == "level" else f"{word}.by" if term.subject else str(word)
    terms: dict[str, Term | Line] = {"fund": title_line(fund)}
    return fill(VALUES[says], terms | {"member": Who(term.subject[-1])} if term.subject else terms)


def _recorded(term: Derived) -> Line:
    """What the record of a step gives under a name of its own, or who acted."""
    node = term.node
    name = node.text if isinstance(node, tree.Name) else node.name.text if isinstance(node, tree.ValueOf) else ""
    if name == "actor":
        return (Span(VALUES["actor"]),)
    event = next((each for each in term.of if each.op == "event" and each.entry is not None), None)
    shown = (name[:1].upper() + name[1:]).replace("_", " ")
    terms: dict[str, Term | Line] = {"name": Adopted(name, shown)}
    if event is None or event.entry is None:
        return fill(VALUES["recorded"], terms)
    return fill(VALUES["recorded.of"], {**terms, "step": title_line(event.entry)})


@each_language(4096)
def name_of(entry: Entry, subject: tuple[str, ...] = ()) -> Line:
    """The name of a value with whom it is for: "Places of ALB"."""
    return _with_subject(title_line(entry), subject, entry.reach)


def _with_subject(line: Line, subject: Sequence[str], reach: tuple[str, ...] = ()) -> Line:
    if len(subject) == 2:
        cohort, member = subject
        return fill(VALUES["of pair"], {"name": line, "member": Who(member), "cohort": Given(cohort_title(cohort))})
    if reach == ("cohort",):
        return fill(VALUES["of cohort"], {"name": line, "cohort": Given(cohort_title(subject[0]))})
    for each in reversed(subject):
        line = fill(VALUES["of"], {"name": line, "subject": (Span(each, "member"),)})
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
            step: Line = (Span(in_words(value.step).replace("_", " "), language=original_of(value.step)),)
            return fill(VALUES["event"], {"step": step, "on": value.at})
        case date():
            return (Span(numbers.day(value), "figure"),)
        case str():
            return (Span(value, "member" if _CODE.fullmatch(value) else "given"),)
        case tuple():
            return _group(value)
        case None:
            return (Span(VALUES["none"]),)
    raise TypeError(type(value).__name__)


def quoted(node: tree.Node) -> Line:
    """Words of the rules, in quotes."""
    return fill(VALUES["quoted"], {"text": english(node.written)})


def why_unknown(value: Unknown) -> Line:
    """The root causes of a value that is not to be had."""
    causes = [clause(each) for each in gap_claims(value.gaps)]
    return joined(causes, (Span("; "),))


def listed(parts: Sequence[Line]) -> Line:
    """Parts as a list in a sentence: "a, b and c"."""
    if not parts:
        return (Span(VALUES["nobody"]),)
    if len(parts) == 1:
        return parts[0]
    head = joined(parts[:-1], (Span(VALUES["comma"]),))
    return fill(VALUES["and"], {"all": head, "last": parts[-1]})


def argued(claim: Claim) -> Line:
    """A claim as a sentence, and those that carry it after it."""
    return sentences([say(claim), *(argued(each) for each in claim.because)])


def sentences(lines: Sequence[Line]) -> Line:
    """Sentences one after the other."""
    return joined(lines, (Span(" "),))


def members(codes: Sequence[str]) -> Line:
    """Members as a list in a sentence."""
    return listed([(Span(code, "member"),) for code in codes])


def _group(value: tuple[object, ...]) -> Line:
    events = [each for each in value if isinstance(each, Event)]
    if events:
        return clause(claim("events", count=len(events)))
    codes = [each for each in value if isinstance(each, str)]
    if len(codes) > LISTED:
        head = joined([(Span(c, "member"),) for c in codes[: LISTED - 2]], (Span(VALUES["comma"]),))
        return fill(VALUES["and others"], {"all": head, "count": len(codes) - LISTED + 2})
    return members(codes)
