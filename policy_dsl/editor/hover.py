"""What is said of the word under the pointer: its meaning, its value in force, the words it carries out, its uses."""

from __future__ import annotations

import re
from datetime import date

from policy_dsl.check.types import said
from policy_dsl.editor.meanings import REFERENCE, Meaning, meaning, meanings
from policy_dsl.editor.symbols import Symbol
from policy_dsl.editor.view import View
from policy_dsl.records import dataclass
from policy_dsl.resolve.names import kind_of
from policy_dsl.resolve.program import Entry
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.syntax.awaited import frame
from policy_dsl.values.countries import known, name_of

MOST = 12
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STRINGS = re.compile(r'"[^"\n]*"?|#[^\n]*')


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a stretch of text, as Markdown."""

    span: Span
    text: str


def hover(view: View, offset: int, today: date | None = None) -> Told | None:
    """What is said of the word at a place; `today` tells which value of an amended figure is in force."""
    found = view.at(offset)
    if found is not None:
        text = _symbol(view, found.symbol, today)
        if text:
            return Told(found.span, text)
    return _word(view, offset)


# ---- names -----------------------------------------------------------------------------------------------------------


def _symbol(view: View, symbol: Symbol, today: date | None) -> str:
    match symbol.kind:
        case "name":
            entries = view.entries(symbol)
            if entries:
                return "\n\n---\n\n".join(_entry(view, entry, symbol, today) for entry in entries)
            return _criterion(view, symbol)
        case "field":
            return f"**{symbol.name}** — recorded by the step `{symbol.within}`{_declared(view, symbol)}"
        case "ground":
            return f"**{symbol.name}** — a ground of membership"
        case "article":
            return _article(view, symbol)
        case "language":
            found = meanings()["name"].get(symbol.name)
            return _meaning(found) if found is not None else ""
        case "word":
            for place in ("status", "function", "rounding"):
                if symbol.name in meanings()[place]:
                    return _meaning(meanings()[place][symbol.name])
    return ""


def _entry(view: View, entry: Entry, symbol: Symbol, today: date | None) -> str:
    title = f" “{entry.node.title}”" if entry.node.title else ""
    where = f", {entry.address}" if entry.address is not None else ""
    parts = [f"**{symbol.name}** — {kind_of(entry)}{title}{where}"]
    kind = typed(view, entry)
    if kind:
        parts.append(kind)
    value = _value(view, entry, today)
    if value:
        parts.append(value)
    words = [each.text for each in entry.words]
    if words:
        parts.append("\n>\n".join(f"> {each}" for each in words))
    used = _used(view, entry, symbol)
    if used:
        parts.append(used)
    return "\n\n".join(parts)


def typed(view: View, entry: Entry) -> str:
    """What a provision gives a value of, and for whom: "persons, for each member"."""
    for way in view.ways:
        found = way.named.get(entry)
        if found is not None and not found.unknown:
            whom = " and ".join(each for each in ("cohort", "member") if each in found.reach)
            each = f", one for each {whom}" if whom else ""
            years = ", one for each year" if found.series else ""
            return f"{said(found)}{each}{years}"
    return ""


def _value(view: View, entry: Entry, today: date | None) -> str:
    """What stands for the value in the text; of an amended figure, each value with its first day."""
    match entry.node:
        case tree.Parameter() as node if node.amendments or isinstance(node.value, tree.LeftTo):
            return _rows(view, node, today)
        case tree.Parameter(value=tree.Expr() as value):
            return f"In force: `{value.written}`"
        case tree.Define(value=value, exceptions=exceptions):
            more = f", with {len(exceptions)} exception{'s' * (len(exceptions) != 1)}" if exceptions else ""
            return f"= `{value.written}`{more}"
        case tree.SetOf(seats=seats) if seats:
            listed = ", ".join(f"{seat.code.text} ({name_of(seat.code.text)})" for seat in seats[:MOST])
            return listed + (f" and {len(seats) - MOST} more" if len(seats) > MOST else "")
        case tree.SetOf(value=tree.Expr() as value):
            return f"= `{value.written}`"
        case tree.Indicator() as node:
            return _bounds(node)
    return ""


def _bounds(node: tree.Indicator) -> str:
    parts = []
    if node.low is not None and node.high is not None:
        parts.append(f"between `{node.low.written}` and `{node.high.written}`")
    if node.supplied_by is not None:
        parts.append(f"supplied by {node.supplied_by.text}")
    if isinstance(node.missing, tree.Ident):
        parts.append("who has none is left out")
    elif node.missing is not None:
        parts.append(f"a gap means `{node.missing.written}`")
    return "; ".join(parts)


def _rows(view: View, node: tree.Parameter, today: date | None) -> str:
    """The values of a figure by the day from which each is in force; that of today is marked."""
    begins = view.program.heading.in_force if view.program is not None else None
    rows: list[tuple[date | None, str, str]] = [(begins, node.value.written, "")]
    for row in sorted(node.amendments, key=lambda each: each.since.day):
        notes = "; ".join(note.text for note in row.notes if note.kind in ("cites", "because"))
        rows.append((row.since.day, row.value.written, notes))
    current = max((at for at, (day, _, _) in enumerate(rows) if today and day and day <= today), default=-1)
    lines = []
    for at, (day, value, notes) in enumerate(rows):
        since = f"from {day.isoformat()}" if day is not None else "at first"
        now = " — **in force**" if at == current else ""
        lines.append(f"- {since}: `{value}`{now}{f' ({notes})' if notes else ''}")
    return "\n".join(lines)


def _used(view: View, entry: Entry, symbol: Symbol) -> str:
    """Which provisions use a name, each once, and how many examples do."""
    found: dict[str, None] = {}
    examples = set()
    for program in (way.program for way in view.ways):
        for name, needs in program.depends.items():
            user = program.entries.get(name)
            if user is None or user is entry or entry.name not in needs:
                continue
            found[f"{user.address}: `{user.node.name.text}`" if user.address else f"`{user.node.name.text}`"] = None
        examples |= {example.title for example in program.examples if _mentions(view, example, symbol)}
    listed = list(found)[:MOST]
    more = len(found) - len(listed)
    parts = [", ".join(listed) + (f" and {more} more" if more > 0 else "")] if listed else []
    if examples:
        parts.append(f"{len(examples)} example{'s' * (len(examples) != 1)}")
    return f"Used in {' and in '.join(parts)}." if parts else "Nothing uses it."


def _mentions(view: View, example: tree.Example, symbol: Symbol) -> bool:
    span = example.span
    return any(
        each.span.source is span.source and span.start <= each.span.start < span.end
        for each in view.symbols.by_symbol.get(symbol, ())
    )


def _criterion(view: View, symbol: Symbol) -> str:
    for program in (way.program for way in view.ways):
        for entry in program.entries.values():
            if isinstance(entry.node, tree.Criteria):
                for row in entry.node.rows:
                    if row.name.text == symbol.name:
                        of = f"a criterion of `{entry.node.name.text}`, {entry.address}"
                        return f"**{symbol.name}** — {of}\n\n`{row.written}`"
    return ""


def _declared(view: View, symbol: Symbol) -> str:
    for entry in view.entries(Symbol("name", symbol.within)):
        if isinstance(entry.node, tree.Step):
            for row in entry.node.records:
                if row.name.text == symbol.name:
                    return f": `{row.type.written}`"
    return ""


def _article(view: View, symbol: Symbol) -> str:
    for program in (way.program for way in view.ways):
        for law in program.law:
            if str(law.node.number) == symbol.name and law.address.instrument == symbol.within:
                words = [line.text for line in law.node.lines if isinstance(line, tree.Prose)]
                quoted = "\n>\n".join(f"> {each}" for each in words[:3])
                return f"**Article {symbol.name}** “{law.title}”" + (f"\n\n{quoted}" if quoted else "")
    return ""


# ---- words of the language -------------------------------------------------------------------------------------------


def _word(view: View, offset: int) -> Told | None:
    source = view.source
    line = source.place(offset).line
    start = source.starts[line - 1]
    words = source.line(line)
    found = next((each for each in _WORD.finditer(words) if each.start() <= offset - start <= each.end()), None)
    if found is None or any(each.start() < found.start() < each.end() for each in _STRINGS.finditer(words)):
        return None
    span = source.span(start + found.start(), start + found.end())
    around = frame(source.text, span.start)
    if around is None:
        return None
    word = found.group()
    if word.isupper():
        return Told(span, f"**{word}** — {name_of(word)}") if known(word) or word == "EU" else None
    owner = around.owners[-1] if around.owners else ""
    if owner == "alternative":
        owner = around.owners[-2] if len(around.owners) > 1 else "article"
    told = meaning(word, owner, f"{around.line} {words[found.start() :]}".strip())
    return None if told is None else Told(span, _meaning(told))


def _meaning(found: Meaning) -> str:
    return f"**{found.word}** — {found.says}\n\n{REFERENCE}{found.see}"
