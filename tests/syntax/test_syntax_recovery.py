"""What is sound in a broken file is served; each fault is reported once, at its root."""

from pathlib import Path

import pytest

from policy_dsl.source import Source
from policy_dsl.syntax import Parsed, parse, tree

MODEL = (Path(__file__).parent / "data" / "model_rules.policy").read_text("utf-8")

HEADER = """policy t "T"
  language 1
  version "1"

"""


def read(text: str) -> Parsed:
    return parse(Source("t", text))


def codes(parsed: Parsed) -> list[tuple[str, str]]:
    return [(problem.code, problem.span.text if problem.span else "") for problem in parsed.problems]


def broken(parsed: Parsed) -> list[tree.Broken]:
    return [node for node in tree.walk(parsed.tree) if isinstance(node, tree.Broken)]


def names(parsed: Parsed) -> set[str]:
    return {node.name.text for node in tree.walk(parsed.tree) if isinstance(node, tree.Provision)}


def test_three_faults_in_three_articles_give_three_reports_and_three_broken_nodes():
    text = MODEL
    for old, new in (
        ("may convene, attend", "may convene; attend"),
        ("define room", "define Room"),
        ("duty non_refoulement", "duty index"),
    ):
        assert old in text
        text = text.replace(old, new)
    parsed = read(text)
    assert codes(parsed) == [("PD117", ";"), ("PD112", "Room"), ("PD111", "index")]
    assert [problem.article for problem in parsed.problems] == ["Art. 2", "Art. 7", "Art. 9"]
    assert [node.declares for node in broken(parsed)] == [("unhcr",), ("room",), ("index",)]
    assert names(read(MODEL)) - names(parsed) == {"unhcr", "room", "non_refoulement"}


def test_two_faults_in_one_article_give_two_reports():
    parsed = read(
        MODEL.replace("key demographic", "kye demographic").replace("in bands of hosting", "in band of hosting")
    )
    assert codes(parsed) == [("PD124", "kye"), ("PD199", "band")]
    assert [node.declares for node in broken(parsed)] == [("demographic",), ("protection",)]
    assert {"room", "resettlement"} <= names(parsed)


def test_faults_in_two_steps_give_two_reports_and_the_other_steps_stand():
    parsed = read(MODEL.replace("      once each\n", "      onec each\n", 1).replace("quorum none", "quorum = none"))
    assert codes(parsed) == [("PD124", "onec"), ("PD151", "quorum =")]
    assert [node.declares for node in broken(parsed)] == [("good_faith_pledge",), ("meeting",)]
    assert {"consultation", "request", "decision", "to_attend"} <= names(parsed)


def test_a_fault_in_a_header_line_leaves_the_others():
    parsed = read(MODEL.replace("currency  USD", "curency   USD"))
    assert codes(parsed) == [("PD125", "curency")]
    assert parsed.problems[0].mend == "Did you mean `currency`?"
    assert parsed.tree.header is not None
    assert {line.word for line in parsed.tree.header.lines} == {
        "language", "version", "authority", "in force", "calendar", "periods",
    }  # fmt: skip
    assert names(parsed) == names(read(MODEL))


def test_a_head_that_can_not_be_read_leaves_the_lines_below_it():
    parsed = read(MODEL.replace('article 7 "Members similarly placed"', "article 7"))
    assert codes(parsed) == [("PD132", "article 7")]
    assert names(parsed) == names(read(MODEL))


def test_a_parenthesis_left_open_takes_nothing_else_with_it():
    parsed = read(
        MODEL.replace("max(2% of population - hosted, 0 persons)", "max(2% of population - hosted, 0 persons")
    )
    assert codes(parsed) == [("PD134", "(")]
    assert names(read(MODEL)) - names(parsed) == {"room"}


def test_lines_that_lost_their_indentation_are_one_fault():
    body = 'tier a "A"\ntier b "B"\n> Words.\n'
    parsed = read(f'{HEADER}article 1 "One"\n{body}\narticle 2 "Two"\n  tier c "C"\n')
    assert codes(parsed) == [("PD104", 'article 1 "One"')]
    assert names(parsed) == {"a", "b", "c"}
    parsed = read('policy t "T"\nlanguage 1\nversion "1"\n\narticle 1 "One"\n  tier a "A"\n')
    assert codes(parsed) == [("PD104", 'policy t "T"')]
    assert parsed.tree.header is not None
    assert len(parsed.tree.header.lines) == 2
    parsed = read(f'{HEADER}article 1 "One"\n  apportion q "Q"\n  total a\n  among members\n  tier b "B"\n')
    assert codes(parsed) == [("PD104", 'apportion q "Q"')]
    assert names(parsed) == {"b"}


def test_tabs_are_one_fault_for_each_article():
    parsed = read(f'{HEADER}article 1 "One"\n\ttier a "A"\n\ttier b "B"\n\t\trequires c\n')
    assert codes(parsed) == [("PD101", "\t")]
    assert names(parsed) == {"a", "b"}


def test_an_article_heading_that_is_gone_is_one_fault():
    parsed = read(f'{HEADER.rstrip()}\n  tier a "A"\n  tier b "B"\n  define c = 1\n')
    assert codes(parsed) == [("PD126", "tier")]
    assert [node.declares for node in broken(parsed)] == [("a", "b", "c")]


def test_one_provision_out_of_line_is_one_fault():
    for depth in (1, 3, 4):
        parsed = read(f'{HEADER}article 1 "One"\n  tier a "A"\n  tier b "B"\n{" " * depth}tier c "C"\n  tier d "D"\n')
        assert [code for code, _ in codes(parsed)] == ["PD102" if depth == 1 else "PD103"]
        assert names(parsed) == {"a", "b", "c", "d"}


@pytest.mark.parametrize("repeated", ["total a", "rounding webster", "among b", "equally", "remainder to none"])
def test_the_first_of_two_lines_is_kept(repeated: str):
    first = "total x\n    among y\n    by z\n    rounding hill\n    remainder to w"
    parsed = read(f'{HEADER}article 1 "One"\n  apportion q "Q"\n    {first}\n    {repeated}\n')
    assert codes(parsed) == [("PD130", repeated.split()[0])]
    assert len(parsed.problems[0].related) == 1
    (article,) = parsed.tree.items
    assert isinstance(article, tree.Article)
    (line,) = article.lines
    assert isinstance(line, tree.Apportion)
    assert line.total is not None
    assert line.total.expr.span.text == "x"


def test_names_of_broken_blocks_are_remembered():
    text = """  indicators for each member
    first : persons "F"
    second persons "S"
  procedure p
    step s
      records field : state, other : persons
      by &
    step t
      by &
"""
    parsed = read(f'{HEADER}article 1 "One"\n{text}')
    declared = {name for node in broken(parsed) for name in node.declares}
    assert {"first", "p", "s", "t", "field", "other"} <= declared


def test_an_example_that_lost_its_head_is_one_fault():
    parsed = read(MODEL.replace('example "Two hosts alike and one unsafe"\n', ""))
    assert codes(parsed) == [("PD128", "given")]


def test_problems_name_their_article():
    parsed = read(f'{HEADER}article 4 bis "One"\n  parameter x = 40 percent\n\ndelete article 5 because "2026"\n')
    assert [(problem.code, problem.article) for problem in parsed.problems] == [("PD108", "Art. 4 bis")]


def test_one_small_edit_seldom_gives_more_than_one_report():
    reports = []
    for at in range(0, len(MODEL), 97):
        for edited in (MODEL[:at] + MODEL[at + 7 :], MODEL[:at] + ":" + MODEL[at:], MODEL[:at] + "\n" + MODEL[at:]):
            reports.append(len(read(edited).problems))
    assert max(reports) <= 3
    assert sum(count > 1 for count in reports) <= len(reports) / 10


@pytest.mark.parametrize("old", ["by members or unhcr", "Members that differ", "share of population", "gnp per"])
def test_a_line_torn_in_two_is_one_fault(old: str):
    torn = old.replace(" ", "\n", 1)
    assert len(codes(read(MODEL.replace(old, torn, 1)))) == 1


def test_a_provision_at_the_margin_is_reported_and_served():
    parsed = read(f'{HEADER}article 1 "One"\n  tier a "A"\ntier b "B"\n  tier c "C"\n\nexample "E"\n  expect x = 1\n')
    assert codes(parsed) == [("PD126", "tier")]
    assert names(parsed) == {"a", "b", "c"}


def test_facts_at_the_margin_are_one_fault():
    parsed = read(f'{HEADER}example "E"\n  given x = 1\ngiven y = 2\ngiven z = 2\nexpect x = 1\n')
    assert codes(parsed) == [("PD128", "given")]
