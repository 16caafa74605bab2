"""The record in time: which events count, windows, regimes, and steps that fall by themselves."""

from __future__ import annotations

import pytest
from deciding import HEADER, codes, decided, group, judged, statuses, told
from recorded import events, policy

# ---- who and how often -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "record", "expected"),
    [
        ("by members", ["step: s, at: 2026-02-01, by: ALB"], ["met"]),
        ("by members", ["step: s, at: 2026-02-01, by: KEN"], ["refused"]),
        ("by members except ALB", ["step: s, at: 2026-02-01, by: ALB"], ["refused"]),
        ("by members or chair", ["step: s, at: 2026-02-01, by: chair"], ["met"]),
        ("by chair", ["step: s, at: 2026-02-01, by: ALB"], ["refused"]),
        ("by members", ["step: s, at: 2026-02-01, by: [ALB, BEL]"], ["met"]),
        ("by members", ["step: s, at: 2026-02-01, by: [ALB, KEN]"], ["refused"]),
        (
            "by members\n  once each",
            ["step: s, at: 2026-02-01, by: ALB", "step: s, at: 2026-02-02, by: ALB"],
            ["met", "refused"],
        ),
        (
            "by members\n  once each",
            ["step: s, at: 2026-02-02, by: ALB", "step: s, at: 2026-02-01, by: ALB"],
            ["met", "refused"],
        ),
        (
            "by members\n  once each",
            ["step: s, at: 2026-02-01, by: ALB", "step: s, at: 2026-02-01, by: ALB"],
            ["refused", "refused"],
        ),
        (
            "by members\n  once each",
            ["step: s, at: 2026-02-01, by: ALB", "step: s, at: 2026-02-01, by: BEL"],
            ["met", "met"],
        ),
        (
            "by members\n  repeated",
            ["step: s, at: 2026-02-01, by: ALB", "step: s, at: 2026-02-02, by: ALB"],
            ["met", "met"],
        ),
    ],
)
def test_who_acts_and_how_often(rule: str, record: list[str], expected: list[str]) -> None:
    found = decided(policy(f"step s\n  {rule}"), events(*record))
    assert judged(found, "s") == expected


# ---- events by name --------------------------------------------------------------------------------------------------

NAMES = policy(
    """
step deposit
  by members
  once each
  not before 2026-02-01
step fresh
  on 30 days after 3rd deposit
step half
  once count of deposit >= 2
""",
    """  define first "First" = deposit
  define third "Third" = 3rd deposit
  define of_bel "Of BEL" = deposit of BEL
  define how_many "How many" = count of deposit
  set parties "Parties" = members where deposit of member
  define started "Started" = if fresh then 1 else 0
  define halfway "Halfway" = half
  define falls_on "Falls" = fresh
""",
)
DEPOSITS = [
    "step: deposit, at: 2026-01-31, by: GRC",
    "step: deposit, at: 2026-04-01, by: BEL",
    "step: deposit, at: 2026-03-01, by: ALB",
    "step: deposit, at: 2026-05-01, by: DEU",
]


def test_events_by_name() -> None:
    found = decided(NAMES, events(*DEPOSITS))
    assert told(found, "first") == "deposit at 2026-03-01"
    assert told(found, "third") == "deposit at 2026-05-01"
    assert told(found, "of_bel") == "deposit at 2026-04-01"
    assert told(found, "how_many") == "3"
    assert group(found, "parties") == "ALB, BEL, DEU"
    assert told(found, "falls_on") == "2026-05-31"
    assert told(found, "halfway") == "2026-04-01"
    assert judged(found, "deposit") == ["refused", "met", "met", "met"]


@pytest.mark.parametrize(("at", "started", "status"), [("2026-05-30", "0", "pending"), ("2026-05-31", "1", "met")])
def test_a_step_in_a_condition_has_occurred(at: str, started: str, status: str) -> None:
    found = decided(NAMES, events(*DEPOSITS, at=at))
    assert told(found, "started") == started
    assert statuses(found)["fresh"] == status


def test_what_has_not_occurred_is_no_fault() -> None:
    found = decided(NAMES, events())
    assert told(found, "first") == "? not yet"
    assert told(found, "falls_on") == "? not yet"
    assert told(found, "how_many") == "0"
    assert codes(found) == []
    assert statuses(found) == {"deposit": "pending", "fresh": "not due", "half": "not due"}


def test_an_event_that_has_not_occurred_is_later_than_one_that_has() -> None:
    text = policy(
        "step deposit\n  by members\n  once each\nstep fresh\n  on 90 days after 3rd deposit",
        (
            '  define from_when "From" for each member = if deposit of member '
            "<= 3rd deposit then fresh else 90 days after deposit of member\n"
        ),
    )
    some = decided(text, events("step: deposit, at: 2026-01-01, by: ALB"))
    assert told(some, "from_when of ALB") == "? not yet"
    assert told(some, "from_when of BEL") == "? not yet"
    every = decided(
        text,
        events(
            "step: deposit, at: 2026-01-01, by: ALB",
            "step: deposit, at: 2026-01-02, by: BEL",
            "step: deposit, at: 2026-01-03, by: DEU",
            "step: deposit, at: 2026-02-01, by: FRA",
        ),
    )
    assert [told(every, f"from_when of {m}") for m in ("ALB", "FRA", "GRC")] == [
        "2026-04-03",
        "2026-05-02",
        "? not yet",
    ]


# ---- recorded fields -------------------------------------------------------------------------------------------------

TRADE = policy(
    """
step transfer
  by members
  repeated
  records giver : state, taker : state, places : persons
  requires giver is actor and taker is not giver
  requires places + sum of places over (transfer where giver is actor) <= 10 persons
""",
    """  define given_away "Given" for each member = sum of places over (transfer where giver is member)
  define taken_over "Taken" for each member = sum of places over (transfer where taker is member)
  define first_places "First" = places of transfer
  define trades "Trades" = count of transfer
  define large "Large" = count of (transfer where places > 4 persons)
""",
)


def trade(day: str, giver: str, taker: str, places: int, by: str = "") -> str:
    return (
        f"step: transfer, at: 2026-03-{day}, by: {by or giver}, "
        f"giver: {giver}, taker: {taker}, places: {places} persons"
    )


@pytest.mark.parametrize(
    ("record", "expected", "given"),
    [
        ([trade("01", "ALB", "BEL", 6)], ["met"], "6 persons"),
        ([trade("01", "ALB", "BEL", 6), trade("02", "ALB", "DEU", 4)], ["met", "met"], "10 persons"),
        ([trade("01", "ALB", "BEL", 6), trade("02", "ALB", "DEU", 5)], ["met", "refused"], "6 persons"),
        ([trade("02", "ALB", "BEL", 6), trade("01", "ALB", "DEU", 5)], ["met", "refused"], "5 persons"),
        # At one moment: refused together if only some could stand; no trade wins by its line number.
        ([trade("01", "ALB", "BEL", 6), trade("01", "ALB", "DEU", 5)], ["refused", "refused"], "0 persons"),
        ([trade("01", "ALB", "BEL", 6), trade("01", "ALB", "DEU", 4)], ["met", "met"], "10 persons"),
        ([trade("01", "ALB", "BEL", 6), trade("01", "BEL", "DEU", 10)], ["met", "met"], "6 persons"),
        (
            [trade("01", "ALB", "BEL", 6), trade("01", "ALB", "DEU", 5), trade("02", "ALB", "DEU", 5)],
            ["refused", "refused", "met"],
            "5 persons",
        ),
        # What is refused counts for nothing.
        ([trade("01", "ALB", "BEL", 11), trade("02", "ALB", "DEU", 10)], ["refused", "met"], "10 persons"),
        ([trade("01", "ALB", "BEL", 6, by="BEL"), trade("02", "ALB", "ALB", 1)], ["refused", "refused"], "0 persons"),
    ],
)
def test_trades_are_judged_against_the_record_before_them(record: list[str], expected: list[str], given: str) -> None:
    for order in (record, record[::-1]):
        found = decided(TRADE, events(*order))
        assert sorted(judged(found, "transfer")) == sorted(expected)
        assert told(found, "given_away of ALB") == given


def test_the_ground_of_a_refusal_is_kept() -> None:
    found = decided(TRADE, events(trade("01", "ALB", "BEL", 11)))
    refused = found.timeline[0].events[0]
    assert [each.op for each in refused.failed] == ["requires"]
    assert str(refused.failed[0].address) == "Art. 1"


def test_an_event_that_cannot_be_judged_is_said() -> None:
    more = '  indicators for each member\n    fit : yes or no "Fit"\n  define n "N" = count of s\n'
    found = decided(
        policy("step s\n  by members\n  requires fit of ALB", more), events("step: s, at: 2026-02-01, by: ALB")
    )
    assert judged(found, "s") == ["refused"]
    assert codes(found) == ["PD801"]
    assert not found.complete


def test_groups_of_events() -> None:
    found = decided(TRADE, events(trade("01", "ALB", "BEL", 6), trade("02", "BEL", "ALB", 3)))
    assert [told(found, name) for name in ("first_places", "trades", "large", "taken_over of ALB")] == [
        "6 persons",
        "2",
        "1",
        "3 persons",
    ]


# ---- windows, hours and days -----------------------------------------------------------------------------------------


def window(rule: str, act: str, *, start: str = "2026-03-02T10:00Z", header: str = HEADER) -> str:
    text = policy(f"step request\n  by members\nstep act\n  by members\n  {rule}")
    found = decided(text, events(f"step: request, at: {start}, by: ALB", f"step: act, at: {act}, by: ALB"), header)
    return statuses(found)["act"]


@pytest.mark.parametrize(
    ("rule", "act", "expected"),
    [
        ("not after 48 hours after request", "2026-03-04T10:00Z", "met"),
        ("not after 48 hours after request", "2026-03-04T10:01Z", "refused"),
        ("not after 48 hours after request", "2026-03-04T12:00+02:00", "met"),
        ("not before 48 hours after request", "2026-03-04T10:00Z", "met"),
        ("not before 48 hours after request", "2026-03-04T09:59Z", "refused"),
        # The day of the event is not counted, the last day counts whole.
        ("not after 2 days after request", "2026-03-04T23:59Z", "met"),
        ("not after 2 days after request", "2026-03-05T00:00Z", "refused"),
        ("not before 2 days after request", "2026-03-04T00:00Z", "met"),
        ("not before 2 days after request", "2026-03-03T23:59Z", "refused"),
        ("not after 1 week after request", "2026-03-09", "met"),
        ("not after 1 week after request", "2026-03-10", "refused"),
        ("not after 1 month after request", "2026-04-02", "met"),
        ("not after 1 month after request", "2026-04-03", "refused"),
        ("not after 1 year after request", "2027-03-02", "met"),
        ("not after 5 working days after request", "2026-03-09", "met"),
        ("not after 5 working days after request", "2026-03-10", "refused"),
        ("not before 2026-03-05\n  not after 2026-03-06", "2026-03-05", "met"),
        ("not before 2026-03-05\n  not after 2026-03-06", "2026-03-06", "met"),
        ("not before 2026-03-05\n  not after 2026-03-06", "2026-03-07", "refused"),
        ("not before 2026-03-05\n  not after 2026-03-06", "2026-03-04", "refused"),
        ("not before request", "2026-03-02T10:01Z", "met"),
        # At one moment each is judged against the record before it.
        ("not before request", "2026-03-02T10:00Z", "refused"),
        ("not before request", "2026-03-02T09:59Z", "refused"),
    ],
)
def test_a_window_includes_both_ends(rule: str, act: str, expected: str) -> None:
    assert window(rule, act) == expected


EU = HEADER.replace("periods plain", "periods eu_1182_71")


@pytest.mark.parametrize(
    ("rule", "act", "plain", "regulation"),
    [
        # 2026-03-07 is a Saturday: a time limit moves to Monday, and only that.
        ("not after 5 days after request", "2026-03-09", "refused", "met"),
        ("not after 5 days after request", "2026-03-10", "refused", "refused"),
        ("not before 5 days after request", "2026-03-07", "met", "met"),
        ("not after 114 hours after request", "2026-03-07T04:00Z", "met", "met"),
        ("not after 114 hours after request", "2026-03-09T04:00Z", "refused", "refused"),
    ],
)
def test_a_regime_moves_the_end_of_a_time_limit_off_a_holiday(rule: str, act: str, plain: str, regulation: str) -> None:
    assert window(rule, act) == plain
    assert window(rule, act, header=EU) == regulation


@pytest.mark.parametrize("header", [HEADER, EU])
def test_protection_that_ends_on_a_saturday_ends_on_saturday(header: str) -> None:
    text = policy(
        "step start\n  by members\nstep ending\n  on 5 days after start",
        '  define end_of_it "End" = 5 days after start\n',
    )
    found = decided(text, events("step: start, at: 2026-03-02, by: ALB"), header)
    assert told(found, "end_of_it") == "2026-03-07"
    assert told(found, "end_of_it") == str(found.timeline[1].falls.value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2026-01-31", "1 month", "2026-02-28"),
        ("2028-01-31", "1 month", "2028-02-29"),
        ("2028-02-29", "1 year", "2029-02-28"),
        ("2026-12-31", "2 months", "2027-02-28"),
        ("2026-03-31", "6 months", "2026-09-30"),
        ("2026-03-02", "2 weeks", "2026-03-16"),
        ("2026-03-06", "1 working day", "2026-03-09"),
    ],
)
def test_ends_of_months(start: str, length: str, end: str) -> None:
    text = policy("step start\n  by members", f'  define x "X" = {length} after start\n')
    assert told(decided(text, events(f"step: start, at: {start}, by: ALB")), "x") == end


def test_without_a_regime_a_month_without_the_date_has_no_end() -> None:
    text = policy("step start\n  by members", '  define x "X" = 1 month after start\n')
    found = decided(text, events("step: start, at: 2026-01-31, by: ALB"), HEADER.replace("  periods plain\n", ""))
    assert told(found, "x") == "? PD829"


def test_holidays_that_the_policy_lists() -> None:
    header = HEADER.replace("calendar weekdays", "calendar own")
    text = policy(
        "step start\n  by members",
        '  define x "X" = 2 working days after start\n  calendar own "Own"\n    weekdays\n    holidays 2026-03-03\n',
    )
    assert told(decided(text, events("step: start, at: 2026-03-02, by: ALB"), header), "x") == "2026-03-05"


def test_periods_counted_back_are_not_moved() -> None:
    text = policy("step meeting\n  by members\nstep agenda\n  by members\n  not after 9 days before meeting")
    line = events("step: meeting, at: 2026-03-16, by: ALB", "step: agenda, at: 2026-03-07, by: ALB")
    for header in (HEADER, EU):
        found = decided(text, line, header)
        assert str(found.timeline[1].latest.value) == "2026-03-07"  # type: ignore[union-attr]
        # An event is judged against the record before it: the meeting is not yet known on the day of the agenda.
        assert judged(found, "agenda") == ["met"]


ENDS = policy(
    "step request\n  by members\nstep meeting\n  not before 48 hours after request\n  not after 72 hours after request",
    '  define from_when "From" = earliest of meeting\n  define until_when "Until" = latest of meeting\n',
)


def test_the_ends_of_a_window() -> None:
    found = decided(ENDS, events("step: request, at: 2026-03-02T10:00Z, by: ALB"))
    assert [told(found, "from_when"), told(found, "until_when")] == ["2026-03-04T10:00Z", "2026-03-05T10:00Z"]
    assert statuses(found)["meeting"] == "missed"
    assert statuses(decided(ENDS, events()))["meeting"] == "not due"
    assert statuses(decided(ENDS, events("step: request, at: 2026-06-01T10:00Z, by: ALB")))["meeting"] == "pending"


@pytest.mark.parametrize(
    ("record", "at", "status", "due"),
    [
        ([], "2026-03-31", "pending", "2026-04-01"),
        ([], "2026-04-01", "missed", "2026-04-01"),
        (["step: review, at: 2026-02-01, by: ALB"], "2026-05-01", "met", "2026-04-01"),
        (["step: review, at: 2026-02-01, by: ALB"], "2026-07-01", "missed", "2026-07-01"),
        (
            ["step: review, at: 2026-02-01, by: ALB", "step: review, at: 2026-06-30, by: ALB"],
            "2026-07-01",
            "met",
            "2026-07-01",
        ),
    ],
)
def test_periodic_steps(record: list[str], at: str, status: str, due: str) -> None:
    text = policy("step review\n  by members\n  repeated\n  every 3 months after 2026-01-01")
    found = decided(text, events(*record, at=at))
    assert statuses(found)["review"] == status
    assert due in [str(each) for each in found.timeline[0].dues]


def test_a_step_that_falls_by_itself_only_if_what_it_requires_holds_then() -> None:
    text = policy(
        "step start\n  by members\nstep stop\n  by members\nstep ending\n  requires not stop\n  on 30 days after start",
        '  define ended "Ended" = if ending then 1 else 0\n',
    )
    assert told(decided(text, events("step: start, at: 2026-03-01, by: ALB")), "ended") == "1"
    assert (
        told(
            decided(text, events("step: start, at: 2026-03-01, by: ALB", "step: stop, at: 2026-03-30, by: ALB")),
            "ended",
        )
        == "0"
    )
    # On the day itself is not before it.
    assert (
        told(
            decided(text, events("step: start, at: 2026-03-01, by: ALB", "step: stop, at: 2026-03-31, by: ALB")),
            "ended",
        )
        == "1"
    )
