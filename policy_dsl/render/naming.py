"""How members and bodies are called: states by their code, participants and steps by their title."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from policy_dsl.render import words
from policy_dsl.render.document import Span
from policy_dsl.resolve.program import Program

T = TypeVar("T")
Called = Callable[[Span], Span]


def caller(program: Program) -> Called:
    """The function that calls everybody by name."""
    titles = {entry.name: words.title_of(entry) for entry in program.of_kind("participant", "step")}

    def called(span: Span) -> Span:
        if span.kind != "member":
            return span
        return replace(span, text=titles.get(span.text, span.text.replace("_", " ")))

    return called


def with_names(part: T, called: Called) -> T:
    """A document, or a part of it, in which everybody is called by name."""
    return cast(T, _named(part, called))


def _named(part: object, called: Called) -> object:
    if isinstance(part, Span):
        return called(part)
    if isinstance(part, tuple):
        return tuple(_named(each, called) for each in part)
    if is_dataclass(part) and not isinstance(part, type):
        held = {each.name: getattr(part, each.name) for each in fields(part)}
        changed = {
            name: _named(value, called)
            for name, value in held.items()
            if isinstance(value, tuple) or is_dataclass(value)
        }
        return replace(cast(Any, part), **changed)
    return part
