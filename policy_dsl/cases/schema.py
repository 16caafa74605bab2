"""A JSON Schema of the cases of one policy, for editors that complete and check while somebody types.

An editor may read a word as a number or a date, so a value is allowed in either form; what is wrong with it is told by
reading the case.
"""

from __future__ import annotations

import re
from typing import Any

from policy_dsl.cases.declared import Asked, Declared, Rule
from policy_dsl.cases.figures import Wanted, quantity_of
from policy_dsl.cases.model import DATE, MOMENT, OUTCOMES, STATUSES, CaseFile
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO

Schema = dict[str, Any]

CODE = r"^[A-Z]{2,3}$"
_TEXT: Schema = {"type": ["string", "null"]}
_STATE: Schema = {"type": "string", "pattern": CODE}


def json_schema(program: Program) -> Schema:
    """The schema of a case of this policy, in the 2020-12 draft."""
    declared = Declared(program)
    base = CaseFile.model_json_schema()
    _loosen(base)
    fields: Schema = base["properties"]
    fields["policy"] = {"const": program.heading.name, "description": "The policy that the case is decided by."}
    fields["members"] = _members(declared, fields["members"])
    fields["facts"] = _facts(declared, fields["facts"])
    fields["funds"]["propertyNames"] = {"enum": list(declared.funds)}
    fields["lots"]["propertyNames"] = {"enum": list(declared.apportionments)}
    steps = {"enum": list(declared.steps)}
    fields["opened"]["anyOf"].insert(0, steps)
    definitions: Schema = base["$defs"]
    definitions["EventFile"] = _events(declared, definitions["EventFile"])
    left = [entry.name for entry in declared.parameters.values() if declared.left(entry) is not None]
    definitions["ChoiceFile"]["properties"]["parameter"] = {"enum": left}
    definitions["AdjustmentFile"]["properties"]["of"] = {"enum": list(declared.apportionments)}
    if not declared.cohorts:
        fields.pop("cohorts")
    _nullable(base)
    title = f"Cases of {program.heading.title or program.heading.name}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **base, "title": title}


def _loosen(schema: Any) -> None:
    """Titles that repeat a name go, and so do defaults: an editor would write them out."""
    if not isinstance(schema, dict):
        for each in schema if isinstance(schema, list) else ():
            _loosen(each)
        return
    schema.pop("title", None)
    schema.pop("default", None)
    for key, each in schema.items():
        for inner in each.values() if key in ("properties", "$defs") else (each,):
            _loosen(inner)


def _nullable(base: Schema) -> None:
    """A section may be left empty."""
    for name, field in base["properties"].items():
        if name not in base["required"] and "anyOf" not in field and "null" not in field.get("type", ()):
            description = field.pop("description", "")
            base["properties"][name] = {"description": description, "anyOf": [field, {"type": "null"}]}


def _members(declared: Declared, old: Schema) -> Schema:
    groups = {entry.name: _group(entry) for entry in declared.supplied}
    return {
        "type": ["object", "null"],
        "description": old.get("description", ""),
        "properties": groups,
        "required": list(groups),
    }


def _group(entry: Entry) -> Schema:
    grounds = [each.text for each in entry.node.grounds] if isinstance(entry.node, tree.SetOf) else []
    states: Schema = {"type": "array", "items": _STATE, "uniqueItems": True}
    if grounds:
        grounded = {"type": "object", "propertyNames": {"pattern": CODE}, "additionalProperties": {"enum": grounds}}
        states = {"anyOf": [grounded, {"type": "array", "maxItems": 0}]}
    traced = {"type": "object", "properties": {"states": states, **_traced()}, "required": ["states"]}
    return {"description": _said(entry), "anyOf": [states, traced, {"type": "null"}]}


def _traced() -> Schema:
    return {
        "source": _TEXT,
        "date": {"type": ["string", "null"], "pattern": DATE},
        "status": {"enum": [*STATUSES, None]},
    }


def _facts(declared: Declared, old: Schema) -> Schema:
    facts = {asked.name: _fact(asked) for asked in declared.indicators.values()}
    return {
        "type": ["object", "null"],
        "description": old.get("description", ""),
        "properties": facts,
        "additionalProperties": False,
    }


def _fact(asked: Asked) -> Schema:
    return {"description": _said(asked.entry, _asked(asked)), **_level(asked, asked.levels)}


def _level(asked: Asked, levels: tuple[str, ...]) -> Schema:
    value = _value(asked.wanted)
    shared = {"unit": _TEXT, **_traced()}
    if not levels:
        detailed = {
            "type": "object",
            "properties": {"value": value, "between": {"type": "array", "minItems": 2, "maxItems": 2}, **shared},
            "additionalProperties": False,
        }
        return {"anyOf": [value, detailed]}
    pattern = {"member": CODE, "year": r"^\d{4}$", "cohort": r"^[a-z][a-z0-9_]*$"}[levels[0]]
    kept = {"unit", "source", "date", "status"}
    below = _level(asked, levels[1:])
    if levels[0] == "cohort":
        below = {"anyOf": [below, _TEXT]}
        pattern = rf"^(?!(?:{'|'.join(sorted(kept))})$)[a-z][a-z0-9_]*$"
    return {
        "type": ["object", "null"],
        "properties": shared,
        "patternProperties": {pattern: below},
        "additionalProperties": False,
    }


def _value(wanted: Wanted) -> Schema:
    """What may be typed for one value."""
    match wanted.kind:
        case "truth":
            return {"enum": ["yes", "no", None]}
        case "state":
            return {"type": ["string", "null"], "pattern": CODE}
        case "date":
            return {"type": ["string", "null"], "pattern": DATE}
        case "moment":
            return {"type": ["string", "null"], "pattern": MOMENT}
        case "text":
            return _TEXT
    if wanted.unit == NUMBER:
        return {"type": ["number", "string", "null"], "pattern": r"^-?\d[\d_]*(\.\d+)?( (rating|number))?$|^missing$"}
    if wanted.unit == RATIO:
        return {"type": ["number", "string", "null"], "pattern": r"^-?\d[\d_]*(\.\d+)? ?%?( \w+)?$|^\d+/\d+$|^missing$"}
    return {"type": ["number", "string", "null"], "pattern": r"^-?\d[\d_]*(\.\d+)?( .+)?$|^missing$"}


def _asked(asked: Asked) -> str:
    node = asked.node
    parts = [asked.wanted.due]
    low, high = quantity_of(node.low), quantity_of(node.high)
    if low is not None and high is not None:
        parts.append(f"between {low} and {high}")
    parts.append("a gap is refused" if node.missing is None else "the policy says what a gap means")
    return "; ".join(parts)


def _events(declared: Declared, old: Schema) -> Schema:
    """Events by their steps: each may hold the fields that its step records."""
    own: Schema = {name: _value(wanted) for rule in declared.steps.values() for name, wanted in rule.fields.items()}
    fields: Schema = old["properties"] | own
    fields["step"] = {
        "anyOf": [{"const": rule.entry.name, "description": _said(rule.entry)} for rule in _rules(declared)]
    }
    if not fields["step"]["anyOf"]:
        fields["step"] = {"type": "string"}
    fields["outcome"] = {"enum": [*OUTCOMES, None]}
    return {**old, "properties": fields, "additionalProperties": False}


def _rules(declared: Declared) -> list[Rule]:
    return list(declared.steps.values())


def _said(entry: Entry, more: str = "") -> str:
    """The title of a provision with its article, and what is asked."""
    address = f" ({entry.address})" if entry.address is not None else ""
    return re.sub(r"\s+", " ", f"{entry.title}{address}{': ' if more else ''}{more}")
