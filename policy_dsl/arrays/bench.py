"""The arrays on which the steps of a plan run, chunk by chunk, and the calls bound to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.arrays.clear import CLEAR
from policy_dsl.arrays.kernels import KERNELS
from policy_dsl.arrays.places import Place
from policy_dsl.arrays.plain import Ran
from policy_dsl.arrays.steps import Operand, Seen, Step, Value
from policy_dsl.plan.nodes import Node
from policy_dsl.plan.outputs import Output

Array = NDArray[Any]
Call = Callable[[], Any]

TYPES = {"figure": np.float64, "truth": np.bool_, "count": np.int64, "steps": np.int64}
"""How outputs stand in results, by their form."""


_SEEN = 1 << 24


class Bench:
    """One place of work: one run at a time."""

    def __init__(
        self, members: int, chunk: int, steps: Sequence[Step], places: Mapping[Value, Place], *, clear: bool
    ) -> None:
        self._members, self._steps, self._places = members, steps, places
        self._clear = clear
        # The last chunk may have one case more.
        self._bytes = {
            place: np.empty((chunk + 1) * (members if place.membered else 1) * (8 if place.wide else 1), np.uint8)
            for place in set(places.values())
        }
        self._calls: dict[int, Sequence[Call]] = {}
        self._unclear: NDArray[np.bool_] | None = None
        self.give_back()
        # Kernels make arrays of their own. The allocator of glibc hands the memory of each back to the system, to fetch
        # it again page by page for the next, until it has once seen as large an array come and go.
        np.empty(_SEEN, np.uint8)

    def take(self, columns: Mapping[str, Array], ran: Ran, cases: int) -> None:
        """Begin a run: what it reads, and where it writes."""
        self._columns, self._ran, self._cases = columns, ran, cases
        self._unclear = None

    def give_back(self) -> Array:
        """End a run, and tell which cases are to be run with the kernels themselves. Nothing of the run is held."""
        unclear = np.empty(0, np.int64) if self._unclear is None else np.flatnonzero(self._unclear)
        self.take({}, Ran({}, {}, np.zeros(0, bool), {}), 0)
        return unclear

    def chunk(self, first: int, last: int) -> None:
        """Run the cases from `first` to before `last`."""
        self._first, self._last = first, last
        calls = self._calls.get(last - first)
        if calls is None:
            calls = self._calls[last - first] = [self._bound(step, last - first) for step in self._steps]
        for call in calls:
            call()

    # ---- binding -------------------------------------------------------------------------------------------------

    def _bound(self, step: Step, cases: int) -> Call:
        args = [self._array(arg, cases) for arg in step.args]
        gives = [(name, self._array(seen, cases)) for name, seen in step.gives]
        match step.form:
            case "each":
                return _each(step.call, args, gives[0][1])
            case "over":
                out = gives[0][1]
                return partial(step.call.reduce, args[0], axis=1, dtype=out.dtype, out=out, keepdims=True)  # type: ignore[union-attr]
            case "copy":
                return partial(np.copyto, gives[0][1], args[0], casting="unsafe")
            case "at":
                return partial(np.copyto, gives[0][1], args[0][:, step.data : step.data + 1])
            case "load":
                return partial(self._load, gives[0][1], step.data)
            case "kernel":
                return partial(self._kernel, step.data, args, gives)
            case "store" | "known":
                return partial(self._store, step.data, step.form == "known", args[0])
            case "doubt":
                return partial(self._doubt, step.data, args[0])

    def _array(self, operand: Operand, cases: int) -> Array:
        """An array of cases and members; in memory members come first."""
        if not isinstance(operand, Seen):
            return operand
        place = self._places[operand.value]
        width = self._members if place.membered else 1
        held = self._bytes[place][: width * cases * (8 if place.wide else 1)]
        return held.view(operand.view).reshape(width, cases).T

    # ---- what touches a run --------------------------------------------------------------------------------------

    def _load(self, out: Array, name: str) -> None:
        column = self._columns[name]
        if len(column) == self._cases:
            column = column[self._first : self._last]
        np.copyto(out, column, casting="unsafe")

    def _store(self, output: Output, known: bool, value: Array) -> None:
        into = (self._ran.known if known else self._ran.outputs)[output.name]
        np.copyto(into[self._first : self._last], value, casting="unsafe")

    def _doubt(self, why: str, value: Array) -> None:
        of = np.broadcast_to(value, (self._last - self._first, 1))[:, 0]
        if self._unclear is not None:
            # What stands at an unclear case has no meaning yet.
            of = of & ~self._unclear[self._first : self._last]
        found = int(np.count_nonzero(of))
        if found:
            self._ran.why[why] += found  # type: ignore[index]
            self._ran.doubtful[self._first : self._last] |= of

    def _kernel(self, node: Node, args: Sequence[Array], gives: Sequence[tuple[str, Array]]) -> None:
        if self._clear and node.op in CLEAR:
            found = CLEAR[node.op]([name for name, _ in gives], node.data, *args)
        else:
            # Members side by side, so that sums are those of `plain` to the last bit.
            found = KERNELS[node.op](node.data, *(np.ascontiguousarray(each) for each in args))
        for name, out in gives:
            np.copyto(out, found[name])
        unclear = found.get("unclear")
        if unclear is not None and unclear.any():
            if self._unclear is None:
                self._unclear = np.zeros(self._cases, bool)
            self._unclear[self._first : self._last] |= np.broadcast_to(unclear, (self._last - self._first, 1))[:, 0]


def _each(call: Any, args: Sequence[Array], out: Array) -> Call:
    """A call element by element. A constant without axes is the quickest, but for the lesser and the greater of two.

    For those numpy has quick loops only where all lie side by side: all members in a few long runs, against the
    constant as often as a run is long.
    """
    if call not in _LESSER_OR_GREATER:
        return partial(call, *(arg.reshape(()) if arg.size == 1 else arg for arg in args), out)
    cases, members = out.shape
    if not any(arg.size == 1 for arg in args) or not all(arg.size == 1 or arg.shape == out.shape for arg in args):
        return partial(call, *args, out=out)
    runs = next((each for each in range(1, members) if members % each == 0 and out.size <= _RUN * each), members)
    run = out.size // runs if runs else cases
    return partial(
        call,
        *(np.full(run, arg.item()) if arg.size == 1 else arg.T.reshape(runs, run) for arg in args),
        out=out.T.reshape(runs, run),
    )


_LESSER_OR_GREATER = (np.minimum, np.maximum, np.fmin, np.fmax)
_RUN = 4096
