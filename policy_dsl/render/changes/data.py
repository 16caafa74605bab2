"""A comparison of two policies as data: each change with its sentence, each effect with exact figures and causes."""

from __future__ import annotations

from datetime import date
from typing import Any

from policy_dsl.compare.changes import Change, Changes
from policy_dsl.compare.effects import Effect, Studied, Study
from policy_dsl.compare.effects.outcome import Finding
from policy_dsl.receipts.plain import amount, file_name, iso
from policy_dsl.receipts.rules import rules_digest, seals, words_digest
from policy_dsl.render import words
from policy_dsl.render.changes.say import statement
from policy_dsl.resolve.program import Program
from policy_dsl.values import Quantity

SCHEMA = "policy-dsl/comparison/1"


def comparison_data(files: tuple[str, str], changes: Changes, study: Study | None) -> dict[str, Any]:
    """Two policies compared. Sentences are English; amounts are exact."""
    numbers = {switch: at for at, group in enumerate(study.groups, 1) for switch in group} if study else {}
    return {
        "schema": SCHEMA,
        "old": _text(files[0], changes.pairs.old.program),
        "new": _text(files[1], changes.pairs.new.program),
        "changes": [_change(each, numbers) for each in changes.found],
        "effects": None if study is None else _study(study),
    }


def _text(file: str, program: Program) -> dict[str, str]:
    heading = program.heading
    sealed = seals(program)
    return {
        "file": file_name(file),
        "name": heading.name,
        "title": heading.title,
        "version": heading.version,
        "rules": rules_digest(sealed),
        "words": words_digest(sealed),
    }


def _change(change: Change, numbers: dict[tuple[str, ...], int]) -> dict[str, Any]:
    return {
        "sort": change.sort,
        "says": change.says,
        "text": words.flat(statement(change)),
        "article": "" if change.address is None else str(change.address),
        "provision": "" if change.of is None else change.of.name,
        "number": numbers.get(change.switch) if change.switch is not None else None,
    }


def _study(study: Study) -> dict[str, Any]:
    return {
        "cases": [_case(each) for each in study.cases],
        "not_decided": study.left,
        "proof": False,
    }


def _case(case: Studied) -> dict[str, Any]:
    edge = case.edge
    return {
        "case": case.title,
        "name": file_name(case.name),
        "made_for": None if edge is None else {"sort": edge.sort, "of": edge.name, "member": edge.member},
        "does_not_fit": case.wrong or None,
        "traced": case.attributed,
        "effects": [_effect(each) for each in case.effects],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "kind": effect.kind,
        "finding": effect.key[0],
        "of": effect.key[1],
        "for": [each for each in effect.key[2:] if each],
        "before": _value(effect.before),
        "after": _value(effect.after),
        "difference": None if effect.difference is None else amount(effect.difference.amount),
        "because_of": [each + 1 for each in effect.due],
        "how": effect.how,
    }


def _value(finding: Finding | None) -> Any:
    if finding is None:
        return None
    grounds = [str(each) for each in sorted(finding.grounds, key=lambda at: (at.instrument, at.sort_key))]
    value = finding.value
    told: Any
    match value:
        case Quantity():
            told = {**amount(value.amount), "unit": str(value.unit)}
        case date():
            told = iso(value)
        case tuple():
            told = list(value)
        case _:
            told = value
    return {"value": told, "determined": not finding.open, "grounds": grounds}
