"""What happens in very many cases? From a policy and a table, a folder or a draw of cases to tables and a summary."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from policy_dsl import __version__
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused
from policy_dsl.pipeline.reading import Opened
from policy_dsl.records import dataclass

if TYPE_CHECKING:
    from datetime import date

    from policy_dsl.files.tables import TableFile
    from policy_dsl.pipeline.sending import Texts
    from policy_dsl.pipeline.sweep_parts import Done, Job, Work
    from policy_dsl.render.sweeping import SweepSummary
    from policy_dsl.sweep.summary_found import Compared, Found

CASES = (".yaml", ".yml")
FILES_AT_ONCE = 500
CASES_AT_ONCE = 20_000
PARTS = 500
"""Of more parts than these each is made larger."""

Progress = Callable[[int, int], None]
"""Told how many of how many rows, files or draws are done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a sweep, as the command takes it.

    A program may give a `table` that is no file in the place of `cases`, and texts in the place of files: `sent`.
    """

    policy: str
    cases: str
    take: tuple[str, ...] = ()
    base: str = ""
    as_at: date | None = None
    vary: tuple[str, ...] = ()
    draws: int | None = None
    seed: int = 0
    shape: str = "uniform"
    values: tuple[str, ...] = ()
    against: str = ""
    out: str = ""
    compiled: bool | None = None
    table: TableFile | None = None
    sent: tuple[Texts, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Swept:
    """What a sweep came to. `read` names the files that were read."""

    job: Job
    found: Found
    compared: Compared | None
    read: tuple[str, ...]


def sweep_job(asked: Asked) -> Job:
    """What is asked, found sound and ready to be done part by part. Raises Refused.

    So are the policy, the base case, and the columns of a table; rows are read when their part is done.
    """
    with _installed():
        from dataclasses import replace

        from policy_dsl.pipeline.sweep_parts import Job, forget, settled, work_of

        forget()
        cases = dict(_cases(asked))
    job = Job(
        policy=asked.policy, take=asked.take, against=asked.against, as_at=asked.as_at, seed=asked.seed,
        shape=asked.shape, values=asked.values, vary=asked.vary, compiled=asked.compiled, out=asked.out,
        sent=asked.sent, **cases,
    )  # fmt: skip
    with _fitting():
        work = work_of(job)
        work.check()
        whole = replace(job, size=_size(job, work), about=tuple(_about(work)), digest=work.digest())
    return settled(work, whole)


def sweep(
    job: Job, *, jobs: int = 1, scheduler: str = "", resume: bool = False, progress: Progress | None = None
) -> Swept:
    """Do all parts of a job: in so many processes, or on the workers of a Dask scheduler. Raises Refused.

    Where the job has a folder, the tables are written there; with `resume` the parts that stand there are taken.
    """
    from policy_dsl.files.parts import MANIFEST, begin, note, tidy
    from policy_dsl.pipeline.sweep_parts import work_of
    from policy_dsl.sweep.summary import Accumulator
    from policy_dsl.sweep.summary_against import Against

    with _fitting():
        work = work_of(job)
    manifest = _manifest(job, work)
    if job.out:
        begin(job.out, manifest, resume=resume)
    gathered = Accumulator(work.side.outputs)
    against = Against(work.old.outputs, work.side.outputs) if work.old is not None else None
    units = 0
    with _fitting():
        for number, done in _all(job, jobs, scheduler):
            gathered.merge(work.restored(done.summary))
            if against is not None and done.against is not None:
                against.merge(done.against)
            units += min(job.size, job.units - number * job.size)
            if progress is not None:
                progress(units, job.units)
    found = gathered.found()
    if job.out:
        tidy(job.out)
        came_to = {"cases": found.cases, "again": found.again, "why": dict(found.why)}
        note(os.path.join(job.out, MANIFEST), {**manifest, "done": came_to})
    return Swept(job, found, against.found() if against is not None else None, tuple(_read(job, work)))


def sweep_summary(swept: Swept, *, weigh: bool = True, member: str = "") -> SweepSummary:
    """What a sweep came to as a document; where there is a base case, with what each figure does alone.

    With a member also what each figure does to its shares.
    """
    from policy_dsl.pipeline.sweep_parts import work_of
    from policy_dsl.render.sweeping import SweepSummary

    work = work_of(swept.job)
    old = work.old.checked.program if work.old is not None else None
    tornado = work.tornado() if weigh else None
    program = work.side.checked.program
    return SweepSummary(program, swept.found, _source(swept.job), old, swept.compared, tornado, member)


def members_of(job: Job) -> tuple[str, ...]:
    """Who holds a seat in the base case, in the order of codes; nobody where there is none."""
    from policy_dsl.cases.declared import Declared
    from policy_dsl.pipeline.sweep_parts import work_of
    from policy_dsl.sweep.columns import seats_of

    work = work_of(job)
    return () if work.base is None else seats_of(Declared(work.side.checked.program), work.base)


def sweep_schema() -> str:
    """The form of the summary of a sweep as data, as a JSON Schema."""
    with _installed():
        import json

        from policy_dsl.render.sweeping.schema import sweep_schema as schema

    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def sweep_glance(swept: Swept, rows: Sequence[Mapping[str, Any]]) -> str:
    """What a sweep came to, as a part of somebody else's page: counts, its first rows, one drawing."""
    from policy_dsl.pipeline.sweep_parts import work_of
    from policy_dsl.render.sweeping.glance import glance

    work = work_of(swept.job)
    return glance(work.side.checked.program, swept.found, work.side.outputs, rows)


# ---- what the cases are ----------------------------------------------------------------------------------------------


def _cases(asked: Asked) -> Iterator[tuple[str, Any]]:
    from policy_dsl.files.tables import is_table, open_table

    path = asked.cases
    if asked.table is not None:
        if not asked.base:
            raise Refused(Problem("PD961", params={"file": asked.table.path}))
        yield "base", asked.base
        yield "table", asked.table
        return
    drawing = bool(asked.vary) or asked.draws is not None
    files = _case_files(path) if os.path.isdir(path) and not asked.base else []
    if drawing and (files or not path.endswith(CASES)):
        raise Refused(Problem("PD969", params={"cases": path}))
    if files:
        yield "files", tuple(files)
    elif os.path.isdir(path) or is_table(path):
        if not asked.base:
            raise Refused(Problem("PD961", params={"file": path}))
        yield "base", asked.base
        yield "table", open_table(path)
    elif path.endswith(CASES):
        if not drawing:
            yield "files", (path,)
            return
        if asked.draws is None:
            raise Refused(
                Problem("PD969", params={"cases": path}, mend="say how many cases to draw, as `--draws 1000`")
            )
        yield "base", path
        yield "draws", asked.draws
    else:
        raise Refused(Problem("PD927", params={"file": path}))


def _case_files(folder: str) -> list[str]:
    """The case files of a folder, in order; what lies in folders below is left alone, as expected results are."""
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(CASES)]


def _size(job: Job, work: Work) -> int:
    """How many rows, files or draws make a part. It hangs on the cases alone, so that all runs part them alike."""
    if job.files:
        return FILES_AT_ONCE
    each = len(work.reader.bases.members) if job.table is not None and work.reader.long else 1
    size = CASES_AT_ONCE * max(each, 1)
    return size * max(1, -(-job.units // (size * PARTS)))


def _source(job: Job) -> str:
    """Where the cases come from; files without their folder, which differs from machine to machine."""
    from policy_dsl.receipts.plain import file_name

    if job.table is not None:
        return file_name(job.table.path)
    if job.files:
        return file_name(job.files[0] if len(job.files) == 1 else os.path.dirname(job.files[0]))
    varied = ", ".join(job.vary) or "every contested fact"
    return f"{file_name(job.base)}, with {varied}; {job.draws} draws, seed {job.seed}"


def _read(job: Job, work: Work) -> Iterator[str]:
    for side in (work.side, work.old):
        if side is not None:
            yield side.opened.source.name
            yield from side.opened.load.read
    yield from job.files
    if job.base:
        yield job.base
    if job.table is not None:
        yield from dict.fromkeys(piece.file for piece in job.table.pieces)


# ---- what makes a sweep this one -------------------------------------------------------------------------------------


def _about(work: Work) -> Iterator[tuple[str, str]]:
    heading = work.side.checked.program.heading
    yield "policy", heading.name
    yield "policy_title", heading.title
    yield "policy_version", heading.version
    yield "policy_digest", _digest(work.side.opened)
    yield "engine", __version__


def _manifest(job: Job, work: Work) -> dict[str, Any]:
    """What must be the same for a sweep to be gone on with."""
    options = {
        "take": list(job.take), "as_at": job.as_at.isoformat() if job.as_at else "", "vary": list(job.vary),
        "draws": job.draws, "seed": job.seed, "shape": job.shape, "values": list(job.values), "size": job.size,
        "compiled": job.compiled,
    }  # fmt: skip
    return {
        "engine": __version__,
        "policy": _digest(work.side.opened),
        "against": _digest(work.old.opened) if work.old is not None else "",
        "cases": job.digest,
        "options": options,
        "parts": job.parts,
    }


def _digest(opened: Opened) -> str:
    from policy_dsl.pipeline.sweep_parts import digest_of

    return digest_of([opened])


# ---- part by part ----------------------------------------------------------------------------------------------------


def _all(job: Job, jobs: int, scheduler: str) -> Iterator[tuple[int, Done]]:
    """All parts, as they get ready."""
    from policy_dsl.pipeline.sweep_parts import part, work_of

    if scheduler:
        from policy_dsl.pipeline.sending import on_cluster

        return on_cluster(scheduler, work_of(job), range(job.parts))
    if jobs == 1 or job.parts == 1:
        return ((number, part(job, number)) for number in range(job.parts))
    return _in_processes(job, min(jobs, job.parts))


def _in_processes(job: Job, jobs: int) -> Iterator[tuple[int, Done]]:
    from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
    from multiprocessing import get_context

    from policy_dsl.pipeline.sweep_parts import part

    numbers = iter(range(job.parts))
    with ProcessPoolExecutor(jobs, get_context("spawn"), _end_with_parent) as pool:
        waiting: dict[Future[Done], int] = {}

        def hand_out() -> None:
            # One part for each process to do, and one for each to go on with: no more is kept in memory.
            while len(waiting) < 2 * jobs and (number := next(numbers, None)) is not None:
                waiting[pool.submit(part, job, number)] = number

        try:
            hand_out()
            while waiting:
                for ready in wait(waiting, return_when=FIRST_COMPLETED).done:
                    yield waiting.pop(ready), ready.result()
                    hand_out()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _end_with_parent() -> None:
    """Where the process that asked is killed, its helpers end too; they would wait for ever."""
    from multiprocessing import connection, parent_process
    from threading import Thread

    parent = parent_process()

    def watch() -> None:
        assert parent is not None
        connection.wait([parent.sentinel])
        os._exit(1)

    if parent is not None:
        Thread(target=watch, daemon=True).start()


@contextmanager
def _fitting() -> Iterator[None]:
    """What a sweep can't be made from is refused, as a file that can't be read is."""
    from policy_dsl.sweep.faults import Unfit

    try:
        yield
    except Unfit as fault:
        raise Refused(fault.problem) from None


@contextmanager
def _installed() -> Iterator[None]:
    """Where the part of the tool that sweeps is not installed, that is said."""
    try:
        yield
    except ImportError as missing:
        if (missing.name or "").partition(".")[0] not in ("numpy", "pyarrow"):
            raise
        raise Refused(Problem("PD925", params={"what": "sweeps", "extra": "sweep"})) from None
