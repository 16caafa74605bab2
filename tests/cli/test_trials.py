"""`policy test` and `policy cover`: what they print, their exit codes, JUnit XML, the filter and the watch."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from policy_dsl.cli import examples
from policy_dsl.files.changes import changes, stamp
from policy_dsl.pipeline import check_policy, open_file

EXPECTED = "case: Arrivals of August\nvalues:\n  places: {BDI: 9_490 persons, RWA: 10_124 persons}\n"
EXAMPLES = """
example "Two members alike"
  given core = BDI, RWA
  given arrivals = 100 persons
  given population : persons, area : km2
    BDI : 1_000, 10
    RWA : 1_000, 10
  expect sum of places = 100 persons

example "A third and two thirds"
  given core = BDI, RWA
  given arrivals = 90 persons
  given population : persons, area : km2
    BDI : 1_000, 10
    RWA : 2_000, 20
  expect places of BDI = {places} persons because Art. 1(1)
"""


@pytest.fixture(name="shore")
def _shore(folder: Path) -> Path:
    """The folder with examples in its policy, and with expected results of its case."""
    law = (folder / "lake.policy").read_text("utf-8")
    (folder / "lake.policy").write_text(law + EXAMPLES.format(places=30), "utf-8")
    (folder / "wrong.policy").write_text(
        law.replace("policy lake", "policy pond") + EXAMPLES.format(places=31), "utf-8"
    )
    (folder / "expected").mkdir()
    (folder / "expected" / "lake.yaml").write_text(EXPECTED, "utf-8")
    return folder


# ---- policy test -----------------------------------------------------------------------------------------------------


def test_examples_and_cases_that_hold(shore, policy):
    ran = policy("test", "lake.policy", "lake.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "holds  Two members alike",
        "holds  A third and two thirds",
        "holds  Arrivals of August",
        "lake.policy: 3 of 3 examples and cases hold",
    ]
    assert policy("test", "lake.policy", "-q").out == ""
    assert policy("test", "lake.policy").out.endswith("lake.policy: 2 of 2 examples hold\n")


def test_the_file_of_expected_results_leads_to_its_case_and_no_case_is_tried_twice(shore, policy):
    ran = policy("test", "lake.policy", "lake.yaml", "expected/lake.yaml")
    assert (ran.code, ran.out.count("Arrivals of August")) == (0, 1)


def test_a_failure_shows_what_is_expected_and_found_and_where_it_departs(shore, policy):
    ran = policy("test", "wrong.policy")
    assert ran.code == 1
    assert "FAILS  A third and two thirds" in ran.out
    assert "places of BDI = 31 persons is expected; but places of BDI is 30 persons" in ran.out
    assert "wrong.policy:" in ran.out
    assert "Its last step:" in ran.out
    assert "Art.\xa01(1)" in ran.out
    assert ran.out.endswith("wrong.policy: 1 of 2 examples hold\n")


def test_a_missed_result_of_a_case_is_shown_in_the_file_that_expects_it(shore, policy):
    (shore / "expected" / "lake.yaml").write_text(EXPECTED.replace("9_490", "9_491"), "utf-8")
    ran = policy("test", "lake.policy", "lake.yaml")
    assert ran.code == 1
    assert "expected/lake.yaml:3" in ran.out


@pytest.mark.parametrize(
    ("pattern", "titles"),
    [
        ("two members", ["Two members alike"]),
        ("AUGUST", ["Arrivals of August"]),
        ("*two*", ["Two members alike", "A third and two thirds"]),
        ("two*", ["Two members alike"]),
        ("? third*", ["A third and two thirds"]),
        ("third", ["A third and two thirds"]),
    ],
)
def test_the_filter(shore, policy, pattern: str, titles: list[str]):
    ran = policy("test", "lake.policy", "lake.yaml", "-k", pattern)
    assert ran.code == 0
    assert [line.removeprefix("holds  ") for line in ran.out.splitlines()[:-1]] == titles


def test_a_filter_that_finds_nothing_is_no_success(shore, policy):
    ran = policy("test", "lake.policy", "-k", "nothing of the kind")
    assert (ran.code, "PD976" in ran.err) == (2, True)


def test_each_case_goes_to_its_policy(shore, policy):
    ran = policy("test", "wrong.policy", "lake.policy", "lake.yaml", "-k", "August")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "wrong.policy: 0 of 0 examples hold",
        "holds  Arrivals of August",
        "lake.policy: 1 of 1 examples and cases hold",
    ]
    (shore / "lake.yaml").write_text((shore / "lake.yaml").read_text("utf-8").replace("policy: lake", "policy: sea"))
    ran = policy("test", "wrong.policy", "lake.policy", "lake.yaml")
    assert (ran.code, "PD970" in ran.err) == (2, True)
    assert "PD725" in policy("test", "lake.policy", "lake.yaml").out


def test_a_case_of_which_nothing_is_expected_is_named(shore, policy):
    (shore / "expected" / "lake.yaml").unlink()
    ran = policy("test", "lake.policy", "lake.yaml")
    assert (ran.code, "PD971" in ran.err) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("faulty.policy",), 1, "faulty.policy: not tested"),
        (("none.policy",), 2, "PD901"),
        (("lake.policy", "none.yaml"), 2, "PD901"),
        (("latin1.policy",), 2, "PD904"),
        (("lake.yaml",), 2, "PD970"),
    ],
)
def test_what_can_not_be_tested(shore, policy, arguments: tuple[str, ...], code: int, said: str):
    ran = policy("test", *arguments)
    assert ran.code == code
    assert said in ran.out + ran.err


def test_the_data_of_trials(shore, policy):
    ran = policy("test", "wrong.policy", "lake.policy", "lake.yaml", "--format", "json")
    assert ran.code == 1
    wrong, lake = json.loads(ran.out)
    assert [each["passed"] for each in wrong["trials"]] == [True, False]
    (missed,) = wrong["trials"][1]["expected"]
    assert missed["actual"] == "30 persons"
    assert missed["problem"]["code"] == "PD880"
    assert missed["first_difference"]["of"] == "places of BDI"
    assert missed["first_difference"]["result_itself"] is True
    assert [each["kind"] for each in lake["trials"]] == ["example", "example", "case"]


# ---- JUnit -----------------------------------------------------------------------------------------------------------

# What the usual schema (that of the Jenkins plug-in) allows: for each element its attributes, and which it must have,
# and the elements in it in their order.
SCHEMA = {
    "testsuites": ({"name", "time", "tests", "failures", "disabled", "errors"}, set(), ["testsuite"]),
    "testsuite": (
        {"name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id"},
        {"name", "tests"},
        ["properties", "testcase", "system-out", "system-err"],
    ),
    "testcase": (
        {"name", "assertions", "time", "classname", "status"},
        {"name"},
        ["skipped", "error", "failure", "system-out", "system-err"],
    ),
    "error": ({"type", "message"}, set(), []),
    "failure": ({"type", "message"}, set(), []),
}  # fmt: skip


def valid(element: Xml.Element) -> None:
    allowed, needed, inside = SCHEMA[element.tag]
    assert set(element.attrib) <= allowed
    assert needed <= set(element.attrib)
    places = [inside.index(child.tag) for child in element]
    assert places == sorted(places)
    for child in element:
        valid(child)


def report(path: Path) -> Xml.Element:
    root = Xml.fromstring(path.read_text("utf-8"))
    valid(root)
    return root


def test_junit(shore, policy):
    assert policy("test", "wrong.policy", "lake.policy", "faulty.policy", "--junit", "report.xml").code == 1
    root = report(shore / "report.xml")
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == ("testsuites", "5", "1", "1")
    assert [(s.get("name"), s.get("tests"), s.get("failures"), s.get("errors")) for s in root] == [
        ("pond", "2", "1", "0"), ("lake", "2", "0", "0"), ("lake", "1", "0", "1"),
    ]  # fmt: skip
    (failure,) = root.iter("failure")
    assert failure.get("type") == "PD880"
    assert "31 persons is expected" in str(failure.get("message"))
    assert "Its last step:" in str(failure.text)


def test_junit_is_the_same_to_the_byte_and_writes_over_no_input(shore, policy):
    texts = []
    for _ in range(2):
        policy("test", "lake.policy", "--junit", "report.xml")
        texts.append((shore / "report.xml").read_bytes())
    assert texts[0] == texts[1]
    ran = policy("test", "lake.policy", "--junit", "lake.policy")
    assert (ran.code, "PD906" in ran.err) == (2, True)
    assert (shore / "lake.policy").read_text("utf-8").startswith("policy lake")


def test_junit_holds_titles_with_signs_of_xml_and_none_that_it_can_not_hold(shore, policy):
    text = (shore / "lake.policy").read_text("utf-8").replace("Two members alike", "A < B & \x0c “C”")
    (shore / "lake.policy").write_text(text, "utf-8")
    policy("test", "lake.policy", "--junit", "report.xml")
    root = report(shore / "report.xml")
    assert next(case.get("name") for case in root.iter("testcase")) == "A < B & U+000C “C”"


# ---- watch -----------------------------------------------------------------------------------------------------------


def test_changes_are_seen_and_nothing_else_is(tmp_path: Path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    edits: list[Callable[[], object]] = [
        lambda: None,
        lambda: first.write_text("1, and more"),
        lambda: None,
        lambda: second.write_text("new"),
        first.unlink,
    ]
    waiting = iter(edits)
    seen = changes(lambda: [str(first), str(second)], lambda: next(waiting)() and None)
    found = [next(seen) for _ in range(3)]
    assert [[size for _, _, size in each] for each in found] == [[11, -1], [11, 3], [-1, 3]]
    assert stamp([str(second), str(second)]) == stamp([str(second)])


def test_watch_runs_again_when_a_file_changes(shore, policy, monkeypatch: pytest.MonkeyPatch):
    """The source of changes is injected: it edits what the drafter would, and ends."""
    watched: list[list[str]] = []

    def drafted(paths: Callable[[], list[str]]) -> Iterator[None]:
        watched.append(list(paths()))
        text = (shore / "lake.policy").read_text("utf-8")
        (shore / "lake.policy").write_text(text.replace("= 30 persons", "= 29 persons"), "utf-8")
        yield None
        watched.append(list(paths()))

    monkeypatch.setattr(examples, "changes", drafted)
    ran = policy("test", "lake.policy", "lake.yaml", "--watch", "-q")
    assert ran.code == 1
    assert ran.out.count("FAILS  A third and two thirds") == 1
    assert {"lake.policy", "lake.yaml", "expected/lake.yaml"} <= set(watched[0])
    assert set(watched[1]) == set(watched[0])


# ---- policy cover ----------------------------------------------------------------------------------------------------


def test_what_is_not_exercised(shore, policy):
    ran = policy("cover", "lake.policy")
    assert ran.code == 0
    first, point, _, last = ran.out.splitlines()
    assert first.startswith("Art. 1 “Sharing arrivals”: ")
    assert "`places`: there is no tie to settle: ties by population" in ran.out
    assert point.startswith("  line ")
    assert last.startswith("lake.policy: ")
    assert "branches" in last


def test_the_case_counts_where_something_is_expected_of_it(shore, policy):
    with_case = json.loads(policy("cover", "lake.policy", "lake.yaml", "--format", "json").out)["coverage"]
    assert with_case["ran"] == ["Two members alike", "A third and two thirds", "Arrivals of August"]
    assert with_case["exercised"] <= with_case["of"]
    assert {point["kind"] for article in with_case["articles"] for point in article["points"]} <= {
        "provision", "branch", "bracket", "exception", "refusal",
    }  # fmt: skip


@pytest.mark.parametrize(("least", "code"), [(0, 0), (50, 0), (100, 1)])
def test_a_least_part_to_exercise(shore, policy, least: int, code: int):
    ran = policy("cover", "lake.policy", "--fail-under", str(least))
    assert ran.code == code
    assert ("is asked for" in ran.err) is bool(code)


def test_what_no_example_notices(shore, policy):
    ran = policy("cover", "lake.policy", "--mutate")
    assert ran.code == 0
    assert "Art. 1 “Sharing arrivals”" in ran.out
    assert "→ lot: no example notices" in ran.out
    assert ran.out.splitlines()[-1].startswith("lake.policy: ")
    data = json.loads(policy("cover", "lake.policy", "--mutate", "--format", "json").out)["mutation"]
    assert data["tried"] == data["possible"]
    some = json.loads(policy("cover", "lake.policy", "--mutate", "--at-most", "2", "--format", "json").out)["mutation"]
    assert (some["tried"], some["possible"]) == (2, data["possible"])
    assert "2 of " in policy("cover", "lake.policy", "--mutate", "--at-most", "2").out


def test_suggested_examples_are_printed_or_added_to_a_file(shore, policy):
    ran = policy("cover", "lake.policy", "--suggest")
    assert ran.code == 0
    assert "\nexample " in ran.out
    assert "  # expect " in ran.out
    before = (shore / "lake.policy").read_text("utf-8")
    added = policy("cover", "lake.policy", "--suggest", "--out", "lake.policy")
    assert "to be filled in" in added.out
    after = (shore / "lake.policy").read_text("utf-8")
    assert after.startswith(before)
    assert after.endswith(ran.out)
    problems = check_policy(open_file(str(shore / "lake.policy"))).problems
    assert {each.code for each in problems} == {"PD602"}
    assert policy("cover", "lake.policy", "--suggest", "--out", "new.policy").code == 0
    assert (shore / "new.policy").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("faulty.policy",), 1),
        (("none.policy",), 2),
        (("lake.policy", "wrong.policy"), 2),
        (("lake.policy", "--out", "x"), 2),
        (("wrong.policy",), 1),
        (("wrong.policy", "--mutate"), 1),
    ],
)
def test_what_can_not_be_covered_and_what_does_not_hold(shore, policy, arguments: tuple[str, ...], code: int):
    assert policy("cover", *arguments).code == code
