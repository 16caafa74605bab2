"""What a document must not pass over: where events come from, who supplies facts, who is left out, what is in vain."""

from __future__ import annotations

import pytest

from policy_dsl.cases.read import read_case
from policy_dsl.check import check
from policy_dsl.evaluate import Decision, decide
from policy_dsl.render import numbers
from policy_dsl.render.compose import compose
from policy_dsl.render.document import Block, Bullets, Fold, Line, Operative, Paragraph, Section, Table, Tree, Twig
from policy_dsl.render.spoken import explain
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

POLICY = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

article 1 "Facts"
  > Words.
  tier everybody "Members"
  set rich "Rich States" = members where income > 5 USD per person
  set excused "Excused"
  participant agency "The agency"
    as observer
    may attend, speak_last
  indicators for each member
    income : USD per person "Income per head", missing means left out, supplied by agency
    ready  : yes or no      "Ready", missing means no
  indicators for each cohort
    size : persons "Size"
  indicators for each cohort and member
    cost : USD "Cost", missing means 1 USD

article 2 "Meeting"
  > Words.
  parameter part "Part kept" = left to meeting between 0% and 60%, otherwise 50%
  procedure meetings
    step request "Request"
      by members
    step meeting "Meeting"
      by members
      quorum none
      adopted when count of favour > count of against

article 3 "Places"
  > Words.
  apportion places "Places" for each cohort
    total    size
    among    rich
    equally
    rounding largest_remainder
    ties     by lot

article 4 "Values"
  > Words.
  define chosen "Chosen" for each member = if ready then 4 else 7
  define bound "Bound" for each member = if ready then member in rich else ready
  define rate "Rate" for each member = 1
    except where member is ALB : 2
  define kept "Kept" = part * 10 persons
  define base "Base" for each member = 3

article 5 "Fee"
  > Words.
  define fee "Fee" for each member = base * (1 person + sum of places over cohorts) * 1 USD per person

article 6 "Reports"
  > Words.
  duty to_answer "To answer"
    binds members
    kept when member in excused
"""
CASE = """case: "C"
policy: t
at: 2026-06-01
default: {source: "Register", date: 2026-01-05}
members: {everybody: [ALB, BEL, DEU], excused: []}
cohorts: [from_the_north, sick]
facts:
  income: {unit: USD per person, ALB: 10, BEL: 3}
  ready: {ALB: yes}
  size: {unit: persons, from_the_north: 7, sick: 2}
  cost: {unit: USD, from_the_north: {ALB: 5}}
events:
  - {step: request, at: 2026-02-01, by: ALB}
  - {step: request, at: 2026-02-02, by: BEL, source: "recalled", date: 2026-03-01, status: estimate}
  - {step: request, at: 2026-02-03, by: BEL, source: "recalled", date: 2026-03-01, status: estimate}
  - {step: request, at: 2026-02-04, by: DEU, source: "recalled", date: 2026-03-01, status: estimate}
  - {step: meeting, at: 2026-03-01, favour: [ALB], against: [BEL, DEU], status: contested}
choices:
  - {parameter: part, value: 60%, by: meeting, because: "None."}
"""


@pytest.fixture(scope="module")
def decision() -> Decision:
    parsed = parse(Source("t.policy", POLICY))
    program = resolve(parsed, lambda path, relative_to: None).program
    assert program is not None
    read = read_case(Source("c.yaml", CASE), program, lambda path, relative_to: None)
    assert read.case is not None, [(each.code, dict(each.params)) for each in read.problems]
    return decide(check(program), read.case)


@pytest.fixture(scope="module")
def lines(decision: Decision) -> list[str]:
    """The lines of the document, rows of tables with bars between their cells."""
    return [line for section in compose(decision).sections for line in _lines(section)]


def _lines(block: Block) -> list[str]:
    match block:
        case Paragraph(line=line):
            return [_said(line)]
        case Table(caption=caption, rows=rows):
            return [_said(caption), *(" | ".join(_said(cell.line) for cell in row.cells) for row in rows)]
        case Bullets(items=items):
            return [_said(item) for item in items]
        case Operative(line=line, blocks=blocks) | Fold(summary=line, blocks=blocks):
            return [_said(line), *(each for inner in blocks for each in _lines(inner))]
        case Section(heading=heading, blocks=blocks):
            return [_said(heading), *(each for inner in blocks for each in _lines(inner))]
        case Tree(twigs=twigs):
            return [each for twig in twigs for each in _twig_lines(twig)]
    return []


def _twig_lines(twig: Twig) -> list[str]:
    return [_said(twig.line), *(each for inner in twig.twigs for each in _twig_lines(inner))]


def _said(line: Line) -> str:
    return "".join(span.text for span in line).replace(numbers.THIN, " ").replace(numbers.HARD, " ")


@pytest.mark.parametrize(
    "said",
    [
        # Where what is recorded comes from, event by event where that differs.
        "Where the events of the record come from",
        "Request | 1 February 2026 | Albania (ALB) | Register | 5 January 2026 | official",
        "Request | 2 February 2026 to 4 February 2026 (3 times) | Belgium and Germany | recalled | 1 March 2026 "
        "| estimate",
        "Meeting | 1 March 2026 | – | Register | 5 January 2026 | contested",
        # Who supplies facts by the rules, and what a body that is no member is.
        "By the rules these facts come from The agency: Income per head (Art. 1).",
        "The agency, no member; standing: observer; what it may do: attend and speak last (Art. 1).",
        # Who is left out for a gap, and of which fact.
        "Rich States: left out, as a fact was not supplied (Income per head): Germany (Art. 1).",
        "Income per head: no figure was supplied for Germany; by the rules, who has none is left out of what needs the "
        "figure (Art. 1).",
        # A choice whose vote was rejected.
        "Part kept | Art. 2 | 0% to 60% | 50% without a choice; 60%, stated to be chosen by Meeting, has no effect "
        "| None.",
        # Cohorts by a title.
        "From the north | 7",
        "Places, From the north",
        "From the north, Albania | 5",
        # A value that a condition chooses is not told twice.
        "Chosen of Albania: 4, as the condition holds (Art. 4)",
        "Chosen of Belgium: 7, as the condition does not hold (Art. 4)",
        "The exception to Rate (Art. 4), “member is ALB”, applied to Albania.",
    ],
)
def test_what_must_be_said(lines: list[str], said: str) -> None:
    assert said in lines


@pytest.mark.parametrize(
    "said", ["Albania is Albania", "whether as the", "4 = 4", "cohort “from", "from_the", "60% chosen"]
)
def test_what_must_not_be_said(lines: list[str], said: str) -> None:
    assert [line for line in lines if said in line] == []


def test_no_line_is_a_bare_yes_or_no(lines: list[str]) -> None:
    assert [line for line in lines if line.lower() in ("yes", "no")] == []


def test_the_recital_names_the_articles_behind_each_paragraph(lines: list[str]) -> None:
    applying = next(line for line in lines if line.startswith("Applying"))
    # Places, the fee and what it rests on, and a duty; of the meeting nothing but its own steps.
    assert applying == "Applying Art. 1, Art. 3, Art. 4, Art. 5 and Art. 6,"


def test_who_would_have_to_belong_to_a_group_without_members_is_told_so(decision: Decision) -> None:
    said = explain(decision, "to_answer of ALB", why_not=True).text().replace(numbers.HARD, " ")
    assert "ALB would have to belong to a group that has no members: Excused" in said
    assert "nobody" not in said


def test_who_shares_no_cohort_is_told_why_once(lines: list[str]) -> None:
    told = [line for line in lines if line.startswith("Belgium receives nobody under Places (Art. 3)")]
    assert len(told) == 1
    assert "Rich States" in told[0] or "Income per head" in told[0]
