"""The fast way to run a plan in numpy: chunks of cases through a fixed list of calls, on arrays that are kept.

A chunk has some 750 cases, so that its arrays stay in near memory (for thirty members; more cases of fewer
members). Within it members come first and cases lie side by side: whatever goes over members (a sum, a least) is then a
few long additions and not many short ones, and a value of each case meets those of all members in long runs. Columns
are turned round as they are read and results as they are written; both cost less than one division of the same length.

A sum is taken in the order of members, one after the other (see `plain`), so that results are the same to the last bit
whatever the length of a chunk, the machine or the version of numpy; powers and logarithms are as good as the machine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.arrays.bench import TYPES, Bench
from policy_dsl.arrays.places import places_of
from policy_dsl.arrays.plain import Ran
from policy_dsl.arrays.steps import steps_of
from policy_dsl.plan.nodes import Plan

Array = NDArray[Any]

CELLS = 23_040
"""How many cases times members a chunk has, about: an array of it is 180 KiB, and some are in use at once."""


def run(plan: Plan, columns: Mapping[str, Array]) -> Ran:
    """Run a plan once; who runs it again keeps what `compiled` gives."""
    return compiled(plan).run(columns)


def compiled(plan: Plan, *, chunk: int | None = None) -> Compiled:
    """A plan made ready to run. `chunk`: how many cases at a time, at least two; as suits the members if not given."""
    return Compiled(plan, chunk or _chunk(len(plan.frame.members)))


def _chunk(members: int) -> int:
    """An odd number of lines of memory (of 8 figures): columns of a chunk then don't fall into the same sets of a cache
    when they are turned round, as they do with a power of two."""
    lines = max(16, min(1024, round(CELLS / (8 * max(members, 1)))))
    return 8 * (lines - 1 + lines % 2)


class Compiled:
    """A plan ready to run over any number of cases.

    It may be called from several threads, and lives through a fork; each call in progress has arrays of its own.
    """

    def __init__(self, plan: Plan, chunk: int) -> None:
        self.plan = plan
        self.chunk = max(chunk, 2)
        self._members = len(plan.frame.members)
        self._programs: dict[tuple[bool, frozenset[str]], _Program] = {}

    def run(self, columns: Mapping[str, Array], *, certify: bool = True, keep: Iterable[str] | None = None) -> Ran:
        """Run the plan over cases.

        `columns` holds by name int32, int64, float64 (or bool) arrays, (cases, members) or (cases, 1), in base units.
        `keep` names the outputs that are wanted, all if it is not given. Without `certify` no case is told to be in
        doubt: results are then what binary fractions give, no more.
        """
        kept = frozenset(output.name for output, _, _ in self.plan.outputs) if keep is None else frozenset(keep)
        cases = max((len(columns[str(node.data)]) for node in self.plan.inputs), default=1)
        if (certify, kept) not in self._programs:
            self._programs[certify, kept] = _Program(self.plan, self.chunk, certify, kept)
        return _through(self._programs[certify, kept], columns, cases, clear=True)


def _through(program: _Program, columns: Mapping[str, Array], cases: int, *, clear: bool) -> Ran:
    """Run the cases; then again, with the kernels themselves, those that the kernels for clear cases leave open."""
    if cases == 1:
        # A lone case would have its members side by side, and numpy would sum them in another order.
        twice = {name: np.repeat(column, 2, axis=0) for name, column in columns.items()}
        found = _through(program, twice, 2, clear=clear)
        return Ran(
            {name: values[:1] for name, values in found.outputs.items()},
            {name: values[:1] for name, values in found.known.items()},
            found.doubtful[:1],
            {why: count // 2 for why, count in found.why.items()},
        )
    ran, unclear = program.run(columns, cases, clear=clear)
    if unclear.size:
        few = {name: column[unclear] if len(column) == cases else column for name, column in columns.items()}
        again = _through(program, few, unclear.size, clear=False)
        for whole, part in ((ran.outputs, again.outputs), (ran.known, again.known)):
            for name, values in part.items():
                whole[name][unclear] = values
        ran.doubtful[unclear] = again.doubtful
        why = {each: ran.why[each] + count for each, count in again.why.items()}
        return Ran(ran.outputs, ran.known, ran.doubtful, why)
    return ran


class _Program:
    """The steps of a plan for one choice of outputs, and the places of their values."""

    def __init__(self, plan: Plan, chunk: int, certify: bool, kept: frozenset[str]) -> None:
        self.plan, self.chunk = plan, chunk
        self.members = len(plan.frame.members)
        self.kept = [each for each in plan.outputs if each[0].name in kept]
        self.whys = dict.fromkeys((doubt.why for doubt in plan.doubts) if certify else (), 0)
        self.steps = steps_of(plan, certify=certify, keep=kept)
        self.places = places_of(self.steps)
        self._idle: dict[bool, list[Bench]] = {True: [], False: []}

    def run(self, columns: Mapping[str, Array], cases: int, *, clear: bool) -> tuple[Ran, Array]:
        """The results, and the numbers of the cases in which they have no meaning if the kernels are those for clear
        cases."""
        outputs: dict[str, Array] = {}
        known: dict[str, Array] = {}
        for output, _, given in self.kept:
            shape = (cases, self.members) if output.each_member else (cases, 1)
            outputs[output.name] = np.empty(shape, TYPES[output.form])
            if given is not None:
                known[output.name] = np.empty(shape, bool)
        ran = Ran(outputs, known, np.zeros(cases, bool), dict(self.whys))
        # Taking from a list and giving back are one operation each: no two runs at once get the same bench.
        idle = self._idle[clear]
        bench = idle.pop() if idle else Bench(self.members, self.chunk, self.steps, self.places, clear=clear)
        bench.take(columns, ran, cases)
        with np.errstate(all="ignore"):
            for first, last in _chunks(cases, self.chunk):
                bench.chunk(first, last)
        unclear = bench.give_back()
        idle.append(bench)
        for output, _, _ in self.kept:
            if not output.each_member:
                outputs[output.name] = outputs[output.name][:, 0]
                if output.name in known:
                    known[output.name] = known[output.name][:, 0]
        return ran, unclear


def _chunks(cases: int, chunk: int) -> Iterable[tuple[int, int]]:
    """From where to where; the last has at least two cases (see `Compiled.run`)."""
    first = 0
    while first < cases:
        last = min(first + chunk, cases)
        if cases - last == 1:
            last = cases
        yield first, last
        first = last
