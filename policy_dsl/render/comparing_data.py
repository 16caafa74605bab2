"""Readings of rules side by side as data. Amounts are exact, as in the data of a decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_dsl.check.draft import Draft
from policy_dsl.compare.burdens import Burden, Compared, Reading
from policy_dsl.compare.reservations import Reserved
from policy_dsl.receipts.plain import amount, file_name
from policy_dsl.receipts.rules import draft_digest, rules_digest, seals
from policy_dsl.resolve.alternatives import OpenPlace
from policy_dsl.resolve.program import Program
from policy_dsl.syntax import tree

ALTERNATIVES = "policy-dsl/alternatives/1"
RESERVATIONS = "policy-dsl/reservations/1"


def alternatives_data(draft: Draft, program: Program, cases: Sequence[Compared]) -> dict[str, object]:
    """Cases under the combinations of a draft.

    `draft` is the digest of its text with all alternatives, `rules` that of the rules that each combination would be.
    """
    sound = [each for each in draft.variants if each.checked is not None]
    return {
        "schema": ALTERNATIVES,
        "policy": _policy(program),
        "draft": draft_digest(draft.file),
        "places": [_place(each) for each in draft.places],
        "combinations": {
            "count": draft.count,
            "shown": [each.combination.name for each in draft.variants],
            "rules": {
                each.combination.name: rules_digest(seals(each.checked.program))
                for each in sound
                if each.checked is not None
            },
        },
        "cases": [_case(each) for each in cases],
    }


def reservations_data(program: Program, cases: Sequence[tuple[str, str, tuple[Reserved, ...]]]) -> dict[str, object]:
    """Cases with and without each reservation."""
    return {
        "schema": RESERVATIONS,
        "policy": _policy(program),
        "cases": [
            {"case": case, "file": file_name(file), "reservations": [_reserved(each) for each in found]}
            for case, file, found in cases
        ],
    }


def _policy(program: Program) -> dict[str, str]:
    heading = program.heading
    file = file_name(program.source.name)
    return {"name": heading.name, "title": heading.title, "version": heading.version, "file": file}


def _place(place: OpenPlace) -> dict[str, Any]:
    return {
        "article": place.where,
        "line": place.span.begins.line,
        "alternatives": [
            {
                "name": each.name.text,
                "title": each.title,
                "with": [tie.text for tie in each.ties],
                "proposed_by": [who.value if isinstance(who, tree.Text) else who.text for who in each.proposers],
                "proposes_text": bool(each.lines),
            }
            for each in place.alternatives
        ],
    }


def _case(case: Compared) -> dict[str, Any]:
    return {
        "case": case.case,
        "file": file_name(case.file),
        "against": case.readings[case.against].name if case.readings else "",
        "readings": [_reading(each) for each in case.readings],
        "burdens": [_burden(case, each) for each in case.burdens],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "name": reading.name,
        "decided": reading.decision is not None,
        "complete": reading.decision is not None and reading.decision.complete,
        "failing": [each.name for each in reading.failing],
        "problems": [each.code for each in reading.problems],
    }


def _burden(case: Compared, burden: Burden) -> dict[str, Any]:
    names = [each.name for each in case.readings]

    def exact(value: Any) -> Any:
        return None if value is None else amount(value)

    return {
        "kind": burden.kind,
        "unit": str(burden.unit),
        "provisions": {
            name: [entry.name for entry in each] for name, each in zip(names, burden.provisions, strict=True)
        },
        "members": [
            {
                "member": member,
                "amounts": {name: exact(burden.amount(member, at)) for at, name in enumerate(names)},
                "differences": {
                    name: exact(burden.difference(member, at, case.against)) for at, name in enumerate(names)
                },
            }
            for member in burden.members
        ],
        "totals": {name: exact(burden.total(at)) for at, name in enumerate(names)},
    }


def _reserved(reserved: Reserved) -> dict[str, Any]:
    case = reserved.compared
    return {
        "reservation": reserved.clause.name,
        "title": reserved.clause.title,
        "article": str(reserved.clause.address or ""),
        "member": reserved.member,
        "to": [each.name for each in reserved.to],
        "held": reserved.held,
        "readings": [_reading(each) for each in case.readings] if case is not None else [],
        "burdens": [_burden(case, each) for each in case.burdens if each.differs] if case is not None else [],
    }
