"""From a checked program and a case to a decision, and from there to what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Folder, Refused
from policy_dsl.pipeline.drafting import _in_force
from policy_dsl.pipeline.missing import calendars_of, with_reasons
from policy_dsl.pipeline.reading import Opened

if TYPE_CHECKING:
    from datetime import date

    from policy_dsl.cases.case import Case
    from policy_dsl.cases.read import Read
    from policy_dsl.check import Checked
    from policy_dsl.evaluate.decision import Decision
    from policy_dsl.render.decisive import Decisive
    from policy_dsl.sensitivity import WhatDecided


def read_case(
    checked: Checked, opened: Opened, as_at: date | None = None, besides: frozenset[str] = frozenset()
) -> Read:
    """Does this case fit the policy? The case, typed by the policy's declarations, and its problems.

    With `as_at` the law is read as at that date, whatever the date of the case; what stands under the names `besides`,
    which other readings of a draft have, is passed over. Raises Refused for a date on which the policy was not yet in
    force.
    """
    from policy_dsl.cases.read import read_case as read

    _in_force(checked, as_at)
    case = read(opened.source, checked.program, opened.load, as_at, besides)
    return replace(case, problems=tuple(with_reasons(case.problems, opened.load)))


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

    with calendars_of(checked):
        return evaluated(checked, case)


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
    paper: str = "a4",
) -> str | bytes:
    """The decision as a document: a text in the forms md, html and json, bytes in the forms pdf and docx.

    `own` are a group's templates; what was `examined` of the decision is told with it; `paper` is `a4` or `letter`.
    Raises Refused where the part of the tool that makes the form, or speaks the language, is not installed, and where
    such a template has a fault.
    """
    from policy_dsl.render import FormMissing, NoLocales, TemplateFault, render

    try:
        return render(decision, form, language=language, own=own, examined=examined, paper=paper)
    except TemplateFault as fault:
        raise Refused(fault.problem) from None
    except FormMissing as missing:
        raise Refused(Problem("PD915", params={"form": missing.form})) from None
    except NoLocales:
        raise Refused(Problem("PD916", params={"language": language})) from None


def glance(decision: Decision, form: str = "html", language: str = "en") -> str:
    """Who receives what, at a glance? Tables to stand in a page of somebody else's: html or md.

    Raises Refused where the part of the tool that speaks the language is not installed.
    """
    from policy_dsl.render import NoLocales
    from policy_dsl.render.glance import glance as shown

    try:
        return shown(decision, form, language)
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

    with calendars_of(checked):
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
