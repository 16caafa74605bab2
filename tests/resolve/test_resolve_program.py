"""What a program holds: addresses, words, references, dependencies, runs, precedence."""

import pytest
from resolving import DATA, FACTS, example, program, resolved, told

from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, FieldOf, Program, Word
from policy_dsl.syntax import tree

POLICIES = sorted(file.stem for file in DATA.glob("*.policy"))


def names(of: Program, *kinds: type[tree.Node]) -> dict[str, object]:
    """What the nodes of these kinds refer to, by the words under them."""
    return {node.span.text: ref for node, ref in of.refs.items() if isinstance(node, kinds)}


@pytest.mark.parametrize("name", POLICIES)
def test_the_example_policies_resolve(name: str):
    found = example(name)
    assert [told(problem) for problem in found.problems if problem.severity.value != "advice"] == []
    assert found.program is not None
    assert found.program.tiers


@pytest.mark.parametrize("name", POLICIES)
def test_every_name_of_the_example_policies_refers_to_something(name: str):
    found = example(name).program
    assert found is not None
    for entry in found.entries.values():
        for node in tree.walk(entry.node):
            if isinstance(node, tree.Name | tree.Nth | tree.ValueOf | tree.Call):
                assert found.ref(node) is not None, node.span.text
    for worked in found.examples:
        for node in tree.walk(worked):
            if isinstance(node, tree.Name | tree.Nth | tree.ValueOf | tree.Call):
                assert found.ref(node) is not None, node.span.text


def test_no_program_without_a_header():
    from policy_dsl.resolve import resolve
    from policy_dsl.source import Source
    from policy_dsl.syntax import parse

    found = resolve(parse(Source("t.policy", 'article 1 "A"\n  tier t "T"\n')), lambda path, source: None)
    assert found.program is None


def test_the_heading():
    heading = example("lake_group").program.heading
    assert (heading.name, heading.title) == ("lake_group", "Rules of the Lake Group")
    assert (heading.language, heading.version, heading.currency) == (1, "1.0", "USD")
    assert (heading.calendar, heading.periods, heading.clock) == ("weekdays", "plain", "UTC")
    assert str(heading.in_force) == "2026-07-01"


TEXT = """
article 3 "Later"
  define later "Later" = 1

article 2 "Vote"
  > Words above all.
  (1) > First.
  (2) > Second.
  define a "A" = 1
    except where 1 > 2 : 3
  define b "B" = 1
  (3) > Third.
  procedure council
    step decision "Decision"
      by members
      define c = 3
      quorum none
      adopted when count of favour > c
  > More words.
  define d "D" = 1
"""


def test_addresses_and_words():
    found = program(FACTS + TEXT)
    entries = found.entries
    assert [str(entries[name].address) for name in ("a", "b", "decision", "decision.c", "d", "later")] == [
        "Art. 2(1)-(2)",
        "Art. 2(1)-(2)",
        "Art. 2(3)",
        "Art. 2(3)",
        "Art. 2",
        "Art. 3",
    ]
    assert [prose.text for prose in entries["b"].words] == ["Words above all.", "First.", "Second."]
    assert [prose.text for prose in entries["decision"].words] == ["Third."]
    assert [prose.text for prose in entries["d"].words] == ["Words above all.", "More words."]
    node = entries["a"].node
    assert isinstance(node, tree.Define)
    assert str(found.address_of[node.exceptions[0]]) == "Art. 2(1)-(2)"
    step = entries["decision"].node
    assert isinstance(step, tree.Step)
    assert step.adopted is not None
    assert str(found.address_of[step.adopted]) == "Art. 2(3)"
    assert entries["decision.c"].parent is entries["decision"]


def test_entries_stand_in_the_order_of_the_articles():
    assert list(program(FACTS + TEXT).entries) == [
        "participating",
        "population",
        "crowd",
        "a",
        "b",
        "council",
        "decision",
        "decision.c",
        "d",
        "later",
    ]
    assert [str(law.address) for law in program(FACTS + TEXT).law] == ["Art. 1", "Art. 2", "Art. 3"]


REACHES = """
  indicators for each cohort and member
    cost : USD per person
  indicators for each cohort
    size : persons
  define per_head "C" for each cohort and member = cost * 2
  apportion placed "P" for each cohort
    total size
    among members
    by population
    remainder to none
  apportion whole "W"
    total 100%
    among members
    by weighed
    remainder to none
  key weighed
    define half = population / 2
    100% : share of half
  scale steep on population, whole
    otherwise : 1%
  scale flat on 5 USD, whole
    otherwise : 1%
  guarantee all_kept : whole >= 0%
  guarantee sum_kept : sum of whole = 100%
  define use "U" for each member = steep * flat
"""


def test_reaches():
    entries = program(FACTS + REACHES).entries
    assert {name: entries[name].reach for name in entries} == {
        "participating": (),
        "population": ("member",),
        "crowd": ("member",),
        "cost": ("cohort", "member"),
        "size": ("cohort",),
        "per_head": ("cohort", "member"),
        "placed": ("cohort", "member"),
        "whole": ("member",),
        "weighed": ("member",),
        "weighed.half": ("member",),
        "steep": ("member",),
        "flat": (),
        "all_kept": ("member",),
        "sum_kept": (),
        "use": ("member",),
    }


def test_references_of_the_model_rules():
    found = example("model_rules").program
    of = names(found, tree.Name)
    assert isinstance(of["physical_security"], CriterionOf)
    assert of["met"] == Word("met")
    assert of["adopted"] == Word("adopted")
    assert of["total"] is Builtin.TOTAL
    assert of["members"] is Builtin.MEMBERS
    assert of["against"] is Builtin.AGAINST
    assert of["person"] == Word("person")
    assert of["suspended"] is found.entries["suspended"]
    assert (found.entries["suspended"].kind, found.suspensions) == ("set", {"suspended": ("preparedness",)})
    values = names(found, tree.ValueOf)
    assert values["balance of preparedness"] is Builtin.BALANCE
    assert values["protection of origin"] is found.entries["protection"]
    assert values["attendance of member"] is found.entries["attendance"]
    assert names(found, tree.Call)["max(desired_level - balance of preparedness, 0 USD)"] == Word("max")


def test_references_to_fields_and_locals():
    found = example("temporary_protection").program
    values = names(found, tree.ValueOf)
    assert values["starts of introduction"] == FieldOf(found.entries["introduction"], "starts")
    assert values["until_date of prolongation"] == FieldOf(found.entries["prolongation"], "until_date")
    assert FieldOf(found.entries["prolongation"], "on_proposal") in found.refs.values()
    trade = example("tradeable_quotas").program
    plain = [ref for ref in trade.refs.values() if isinstance(ref, FieldOf)]
    assert {ref.name for ref in plain} == {"giver", "taker", "places"}
    vote = example("eu_qualified_majority").program
    assert names(vote, tree.ValueOf)["blocking of adoption"] is vote.entries["adoption.blocking"]
    nth = names(example("osce_emergency").program, tree.Nth)
    assert isinstance(nth["12th seconding"], Entry)


def test_the_actor_of_a_filtered_event_outside_steps():
    text = """
  procedure p
    step gift
      by members
      repeated
      records worth : USD
  define given_away "G" for each member = sum of worth over (gift where actor is member)
"""
    found = program(FACTS + text)
    assert names(found, tree.Name)["actor"] == FieldOf(found.entries["gift"], "actor")


def test_grounds():
    text = """
  tier special "Special"
    grounds kinship, restitution
  define kin "K" = count of (special where ground of member is kinship)
"""
    found = program(FACTS + text)
    assert names(found, tree.ValueOf)["ground of member"] == Word("ground")
    assert names(found, tree.Name)["kinship"] == Word("kinship")


def test_cohorts_are_named_by_examples():
    text = (
        REACHES
        + """
example "E"
  given cohorts = north, south
  given size of north = 3 persons
  given cost of north of ALB = 3 USD per person
  expect placed of north of ALB = 3 persons
"""
    )
    assert names(program(FACTS + text), tree.Name)["north"] == Word("north", cohort=True)


def test_dependencies():
    found = example("model_rules").program
    depends = found.depends
    assert {"demographic", "room", "hosting", "arrivals", "special_needs"} <= depends["protection"]
    assert "preparedness" not in depends["quiet_contributions"]
    assert "quiet_contributions" in depends["preparedness"]
    assert "suspended" in depends["decision"]
    assert depends["suspended"] == frozenset()
    assert "good_faith_pledge" in depends["inner_core"]
    assert depends["unhcr"] == frozenset()
    assert "decision" in depends["similarity"]
    assert all(name not in needs for name, needs in depends.items())


def test_a_criterion_that_is_met_rests_on_its_own_measure_alone():
    found = example("model_rules").program
    assert "security" in found.depends["protection"]
    row = '  define safe "S" = count of (members where physical_security is met)\n'
    text = (DATA / "model_rules.policy").read_text("utf-8").replace("article 7", f"{row}\narticle 7", 1)
    assert "hosting" not in program(text).depends["safe"]
    assert "security" in program(text).depends["safe"]


def test_runs():
    assert dict(example("model_rules").program.runs) == {"hosting": "protection", "demographic": "protection"}
    found = example("capacity_index_key").program
    assert dict(found.runs) == {"capacity": "quota", "capacity.willingness": "quota"}


# ---- precedence ------------------------------------------------------------------------------------------------------

GENERAL = (
    FACTS
    + """
article 2 "General"
  define room "Places" for each member = 1% of population

article 3 "Small"
  define room "Places" for each member = none notwithstanding Art. 2
    except where population < 5 persons : 0 persons
"""
)


def test_a_special_rule_keeps_the_name():
    found = program(GENERAL)
    assert str(found.entries["room"].address) == "Art. 3"
    assert str(found.entries["room@Art. 2"].address) == "Art. 2"
    assert found.entries["room@Art. 2"].title == "Places"
    assert dict(found.prevails) == {"room": ("room@Art. 2",)}
    assert [tuple(map(str, places)) for places in found.over.values()] == [("Art. 2",)]
    assert "room@Art. 2" in found.depends["room"]


def test_special_rules_stand_in_falling_order():
    text = (
        GENERAL
        + """
article 4 "Smallest"
  define room "Places" for each member = none notwithstanding Art. 3
    except where population < 2 persons : 1 person
"""
    )
    found = program(text)
    assert str(found.entries["room"].address) == "Art. 4"
    assert dict(found.prevails) == {"room": ("room@Art. 3", "room@Art. 2"), "room@Art. 3": ("room@Art. 2",)}


def test_special_rules_without_an_order_between_them_are_a_fault():
    text = GENERAL + '\narticle 4 "S"\n  define room "P" for each member = none notwithstanding Art. 2\n'
    found = resolved(text).problems
    assert [told(problem) for problem in found] == [("PD208", "room")]
    assert (found[0].article, found[0].params["where"]) == ("Art. 4", "Art. 3")


def test_rows_notwithstanding_their_own_article_prevail_over_the_rows_beside_them():
    text = (
        FACTS
        + """
article 2 "Rows"
  define room "Places" for each member = 1% of population
    except where population < 5 persons : 0 persons
    except where population > 9 persons : 9 persons
    except where population > 12 persons : 12 persons notwithstanding Art. 2
"""
    )
    found = program(text)
    node = found.entries["room"].node
    assert isinstance(node, tree.Define)
    low, high, prevailing = node.exceptions
    assert dict(found.row_prevails) == {prevailing: (low, high)}


# ---- other files -----------------------------------------------------------------------------------------------------

LIBRARY = """policy library "Library"
  language 1
  version "1"
  authority "x"
  in force from 2025-01-01
  currency EUR
  use "deeper.policy"

article 1 "Ceilings"
  parameter ceiling = 5 persons
  parameter spare = 5 persons
  define held "Held" = min(ceiling, depth)

example "Not taken"
  expect held = 3 persons
"""
DEEPER = """policy deeper "Deeper"
  language 1
  version "1"
  authority "x"
  in force from 2025-01-01
  currency EUR

article 1 "Depths"
  parameter depth = 4 persons
"""


def test_use():
    files = {"library.policy": LIBRARY, "deeper.policy": DEEPER}
    text = FACTS + '  define room "R" for each member = min(population, held)\n'
    found = program(text, files, '  use "library.policy"\n')
    assert str(found.entries["held"].address) == "Art. 1 of library"
    assert str(found.entries["depth"].address) == "Art. 1 of deeper"
    assert found.heading.currency == "USD"
    assert found.examples == ()
    assert [source.name for source in found.sources] == ["t.policy", "library.policy", "deeper.policy"]
    assert [law.origin for law in found.law] == ["t", "library", "deeper"]
    clash = resolved(FACTS + "  parameter ceiling = 3\n", files, '  use "library.policy"\n')
    assert [told(problem) for problem in clash.problems] == [("PD208", "ceiling")]
    assert (clash.problems[0].article, clash.problems[0].params["where"]) == ("Art. 1", "Art. 1 of library")


def test_a_missing_file_hides_what_it_may_name():
    found = resolved(FACTS + '  define room "R" = held\n', {}, '  use "library.policy"\n')
    assert [told(problem) for problem in found.problems] == [("PD230", '"library.policy"')]
    found = resolved(FACTS + '  define room "R" = held\n', {"library.policy": LIBRARY}, '  use "library.policy"\n')
    assert [told(problem) for problem in found.problems] == [("PD230", '"deeper.policy"')]


def test_files_in_a_circle():
    files = {
        "library.policy": LIBRARY,
        "deeper.policy": DEEPER.replace("currency EUR", 'currency EUR\n  use "t.policy"'),
    }
    found = resolved(FACTS, files, '  use "library.policy"\n')
    assert [told(problem) for problem in found.problems] == [("PD231", '"t.policy"')]
    assert found.problems[0].params["chain"] == "t.policy → library.policy → deeper.policy → t.policy"
    based = resolved(FACTS, {}, '  based on "t.policy"\n')
    assert "PD231" in {problem.code for problem in based.problems}


def test_adoption():
    found = example("lake_group").program
    assert found.model == "model_rules"
    assert [(each.kind, each.article) for each in found.departures] == [
        ("replace", "Art. 7"),
        ("delete", "Art. 4"),
        ("add", "Art. 4 bis"),
    ]
    assert found.departures[1].reason == "The yearly summit of the Lake Group reviews the rules."
    assert found.departures[1].old_title == "Regular review"
    law = {str(each.address): each for each in found.law}
    assert list(law)[3:5] == ["Art. 4 bis", "Art. 5"]
    assert (law["Art. 7"].origin, law["Art. 8"].origin) == ("lake_group", "model_rules")
    assert law["Art. 4 bis"].part == "II The process"
    assert [each.title for each in found.examples] == ["The model's ceiling is lowered"]
    assert "annual_review" not in found.entries
    assert found.entries["room"].node.span.source.name == "lake_group.policy"


def test_a_model_of_a_model():
    third = """policy third "Third"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  based on "lake_group.policy"

delete article 4 bis

delete article 9
"""
    files = {file.name: file.read_text("utf-8") for file in DATA.glob("*.policy")}
    found = program(third, files)
    assert found.model == "lake_group"
    assert "report" not in found.entries
    assert found.entries["room"].node.span.source.name == "lake_group.policy"


def test_names_left_behind_are_told_once_with_all_their_places():
    text = """policy third "Third"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  based on "model_rules.policy"

delete article 7
"""
    files = {"model_rules.policy": (DATA / "model_rules.policy").read_text("utf-8")}
    found = [problem for problem in resolved(text, files).problems if problem.severity.value == "error"]
    assert [told(problem) for problem in found] == [("PD236", "7")]
    assert found[0].params["name"] == "protection"
    assert found[0].params["places"] == "Art. 9, Art. 10"
    assert [related.span.text for related in found[0].related] == ["protection"] * 4
