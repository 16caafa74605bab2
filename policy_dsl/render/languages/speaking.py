"""Which language is spoken now: the one thing in this room that is not handed from function to function.

A sentence is put together through twenty functions, and every one of them would have to hand the language on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from policy_dsl.render.languages.tongue import Tongue, tongue

P = ParamSpec("P")
R = TypeVar("R")

ENGLISH = tongue("en")
_spoken: ContextVar[Tongue] = ContextVar("language", default=ENGLISH)


def current() -> Tongue:
    """The language that is spoken."""
    return _spoken.get()


@contextmanager
def speaking(code: str) -> Iterator[Tongue]:
    """Speak a language within. Raises ValueError for one that is not known, `NoLocales` where babel is missing."""
    before = _spoken.set(tongue(code))
    try:
        yield _spoken.get()
    finally:
        _spoken.reset(before)


def each_language(size: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """As `functools.lru_cache`, with a cache for each language."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        known: dict[str, Any] = {}

        @wraps(function)
        def remembered(*values: P.args, **named: P.kwargs) -> R:
            code = current().code
            if code not in known:
                known[code] = lru_cache(size)(function)
            found: R = known[code](*values, **named)
            return found

        return remembered

    return decorate
