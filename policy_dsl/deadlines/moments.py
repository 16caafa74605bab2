"""Dates and instants side by side.

An instant is a `datetime` with an offset; a date is a whole day of a zone, which the caller passes as the clock. Every
instant that this library returns carries a fixed offset: Python compares two moments of one zone by their wall clocks,
and so takes the repeated hour in autumn for a single one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from policy_dsl.deadlines.errors import DateOutOfRange, OffsetNeeded

# A datetime must be tested for first: Python counts it as a date too.
When = date | datetime
Clock = tzinfo
TICK = timedelta.resolution


def in_utc(moment: datetime) -> datetime:
    """The same instant in UTC. Raises `OffsetNeeded` for a naive moment, `DateOutOfRange` beyond the years 1-9999."""
    zone_of(moment)
    try:
        return moment.astimezone(UTC)
    except OverflowError as overflow:
        raise DateOutOfRange(moment) from overflow


def shown_in(moment: datetime, zone: Clock) -> datetime:
    """The same instant as a clock of `zone` shows it, with the offset of that instant made fixed."""
    try:
        local = in_utc(moment).astimezone(zone)
    except OverflowError as overflow:
        raise DateOutOfRange(moment) from overflow
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)), fold=0)


def zone_of(moment: datetime) -> Clock:
    """The zone that a moment is written in. Raises `OffsetNeeded` for a naive one."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise OffsetNeeded(moment)
    return moment.tzinfo


def fixed(moment: datetime) -> datetime:
    """The same instant with its own offset made fixed: events keep the offset they were recorded with."""
    return shown_in(moment, zone_of(moment))


def date_of(when: When, clock: Clock = UTC) -> date:
    """The calendar date on which `when` falls by the clock; a date is itself."""
    if isinstance(when, datetime):
        return shown_in(when, clock).date()
    return when


def begins(when: When, clock: Clock = UTC) -> datetime:
    """The first moment of a date by the clock; an instant is itself.

    Where the clocks skip midnight, the day begins with the first moment that exists.
    """
    if isinstance(when, datetime):
        return fixed(when)
    midnight = datetime.combine(when, time(), tzinfo=clock)
    first = in_utc(midnight)
    if shown_in(first, clock).replace(tzinfo=None) != midnight.replace(tzinfo=None):
        first = _after_gap(in_utc(midnight.replace(fold=1)), first, clock)
    return shown_in(first, clock)


def _after_gap(before: datetime, after: datetime, clock: Clock) -> datetime:
    """The moment at which a clock is put forward, between two instants in UTC on either side of it."""
    offset = shown_in(after, clock).utcoffset()
    while after - before > TICK:
        middle = before + (after - before) // 2
        if shown_in(middle, clock).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def ends(when: When, clock: Clock = UTC) -> datetime:
    """The moment by which a date is over, the first of the next day (exclusive); an instant is itself."""
    if isinstance(when, datetime):
        return fixed(when)
    return begins(days_later(when, 1), clock)


def precedes(earlier: When, later: When, clock: Clock = UTC) -> bool:
    """Whether the whole of `earlier` lies before the whole of `later`.

    A date reaches from its first moment to its last. An instant within a date neither precedes it nor is preceded by
    it; nor does any moment precede itself.
    """
    if isinstance(earlier, datetime):
        return in_utc(earlier) < in_utc(begins(later, clock))
    return in_utc(ends(earlier, clock)) <= in_utc(begins(later, clock))


def days_later(day: date, days: int) -> date:
    """The date so many days later (or earlier, if negative). Raises `DateOutOfRange`."""
    try:
        return day + timedelta(days=days)
    except OverflowError as overflow:
        raise DateOutOfRange(day) from overflow


def elapsed(moment: datetime, step: timedelta, times: int, zone: Clock) -> datetime:
    """The instant that lies `times` steps of elapsed time later, as `zone` shows it. Raises `DateOutOfRange`."""
    try:
        return shown_in(in_utc(moment) + step * times, zone)
    except OverflowError as overflow:
        raise DateOutOfRange(moment) from overflow


def first_of_next_month(day: date) -> date:
    """The first day of the month after that of `day`; pass `date_of(moment, clock)` for an instant.

    "On the first day of the month after the 60th day following …" is a usual wording of entry into force, for example
    that of the Rome Statute of the International Criminal Court, Art. 126(1). Raises `DateOutOfRange` in December 9999.
    """
    if day.year == date.max.year and day.month == 12:
        raise DateOutOfRange(day)
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
