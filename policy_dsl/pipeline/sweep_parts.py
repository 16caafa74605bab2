"""The parts of a sweep: each is done by itself, from the files that the job names, by whatever process and machine.

Which cases make a part hangs on the cases alone. So what is written is the same to the byte, in however many parts at a
time and after however many interruptions it is made.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policy_dsl.cases.declared import Declared
from policy_dsl.diagnostics.problem import errors_of
from policy_dsl.evaluate import decide
from policy_dsl.files import Refused
from policy_dsl.files.parts import PartWriter, noted
from policy_dsl.files.tables import TableFile
from policy_dsl.pipeline.deciding import read_case
from policy_dsl.pipeline.missing import calendars_of
from policy_dsl.pipeline.reading import Opened, check_policy, open_file
from policy_dsl.pipeline.sending import Texts
from policy_dsl.plan import Column, NoSuchOutput, Output, outputs_of
from policy_dsl.records import dataclass
from policy_dsl.source import blake2b
from policy_dsl.sweep.batch import Batch, Results
from policy_dsl.sweep.columns import column_named
from policy_dsl.sweep.drawing import Drawer
from policy_dsl.sweep.faults import Table, Unfit
from policy_dsl.sweep.given import from_cases
from policy_dsl.sweep.partner import Partner
from policy_dsl.sweep.reading import TableReader
from policy_dsl.sweep.rows import Rows
from policy_dsl.sweep.run import Sweeper
from policy_dsl.sweep.summary import Accumulator
from policy_dsl.sweep.summary_against import Against
from policy_dsl.sweep.tornado import Tornado, ends_of, movings, tornado
from policy_dsl.sweep.varying import Varied, read_varied
from policy_dsl.sweep.writing import Layout

if TYPE_CHECKING:
    from datetime import date

    from policy_dsl.cases.case import Case
    from policy_dsl.check import Checked

Group = tuple[tuple[Batch, Batch | None], ...]
"""Batches of cases from the same rows, each with the same cases for the policy that is compared."""
KEPT = 2
"""How many jobs a process keeps ready."""


@dataclass(frozen=True, slots=True)
class Job:
    """All that it takes to do any part of a sweep; it can be sent to another process.

    The cases are those of a `table`, case `files`, or `draws` from the base case. `size` is how many make a part: rows
    of a table, files, draws. `values` names the outputs (all where it is empty), `out` the folder for the tables.
    `digest` is that of all that the cases are made from. `sent` are the texts of policies and of the base case, where
    the job goes to a machine that lacks their files.
    """

    policy: str
    take: tuple[str, ...] = ()
    against: str = ""
    base: str = ""
    as_at: date | None = None
    table: TableFile | None = None
    files: tuple[str, ...] = ()
    draws: int = 0
    seed: int = 0
    shape: str = "uniform"
    vary: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    compiled: bool | None = None
    out: str = ""
    size: int = 1
    about: tuple[tuple[str, str], ...] = ()
    sent: tuple[Texts, ...] = ()
    digest: str = ""

    @property
    def units(self) -> int:
        """How many rows, files or draws there are."""
        return self.table.rows if self.table is not None else len(self.files) or self.draws

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return -(-self.units // self.size)


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """What a part came to: how many cases, how many the exact engine decided, and what there is to sum up."""

    cases: int
    again: int
    summary: bytes
    against: Against | None = None


class Side:
    """A policy in a sweep: the outputs that are asked of it, and what decides its cases. Raises Refused."""

    def __init__(self, path: str, job: Job, *, besides: frozenset[str] = frozenset()) -> None:
        self.opened = opened_for(job, path)
        policy = check_policy(self.opened, job.take if path == job.policy else ())
        for problem in errors_of(policy.problems):
            raise Refused(problem)
        assert policy.checked is not None
        self.checked: Checked = policy.checked
        self.outputs: tuple[Output, ...] = ()

    def ask(self, names: Iterable[str], base: Case, *, compiled: bool | None) -> None:
        """Say what is asked of the cases, one of which is given. Raises Refused for names of nothing."""
        try:
            with calendars_of(self.checked):
                self.outputs = outputs_of(self.checked, names, base)
        except NoSuchOutput as fault:
            raise Refused(fault.problem) from None
        self.sweeper = Sweeper(self.checked, self.outputs, compiled=compiled)

    def case(self, opened: Opened, job: Job, other: Side | None) -> Case:
        """A case as this policy reads it; what only the other knows is passed over. Raises Refused."""
        besides = frozenset(other.checked.program.entries) if other is not None else frozenset()
        read = read_case(self.checked, opened, job.as_at, besides)
        for problem in errors_of(read.problems):
            raise Refused(problem)
        assert read.case is not None
        return read.case


class Work:
    """A job made ready in this process."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.side = Side(job.policy, job)
        self.old = Side(job.against, job) if job.against else None
        self.base: Case | None = None
        self.stated: Opened | None = None
        self.partner: Partner | None = None
        self.stated = opened = opened_for(job, job.base or job.files[0])
        first = self.side.case(opened, job, self.old)
        self.side.ask(job.values, first, compiled=job.compiled)
        if job.base:
            self.base = first
        if self.old is not None:
            theirs = self.old.case(opened, job, self.side)
            self.old.ask((), theirs, compiled=job.compiled)
            if job.base:
                self.partner = Partner(self.old.checked.program, theirs, self.side.checked.program)
        self.layout = Layout(self.side.outputs, dict(job.about))

    @cached_property
    def reader(self) -> TableReader:
        """What reads the table. Raises BadTable."""
        table, program = self.job.table, self.side.checked.program
        assert table is not None
        assert self.base is not None
        theirs = frozenset(self.old.checked.program.entries) - program.entries.keys() if self.old else frozenset()
        return TableReader(Table(table.path), table.names, program, self.base, theirs)

    @cached_property
    def varied(self) -> tuple[Varied, ...]:
        """What is drawn. Raises Unfit."""
        assert self.base is not None
        return read_varied(self.job.vary, self.side.checked, self.base, self.job.shape)

    @cached_property
    def drawer(self) -> Drawer:
        """What draws the cases. Raises Unfit."""
        assert self.base is not None
        return Drawer(self.side.checked, self.base, self.varied, self.job.seed)

    def check(self) -> None:
        """Find what can be found wrong before any case is read. Raises Refused, Unfit."""
        if self.job.table is not None:
            _ = self.reader
        elif not self.job.files:
            _ = self.drawer

    # ---- the cases of a part -----------------------------------------------------------------------------------------

    def groups(self, number: int) -> Iterator[Group]:
        """The batches of a part, those together that hold cases of the same rows; each with that of the old policy."""
        job = self.job
        start, stop = number * job.size, min((number + 1) * job.size, job.units)
        if job.files:
            yield tuple(self._read(job.files[start:stop], start))
        elif job.table is not None:
            reader = self.reader
            rows = job.table.read(reader.columns, reader.texts, max(start - 1, 0), reader.rows)
            yield from self.from_rows(rows, start, stop if stop < job.units else None)
        else:
            for batch in self.drawer.batches(start, stop):
                yield ((batch, self.partner.batch(batch) if self.partner else None),)

    def from_rows(self, rows: Iterable[Rows], start: int = 0, stop: int | None = None) -> Iterator[Group]:
        """The batches of rows of the table, as `groups` gives them."""
        for batches in self.reader.read(rows, start, stop):
            yield tuple((batch, self.partner.batch(batch) if self.partner else None) for batch in batches)

    def _read(self, files: tuple[str, ...], first: int) -> Iterator[tuple[Batch, Batch | None]]:
        """Case files, read one by one."""
        sides = [self.side, *([self.old] if self.old is not None else [])]
        read = []
        for path in files:
            opened = open_file(path)
            others = [self.old, self.side]
            read.append((_name(path), [side.case(opened, self.job, others[n]) for n, side in enumerate(sides)]))
        for mine, *theirs in from_cases([side.checked.program for side in sides], read, first):
            yield mine, theirs[0] if theirs else None

    # ---- what all parts come to --------------------------------------------------------------------------------------

    def restored(self, summary: bytes) -> Accumulator:
        """What a part gathered."""
        names = json.loads(summary)["columns"]
        return Accumulator.restored(self.side.outputs, filter(None, map(self._column, names)), summary)

    def _column(self, name: str) -> Column | None:
        """A column of facts by its name, or one that is drawn."""
        drawn = self.drawer.columns if self.job.draws else ()
        known = column_named(name, Declared(self.side.checked.program), None)
        return next((each for each in drawn if each.name == name), known.column if known is not None else None)

    def digest(self) -> str:
        """A digest of all that the cases are made from."""
        files = [opened_for(self.job, path) for path in (self.job.base, *self.job.files) if path]
        # The tables beside a case belong to it; they are read with it.
        for opened in files:
            self.side.case(opened, self.job, self.old)
        return digest_of(files, self.job.table.digest if self.job.table is not None else "")

    def tornado(self) -> Tornado | None:
        """What each figure of the base case does alone; none where there is no base, or nothing is shared out."""
        if self.base is None or not any(each.aspect == "share" for each in self.side.outputs):
            return None
        checked = self.side.checked
        with calendars_of(checked):
            decision = decide(checked, self.base)
            drawn = ends_of(self.varied) if self.job.draws else ends_of(())
            moving, fixed = movings(checked, decision, drawn)
            found = tornado(checked, decision, moving, self.side.outputs, self._each)
        return replace(found, fixed=(*fixed, *found.fixed))

    def _each(self, batches: Iterable[Batch]) -> Iterator[Results]:
        return map(self.side.sweeper.run, batches)

    def gathered(self, group: Group, gathered: Accumulator, against: Against | None) -> list[Results]:
        """The results of a group of batches, each summed up, and compared with those of the other policy."""
        results = []
        for batches in group:
            mine, theirs = self.run(batches)
            results.append(mine)
            gathered.add(mine)
            if against is not None and theirs is not None:
                against.add(theirs, mine)
        return results

    def run(self, batches: tuple[Batch, Batch | None]) -> tuple[Results, Results | None]:
        """The results of a batch under both policies. Raises Refused where a published calendar is not to be had."""
        mine, theirs = batches
        with calendars_of(self.side.checked):
            found = self.side.sweeper.run(mine)
        if theirs is None or self.old is None:
            return found, None
        with calendars_of(self.old.checked):
            return found, self.old.sweeper.run(theirs)


def digest_of(opened: Iterable[Opened], *besides: str) -> str:
    """A digest of texts and of all the files that they name."""
    found = blake2b(digest_size=20)
    for each in opened:
        parts = [each.source.text.encode(), *(data or b"" for _, data in sorted(each.load.read.items()))]
        for data in (*parts, *(word.encode() for word in besides)):
            found.update(len(data).to_bytes(8, "big"))
            found.update(data)
    return found.hexdigest()


def opened_for(job: Job, path: str) -> Opened:
    """A policy or the base case, from the texts that came with the job or else from its file. Raises Refused."""
    sent = next((each for each in job.sent if each.name == path), None)
    return sent.opened() if sent is not None else open_file(path)


def _name(path: str) -> str:
    """What a case is called that stands in a file of its own."""
    return path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]


_ready: OrderedDict[Job, Work] = OrderedDict()


def work_of(job: Job) -> Work:
    """A job made ready, once in each process. Raises Refused, Unfit."""
    if job not in _ready:
        _ready[job] = Work(job)
        while len(_ready) > KEPT:
            _ready.popitem(last=False)
    _ready.move_to_end(job)
    return _ready[job]


def settled(work: Work, job: Job) -> Job:
    """Let what was made ready for a job serve for the same job, as it was settled since."""
    work.job, work.layout = job, Layout(work.side.outputs, dict(job.about))
    _ready[job] = work
    return job


def forget() -> None:
    """Read the files of the next job anew: they may have changed."""
    _ready.clear()


def part(job: Job, number: int) -> Done:
    """Do a part, or take it as it was done before. Raises Unfit with the problem that stopped it."""
    try:
        return _part(job, number)
    except Refused as refused:
        raise Unfit(refused.problem) from None


def _part(job: Job, number: int) -> Done:
    before = noted(job.out, number) if job.out and not job.against else None
    if before is not None:
        return Done(before["cases"], before["again"], before["summary"].encode())
    work = work_of(job)
    gathered = Accumulator(work.side.outputs)
    against = Against(work.old.outputs, work.side.outputs) if work.old is not None else None
    writer = PartWriter(job.out, number, work.layout.schemas) if job.out else None
    try:
        for group in work.groups(number):
            results = work.gathered(group, gathered, against)
            if writer is not None:
                writer.write(work.layout.tables(results))
        summary = gathered.state()
        if writer is not None:
            done: dict[str, Any] = {"cases": gathered.cases, "again": gathered.again, "summary": summary.decode()}
            writer.done(done)
    except BaseException:
        if writer is not None:
            writer.give_up()
        raise
    return Done(gathered.cases, gathered.again, summary, against)


__all__ = ["Done", "Job", "Work", "digest_of", "forget", "part", "settled", "work_of"]
