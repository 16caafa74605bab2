"""How problems are printed: to which stream, in which colour, counted."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

import click

from policy_dsl.records import dataclass

if TYPE_CHECKING:
    from policy_dsl.diagnostics.problem import Problem

_COLOURS = {"error": "red", "warning": "yellow", "advice": "cyan"}
_HEAD = re.compile(r"(PD\d{3} )(error|warning|advice)\b(.*)")
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_MARK = re.compile(r"( *\| +)([\^-]+)(.*)$")


@dataclass(frozen=True, slots=True)
class Message:
    """A problem put into words: what it takes to print it, and nothing that would need the catalogue again."""

    severity: str
    text: str
    data: dict[str, object]


def messages(problems: Iterable[Problem]) -> list[Message]:
    """Problems put into words, in their order."""
    from policy_dsl.diagnostics.rendered import in_order, render

    rendered = [render(problem) for problem in in_order(problems)]
    return [Message(each.severity.value, each.text, each.data()) for each in rendered]


def tell(said: Sequence[Message], *, err: bool = False) -> None:
    """Print messages with a blank line between them."""
    stream = sys.stderr if err else sys.stdout
    coloured = colours(stream)
    for message in said:
        click.echo(_painted(message.text, message.severity) if coloured else message.text, file=stream, color=coloured)
        click.echo("", file=stream)


def as_json(data: object) -> str:
    """Data as JSON, its keys in the order given, with the signs that could mislead a terminal as their numbers."""
    import json

    text = json.dumps(data, ensure_ascii=False, indent=2)
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) + "\n"


def counted(said: Iterable[Message]) -> str:
    """ "2 errors, 1 warning", or "no faults"."""
    severities = [message.severity for message in said]
    parts = [
        f"{severities.count(word)} {one if severities.count(word) == 1 else many}"
        for word, one, many in (("error", "error", "errors"), ("warning", "warning", "warnings"), ("advice",) * 3)
        if word in severities
    ]
    return ", ".join(parts) if parts else "no faults"


def errors(said: Iterable[Message]) -> bool:
    """Whether one of the messages stops the work."""
    return any(message.severity == "error" for message in said)


def colours(stream: IO[str]) -> bool:
    """Whether to colour: on a terminal that can, and where nobody has asked for none."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _painted(text: str, severity: str) -> str:
    colour = _COLOURS[severity]
    lines = text.split("\n")
    head = _HEAD.match(lines[0])
    if head:
        lines[0] = click.style(head[1] + head[2], fg=colour, bold=True) + head[3]
    for number, line in enumerate(lines[1:], 1):
        mark = _MARK.match(line)
        if mark:
            lines[number] = mark[1] + click.style(mark[2] + mark[3], fg=colour if mark[2][0] == "^" else "blue")
    return "\n".join(lines)
