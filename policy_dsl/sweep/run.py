"""Running a sweep: by a plan where one can be made and is sure, by the exact engine where not.

A plan is made once for each frame and for the ranges that its columns keep to; these are taken wide, so that the next
batch will most likely keep to them too. What a plan isn't sure of is decided again, case by case, by the exact engine.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policy_dsl.cases.declared import Declared
from policy_dsl.check import Checked
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.plan import Frame, NotLowered, Output, Profile
from policy_dsl.records import dataclass
from policy_dsl.sweep.batch import Array, Batch, Results
from policy_dsl.sweep.exact import Exact, Found
from policy_dsl.sweep.faults import Unfit
from policy_dsl.sweep.gaps import closed
from policy_dsl.sweep.planning import Lower, Runner, planned
from policy_dsl.sweep.wholes import Wholes

FEW = 8
"""Of fewer cases of their kind no plan is made: to decide them one by one takes less time."""
KEPT = 8
"""How many plans are kept, and how many frames of the exact engine."""
DIGITS = 10**15

_KINDS: Mapping[str, Any] = {"figure": np.float64, "truth": np.bool_, "count": np.int64, "steps": np.int64}


def sweep(
    checked: Checked, batches: Iterable[Batch], outputs: Iterable[Output], *, compiled: bool | None = None
) -> Iterator[Results]:
    """The results of each batch, in order. `compiled` asks for the compiled way (True), or the plain one (False).

    Raises `DeadlineError` where a published calendar is not to be had.
    """
    run = Sweeper(checked, outputs, compiled=compiled).run
    return (run(batch) for batch in batches)


@dataclass(slots=True, eq=False)
class _Planned:
    """A plan ready to run, or what stood in its way; for one base and the profiles that it holds for.

    `wholes` is the plan in whole numbers, made when it is first asked for.
    """

    batch: Batch
    profiles: Mapping[str, Profile]
    run: Runner | None
    hindrance: str
    wholes: Wholes | None = None

    def exactly(self) -> Wholes | None:
        """What decides single cases by this plan in whole numbers."""
        if self.wholes is None and self.run is not None:
            self.wholes = Wholes(self.run.plan)
        return self.wholes


class Sweeper:
    """Decides batches of cases by one policy."""

    def __init__(
        self,
        checked: Checked,
        outputs: Iterable[Output],
        *,
        compiled: bool | None = None,
        lowered: Lower | None = None,
    ) -> None:
        self.checked = checked
        self.outputs = tuple(outputs)
        self.compiled = compiled
        self._lower = lowered
        self._declared = Declared(checked.program)
        self._plans: OrderedDict[int, _Planned] = OrderedDict()
        self._engines: OrderedDict[int, Exact] = OrderedDict()

    def run(self, batch: Batch) -> Results:
        """The results of a batch."""
        stated, batch = batch, closed(batch, self._declared)
        count, width = len(batch), len(batch.members)
        values: dict[str, Array] = {}
        unknown: dict[str, NDArray[np.bool_]] = {}
        again = np.ones(count, np.bool_)
        why: Counter[str] = Counter()
        lacking = np.zeros(count, np.bool_)
        for gaps in batch.absent.values():
            lacking |= gaps.any(axis=1)
        sound = np.flatnonzero(~lacking)
        why["absent"] = count - len(sound)
        plan, hindrance = (self._plan(batch, sound), "") if len(sound) else (None, "")
        if plan is not None and plan.run is not None:
            whole = len(sound) == count
            ran = plan.run.run(_columns(batch, None if whole else sound))
            again[sound] = ran.doubtful
            many = len(sound) if len(ran.doubtful) < len(sound) else 1
            why.update({each: number * many for each, number in ran.why.items()})
            cases = None if whole else sound
            for output in self.outputs:
                values[output.name] = _spread(ran.outputs[output.name], cases, len(sound), count)
                if output.name in ran.known:
                    unknown[output.name] = _spread(~ran.known[output.name], cases, len(sound), count)
        elif len(sound):
            hindrance = plan.hindrance if plan is not None else ""
            why["whole" if plan is not None else "few"] += len(sound)
        if again.any():
            # A case that lacks no fact is only in doubt: most often the plan itself decides it, in whole numbers.
            wholes = plan.exactly() if plan is not None else None
            self._again(batch, np.flatnonzero(again), values, unknown, width, wholes, lacking)
        kept = {name: gaps for name, gaps in unknown.items() if gaps.any()}
        counted = {each: number for each, number in sorted(why.items()) if number}
        return Results(stated, self.outputs, values, kept, again, counted, hindrance)

    # ---- by a plan ---------------------------------------------------------------------------------------------------

    def _plan(self, batch: Batch, sound: NDArray[np.int64]) -> _Planned | None:
        """The plan for a batch, made where there is none yet that covers it; none where a batch is not worth one."""
        key = id(batch.base)
        profiles = {
            column.name: profile(batch.values[column.name][sound], batch.grains.get(column.name))
            for column in batch.columns
            if not column.truth
        }
        found = self._plans.get(key)
        if found is not None and _same_frame(found.batch, batch):
            if found.run is None or all(found.profiles[name].covers(each) for name, each in profiles.items()):
                self._plans.move_to_end(key)
                return found
            profiles = {name: joined(each, found.profiles[name]) for name, each in profiles.items()}
        elif len(sound) < FEW:
            return None
        wide = {name: widened(each) for name, each in profiles.items()}
        frame = Frame(self.checked, batch.base, batch.members, batch.columns, wide, batch.sums)
        run, hindrance = None, ""
        try:
            run = planned(frame, self.outputs, compiled=self.compiled, lowered=self._lower)
        except NotLowered as fault:
            hindrance = _told(fault)
        made = _Planned(batch, wide, run, hindrance)
        self._plans[key] = made
        if len(self._plans) > KEPT:
            self._plans.popitem(last=False)
        return made

    # ---- by the exact engine -----------------------------------------------------------------------------------------

    def _again(
        self,
        batch: Batch,
        cases: NDArray[np.int64],
        values: dict[str, Array],
        unknown: dict[str, NDArray[np.bool_]],
        width: int,
        wholes: Wholes | None,
        lacking: NDArray[np.bool_],
    ) -> None:
        """Decide these cases exactly, and put the results in their places."""
        count = len(batch)
        shapes = {each.name: (count, width) if each.each_member else (count,) for each in self.outputs}
        for output in self.outputs:
            name, shape = output.name, shapes[output.name]
            held = values.get(name)
            values[name] = np.zeros(shape, _KINDS[output.form]) if held is None else np.array(held)
            gaps = unknown.get(name)
            unknown[name] = np.zeros(shape, np.bool_) if gaps is None else np.array(gaps)
        for case in cases.tolist():
            made = wholes.case(batch, case) if wholes is not None and not lacking[case] else None
            made = self._engine(batch).case(batch, case) if made is None else made
            for output, found in zip(self.outputs, made, strict=True):
                gaps = np.array([each is None for each in found], np.bool_)
                row = [_as(each, output) for each in found]
                values[output.name][case] = row if output.each_member else row[0]
                unknown[output.name][case] = gaps if output.each_member else gaps[0]

    def _engine(self, batch: Batch) -> Exact:
        key = id(batch.base)
        found = self._engines.get(key)
        if found is None or found.base is not batch.base or found.columns != batch.columns:
            found = Exact(self.checked, batch, self.outputs)
            self._engines[key] = found
            if len(self._engines) > KEPT:
                self._engines.popitem(last=False)
        return found


def _same_frame(one: Batch, other: Batch) -> bool:
    return one.base is other.base and one.columns == other.columns and one.sums == other.sums


def _as(found: Found, output: Output) -> Any:
    """A value as it stands in an array."""
    if found is None:
        return 0
    match output.form:
        case "figure":
            return float(found)
        case "steps":
            steps = Fraction(found) / Fraction(*output.step)
            if steps.denominator != 1:
                raise Unfit(Problem("PD949", params={"name": output.name, "step": str(Fraction(*output.step))}))
            return int(steps)
        case "count":
            return int(found)
    return bool(found)


def _spread(found: Array, cases: NDArray[np.int64] | None, sound: int, count: int) -> Array:
    """What was found for some cases, in their places among all; where it rests on no column, it was found once."""
    if len(found) < sound:
        found = np.broadcast_to(found, (sound, *found.shape[1:]))
    if cases is None:
        return found
    full = np.zeros((count, *found.shape[1:]), found.dtype)
    full[cases] = found
    return full


def _columns(batch: Batch, cases: NDArray[np.int64] | None) -> dict[str, Array]:
    """The columns as plans take them."""
    made = {}
    for column in batch.columns:
        values = batch.values[column.name] if cases is None else batch.values[column.name][cases]
        made[column.name] = values
    return made


def _told(fault: NotLowered) -> str:
    """What could not be lowered: the article, the provision, and why."""
    entry = fault.entry
    place = [str(entry.address), f"`{entry.name}`"] if entry is not None and entry.address is not None else []
    return ", ".join([*place, str(fault.why)])


# ---- ranges ----------------------------------------------------------------------------------------------------------


def profile(values: Array, grain: Fraction | None) -> Profile:
    """What the values of a column keep to, exactly."""
    if not values.size:
        return Profile(0.0, 0.0, True, True)
    low, high = float(values.min()), float(values.max())
    if values.dtype.kind == "i":
        return Profile(low, high, True, max(-low, high) < DIGITS)
    whole = grain is not None and grain.denominator == 1
    return Profile(low, high, whole, grain is not None and _few_digits(grain, max(-low, high)))


def _few_digits(grain: Fraction, most: float) -> bool:
    """Whether all multiples of a grain up to a size are decimals of at most fifteen digits."""
    below, places = grain.denominator, 0
    while below % 10 == 0:
        below, places = below // 10, places + 1
    for prime in (2, 5):
        while below % prime == 0:
            below, places = below // prime, places + 1
    return below == 1 and most * 10**places < DIGITS


def joined(one: Profile, other: Profile) -> Profile:
    """What both keep to."""
    low, high = min(one.low, other.low), max(one.high, other.high)
    return Profile(low, high, one.whole and other.whole, one.decimal and other.decimal)


def widened(tight: Profile) -> Profile:
    """The range to the next powers of ten; what is not below nothing, or above, stays so."""
    return Profile(-_beyond(-tight.low), _beyond(tight.high), tight.whole, tight.decimal)


def _beyond(bound: float) -> float:
    """The least power of ten that is not below a figure (of one below nothing, the one next to nothing)."""
    if not bound or not math.isfinite(bound):
        return bound
    # A hair is added for the roundings of the logarithm and the power; it widens, and never narrows.
    exponent = math.ceil(math.log10(abs(bound)) - 1e-12) if bound > 0 else math.floor(math.log10(abs(bound)) + 1e-12)
    found = math.copysign(10.0**exponent, bound)
    return found if found >= bound else bound


__all__ = ["FEW", "Sweeper", "joined", "profile", "sweep", "widened"]
