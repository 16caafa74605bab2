"""From a text to a checked program."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Loader, Refused, decoded, read_bytes
from policy_dsl.pipeline.missing import with_reasons
from policy_dsl.records import dataclass
from policy_dsl.source import Source

if TYPE_CHECKING:
    from policy_dsl.check import Checked
    from policy_dsl.syntax import Parsed
    from policy_dsl.syntax.again import Again
    from policy_dsl.syntax.tree import PolicyFile, TranslationFile


AT_THE_KEYBOARD = 8
"""How many combinations of a draft are checked after each keystroke."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The text of a policy or a case, and the loader for the files that it names."""

    source: Source
    load: Loader


def open_file(path: str, data: bytes | None = None) -> Opened:
    """Read a policy or a case, or take its bytes where they are known. Raises Refused where it is no readable text."""
    source = decoded(path, read_bytes(path) if data is None else data)
    return Opened(source, Loader(source))


def open_version(name: str) -> Opened:
    """A file, or where none has this name, the file as it stood at a revision in git: `REV:path`. Raises Refused.

    What it names is then read at the same revision.
    """
    if ":" in name:
        from policy_dsl.files.revisions import is_revision, read_revision

        if is_revision(name):
            return Opened(*read_revision(name))
    return open_file(name)


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy as far as it could be read, and all that is wrong with it; `checked` is none where nothing could be."""

    checked: Checked | None
    problems: tuple[Problem, ...]


def check_policy(opened: Opened, take: Collection[str] = (), *, as_draft: bool = False) -> Policy:
    """Is this policy sound? The problems are those of its text, of the files that it names, and of what they say.

    A draft that holds alternatives is no policy, unless those to `take` leave one reading of it; but `as_draft` asks
    whether it is sound whatever is chosen. Raises Refused where they can't be taken.
    """
    from policy_dsl.syntax import parse

    return _examined(opened, parse(opened.source), take, as_draft=as_draft)


def _examined(opened: Opened, parsed: Parsed, take: Collection[str] = (), *, as_draft: bool = False) -> Policy:
    from policy_dsl.check import check
    from policy_dsl.resolve import resolve
    from policy_dsl.syntax.tree import is_draft

    if take or is_draft(parsed.tree):
        from policy_dsl.check.draft import NotTaken, read_draft

        try:
            read, problems = read_draft(parsed, opened.load, take, as_draft=as_draft)
        except NotTaken as fault:
            raise Refused(fault.problem) from None
        return Policy(read, tuple(with_reasons(problems, opened.load)))
    resolved = resolve(parsed, opened.load)
    checked = check(resolved.program) if resolved.program is not None else None
    found = (*parsed.problems, *resolved.problems, *(checked.problems if checked is not None else ()))
    return Policy(checked, tuple(with_reasons(found, opened.load)))


def check_text(opened: Opened) -> tuple[Problem, ...]:
    """What is wrong with a policy, or with a translation beside the policy that it names?"""
    from policy_dsl.syntax import language_of, parse_translation

    if language_of(opened.source) is None:
        return check_policy(opened, as_draft=True).problems
    from policy_dsl.resolve.texts import check_translation

    found = check_translation(parse_translation(opened.source), opened.load)
    return tuple(with_reasons(found, opened.load))


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """A text while it is written: its tree, what it means as far as that can be told, and all that is wrong with it.

    `ways` are the ways to read it: one, or of a draft several; none for a translation, and where nothing can be told.
    """

    tree: PolicyFile | TranslationFile
    ways: tuple[Checked, ...]
    problems: tuple[Problem, ...]


def edited(opened: Opened, again: Again) -> Edited:
    """What does this text say, and what is wrong with it? `again` remembers its trees between keystrokes."""
    from policy_dsl.syntax import language_of, parse_translation
    from policy_dsl.syntax.tree import is_draft

    if language_of(opened.source) is not None:
        return Edited(parse_translation(opened.source).tree, (), check_text(opened))
    parsed = again.read(opened.source)
    if not is_draft(parsed.tree):
        policy = _examined(opened, parsed)
        return Edited(parsed.tree, () if policy.checked is None else (policy.checked,), policy.problems)
    from policy_dsl.check.draft import check_draft, note

    draft = check_draft(parsed, opened.load, most=AT_THE_KEYBOARD)
    problems = (*draft.problems, note(draft)) if draft.variants else draft.problems
    ways = tuple(each.checked for each in draft.variants if each.checked is not None)
    return Edited(parsed.tree, ways, tuple(with_reasons(problems, opened.load)))


def translation_faults(checked: Checked, language: str) -> tuple[Problem, ...]:
    """What of the policy's words in a language can't be read, or is of another version than the policy?"""
    from policy_dsl.resolve.texts import faults

    return faults(checked.program, language)
