"""A file that states a decision, read strictly: JSON of the form that this engine writes, or a problem."""

from __future__ import annotations

import json
from typing import Any

from policy_dsl.diagnostics import Problem
from policy_dsl.receipts.shape import Misfit, Schema, misfit
from policy_dsl.source import Source

WHOLE = "the whole file"
LONGEST_NUMBER = 15
"""Digits of the longest whole number that every reader of JSON keeps exactly."""


class Misstated(Exception):
    """A file that states no decision in our form, with the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_stated(source: Source, schema: Schema) -> dict[str, Any]:
    """The plain data of a stated decision. Raises Misstated for any other text, and nothing else."""
    try:
        data = json.loads(source.text, object_pairs_hook=_once, parse_float=_Odd, parse_constant=_Odd, parse_int=_whole)
        found = misfit(data, schema)
    except json.JSONDecodeError as fault:
        end = len(source.text)
        at = min(fault.pos, max(end - 1, 0))
        raise Misstated(Problem("PD920", source.span(at, min(at + 1, end)), {"file": source.name})) from None
    except RecursionError:
        raise Misstated(Problem("PD920", params={"file": source.name})) from None
    if found is not None:
        raise Misstated(_problem(source.name, found))
    assert isinstance(data, dict)
    return data


class _Odd:
    """What JSON may hold and our form never does: a number with a point, or one too long; an object with a key twice.

    It fits no schema, and so is found where it stands.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text


def _once(pairs: list[tuple[str, Any]]) -> Any:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    names = [name for name, _ in pairs]
    return _Odd(next(name for name in names if names.count(name) > 1))


def _whole(text: str) -> Any:
    return int(text) if len(text) <= LONGEST_NUMBER else _Odd(text)


_CODES = {"lacks": "PD921", "unknown": "PD922", "value": "PD923"}


def _problem(file: str, found: Misfit) -> Problem:
    place = f"`{found.place}`" if found.place else WHOLE
    params = {"file": file, "place": place, "key": found.key, "found": brief(found.value)}
    return Problem(_CODES[found.what], params=params)


def brief(value: Any) -> str:
    """Plain data in a few words, for a message."""
    match value:
        case None:
            return "nothing"
        case True:
            return "yes"
        case False:
            return "no"
        case {"exact": str(exact), "decimal": str(decimal)}:
            unit = value.get("unit", "")
            cut = f" ({decimal})" if "/" in exact else ""
            text = f"{exact}{cut} {unit}".strip()
        case {"status": str(status)}:
            text = status
        case [] | {}:
            return "nothing"
        case list():
            text = ", ".join(brief(each) for each in value[:8])
        case dict():
            text = ", ".join(f"{name}: {brief(each)}" for name, each in list(value.items())[:8])
        case _:
            text = str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
