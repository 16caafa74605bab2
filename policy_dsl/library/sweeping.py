"""How a sweep that a program asks for is done: here, as its results are asked for, or at once into a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from policy_dsl.files import Loader, Scratch
from policy_dsl.library.errors import needing, raising
from policy_dsl.library.swept import Swept, SweptBatch
from policy_dsl.pipeline import Opened
from policy_dsl.pipeline.sending import Texts
from policy_dsl.records import dataclass
from policy_dsl.source import Source

if TYPE_CHECKING:
    from policy_dsl.pipeline.sweep_here import Stream
    from policy_dsl.pipeline.sweeping import Asked
    from policy_dsl.pipeline.sweeping import Swept as Done

CASE = "case.yaml"
"""What a base case is called that is no file."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What a sweep is asked of: the policy as it was read, the cases, the base case as it was opened."""

    policy: Opened
    taken: tuple[str, ...]
    cases: object
    base: Opened | None
    against: str | None = None


def swept(given: Given, options: dict[str, Any], *, jobs: int, scheduler: str, resume: bool) -> Swept:
    """A sweep with these options of the command. Raises PolicyError."""
    try:
        from policy_dsl.pipeline.sweep_here import Stream
    except ImportError as missing:
        raise needing("sweep", "sweeps", missing) from None
    with raising():
        path = os.fspath(given.cases) if isinstance(given.cases, str | os.PathLike) else None
        stream = None if path is not None or given.cases is None else Stream(given.cases)
        asked = _asked(given, path, stream, options)
        if not options["out"] and jobs == 1 and not scheduler:
            return _here(asked, stream)
        scratch = None if options["out"] else Scratch()
        return _at_once(asked, stream, scratch, jobs=jobs, scheduler=scheduler, resume=resume)


def _asked(given: Given, path: str | None, stream: Stream | None, options: dict[str, Any]) -> Asked:
    from policy_dsl.pipeline.sweeping import Asked

    base = _named(given.base)
    texts = [Texts.of(each) for each in (given.policy, base) if each is not None]
    name = base.source.name if base is not None else ""
    drawn = path is None and stream is None
    return Asked(
        policy=given.policy.source.name,
        cases=name if drawn else path or "",
        take=given.taken,
        base="" if drawn else name,
        against=given.against or "",
        table=stream.table if stream is not None else None,
        sent=tuple(texts),
        **options,
    )


def _named(base: Opened | None) -> Opened | None:
    """A base case under a name that cases have: one that was given as a text or as fields has none."""
    if base is None or base.source.name.endswith((".yaml", ".yml")):
        return base
    source = Source(CASE, base.source.text)
    return Opened(source, Loader(source))


def _here(asked: Asked, stream: Stream | None) -> Swept:
    from policy_dsl.pipeline.sweep_here import Here
    from policy_dsl.pipeline.sweeping import sweep_job

    here = Here(sweep_job(asked), stream)

    def run() -> Iterator[SweptBatch]:
        for tables in here.tables():
            yield SweptBatch(tables["members"], tables["cases"])

    return Swept(run, lambda: here.swept)


def _at_once(
    asked: Asked, stream: Stream | None, scratch: Scratch | None, *, jobs: int, scheduler: str, resume: bool
) -> Swept:
    """A sweep into a folder: that which is asked for, or one that is gone with the object that reads it."""
    from dataclasses import replace

    from policy_dsl.files.parts import tables_of
    from policy_dsl.files.tables import open_table, spooled
    from policy_dsl.pipeline.sweeping import sweep, sweep_job

    spool = None
    if stream is not None:
        # Other processes can't share a table in memory: they read it from a file.
        spool = scratch or Scratch()
        asked = replace(asked, table=open_table(spooled(spool.path, stream())))
    if scratch is not None:
        asked = replace(asked, out=scratch.inside("results"))
    done: Done = sweep(sweep_job(asked), jobs=jobs, scheduler=scheduler, resume=resume)
    job = done.job

    def read() -> Iterator[SweptBatch]:
        for number in range(job.parts):
            yield SweptBatch(*tables_of(job.out, number))

    return Swept(read, lambda: done, job.out if scratch is None else None, held=scratch)


__all__ = ["Given", "swept"]
