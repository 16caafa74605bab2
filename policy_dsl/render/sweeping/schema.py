"""The JSON Schema of the summary of a sweep as data. It is strict: no object has a key that is not named here."""

from __future__ import annotations

from typing import get_args

from policy_dsl.plan.outputs import Aspect
from policy_dsl.render.schema_forms import Schema, closed, list_of
from policy_dsl.render.sweeping.data import SCHEMA
from policy_dsl.sensitivity.figures import Kind
from policy_dsl.sweep.summary_sketch import LEVELS

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_DECIMAL: Schema = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}


def sweep_schema() -> Schema:
    """The schema, in the 2020-12 draft."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What rules come to over many cases",
        **closed(
            schema={"const": SCHEMA, "description": "The name of this form, with its version."},
            policy=_policy(),
            source={**_TEXT, "description": "Where the cases come from."},
            accuracy={
                "description": "By which part of itself a percentile may be off; whole numbers below are exact.",
                **closed(part=_TEXT, whole_below=_COUNT),
            },
            cases=_COUNT,
            one_by_one={
                "description": "The cases that the exact engine decided: how often for which reason, and because of "
                "which part of the policy.",
                **closed(cases=_COUNT, why=_counts(), because_of=_counts()),
            },
            undetermined={**_COUNT, "description": "Cases in which the share of somebody is not determined."},
            members=list_of(_TEXT),
            columns=list_of(_column()),
            distributions=list_of(closed(**_output(), of=list_of(closed(member=_MEMBER, **_row())))),
            counts=list_of(closed(**_output(), of=list_of(closed(member=_MEMBER, counts=_counts(), unknown=_COUNT)))),
            against=_or_none(_against()),
            tornado=_or_none(_tornado()),
        ),
    }


_MEMBER: Schema = {**_TEXT, "description": "The code of a member; empty for the case."}


def _policy() -> Schema:
    digest = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
    return closed(name=_TEXT, title=_TEXT, version=_TEXT, rules=digest)


def _output() -> dict[str, Schema]:
    return {
        "output": {**_TEXT, "description": "Its name in tables of results."},
        "provision": _TEXT,
        "article": _TEXT,
        "title": _TEXT,
        "aspect": {"enum": list(get_args(Aspect))},
        "cohort": _TEXT,
        "unit": _TEXT,
    }


def _column() -> Schema:
    truth = {"type": "boolean"}
    ends = _or_none(_amount())
    return closed(column=_TEXT, each_member=truth, truth=truth, least=ends, most=ends, lacking=_COUNT)


def _row() -> dict[str, Schema]:
    end = _or_none(_amount())
    levels = {str(level): _amount() for level in LEVELS}
    return {
        "cases": {**_COUNT, "description": "Of how many cases there is a figure."},
        "zero": {**_COUNT, "description": "In how many of them it is nothing."},
        "unknown": _COUNT,
        "least": end,
        "most": end,
        "mean": end,
        "percentiles": {"type": "object", "properties": levels, "additionalProperties": False},
    }


def _against() -> Schema:
    gap = closed(member=_MEMBER, **_row(), more=_COUNT, less=_COUNT, same=_COUNT)
    share = closed(
        old=_TEXT,
        **_output(),
        moved={"description": "Half of the sum of all differences in a case.", **closed(**_row())},
        of=list_of(gap),
    )
    other = closed(
        old=_TEXT, **_output(), cases=_COUNT, first=list_of(_TEXT), of=list_of(closed(member=_MEMBER, cases=_COUNT))
    )
    return closed(
        policy=_policy(),
        cases=_COUNT,
        differ=_COUNT,
        shares=list_of(share),
        otherwise=list_of(other),
        farthest=list_of(closed(case=_TEXT, moved=_amount())),
        alone=list_of(_TEXT),
    )


def _tornado() -> Schema:
    amounts = list_of(_or_none(_amount()))
    by_share = {"type": "object", "additionalProperties": amounts}
    figure = closed(
        kind={"enum": list(get_args(Kind))},
        of=_TEXT,
        article=_TEXT,
        name=_TEXT,
        unit=_TEXT,
        now=_amount(),
        low=_amount(),
        high=_amount(),
        others_keep={"enum": ["their ratios", "their figures"]},
        at_low={"description": "What each member has, in the order of `members`.", **by_share},
        at_high=by_share,
        moved={"description": "Half of the sum of all changes, at the low end and at the high end.", **by_share},
    )
    return closed(
        case=_TEXT,
        members=list_of(_TEXT),
        shares=list_of(closed(**_output())),
        base=by_share,
        figures=list_of(figure),
        fixed=list_of(_TEXT),
    )


def _amount() -> Schema:
    return closed(
        ("exact", "rounded", "near"),
        exact={"type": "string", "pattern": r"^-?\d+(/\d+)?$"},
        decimal=_DECIMAL,
        rounded={"const": True, "description": "Stands where the decimal is cut."},
        near={"const": True, "description": "Stands where the figure is computed, or told by its bucket."},
    )


def _counts() -> Schema:
    return {"type": "object", "additionalProperties": _COUNT}


def _or_none(of: Schema) -> Schema:
    return {"anyOf": [{"type": "null"}, of]}
