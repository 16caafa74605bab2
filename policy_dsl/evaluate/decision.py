"""A decision: the data that reports are made from. Every figure in it is a `Derived`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction

from policy_dsl.cases.case import Adjustment, Case, ChoiceMade, Event, Statement
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.sharing import Assignment, Banding, Held, Rounding
from policy_dsl.syntax import tree
from policy_dsl.values import Unit


@dataclass(frozen=True, slots=True, eq=False)
class SeatHeld:
    """A state in a tier. `ground` is the stated ground of a situation-specific member. `refused` is the condition that

    it does not meet (then it has no seat and enters no sum).
    """

    state: str
    tier: Entry
    ground: str = ""
    refused: Derived | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ShareRow:
    """One member's way through an apportionment, in the order of the work; what did not apply is None.

    `outside` is the ground on which a member does not share (the `among` line that it fails). `band` counts from 1.
    `exact` is the share after limits and before credits; `due` after credits; `final` what the provision says.
    `held` is "", "floor" or "ceiling". `extra` is what it took of the remainder; `adjusted` what the meeting changed.
    """

    member: str
    final: Derived
    outside: Derived | None = None
    fixed: Derived | None = None
    weight: Derived | None = None
    quota: Fraction | None = None
    relief: Derived | None = None
    relieved: Fraction | None = None
    borne: Fraction | None = None
    floor: Derived | None = None
    ceiling: Derived | None = None
    held: str = ""
    held_by: tree.Node | None = None
    band: int | None = None
    exact: Fraction | None = None
    credit: Derived | None = None
    excess: Fraction | None = None
    due: Fraction | None = None
    rounded: Fraction | None = None
    extra: Fraction | None = None
    adjusted: Adjustment | None = None


@dataclass(frozen=True, slots=True, eq=False)
class BandShared:
    """One band: its members, what it was offered, what it took, what passed on."""

    members: tuple[str, ...]
    offered: Fraction
    taken: Fraction
    passed: Fraction
    held: Held[str] | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shared:
    """The certificate of one apportionment (for one cohort, or for all: then `cohort` is empty).

    Amounts are in the base units of `unit`. `unallocated` is the part of the total that nobody was given, since limits
    refused it; `residue` what is less than one step of the rounding. `difference` is what rounding each member by
    itself added or lost. `sum_check` tells whether what was shared out, credited and left over adds up to the total.
    In bands each band is rounded by itself: `roundings` holds them in order, and `rounding` is the only one if there is
    one. `basis` is the sum of the weights; `assignment` the certificate of a sharing at least cost.
    """

    entry: Entry
    cohort: str
    total: Derived
    unit: Unit
    among: Derived
    rows: tuple[ShareRow, ...]
    factor: Fraction | None
    bands: tuple[BandShared, ...]
    held: tuple[Held[str], ...]
    rounding: Rounding[str] | None
    rounding_step: Fraction | None
    credits: Fraction
    unallocated: Fraction
    residue: Fraction
    difference: Fraction
    undetermined: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...]
    sum_check: bool
    basis: Derived | None = None
    roundings: tuple[Rounding[str], ...] = ()
    assignment: Assignment[str, str] | None = None

    def __repr__(self) -> str:
        return f"<sharing out of {self.entry.name} {self.cohort}>"

    def row(self, member: str) -> ShareRow | None:
        """The row of a member."""
        return next((row for row in self.rows if row.member == member), None)


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """A member's score under one criterion: the measure, the score between 0 and 1, and whether it meets `at least`."""

    member: str
    row: tree.Criterion
    measure: Derived
    score: Derived
    met: Derived


@dataclass(frozen=True, slots=True, eq=False)
class CriteriaResult:
    """Scores by criterion and member; for criteria in order the bands, for weighted ones the totals.

    `similar` is how far apart members similarly placed may be; `banding` shows which criterion made each band.
    """

    entry: Entry
    scores: tuple[Score, ...]
    bands: tuple[tuple[str, ...], ...]
    totals: Mapping[str, Derived]
    similar: Derived | None = None
    banding: Banding[str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EventJudged:
    """An event of the record: valid, or refused on a ground. `failed` are the conditions that it did not meet."""

    event: Event
    valid: bool
    failed: tuple[Derived, ...]
    status: str
    vote: VoteResult | None = None


@dataclass(frozen=True, slots=True, eq=False)
class VoteResult:
    """How a vote was counted. `examined` is false where the record states the outcome without the votes."""

    voters: tuple[str, ...]
    favour: tuple[str, ...]
    against: tuple[str, ...]
    abstaining: tuple[str, ...]
    absent: tuple[str, ...]
    excluded: tuple[str, ...]
    quorum: Derived | None
    majority: Derived | None
    failing: Derived | None
    adopted: bool | None
    examined: bool


@dataclass(frozen=True, slots=True, eq=False)
class StepOutcome:
    """A step and what the record shows of it.

    `earliest` and `latest` are the ends of its window; `falls` its date where it falls by itself; `dues` the periodic
    dates of `every`. `status` is met, missed, pending, refused, adopted, rejected, "not due" or "not shown".
    """

    entry: Entry
    status: str
    events: tuple[EventJudged, ...]
    earliest: Derived | None
    latest: Derived | None
    falls: Derived | None
    dues: tuple[date | datetime, ...]
    silent: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class DutyOutcome:
    """A duty of one holder: kept, breached, pending, reserved, "not shown" or "not arisen"."""

    entry: Entry
    holder: str
    status: str
    deadline: Derived | None
    shown: Derived | None


@dataclass(frozen=True, slots=True, eq=False)
class GuaranteeOutcome:
    """A guarantee: holds, fails, or "not shown"; `proved` where it was proved from the text."""

    entry: Entry
    status: str
    shown: Derived | None
    proved: bool


@dataclass(frozen=True, slots=True, eq=False)
class FundOutcome:
    """A fund: where it stood, what this decision has it receive and pay, what is reserved, who is in arrears."""

    entry: Entry
    balance: Derived
    level: Derived | None
    due: tuple[tuple[str, str, Fraction, date | datetime | None], ...]
    paid_out: tuple[tuple[str, Derived, Fraction], ...]
    cut: Fraction
    reserved: tuple[tuple[str, Fraction], ...]
    arrears: tuple[tuple[str, Fraction], ...]
    suspended: tuple[str, ...]
    closing: Fraction
    unit: Unit


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceOpen:
    """Discretion: a parameter left to a body. `made` is none where no choice is recorded; then `value` is what holds

    without one, or none if the evaluation waits for it. `without_effect` is a choice that the record states and that
    doesn't count, since its step has not taken place or was not adopted.
    """

    entry: Entry
    step: str
    low: Derived
    high: Derived
    value: Derived | None
    made: ChoiceMade | None
    without_effect: ChoiceMade | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ExceptionSeen:
    """An exception of a definition: whether it applied, and to whom."""

    entry: Entry
    row: tree.Excepted
    subject: tuple[str, ...]
    applied: bool
    condition: Derived


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Decision:
    """Everything the engine found.

    `values` holds each parameter, definition and share by (name, subject); `problems` are of the PD8 family.
    `complete` is false where something is undetermined, awaits a choice, or was left unallocated. `left_out` tells
    which fact was asked for and lacking, where the rules then leave out whom it lacks: indicator, subject, year.
    """

    program: Program
    case: Case
    seats: tuple[SeatHeld, ...]
    members: tuple[str, ...]
    groups: Mapping[str, Derived]
    values: Mapping[tuple[str, tuple[str, ...]], Derived]
    shares: tuple[Shared, ...]
    criteria: tuple[CriteriaResult, ...]
    timeline: tuple[StepOutcome, ...]
    duties: tuple[DutyOutcome, ...]
    guarantees: tuple[GuaranteeOutcome, ...]
    funds: tuple[FundOutcome, ...]
    choices: tuple[ChoiceOpen, ...]
    exceptions: tuple[ExceptionSeen, ...]
    reservations: tuple[tuple[Entry, str, str], ...]
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    complete: bool
    left_out: tuple[tuple[Entry, tuple[str, ...], int | None], ...] = ()

    def __repr__(self) -> str:
        return f"<decision of {self.case.title!r}>"
