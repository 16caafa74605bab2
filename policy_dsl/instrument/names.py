"""The names of an instrument in its document: each leads to the place where it is defined, which has an anchor."""

from __future__ import annotations

import re

from policy_dsl.render.document import Line, Span
from policy_dsl.render.languages import adopted, original
from policy_dsl.render.titles import criterion_line, title_line
from policy_dsl.resolve.program import Entry, FieldOf, Program
from policy_dsl.syntax import tree
from policy_dsl.values import Address

TERM = "term"
_OTHER = re.compile(r"[^a-z0-9]+")


def anchor(name: str) -> str:
    """The place where a name is defined."""
    return f"def-{_OTHER.sub('-', name.lower()).strip('-')}"


def criterion_anchor(row: tree.Criterion) -> str:
    """The place of a row of criteria."""
    return f"criterion-{_OTHER.sub('-', row.name.text.lower())}"


def linked(line: Line, to: str) -> Line:
    """A name that leads somewhere."""
    return tuple(Span(each.text, TERM, to, each.form, each.language) for each in line)


def placed(line: Line, at: str) -> Line:
    """A name at the place where it is defined."""
    first, *rest = line
    return (Span(first.text, TERM, "", first.form, first.language, at), *rest)


def name(entry: Entry) -> Line:
    """The title of a provision, leading to where it stands."""
    return linked(title_line(entry), anchor(entry.name))


def title(entry: Entry) -> Line:
    """The title of a provision where it stands."""
    return placed(title_line(entry), anchor(entry.name))


def criterion(row: tree.Criterion) -> Line:
    """The title of a row of criteria, leading to where it stands."""
    return linked(criterion_line(row), criterion_anchor(row))


def field(program: Program, of: FieldOf) -> Line:
    """The title of what the record of a step states, without more."""
    return _field(of.name, recorded(program, of.step.node, of.name))


def field_title(node: tree.RecordField) -> Line:
    """The same, of the line that asks for it."""
    return _field(node.name.text, node)


def _field(name: str, node: tree.RecordField | None) -> Line:
    said = adopted().of(node.name) if node is not None else ""
    shown = (name[:1].upper() + name[1:]).replace("_", " ")
    return (Span(said or shown, "given", language=original(node.name) if node is not None else ""),)


def recorded(program: Program, node: tree.Node, name: str) -> tree.RecordField | None:
    """The line of a step, or of the step as which it is decided, that asks for a field."""
    seen: set[tree.Node] = set()
    while isinstance(node, tree.Step) and node not in seen:
        seen.add(node)
        for each in node.records:
            if each.name.text == name:
                return each
        found = program.ref(node.model) if node.model is not None else None
        if not isinstance(found, Entry):
            return None
        node = found.node
    return None


def word(ident: tree.Ident) -> Line:
    """A word of the rules that names nothing else: a standing, a ground, what a body may do."""
    said = adopted().of(ident)
    return (Span(said or ident.text.replace("_", " "), "given", language=original(ident)),)


def paragraph_anchor(at: Address) -> str:
    """The place of the first of the paragraphs of an address; empty where it names none."""
    if not at.paragraphs:
        return ""
    suffix = f"-{at.suffix}" if at.suffix else ""
    return f"art-{at.article}{suffix}-{at.paragraphs[0]}"
