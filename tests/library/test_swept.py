"""Sweeps as objects: whatever form a table comes in, each row is what the exact engine decides of that case."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import policy_dsl
from policy_dsl.cli import main
from policy_dsl.library.swept import Swept

pa = pytest.importorskip("pyarrow", reason="sweeps need the part `sweep` of the tool")
import pyarrow.dataset  # noqa: E402
import pyarrow.parquet  # noqa: E402

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"
LAKE, BASE = EXAMPLE / "lake.policy", EXAMPLE / "lake.yaml"
NAMES = ["spring", "summer", "autumn", "winter", "a fifth"]
ARRIVALS = [90_000, 1_000, 7, 123_457, 0]
FIELDS = yaml.safe_load(BASE.read_text("utf-8"))


def table() -> Any:
    return pa.table({"case": NAMES, "arrivals": ARRIVALS})


def wide() -> Any:
    return table().append_column("population.BDI", pa.array([13_000_000, 12_999_999, 1, 5, 7], pa.uint32()))


def long() -> Any:
    rows = [(case, member) for case in NAMES for member in ("BDI", "RWA", "TZA")]
    people = [1_000 * (number + 1) for number in range(len(rows))]
    columns = {"case": [case for case, _ in rows], "member": [member for _, member in rows], "population": people}
    return pa.table(columns)


@pytest.fixture(scope="module")
def lake() -> policy_dsl.Policy:
    return policy_dsl.load(LAKE)


@pytest.fixture(scope="module")
def expected(lake: policy_dsl.Policy) -> list[tuple[str, str, int]]:
    """Case, member and places, by the exact engine."""
    found = []
    for name, arrivals in zip(NAMES, ARRIVALS, strict=True):
        case = FIELDS | {"case": name, "facts": FIELDS["facts"] | {"arrivals": f"{arrivals} persons"}}
        for member, places in lake.decide(case).shares("places").items():
            assert places is not None
            found.append((name, member, int(places.amount)))
    return found


def places(swept: Swept) -> list[tuple[str, str, int]]:
    rows = swept.members.select(["case", "member", "places"]).to_pylist()
    return [(row["case"], row["member"], row["places"]) for row in rows]


def as_pandas() -> Any:
    return pytest.importorskip("pandas").DataFrame({"case": NAMES, "arrivals": ARRIVALS})


def as_filtered() -> Any:
    frame = pytest.importorskip("pandas").DataFrame({"case": ["x", *NAMES], "arrivals": [1, *ARRIVALS]})
    return frame[frame["case"] != "x"]


def as_polars() -> Any:
    return pytest.importorskip("polars").DataFrame({"case": NAMES, "arrivals": ARRIVALS})


def as_categories() -> Any:
    polars = pytest.importorskip("polars")
    return as_polars().with_columns(polars.col("case").cast(polars.Categorical))


def as_batches() -> Iterator[Any]:
    yield from table().to_batches(max_chunksize=2)


FORMS: dict[str, Callable[[], Any]] = {
    "table": table,
    "data set": lambda: pyarrow.dataset.dataset(table()),
    "reader": lambda: table().to_reader(max_chunksize=2),
    "record batch": lambda: table().combine_chunks().to_batches()[0],
    "list of batches": lambda: table().to_batches(max_chunksize=3),
    "generator of batches": as_batches,
    "pandas": as_pandas,
    "pandas with rows dropped": as_filtered,
    "polars": as_polars,
    "polars with categories": as_categories,
    "large texts": lambda: table().cast(pa.schema([("case", pa.large_string()), ("arrivals", pa.int64())])),
    "views of texts": lambda: table().cast(pa.schema([("case", pa.string_view()), ("arrivals", pa.float64())])),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_table_in_any_form_is_decided_as_its_cases_are_one_by_one(
    form: str, lake: policy_dsl.Policy, expected: list[tuple[str, str, int]]
):
    swept = lake.sweep(FORMS[form](), base=BASE)
    assert places(swept) == expected
    assert swept.cases["case"].to_pylist() == NAMES
    assert len(swept) == len(NAMES)


@pytest.mark.parametrize("name", ["cases.parquet", "cases.csv", "cases.arrow"])
def test_a_path_is_a_table_too(
    name: str, lake: policy_dsl.Policy, expected: list[tuple[str, str, int]], tmp_path: Path
):
    pyarrow.dataset.write_dataset(
        table(), tmp_path, format=name.partition(".")[2], basename_template=f"{{i}}{name.removeprefix('cases')}"
    )
    file = next(tmp_path.iterdir()).rename(tmp_path / name)
    assert places(lake.sweep(file, base=BASE)) == places(lake.sweep(str(file), base=str(BASE))) == expected


@pytest.mark.parametrize("base", [BASE, BASE.read_text("utf-8"), FIELDS], ids=["path", "text", "fields"])
def test_the_base_case_may_be_path_text_or_fields(base: Any, lake: policy_dsl.Policy, expected: Any):
    assert places(lake.sweep(table(), base=base)) == expected


def test_a_policy_given_as_a_text_sweeps_as_its_file(expected: Any):
    assert places(policy_dsl.load_text(LAKE.read_text("utf-8"), "nowhere.policy").sweep(table(), base=BASE)) == expected


@pytest.mark.parametrize("make", [wide, long])
def test_facts_of_members_stand_in_both_layouts(make: Callable[[], Any], lake: policy_dsl.Policy):
    given = make()
    found = {(case, member): count for case, member, count in places(lake.sweep(given, base=BASE))}
    for name in NAMES:
        rows = [row for row in given.to_pylist() if row["case"] == name]
        people = dict(FIELDS["facts"]["population"])
        for row in rows:
            people |= {row["member"]: row["population"]} if "member" in row else {"BDI": row["population.BDI"]}
        arrivals = {"arrivals": f"{rows[0]['arrivals']} persons"} if "arrivals" in rows[0] else {}
        case = FIELDS | {"facts": FIELDS["facts"] | {"population": people} | arrivals}
        for member, share in lake.decide(case).shares("places").items():
            assert share is not None
            assert found[name, member] == share.amount


def test_many_rows_are_decided_as_their_cases_are_one_by_one(lake: policy_dsl.Policy):
    people = [1_000 + 7_919 * number % 9_973 for number in range(60)]
    given = pa.table({"population.BDI": people, "area.RWA": [each / 7 for each in people], "arrivals": people[::-1]})
    swept = lake.sweep(given, base=BASE)
    assert swept.again < 60
    found = iter(places(swept))
    for number, row in enumerate(given.to_pylist()):
        facts = FIELDS["facts"] | {"arrivals": f"{row['arrivals']} persons"}
        facts |= {"population": facts["population"] | {"BDI": row["population.BDI"]}}
        facts |= {"area": facts["area"] | {"RWA": row["area.RWA"]}}
        for member, share in lake.decide(FIELDS | {"facts": facts}).shares("places").items():
            assert share is not None
            assert next(found) == (str(number + 1), member, share.amount)


def test_batches_are_the_same_rows_and_a_count_keeps_none(lake: policy_dsl.Policy, expected: Any):
    swept = lake.sweep(table(), base=BASE)
    assert repr(swept) == "<sweep, not yet run>"
    assert len(swept) == 5
    assert swept._kept is None
    assert repr(swept) == "<sweep of 5 cases>"
    rows = [row for batch in swept.batches() for row in batch.members.to_pylist()]
    assert [(row["case"], row["member"], row["places"]) for row in rows] == expected
    assert swept.again == sum(swept.why.values())
    assert swept.hindrances == {}


def test_a_stream_is_read_once(lake: policy_dsl.Policy, expected: Any):
    swept = lake.sweep(as_batches(), base=BASE)
    assert places(swept) == expected
    assert [len(each.cases) for each in swept.batches()] == [5]
    again = lake.sweep(as_batches(), base=BASE)
    assert sum(len(each.cases) for each in again.batches()) == 5
    assert len(again) == 5
    with pytest.raises(policy_dsl.PolicyError, match="PD952"):
        again.members  # noqa: B018


def test_only_what_is_asked_for_is_given(lake: policy_dsl.Policy):
    swept = lake.sweep(table(), base=BASE, values=["places"])
    assert "places" in swept.members.column_names
    assert "size" not in swept.members.column_names


def test_drawn_cases_are_the_same_for_the_same_seed(lake: policy_dsl.Policy):
    def drawn(seed: int, draws: int = 40) -> Any:
        return lake.sweep(base=BASE, vary=["arrivals=±50%", "population=±20%"], draws=draws, seed=seed).members

    assert drawn(7).equals(drawn(7))
    assert not drawn(7).equals(drawn(8))
    assert drawn(7, 20).equals(drawn(7).slice(0, 60))


@pytest.mark.parametrize("given", [as_batches, "cases.parquet"])
def test_several_processes_give_the_same(
    given: Any, lake: policy_dsl.Policy, expected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("policy_dsl.pipeline.sweeping.CASES_AT_ONCE", 2)
    pyarrow.parquet.write_table(table(), "cases.parquet")
    swept = lake.sweep(given() if callable(given) else given, base=BASE, jobs=2)
    assert places(swept) == expected
    again = lake.sweep("cases.parquet", base=BASE, out="made", jobs=1)
    assert [len(each.cases) for each in again.batches()] == [2, 2, 1]
    assert swept.out is None


def test_with_a_folder_the_tables_are_those_of_the_command(
    lake: policy_dsl.Policy, expected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    pyarrow.parquet.write_table(table(), "cases.parquet")
    main(["sweep", str(LAKE), "cases.parquet", "--base", str(BASE), "--out", "told", "--jobs", "1", "--quiet"])
    swept = lake.sweep("cases.parquet", base=BASE, out="made")
    assert places(swept) == expected
    assert swept.out == "made"
    for file in sorted(Path("told").rglob("*.parquet")):
        assert file.read_bytes() == (Path("made") / file.relative_to("told")).read_bytes()
    with pytest.raises(policy_dsl.PolicyError, match="PD998"):
        lake.sweep("cases.parquet", base=BASE, out="made")
    assert places(lake.sweep("cases.parquet", base=BASE, out="made", resume=True)) == expected


def test_what_was_written_for_a_while_is_gone_with_the_object(lake: policy_dsl.Policy, monkeypatch: Any):
    monkeypatch.setattr("policy_dsl.pipeline.sweeping.CASES_AT_ONCE", 10)
    swept = lake.sweep(table(), base=BASE, jobs=2)
    folder = Path(swept._held.path)  # type: ignore[attr-defined]
    assert folder.is_dir()
    del swept
    assert not folder.exists()


@pytest.mark.parametrize(
    ("cases", "options", "code", "said"),
    [
        ({"arrivals": [1]}, {"base": BASE}, "PD951", "dict"),
        ([1, 2], {"base": BASE}, "PD951", "list"),
        (table(), {}, "PD961", ""),
        (pa.table({"arivals": [1]}), {"base": BASE}, "PD990", "did you mean `arrivals`?"),
        (pa.table({"arrivals": [1, -5]}), {"base": BASE}, "PD993", "row 2"),
        (
            pa.table([pa.array([1]), pa.array([2])], names=["arrivals", "arrivals"]),
            {"base": BASE},
            "PD956",
            "two columns",
        ),
        ("gone.parquet", {"base": BASE}, "PD901", "gone.parquet"),
        (table(), {"base": "gone.yaml"}, "PD901", "gone.yaml"),
    ],
)
def test_what_is_wrong_with_a_table_is_raised(
    cases: Any, options: dict[str, Any], code: str, said: str, lake: policy_dsl.Policy
):
    with pytest.raises(policy_dsl.PolicyError) as found:
        lake.sweep(cases, **options).members  # noqa: B018
    assert found.value.code == code
    assert said in str(found.value)


def test_sweeps_need_their_part_of_the_tool(lake: policy_dsl.Policy, monkeypatch: pytest.MonkeyPatch):
    for module in [name for name in sys.modules if name.startswith(("policy_dsl.pipeline.sweep_here",))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(policy_dsl.PolicyError, match="PD925"):
        lake.sweep("cases.parquet", base=BASE)


def test_a_notebook_shows_counts_a_drawing_and_the_first_rows(lake: policy_dsl.Policy):
    shown = lake.sweep(table(), base=BASE)._repr_html_()
    assert shown.startswith('<div class="policy-dsl"')
    assert shown.count("<svg") == shown.count("</svg>") == 1
    for part in ("5</span> cases", "spring", "TZA", "The first rows", "Art."):
        assert part in shown
    assert "winter" not in shown
    one = lake.sweep(pa.table({"arrivals": [5]}), base=BASE)._repr_html_()
    assert "one case" in one


def test_the_summary_is_that_of_the_command(lake: policy_dsl.Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    pyarrow.parquet.write_table(table(), "cases.parquet")
    asked = ["sweep", str(LAKE), "cases.parquet", "--base", str(BASE), "--out", "told", "--summary", "html", "--quiet"]
    main([*asked, "--jobs", "1"])
    made = lake.sweep("cases.parquet", base=BASE).summary("html")
    assert Path("told/summary.html").read_text("utf-8") == made
    weighed, counted = (lake.sweep("cases.parquet", base=BASE).summary("md", weigh=each) for each in (True, False))
    assert len(weighed) > len(counted)


def test_others_take_results_as_a_table(lake: policy_dsl.Policy, expected: Any):
    swept = lake.sweep(table(), base=BASE)
    assert pa.table(swept).equals(swept.members)
    polars = pytest.importorskip("polars")
    assert polars.DataFrame(swept)["places"].to_list() == [count for _, _, count in expected]
