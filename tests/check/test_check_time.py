"""Steps, votes, duties, funds, reservations and transitions."""

import pytest
from checking import HEADER, article, checked, errors, found, told

SEATS = "ALB, BIH, MKD, SRB"
REQUEST = 'procedure meetings\n  step request "Request"\n    by members\n'
CALL = 'procedure calls\n  step call "Call"\n    by members\n'


def step(*lines: str) -> str:
    return REQUEST + "\n".join(['  step answer "Answer"', *(f"    {line}" for line in lines)])


def vote(majority: str, quorum: str = "none", *more: str) -> str:
    return step("by members", f"quorum {quorum}", f"adopted when {majority}", *more)


def duty(*lines: str) -> str:
    return step("by members") + "\n" + "\n".join(['duty to_answer "Answer"', *(f"  {line}" for line in lines)])


def fund(*lines: str) -> str:
    dues = 'apportion dues "Dues"\n  total budget\n  among members\n  by gdp\n  rounding largest_remainder to 1 USD\n'
    dues += "  ties by lot\n"
    return CALL + dues + "\n".join(['fund reserve "Reserve"', *(f"  {line}" for line in lines)])


def reservation(*lines: str, permitted: str = "surcharge") -> str:
    figures = (
        'parameter allowance "A" = 500 USD\nparameter surcharge "S" = 100 USD\ndefine r "R" = allowance + surcharge\n'
    )
    return f"{figures}reservations permitted to {permitted}\n" + "\n".join(
        ['reservation of_albania "Reservation"', *(f"  {line}" for line in lines)]
    )


WINDOWS = [
    ("not before 5 days after request", "not after 3 days after request", True),
    ("not before 3 days after request", "not after 5 days after request", False),
    ("not before 3 days after request", "not after 3 days after request", False),
    ("not before request", "not after 2 days before request", False),
    ("not before request", "not after 3 days before request", True),
    ("not before 2 months after request", "not after 40 days after request", True),
    ("not before 1 month after request", "not after 30 days after request", False),
    ("not before 1 month after request", "not after 26 days after request", False),
    ("not before 100 hours after request", "not after 2 days after request", True),
    ("not before 72 hours after request", "not after 2 days after request", False),
    ("not before 5 working days after request", "not after 1 day after request", True),
    ("not before 5 days after request", "not after 4 working days after request", False),
    ("not before 2027-01-02", "not after 2027-01-01", True),
    ("not before 2027-01-01T10:00Z", "not after 2027-01-01T09:00Z", True),
    ("not before 2027-01-01", "not after 3 days after request", False),
]


@pytest.mark.parametrize(("opens", "closes", "empty"), WINDOWS)
def test_a_window_is_called_empty_only_where_it_is_so_whatever_the_dates(opens: str, closes: str, empty: bool):
    problems = errors(found(step("by members", opens, closes)))
    assert [told(problem) for problem in problems] == ([("PD501", closes.removeprefix("not after "))] if empty else [])


FAULTS = [
    (step("by members", "not after 3 days after answer"), "PD502", "answer"),
    (vote("count of favour > count of against", "none", "silence means adopted"), "PD503", "adopted"),
    (step("by members", "not after 3 days after request", "silence means adopted"), "PD504", "adopted"),
    (vote("count of favour > 1", "5"), "PD506", "5"),
    (vote("count of favour > 1", "120% of count of voters"), "PD506", "120% of count of voters"),
    (vote("count of favour >= 5"), "PD507", "count of favour >= 5"),
    (vote("count of favour > count of voters"), "PD507", "count of favour > count of voters"),
    (
        vote("count of favour >= 3 and count of against >= 2"),
        "PD507",
        "count of favour >= 3 and count of against >= 2",
    ),
    (vote("count of favour >= 2/3"), "PD303", "2/3"),
    (vote("count of favour >= 1", "50%"), "PD303", "50%"),
    (step("by members except ALB", "quorum 4", "adopted when count of favour >= 1"), "PD506", "4"),
    (step("by members", "every 0 months after 2026-01-01"), "PD508", "0 months"),
    (step("by members", "every 12 after 2026-01-01"), "PD318", "12"),
    (
        duty("binds members", "when request", "not after 3 days before request", "kept when answer of member"),
        "PD509",
        "3 days before request",
    ),
    (duty("binds members", "when request"), "PD513", "to_answer"),
    (duty("when request", "kept when answer of member"), "PD514", "to_answer"),
    (duty("binds members", "when request", "not after 5 after request", "kept when answer of member"), "PD318", "5"),
    (step("by members", "once each", "repeated"), "PD512", "answer"),
    (step("by members", "quorum none", "failing which request"), "PD526", "failing which request"),
    (step("quorum none", "adopted when count of favour >= 1"), "PD528", "answer"),
    (step("on 3 days after request", "once count of request >= 3"), "PD529", "once count of request >= 3"),
    (step("by members", "requires population > 3 persons"), "PD311", "population > 3 persons"),
    (fund("level 5 km"), "PD329", "5 km"),
    (fund("level 5_000 USD", "fed by dues, due 30 days"), "PD306", "30 days"),
    (fund("level 5_000 EUR", "fed by dues, due call"), "PD329", "dues"),
    (reservation("by ALB", "to allowance : 50 USD"), "PD522", "allowance"),
    (reservation("by ALB", "to surcharge : 50 USD", permitted="none"), "PD522", "surcharge"),
    (reservation("by ALB", "to surcharge : 50 persons"), "PD329", "50 persons"),
    (reservation("by DEU", "to surcharge : 50 USD"), "PD523", "DEU"),
    (reservation("by ALB from 2030-01-01 until 2029-01-01", "to surcharge : 50 USD"), "PD403", "2029-01-01"),
    (reservation("to surcharge : 50 USD"), "PD525", "of_albania"),
    (reservation("by ALB"), "PD525", "of_albania"),
    ('parameter p "P" = 5 USD\ndefine r "R" = p\ntransitional old "Old"\n  keeps p', "PD520", "old"),
    (
        'parameter p "P" = 5 USD\ndefine r "R" = p\ntransitional old "Old"\n  for cases opened before 2027-01-01',
        "PD521",
        "old",
    ),
]


@pytest.mark.parametrize(("body", "code", "underlined"), FAULTS)
def test_a_fault_is_underlined_where_it_stands(body: str, code: str, underlined: str):
    assert [told(problem) for problem in errors(found(body, SEATS))] == [(code, underlined)]


ADVICE = [
    (step("by members", "adopted when count of favour >= 1"), "PD505", "answer"),
    (REQUEST + '  step answer "Answer"', "PD511", "answer"),
    (fund("reserves 5% for needy") + '\nset needy "Needy"', "PD515", "reserve"),
    (fund("fed by dues", "suspends late after 90 days") + '\ndefine r "R" = count of late', "PD516", "fed by dues"),
]


@pytest.mark.parametrize(("body", "code", "underlined"), ADVICE)
def test_advice_stands_where_it_belongs(body: str, code: str, underlined: str):
    assert [told(problem) for problem in found(body, SEATS)] == [(code, underlined)]


SOUND = [
    vote("count of favour >= 2/3 of count of voting", "2/3 of count of voters"),
    vote("count of favour >= 4", "4"),
    vote("sum of population over favour / sum of population over voters >= 65%"),
    vote("count of against = 0", "none", "failing which count of favour >= 3", "not after 5 days after request"),
    step(
        "by members",
        "quorum none",
        "not after 5 days after request",
        "adopted when count of against = 0",
        "silence means adopted",
    ),
    vote("count of against = 0") + '\n  step again "Again" as answer\ndefine r "R" = again is adopted',
    duty("binds members", "when request", "not after 5 days after request", "kept when answer of member"),
    fund("level 5_000 USD", "fed by dues, due 30 days after call", "suspends late after 90 days")
    + '\ndefine r "R" = balance of reserve + sum of arrears of reserve + paid of reserve + 5 USD * count of late',
    reservation("by ALB from 2027-01-01", "to surcharge : 50 USD"),
    step("by members", "every 12 months after 2026-01-01"),
]


@pytest.mark.parametrize("body", SOUND)
def test_what_is_sound_gives_nothing(body: str):
    assert [(told(problem), problem.params) for problem in found(body, SEATS)] == []


def test_a_fixed_quorum_is_no_fault_where_a_case_says_who_is_a_member():
    assert errors(found(vote("count of favour >= 15", "20"))) == []


def test_months_need_a_regime():
    text = HEADER.replace("  periods plain\n", "") + article(step("by members", "not after 1 month after request"))
    assert [told(problem) for problem in checked(text).problems] == [("PD517", "1 month")]
    days = HEADER.replace("  periods plain\n", "") + article(step("by members", "not after 5 days after request"))
    assert checked(days).problems == ()
