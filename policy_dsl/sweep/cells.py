"""The cells of a table's columns as figures and truths in base units, each rounded once.

A figure that a table holds as a binary fraction stands for the decimal that is written for it: with the fewest decimals
(at most twelve) that lead to this binary fraction. What no such decimal leads to is taken as it is.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policy_dsl.records import dataclass

DECIMALS = 12
MOST = 2.0**53
"""Up to here whole numbers are binary64 numbers."""
_YES = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a column: values, where there are none (or None), and their grain (see `Batch`)."""

    values: NDArray[Any]
    absent: NDArray[np.bool_] | None
    grain: Fraction | None = None


class NotDue(Exception):
    """A cell that is not what is due: the number of the cell in its column, from 0, and its text."""

    def __init__(self, cell: int, text: str) -> None:
        super().__init__(text)
        self.cell = cell
        self.text = text


def figures(column: pa.Array, factor: Fraction) -> Cells:
    """A column of figures in a unit that is `factor` in base units. Raises NotDue."""
    absent = _absent(column)
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_null(kind):
        return Cells(np.zeros(len(column)), absent)
    if pa.types.is_integer(kind):
        return _scaled(_wholes(column, absent), absent, Fraction(1), factor)
    if pa.types.is_floating(kind):
        return _floating(column, absent, factor)
    if pa.types.is_decimal128(kind) or pa.types.is_decimal256(kind):
        return _decimal(column, absent, factor)
    if _words(column):
        return _floating(_parsed(column), absent, factor)
    raise _first(column, absent)


def truths(column: pa.Array) -> Cells:
    """A column of truths: yes and no as such, or as words. Raises NotDue."""
    absent = _absent(column)
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_null(column.type):
        return Cells(np.zeros(len(column), bool), absent)
    if pa.types.is_boolean(column.type):
        return Cells(pc.fill_null(column, False).to_numpy(zero_copy_only=False), absent)
    if _words(column):
        coded = pc.dictionary_encode(pc.fill_null(column, "no"))
        words = coded.dictionary.to_pylist()
        strange = [number for number, word in enumerate(words) if word not in _YES]
        if strange:
            cell = int(np.argmax(np.isin(coded.indices.to_numpy(), strange)))
            raise NotDue(cell, str(column[cell].as_py()))
        return Cells(np.array([_YES[word] for word in words], bool)[coded.indices.to_numpy()], absent)
    raise _first(column, absent)


def _absent(column: pa.Array) -> NDArray[np.bool_] | None:
    return column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None


def _words(column: pa.Array) -> bool:
    kind = column.type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _parsed(column: pa.Array) -> pa.Array:
    """Words as figures, where all of them are plain figures in digits."""
    plain = pc.fill_null(pc.match_substring_regex(column, r"^[+-]?[0-9]+(\.[0-9]+)?$"), True)
    if not pc.all(plain).as_py():
        cell = int(np.argmin(plain.to_numpy(zero_copy_only=False)))
        raise NotDue(cell, str(column[cell].as_py()))
    return column.cast(pa.float64())


def _first(column: pa.Array, absent: NDArray[np.bool_] | None) -> NotDue:
    """What stands in the first cell that is not empty."""
    cell = 0 if absent is None else int(np.argmin(absent))
    return NotDue(cell, str(column[cell].as_py()))


def _wholes(column: pa.Array, absent: NDArray[np.bool_] | None) -> NDArray[np.int64]:
    if pa.types.is_uint64(column.type):
        over = pc.fill_null(pc.greater(column, pa.scalar(2**63 - 1, pa.uint64())), False)
        if pc.any(over).as_py():
            cell = int(np.argmax(over.to_numpy(zero_copy_only=False)))
            raise NotDue(cell, str(column[cell].as_py()))
    found: NDArray[np.int64] = pc.fill_null(column.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    return found


def _floating(column: pa.Array, absent: NDArray[np.bool_] | None, factor: Fraction) -> Cells:
    narrow = not pa.types.is_float64(column.type)
    stated = pc.fill_null(column.cast(pa.float32()) if narrow else column, 0.0).to_numpy(zero_copy_only=False)
    if not np.isfinite(stated).all():
        cell = int(np.argmin(np.isfinite(stated)))
        raise NotDue(cell, str(stated[cell]))
    made = _as_decimals(stated)
    if made is not None:
        number, decimals = made
        return _scaled(number, absent, Fraction(1, 10**decimals), factor)
    value = stated.astype(np.float64)
    if factor != 1:
        value = _by(value, factor)
    return Cells(value, absent)


def _as_decimals(stated: NDArray[Any]) -> tuple[NDArray[np.int64], int] | None:
    """Whole numbers n and the fewest decimals d with which n / 10^d leads to the figures; none where there are none.

    10^d and n are binary64 numbers (n up to 2^53), so that the quotient is the figure nearest to the decimal.
    """
    wide = stated.astype(np.float64)
    most = float(np.abs(wide).max(initial=0.0))
    for decimals in range(DECIMALS + 1):
        power = 10.0**decimals
        if most * power >= MOST:
            return None
        number = np.rint(wide * power)
        if np.array_equal((number / power).astype(stated.dtype), stated):
            return number.astype(np.int64), decimals
    return None


def _decimal(column: pa.Array, absent: NDArray[np.bool_] | None, factor: Fraction) -> Cells:
    """Decimals: their digits as whole numbers, where these are not too many."""
    scale = column.type.scale
    plain = pc.fill_null(column, pa.scalar(0, column.type))
    try:
        if pa.types.is_decimal256(column.type):
            plain = plain.cast(pa.decimal128(38, scale))
        halves = np.frombuffer(plain.buffers()[1], np.int64).reshape(-1, 2)[plain.offset : plain.offset + len(plain)]
    except pa.ArrowInvalid:
        raise _first(column, absent) from None
    low, high = halves[:, 0], halves[:, 1]
    far = (high != (low >> 63)) | (np.abs(low) > MOST)
    if far.any():
        cell = int(np.argmax(far))
        raise NotDue(cell, str(column[cell].as_py()))
    return _scaled(low.copy(), absent, Fraction(1, 10**scale) if scale >= 0 else Fraction(10**-scale), factor)


def _scaled(number: NDArray[np.int64], absent: NDArray[np.bool_] | None, grain: Fraction, factor: Fraction) -> Cells:
    """Whole multiples of a grain, in base units: whole numbers where that is what they are, else rounded once."""
    grain *= factor
    over, below = grain.numerator, grain.denominator
    if below == 1 and over == 1:
        return Cells(number, absent, grain)
    most = int(np.abs(number).max(initial=0))
    # From more digits than these the multiple could not be told again.
    kept = grain if most < MOST / 4 else None
    if most * over < MOST and below < MOST:
        return Cells((number * over) if below == 1 else (number * over) / float(below), absent, kept)
    return Cells(np.array([float(int(each) * grain) for each in number.tolist()]), absent, kept)


def _by(value: NDArray[np.float64], factor: Fraction) -> NDArray[np.float64]:
    """A product that is rounded once."""
    if factor.denominator == 1 and factor.numerator < MOST:
        return value * float(factor.numerator)
    if factor.numerator == 1 and factor.denominator < MOST:
        return value / float(factor.denominator)
    return np.array([float(Fraction(each) * factor) for each in value.tolist()])
