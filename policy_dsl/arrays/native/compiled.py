"""A plan in compiled form: the same results as in numpy, several times faster."""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.arrays.kernels import KERNELS
from policy_dsl.arrays.native.split import Form, Result, Use, parts, real
from policy_dsl.arrays.native.steps import layout
from policy_dsl.arrays.native.text import text
from policy_dsl.arrays.native.workshop import Compiler, cache_folder, compiler, function
from policy_dsl.arrays.plain import Array, Ran, value_of
from policy_dsl.arrays.running import compiled
from policy_dsl.plan.nodes import Node, Plan

LANES = 16
"""The most lanes that `head.c` has."""

CHUNK = 1024
"""So many cases pass through all parts of a plan at a time, where it has more than one."""

_KINDS = {np.dtype(np.int32): 0, np.dtype(np.int64): 1, np.dtype(np.float64): 2, np.dtype(np.bool_): 3}
_FORMS = {"figure": np.float64, "truth": np.bool_, "whole": np.int64}


class Native:
    """A plan, compiled. It may be called from several threads at once.

    What it gives is what `arrays.compiled` gives, to the last bit; only powers and logarithms are as good as the
    machine's library, which numpy does not always use. `foreign` names the operations that are left to numpy, each of
    which takes the values of some thousand cases out of the lanes and back.
    """

    def __init__(self, plan: Plan, by: Compiler | None = None, folder: str | None = None) -> None:
        """Raises `Unready` where it can't be compiled: see `workshop`, also for `by` and `folder`."""
        self.plan = plan
        self._by = by or compiler()
        self._folder = cache_folder() if folder is None else folder
        self._programs: dict[tuple[bool, frozenset[str]], _Program] = {}
        self.foreign = self.program().foreign

    def program(self, *, certify: bool = True, keep: Iterable[str] | None = None) -> _Program:
        """The compiled form for one choice of outputs, made when it is first asked for. Raises `Unready`."""
        kept = frozenset(output.name for output, _, _ in self.plan.outputs) if keep is None else frozenset(keep)
        if (certify, kept) not in self._programs:
            self._programs[certify, kept] = _Program(self.plan, certify, kept, self._by, self._folder)
        return self._programs[certify, kept]

    def run(
        self,
        columns: Mapping[str, Array],
        *,
        certify: bool = True,
        keep: Iterable[str] | None = None,
    ) -> Ran:
        """Run the plan over cases; `columns`, `certify` and `keep` as for `arrays.Compiled`."""
        return self.program(certify=certify, keep=keep).run(columns)


class _Program:
    def __init__(self, plan: Plan, certify: bool, kept: frozenset[str], by: Compiler, folder: str) -> None:
        self.plan, self.certify, self.kept = plan, certify, kept
        self.members = len(plan.frame.members)
        self._results = _results(plan, certify, kept)
        self._fixed = _fixed(plan)
        self.parts = parts(plan, self._results)
        self.foreign = tuple(dict.fromkeys(node.op for part in self.parts for node in part.after))
        self.inputs = [str(node.data) for node in plan.inputs]
        self.sources: list[str] = []
        fixed = {number: [float(each) for each in array[0]] for number, array in self._fixed.items()}
        self._steps = []
        for part in self.parts:
            laid = layout(part, self.members)
            self.sources.append(text(part, laid, fixed, self.members))
            self._steps.append((part, function(self.sources[-1], by, folder), (laid.size + 1) * LANES + 8))
        self._own = threading.local()
        self._measure = compiled(plan)

    def run(self, columns: Mapping[str, Array]) -> Ran:
        cases = max((len(columns[name]) for name in self.inputs), default=1)
        columns = {name: _readable(columns[name]) for name in self.inputs}
        arrays = {(result.use, result.name): self._room(result, cases) for result in self._results}
        again = np.zeros(cases, np.bool_)
        step = cases if len(self.parts) == 1 else CHUNK
        for first in range(0, cases, max(step, 1)):
            of = slice(first, min(first + step, cases))
            self._chunk(of, columns, {key: array[of] for key, array in arrays.items()}, again[of])
        outputs = {name: array for (use, name), array in arrays.items() if use == "output"}
        known = {name: array for (use, name), array in arrays.items() if use == "known"}
        doubtful = np.zeros(cases, np.bool_)
        why: dict[str, int] = {}
        for number, doubt in enumerate(self.plan.doubts if self.certify else ()):
            of_case = arrays["doubt", str(number)] & ~again
            doubtful |= of_case
            why[doubt.why] = why.get(doubt.why, 0) + int(np.count_nonzero(of_case))
        ran = Ran(outputs, known, doubtful, why)
        if again.any():
            return self._once_more(ran, columns, np.flatnonzero(again))
        return ran

    def _once_more(self, ran: Ran, columns: Mapping[str, Array], cases: NDArray[np.intp]) -> Ran:
        """Run some cases in numpy: those in which a kernel met what its lanes don't do, such as a tie to be settled."""
        some = {name: column[cases] for name, column in columns.items()}
        found = self._measure.run(some, certify=self.certify, keep=self.kept)
        for mine, theirs in ((ran.outputs, found.outputs), (ran.known, found.known)):
            for name, array in mine.items():
                if array.flags.writeable:
                    array[cases] = theirs[name]
        ran.doubtful[cases] = found.doubtful
        why = {reason: count + found.why.get(reason, 0) for reason, count in ran.why.items()}
        return Ran(ran.outputs, ran.known, ran.doubtful, why)

    def _chunk(
        self, of: slice, columns: Mapping[str, Array], arrays: Mapping[tuple[Use, str], Array], again: NDArray[np.bool_]
    ) -> None:
        cases = len(again)
        values: dict[int, Any] = {}
        for part, run, room in self._steps:
            taken = [_whole(self._value(node, values, columns, of), cases, node, self.members) for node in part.taken]
            given: list[Array] = []
            for result in part.results:
                if result.use == "lent":
                    shape = (cases, self.members if result.node.membered else 1)
                    given.append(np.empty(shape, _FORMS[result.form]))
                    values[result.node.number] = given[-1]
                else:
                    given.append(arrays[result.use, result.name])
            kinds = np.array([_KINDS[each.dtype] for each in taken], np.int32)
            run(cases, _pointers(taken), kinds.ctypes.data, _pointers(given), again.ctypes.data, self._workspace(room))
            with np.errstate(all="ignore"):
                for kernel in part.after:
                    args = [self._value(real(arg), values, columns, of) for arg in kernel.args]
                    values[kernel.number] = KERNELS[kernel.op](kernel.data, *args)

    def _value(self, node: Node, values: Mapping[int, Any], columns: Mapping[str, Array], of: slice) -> Any:
        if node.op == "input":
            return columns[str(node.data)][of]
        if node.number in self._fixed:
            return self._fixed[node.number]
        if node.op == "part" and node.number not in values:
            return values[real(node.args[0]).number][node.data]
        return values[node.number]

    def _room(self, result: Result, cases: int) -> Array:
        """The array of a result, still to be filled but for one that is the same in all cases."""
        shape = (cases, self.members) if result.each_member else (cases,)
        kind = np.dtype(_FORMS[result.form])
        node = real(result.node)
        if node.cased:
            return np.empty(shape, kind)
        row = self._fixed[node.number]
        row = np.rint(row).astype(kind) if result.form == "whole" else row.astype(kind)
        return np.broadcast_to(row if len(shape) == 2 else row[0], shape)

    def _workspace(self, figures: int) -> int:
        """The address of the thread's own room for slots, at the start of a line of the processor's cache."""
        held = getattr(self._own, "room", None)
        if held is None or len(held) < figures:
            held = self._own.room = np.zeros(figures)
        address = int(held.ctypes.data)
        return address + -address % 64


def _results(plan: Plan, certify: bool, kept: frozenset[str]) -> tuple[Result, ...]:
    """What is asked of a plan, each as one array."""
    found = []
    for output, node, given in plan.outputs:
        if output.name in kept:
            form: Form = "figure" if output.form == "figure" else "truth" if output.form == "truth" else "whole"
            found.append(Result(node, form, output.each_member, "output", output.name))
            if given is not None:
                found.append(Result(given, "truth", output.each_member, "known", output.name))
    if certify:
        found += [Result(doubt.node, "truth", False, "doubt", str(at)) for at, doubt in enumerate(plan.doubts)]
    return tuple(found)


def _fixed(plan: Plan) -> dict[int, Any]:
    """The values of the nodes that are the same in all cases, shaped (1, 1) or (1, members)."""
    found: dict[int, Any] = {}
    with np.errstate(all="ignore"):
        for node in plan.nodes:
            if not node.cased:
                found[node.number] = value_of(node, [found[arg.number] for arg in node.args], {})
    return found


def _readable(column: Array) -> Array:
    if column.dtype not in _KINDS:
        column = column.astype(np.float64)
    return np.ascontiguousarray(column)


def _whole(values: Any, cases: int, node: Node, members: int) -> Array:
    """What a kernel gave, one value for each case (and member)."""
    return _readable(np.broadcast_to(values, (cases, members if node.membered else 1)))


def _pointers(arrays: list[Array]) -> Any:
    return (ctypes.c_void_p * (len(arrays) + 1))(*(each.ctypes.data for each in arrays))
