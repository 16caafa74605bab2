"""What is wrong with a group's template, as a problem at the place in the template where it shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import FILTERS
from jinja2.utils import Namespace

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.render.forms.sandbox import Closed, Turned, Unknown, Unprintable, attributes, classes
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.source import Source, Span

if TYPE_CHECKING:
    from policy_dsl.render.forms.sandbox import Sandbox

_UNKNOWN = re.compile(r"No (filter|test) named '([^']*)'")
_OURS = "policy/"


class NotHad(TemplateNotFound):
    """A file that a template asks for is there and can't be had; the problem says why."""

    def __init__(self, name: str, problem: Problem) -> None:
        super().__init__(name)
        self.problem = problem


class Unreadable(Exception):
    """A template that can't be made ready, for another reason than its syntax."""

    def __init__(self, name: str, error: Exception) -> None:
        super().__init__(name)
        self.name, self.error = name, error


class Endless(Exception):
    """A template that has done or printed more than any document needs."""


def fault(
    error: Exception, read: Mapping[str, Source], names: Callable[[], Sequence[str]], sandbox: Sandbox
) -> Problem:
    """The problem that an exception stands for. `read` holds the templates, `names` gives the files of the folder."""
    problem = _problem(error, names, sandbox)
    place = _place(error, read)
    if place is None:
        return problem
    span = _span(*place, problem.params.get("name", ""))
    return replace(problem, span=span)


def _problem(error: Exception, names: Callable[[], Sequence[str]], sandbox: Sandbox) -> Problem:
    if isinstance(error, Unreadable):
        if isinstance(error.error, RecursionError):
            return Problem("PD940", params={"reason": "there are too many brackets or blocks inside one another"})
        error = error.error
    unknown = _UNKNOWN.match(str(error)) if isinstance(error, TemplateSyntaxError | TemplateRuntimeError) else None
    if unknown is not None:
        return _unknown_word(unknown[1], unknown[2], sandbox)
    match error:
        case Turned():
            return Problem("PD943", params={"name": "autoescape"}, mend="leave it out: all text comes out as text")
        case TemplateSyntaxError():
            return Problem("PD940", params={"reason": _sentence(error.message or "")})
        case NotHad():
            return error.problem
        case TemplateNotFound():
            asked = str(error.name)
            return Problem("PD944", params={"name": asked}, mend=did_you_mean(asked, [*names(), *_ours()]))
        case Unknown():
            return _unknown_name(error)
        case Closed():
            return _closed(error.what)
        case RecursionError():
            return Problem("PD946", params={"reason": "it comes back to itself again and again"})
        case Endless():
            return Problem("PD946", params={"reason": str(error)})
        case Unprintable():
            printed = "|html_line(doc.anchors)" if sandbox.form == "html" else "|md_line"
            mend = f"print a line with `{printed}`" if error.kind == "a line" else ""
            return Problem("PD948", params={"kind": error.kind}, mend=mend)
    return Problem("PD947", params={"reason": _sentence(str(error) or type(error).__name__)})


def _unknown_word(sort: str, name: str, sandbox: Sandbox) -> Problem:
    if sort == "filter" and name in FILTERS:
        return _closed(name)
    known = sandbox.filters if sort == "filter" else sandbox.tests
    return Problem("PD942", params={"sort": sort, "name": name}, mend=did_you_mean(name, known))


def _unknown_name(error: Unknown) -> Problem:
    holder = error.holder
    if holder is None:
        near = did_you_mean(error.name, ["doc", "loop", "parts"])
        return Problem("PD941", params={"name": error.name, "place": "what a template sees"}, mend=near)
    kind = type(holder)
    if kind.__name__ in classes():
        own = sorted(attributes(kind))
        return Problem(
            "PD941",
            params={"name": error.name, "place": f"a `{kind.__name__}`"},
            mend=did_you_mean(error.name, own) or f"it has {', '.join(f'`{each}`' for each in own)}",
        )
    if isinstance(holder, dict):
        return Problem(
            "PD941",
            params={"name": error.name, "place": "a table of names"},
            mend=did_you_mean(error.name, [key for key in holder if isinstance(key, str)]),
        )
    place = {str: "a text", tuple: "a list", Namespace: "a namespace"}.get(kind, "what it is asked of")
    return Problem("PD941", params={"name": error.name, "place": place})


_INSTEAD = {
    "safe": "leave it out: a filter such as `html_line` makes the marks that a document needs",
    "+": "put texts together with `~`",
    "join": "put texts together with `~`",
}


def _closed(what: str) -> Problem:
    return Problem("PD943", params={"name": what}, mend=_INSTEAD.get(what, ""))


def _ours() -> list[str]:
    from importlib.resources import files

    held = (files("policy_dsl.render") / "templates").iterdir()
    return sorted(f"{_OURS}{each.name}" for each in held if each.name.endswith((".j2", ".css")))


# ---- places ----------------------------------------------------------------------------------------------------------


def _place(error: Exception, read: Mapping[str, Source]) -> tuple[Source, int] | None:
    """The template and the line: of a fault of syntax where it stands, else the innermost line of the group's own."""
    if isinstance(error, TemplateSyntaxError) and error.name is not None and error.name in read:
        return read[error.name], error.lineno
    if isinstance(error, Unreadable) and error.name in read and not isinstance(error.error, TemplateRuntimeError):
        return read[error.name], 1
    lines = _lines(error, read)
    inner = [each for each in lines if not each[0].startswith(_OURS)] or lines
    return (read[inner[-1][0]], inner[-1][1]) if inner else None


def _lines(error: Exception, read: Mapping[str, Source]) -> list[tuple[str, int]]:
    """The templates, by name, and their lines that were at work when the exception was raised, the innermost last."""
    found, at = [], error.__traceback__
    while at is not None:
        template: Any = at.tb_frame.f_globals.get("__jinja_template__")
        if template is not None and template.name in read:
            found.append((template.name, template.get_corresponding_lineno(at.tb_lineno)))
        at = at.tb_next
    return found


def _span(source: Source, line: int, word: str) -> Span:
    """The word in a line, where it stands there once, or the line without the blanks at its ends."""
    line = max(1, min(line, len(source.starts)))
    text, start = source.line(line), source.starts[line - 1]
    places = [each.span() for each in re.finditer(rf"(?<![\w/.]){re.escape(word)}(?![\w/])", text)] if word else []
    if len(places) != 1:
        places = [each.span() for each in re.finditer(rf"{re.escape(word)}(?!\w)", text)] if word else []
    begin, end = places[0] if len(places) == 1 else (len(text) - len(text.lstrip()), len(text.rstrip()))
    return source.span(start + begin, start + max(end, begin))


def _sentence(reason: str) -> str:
    """A reason in the words of the library, on one line, as a part of a sentence."""
    plain = " ".join(reason.split()).rstrip(".")
    return plain[:1].lower() + plain[1:] if plain[1:2].islower() else plain
