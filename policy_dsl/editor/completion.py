"""What could be written at a place: words of the language, forms of provisions, names, units, codes, citations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_dsl.check import Type
from policy_dsl.editor.hover import typed
from policy_dsl.editor.meanings import REFERENCE, Meaning, meanings, words_at
from policy_dsl.editor.slots import TYPES, opening, rank, slot
from policy_dsl.editor.symbols import symbol_of
from policy_dsl.editor.view import View
from policy_dsl.records import dataclass
from policy_dsl.resolve.bindable import FUNCTIONS
from policy_dsl.resolve.names import STATUSES, VOTE_FIELDS, kind_of
from policy_dsl.resolve.program import Builtin, Entry, Program
from policy_dsl.resolve.scopes import EVERYWHERE, LEDGER, WINDOW
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.syntax.awaited import Awaited, Frame, awaited
from policy_dsl.values.countries import COUNTRIES, name_of
from policy_dsl.values.units import WORDS

NO_VALUE = frozenset({"procedure", "calendar", "reservation", "reservable", "transitional"})


@dataclass(frozen=True, slots=True)
class Item:
    """Something that could be written.

    `kind` is form, word, name, unit, code, citation, function or value. `insert` is what is written where that is not
    the label; with `filled_in` it is a form with places to fill in. `found_by` are further words by which it is sought.
    """

    label: str
    kind: str
    detail: str = ""
    says: str = ""
    insert: str = ""
    filled_in: bool = False
    rank: int = 5
    found_by: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be written in the place of a stretch of text."""

    place: Span
    items: tuple[Item, ...]


def complete(view: View, offset: int) -> Offer | None:
    """What could be written at a place; none where the language has nothing to say."""
    found = awaited(view.source.text, offset)
    if found is None:
        return None
    place = view.source.span(found.frame.start, offset)
    items: dict[str, Item] = {}
    for item in _items(view, found):
        items.setdefault(item.label, item)
    return Offer(place, tuple(sorted(items.values(), key=lambda item: (item.rank, item.label))))


def _items(view: View, found: Awaited) -> Iterator[Item]:
    frame = found.frame
    if opening(frame):
        yield from _openings(found)
    else:
        yield from _words(found)
    if "NAME" in found.kinds or "RESERVED" in found.kinds:
        yield from _names(view, frame)
    if "CODE" in found.kinds:
        yield from _codes(view, frame)
    if "REFERENCE" in found.kinds:
        yield from _citations(view)


# ---- words of the language -------------------------------------------------------------------------------------------


def _openings(found: Awaited) -> Iterator[Item]:
    """What may open the line, each as a form."""
    frame = found.frame
    owner = frame.owners[-1] if frame.owners else ""
    if owner == "alternative":
        owner = frame.owners[-2] if len(frame.owners) > 1 else "article"
    known = set()
    for each in words_at(owner):
        first = each.word.split()[0]
        fits = first in found.words or (each.word == ">" and "PROSE" in found.kinds)
        if fits and each.form and first not in ("then",):
            known.add(first)
            yield _form(each, " " * frame.depth, frame.line)
    for word in sorted(found.words - known):
        if word.isalpha():
            yield _word(word)


def _form(each: Meaning, indent: str, written: str) -> Item:
    """A form; its lines after the first are indented as deep as the place."""
    form = each.form.replace("\n", f"\n{indent}")
    if written and form.startswith(written):
        form = form[len(written) :].lstrip()
    return Item(each.word, "form", "", _says(each), form, True, 2)


def _words(found: Awaited) -> Iterator[Item]:
    for word in sorted(found.words):
        if word.replace("_", "").isalpha():
            yield _word(word)


def _word(word: str) -> Item:
    each = next((table[word] for table in meanings().values() if word in table), None)
    return Item(word, "word", "", "" if each is None else _says(each), rank=4)


def _says(each: Meaning) -> str:
    return f"{each.says}\n\n{REFERENCE}{each.see}"


# ---- names -----------------------------------------------------------------------------------------------------------


def _names(view: View, frame: Frame) -> Iterator[Item]:
    fits = slot(frame)
    match fits.what:
        case "new":
            return
        case "words":
            yield from (_value(word) for word in fits.among)
            if frame.line.startswith("calendar"):
                yield from (_entry(view, entry, 0) for entry in _of_kind(view, ("calendar",)))
        case "unit":
            yield from _units(view)
        case "type":
            yield from (_value(word) for word in TYPES)
            yield from _units(view)
        case "kinds":
            yield from (_entry(view, entry, 0) for entry in _of_kind(view, fits.among))
        case _:
            yield from _values(view, frame)


def _of_kind(view: View, kinds: tuple[str, ...]) -> list[Entry]:
    program = view.program
    if program is None:
        return []
    return [entry for entry in program.entries.values() if entry.kind in kinds and entry.parent is None]


def _value(word: str) -> Item:
    places = ("rounding", "value", "type", "status", "name")
    each = next((meanings()[place][word] for place in places if word in meanings()[place]), None)
    return Item(word, "value", "", "" if each is None else _says(each), rank=1)


def _units(view: View) -> Iterator[Item]:
    for word in WORDS:
        each = meanings()["unit"].get(word.split()[0])
        yield Item(word, "unit", "", "" if each is None else _says(each), rank=2)
    currency = view.program.heading.currency if view.program is not None else ""
    if currency:
        yield Item(currency, "unit", "the currency of this policy", rank=1)


def _values(view: View, frame: Frame) -> Iterator[Item]:
    """Whatever has a value here: names of the policy and of the provision around, the language's own, functions."""
    program = view.program
    seen = set()
    for entry in program.entries.values() if program is not None else ():
        if entry.kind in NO_VALUE or "@" in entry.name:
            continue
        if entry.parent is not None and not _inside(frame, entry.parent):
            continue
        seen.add(entry.node.name.text)
        yield _entry(view, entry, rank(frame, _type(view, entry)))
        if isinstance(entry.node, tree.Criteria):
            yield from (Item(row.name.text, "name", "a criterion", rank=1) for row in entry.node.rows)
    yield from _around(program, frame, seen)
    for name in _torn(view):
        if name not in seen:
            yield Item(name, "name", "in a part that can't be read yet", rank=1)
    yield from (_builtin(name) for name in EVERYWHERE)
    for function in FUNCTIONS:
        yield Item(function, "function", "", _says(meanings()["function"][function]), f"{function}($1)", True, 4)
    if frame.line.rsplit(None, 1)[-1:] in (["is"], ["not"]):
        for status in STATUSES:
            yield Item(status, "value", "a status", _says(meanings()["status"][status]), rank=0)
        for entry in program.entries.values() if program is not None else ():
            for ground in entry.node.grounds if isinstance(entry.node, tree.SetOf) else ():
                yield Item(ground.text, "value", "a ground of membership", rank=0)


def _around(program: Program | None, frame: Frame, seen: set[str]) -> Iterator[Item]:
    """What the provision around gives: fields and groups of a step, the total, a fund's ledger, ends of windows."""
    owners = frame.owners
    if "step" in owners:
        yield _builtin(Builtin.ACTOR.value)
        yield from (_builtin(name) for name in VOTE_FIELDS if name != "outcome")
        step = _named(frame, "step")
        entry = program.entries.get(step) if program is not None else None
        if entry is not None and isinstance(entry.node, tree.Step):
            yield from (Item(row.name.text, "name", f"recorded by `{step}`", rank=0) for row in entry.node.records)
    if "apportion" in owners:
        yield _builtin(Builtin.TOTAL.value)
    if frame.line.startswith("ties"):
        yield _builtin(Builtin.LOT.value)
    if program is not None and any(entry.kind == "fund" for entry in program.entries.values()):
        yield from (_builtin(name, "of a fund") for name in LEDGER if name not in seen)
    yield from (_builtin(name, "of a step") for name in WINDOW if name != "actor")


def _named(frame: Frame, word: str) -> str:
    """The name after the word that opens a line around the place."""
    for line in frame.lines:
        parts = line.split()
        if parts[:1] == [word] and len(parts) > 1:
            return parts[1]
    return ""


def _inside(frame: Frame, parent: Entry) -> bool:
    return _named(frame, "step" if parent.kind == "step" else "key") == parent.node.name.text


def _torn(view: View) -> Iterable[str]:
    """Names that parts seem to give which can't be read: a policy is mostly in that state while it is written."""
    if not isinstance(view.tree, tree.PolicyFile):
        return ()
    found: dict[str, None] = {}
    for item in view.tree.items:
        article = item.article if isinstance(item, tree.Departure) else item
        lines = article.lines if isinstance(article, tree.Article | tree.Alternative) else (article,)
        for line in lines:
            if isinstance(line, tree.Broken):
                found.update(dict.fromkeys(line.declares))
    return found


def _entry(view: View, entry: Entry, order: int) -> Item:
    parts = [kind_of(entry), typed(view, entry), str(entry.address) if entry.address is not None else ""]
    words = " ".join(each.text for each in entry.words)
    detail = " · ".join(part for part in parts if part)
    return Item(symbol_of(entry).name, "name", detail, words, rank=order, found_by=entry.node.title)


def _type(view: View, entry: Entry) -> Type | None:
    return view.ways[0].named.get(entry) if view.ways else None


def _builtin(name: str, of: str = "given by the language") -> Item:
    each = meanings()["name"].get(name)
    return Item(name, "name", of, "" if each is None else _says(each), rank=3)


# ---- codes and citations ---------------------------------------------------------------------------------------------


def _codes(view: View, frame: Frame) -> Iterator[Item]:
    """Codes of States: those that hold a seat first. Where seats are listed, all States."""
    owner = frame.owners[-1] if frame.owners else ""
    if owner == "indicators" or slot(frame).what in ("unit", "type"):
        return
    if owner == "policy":
        yield from (Item(code, "code", name, rank=1) for code, name in CURRENCIES.items())
        return
    seated = _seated(view)
    for code in seated:
        yield Item(code, "code", name_of(code), rank=2, found_by=name_of(code))
    if not seated or owner in ("tier", "set", "reservation", "calendar"):
        for code, (_, name) in COUNTRIES.items():
            if code not in seated:
                yield Item(code, "code", name, rank=6, found_by=name)


def _seated(view: View) -> tuple[str, ...]:
    program = view.program
    nodes = [entry.node for entry in program.entries.values()] if program is not None else []
    codes = {seat.code.text for node in nodes if isinstance(node, tree.SetOf) for seat in node.seats}
    return tuple(sorted(codes))


CURRENCIES = {
    "USD": "US dollar",
    "EUR": "euro",
    "GBP": "pound sterling",
    "CHF": "Swiss franc",
    "XDR": "special drawing right",
}


def _citations(view: View) -> Iterator[Item]:
    """Articles and paragraphs of the policy, with their words."""
    program = view.program
    for at, law in enumerate(program.law if program is not None else ()):
        if law.address.instrument:
            continue
        article = f"Art. {law.node.number}"
        yield Item(article, "citation", law.title, rank=at)
        for line in law.node.lines:
            if isinstance(line, tree.Prose) and line.paragraph is not None:
                yield Item(f"{article}({line.paragraph})", "citation", law.title, line.text, rank=at)
