"""The words of the rules in the language that is spoken: titles, paragraphs, reasons; and which are the authentic ones.

As the language itself they are not handed from function to function. A program has one set of words in each language,
so that what is remembered of one of its provisions in a language holds as long as the program does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from policy_dsl.render.languages.speaking import speaking
from policy_dsl.resolve.program import Program
from policy_dsl.resolve.texts import Texts, texts
from policy_dsl.syntax import tree

_NONE = Texts("", {}, {}, {}, {}, ())
_words: ContextVar[Texts] = ContextVar("words of the rules", default=_NONE)
_titles: ContextVar[Mapping[str, tuple[str, str]]] = ContextVar("titles of instruments", default=MappingProxyType({}))


def adopted() -> Texts:
    """The words of the rules in the language that is spoken; none where they are the authentic ones."""
    return _words.get()


@contextmanager
def telling(program: Program, code: str) -> Iterator[Texts]:
    """Speak a language within, with the words of a policy in it. Raises as `speaking`."""
    with speaking(code):
        told = texts(program, code)
        before, titles = _words.set(told), _titles.set(_instruments(program, told, code))
        try:
            yield told
        finally:
            _titles.reset(titles)
            _words.reset(before)


def _instruments(program: Program, told: Texts, code: str) -> dict[str, tuple[str, str]]:
    """The title of each file's instrument, and its language where that is not the one spoken."""
    found = {}
    for each in program.worded:
        foreign = each.authentic if each.authentic != code else ""
        said = told.titles.get(each.name)
        found[each.name] = (said, "") if said else (each.title or each.name.replace("_", " "), foreign)
    return found


def instrument(name: str) -> tuple[str, str]:
    """The title of an instrument by its name, and its language where that is not the one spoken.

    What has no title goes by its name, which is in no language.
    """
    return _titles.get().get(name) or (name.replace("_", " "), "")


def in_words(authentic: str) -> str:
    """Words of the rules (a title, a name, a reason) in the language that is spoken, or as they stand."""
    return adopted().words.get(authentic, authentic)


def original(node: tree.Node) -> str:
    """The code of the language in which the words of a part of the rules are shown, where it is not the one spoken."""
    told = adopted()
    return authentic_language(node) if told.files and not told.of(node) else ""


def authentic_language(node: tree.Node) -> str:
    """The code of the language of the authentic words of a part of the rules, where it is not the one spoken."""
    files = adopted().files
    return next((each.worded.authentic for each in files if each.worded.file == node.span.source.name), "")


def original_of(authentic: str) -> str:
    """As `original`, for words whose place is not known: nothing where the files of the rules differ in language."""
    told = adopted()
    if not authentic or authentic in told.words:
        return ""
    languages = {each.worded.authentic for each in told.files}
    return languages.pop() if len(languages) == 1 else ""
