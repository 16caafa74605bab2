"""Tables of cases: both layouts, every form of file, whatever the batches; and what is said of bad ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest
from sweeping import case, checked, compare

from policy_dsl.cases.case import Case
from policy_dsl.files import Refused
from policy_dsl.files.tables import open_table
from policy_dsl.plan import outputs_of
from policy_dsl.sweep import Batch
from policy_dsl.sweep.faults import BadTable, Table
from policy_dsl.sweep.reading import TableReader
from policy_dsl.sweep.run import Sweeper
from policy_dsl.values import Quantity

POLICY = checked()
BASE = case(POLICY)
MEMBERS = ("BDI", "KEN", "RWA", "TZA")


def long_rows(cases: int) -> dict[str, list[Any]]:
    """A long table: figures of four members and of the case."""
    rows: dict[str, list[Any]] = {name: [] for name in ("case", "member", "population", "unemployment", "budget")}
    for number in range(cases):
        for place, member in enumerate(reversed(MEMBERS)):
            rows["case"].append(f"c{number}")
            rows["member"].append(member)
            rows["population"].append(1_000_000 + number * 7 + place * 100_000)
            rows["unemployment"].append(5.25 + number % 30 + place)
            rows["budget"].append(1000.25 + number)
    return rows


def stated(rows: dict[str, list[Any]]) -> dict[str, Case]:
    """The cases that a long table holds, made by hand."""
    made: dict[str, Case] = {}
    factors = {"unemployment": Fraction(1, 100)}
    for number, name in enumerate(rows["case"]):
        here = made.get(name, BASE)
        member = rows["member"][number]
        facts = []
        for fact in here.facts:
            column = rows.get(fact.indicator)
            mine = fact.member in ("", member) and not fact.cohort and fact.year is None
            if column is not None and mine and isinstance(fact.value, Quantity):
                amount = Fraction(str(column[number])) * factors.get(fact.indicator, 1)
                fact = replace(fact, value=replace(fact.value, amount=amount))
            facts.append(fact)
        made[name] = replace(here, facts=tuple(facts))
    return made


def read(path: Path, start: int = 0, stop: int | None = None, most: int | None = None) -> list[Batch]:
    table = open_table(str(path))
    reader = TableReader(Table(str(path)), table.names, POLICY.program, BASE)
    if most is not None:
        # Small batches, so that cases stand across their ends.
        type(reader).rows = property(lambda _: most)  # type: ignore[assignment,method-assign]
    rows = table.read(reader.columns, reader.texts, max(start - 1, 0), reader.rows)
    return [batch for group in reader.read(rows, start, stop) for batch in group]


@pytest.fixture(autouse=True)
def _rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TableReader, "rows", TableReader.rows)


def written(folder: Path, form: str, rows: dict[str, list[Any]]) -> Path:
    table = pa.table(rows)
    path = folder / f"cases.{form}"
    match form:
        case "parquet":
            pa.parquet.write_table(table, path, row_group_size=7)
        case "arrow":
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table, max_chunksize=5)
        case "arrows":
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table, max_chunksize=5)
        case "feather":
            pa.feather.write_feather(table, path, compression="zstd", chunksize=6)
        case "csv":
            pa.csv.write_csv(table, path)
    return path


def amounts(batches: list[Batch]) -> dict[tuple[str, str, str], Fraction | None]:
    """All figures of batches as they truly are, by case, member and column."""
    found: dict[tuple[str, str, str], Fraction | None] = {}
    for batch in batches:
        for column in batch.columns:
            members = batch.members if column.each_member else ("",)
            for row, name in enumerate(batch.names):
                for place, member in enumerate(members):
                    gaps = batch.absent.get(column.name)
                    gap = gaps is not None and gaps[row, place]
                    found[name, member, column.name] = None if gap else batch.amount(column.name, row, place)
    return found


FORMS = ("parquet", "arrow", "arrows", "feather", "csv")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("most", [1, 9, 40, 10_000])
def test_every_form_and_every_size_of_batch_gives_the_same_cases(form: str, most: int, tmp_path: Path):
    rows = long_rows(23)
    batches = read(written(tmp_path, form, rows), most=most)
    assert [name for batch in batches for name in batch.names] == [f"c{n}" for n in range(23)]
    assert all(batch.members == MEMBERS for batch in batches)
    due = {
        (name, member if column != "budget" else "", column): Fraction(str(value))
        / (100 if column == "unemployment" else 1)
        for column in ("population", "unemployment", "budget")
        for name, member, value in zip(rows["case"], rows["member"], rows[column], strict=True)
    }
    assert amounts(batches) == due


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", [1, 5, 8, 92])
def test_parts_of_a_table_hold_each_case_once(form: str, size: int, tmp_path: Path):
    path = written(tmp_path, form, long_rows(23))
    names = [
        name
        for start in range(0, 92, size)
        for batch in read(path, start, start + size, most=6)
        for name in batch.names
    ]
    assert names == [f"c{n}" for n in range(23)]


def test_the_results_of_a_table_are_those_of_its_cases(tmp_path: Path):
    rows = long_rows(12)
    cases = stated(rows)
    sweeper = Sweeper(POLICY, outputs_of(POLICY, (), BASE))
    compare(POLICY, [sweeper.run(batch) for batch in read(written(tmp_path, "parquet", rows))], cases)


def test_a_wide_table_gives_what_the_long_one_gives(tmp_path: Path):
    rows = long_rows(9)
    wide: dict[str, list[Any]] = {"case": [f"c{n}" for n in range(9)], "budget": rows["budget"][::4]}
    for place, member in enumerate(reversed(MEMBERS)):
        for name in ("population", "unemployment"):
            wide[f"{name}.{member}"] = rows[name][place::4]
    path = tmp_path / "wide.parquet"
    pa.parquet.write_table(pa.table(wide), path)
    assert amounts(read(path)) == amounts(read(written(tmp_path, "parquet", rows)))
    assert [batch.order.tolist() for batch in read(path)] == [list(range(9))]


def test_in_a_wide_table_whom_it_does_not_name_has_what_the_base_states(tmp_path: Path):
    path = tmp_path / "wide.csv"
    path.write_text("case,population.RWA,applications@2024.KEN\na,5,\nb,6,12\n", "utf-8")
    found = amounts(read(path))
    assert found["b", "RWA", "population"] == 6
    assert found["b", "TZA", "population"] == 63_000_000
    assert found["a", "KEN", "applications@2024"] is None
    assert found["b", "KEN", "applications@2024"] == 12
    assert found["b", "TZA", "applications@2024"] == 4000
    assert found["b", "RWA", "applications@2024"] is None


def test_members_without_rows_do_not_take_part(tmp_path: Path):
    path = tmp_path / "cases.csv"
    path.write_text("case,member,gdp\na,KEN,5\na,RWA,7\nb,RWA,1\nb,BDI,2\nc,RWA,8\nc,KEN,9\n", "utf-8")
    batches = read(path)
    assert [(list(batch.names), batch.members) for batch in batches] == [
        (["b"], ("BDI", "RWA")),
        (["a", "c"], ("KEN", "RWA")),
    ] or [(list(batch.names), batch.members) for batch in batches] == [
        (["a", "c"], ("KEN", "RWA")),
        (["b"], ("BDI", "RWA")),
    ]
    for batch in batches:
        assert batch.base.groups["core"] == tuple(c for c in BASE.groups["core"] if c in batch.members)
        assert {f.member for f in batch.base.facts} <= {"", *batch.members}
    assert {n: o for batch in batches for n, o in zip(batch.names, batch.order.tolist(), strict=True)} == {
        "a": 0,
        "b": 2,
        "c": 4,
    }


def test_a_date_in_a_column_is_that_of_the_case(tmp_path: Path):
    path = tmp_path / "cases.csv"
    path.write_text("case,at,budget\na,2026-05-02,5\nb,2026-05-03,7\nc,2026-05-02,9\n", "utf-8")
    found = {tuple(batch.names): batch.base.at for batch in read(path)}
    assert found == {("a", "c"): date(2026, 5, 2), ("b",): date(2026, 5, 3)}


@pytest.mark.parametrize(
    ("column", "grain"),
    [
        (pa.array([1, 2, 3], pa.int8()), Fraction(1, 100)),
        (pa.array([1, 2, 3], pa.uint64()), Fraction(1, 100)),
        (pa.array([1.5, 2.25, 3.0]), Fraction(1, 10_000)),
        (pa.array([1.1, 2.2, 3.3], pa.float32()), Fraction(1, 1000)),
        (pa.array([Decimal("1.10"), Decimal("2.20"), Decimal("3.30")], pa.decimal128(20, 2)), Fraction(1, 10_000)),
        (pa.array(["1.1", "2.2", "3.3"]), Fraction(1, 1000)),
        (pa.array(["1.1", "2.2", "3.3"]).dictionary_encode(), Fraction(1, 1000)),
    ],
)
def test_figures_of_every_type_are_the_decimals_that_are_written(column: pa.Array, grain: Fraction, tmp_path: Path):
    path = tmp_path / "cases.parquet"
    pa.parquet.write_table(pa.table({"case": ["a", "b", "c"], "unemployment.RWA": column}), path)
    (batch,) = read(path)
    due = [Fraction(str(each)) / 100 for each in column.to_pylist()]
    if pa.types.is_float32(column.type):
        due = [Fraction(each) / 1000 for each in (11, 22, 33)]
    assert [batch.amount("unemployment", row, 2) for row in range(3)] == due
    # The others have what the base states, to a tenth of a per cent.
    assert (batch.grains["unemployment"] / grain).denominator in (1, 10, 100)
    assert [batch.values["unemployment"][row, 2] for row in range(3)] == [float(each) for each in due]


BAD = {
    "unknown column": ("case,member,populaton\na,RWA,1\n", "PD990", {"name": "populaton"}),
    "column of the other layout": ("case,population\na,1\n", "PD990", {"name": "population"}),
    "wide column in a long table": ("case,member,population.RWA\na,RWA,1\n", "PD990", {"name": "population.RWA"}),
    "no case": ("member,population\nRWA,1\n", "PD968", {"name": "case"}),
    "no facts": ("case,member\na,RWA\n", "PD957", {}),
    "unknown member": ("case,member,gdp\na,RWA,1\na,UGA,1\n", "PD991", {"code": "UGA", "place": "row 2"}),
    "unknown member of a column": ("case,gdp.UGA\na,1\n", "PD991", {"code": "UGA"}),
    "words for a figure": ("case,member,gdp\na,RWA,1\na,KEN,much\n", "PD992", {"row": "2", "text": "much"}),
    "words for yes or no": ("case,member,in_danger\na,RWA,yes\na,KEN,y\n", "PD992", {"row": "2", "text": "y"}),
    "no number": ("case,member,gdp\na,RWA,nan\n", "PD992", {"row": "1", "text": "nan"}),
    "no date": ("case,at,gdp.RWA\na,1.5.2026,1\n", "PD992", {"column": "at", "text": "1.5.2026"}),
    "case without a name": ("case,member,gdp\na,RWA,1\n,RWA,1\n", "PD992", {"column": "case", "row": "2"}),
    "member without a code": ("case,member,gdp\na,,1\n", "PD992", {"column": "member", "row": "1"}),
    "less than nobody": ("case,member,population\na,RWA,-1\n", "PD993", {"text": "-1", "bounds": "not below 0"}),
    "above the bounds": (
        "case,member,unemployment\na,RWA,101\n",
        "PD993",
        {"text": "101", "bounds": "between 0 and 100"},
    ),
    "rows at odds": ("case,member,budget\na,RWA,1\na,KEN,2\n", "PD994", {"case": "a", "row": "2"}),
    "gap at odds": ("case,member,budget\na,RWA,1\na,KEN,\n", "PD994", {"case": "a", "row": "2"}),
    "member twice": ("case,member,gdp\na,RWA,1\na,RWA,2\n", "PD958", {"code": "RWA", "row": "2"}),
    "rows apart": ("case,member,gdp\na,RWA,1\nb,RWA,2\na,KEN,1\n", "PD959", {"case": "a", "row": "3"}),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_said_of_a_bad_table(name: str, tmp_path: Path):
    text, code, params = BAD[name]
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadTable) as raised:
        read(path)
    problem = raised.value.problem
    assert problem.code == code
    assert problem.params["file"] == str(path)
    assert {key: problem.params[key] for key in params} == params


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("cut.parquet", b"PAR1 and no more", "parquet"),
        ("cut.arrow", b"ARROW1 and no more", ""),
        ("semicolons.csv", b"case;member;gdp\na;RWA;1\n", "semicolons"),
        ("doubled.csv", b"case,gdp.RWA,gdp.RWA\na,1,2\n", "two columns"),
        ("latin.csv", b"case,gdp.RWA,\xe9\na,1,2\n", ""),
    ],
)
def test_what_is_said_of_a_file_that_is_no_table(name: str, data: bytes, reason: str, tmp_path: Path):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.problem.code == "PD956"
    assert reason in refused.value.problem.params["reason"].lower()


def test_a_line_with_too_few_cells_is_told(tmp_path: Path):
    path = tmp_path / "cut.csv"
    path.write_text("case,member,gdp\na,RWA,1\na,KEN\n", "utf-8")
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.problem.code == "PD956"


def test_a_csv_file_with_blank_lines_quotes_and_ends_of_lines_of_another_system(tmp_path: Path):
    path = tmp_path / "cases.csv"
    path.write_bytes(b'\xef\xbb\xbfcase,member,gdp\r\n"a, b",RWA,1\r\n\r\n"a, b",KEN,2\r\nc,RWA,3')
    table = open_table(str(path))
    assert table.names == ("case", "member", "gdp")
    assert table.rows == 3
    assert sorted(name for batch in read(path) for name in batch.names) == ["a, b", "c"]


def test_a_folder_of_tables_is_one_table(tmp_path: Path):
    rows = long_rows(10)
    for number in range(2):
        some = {name: column[number * 18 : (number + 1) * 18 + 4 * number] for name, column in rows.items()}
        pa.parquet.write_table(pa.table(some), tmp_path / f"part-{number}.parquet")
    (tmp_path / "_SUCCESS").write_text("", "utf-8")
    # The fifth case goes on in the second file.
    names = [name for batch in read(tmp_path) for name in batch.names]
    assert names == [f"c{n}" for n in range(10)]
