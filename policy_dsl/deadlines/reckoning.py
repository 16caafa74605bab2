"""The result of counting a period, and each step on the way to it, as data."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from policy_dsl.deadlines.calendar import Skipped
from policy_dsl.deadlines.moments import TICK, Clock, When, begins, ends, in_utc
from policy_dsl.records import dataclass


class StepKind(StrEnum):
    """What a step did. The values are stable: documents and tests may rely on them."""

    EVENT_HOUR_NOT_COUNTED = "event_hour_not_counted"
    EVENT_DAY_NOT_COUNTED = "event_day_not_counted"
    HOURS_RUN = "hours_run"
    DAYS_RUN = "days_run"
    WEEKS_RUN = "weeks_run"
    WORKING_DAYS_COUNTED = "working_days_counted"
    MONTHS_RUN = "months_run"
    MONTH_HAS_NO_SUCH_DATE = "month_has_no_such_date"
    MOVED_OFF_HOLIDAY = "moved_off_holiday"
    EXTENDED_TO_TWO_WORKING_DAYS = "extended_to_two_working_days"


@dataclass(frozen=True, slots=True)
class ReckoningStep:
    """One step of a count: from `before` to `after`, by `rule`.

    `rule` cites the provision ("Reg. 1182/71, Art. 3(4)") or names the regime. `skipped` are the days that weren't
    working days, where the step turned on them: the days passed over by a count of working days; for a shift, the day
    that the end was moved off and those after it; for an extension, every such day of the period.
    """

    kind: StepKind
    rule: str
    before: When
    after: When
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Where a period ends: `end`, and `raw_end` before it was moved off a holiday or extended.

    A period in hours ends at an instant, any other on a date of the clock's zone. `closes_before` is the first moment
    that is out of time: the midnight after the last day, or for hours the moment next after the end, which itself is
    still in time (a moment is as fine as a microsecond).
    """

    end: When
    raw_end: When
    closes_before: datetime
    steps: tuple[ReckoningStep, ...]
    clock: Clock = UTC

    @property
    def moved(self) -> bool:
        """Whether a holiday or a lack of working days put off the end."""
        return self.end != self.raw_end

    @property
    def opens(self) -> datetime:
        """The first moment of the end: from here on holds what is "not before" it."""
        return begins(self.end, self.clock)

    def contains(self, when: When) -> bool:
        """Whether something that happened then is in time, as far as the end goes.

        Something recorded on a date alone is in time if that whole date is.
        """
        if isinstance(when, datetime):
            return in_utc(when) < in_utc(self.closes_before)
        return in_utc(ends(when, self.clock)) <= in_utc(self.closes_before)


def reckoning(end: When, raw_end: When, steps: tuple[ReckoningStep, ...], clock: Clock) -> Reckoning:
    """A `Reckoning` whose closing moment follows from its end. Raises `DateOutOfRange` if that can't be written."""
    closes = ends(end, clock)
    if isinstance(end, datetime):
        closes = in_utc(end) + TICK
    return Reckoning(end, raw_end, closes, steps, clock)
