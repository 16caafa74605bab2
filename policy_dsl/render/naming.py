"""How members and bodies are called: States by their names, participants and steps by their titles.

In a document a State alone in its cell or heading has its code beside its name, "Tanzania (TZA)"; in sentences the name
does. On the command line States go by their codes, which is how files call them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar, cast

from policy_dsl.render.document import Cell, Line, Span
from policy_dsl.render.languages import adopted, current, original
from policy_dsl.render.messages import VALUES
from policy_dsl.render.titles import title_of
from policy_dsl.resolve.program import Program
from policy_dsl.values.countries import name_of, two_letters

T = TypeVar("T")
MERE = frozenset({"str", "bool", "int", "Fraction | None", "dict[str, str]", "frozenset[str]"})
Called = Callable[[Span], Span]
_PLURAL = ("Islands", "States", "Emirates", "Republics", "Territories")
_COMMON = ("Kingdom", "Republic", "Union", "Federation", "Territory")
_OTHERS = frozenset({"Bahamas", "Comoros", "Congo", "Gambia", "Maldives", "Netherlands", "Philippines", "Seychelles"})
_FIRST = ("Democratic Republic of ", "Federated States of ", "State of ", "Holy See", "Falkland Islands")


def country(code: str) -> str:
    """The name of a State as it is said, "Democratic Republic of the Congo"; the code where no name is known."""
    local = current().territory(two_letters(code))
    if local:
        return local
    head, comma, tail = name_of(code).partition(", ")
    return f"{tail.removeprefix('The ')} {head}" if comma else head


def in_sentence(code: str) -> str:
    """The name of a State as it stands in a sentence, "the Netherlands"."""
    name = country(code)
    takes = name.endswith((*_PLURAL, *_COMMON)) or name.startswith(_FIRST) or name in _OTHERS
    return VALUES["the"].replace("{name}", name) if takes and name != code else name


def with_code(code: str) -> str:
    """The name with the code beside it, as tables and headings give it."""
    name = country(code)
    return f"{name} ({code})" if name != code else code


def by_codes(program: Program) -> Called:
    """Calls participants and steps by their titles, and leaves States their codes."""
    return _caller(program, lambda code: code.replace("_", " "))


def by_names(program: Program) -> Called:
    """Calls participants and steps by their titles, and States by their names."""
    return _caller(program, lambda code: in_sentence(code).replace("_", " "))


def alone(program: Program) -> Callable[[str], str]:
    """How a member is called where its name stands alone, as in a table: by its code."""
    called = by_names(program)
    return cache(lambda code: _alone(Span(code, "member"), called).text)


def _caller(program: Program, other: Callable[[str], str]) -> Called:
    entries = program.of_kind("participant", "step")
    titles = {
        entry.name: (adopted().of(entry.node.name) or title_of(entry), original(entry.node.name)) for entry in entries
    }

    @cache
    def named(span: Span) -> Span:
        name, language = titles.get(span.text) or (other(span.text), "")
        return replace(span, text=current().named(span.text, name, span.form), language=language)

    def called(span: Span) -> Span:
        return named(span) if span.kind == "member" else span

    return called


def with_names(part: T, called: Called) -> T:
    """A document, or a part of it, in which everybody is called by name."""
    return cast(T, _named(part, called))


def _named(part: object, called: Called) -> object:
    if isinstance(part, tuple):
        return _many(part, called)
    if isinstance(part, Cell) and len(part.line) == 1 and part.line[0].kind == "member":
        return Cell((_alone(part.line[0], called),), part.amount, part.about)
    changed: dict[str, object] = {}
    for name in _holding(cast(Any, type(part))):
        old = getattr(part, name)
        new = _named(old, called)
        if new is not old:
            changed[name] = new
    return replace(cast(Any, part), **changed) if changed else part


def _many(parts: tuple[object, ...], called: Called) -> tuple[object, ...]:
    """A line, or the parts of a block; the same object where nobody is named in it."""
    if parts and isinstance(parts[0], Span):
        line = cast(Line, parts)
        for span in line:
            if span.kind == "member":
                return _in_line(line, called)
        return parts
    made = tuple([_named(each, called) for each in parts])
    for new, old in zip(made, parts, strict=True):
        if new is not old:
            return made
    return parts


def _in_line(line: Line, called: Called) -> Line:
    """A line in which everybody is called by name, with a capital where a name begins a sentence."""
    found: list[Span] = []
    begins = True
    for span in line:
        new = called(span)
        if begins and span.kind == "member" and new.text == in_sentence(span.text) != country(span.text):
            new = replace(new, text=new.text[:1].upper() + new.text[1:])
        found.append(new)
        begins = span.kind == "text" and span.text.endswith((". ", "? "))
    return tuple(found)


def _alone(span: Span, called: Called) -> Span:
    """A member alone in its cell: a State has its code beside its name."""
    named = called(span)
    return replace(named, text=with_code(span.text)) if named.text == in_sentence(span.text) else named


@cache
def _holding(kind: type[object]) -> tuple[str, ...]:
    """The fields of a class of the document that may hold lines; none for anything else."""
    return tuple(each.name for each in fields(kind) if each.type not in MERE) if is_dataclass(kind) else ()
