"""The whole flow on one page, one function for each question that a user asks.

    text → syntax tree → program → checked program        is this policy sound?       check_policy
    text in another language × policy                     does it fit the policy?     check_text
    case file → case                                      does this case fit it?      read_case
    checked program × case → decision                     what follows?               decide
    decision → document                                   how does it read?           document
    decision → argument                                   why, and why not?           explanation
    checked program → findings on its examples            does it do what it says?    run_examples
    decision → how far each figure may move               what decided?               what_decided
    stated decision × decision → differences              does it follow?             verify

Each stage is imported when it is asked for, so that a question costs what it needs and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Folder, Loader, Refused, decoded, read_bytes
from policy_dsl.records import dataclass
from policy_dsl.source import Source

if TYPE_CHECKING:
    from policy_dsl.cases.case import Case
    from policy_dsl.cases.read import Read
    from policy_dsl.check import Checked
    from policy_dsl.evaluate.decision import Decision
    from policy_dsl.evaluate.examples import Ran
    from policy_dsl.render.decisive import Decisive
    from policy_dsl.sensitivity import WhatDecided

__all__ = [
    "Opened",
    "Policy",
    "case_schema",
    "case_template",
    "check_policy",
    "check_text",
    "decide",
    "decision_schema",
    "document",
    "explanation",
    "open_file",
    "read_case",
    "run_examples",
    "stated_decision",
    "templates",
    "translation_faults",
    "verify",
    "what_decided",
]


# What is said where a file that a policy or a case names is not to be had, and the parameter that holds its path.
MISSING = {"PD230": "path", "PD717": "file"}


@dataclass(frozen=True, slots=True)
class Opened:
    """The text of a policy or a case, and the loader for the files that it names."""

    source: Source
    load: Loader


def open_file(path: str, data: bytes | None = None) -> Opened:
    """Read a policy or a case, or take its bytes where they are known. Raises Refused where it is no readable text."""
    source = decoded(path, read_bytes(path) if data is None else data)
    return Opened(source, Loader(source))


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """A policy as far as it could be read, and all that is wrong with it; `checked` is none where nothing could be."""

    checked: Checked | None
    problems: tuple[Problem, ...]


def check_policy(opened: Opened) -> Policy:
    """Is this policy sound? The problems are those of its text, of the files that it names, and of what they say."""
    from policy_dsl.check import check
    from policy_dsl.resolve import resolve
    from policy_dsl.syntax import parse

    parsed = parse(opened.source)
    resolved = resolve(parsed, opened.load)
    checked = check(resolved.program) if resolved.program is not None else None
    found = (*parsed.problems, *resolved.problems, *(checked.problems if checked is not None else ()))
    return Policy(checked, tuple(_with_reasons(found, opened.load)))


def check_text(opened: Opened) -> tuple[Problem, ...]:
    """What is wrong with a policy, or with a translation beside the policy that it names?"""
    from policy_dsl.syntax import language_of, parse_translation

    if language_of(opened.source) is None:
        return check_policy(opened).problems
    from policy_dsl.resolve.texts import check_translation

    found = check_translation(parse_translation(opened.source), opened.load)
    return tuple(_with_reasons(found, opened.load))


def translation_faults(checked: Checked, language: str) -> tuple[Problem, ...]:
    """What of the policy's words in a language can't be read, or is of another version than the policy?"""
    from policy_dsl.resolve.texts import faults

    return faults(checked.program, language)


def read_case(checked: Checked, opened: Opened) -> Read:
    """Does this case fit the policy? The case, typed by the policy's declarations, and its problems."""
    from policy_dsl.cases.read import read_case as read

    case = read(opened.source, checked.program, opened.load)
    return replace(case, problems=tuple(_with_reasons(case.problems, opened.load)))


def case_template(checked: Checked) -> str:
    """A case file to begin from."""
    from policy_dsl.cases.template import template

    return template(checked.program)


def case_schema(checked: Checked) -> str:
    """The form of the policy's case files, as a JSON Schema."""
    import json

    from policy_dsl.cases.schema import json_schema

    return json.dumps(json_schema(checked.program), ensure_ascii=False, indent=2) + "\n"


def decide(checked: Checked, case: Case) -> Decision:
    """What follows from the policy in this case? Raises Refused where a published calendar is not to be had."""
    from policy_dsl.evaluate import decide as evaluated

    with _calendars_of(checked):
        return evaluated(checked, case)


def run_examples(checked: Checked) -> Sequence[Ran]:
    """Do the policy's examples hold? Raises Refused where a published calendar is not to be had."""
    from policy_dsl.evaluate.examples import run_examples as ran

    with _calendars_of(checked):
        return ran(checked)


def templates(path: str, form: str) -> Folder:
    """A group's own templates for a form. Raises Refused where there are none, or templates do not make the form."""
    from policy_dsl.render import TEMPLATES

    if form not in TEMPLATES:
        raise Refused(Problem("PD917", params={"form": form}))
    found = Folder(path)
    if all(found(f"document.{each}.j2") is None for each in TEMPLATES):
        raise Refused(Problem("PD919", params={"file": path}))
    return found


def document(
    decision: Decision,
    form: str,
    language: str = "en",
    own: Folder | None = None,
    examined: WhatDecided | None = None,
) -> str | bytes:
    """The decision as a document: a text in the forms md, html and json, bytes in the forms pdf and docx.

    `own` are a group's templates; what was `examined` of the decision is told with it. Raises Refused where the part
    of the tool that makes the form, or speaks the language, is not installed, and where such a template has a fault.
    """
    from policy_dsl.render import FormMissing, NoLocales, TemplateFault, render

    try:
        return render(decision, form, language=language, own=own, examined=examined)
    except TemplateFault as fault:
        raise Refused(fault.problem) from None
    except FormMissing as missing:
        raise Refused(Problem("PD915", params={"form": missing.form})) from None
    except NoLocales:
        raise Refused(Problem("PD916", params={"language": language})) from None


def explanation(decision: Decision, what: str, *, why_not: bool = False, level: str = "reasoned") -> str:
    """Why is this so, or why not? Raises Refused where the decision holds nothing under that name."""
    from policy_dsl.render import explain

    explained = explain(decision, what, level, why_not)
    if not explained.found:
        near = ", ".join(f"`{name}`" for name in explained.nearest)
        raise Refused(Problem("PD911", params={"what": what}, mend=f"did you mean {near}?" if near else ""))
    return explained.text()


def what_decided(checked: Checked, decision: Decision, *, every: bool = False) -> Decisive:
    """How far may each figure move before somebody's number changes? `every`: however long it takes to examine all.

    Raises Refused where a published calendar is not to be had.
    """
    from policy_dsl.render.decisive import Decisive
    from policy_dsl.sensitivity import ENOUGH
    from policy_dsl.sensitivity import what_decided as examined

    with _calendars_of(checked):
        return Decisive(examined(checked, decision, None if every else ENOUGH), checked.program)


def decision_schema() -> str:
    """The form of a decision as data, as a JSON Schema."""
    import json

    from policy_dsl.render.schema import decision_schema as schema

    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def stated_decision(opened: Opened) -> dict[str, Any]:
    """The data of a decision that a file states. Raises Refused for a file that states none in our form."""
    from policy_dsl.receipts.stated import Misstated, read_stated
    from policy_dsl.render.schema import decision_schema as schema

    try:
        return read_stated(opened.source, schema())
    except Misstated as fault:
        raise Refused(fault.problem) from None


def verify(stated: Mapping[str, Any], decision: Decision, examined: WhatDecided | None = None) -> list[Problem]:
    """Does the stated decision follow from the rules and the case? What differs, the first of each kind.

    What was `examined` of the decision is compared where the stated one has it too.
    """
    from policy_dsl.receipts.compare import differences
    from policy_dsl.render import NoLocales
    from policy_dsl.render.compose import gist
    from policy_dsl.render.data import as_data

    try:
        said = gist(decision, stated["text"]["language"])
    except (NoLocales, ValueError):
        # In a language that is not at hand the words can't be compared; the figures can.
        said = gist(decision)
    return differences(stated, as_data(decision, said, examined if "what_decided" in stated else None))


@contextmanager
def _calendars_of(checked: Checked) -> Iterator[None]:
    """Where the holidays of a State can't be had, say so at the place that asks for them."""
    from policy_dsl.deadlines import CalendarMissing, UnknownCalendar
    from policy_dsl.syntax.tree import walk

    try:
        yield
    except (CalendarMissing, UnknownCalendar) as gap:
        asked = checked.program.entries[checked.program.heading.calendar]
        code = "PD912" if isinstance(gap, CalendarMissing) else "PD913"
        place = next((each.span for each in walk(asked.node) if each.span.text == gap.country), asked.node.span)
        raise Refused(Problem(code, place, {"country": gap.country}, str(asked.address or ""))) from None


def _with_reasons(problems: Iterable[Problem], load: Loader) -> Iterable[Problem]:
    """Problems; where a file that the text names is there but can't be read, with the reason."""
    from policy_dsl.diagnostics.catalogue import filled, find

    for problem in problems:
        reason = load.reasons.get(str(problem.params.get(MISSING.get(problem.code, ""), "")))
        if reason is not None and reason.code != "PD901":
            yield replace(problem, mend=filled(find(reason.code).message, reason.params))
        else:
            yield problem
