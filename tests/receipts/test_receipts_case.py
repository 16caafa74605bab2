"""The digest of a case: what it says, not how its file is laid out."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from deciding_again import CASES, LAKE, checked, policy_of, shown

from policy_dsl.cases.case import Case
from policy_dsl.pipeline import open_file, read_case
from policy_dsl.receipts.facts import case_digest
from policy_dsl.receipts.plain import Plain

TEXT = LAKE.with_suffix(".yaml").read_text("utf-8")


def read(case: Path, policy: Path = LAKE) -> Case:
    found = read_case(checked(policy), open_file(str(case)))
    assert found.case is not None, [(each.code, dict(each.params)) for each in found.problems]
    return found.case


def digest_of(case: Case) -> str:
    return case_digest(Plain().data(case))


def of_text(folder: Path, text: str) -> str:
    (folder / "x.yaml").write_text(text, "utf-8")
    return digest_of(read(folder / "x.yaml"))


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_layout_and_the_order_of_keys_and_of_what_has_no_order_do_not_count(case: Path, tmp_path: Path) -> None:
    data: dict[str, Any] = yaml.load(case.read_text("utf-8"), yaml.BaseLoader)
    draw = Random(7)
    for part in ("events", "choices", "adjustments"):
        draw.shuffle(data.get(part) or [])
    for table in case.parent.glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    (tmp_path / "other_name.yaml").write_text(yaml.dump(data, sort_keys=True, allow_unicode=True), "utf-8")
    policy = policy_of(case)
    assert digest_of(read(tmp_path / "other_name.yaml", policy)) == digest_of(read(case, policy))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("63_000_000", "63_000_001"),
        ("885_800", "885_801"),
        ("TZA: 63_000_000", "TZA: {value: 63_000_000, status: estimate}"),
        ("TZA: 63_000_000", 'TZA: {value: 63_000_000, source: "Census"}'),
        ("TZA: 63_000_000", "TZA: {value: 63_000_000, date: 2025-01-01}"),
        ("TZA: 63_000_000", "TZA: {value: 63_000_000, between: [62_000_000, 64_000_000], status: contested}"),
        ("90_000 persons", "90_001 persons"),
    ],
)
def test_what_a_case_says_counts(tmp_path: Path, old: str, new: str) -> None:
    assert old in TEXT
    assert of_text(tmp_path, TEXT.replace(old, new, 1)) != of_text(tmp_path, TEXT)


@pytest.mark.parametrize(("old", "new"), [("63_000_000", "63000000"), ("90_000 persons", "90000 persons")])
def test_how_a_figure_is_written_does_not(tmp_path: Path, old: str, new: str) -> None:
    assert old in TEXT
    assert of_text(tmp_path, TEXT.replace(old, new, 1)) == of_text(tmp_path, TEXT)


def test_a_fact_in_a_table_is_the_same_fact(tmp_path: Path) -> None:
    data = yaml.load(TEXT, yaml.BaseLoader)
    areas = data["facts"].pop("area")
    unit = areas.pop("unit")
    rows = "".join(f"{code},{value}\n" for code, value in areas.items())
    (tmp_path / "area.csv").write_text(f"member,area ({unit})\n{rows}", "utf-8")
    data["tables"] = [{"file": "area.csv"}]
    assert of_text(tmp_path, yaml.dump(data)) == of_text(tmp_path, TEXT)
