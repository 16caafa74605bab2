"""What can keep a period from being reckoned.

Every error carries the values that a reader needs as fields; its text is for programmers only. They all descend from
`DeadlineError`, so that a caller can catch the family without catching its own mistakes.
"""

from __future__ import annotations

from datetime import date, datetime


class DeadlineError(Exception):
    """A period, a date or a calendar that can't be reckoned with."""


class NegativePeriod(DeadlineError):
    """A period of fewer than zero units: the direction is said by `after` or `before`, never by a sign."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"negative period: {count}")


class UnitsNotComparable(DeadlineError, TypeError):
    """Two periods of which neither can be called the longer, such as 30 days and one month."""

    def __init__(self, left: str, right: str) -> None:
        self.left = left
        self.right = right
        super().__init__(f"not comparable: {left} and {right}")


class NoSuchDate(DeadlineError):
    """A month that lacks the date, with no regime named to say which day stands for it.

    `candidates` are the last day of that month and the first day after it.
    """

    def __init__(self, start: date, candidates: tuple[date, date]) -> None:
        self.start = start
        self.candidates = candidates
        super().__init__(f"no such date, counted from {start}: {candidates[0]} or {candidates[1]}")


class DateOutOfRange(DeadlineError):
    """A result outside the years 1 to 9999, beyond which no date can be written."""

    def __init__(self, start: date | datetime) -> None:
        self.start = start
        super().__init__(f"outside the years 1 to 9999, counted from {start}")


class InstantNeeded(DeadlineError):
    """Hours counted from a mere date: they run from an instant, and a date has none."""

    def __init__(self, start: date) -> None:
        self.start = start
        super().__init__(f"hours run from an instant, not from the date {start}")


class OffsetNeeded(DeadlineError):
    """A moment with no offset from UTC, which is no instant."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        super().__init__(f"no offset from UTC: {moment.isoformat()}")


class UnknownRegime(DeadlineError):
    """A regime that this library doesn't know; `known` are the names that it does."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"unknown regime: {name}")


class CalendarMissing(DeadlineError):
    """Published holidays were asked for and the package that lists them isn't installed; `install` names it."""

    def __init__(self, country: str, install: str) -> None:
        self.country = country
        self.install = install
        super().__init__(f"holidays of {country}: {install} is not installed")


class UnknownCalendar(DeadlineError):
    """A country of which no holidays are published, or a code that isn't ISO 3166."""

    def __init__(self, country: str) -> None:
        self.country = country
        super().__init__(f"no holidays published of {country}")


class YearNotPublished(DeadlineError):
    """A year for which the calendar lists nothing: silence would read as a year without holidays."""

    def __init__(self, calendar: str, year: int) -> None:
        self.calendar = calendar
        self.year = year
        super().__init__(f"{calendar}: nothing published for {year}")


class NoWorkingDay(DeadlineError):
    """A calendar whose weekend fills the week."""

    def __init__(self, calendar: str) -> None:
        self.calendar = calendar
        super().__init__(f"{calendar}: no working day in the week")
