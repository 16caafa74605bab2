"""Results as tables: one with a row for each case and member, one with a row for each case.

Whole steps are whole numbers, or decimals where a step is a part of a unit: no binary fraction stands for a whole
person or a whole cent. Where there is no value, there is none in the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policy_dsl.plan import Output
from policy_dsl.sweep.batch import Array, Results

DIGITS = 38
MOST_PLACES = 18
AGAIN = "again"

Tables = Mapping[str, pa.Table]


class Layout:
    """The columns of both tables. `about` says of which policy they are, and stands in both schemas."""

    def __init__(self, outputs: Iterable[Output], about: Mapping[str, str]) -> None:
        every = tuple(outputs)
        self.of_members = tuple(each for each in every if each.each_member)
        self.of_cases = tuple(each for each in every if not each.each_member)
        keys = [pa.field("case", pa.string(), nullable=False)]
        member = [pa.field("member", pa.string(), nullable=False)]
        again = [pa.field(AGAIN, pa.bool_(), nullable=False, metadata={"title": "Decided by the exact engine"})]
        self.members = pa.schema([*keys, *member, *map(_field, self.of_members)], dict(about))
        self.cases = pa.schema([*keys, *again, *map(_field, self.of_cases)], dict(about))

    @property
    def schemas(self) -> Mapping[str, pa.Schema]:
        """The schemas by the name of the table."""
        return {"members": self.members, "cases": self.cases}

    def tables(self, results: Sequence[Results]) -> Tables:
        """The rows of some results, in the order of the cases."""
        cases, members = [], []
        for each in results:
            names = pa.array(each.batch.names, pa.string())
            cases.append(self._cases(each, names))
            members.append(self._members(each, names))
        if len(results) == 1 and _rising(results[0].batch.order):
            return {"members": members[0], "cases": cases[0]}
        order = np.concatenate([each.batch.order for each in results])
        width = np.concatenate([np.full(len(each.batch), len(each.batch.members)) for each in results])
        by_place = np.argsort(order, kind="stable")
        begins = np.concatenate(([0], np.cumsum(width)[:-1]))
        rows = [np.arange(begins[n], begins[n] + width[n]) for n in by_place.tolist()]
        return {
            "members": pa.concat_tables(members).take(pa.array(np.concatenate(rows))),
            "cases": pa.concat_tables(cases).take(pa.array(by_place)),
        }

    def _cases(self, results: Results, names: pa.Array) -> pa.Table:
        again = pa.array(results.again)
        made = [_column(each, results.values[each.name], results.unknown.get(each.name)) for each in self.of_cases]
        return pa.Table.from_arrays([names, again, *made], schema=self.cases)

    def _members(self, results: Results, names: pa.Array) -> pa.Table:
        count, width = len(results.batch), len(results.batch.members)
        case = names.take(pa.array(np.repeat(np.arange(count, dtype=np.int32), width)))
        codes = pa.array(results.batch.members, pa.string())
        member = codes.take(pa.array(np.tile(np.arange(width, dtype=np.int32), count)))
        made = []
        for each in self.of_members:
            values = np.broadcast_to(results.values[each.name], (count, width)).reshape(-1)
            gaps = results.unknown.get(each.name)
            made.append(_column(each, values, None if gaps is None else gaps.reshape(-1)))
        return pa.Table.from_arrays([case, member, *made], schema=self.members)


def _rising(order: NDArray[np.int64]) -> bool:
    return bool((order[1:] > order[:-1]).all())


def _field(output: Output) -> pa.Field:
    about = {"title": output.title, "aspect": output.aspect}
    if output.unit is not None:
        about["unit"] = str(output.unit)
    if output.form == "steps":
        about["step"] = str(Fraction(*output.step))
    if output.entry.address is not None:
        about["article"] = str(output.entry.address)
    return pa.field(output.name, _type(output), metadata=about)


def _type(output: Output) -> pa.DataType:
    match output.form:
        case "figure":
            return pa.float64()
        case "truth":
            return pa.bool_()
        case "count":
            return pa.int64()
    places = _places(output)
    return pa.int64() if not places else pa.decimal128(DIGITS, places)


def _places(output: Output) -> int | None:
    """How many decimals a step has: none where it is whole, None where it is no decimal (then steps are counted)."""
    step = Fraction(*output.step)
    for places in range(MOST_PLACES + 1):
        if (step * 10**places).denominator == 1:
            return places
    return None


def _column(output: Output, values: Array, gaps: NDArray[np.bool_] | None) -> pa.Array:
    mask = None if gaps is None else np.ascontiguousarray(gaps)
    plain = np.ascontiguousarray(values)
    if output.form != "steps":
        return pa.array(plain, _type(output), mask=mask)
    places = _places(output)
    each = int(Fraction(*output.step) * 10**places) if places is not None else 1
    number = plain.astype(np.int64) * each
    if not places:
        return pa.array(number, pa.int64(), mask=mask)
    wide = np.empty((len(number), 2), np.int64)
    wide[:, 0], wide[:, 1] = number, number >> 63
    valid = None
    if mask is not None:
        valid = pa.py_buffer(np.packbits(~mask, bitorder="little").tobytes())
    return pa.Array.from_buffers(_type(output), len(number), [valid, pa.py_buffer(wide)])
