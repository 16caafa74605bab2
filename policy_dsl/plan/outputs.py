"""What a sweep gives of each case: which values, for whom, of which kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.values import Unit

Aspect = Literal[
    "value", "share", "exact", "held", "band", "outside", "total", "unallocated", "residue", "inside", "score", "status"
]
Form = Literal["figure", "truth", "count", "steps"]


@dataclass(frozen=True, slots=True)
class Output:
    """One column of the results.

    `name` is its name in tables: that of the provision, with `.` and the aspect but for the aspects "value" and "share"
    (`places`, `places.held`), and with `@` and the cohort where there is one for each (`places@sick`).

    | aspect | of | what |
    | --- | --- | --- |
    | value | define, parameter, key, scale, criteria by weight, indicator | its value |
    | share | apportion | what each member gets in the end |
    | exact | apportion | its share after limits, before credits and rounding |
    | held | apportion | 0 free, 1 at a floor, 2 at a ceiling |
    | band | apportion in bands | the number of the member's band, from 1; 0 outside |
    | outside | apportion | whether the member is not among those who share |
    | total, unallocated, residue | apportion | of the case: what there was to share, what nobody was given |
    | inside | set, tier | whether the member belongs to it |
    | score | criteria row (name "criteria.row.score") | the score, between 0 and 1 |
    | status | guarantee | whether it holds |

    `form`: "figure" (a real number in base units of `unit`, binary64), "truth", "count" (a small whole number), or
    "steps" (a whole multiple of `step`, in base units: whole persons, whole cents; never a binary fraction in a file).
    `each_member`: one for each member, else one for the case. `title` is for readers.
    """

    name: str
    entry: Entry
    aspect: Aspect
    form: Form
    each_member: bool
    title: str
    unit: Unit | None = None
    step: tuple[int, int] = (1, 1)
    cohort: str = ""
    row: str = ""

    @property
    def discrete(self) -> bool:
        """Whether the plan and the exact engine must give the very same value."""
        return self.form != "figure"


def named(outputs: Iterable[Output]) -> dict[str, Output]:
    """Outputs by their name."""
    return {each.name: each for each in outputs}
