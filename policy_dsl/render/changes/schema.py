"""The JSON Schema of a comparison as data. It is strict: no object has a key that is not named here."""

from __future__ import annotations

from policy_dsl.compare.changes import EXAMPLES, ORDER, PLACE, RULES, WORDS
from policy_dsl.compare.effects import boundary, outcome
from policy_dsl.compare.effects.study import ALONE, SUM, TOGETHER
from policy_dsl.render.changes.data import SCHEMA
from policy_dsl.render.schema_forms import Schema, closed, list_of

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_AMOUNT: Schema = {
    "exact": {"type": "string", "pattern": r"^-?\d+(/\d+)?$"},
    "decimal": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    "rounded": {"const": True, "description": "Stands where the decimal is cut."},
}


def comparison_schema() -> Schema:
    """The schema, in the 2020-12 draft."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What changed between two policies",
        **closed(
            schema={"const": SCHEMA, "description": "The name of this form, with its version."},
            old=_text(),
            new=_text(),
            changes=list_of(_change()),
            effects={
                "description": "None where no effect was asked for, or nothing changed.",
                "anyOf": [{"type": "null"}, _effects()],
            },
        ),
    }


def _text() -> Schema:
    digest = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
    return closed(file=_TEXT, name=_TEXT, title=_TEXT, version=_TEXT, rules=digest, words=digest)


def _change() -> Schema:
    return closed(
        sort={"enum": [RULES, WORDS, ORDER, PLACE, EXAMPLES]},
        says={**_TEXT, "description": "The id of the sentence: the same for the same sort of change."},
        text={**_TEXT, "description": "The sentence, in English."},
        article={**_TEXT, "description": "Where it stands, as `Art. 10(1)`; empty for the header and for examples."},
        provision={**_TEXT, "description": "The name of the provision, or empty."},
        number={
            "type": ["integer", "null"],
            "description": "The number by which effects name it; changes of one number can only be made together.",
        },
    )


def _effects() -> Schema:
    return closed(
        cases=list_of(_case()),
        not_decided={**_COUNT, "description": "Cases that were not decided, as enough was done."},
        proof={"const": False, "description": "That no case comes out otherwise is never a proof that none does."},
    )


def _case() -> Schema:
    sorts = [
        getattr(boundary, each)
        for each in ("BELOW", "AT", "ABOVE", "LAST", "LATE", "FIRST", "EARLY", "TIED", "MISSING")
    ]
    made = closed(sort={"enum": sorts}, of=_TEXT, member=_TEXT)
    return closed(
        case=_TEXT,
        name=_TEXT,
        made_for={"anyOf": [{"type": "null"}, made], "description": "The edge for which it was made."},
        does_not_fit={"enum": [None, "old", "new", "both"]},
        traced={"type": "boolean", "description": "Whether its effects were traced to single changes."},
        effects=list_of(_effect()),
    )


def _effect() -> Schema:
    findings = [
        getattr(outcome, each)
        for each in (
            "SHARE", "RECEIVED", "CLOSING", "FOUND", "LEFT", "SEAT", "STEP", "EVENT", "LATEST", "DUTY", "PROMISE",
        )
    ]  # fmt: skip
    return closed(
        kind={"enum": ["changed", "lost", "gained", "new", "gone", "grounds"]},
        finding={"enum": findings},
        of={**_TEXT, "description": "The name of the provision, as the old text calls it."},
        **{"for": list_of(_TEXT)},
        before=_finding(),
        after=_finding(),
        difference={"anyOf": [{"type": "null"}, _amount()]},
        because_of={"type": "array", "items": {"type": "integer", "minimum": 1}},
        how={"enum": ["", ALONE, SUM, TOGETHER]},
    )


def _finding() -> Schema:
    value = {
        "anyOf": [
            {"type": ["string", "boolean", "null"]},
            list_of(_TEXT),
            closed(("rounded",), **_AMOUNT, unit=_TEXT),
        ]
    }
    found = closed(value=value, determined={"type": "boolean"}, grounds=list_of(_TEXT))
    return {"anyOf": [{"type": "null"}, found]}


def _amount() -> Schema:
    return closed(("rounded",), **_AMOUNT)
