"""What stands under each word: every name of a policy with the places that give it and the places that use it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from policy_dsl.check import Checked
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, FieldOf, Program, Ref, Word
from policy_dsl.source import Source, Span
from policy_dsl.syntax import tree
from policy_dsl.values import Reference

_REFERENCE = re.compile(r"Art\.[ ]?[0-9]+(?:[ ][a-z]+)?(?:\([0-9]+\))?")
RENAMED = frozenset({"name", "field", "ground"})


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that words stand for.

    `kind` is name (of a provision, a row of criteria, or what a provision defines inside), field (of a step's record),
    ground, article, language (a name that the language gives), word (a status, a function) or file. `within` is the
    provision inside which the name holds, or empty.
    """

    kind: str
    name: str
    within: str = ""


class Occurrence(NamedTuple):
    """A symbol at a place; `gives` where the place is that which gives the name."""

    span: Span
    symbol: Symbol
    gives: bool = False


class Symbols:
    """The occurrences in all texts of a policy, those of each text in order; of a draft, however it is read."""

    def __init__(self, ways: Iterable[Checked], own: tree.PolicyFile | None) -> None:
        found: dict[tuple[str, int, int, Symbol], Occurrence] = {}
        self.entries: dict[Symbol, list[Entry]] = defaultdict(list)
        for way in ways:
            for each in (*_names(way.program, self.entries), *_articles(way.program)):
                place = (each.span.source.name, each.span.start, each.span.end, each.symbol)
                if place not in found or each.gives:
                    found[place] = each
        for each in _files(own):
            found[each.span.source.name, each.span.start, each.span.end, each.symbol] = each
        self.by_text: dict[str, list[Occurrence]] = defaultdict(list)
        self.by_symbol: dict[Symbol, list[Occurrence]] = defaultdict(list)
        for each in sorted(found.values(), key=lambda one: (one.span.source.name, one.span.start, one.span.end)):
            self.by_text[each.span.source.name].append(each)
            self.by_symbol[each.symbol].append(each)

    def at(self, source: Source, offset: int) -> Occurrence | None:
        """The occurrence at a place, or that which ends there."""
        listed = self.by_text.get(source.name, [])
        at = bisect_right(listed, offset, key=lambda each: each.span.start) - 1
        while at >= 0 and listed[at].span.end >= offset:
            if listed[at].span.start <= offset:
                return listed[at]
            at -= 1
        return None

    def given(self, symbol: Symbol) -> list[Occurrence]:
        """The places that give a name."""
        return [each for each in self.by_symbol.get(symbol, []) if each.gives]


def symbol_of(entry: Entry) -> Symbol:
    """The symbol of a provision. Several rules for one value have one name."""
    if entry.parent is not None:
        return Symbol("name", entry.node.name.text, entry.parent.node.name.text)
    return Symbol("name", entry.node.name.text)


def _names(program: Program, entries: dict[Symbol, list[Entry]]) -> Iterator[Occurrence]:
    grounds: set[str] = set()
    for entry in program.entries.values():
        node = entry.node
        if isinstance(node, tree.Reservable):
            continue
        symbol = symbol_of(entry)
        if entry not in entries[symbol]:
            entries[symbol].append(entry)
        yield Occurrence(node.name.span, symbol, True)
        match node:
            case tree.Step(records=rows):
                yield from (
                    Occurrence(row.name.span, Symbol("field", row.name.text, node.name.text), True) for row in rows
                )
            case tree.Criteria(rows=rows):
                yield from (Occurrence(row.name.span, Symbol("name", row.name.text), True) for row in rows)
            case tree.SetOf(grounds=names):
                grounds.update(name.text for name in names)
                yield from (Occurrence(name.span, Symbol("ground", name.text), True) for name in names)
            case tree.Apportion(adjusted=tree.Adjusted(step=step)) if step.text in program.entries:
                yield Occurrence(step.span, symbol_of(program.entries[step.text]))
            case _:
                pass
    for at, ref in program.refs.items():
        if isinstance(at, tree.Name | tree.Ident):
            used = _symbol(at, ref, program, grounds)
            if used is not None:
                yield Occurrence(at.span, used)
    yield from _calendar(program)


def _symbol(node: tree.Name | tree.Ident, ref: Ref, program: Program, grounds: set[str]) -> Symbol | None:
    match ref:
        case Entry():
            return symbol_of(ref)
        case FieldOf(step=step, name=name):
            owner = _recording(step, name, program)
            return Symbol("language", name) if owner is None else Symbol("field", name, owner)
        case CriterionOf(row=row):
            return Symbol("name", row.name.text)
        case Builtin():
            return Symbol("language", ref.value)
        case Word(cohort=True):
            return None
        case Word():
            return Symbol("ground" if node.text in grounds else "word", node.text)


def _recording(step: Entry, name: str, program: Program) -> str | None:
    """The step, or the one as which it is decided, that records a field."""
    seen: set[str] = set()
    here: Entry | None = step
    while here is not None and isinstance(here.node, tree.Step) and here.name not in seen:
        seen.add(here.name)
        if any(row.name.text == name for row in here.node.records):
            return here.node.name.text
        here = None if here.node.model is None else program.entries.get(here.node.model.text)
    return None


def _calendar(program: Program) -> Iterator[Occurrence]:
    """The line of the header that chooses a calendar of an article."""
    chosen = program.entries.get(program.heading.calendar)
    if chosen is None or chosen.kind != "calendar":
        return
    found = re.search(r"^[ \t]+calendar[ \t]+([a-z][a-z0-9_]*)", program.source.text, re.MULTILINE)
    if found is not None and found.group(1) == chosen.name:
        yield Occurrence(program.source.span(*found.span(1)), symbol_of(chosen))


def _articles(program: Program) -> Iterator[Occurrence]:
    for law in program.law:
        number = law.node.number
        yield Occurrence(number.span, article_symbol(str(number), law.address.instrument), True)
        for node in tree.walk(law.node):
            yield from _references(node, law.address.instrument)
    for example in program.examples:
        for node in tree.walk(example):
            yield from _references(node, "")
    for departure in program.departures:
        if departure.kind == "delete":
            yield Occurrence(departure.node.number.span, article_symbol(str(departure.node.number), ""))


def article_symbol(number: str, instrument: str) -> Symbol:
    """The symbol of an article by its number, as `4 bis`."""
    return Symbol("article", number, instrument)


def _references(node: tree.Node, instrument: str) -> Iterator[Occurrence]:
    """The articles that a line names in `notwithstanding`, or an expectation among its grounds."""
    notes: tuple[tree.Note, ...] = ()
    if isinstance(node, tree.Note) and node.kind == "notwithstanding":
        notes = (node,)
    elif isinstance(node, tree.Expect):
        notes = node.grounds
    for note in notes:
        found = _REFERENCE.search(note.span.text)
        if found is None:
            continue
        try:
            reference = Reference.read(" ".join(found.group().replace("Art.", "Art. ").split()))
        except ValueError:
            continue
        start = note.span.start + found.start()
        number = f"{reference.article} {reference.suffix}".strip()
        yield Occurrence(
            note.span._replace(start=start, end=start + len(found.group())), article_symbol(number, instrument)
        )


def _files(own: tree.PolicyFile | None) -> Iterator[Occurrence]:
    """The files that the header names."""
    for line in own.header.lines if own is not None and own.header is not None else ():
        if line.word in ("use", "based on", "translation") and isinstance(line.value, tree.Text):
            yield Occurrence(line.value.span, Symbol("file", line.value.value))


def of_translation(file: tree.TranslationFile, policy: Symbols) -> Symbols:
    """The occurrences of a translation, and those of the policy that it translates."""
    made = Symbols((), None)
    made.entries = policy.entries
    made.by_text = defaultdict(list, policy.by_text)
    made.by_symbol = defaultdict(list, {symbol: list(found) for symbol, found in policy.by_symbol.items()})
    found = sorted(_translated(file, policy), key=lambda each: each.span.start)
    made.by_text[file.span.source.name] = found
    for each in found:
        made.by_symbol[each.symbol].append(each)
    return made


def _translated(file: tree.TranslationFile, policy: Symbols) -> Iterator[Occurrence]:
    for item in file.items:
        if isinstance(item, tree.Translated | tree.Untranslated):
            yield Occurrence(item.number.span, article_symbol(str(item.number), ""))
        for line in item.lines if isinstance(item, tree.Translated) else ():
            if isinstance(line, tree.Named):
                yield from _named(line, policy)
    for head in file.header.lines if file.header is not None else ():
        if head.word == "of" and isinstance(head.value, tree.Text):
            yield Occurrence(head.value.span, Symbol("file", head.value.value))


def _named(line: tree.Named, policy: Symbols) -> Iterator[Occurrence]:
    """`name x of y`: what the policy calls so, and that to which it belongs."""
    name, of = line.name.text, line.of.text if line.of is not None else ""
    known = [each for each in policy.by_symbol if each.kind in RENAMED and each.name == name]
    meant = [each for each in known if each.within == of] if of else known
    if meant or known:
        yield Occurrence(line.name.span, (meant or known)[0])
    if line.of is not None and Symbol("name", of) in policy.by_symbol:
        yield Occurrence(line.of.span, Symbol("name", of))
