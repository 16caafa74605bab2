"""Answers to why and why not, from decisions."""

import pytest

from policy_dsl.explain import argue
from policy_dsl.explain.lookup import find
from policy_dsl.render import explain, numbers


def told(decision, what, level="reasoned", why_not=False) -> str:
    return explain(decision, what, level, why_not).text().replace(numbers.THIN, " ").replace(numbers.HARD, " ")


def test_a_share_is_explained_in_the_order_of_the_work(spring):
    text = told(spring, "protection of MKD")
    said = [
        "MKD receives 4 000 persons under Responsibility to protect (Art. 7).",
        "It stands in band 2 of 2. The band before it (ALB) took 5 000 persons; left for its own: 6 000 persons.",
        "the score of MKD is ≈ 70.6667%, against 84% in the band before it (Art. 6).",
        "It is held at its ceiling, Places of MKD (4 000 persons) (Art. 7).",
    ]
    places = [text.index(each) for each in said]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("protection of BIH", "Physical security of BIH (4) would have to be at least 5 (Art. 6)."),
        ("protection of SRB", "SRB is left out: Country of origin (SRB) (Art. 7)."),
        ("contributions of ALB", "ALB would have to be one of these: DEU, FRA and TUR (Art. 10)."),
        ("contributions of DEU", "It is held at its ceiling, USD 3 900 000"),
        ("contributions of DEU", "What it already bears counts against its due: Cost borne of DEU (USD 2 076 100)"),
        ("resettlement of FRA", "FRA has its whole part under Special-needs resettlement"),
        ("to_attend of SRB", "Seat taken at the meeting would have to take place; the record does not show it."),
        ("decision", "It would have to be not later than 18 March 2026 (Art. 3)."),
        ("ITA", "Pledge of good faith would have to take place; the record does not show it."),
    ],
)
def test_why_not_names_what_failed_and_what_would_have_to_be_different(spring, what, said):
    assert said in told(spring, what, why_not=True)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("places of AUT", ["In default would have to be “no” for AUT, and is “yes” (Art. 1(1))."]),
        (
            "places of DEU",
            [
                "One of the following would be enough.",
                "Population of DEU (9 000 persons) would have to be at most 5 000 persons.",
                "Trusted would have to be “no” for DEU, and is “yes” (Art. 1(2)).",
            ],
        ),
        (
            "places of FRA",
            [
                "Places has nothing for FRA (Art. 2(1)), which holds no seat.",
                "FRA has no seat (Members, Art. 1(1)): a condition of membership is not met.",
                "At war would have to be “no” for FRA, and is “yes” (Art. 1(1)).",
            ],
        ),
        ("to_pay of GBR", ["To pay what was pledged has nothing for GBR", "none of these: Barred States (GBR)."]),
        ("places of ESP", ["ESP holds no seat: it is listed in none of the tiers, Members."]),
        ("ESP", ["ESP holds no seat: it is listed in none of the tiers, Members."]),
        ("to_be_inspected of BEL", ["Inspected would have to be “yes” for BEL, and is “no” (Art. 1(1))."]),
        (
            "to_be_inspected of DEU",
            ["Whether it holds is not determined: the fact “Inspected” was not supplied for DEU (Art. 1(1))."],
        ),
        (
            "trusted of AUT",
            [
                "The exception to Trusted (Art. 1(2)) applied to AUT.",
                "In default is “yes” for AUT (Art. 1(1)).",
                "The exception to Trusted (Art. 1(2)) did not apply to AUT.",
                "Population of AUT (900 persons) would have to be less than 100 persons.",
            ],
        ),
    ],
)
def test_conditions_turned_around_are_told_with_what_is_not(turned, what, said):
    text = told(turned, what, why_not=True)
    places = [text.index(each) for each in said]
    assert places == sorted(places)


def test_a_state_of_no_code_is_not_taken_for_one_without_a_seat(turned):
    assert not explain(turned, "places of XYZ").found


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("protection of MKD", "It is held at its ceiling, Places of MKD (4 000 persons) (Art. 7)."),
        ("contributions of DEU", "It is held at its ceiling, USD 3 900 000"),
        ("protection of SRB", "SRB is left out: Country of origin (SRB) (Art. 7)."),
    ],
)
def test_the_brief_answer_tells_what_decided(spring, what, said):
    assert said in told(spring, what, "brief")


def test_the_stages_of_a_share_are_told_one_after_the_other(spring):
    text = told(spring, "contributions of TUR")
    stages = (
        "Its weight, USD 3 530 000 000 per year",
        "By its weight alone it would have ≈ USD 2 270 845.36.",
        "As others are held at limits, more falls to it.",
        "It is held at its ceiling, USD 3 900 000 (25% of USD 15 600 000) (Art. 10).",
        "What it already bears counts against its due: Cost borne of TUR (USD 266 500).",
        "Left of its due: USD 3 633 500.",
    )
    places = [text.index(each) for each in stages]
    assert places == sorted(places)


def test_a_ledger_says_which_of_its_figures_is_read(turned):
    text = told(turned, "to_pay of NLD")
    assert "What NLD has paid to Common chest: USD 200" in text
    assert "What NLD has pledged to Common chest: USD 500" in text


def test_a_sharing_at_least_cost_tells_costs_full_places_and_what_one_more_would_save(placed):
    text = told(placed, "placement of XLA of farmers")
    said = [
        "XLA receives 5 000 persons under Persons placed (Art. 2(2)-(3)).",
        "For a placement with it counts: Cost relative to national income of XLA, cohort “Farmers”",
        "Every place with it is taken: Places for all cohorts together of XLA (5 000 persons)",
        "The drafters’ reason: “The places of a State are one limit for all cohorts together.”",
        "One more place with it would lower the cost of all placements by ≈ 0.0000000067 years.",
    ]
    places = [text.index(each) for each in said]
    assert places == sorted(places)
    assert "of the weights" not in text
    assert "placed elsewhere" in told(placed, "placement of XLC of farmers", why_not=True)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("room of ALB", "Places of ALB: 5 000 persons (Art. 7)"),
        ("Places of ALB", "Places of ALB: 5 000 persons (Art. 7)"),
        ("RESPONSIBILITY TO PROTECT of alb", "ALB receives 5 000 persons"),
        ("Special-needs resettlement of DEU", "DEU receives 454 persons"),
        ("contributions", "Contributions: USD 15 600 000 to be shared out (Art. 10)"),
        ("latest of decision", "Response: not after 18 March 2026 (Art. 3)"),
        ("decision", "Failing this, the second majority was reached."),
        ("to_attend of SRB", "SRB has not kept its duty: Attend the meeting (Art. 3)."),
        ("everyone_is_protected", "Everyone is protected: holds (Art. 9)."),
        ("parallel_duties", "holds in every case, as proved from the text (Art. 9)."),
        ("preparedness", "Fund of preparedness: the balance was USD 12 000 000.50 (Art. 11)."),
        ("balance of preparedness", "USD 12 000 000.50"),
        ("unit_cost", "USD 1 300 per person per year, in force since 1 January 2026"),
        ("population of ALB", "Population of ALB: 300 000 persons"),
        ("security of BIH", "Physical security of BIH: 4"),
        ("physical_security of ALB", "84%"),
        ("inner_core", "Inner core: ALB, BIH, MKD and SRB (Art. 1)"),
        ("ALB", "ALB holds a seat: Inner core."),
    ],
)
def test_questions_find_what_they_are_about(spring, what, said):
    assert said in told(spring, what)


@pytest.mark.parametrize(
    ("what", "near"),
    [
        ("protectoin of ALB", "protection of ALB"),
        ("protection of AL", "protection of ALB"),
        ("decison", "decision"),
        ("contribution of DEU", "contributions of DEU"),
    ],
)
def test_who_asks_for_something_unknown_is_told_the_nearest(spring, what, near):
    answer = explain(spring, what)
    assert not answer.found
    assert near in answer.nearest
    assert near in answer.text()


def test_levels_tell_more_and_more(spring):
    sizes = [len(explain(spring, "protection of DEU", level).lines) for level in ("brief", "reasoned", "full")]
    assert sizes == sorted(set(sizes))


def test_an_unknown_level_is_refused(spring):
    with pytest.raises(ValueError, match="loud"):
        explain(spring, "decision", "loud")


def test_every_value_of_a_decision_can_be_asked_for(spring, emergency):
    for decision in (spring, emergency):
        for name, subject in decision.values:
            assert find(decision, " of ".join([name, *reversed(subject)])).known


def test_a_decision_gives_reasons_for_every_member_and_what_is_open(spring):
    argument = argue(spring)
    assert [each.member for each in argument.members] == sorted({*spring.members, "ITA"})
    assert all(each.shares for each in argument.members if each.member in spring.members)
    assert [each.says for each in argument.open_points] == ["open.residue"]


def test_text_in_an_explanation_is_safe_to_print(hostile):
    text = explain(hostile, "arrivals").text()
    assert "\u202e" not in text
    assert "\x07" not in text
    assert "[U+202E]" in text
