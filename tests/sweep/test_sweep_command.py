"""`policy sweep`: what it writes, what it says, and that a sweep that is broken off and gone on with is the same."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from sweeping import CASE, POLICY, case, checked, write

from policy_dsl.cli import main
from policy_dsl.evaluate import decide
from policy_dsl.pipeline import sweeping
from policy_dsl.values import Quantity

LAKE = checked()

DRAW = ("sweep", "lake.policy", "spring.yaml", "--vary", "gdp=±20%", "--vary", "budget=contested", "--jobs", "1")


@pytest.fixture(name="policy")
def _policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    write(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def run(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(arguments))
        found = capsys.readouterr()
        return code, found.out, found.err

    return run


def table(folder: str, kind: str) -> dict[str, list]:
    return pa.parquet.read_table(Path(folder) / kind).to_pydict()


def digests(folder: str | Path) -> dict[str, str]:
    """Every file of a folder by its digest."""
    root = Path(folder)
    return {
        str(file.relative_to(root)): sha256(file.read_bytes()).hexdigest()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


def test_results_are_written_with_a_row_for_each_case_and_member_and_one_for_each_case(policy):
    code, out, err = policy(*DRAW, "--draws", "30", "--out", "swept")
    assert (code, out) == (0, "")
    assert err.startswith("30 cases decided")
    members, cases = table("swept", "members"), table("swept", "cases")
    assert len(members["case"]) == 120
    assert members["member"][:4] == ["BDI", "KEN", "RWA", "TZA"]
    assert cases["case"] == [str(n) for n in range(1, 31)]
    for number in range(30):
        assert sum(members["costs"][number * 4 : number * 4 + 4]) == round(Decimal(cases["costs.total"][number]), 2)
    manifest = json.loads(Path("swept/sweep.json").read_text("utf-8"))
    assert manifest["parts"] == 1
    assert manifest["done"]["cases"] == 30


def test_only_what_is_asked_for_is_given(policy):
    assert policy(*DRAW, "--draws", "5", "--values", "costs", "--out", "swept")[0] == 0
    assert list(table("swept", "members")) == ["case", "member", "costs"]
    code, _, err = policy(*DRAW, "--draws", "5", "--values", "cots", "--out", "others")
    assert code == 2
    assert "PD929" in err


def test_a_folder_of_case_files(policy):
    Path("cases").mkdir()
    for number in range(9):
        text = CASE.replace("4_000, sick", f"{4000 + number}, sick")
        Path(f"cases/c{number}.yaml").write_text(text.replace("2026-05-01", f"2026-05-0{1 + number % 2}"), "utf-8")
    assert policy("sweep", "lake.policy", "cases", "--out", "swept", "--jobs", "1")[0] == 0
    cases = table("swept", "cases")
    assert cases["case"] == [f"c{number}" for number in range(9)]
    assert cases["places.total@families"] == [4000 + number for number in range(9)]


def test_a_table_with_a_base_case_is_what_decide_gives(policy):
    rows = ["case,member,population,budget"]
    for number in range(3):
        rows += [
            f"c{number},{m},{(number + 2) * 1_000_000 + n * 100},{1000 + number}.25"
            for n, m in enumerate(("RWA", "BDI"))
        ]
    Path("cases.csv").write_text("\n".join(rows), "utf-8")
    code, _, err = policy("sweep", "lake.policy", "cases.csv", "--base", "spring.yaml", "--out", "swept", "--jobs", "1")
    assert (code, "3 cases decided" in err) == (0, True)
    members = table("swept", "members")
    for number in range(3):
        text = CASE.replace("[BDI, RWA, TZA, KEN]", "[BDI, RWA]").replace(
            "value: 1_000_000.50", f"value: {1000 + number}.25"
        )
        text = text.replace("between: [900_000 USD, 1_200_000 USD], status: contested", "status: official")
        text = text.replace(
            "BDI: 13_000_000, RWA: 14_000_000",
            f"BDI: {(number + 2) * 1_000_000 + 100}, RWA: {(number + 2) * 1_000_000}",
        )
        decision = decide(LAKE, case(LAKE, text))
        for shared in decision.shares:
            column = f"{shared.entry.name}@{shared.cohort}" if shared.cohort else shared.entry.name
            for row in shared.rows:
                assert isinstance(row.final.value, Quantity)
                place = members["case"].index(f"c{number}") + ("BDI", "RWA").index(row.member)
                assert Fraction(members[column][place]) == row.final.value.amount


def test_the_same_bytes_in_one_process_and_in_several_and_after_a_resumption(policy, monkeypatch):
    monkeypatch.setattr(sweeping, "CASES_AT_ONCE", 16)
    draws = ("--draws", "70")
    assert policy(*DRAW, *draws, "--out", "one")[0] == 0
    assert policy(*DRAW, *draws, "--jobs", "2", "--out", "two")[0] == 0
    assert len(list(Path("one/members").iterdir())) == 5
    whole = digests("one")
    assert digests("two") == whole
    # As a run leaves it that was stopped: some parts, one of them half noted, one half written.
    Path("two/parts/part-00001.json").unlink()
    Path("two/cases/part-00003.parquet").unlink()
    Path("two/members/.part-00004.parquet.77.part").write_bytes(b"PAR1")
    manifest = json.loads(Path("two/sweep.json").read_text("utf-8"))
    del manifest["done"]
    Path("two/sweep.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
    assert policy(*DRAW, *draws, "--out", "two", "--resume")[0] == 0
    assert digests("two") == whole


def test_what_is_done_is_not_done_again(policy, monkeypatch):
    monkeypatch.setattr(sweeping, "CASES_AT_ONCE", 16)
    assert policy(*DRAW, "--draws", "40", "--out", "swept")[0] == 0
    before = {file: file.stat().st_mtime_ns for file in Path("swept").rglob("part-*")}
    Path("swept/parts/part-00001.json").unlink()
    code, _, err = policy(*DRAW, "--draws", "40", "--out", "swept", "--resume")
    assert (code, err.startswith("40 cases decided")) == (0, True)
    after = {file: file.stat().st_mtime_ns for file in Path("swept").rglob("part-*")}
    assert {file.name for file in before if before[file] != after[file]} == {"part-00001.parquet", "part-00001.json"}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("--seed", "1"), "options"),
        (("--vary", "floor=±1"), "options"),
        ("policy", "policy"),
        ("case", "cases"),
    ],
)
def test_another_sweep_is_not_gone_on_with(change, what: str, policy):
    assert policy(*DRAW, "--draws", "5", "--out", "swept")[0] == 0
    if change == "policy":
        Path("lake.policy").write_text(POLICY.replace('"Spring"', '"S"').replace("5 persons", "6 persons"), "utf-8")
    elif change == "case":
        Path("spring.yaml").write_text(CASE.replace("321", "322"), "utf-8")
    more = change if isinstance(change, tuple) else ()
    code, _, err = policy(*DRAW, "--draws", "5", *more, "--out", "swept", "--resume")
    assert code == 2
    assert "PD966" in err
    assert f"the {what} is not the same" in err


def test_a_folder_with_something_in_it_is_left_alone(policy):
    Path("swept").mkdir()
    Path("swept/mine.txt").write_text("mine", "utf-8")
    code, _, err = policy(*DRAW, "--draws", "5", "--out", "swept")
    assert (code, "PD998" in err) == (2, True)
    assert digests("swept").keys() == {"mine.txt"}


def test_a_fault_in_a_later_part_is_told_and_leaves_nothing_half_written(policy, monkeypatch):
    monkeypatch.setattr(sweeping, "CASES_AT_ONCE", 4)
    rows = [f"c{n},RWA,{n if n != 30 else 'many'}" for n in range(40)]
    Path("cases.csv").write_text("\n".join(["case,member,gdp", *rows]), "utf-8")
    for jobs in ("1", "2"):
        code, _, err = policy(
            "sweep", "lake.policy", "cases.csv", "--base", "spring.yaml", "--out", f"s{jobs}", "--jobs", jobs
        )
        assert code == 2
        assert "PD992" in err
        assert "row 31" in err
        assert not list(Path(f"s{jobs}").rglob(".*"))
        assert "done" not in json.loads(Path(f"s{jobs}/sweep.json").read_text("utf-8"))


SCRIPT = """
import sys
from policy_dsl.pipeline import sweeping
sweeping.CASES_AT_ONCE = 8
from policy_dsl.cli import main
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_run_that_is_killed_and_gone_on_with_gives_the_bytes_of_one_run_through(jobs: str, policy, tmp_path: Path):
    Path("run.py").write_text(SCRIPT, "utf-8")
    arguments = [*DRAW[:-1], jobs, "--draws", "200"]
    command = [sys.executable, "run.py", *arguments]
    subprocess.run([*command, "--out", "whole"], check=True, capture_output=True)
    killed = 0
    for _ in range(20):
        resume = ["--resume"] if Path("swept").exists() else []
        run = subprocess.Popen([*command, "--out", "swept", *resume], stderr=subprocess.DEVNULL)
        target = len(list(Path("swept/parts").glob("*"))) + 3
        while run.poll() is None and len(list(Path("swept/parts").glob("*"))) < target:
            time.sleep(0.002)
        if run.poll() is None:
            run.send_signal(signal.SIGKILL)
            killed += 1
        if run.wait() == 0:
            break
    assert killed > 0
    subprocess.run([*command, "--out", "swept", "--resume"], check=True, capture_output=True)
    assert digests("swept") == digests("whole")
    assert not list(Path("swept").rglob(".*"))


def test_where_the_part_of_the_tool_is_missing_it_is_said_what_to_install(policy, monkeypatch):
    for name in [
        each for each in sys.modules if each.startswith(("policy_dsl.sweep", "policy_dsl.pipeline.sweep_parts"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numpy", None)
    code, _, err = policy(*DRAW, "--draws", "5")
    assert code == 2
    assert "PD925" in err
    assert "policy-dsl[sweep]" in err


def test_two_policies_against_each_other(policy):
    other = POLICY.replace("60% : share of population", "50% : share of population").replace(
        "30% : share of gdp", "40% : share of gdp"
    )
    Path("other.policy").write_text(other, "utf-8")
    code, out, _ = policy(*DRAW, "--draws", "20", "--against", "other.policy", "--summary", "json")
    assert code == 0
    assert json.loads(out)


def test_nothing_that_check_and_decide_use_loads_what_sweeps(policy):
    script = (
        "import sys; from policy_dsl.cli import main; codes = main(['check', 'lake.policy']), "
        "main(['decide', 'lake.policy', 'spring.yaml', '--out', 'spring.md', '-q']); "
        "rooms = ('numpy', 'pyarrow', 'policy_dsl.sweep', 'policy_dsl.plan'); "
        "print(codes, [each for each in rooms if each in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ran.stdout.endswith("(0, 0) []\n")
