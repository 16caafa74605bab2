"""Kernels in C: the operations with several results that are written for lanes.

What a kernel has to do depends on its record (how many keys, which bounds), so that each one's text is put together
here from its args; what does not depend on it stands in `kernels.c` and `share_out.c`. Some lanes may be left to numpy
(`hatch`): the whole plan is then run again by numpy for those cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from policy_dsl.arrays.kernels.reading import BOUND
from policy_dsl.plan.build import SAFE
from policy_dsl.plan.kernels import Compared, Level, Off, Ranking, Sharing
from policy_dsl.plan.nodes import Node
from policy_dsl.records import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """Where an arg or a result stands: the lane of a member is an expression of C in `w`, `l` and the member."""

    at: int
    membered: bool

    def lane(self, member: str) -> str:
        """The value of a member (an expression of C) in the lane l."""
        return f"w[({self.at} + {member}) * L + l]" if self.membered else f"w[{self.at} * L + l]"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as a kernel is given it, with what it may be off by ("" where it is exact) and its leaves."""

    value: Slot
    off: Off
    bound: Slot | None
    leaves: tuple[Slot, ...] | None

    def at(self, member: str) -> str:
        """The figure of a member."""
        return self.value.lane(member)

    def off_at(self, member: str) -> str:
        """By how much it may be off; nothing where it is exact."""
        if self.bound is not None:
            return f"{self.bound.lane(member)} * {SAFE.hex()}"
        return (
            f"__builtin_fabs({self.at(member)}) * {(self.off.relative * BOUND).hex()}" if self.off.relative else "0.0"
        )

    def alike(self, one: str, other: str) -> str:
        """Whether two members near each other truly have the same figure."""
        if self.bound is None and not self.off.relative:
            return "1"
        if self.leaves is None:
            return "0"
        return " && ".join(f"{leaf.lane(one)} == {leaf.lane(other)}" for leaf in self.leaves if leaf.membered) or "1"


class Taking:
    """Takes one arg after the other, in the order in which the record of a kernel states them."""

    def __init__(self, args: Sequence[Slot]) -> None:
        self._args: Iterator[Slot] = iter(args)

    def mask(self, there: bool) -> Slot | None:
        """The mask, if there is one."""
        return next(self._args) if there else None

    def figure(self, off: Off) -> Figure:
        """A figure and, if it has one, its bound."""
        value = next(self._args)
        return Figure(value, off, next(self._args) if off.absolute else None, ())

    def compared(self, how: Compared) -> Figure:
        """A figure with its bound and its leaves."""
        made = self.figure(how.off)
        leaves = None if how.leaves is None else tuple(next(self._args) for _ in range(how.leaves))
        return Figure(made.value, made.off, made.bound, leaves)


def rank(name: str, data: Ranking, args: Sequence[Slot], parts: Mapping[str, Slot]) -> list[str]:
    """Ranks by comparing each two members in all lanes; what that leaves open is settled lane by lane.

    A member surely precedes another where its figure less what it may be off by is above the other's with that added.
    Outsiders are told apart by figures below all others, so that none of them is ever near another.
    """
    taking = Taking(args)
    mask = taking.mask(data.masked)
    first, *more = [taking.compared(each) for each in data.by]
    inside = f"{mask.lane('m')} != 0.0" if mask else "1"
    widened = "0.0" if first.off.exact else f"off + {(4 * BOUND).hex()} * __builtin_fabs(f)"
    lines = [
        f"static NOINLINE int {name}_settle(const double *restrict w, int l, int i, int j) {{",
        *settled(first, more),
        "  return 0;",
        "}",
        f"static NOINLINE void {name}(double *restrict w, double *restrict hatch) {{",
        "  double low[M * L], high[M * L], place[M * L], close[L]; u8 open[M * L];",
        "  LANES EACH close[l] = 0.0;",
        "  for (int m = 0; m < M; m++) {",
        "    const double out = -0x1p1022 * (1.0 + m * 0x1p-20);",
        "    LANES EACH {",
        f"      const double f = {first.at('m')}, off = {first.off_at('m')}, wide = {widened};",
        f"      const _Bool in = {inside};",
        "      low[m * L + l] = in ? f - wide : out; high[m * L + l] = in ? f + wide : out; place[m * L + l] = 1.0;",
        "    }",
        "  }",
        "  for (int i = 0; i < M; i++) {",
        "    rank_row(i, low, high, place, open);",
        "    for (int j = i + 1; j < M; j++) if (any_lane(open + j * L)) EACH if (open[j * L + l]) {",
        f"      const int found = {name}_settle(w, l, i, j);",
        "      place[i * L + l] += found == -1; place[j * L + l] += found == 1; if (found == 2) close[l] = 1.0;",
        "    }",
        "  }",
    ]
    if "rank" in parts:
        value = f"{inside} ? place[m * L + l] : 0.0"
        lines.append(f"  for (int m = 0; m < M; m++) LANES EACH {parts['rank'].lane('m')} = {value};")
    if "close" in parts:
        lines.append(f"  LANES EACH {parts['close'].lane('0')} = close[l];")
    return [*lines, "}"]


def settled(first: Figure, more: Sequence[Figure]) -> list[str]:
    """Lines that compare the members i and j in one lane.

    They return 1 where i comes first, −1 where j does, 2 where that is in doubt, and run on where all figures are truly
    equal.
    """
    lines = []
    for figure in (first, *more):
        lines += [
            f"  {{ const double a = {figure.at('i')}, b = {figure.at('j')};",
            f"    const double off = {figure.off_at('i')} + {figure.off_at('j')};",
            "    if (!(__builtin_fabs(a - b) <= off)) return a > b ? 1 : -1;",
            f"    if (!({figure.alike('i', 'j')})) return 2; }}",
        ]
    return lines


def share_out(name: str, data: Sharing, args: Sequence[Slot], parts: Mapping[str, Slot]) -> list[str]:
    """The text of `share_out.c` for one kernel: what it reads and writes, and which of its parts it needs."""
    taking = Taking(args)
    mask = taking.mask(data.masked)
    total, weight = taking.figure(data.total), taking.figure(data.weight)
    (level,) = data.levels or (Level(),)
    low = None if level.floor is None else taking.figure(level.floor)
    high = None if level.ceiling is None else taking.figure(level.ceiling)
    flags = {
        "HAS_LOW": low is not None,
        "HAS_HIGH": high is not None,
        "WHOLE": data.whole,
        "LIMITS_WHOLE": all(each.whole for each in (data.total, level.floor, level.ceiling) if each is not None),
        "STEPS": bool(data.method),
    }
    values = {
        "NAME": name,
        "BOUND": BOUND.hex(),
        "IN(m)": f"({mask.lane('(m)')} != 0.0)" if mask else "1",
        "TOTAL": total.at("0"),
        "TOTAL_OFF": f"({total.off_at('0')})",
        "WEIGHT(m)": weight.at("(m)"),
        "WEIGHT_OFF(m)": f"({weight.off_at('(m)')})",
        "LOW(m)": low.at("(m)") if low else "0.0",
        "LOW_OFF(m)": f"({low.off_at('(m)')})" if low else "0.0",
        "HIGH(m)": high.at("(m)") if high else "INF",
        "HIGH_OFF(m)": f"({high.off_at('(m)')})" if high else "0.0",
        **{key: str(int(value)) for key, value in flags.items()},
        **{f"PUT_{part}(m)": slot.lane("(m)") for part, slot in parts.items()},
    }
    return [
        *(f"#define {key} {value}" for key, value in values.items()),
        SHARE_OUT.read_text("utf-8"),
        *(f"#undef {key.partition('(')[0]}" for key in values),
    ]


SHARE_OUT = Path(__file__).with_name("share_out.c")

_WRITERS: dict[str, Callable[..., list[str]]] = {"rank": rank, "share_out": share_out}

MOST_MEMBERS = 300
"""Kernels keep tables of members times lanes on the stack: of more members than this they are left to numpy."""


def is_written(node: Node, members: int) -> bool:
    """Whether a kernel is written in C: sharing out in bands, within several levels of limits or by divisors is not."""
    if members > MOST_MEMBERS:
        return False
    data = node.data
    if isinstance(data, Sharing):
        return not data.banded and len(data.levels) <= 1 and data.method in ("", "largest_remainder")
    return isinstance(data, Ranking)


def written(node: Node, args: Sequence[Slot], parts: Mapping[str, Slot], name: str) -> list[str]:
    """The functions of one kernel; that named `name` is called with the workspace and the lanes left to numpy."""
    return _WRITERS[node.op](name, node.data, args, parts)
