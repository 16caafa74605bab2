"""What names may stand for: functions, what has no value or no members, which words have a meaning only in some places.

Beside it stand the notes that binding takes, and how what a name stands for is called in a sentence.
"""

from __future__ import annotations

from policy_dsl.records import dataclass
from policy_dsl.resolve.names import KINDS, kind_of
from policy_dsl.resolve.program import CriterionOf, Entry, FieldOf, Ref
from policy_dsl.resolve.scopes import LEDGER, Scope
from policy_dsl.syntax import tree

FUNCTIONS = (
    "min",
    "max",
    "average",
    "log",
    "root",
    "first_of_next_month",
    "half_up",
    "half_even",
    "up",
    "down",
    "fewest",
    "round",
)
NO_VALUE = frozenset({"procedure", "calendar", "reservation", "reservable", "transitional"})
NO_GROUP = frozenset(
    {*NO_VALUE, "key", "scale", "criteria", "apportion", "fund", "parameter", "duty", "guarantee", "step"}
)
FIGURES = frozenset({"indicator", "parameter", "define", "apportion"})
OF_MEMBERS = ("sum", "mean", "least", "greatest")
OF_A_RUN = ("share", "index", "rank")
GROUND = ("ground", "grounds")
PLACES = {
    "total": "the lines of an apportionment after its total",
    "lot": "the line `ties by lot` of an apportionment",
    "actor": "a step, or as `actor of` a step",
    "favour": "a step with `adopted when`, or as `favour of` such a step",
    "against": "a step with `adopted when`, or as `against of` such a step",
    "abstaining": "a step with `adopted when`, or as `abstaining of` such a step",
    "absent": "a step with `quorum` or `adopted when`",
    "voting": "a step with `adopted when`, or as `voting of` such a step",
    "voters": "a step with `quorum` or `adopted when`",
    "present": "a step with `quorum` or `adopted when`",
    "earliest": "`earliest of` a step",
    "latest": "`latest of` a step",
    **{name: f"`{name} of` a fund" for name in LEDGER},
}


@dataclass(frozen=True, slots=True)
class Use:
    """One entry is named in a line of another. `row` is the criterion where no more than one row is meant."""

    owner: str
    target: str
    line: str
    row: str = ""


@dataclass(frozen=True, slots=True)
class Bare:
    """An aggregate without `over`."""

    owner: str
    node: tree.Aggregate
    line: str
    scope: Scope


def listed_kinds(kinds: tuple[str, ...]) -> str:
    """Kinds as a sentence needs them: "a set or a tier"."""
    words = [KINDS[kind] for kind in kinds]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def described(found: Ref) -> str:
    """What something is, as a sentence needs it."""
    match found:
        case Entry():
            return kind_of(found)
        case CriterionOf():
            return "a criterion"
        case FieldOf():
            return "a recorded field"
        case _:
            return "a word of the language"
