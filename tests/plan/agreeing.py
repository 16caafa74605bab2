"""One batch of cases decided in every way there is, and compared.

The ways: the exact engine, the plan in numpy (by node, and in chunks), the plan compiled, the plan in whole numbers,
and the sweep, which is the plan with the exact engine where the plan is in doubt. The plan in whole numbers is quick
enough to decide every case exactly; that it is the engine's equal is seen on those cases that the engine decides too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from agree import computed, engine_of
from numpy.typing import NDArray

from policy_dsl import arrays
from policy_dsl.arrays.native import Native, Unready
from policy_dsl.check import Checked
from policy_dsl.plan import Frame, NotLowered, Output, Plan, lower, outputs_of
from policy_dsl.plan.exactly import Exact, Exactly, NotExact
from policy_dsl.plan.nodes import UNIT, Node
from policy_dsl.sweep.batch import Batch, Results
from policy_dsl.sweep.exact import Found, found
from policy_dsl.sweep.run import Sweeper, profile, widened

Array = NDArray[Any]

WAYS = ("numpy", "chunks", "native", "whole", "sweep")
SLACK = 1 + 2.0**-16
"""Bounds are laid on by so much where they are used; see `policy_dsl.plan.bounds.SAFE`."""


@dataclass(frozen=True)
class Difference:
    """Two ways that do not agree: which, on what, in which case of a batch."""

    ways: str
    output: str
    case: int
    said: str

    def __str__(self) -> str:
        return f"{self.ways}: {self.output}, case {self.case}: {self.said}"


@dataclass
class Tally:
    """What was compared, and what came of it."""

    policies: int = 0
    unsound: int = 0
    cases: Counter[str] = field(default_factory=Counter)
    doubtful: Counter[tuple[str, str]] = field(default_factory=Counter)
    in_doubt: Counter[str] = field(default_factory=Counter)
    compared: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    not_lowered: Counter[str] = field(default_factory=Counter)
    not_exact: Counter[str] = field(default_factory=Counter)
    unbounded: int = 0

    def add(self, other: Tally) -> None:
        """Add what was counted elsewhere."""
        for name in ("cases", "doubtful", "in_doubt", "compared", "decided", "not_lowered", "not_exact"):
            getattr(self, name).update(getattr(other, name))
        self.policies, self.unsound = self.policies + other.policies, self.unsound + other.unsound
        self.unbounded += other.unbounded

    def report(self) -> Iterator[str]:
        """The counts, line by line."""
        yield f"policies: {self.policies} compared, {self.unsound} made that are not sound and were left out"
        whole = sum(self.cases.values())
        yield f"cases: {whole:,} (" + ", ".join(f"{n:,} {kind}" for kind, n in sorted(self.cases.items())) + ")"
        names = {
            "engine": "by the engine", "whole": "by the plan in whole numbers", "numpy": "by the plan in numpy",
            "chunks": "by the plan in chunks", "native": "by the plan compiled", "sweep": "by the sweep",
        }  # fmt: skip
        yield "decided: " + ", ".join(f"{self.decided[each]:,} {said}" for each, said in names.items())
        yield "values compared: " + ", ".join(f"{n:,} {ways}" for ways, n in sorted(self.compared.items()))
        for kind, count in sorted(self.cases.items()):
            if not self.in_doubt[kind]:
                continue
            why = ", ".join(f"{n:,} {reason}" for (of, reason), n in sorted(self.doubtful.items()) if of == kind and n)
            yield f"in doubt, {kind}: {self.in_doubt[kind] / count:.3%} ({why})"
        for said, counts in (("not lowered", self.not_lowered), ("not in whole numbers", self.not_exact)):
            if counts:
                yield f"{said}: " + ", ".join(f"{n} {why}" for why, n in counts.most_common())
        if self.unbounded:
            yield f"figures without a bound: {self.unbounded:,}"


def outputs_for(checked: Checked, batch: Batch) -> tuple[Output, ...]:
    """All that a policy gives, the exact shares too."""
    given = outputs_of(checked, base=batch.base)
    exact = [f"{each.entry.name}.exact" for each in given if each.aspect == "outside"]
    names = [each.name for each in given]
    return outputs_of(checked, [*names, *dict.fromkeys(exact)], base=batch.base) if names else ()


class Comparing:
    """One policy and its members: plans are made once for batches of the same kind."""

    def __init__(self, checked: Checked, tally: Tally, *, native: bool = True, engine: int = 3) -> None:
        self.checked, self.tally, self.native, self.engine = checked, tally, native, engine
        self.last: Batch | None = None

    def differences(self, batch: Batch, kind: str, outputs: Sequence[Output] | None = None) -> list[Difference]:
        """How the ways differ on a batch. `engine` of its cases are decided by the engine from the beginning."""
        asked = tuple(outputs) if outputs is not None else outputs_for(self.checked, batch)
        self.last = batch
        tally, count = self.tally, len(batch)
        tally.cases[kind] += count
        rare = [round(at) for at in np.linspace(0, count - 1, min(self.engine, count))]
        engine = {at: self.by_engine(batch, asked, at) for at in dict.fromkeys(rare)}
        tally.decided["engine"] += len(engine)
        swept = Sweeper(self.checked, asked, compiled=False).run(batch)
        tally.decided["sweep"] += count
        made = list(self._sweep_and_engine(swept, asked, engine))
        try:
            plan = lower(frame_of(self.checked, batch), asked, bounds=True)
        except NotLowered as stop:
            tally.not_lowered[f"{stop.why} ({stop.entry.kind if stop.entry else ''})"] += 1
            return made
        ran = Ran(plan, batch, asked)
        tally.decided["numpy"] += count
        tally.in_doubt[kind] += int(ran.doubtful.sum())
        for why, number in ran.why.items():
            tally.doubtful[kind, why] += number
        made += self._same_bits(plan, batch, ran, "chunks", swept)
        made += self._engine_and_plan(ran, engine)
        try:
            program = Exactly(plan)
        except NotExact as stop:
            tally.not_exact[str(stop)] += 1
            return made
        whole = in_whole_numbers(program, batch, range(count), engine)
        made += self._whole_and_plan(whole, ran, swept)
        made += self._engine_and_whole(whole, plan, engine)
        return made

    def by_engine(self, batch: Batch, outputs: Sequence[Output], case: int) -> list[list[Found]]:
        """One case by the engine, from its facts alone: nothing is taken over from another case."""
        values: dict[str, Any] = {}
        for column in batch.columns:
            row = range(len(batch.members) if column.each_member else 1)
            if column.truth:
                figures: list[Any] = [bool(batch.values[column.name][case, m]) for m in row]
            else:
                figures = [batch.amount(column.name, case, m) for m in row]
            values[column.name] = figures if column.each_member else figures[0]
        engine = engine_of(self.checked, batch.base, batch.columns, values)
        return [found(engine, output, batch.members) for output in outputs]

    # ---- pairs of ways ---------------------------------------------------------------------------------------------

    def _sweep_and_engine(
        self, swept: Results, outputs: Sequence[Output], engine: Mapping[int, list[list[Found]]]
    ) -> Iterator[Difference]:
        for case, rows in engine.items():
            for output, row in zip(outputs, rows, strict=True):
                told = swept.unknown.get(output.name)
                for m, want in enumerate(row):
                    place = (case, m) if output.each_member else (case,)
                    missing = told is not None and bool(told[place])
                    got = None if missing else swept.values[output.name][place]
                    self.tally.compared["sweep and engine"] += 1
                    if not _agree(got, want, output, again=bool(swept.again[case])):
                        yield Difference("sweep and engine", output.name, case, f"member {m}: {got}, engine {want}")

    def _same_bits(self, plan: Plan, batch: Batch, ran: Ran, way: str, swept: Results) -> Iterator[Difference]:
        """Chunks and compiled code give what node by node gives; sums in kernels may be taken in another order."""
        ways = [("chunks", arrays.compiled(plan, chunk=5).run)]
        if self.native:
            try:
                ways.append(("native", Native(plan).run))
            except Unready:
                self.native = False
        for name, run in ways:
            other = run(ran.columns)
            self.tally.decided[name] += len(batch)
            if not np.array_equal(other.doubtful, ran.doubtful):
                at = int(np.flatnonzero(other.doubtful != ran.doubtful)[0])
                yield Difference(
                    f"numpy and {name}", "in doubt", at, f"{ran.doubtful[at]}, {name} {other.doubtful[at]}"
                )
                continue
            sure = ~ran.doubtful
            for output in plan.outputs:
                yield from self._bits(name, output[0], ran, other, sure)
        self.tally.compared["numpy and sweep"] += len(batch)
        for at in np.flatnonzero(swept.again != ran.doubtful)[:1]:
            yield Difference("numpy and sweep", "in doubt", int(at), f"{ran.doubtful[at]}, sweep {swept.again[at]}")

    def _bits(self, name: str, output: Output, ran: Ran, other: arrays.Ran, sure: Array) -> Iterator[Difference]:
        mine, theirs = ran.outputs[output.name], other.outputs[output.name]
        theirs = theirs if output.each_member else theirs[:, None]
        known = ran.known[output.name]
        told = other.known.get(output.name)
        told = (
            np.ones_like(known)
            if told is None
            else np.broadcast_to(told if output.each_member else told[:, None], known.shape)
        )
        self.tally.compared[f"numpy and {name}"] += mine.size
        unlike = (mine != theirs) & ~_both_nan(mine, theirs)
        if not output.discrete:
            unlike &= ~(np.abs(mine - theirs) <= 2 * ran.bound(output, mine))
        wrong = (known != told) | (known & unlike)
        for case, m in np.argwhere(wrong & sure[:, None])[:1]:
            said = f"{m}: {mine[case, m]} (known {known[case, m]}), {name} {theirs[case, m]} (known {told[case, m]})"
            yield Difference(f"numpy and {name}", output.name, int(case), said)

    def _engine_and_plan(self, ran: Ran, engine: Mapping[int, list[list[Found]]]) -> Iterator[Difference]:
        for case, rows in engine.items():
            if ran.doubtful[case]:
                continue
            for (output, _, _), row in zip(ran.plan.outputs, rows, strict=True):
                for m, want in enumerate(row):
                    self.tally.compared["numpy and engine"] += 1
                    said = ran.unlike(output, case, m, want)
                    if said:
                        yield Difference("numpy and engine", output.name, case, f"member {m}: {said}")

    def _whole_and_plan(self, whole: Whole, ran: Ran, swept: Results) -> Iterator[Difference]:
        """All cases at once: those not in doubt against numpy, the others against the engine's in the sweep."""
        self.tally.decided["whole"] += int(whole.there.sum())
        for output, _, _ in ran.plan.outputs:
            values, known = whole.outputs[output.name], whole.known[output.name]
            sure = (whole.there & ~ran.doubtful)[:, None]
            mine, told = ran.outputs[output.name], ran.known[output.name]
            self.tally.compared["numpy and whole numbers"] += int(sure.sum()) * mine.shape[1]
            wrong = told != known
            if output.discrete:
                wrong |= told & (mine != values)
            else:
                bound = ran.bound(output, values)
                self.tally.unbounded += int(np.count_nonzero(sure & told & ~np.isfinite(bound)))
                # A difference that is no number comes of a value that is none: that is wrong too.
                wrong |= told & ~(np.abs(mine - values) <= bound) & ~(mine == values)
            for case, m in np.argwhere(wrong & sure)[:1]:
                said = f"{m}: {mine[case, m]} (known {told[case, m]}), whole {values[case, m]} (known {known[case, m]})"
                yield Difference("numpy and whole numbers", output.name, int(case), said)
            yield from self._whole_and_fallback(whole, swept, output)

    def _whole_and_fallback(self, whole: Whole, swept: Results, output: Output) -> Iterator[Difference]:
        values, known = whole.outputs[output.name], whole.known[output.name]
        again = (whole.there & swept.again)[:, None]
        theirs = swept.values[output.name]
        theirs = theirs if output.each_member else theirs[:, None]
        missing = swept.unknown.get(output.name)
        told = np.ones_like(known) if missing is None else ~(missing if output.each_member else missing[:, None])
        self.tally.compared["whole numbers and engine"] += int(again.sum()) * known.shape[1]
        for case, m in np.argwhere(again & ((known != told) | (known & (values != theirs))))[:1]:
            said = f"{m}: {values[case, m]} (known {known[case, m]}), engine {theirs[case, m]} (known {told[case, m]})"
            yield Difference("whole numbers and engine", output.name, int(case), said)

    def _engine_and_whole(
        self, whole: Whole, plan: Plan, engine: Mapping[int, list[list[Found]]]
    ) -> Iterator[Difference]:
        for case, rows in engine.items():
            exact = whole.exact.get(case)
            if exact is None:
                continue
            for (output, node, known), row in zip(plan.outputs, rows, strict=True):
                got = _found(exact, output, node, known, len(row))
                self.tally.compared["whole numbers and engine"] += len(row)
                for m, (one, want) in enumerate(zip(got, row, strict=True)):
                    if one != want:
                        yield Difference(
                            "whole numbers and engine", output.name, case, f"member {m}: {one}, engine {want}"
                        )


def frame_of(checked: Checked, batch: Batch) -> Frame:
    """The frame of a batch, as the sweep makes it."""
    profiles = {
        column.name: widened(profile(batch.values[column.name], batch.grains.get(column.name)))
        for column in batch.columns
        if not column.truth
    }
    return Frame(checked, batch.base, batch.members, batch.columns, profiles)


class Ran:
    """A plan in numpy on a batch, node by node, with what its figures may be off by."""

    def __init__(self, plan: Plan, batch: Batch, outputs: Sequence[Output]) -> None:
        self.plan = plan
        self.columns = {
            each.name: batch.values[each.name] if each.truth else batch.values[each.name].astype(np.float64)
            for each in batch.columns
        }
        count, width = len(batch), len(batch.members)
        self.arrays = computed(plan, self.columns)
        self.nodes = {output.name: node for output, node, _ in plan.outputs}
        self.outputs: dict[str, Array] = {}
        self.known: dict[str, Array] = {}
        self.shapes = {each.name: (count, width if each.each_member else 1) for each in outputs}
        for output, node, known in plan.outputs:
            shape = self.shapes[output.name]
            held = np.broadcast_to(self.arrays[node.number], shape)
            if output.form in ("steps", "count"):
                with np.errstate(invalid="ignore"):
                    held = np.rint(held).astype(np.int64)
            self.outputs[output.name] = held
            self.known[output.name] = (
                np.ones(shape, bool) if known is None else np.broadcast_to(self.arrays[known.number], shape)
            )
        self.doubtful = np.zeros(count, bool)
        self.why: Counter[str] = Counter()
        for doubt in plan.doubts:
            of = np.broadcast_to(self.arrays[doubt.node.number], (count, 1))[:, 0]
            self.why[doubt.why] += int(of.sum())
            self.doubtful |= of

    def bound(self, output: Output, values: Array) -> Array:
        """What the figures of an output may be off by; `values` are true, up to their last bit."""
        error = self.nodes[output.name].error
        size = np.abs(values) * UNIT
        if isinstance(error, Node):
            return np.broadcast_to(self.arrays[error.number], values.shape) * SLACK + size
        return (error * SLACK + 1) * size

    def unlike(self, output: Output, case: int, m: int, want: Found) -> str:
        """What is wrong with a value, if anything is."""
        told = bool(self.known[output.name][case, m])
        if told != (want is not None):
            return f"known {told}, engine {want}"
        if want is None:
            return ""
        got = self.outputs[output.name][case, m]
        if output.form == "steps":
            return "" if int(got) * Fraction(*output.step) == want else f"{got} steps, engine {want}"
        if output.discrete:
            return "" if got == want else f"{got}, engine {want}"
        off = float(self.bound(output, np.full(self.shapes[output.name], float(want)))[case, m])
        if not np.isfinite(off) or Fraction(float(got)) == want:
            return ""
        return (
            "" if abs(Fraction(float(got)) - want) <= Fraction(off) else f"{got!r}, engine {float(want)!r}, off {off}"
        )


@dataclass(frozen=True)
class Whole:
    """Cases decided in whole numbers: `there` tells which, `outputs` holds figures to the nearest binary fraction."""

    there: NDArray[np.bool_]
    outputs: Mapping[str, Array]
    known: Mapping[str, NDArray[np.bool_]]
    exact: Mapping[int, Exact]


def in_whole_numbers(
    program: Exactly, batch: Batch, cases: Iterable[int], keep: Collection[int] | None = None
) -> Whole:
    """Cases of a batch by the plan in whole numbers, one after the other. `keep`: which are kept whole."""
    plan, count, width = program.plan, len(batch), len(batch.members)
    given = {each.name: _numerators(batch, each.name) for each in batch.columns if each.name in set(program.inputs)}
    each_member = {each.name: each.each_member for each in batch.columns}
    there = np.zeros(count, bool)
    outputs = {
        output.name: np.zeros(
            (count, width if output.each_member else 1),
            {"figure": np.float64, "truth": np.bool_}.get(output.form, np.int64),
        )
        for output, _, _ in plan.outputs
    }
    known = {name: np.ones(array.shape, bool) for name, array in outputs.items()}
    kept = {}
    for case in cases:
        columns = {}
        for name, (tops, below) in given.items():
            row = tops[case] if each_member[name] else tops[case][0]
            columns[name] = row if below == 0 else (row, below) if below > 0 else _over_one(row)
        exact = program.run(columns)
        if exact is None:
            continue
        there[case] = True
        if keep is None or case in keep:
            kept[case] = exact
        for output, node, told in plan.outputs:
            if told is not None:
                known[output.name][case] = exact.found[told.number]
            if output.form == "truth":
                outputs[output.name][case] = exact.found[node.number]
                continue
            top, below = exact.found[node.number]
            if isinstance(below, list):
                outputs[output.name][case] = [a / b for a, b in zip(top, below, strict=True)]
            elif below == 1:
                outputs[output.name][case] = top
            elif isinstance(top, list):
                outputs[output.name][case] = [a / below for a in top]
            else:
                outputs[output.name][case] = top / below
    return Whole(there, outputs, known, kept)


def _numerators(batch: Batch, name: str) -> tuple[list[list[Any]], int]:
    """The figures of a column as whole numbers over one denominator (0: truths; −1: each has its own)."""
    values, grain = batch.values[name], batch.grains.get(name)
    if values.dtype == np.bool_:
        return values.tolist(), 0
    if values.dtype.kind == "i":
        return values.tolist(), 1
    if grain is not None:
        tops = np.rint(values / (grain.numerator / grain.denominator)).astype(np.int64)
        return (tops * grain.numerator).tolist(), grain.denominator
    return values.tolist(), -1


def _over_one(row: Any) -> Any:
    """Binary fractions over one denominator."""
    parts = [each.as_integer_ratio() for each in (row if isinstance(row, list) else [row])]
    below = max(under for _, under in parts)
    tops = [top * (below // under) for top, under in parts]
    return (tops, below) if isinstance(row, list) else (tops[0], below)


def _found(exact: Exact, output: Output, node: Node, known: Node | None, width: int) -> list[Found]:
    """The values of an output as the engine gives them."""
    told = [True] if known is None else exact.truths(known)
    values: Sequence[Any] = exact.truths(node) if output.form == "truth" else exact.figures(node)
    if output.form == "steps":
        values = [each * Fraction(*output.step) for each in values]
    values = values if len(values) == width else list(values) * width
    told = told if len(told) == width else told * width
    return [value if there else None for value, there in zip(values, told, strict=True)]


def _agree(got: Any, want: Found, output: Output, *, again: bool) -> bool:
    """Whether a value of the sweep is the engine's; a figure that was not decided again is compared elsewhere."""
    if got is None or want is None:
        return (got is None) == (want is None)
    if output.form == "steps":
        return int(got) * Fraction(*output.step) == want
    if output.discrete:
        return bool(got == want)
    return not again or float(got) == float(want)


def _both_nan(one: Array, other: Array) -> Array:
    return (one != one) & (other != other)
