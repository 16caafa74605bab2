"""The words of the rules in the language that is spoken: titles, paragraphs, reasons; and which are the authentic ones.

As the language itself they are not handed from function to function. A program has one set of words in each language,
so that what is remembered of one of its provisions in a language holds as long as the program does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from policy_dsl.render.languages.speaking import speaking
from policy_dsl.resolve.program import Program
from policy_dsl.resolve.texts import Texts, texts
from policy_dsl.syntax import tree

_NONE = Texts("", {}, {}, {}, {}, ())
_words: ContextVar[Texts] = ContextVar("words of the rules", default=_NONE)


def adopted() -> Texts:
    """The words of the rules in the language that is spoken; none where they are the authentic ones."""
    return _words.get()


@contextmanager
def telling(program: Program, code: str) -> Iterator[Texts]:
    """Speak a language within, with the words of a policy in it. Raises as `speaking`."""
    with speaking(code):
        before = _words.set(texts(program, code))
        try:
            yield _words.get()
        finally:
            _words.reset(before)


def in_words(authentic: str) -> str:
    """Words of the rules (a title, a name, a reason) in the language that is spoken, or as they stand."""
    return adopted().words.get(authentic, authentic)


def original(node: tree.Node) -> str:
    """The code of the language in which the words of a part of the rules are shown, where it is not the one spoken."""
    told = adopted()
    if not told.files or told.of(node):
        return ""
    return next((each.worded.authentic for each in told.files if each.worded.file == node.span.source.name), "")
