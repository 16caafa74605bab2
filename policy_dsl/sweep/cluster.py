"""Parts of a sweep on many machines. Dask does the work of it: who does which part, and again where a machine is lost.

A part is a function of the job and of its number, with the same outcome whoever does it and however often: what it
writes, it writes whole under a name of its own. So nothing is lost and nothing is there twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from policy_dsl import __version__
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.records import dataclass
from policy_dsl.sweep.faults import Unfit

if TYPE_CHECKING:
    from distributed import Client

Job = TypeVar("Job")
Found = TypeVar("Found")

SCHEMES = ("tcp://", "tls://")
PATIENCE = 10
"""So many seconds a scheduler may take to answer."""
_ALONE = Lock()
AHEAD = 2
"""So many parts are handed out for each thread of a worker: one to do, and one to go on with."""


@dataclass(frozen=True, slots=True, eq=False)
class Part(Generic[Found]):
    """What became of a part: what was found, or the problem that stopped it."""

    number: int
    found: Found | None
    problem: Problem | None = None


def across(
    scheduler: str, work: Callable[[Job, int], Found], job: Job, numbers: Iterable[int]
) -> Iterator[tuple[int, Found]]:
    """Do the parts of a job on the workers of a scheduler; give each with what was found, as they get ready.

    `work` is a function of a module that the workers have too, and `job` holds no paths but those that lead to the same
    files on all machines. Raises Unfit where no scheduler answers, where a part can't be done, and where workers were
    lost so often over one part that Dask gives it up.
    """
    waiting = iter(numbers)
    with _client(scheduler) as client:
        from distributed import as_completed

        # A task of its own, not data put to the workers: when all who have it are lost, it is made again.
        given = client.submit(_given, (__version__, job), pure=False)
        ready = as_completed(loop=client.loop)
        asked = 0

        def hand_out() -> None:
            nonlocal asked
            most = AHEAD * max(1, sum(client.nthreads().values()))
            while ready.count() < most and (number := next(waiting, None)) is not None:
                ready.add(client.submit(_part, work, given, number, pure=False))
                asked += 1

        hand_out()
        for future in ready:
            part = _part_of(future, scheduler)
            if part.problem is not None:
                raise Unfit(part.problem)
            yield part.number, part.found  # type: ignore[misc]
            hand_out()


def _given(job: Any) -> Any:
    """The job, as a task."""
    return job


def _part(work: Callable[[Any, int], Any], given: tuple[str, Any], number: int) -> Part[Any]:
    """One part, done by a worker. What is refused is told as such: an exception would not survive the journey.

    What a process keeps ready for the next part serves one part at a time, whatever threads the worker has.
    """
    version, job = given
    if version != __version__:
        return Part(number, None, Problem("PD953", params={"ours": version, "theirs": __version__}))
    try:
        with _ALONE:
            return Part(number, work(job, number))
    except Unfit as refused:
        return Part(number, None, refused.problem)


def _part_of(future: Any, scheduler: str) -> Part[Any]:
    from distributed import KilledWorker

    try:
        part: Part[Any] = future.result()
    except KilledWorker as lost:
        reason = f"one worker after another was lost over it, the last at {lost.last_worker.address}"
        raise Unfit(_failed(scheduler, reason)) from None
    except (ImportError, AttributeError) as fault:
        raise Unfit(_failed(scheduler, f"a worker lacks what it takes: {fault}")) from None
    except OSError as fault:
        raise Unfit(_failed(scheduler, fault.strerror or str(fault))) from None
    return part


def _failed(scheduler: str, reason: str) -> Problem:
    return Problem("PD954", params={"scheduler": scheduler, "reason": reason})


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    """A connection to a scheduler that runs already. Raises Unfit."""
    try:
        from distributed import Client
    except ImportError as missing:
        if (missing.name or "").partition(".")[0] not in ("dask", "distributed"):
            raise
        raise Unfit(Problem("PD925", params={"what": "sweeps on a cluster", "extra": "cluster"})) from None
    if not scheduler.startswith(SCHEMES):
        raise Unfit(Problem("PD928", params={"scheduler": scheduler, "reason": f"it is no {' or '.join(SCHEMES)}…"}))
    try:
        client = Client(scheduler, timeout=PATIENCE, set_as_default=False, name="policy-sweep")
    except (OSError, ValueError) as fault:
        reason = str(fault).splitlines()[0] if str(fault) else "nothing answers there"
        raise Unfit(Problem("PD928", params={"scheduler": scheduler, "reason": reason})) from None
    with client:
        if not client.nthreads():
            try:
                client.wait_for_workers(1, timeout=PATIENCE)
            except TimeoutError:
                reason = "no worker has come to it"
                raise Unfit(Problem("PD928", params={"scheduler": scheduler, "reason": reason})) from None
        yield client
