"""Policies and decisions as objects: the same as the commands say, with exact figures and errors in words."""

import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

import policy_dsl
from policy_dsl.cases.stated import Unstatable, stated
from policy_dsl.cli import main
from policy_dsl.library.decided import Decided
from policy_dsl.values import Quantity

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example"
LAKE, CASE = EXAMPLE / "lake.policy", EXAMPLE / "lake.yaml"
POLICIES = ROOT / "policies"


def fields(**changes: Any) -> dict[str, Any]:
    return yaml.safe_load(CASE.read_text("utf-8")) | changes


@pytest.fixture(scope="module")
def lake() -> policy_dsl.Policy:
    return policy_dsl.load(LAKE)


@pytest.fixture(scope="module")
def decided(lake: policy_dsl.Policy) -> Decided:
    return lake.decide(CASE)


def test_the_package_is_as_cheap_to_import_as_its_name():
    code = (
        "import sys; before = set(sys.modules); import policy_dsl; policy_dsl.__version__; dir(policy_dsl);"
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "['policy_dsl']"


@pytest.mark.parametrize(
    ("asked", "without"),
    [
        ("policy_dsl.load", ("numpy", "pyarrow", "pandas", "polars", "dask", "distributed", "jinja2", "yaml")),
        (f"policy_dsl.load({str(LAKE)!r}).decide({str(CASE)!r}).shares('places')", ("numpy", "pyarrow", "dask")),
    ],
)
def test_what_is_not_asked_for_is_not_imported(asked: str, without: tuple[str, ...]):
    code = f"import sys, policy_dsl; {asked}; print(sorted(set({without!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_only_the_names_of_the_library_are_offered():
    assert set(policy_dsl.__all__) <= set(dir(policy_dsl))
    with pytest.raises(AttributeError, match="no attribute 'laod'"):
        policy_dsl.laod  # noqa: B018


def test_a_policy_says_what_it_is(lake: policy_dsl.Policy):
    assert (lake.name, lake.title, lake.version) == ("lake", "Rules of the Lake Group", "1.0")
    assert repr(lake) == "<policy lake: Rules of the Lake Group>"
    assert lake.problems == ()
    assert "\ncase:" in lake.case_template()


def test_a_text_is_read_as_its_file_would_be(lake: policy_dsl.Policy, tmp_path: Path):
    text = LAKE.read_text("utf-8")
    same = policy_dsl.load_text(text, str(tmp_path / "lake.policy"))
    assert same.decide(CASE).values == lake.decide(CASE).values
    (tmp_path / "more.policy").write_text(text.replace("policy lake", "policy more"), "utf-8")
    using = text.replace("  periods   plain", '  periods   plain\n  based on "more.policy"').split("article 1")[0]
    with pytest.raises(policy_dsl.PolicyError) as found:
        policy_dsl.load_text(using, "elsewhere.policy")
    assert "more.policy" in str(found.value)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (LAKE.read_text("utf-8").replace("total    arrivals", "total    arivals"), {"PD201"}),
        ("nothing", None),
    ],
)
def test_errors_of_a_policy_are_raised_in_the_words_of_policy_check(
    text: str, codes: set[str] | None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POLICY_NO_CACHE", "1")
    Path("wrong.policy").write_text(text, "utf-8")
    with pytest.raises(policy_dsl.PolicyError) as found:
        policy_dsl.load("wrong.policy")
    main(["check", "wrong.policy"])
    assert str(found.value) in capsys.readouterr().out
    errors = {each.code for each in found.value.problems if each.severity.value == "error"}
    assert errors == codes if codes else errors
    assert found.value.code in errors


def test_an_error_is_the_same_after_a_journey_between_processes():
    import pickle

    with pytest.raises(policy_dsl.PolicyError) as found:
        policy_dsl.load_text("nothing")
    assert str(pickle.loads(pickle.dumps(found.value))) == str(found.value)


def test_a_notebook_shows_an_error_as_the_terminal_does():
    with pytest.raises(policy_dsl.PolicyError) as found:
        policy_dsl.load_text("nothing")
    assert "\n".join(found.value._render_traceback_()) == str(found.value)


@pytest.mark.parametrize(
    ("ask", "code", "said"),
    [
        (lambda lake: policy_dsl.load("gone.policy"), "PD901", "gone.policy"),
        (lambda lake: lake.decide("gone.yaml"), "PD901", "gone.yaml"),
        (lambda lake: lake.decide(fields(facts={"arivals": 3})), "PD755", "did you mean `arrivals`?"),
        (lambda lake: lake.decide(fields(at=object())), "PD926", "`at`"),
        (lambda lake: lake.decide("case: x\npolicy: other\nat: 2026-08-01\n"), "PD725", "other"),
        (lambda lake: lake.decide(CASE).shares("place"), "PD911", "did you mean `places`?"),
        (lambda lake: lake.decide(CASE).shares("places", "sick"), "PD911", "for all cohorts at once"),
        (lambda lake: lake.decide(CASE).explain("place of TZA"), "PD911", "`places of TZA`"),
        (lambda lake: lake.decide(CASE, as_at=date(1990, 1, 1)), "PD967", "1990"),
    ],
)
def test_what_can_not_be_done_is_raised_with_its_code(lake: policy_dsl.Policy, ask: Any, code: str, said: str):
    with pytest.raises(policy_dsl.PolicyError) as found:
        ask(lake)
    assert code in {each.code for each in found.value.problems}
    assert said in str(found.value)


def test_a_draft_is_read_as_if_an_alternative_were_adopted():
    key = "  key size\n    2/3 : share of population\n    1/3 : share of area\n"
    other = key.replace("2/3", "1/2").replace("1/3", "1/2")
    drafts = [f"  alternative {name}\n{textwrap.indent(lines, '  ')}" for name, lines in (("A", key), ("B", other))]
    text = LAKE.read_text("utf-8").replace(key, "".join(drafts))
    shares = {name: policy_dsl.load_text(text, take=[name]).decide(CASE).shares("places") for name in "AB"}
    assert shares["A"] == policy_dsl.load(LAKE).decide(CASE).shares("places") != shares["B"]


# ---- decisions -------------------------------------------------------------------------------------------------------


def test_shares_are_exact(decided: Decided):
    places = decided.shares("places")
    assert list(places) == list(decided.members) == ["BDI", "RWA", "TZA"]
    assert {member: share.amount for member, share in places.items() if share} == {
        "BDI": Fraction(9490),
        "RWA": Fraction(10124),
        "TZA": Fraction(70386),
    }
    assert str(places["TZA"]) == "70_386 persons"
    assert decided.values["places of TZA"] == places["TZA"]
    assert decided.apportionments == ("places",)
    assert decided.guarantees == {"bearable": "holds"}
    assert decided.complete
    assert repr(decided) == "<decision of 'Arrivals of August', complete>"


def test_what_is_not_determined_is_none_and_said(lake: policy_dsl.Policy):
    tied = fields()
    tied["facts"]["area"] = {"unit": "km2", "BDI": 100, "RWA": 100, "TZA": 100}
    tied["facts"]["population"] = {"unit": "persons", "BDI": 1000, "RWA": 1000, "TZA": 1000}
    tied["facts"]["arrivals"] = "10 persons"
    found = lake.decide(tied)
    assert not found.complete
    assert set(found.shares("places").values()) == {None}
    assert "PD801" in {each.code for each in found.problems} or found.problems
    assert found.to_arrow().column("exact").null_count == 3
    assert "not complete" in repr(found)


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_documents_are_those_of_the_command(decided: Decided, form: str, tmp_path: Path):
    out = tmp_path / f"x.{form}"
    main(["decide", str(LAKE), str(CASE), "--out", str(out)])
    assert out.read_text("utf-8") == decided.document(form)  # type: ignore[call-overload]


def test_an_explanation_is_that_of_the_command(decided: Decided, capsys: pytest.CaptureFixture[str]):
    main(["explain", str(LAKE), str(CASE), "places of TZA"])
    assert capsys.readouterr().out.strip() == decided.explain("places of TZA").strip()


def test_a_case_is_the_same_as_path_text_and_fields(lake: policy_dsl.Policy, decided: Decided):
    for same in (str(CASE), CASE.read_text("utf-8"), fields()):
        assert lake.decide(same).shares("places") == decided.shares("places")
    assert lake.problems_of(fields()) == ()


def test_tables_hold_the_figures_and_what_they_are(decided: Decided):
    shares = decided.to_arrow().to_pylist()
    assert [(row["member"], row["exact"], row["unit"], row["article"]) for row in shares] == [
        ("BDI", "9490", "persons", "Art. 1(1)"),
        ("RWA", "10124", "persons", "Art. 1(1)"),
        ("TZA", "70386", "persons", "Art. 1(1)"),
    ]
    assert pa.table(decided).equals(decided.to_arrow())
    assert decided.to_arrow("values").column_names == [
        "provision", "article", "subject", "amount", "exact", "unit", "words",
    ]  # fmt: skip


def test_others_take_a_decision_as_a_table(decided: Decided):
    polars, pandas = pytest.importorskip("polars"), pytest.importorskip("pandas")
    assert polars.DataFrame(decided)["exact"].to_list() == ["9490", "10124", "70386"]
    assert list(pandas.DataFrame.from_arrow(decided)["amount"]) == [9490.0, 10124.0, 70386.0]


def test_tables_need_their_part_of_the_tool(decided: Decided, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(policy_dsl.PolicyError, match="PD925") as found:
        decided.to_arrow()
    assert "policy-dsl[sweep]" in str(found.value)


def test_a_notebook_shows_who_receives_what_under_which_article(decided: Decided):
    shown = decided._repr_html_()
    assert shown.startswith('<div class="policy-dsl"')
    for part in ("Art. 1(1)", "Tanzania (TZA)", "70 386", "Arrivals of August"):
        assert part in plain(shown)
    assert len(shown) < len(decided.document("html")) / 3
    assert "| Tanzania (TZA) |" in decided._repr_markdown_()


CASES = sorted(path for path in POLICIES.glob("*/cases/*.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_case_shows_at_a_glance_what_its_decision_gives(case: Path):
    named = f"policy {yaml.safe_load(case.read_text('utf-8'))['policy']} "
    law = next(path for path in sorted(case.parents[1].glob("*.policy")) if named in path.read_text("utf-8"))
    found = policy_dsl.load(law).decide(case)
    shown = plain(found._repr_html_())
    assert shown.count("<table>") == shown.count("</table>")
    for shared in found.decision.shares:
        given = {row.member: row.final.value for row in shared.rows if isinstance(row.final.value, Quantity)}
        assert not given or f"({shared.entry.address})" in shown
        missing = [member for member, share in given.items() if share.amount and member not in shown]
        assert missing == []


def plain(shown: str) -> str:
    """What is shown, without marks for citations and with plain blanks."""
    shown = shown.replace('<span class="citation">', "").replace("</span>", "")
    return shown.replace("\u202f", " ").replace("\u00a0", " ")


# ---- cases as fields -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (90_000, "x: 90000"),
        (True, "x: yes"),
        (0.1, "x: 0.1"),
        (1e-7, "x: 0.0000001"),
        (Decimal("1.50"), "x: 1.50"),
        (Fraction(1, 3), "x: 1/3"),
        (Fraction(4, 2), "x: 2"),
        (Quantity(Fraction(1, 4)), "x: 0.25"),
        (None, 'x: ""'),
        ("a: b", 'x: "a: b"'),
        ("63%", "x: 63%"),
        (date(2026, 8, 1), "x: 2026-08-01"),
        (datetime(2026, 8, 1, 9, 30, tzinfo=UTC), "x: 2026-08-01T09:30Z"),
        (datetime(2026, 8, 1, 9, 30), "x: 2026-08-01T09:30:00"),
        (["BDI", "RWA"], "x: [BDI, RWA]"),
        (("BDI",), "x: [BDI]"),
        ({2024: 5}, "x: {2024: 5}"),
    ],
)
def test_a_value_is_written_as_a_case_file_would_have_it(value: object, text: str):
    assert stated({"x": value}) == f"{text}\n"


@pytest.mark.parametrize(
    ("value", "key"), [(object(), "x"), ({"y": {1, 2}}, "x.y"), (float("inf"), "x"), ({True: 1}, "x"), (b"x", "x")]
)
def test_what_no_case_can_state_is_told_by_its_place(value: object, key: str):
    with pytest.raises(Unstatable) as found:
        stated({"x": value})
    assert found.value.key == key


def test_a_mapping_that_holds_itself_is_too_deep_and_no_endless_work(lake: policy_dsl.Policy):
    endless: dict[str, Any] = {}
    endless["x"] = endless
    with pytest.raises(policy_dsl.PolicyError, match="PD714"):
        lake.decide(endless)


def test_a_fact_in_binary_stands_for_the_decimal_that_is_written(lake: policy_dsl.Policy):
    numbers = fields()
    numbers["facts"]["area"] = {"unit": "km2", "BDI": 25_680.1, "RWA": 24_670.0, "TZA": 885_800}
    words = fields()
    words["facts"]["area"] = {"unit": "km2", "BDI": "25680.1", "RWA": "24670", "TZA": "885800"}
    assert lake.decide(numbers).values == lake.decide(words).values
