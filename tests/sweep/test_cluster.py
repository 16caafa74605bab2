"""A sweep on a cluster: the same bytes as without one, whatever befalls its workers."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pa = pytest.importorskip("pyarrow", reason="sweeps need the part `sweep` of the tool")
pytest.importorskip("distributed", reason="sweeps on a cluster need the part `cluster` of the tool")

import pyarrow.parquet as pq  # noqa: E402

from policy_dsl import PolicyError, load  # noqa: E402
from policy_dsl.cli import main  # noqa: E402
from policy_dsl.diagnostics.problem import errors_of  # noqa: E402
from policy_dsl.files import Refused  # noqa: E402
from policy_dsl.pipeline import open_file, read_case, sweeping  # noqa: E402
from policy_dsl.pipeline.sending import sent  # noqa: E402
from policy_dsl.pipeline.sweep_parts import part, work_of  # noqa: E402
from policy_dsl.pipeline.sweeping import Asked, sweep, sweep_job  # noqa: E402
from policy_dsl.sweep.faults import Unfit  # noqa: E402

EXAMPLE = Path(__file__).parents[2] / "docs" / "example"
CASES, AT_ONCE = 105, 7
"""So few cases make a part that the exact engine decides them one by one: that takes long enough to be met at it."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two workers, each a process of its own, in a folder that holds nothing."""
    import dask
    from distributed import LocalCluster

    folder, before = tmp_path_factory.mktemp("workers"), Path.cwd()
    os.chdir(folder)
    try:
        settings = {"distributed.worker.daemon": True, "logging.distributed": "critical"}
        with dask.config.set(settings), LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
        ) as made:  # fmt: skip
            yield made
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a policy that is based on another file, a base case, and a table in fifteen parts, swept alone."""
    folder = tmp_path_factory.mktemp("made")
    law = (EXAMPLE / "lake.policy").read_text("utf-8")
    (folder / "base").mkdir()
    (folder / "base" / "model.policy").write_text(law.replace("policy lake", "policy model"), "utf-8")
    header = law.split("\narticle", 1)[0].replace("periods   plain", 'periods   plain\n  based on "base/model.policy"')
    (folder / "lake.policy").write_text(header + "\n", "utf-8")
    (folder / "lake.yaml").write_text((EXAMPLE / "lake.yaml").read_text("utf-8"), "utf-8")
    arrivals = [1_000 + 977 * number % 80_000 for number in range(CASES)]
    table = pa.table({"case": [f"c{number}" for number in range(CASES)], "arrivals": arrivals})
    pq.write_table(table, folder / "cases.parquet", row_group_size=100)
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        patch.setattr(sweeping, "CASES_AT_ONCE", AT_ONCE)
        sweep(job("alone"))
    return folder


@pytest.fixture
def here(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that folder."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sweeping, "CASES_AT_ONCE", AT_ONCE)
    return tmp_path


def job(out: str) -> Any:
    return sweep_job(Asked("lake.policy", "cases.parquet", base="lake.yaml", out=out))


def written(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_a_cluster_writes_the_same_bytes(here: Path, cluster: Any):
    seen: list[tuple[int, int]] = []
    spread = sweep(job("spread"), scheduler=cluster.scheduler_address, progress=lambda *at: seen.append(at))
    assert written(here / "spread") == written(here / "alone")
    assert spread.found.cases == CASES
    assert seen[-1] == (CASES, CASES)
    assert [at for at, _ in seen] == sorted(at for at, _ in seen)


def test_drawn_cases_are_the_same_wherever_they_are_drawn(here: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sweeping, "CASES_AT_ONCE", 200)
    asked = Asked("lake.policy", "lake.yaml", vary=("arrivals=±50%", "population=±20%"), draws=600, seed=7, out="drawn")
    sweep(sweep_job(asked))
    shutil.move("drawn", "alone.drawn")
    sweep(sweep_job(asked), scheduler=cluster.scheduler_address)
    assert written(here / "drawn") == written(here / "alone.drawn")
    assert len(list((here / "drawn" / "members").iterdir())) == 3


def test_a_worker_that_is_killed_over_its_work_loses_no_case_and_doubles_none(here: Path, cluster: Any):
    killed: list[int] = []

    def kill_one(done: int, of: int) -> None:
        # Asked between two parts, while the workers go on with others.
        if not killed and done < of / 2:
            killed.extend(_killed_over_a_part(here / "spread", cluster))

    spread = sweep(job("spread"), scheduler=cluster.scheduler_address, progress=kill_one)
    assert killed, "no worker was caught over a part"
    assert killed[0] not in _workers(cluster)
    assert written(here / "spread") == written(here / "alone")
    assert spread.found.cases == CASES
    names = pa.concat_tables(pq.read_table(file) for file in sorted((here / "spread" / "cases").iterdir()))["case"]
    assert names.to_pylist() == [f"c{number}" for number in range(CASES)]


def _workers(cluster: Any) -> dict[int, str]:
    return {nanny.pid: nanny.worker_address for nanny in cluster.workers.values() if nanny.pid is not None}


def _killed_over_a_part(out: Path, cluster: Any) -> list[int]:
    """Kill a worker that has begun to write a part and not finished it; none where none is caught at once."""
    for pid in _workers(cluster):
        os.kill(pid, signal.SIGSTOP)
        if list((out / "members").glob(f".part-*.{pid}.part")):
            os.kill(pid, signal.SIGKILL)
            return [pid]
        os.kill(pid, signal.SIGCONT)
    return []


def test_what_is_done_is_not_done_again(here: Path, cluster: Any):
    shutil.copytree("alone", "spread")
    gone = [
        here / "spread" / kind / name for kind, name in (("parts", "part-00003.json"), ("cases", "part-00007.parquet"))
    ]
    for file in gone:
        file.unlink()
    before = {file: file.stat().st_mtime_ns for file in (here / "spread" / "members").iterdir()}
    sweep(job("spread"), scheduler=cluster.scheduler_address, resume=True)
    assert written(here / "spread") == written(here / "alone")
    renewed = {file.name for file, at in before.items() if file.stat().st_mtime_ns != at}
    assert renewed == {"part-00003.parquet", "part-00007.parquet"}


def test_the_workers_need_the_texts_of_policy_and_case_and_not_their_files(here: Path):
    case = (here / "lake.yaml").read_text("utf-8")
    area = next(line for line in case.splitlines() if line.startswith("  area:"))
    (here / "lake.yaml").write_text(case.replace(area, "").rstrip() + "\ntables:\n  - file: land.csv\n", "utf-8")
    (here / "land.csv").write_text("member,area (km2)\nBDI,25680\nRWA,24670\nTZA,885800\n", "utf-8")
    work = work_of(job(""))
    travelling = sent(work)
    expected = [part(work.job, number).summary for number in (0, 14)]
    assert not any(errors_of(read.problems) for read in [read_case(work.side.checked, open_file("lake.yaml"))])
    for file in ("lake.policy", "base/model.policy", "lake.yaml", "land.csv"):
        (here / file).unlink()
    assert [part(travelling, number).summary for number in (0, 14)] == expected
    assert all(Path(piece.file).is_absolute() for piece in travelling.table.pieces)


def test_what_is_wrong_with_a_row_is_told_as_without_a_cluster(here: Path, cluster: Any):
    table = pq.read_table("cases.parquet")
    wrong = table["arrivals"].to_pylist()
    wrong[80] = -5
    pq.write_table(table.set_column(1, "arrivals", pa.array(wrong)), "cases.parquet")
    told = []
    for scheduler in ("", cluster.scheduler_address):
        with pytest.raises(Refused) as refused:
            sweep(job(""), scheduler=scheduler)
        told.append((refused.value.problem.code, dict(refused.value.problem.params)["row"]))
    assert told == [("PD993", "81")] * 2


@pytest.mark.parametrize(
    ("address", "said"),
    [("10.0.0.5:8786", "tcp:// or tls://"), ("tcp://127.0.0.1:1", "127.0.0.1:1")],
)
def test_where_no_scheduler_answers_that_is_said(here: Path, monkeypatch: pytest.MonkeyPatch, address: str, said: str):
    monkeypatch.setattr("policy_dsl.sweep.cluster.PATIENCE", 1)
    with pytest.raises(Refused) as refused:
        sweep(job(""), scheduler=address)
    assert refused.value.problem.code == "PD928"
    assert said in " ".join(refused.value.problem.params.values())


def test_a_scheduler_without_workers_is_no_help(here: Path, monkeypatch: pytest.MonkeyPatch):
    from distributed import LocalCluster

    monkeypatch.setattr("policy_dsl.sweep.cluster.PATIENCE", 1)
    with LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=50) as idle, pytest.raises(Refused) as refused:
        sweep(job(""), scheduler=idle.scheduler_address)
    assert refused.value.problem.code == "PD928"
    assert "no worker" in refused.value.problem.params["reason"]


def test_a_part_that_the_tool_itself_can_not_do_is_told(here: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch):
    from policy_dsl.sweep import cluster as room

    monkeypatch.setattr(room, "__version__", "0.0.1")
    with pytest.raises(Unfit) as stopped:
        list(room.across(cluster.scheduler_address, part, sent(work_of(job(""))), range(3)))
    assert stopped.value.problem.code == "PD953"


def test_the_command_and_the_library_take_the_address(here: Path, cluster: Any, capsys: pytest.CaptureFixture[str]):
    address = cluster.scheduler_address
    asked = ["sweep", "lake.policy", "cases.parquet", "--base", "lake.yaml", "--out", "spread", "--scheduler", address]
    assert main(asked) == 0
    assert "105 cases decided" in capsys.readouterr().err
    found = load("lake.policy").sweep("cases.parquet", base="lake.yaml", scheduler=address)
    assert len(found) == CASES
    assert found.cases["case"].to_pylist() == [f"c{number}" for number in range(CASES)]
    with pytest.raises(PolicyError, match="PD928"):
        load("lake.policy").sweep("cases.parquet", base="lake.yaml", scheduler="nowhere")


def test_without_dask_it_is_said_what_to_install(here: Path):
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from policy_dsl.cli import main\n"
        "main(['sweep', 'lake.policy', 'cases.parquet', '--base', 'lake.yaml', '--scheduler', 'tcp://127.0.0.1:1'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=here)
    assert "PD925" in done.stderr
    assert "policy-dsl[cluster]" in done.stderr
    assert "Traceback" not in done.stderr
