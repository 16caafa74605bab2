"""Which days are working days.

A calendar is a weekend and a list of holidays by name. It is always named by the rule or the case; this library has no
default for any country. A list is read year by year, when a year is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import date

from policy_dsl.deadlines.errors import CalendarMissing, NoWorkingDay, UnknownCalendar, YearNotPublished
from policy_dsl.deadlines.moments import days_later
from policy_dsl.records import dataclass

SATURDAY, SUNDAY = 5, 6
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UNNAMED = "holiday"

Holidays = Mapping[date, str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that isn't a working day, and why: the name of the holiday, or of the weekday in English."""

    day: date
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class WorkingCalendar:
    """Working days: those that are neither in the weekend nor a holiday. Reg. 1182/71, Art. 2(2).

    `weekend` holds weekdays, Monday being 0. `holidays` maps dates to names, or is a function that gives such a
    mapping for a year. Raises `NoWorkingDay` if the weekend fills the week, `ValueError` for a weekday beyond 0-6.
    """

    name: str
    weekend: frozenset[int]
    holidays: Holidays | Callable[[int], Holidays] = field(default_factory=dict)
    _years: dict[int, Holidays] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.weekend <= set(range(7)):
            raise ValueError(f"weekday: {sorted(self.weekend)}")
        if len(self.weekend) == 7:
            raise NoWorkingDay(self.name)

    def holidays_in(self, year: int) -> Holidays:
        """The holidays of a year by date, whether or not they fall on a weekend."""
        if year not in self._years:
            listed = (
                self.holidays(year)
                if callable(self.holidays)
                else {day: name for day, name in self.holidays.items() if day.year == year}
            )
            self._years[year] = dict(listed)
        return self._years[year]

    def why_not(self, day: date) -> str | None:
        """Why `day` isn't a working day: the holiday's name, else "Saturday" and the like; None if it is one."""
        holiday = self.holidays_in(day.year).get(day)
        if holiday is not None:
            return holiday
        return WEEKDAYS[day.weekday()] if day.weekday() in self.weekend else None

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return self.why_not(day) is None

    def next_working(self, day: date) -> date:
        """The first working day after `day`. Raises `DateOutOfRange`."""
        return self.add_working_days(day, 1)

    def previous_working(self, day: date) -> date:
        """The last working day before `day`. Raises `DateOutOfRange`."""
        return self.add_working_days(day, -1)

    def add_working_days(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`, or before it if negative; `day` itself is never counted.

        Zero gives `day`, working or not: nothing was counted, so nothing was skipped. Raises `DateOutOfRange`.
        """
        step = 1 if number > 0 else -1
        left = abs(number)
        while left:
            day = days_later(day, step)
            if self.is_working(day):
                left -= 1
        return day

    def working_days(self, after: date, through: date) -> int:
        """How many working days lie after the first date and not after the second."""
        return sum(self.is_working(day) for day in _days(after, through))

    def skipped(self, after: date, through: date) -> tuple[Skipped, ...]:
        """The days after the first date and not after the second that aren't working days, in order."""
        reasons = ((day, self.why_not(day)) for day in _days(after, through))
        return tuple(Skipped(day, name) for day, name in reasons if name is not None)


def _days(after: date, through: date) -> Iterable[date]:
    return (date.fromordinal(number) for number in range(after.toordinal() + 1, through.toordinal() + 1))


def every_day() -> WorkingCalendar:
    """A calendar on which every day is a working day."""
    return WorkingCalendar("every_day", frozenset())


def weekdays() -> WorkingCalendar:
    """Monday to Friday, with no holidays."""
    return WorkingCalendar("weekdays", frozenset({SATURDAY, SUNDAY}))


def listed(base: WorkingCalendar, holidays: Holidays | Iterable[date], name: str | None = None) -> WorkingCalendar:
    """`base` with more holidays, by name or as bare dates; `name` if the calendar has one of its own.

    Reg. 1182/71, Art. 2(1): holidays are those published in a list by the State or the institution concerned.
    """
    more = dict(holidays) if isinstance(holidays, Mapping) else dict.fromkeys(holidays, UNNAMED)

    def in_year(year: int) -> Holidays:
        return {**base.holidays_in(year), **{day: label for day, label in more.items() if day.year == year}}

    return WorkingCalendar(name or base.name, base.weekend, in_year)


def published(
    base: WorkingCalendar, country: str, years: Iterable[int] | None = None, language: str = "en_US"
) -> WorkingCalendar:
    """`base` with the public holidays of a country, from the `holidays` package (an optional extra).

    `country` is an ISO 3166 code of two or three letters. `years` limits the calendar to those years. Holidays are
    named in `language` where the package has it, else in the country's first language: never by the locale of the
    machine. The weekend is that of `base`, and a Saturday that a country declares a day of work stays what `base` says.

    Raises `CalendarMissing` without the package, `UnknownCalendar` for a country that it lacks, and, when such a year
    is asked for, `YearNotPublished`: outside the years that it covers the package answers with no holidays at all.
    """
    try:
        import holidays as package
    except ImportError as missing:
        raise CalendarMissing(country, "policy-dsl[calendars]") from missing
    if country not in package.list_supported_countries():
        raise UnknownCalendar(country)
    empty = package.country_holidays(country, language=language)
    spoken = language if language in empty.supported_languages else empty.default_language
    name = f"{base.name}, {country}"
    allowed = None if years is None else frozenset(years)

    def in_year(year: int) -> Holidays:
        if not empty.start_year <= year <= empty.end_year or (allowed is not None and year not in allowed):
            raise YearNotPublished(name, year)
        days = package.country_holidays(country, years=year, expand=False, language=spoken)
        return {**base.holidays_in(year), **dict(days.items())}

    return WorkingCalendar(name, base.weekend, in_year)
