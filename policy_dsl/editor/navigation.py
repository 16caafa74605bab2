"""From a word to the place that gives it, and to the places that use it; giving a name another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.diagnostics.rendered import render
from policy_dsl.editor.bench import Bench
from policy_dsl.editor.symbols import RENAMED, Occurrence, Symbol, of_translation
from policy_dsl.editor.view import View
from policy_dsl.files import writable
from policy_dsl.pipeline import Opened, edited
from policy_dsl.records import dataclass
from policy_dsl.resolve.names import BUILT_IN
from policy_dsl.source import Source, Span
from policy_dsl.syntax import language_of, parse_translation
from policy_dsl.syntax.again import Again
from policy_dsl.syntax.words import RESERVED

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class CannotRename(Exception):
    """A name that can't be given another one; the message says why."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """The places to change, by the name of the text, and what is to be said with it."""

    places: dict[str, tuple[Source, tuple[Span, ...]]]
    note: str = ""


# ---- where a name is given and used ----------------------------------------------------------------------------------


def definitions(view: View, offset: int) -> list[Span]:
    """The places that give what stands at a place; of a file that the header names, its first character."""
    found = view.at(offset)
    if found is None:
        return []
    if found.symbol.kind == "file":
        source = view.load(found.symbol.name, view.source)
        return [] if source is None else [source.span(0, 0)]
    return [each.span for each in view.symbols.given(found.symbol)]


def references(bench: Bench, view: View, offset: int, folder: str, given: bool = True) -> list[Span]:
    """All places of a name, in all texts that draw on the file that gives it; also those that give it, if asked."""
    found = view.at(offset)
    if found is None or found.symbol.kind in ("file", "word", "language"):
        return []
    spans: dict[tuple[str, int], Span] = {}
    for each in _everywhere(bench, view, found.symbol, folder):
        if given or not each.gives:
            spans.setdefault((each.span.source.name, each.span.start), each.span)
    return list(spans.values())


def _everywhere(bench: Bench, view: View, symbol: Symbol, folder: str) -> Iterator[Occurrence]:
    """All occurrences in all texts that hang together: one that adopts a model shares names with it, in both ways."""
    todo = [(view.policy or view, symbol)]
    seen: set[tuple[str, Symbol]] = set()
    while todo:
        here, named = todo.pop()
        if (here.source.name, named) in seen:
            continue
        seen.add((here.source.name, named))
        found = here.symbols.by_symbol.get(named, [])
        yield from found
        yield from _translations(here, named)
        places = {(each.span.source.name, each.span.start) for each in found}
        for name in sorted({name for name, _ in places}):
            at_home = bench.view(name)
            if at_home is None:
                continue
            for other in (at_home, *bench.beside(at_home, folder)):
                todo += [(other, each) for each in _same(other, named, places)]


def _same(view: View, symbol: Symbol, places: set[tuple[str, int]]) -> set[Symbol]:
    """What a view calls the name that stands in these places."""
    return {
        each.symbol
        for name in {name for name, _ in places}
        for each in view.symbols.by_text.get(name, [])
        if (name, each.span.start) in places and each.symbol.kind == symbol.kind
    }


def _translations(view: View, symbol: Symbol) -> Iterator[Occurrence]:
    """The lines of the translations of a text that give a name its words."""
    for program in (way.program for way in view.ways):
        for worded in (each for each in program.worded if each.file == view.source.name):
            for translation in worded.translations:
                if language_of(translation.source) is None:
                    continue
                symbols = of_translation(parse_translation(translation.source).tree, view.symbols)
                yield from (each for each in symbols.by_text[translation.source.name] if each.symbol == symbol)


# ---- another name ----------------------------------------------------------------------------------------------------


def renamable(view: View, offset: int) -> Span:
    """The place of the name that can be given another one. Raises CannotRename."""
    found = view.at(offset)
    if found is None or found.symbol.kind not in RENAMED:
        raise CannotRename(_why_not(view, offset, found))
    if not view.symbols.given(found.symbol):
        raise CannotRename(f"Nothing in this policy gives the name `{found.symbol.name}`.")
    return found.span


def _why_not(view: View, offset: int, found: Occurrence | None) -> str:
    if found is not None and found.symbol.kind == "article":
        return "An article is renumbered by hand: other instruments may cite it."
    if found is not None and found.symbol.kind == "file":
        return "This is the name of a file; rename the file, then write its new name here."
    word = next((each for each in re.finditer(r"\w+", view.source.text) if each.start() <= offset <= each.end()), None)
    if word is None:
        return "There is no name here."
    return f"`{word.group()}` is a word of the language, or words of the instrument, and no name that the policy gives."


def rename(bench: Bench, view: View, offset: int, name: str, folder: str) -> Renaming:
    """What is to be changed, so that a name becomes another one. Raises CannotRename, with the reason.

    The policies are checked with the new name first: where one would say something else, or have a fault that it has
    not now, nothing is renamed.
    """
    renamable(view, offset)
    found = view.at(offset)
    assert found is not None
    _allowed(view, found.symbol, name)
    spans = references(bench, view, offset, folder)
    texts: dict[str, tuple[Source, tuple[Span, ...]]] = {}
    for span in spans:
        source, before = texts.get(span.source.name, (span.source, ()))
        texts[span.source.name] = (source, (*before, span))
    for source, places in texts.values():
        if not bench.is_open(source.name) and not writable(source.name):
            raise CannotRename(f"{source.name} uses `{found.symbol.name}` too, and can't be written.")
        if any(span.text != found.symbol.name for span in places):
            raise CannotRename(f"{source.name} has changed since it was read; try again.")
    changed = {text: renamed(source, places, name) for text, (source, places) in texts.items()}
    _try(bench, view, changed)
    return Renaming(texts, _note(view, found.symbol))


def _allowed(view: View, symbol: Symbol, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise CannotRename(f"`{name}` is no name: a name has small letters, digits and `_`, and begins with a letter.")
    if name in RESERVED or name in BUILT_IN:
        raise CannotRename(f"`{name}` is a word of the language.")
    if name == symbol.name:
        raise CannotRename(f"It is called `{name}` already.")
    clash = [each for each in view.symbols.by_symbol if each.kind in RENAMED and each.name == name]
    for other in clash:
        if not other.within or not symbol.within or other.within == symbol.within:
            raise CannotRename(f"`{name}` is already the name of something else in this policy.")


def renamed(source: Source, places: Iterable[Span], name: str) -> str:
    """A text with a name in these places."""
    text = source.text
    for span in sorted(places, key=lambda each: each.start, reverse=True):
        text = text[: span.start] + name + text[span.end :]
    return text


def _try(bench: Bench, view: View, changed: dict[str, str]) -> None:
    """Whether the texts say no more faults than before."""
    for name, text in changed.items():
        before = bench.view(name)
        if before is None:
            continue
        source = Source(name, text)
        others = [Source(other, words) for other, words in changed.items() if other != name]
        load = bench.shelf(source, *others)
        after = edited(Opened(source, load), Again())
        fresh = sorted(set(_faults(after.problems)) - set(_faults(before.problems)))
        if fresh:
            raise CannotRename(f"With this name {fresh[0]}.")


def _faults(problems: Iterable[Problem]) -> list[str]:
    return [render(problem).message for problem in problems if problem.is_error]


def _note(view: View, symbol: Symbol) -> str:
    """Case files name facts, groups and steps; nobody can tell which files those are."""
    kinds = {entry.kind for entry in view.entries(symbol)}
    if kinds & {"indicator", "tier", "set", "step", "parameter", "fund", "participant"} or symbol.kind == "field":
        return f"Case files that state `{symbol.name}` must be changed by hand."
    return ""
