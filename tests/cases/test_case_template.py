"""Templates and schemas, for every policy of the collection and for one with everything in it."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from case_reading import case_of, errors, program, read

from policy_dsl.cases.declared import Declared
from policy_dsl.cases.model import CaseFile
from policy_dsl.cases.schema import json_schema
from policy_dsl.cases.template import template
from policy_dsl.resolve.program import Program
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO

ROOT = Path(__file__).parents[2]
FILES = sorted(
    path
    for path in (*(ROOT / "policies").rglob("*.policy"), *(ROOT / "docs" / "example").glob("*.policy"))
    if "." not in path.stem  # words in another language
)
REFERENCE = (ROOT / "docs" / "reference" / "case-files.md").read_text("utf-8")
FULL = re.findall(r"^```policy\n(.*?)^```", REFERENCE, re.M | re.S)[0]
COHORTS = """article 1 "Facts"
  tier participating "Members"
  indicators for each cohort
    size : persons "Persons"
  indicators for each cohort and member
    cost : USD per person "Cost"
  indicators for each member
    willing : yes or no "Takes part"
    since   : date      "Member since"
  apportion placement "Placement" for each cohort
    total      size
    among      members where willing and since < 2026-01-01
    minimising cost
    at most    50 persons
    ties       by lot
    remainder  to none
"""
# A fact, a group, a fund or the cohorts are missing.
MISSING = {"PD770", "PD763", "PD769", "PD721"}
OPTIONAL = re.compile(r"^# (?=events:|choices:|lots:|statements:|adjustments:|tables:| +(- |\w+:))", re.M)
STATES = ("AUT", "BEL", "NOR", "TZA", "KEN", "UGA", "PER", "CHL", "JPN", "FJI")


def policies() -> dict[str, Program]:
    found = {"everything": program(FULL), "cohorts": program(COHORTS)}
    for file in FILES:
        found[file.stem] = program(file.read_text("utf-8"), file.parent)
    return found


POLICIES = policies()


def filled(text: str, policy: Program) -> str:
    """A template with every empty field filled in by what its indicator asks for."""
    declared = Declared(policy)
    lines, name, section = [], "", ""
    for line in text.splitlines():
        bare = line.split("  #")[0].rstrip()
        if head := re.match(r"(\w+):", bare):
            section = head[1]
        if section in ("facts", "funds") and (head := re.match(r"  (\w+):", bare)):
            name = head[1]
        if section == "facts" and name and re.match(r"    +(value|[A-Z]{2,3}|[a-z_]+):$", bare):
            key = bare.strip().rstrip(":")
            asked = declared.indicators[name]
            deep = (len(bare) - len(bare.lstrip())) // 2 - 1
            if key == "source":
                bare += ' "A source"'
            elif key == "date":
                bare += " 2026-01-01"
            elif key != "unit" and deep >= len([level for level in asked.levels if level != "year"]):
                bare += " " + value(asked.node, asked.wanted.kind, asked.wanted.unit, "year" in asked.levels)
        elif section == "funds" and bare.strip() == "balance:":
            bare += f" 1_000 {policy.heading.currency}"
        lines.append(bare)
    return "\n".join(lines) + "\n"


def value(node: tree.Indicator, kind: str, unit: Any, series: bool) -> str:
    words = {"truth": "yes", "state": "ALB", "date": "2020-01-01", "moment": "2020-01-01T00:00Z", "text": "words"}
    text = words.get(kind) or (" ".join(node.low.span.text.split()) if node.low is not None else "")
    text = text or ("5%" if unit == RATIO else "5")
    return f"{{2024: {text}}}" if series else text


@pytest.mark.parametrize("name", POLICIES)
def test_an_unfilled_template_lacks_facts_and_nothing_else(name: str):
    found = read(POLICIES[name], template(POLICIES[name]))
    assert set(errors(found)) <= MISSING
    lacking = {problem.params["key"] for problem in found.problems if problem.code == "PD721"}
    assert lacking <= {"cohorts"}


@pytest.mark.parametrize("name", POLICIES)
def test_a_template_that_is_filled_in_is_a_case(name: str):
    policy = POLICIES[name]
    declared = Declared(policy)
    free = iter(STATES)
    groups = {
        entry.name: tuple(next(free) for _ in range(2)) if entry.kind == "tier" else () for entry in declared.supplied
    }
    text = template(policy, groups, ("first", "second") if declared.cohorts else ())
    case = case_of(read(policy, filled(text, policy)))
    assert case.groups == groups
    asked = {name for name, each in declared.indicators.items() if not each.gap_allowed}
    assert {each.indicator for each in case.facts} >= asked - {None} or not case.groups


@pytest.mark.parametrize("name", POLICIES)
def test_a_template_tells_of_every_fact_its_article_and_of_every_step(name: str):
    policy = POLICIES[name]
    text = " ".join(template(policy).replace("#", "").split())
    for entry in policy.of_kind("indicator", "step", "fund"):
        assert entry.name in text
        assert f"({entry.address})" in text
    assert max(map(len, template(policy).splitlines())) <= 120


def test_a_template_says_what_a_gap_means():
    text = " ".join(template(POLICIES["everything"]).replace("#", "").split())
    assert "Unemployment rate (Art. 2): a percentage, for each member, between 0% and 100%, a gap means mean" in text
    assert "Gross national product (Art. 2): a figure in USD per year, for each member, good for 2 years" in text
    assert "Population (Art. 2): a figure in persons, for each member, a gap is refused." in text
    assert "a gap means 0 persons" in text
    assert "reserve" in text
    assert "between 0% and 10%, otherwise 5%" in text


@pytest.mark.parametrize("name", POLICIES)
def test_the_optional_parts_read_once_their_sign_is_taken_away(name: str):
    policy = POLICIES[name]
    text = OPTIONAL.sub("", template(policy))
    found = read(policy, text)
    assert not {"PD701", "PD702", "PD703", "PD704", "PD705", "PD706", "PD713", "PD720"} & set(errors(found)), [
        (problem.code, problem.params, str(problem.span)) for problem in found.problems
    ]


# ---- schema ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", POLICIES)
def test_a_schema_holds_together(name: str):
    schema = json_schema(POLICIES[name])
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    defined = {f"#/$defs/{key}" for key in schema["$defs"]}
    for part in parts(schema):
        assert part.get("$ref", "#/$defs/EventFile") in defined
        for key in ("pattern",):
            if isinstance(part.get(key), str):
                re.compile(part[key])
        assert set(part.get("required", ())) <= set(part.get("properties", part.get("required", ())))
    assert set(schema["required"]) == {"case", "policy", "at"}
    assert schema["properties"]["policy"]["const"] == POLICIES[name].heading.name


def parts(schema: Any) -> Any:
    if isinstance(schema, dict):
        if not {"properties", "patternProperties"} & set(schema) or "type" in schema:
            yield schema
        for key, each in schema.items():
            if key in ("properties", "patternProperties", "$defs"):
                for inner in each.values():
                    yield from parts(inner)
            else:
                yield from parts(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from parts(each)


def test_a_schema_knows_the_facts_and_fields_of_its_policy():
    schema = json_schema(POLICIES["everything"])
    facts = schema["properties"]["facts"]
    assert set(facts["properties"]) == {"population", "gnp", "unemployment", "applications", "arrivals", "origin"}
    assert facts["additionalProperties"] is False
    assert "Unemployment rate (Art. 2)" in facts["properties"]["unemployment"]["description"]
    event = schema["$defs"]["EventFile"]
    assert "expected" in event["properties"]
    assert {each["const"] for each in event["properties"]["step"]["anyOf"]} == {"request", "decision"}
    assert schema["$defs"]["ChoiceFile"]["properties"]["parameter"] == {"enum": ["reserve"]}
    assert "cohorts" not in schema["properties"]
    assert set(schema["properties"]) == set(CaseFile.model_fields) - {"cohorts"}


def test_a_schema_accepts_the_case_of_the_reference():
    jsonschema = pytest.importorskip("jsonschema")
    whole = re.findall(r"^```yaml\n(.*?)^```", REFERENCE, re.M | re.S)[0]
    schema = json_schema(POLICIES["everything"])
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    check.validate(yaml.load(whole, Loader=yaml.BaseLoader))
    check.validate(
        as_editors_see(yaml.load(template(POLICIES["everything"]), Loader=yaml.BaseLoader)) | {"members": None}
    )


def as_editors_see(node: Any) -> Any:
    """Empty fields as null."""
    if isinstance(node, dict):
        return {key: as_editors_see(each) for key, each in node.items()}
    return node or None


@pytest.mark.parametrize(
    ("old", "new"),
    [("population:", "populaton:"), ("0.9%", "high"), ("BDI: 13", "burundi: 13"), ("step: decision", "step: x")],
)
def test_a_schema_refuses_what_reading_refuses(old: str, new: str):
    jsonschema = pytest.importorskip("jsonschema")
    whole = re.findall(r"^```yaml\n(.*?)^```", REFERENCE, re.M | re.S)[0].replace(old, new)
    check = jsonschema.Draft202012Validator(json_schema(POLICIES["everything"]))
    assert list(check.iter_errors(yaml.load(whole, Loader=yaml.BaseLoader)))
