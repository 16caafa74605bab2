"""The canonical case: what a case says, whatever the layout of its file.

Neither the order of keys, nor whether a fact stands in the case file or in a table beside it, nor how a figure is
written is in it; nor is the name of the file. The order of facts, events, choices, adjustments and movements says
nothing and is made one; that of cohorts, of statements and of a draw by lot is the case's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy_dsl.receipts.canonical import digest, packed

_UNORDERED = ("facts", "events", "choices", "adjustments", "ledgers", "lots", "given_groups")


def canonical_case(case: Mapping[str, Any]) -> dict[str, Any]:
    """The plain data of a case, brought into one order."""
    made = {name: value for name, value in case.items() if name != "file"}
    made["groups"] = {name: sorted(codes) for name, codes in case["groups"].items()}
    made["ledgers"] = [each | {"movements": sorted(each["movements"], key=packed)} for each in case["ledgers"]]
    return made | {name: sorted(made[name], key=packed) for name in _UNORDERED}


def case_digest(case: Mapping[str, Any]) -> str:
    """The digest of the plain data of a case."""
    return digest(canonical_case(case))
