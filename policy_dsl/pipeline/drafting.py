"""What a drafter asks of a text: its layout, its advice, its document, its figures through time."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused
from policy_dsl.pipeline.missing import calendars_of
from policy_dsl.pipeline.reading import Opened
from policy_dsl.source import Source

if TYPE_CHECKING:
    from datetime import date

    from policy_dsl.check import Checked
    from policy_dsl.instrument.chronicle import Chronicle
    from policy_dsl.layout.merge import Merged


def laid_out(opened: Opened) -> str:
    """How does a policy, or a translation, read in the canonical layout? Raises Refused where that would change it."""
    from policy_dsl.layout import Unkept, formatted, read
    from policy_dsl.receipts.untouched import digests

    source = opened.source
    try:
        text = formatted(read(source))
    except Unkept as fault:
        raise Refused(Problem("PD985", params={"file": source.name, "what": fault.what})) from None
    if text != source.text and digests(source, opened.load) != digests(Source(source.name, text), opened.load):
        raise Refused(Problem("PD985", params={"file": source.name, "what": "digest of the rules"}))
    return text


def merged(base: Opened, ours: Opened, theirs: Opened, marks: int) -> Merged:
    """What do two versions of a text say together, by article? Raises Refused where the layout would change it."""
    from policy_dsl.layout import Unkept
    from policy_dsl.layout.merge import merged as merge

    try:
        return merge(base.source, ours.source, theirs.source, marks)
    except Unkept as fault:
        raise Refused(Problem("PD985", params={"file": ours.source.name, "what": fault.what})) from None


def advice(checked: Checked, select: Collection[str] = (), ignore: Collection[str] = ()) -> tuple[Problem, ...]:
    """How could this policy be better? Of all advice, or of the codes to `select`, without those to `ignore`.

    Raises Refused where a published calendar is not to be had.
    """
    from policy_dsl.lint import advise

    with calendars_of(checked):
        return advise(checked, select, ignore)


def instrument(checked: Checked, form: str, language: str = "en", paper: str = "a4") -> str | bytes:
    """The policy itself as a document: a text in the forms md and html, bytes in the forms pdf and docx.

    Raises Refused where the part of the tool that makes the form, or speaks the language, is not installed.
    """
    from policy_dsl.instrument import instrument as told
    from policy_dsl.render import FormMissing, NoLocales

    try:
        return told(checked, form, language, paper)
    except FormMissing as missing:
        raise Refused(Problem("PD915", params={"form": missing.form})) from None
    except NoLocales:
        raise Refused(Problem("PD916", params={"language": language})) from None


def graph(checked: Checked, form: str, of: str = "", language: str = "en", page: str = "") -> str:
    """What depends on what, as svg, dot, mermaid or text: of all provisions, or around the one that is called `of`.

    Each box of an svg leads into the document of the instrument at the address `page`, where one is given. Raises
    Refused where nothing is called so, or the part of the tool that speaks the language is not installed.
    """
    from policy_dsl.instrument import Unnamed
    from policy_dsl.instrument import graph as drawn
    from policy_dsl.render import NoLocales

    try:
        return drawn(checked, form, of, language, page)
    except Unnamed as fault:
        near = ", ".join(f"`{name}`" for name in fault.near)
        mend = f"did you mean {near}?" if near else ""
        raise Refused(Problem("PD980", params={"name": fault.name}, mend=mend)) from None
    except NoLocales:
        raise Refused(Problem("PD916", params={"language": language})) from None


def through_time(checked: Checked, day: date | None = None) -> Chronicle:
    """Which value had each figure when, and by which instrument? Of a day: what was so then.

    Raises Refused for a day on which the policy was not yet in force.
    """
    from policy_dsl.instrument.chronicle import Chronicle
    from policy_dsl.instrument.history import history

    _in_force(checked, day)
    return Chronicle(history(checked.program), day)


def _in_force(checked: Checked, day: date | None) -> None:
    """Raises Refused for a day on which a policy was not yet in force."""
    since = checked.program.heading.in_force
    if day is not None and since is not None and day < since:
        raise Refused(Problem("PD967", params={"at": day.isoformat(), "in_force": since.isoformat()}))
