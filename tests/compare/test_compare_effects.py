"""What the changes between two policies do to cases: to whom, by how much, and which change does it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from changing import between, checked, edited, opened

from policy_dsl.cases.read import read_case
from policy_dsl.compare.effects import Supplied, study
from policy_dsl.compare.effects.mixing import Mixing
from policy_dsl.compare.effects.outcome import outcome
from policy_dsl.compare.effects.solving import Solver
from policy_dsl.compare.effects.switching import groups
from policy_dsl.evaluate import decide
from policy_dsl.pipeline import compare_policies, open_file
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

KEY = ("2/3 : share of population\n    1/3 : share of area", "1/2 : share of population\n    1/2 : share of area")
LAKE_CASE = "docs/example/lake.yaml"
SHORES = "policies/lake_group/cases/two_shores_2026.yaml"
KOSOVO = "policies/model_rules/cases/kosovo_1999.yaml"
TOGO = "policies/model_rules/cases/togo_1993.yaml"


def supplied(path, text=None):
    from changing import ROOT

    of = open_file(str(ROOT / path), None if text is None else text.encode())
    return Supplied(path, lambda policy, besides: read_case(of.source, policy.program, of.load, None, besides))


def studied(policy, edits, *cases, made=False, most=300):
    found = between(opened(policy), edited(policy, *edits))
    return found, study(
        found, [each if isinstance(each, Supplied) else supplied(each) for each in cases], most, generated=made
    )


def effects(case, kind=None):
    return {each.key: each for each in case.effects if kind is None or each.kind == kind}


# ---- whom, by how much, and why ------------------------------------------------------------------------------------


def test_a_key_that_changes_moves_places_and_nothing_else():
    found, made = studied("LAKE", [KEY], LAKE_CASE)
    (case,) = made.cases
    assert len(made.groups) == 1
    assert {switch[:3] for switch in made.groups[0]} == {("row", "size", "parts")}
    moved = {key[3]: (each.before.value.amount, each.after.value.amount) for key, each in effects(case).items()}
    assert moved == {"BDI": (9490, 7734), "RWA": (10124, 8186), "TZA": (70386, 74080)}
    assert sum(each.difference.amount for each in case.effects) == 0
    assert {(each.due, each.how) for each in case.effects} == {((0,), "alone")}
    assert len(found.found) == 2


def test_halves_of_one_change_are_switched_together_and_others_alone():
    edits = [KEY, ("total    arrivals", "total    arrivals - 9_000 persons"), ("<= 1%", "<= 2%")]
    found = between(opened("LAKE"), edited("LAKE", *edits))
    assert groups(Mixing(found)) == (
        (("row", "size", "parts", "0"), ("row", "size", "parts", "1")),
        (("field", "places", "total"),),
        (("field", "bearable", "promise"),),
    )


def test_two_changes_that_act_together_are_told_so():
    # Half of another part: what both do is not the sum of what each does.
    _, made = studied("LAKE", [KEY, ("total    arrivals", "total    arrivals / 2")], LAKE_CASE)
    (case,) = made.cases
    tza = effects(case)["share", "places", "", "TZA"]
    assert (tza.before.value.amount, tza.after.value.amount) == (70386, 37040)
    assert (tza.due, tza.how) == ((0, 1), "together")


def test_two_changes_that_add_up_are_told_so():
    edits = [("total    sum of cost_borne + set_aside", "total    sum of cost_borne + set_aside + 1_000_000 USD")]
    edits += [('"Return and reintegration" = 50 USD', '"Return and reintegration" = 60 USD')]
    _, made = studied("MODEL", edits, TOGO)
    (case,) = made.cases
    closing = effects(case)["closing", "preparedness"]
    assert closing.how in ("sum", "alone")
    paid = [each for each in case.effects if each.key[:2] == ("share", "contributions")]
    assert paid
    assert any(each.due == (0, 1) for each in paid)


def test_each_effect_names_its_own_change_and_no_other():
    edits = [("1.5% of population", "1% of population"), ("not after 24 hours after", "not after 12 hours after")]
    _, made = studied("GROUP", edits, SHORES, made=True)
    assert made.groups == ((("field", "to_notify", "not_after"),), (("field", "room", "value"),))
    due = {(each.key[0], each.key[1], each.due) for case in made.cases for each in case.effects}
    assert {each for each in due if each[1] == "to_notify"} == {("duty", "to_notify", (0,))}
    assert {each[2] for each in due if each[1] in ("protection", "contributions")} == {(1,)}


def test_in_the_model_rules_a_lower_ceiling_sends_more_abroad():
    _, made = studied("MODEL", [("max(2% of population", "max(1% of population")], KOSOVO)
    (case,) = made.cases
    moved = {
        key[3]: each.difference.amount for key, each in effects(case).items() if key[:2] == ("share", "protection")
    }
    assert moved["ALB"] == 31087 - 62175
    assert moved["AUT"] > 0
    assert sum(moved.values()) == 0
    assert {each.due for each in case.effects} == {(0,)}


# ---- decided and undecided -----------------------------------------------------------------------------------------


def test_what_was_decided_and_is_undecided_is_a_loss():
    edit = ("between 5% and 15%, otherwise 10%", "between 5% and 15%")
    _, made = studied("MODEL", [edit], TOGO)
    (case,) = made.cases
    lost = effects(case, "lost")
    assert lost["share", "protection", "", "BEN"].after.value is None
    assert not effects(case, "gained")
    # The other way round it is a gain, and no loss.
    old, new = edited("MODEL", edit), opened("MODEL")
    back = study(between(old, new), [supplied(TOGO)], generated=False)
    assert set(effects(back.cases[0], "gained")) == set(lost)
    assert not effects(back.cases[0], "lost")


def test_a_tie_that_no_rule_settles_any_more_is_a_loss():
    text = (
        "case: Two alike\npolicy: lake\nat: 2026-08-01\nmembers:\n  core: [BDI, RWA]\nfacts:\n  arrivals: 3 persons\n"
    )
    text += "  population: {unit: persons, BDI: 10_000, RWA: 12_000}\n  area: {unit: km2, BDI: 12, RWA: 10}\n"
    even = ("2/3 : share of population\n    1/3 : share of area", "1/2 : share of population\n    1/2 : share of area")
    old = edited("LAKE", even)
    new = edited("LAKE", even, ("    ties     by population\n", ""))
    made = study(between(old, new), [supplied(LAKE_CASE, text)], generated=False)
    (case,) = made.cases
    assert {each.kind for each in case.effects} == {"lost"}
    assert {each.key[3] for each in case.effects if each.key[0] == "share"} == {"BDI", "RWA"}


def test_grounds_that_change_are_told_where_the_figures_do_not():
    old = opened("LAKE")
    new = edited(
        "LAKE",
        ("  (2) > No member", "  (2) > A half is a half.\n  define half = arrivals\n  (3) > No member"),
        ("total    arrivals", "total    half"),
    )
    made = study(between(old, new), [supplied(LAKE_CASE)], generated=False)
    (case,) = made.cases
    assert {each.kind for each in case.effects} == {"grounds"}
    (one, *_) = case.effects
    assert {str(each) for each in one.after.grounds - one.before.grounds} == {"Art. 1(2)"}
    assert made.groups == ((("field", "places", "total"), ("item", "half")),)


def test_steps_and_duties_that_come_out_otherwise_are_told():
    edit = ("not after 72 hours after request\n    step att", "not after 24 hours after request\n    step att")
    _, made = studied("MODEL", [edit], TOGO)
    found = effects(made.cases[0])
    assert (found["step", "meeting"].before.value, found["step", "meeting"].after.value) == ("met", "refused")
    assert found["event", "meeting", "1"].after.value == "refused"
    assert found["latest", "meeting"].kind == "changed"
    assert found["received", "preparedness", "BEN"].kind == "gone"


# ---- cases at the edges --------------------------------------------------------------------------------------------


def test_the_edges_of_both_texts_show_what_the_library_does_not():
    _, made = studied("GROUP", [("not after 24 hours after", "not after 12 hours after")], SHORES, made=True)
    assert not made.cases[0].effects
    shown = {case.edge.sort: case for case in made.cases if case.effects}
    assert {"last", "late"} <= set(shown)
    case = shown["last"]
    assert case.edge.name == "notice"
    assert [(each.key, each.before.value, each.after.value) for each in case.effects] == [
        (("duty", "to_notify", case.edge.member), "kept", "breached")
    ]


def test_a_threshold_is_tried_one_step_below_at_and_above():
    _, made = studied("MODEL", [("at least 5\n", "at least 6\n")], KOSOVO, made=True)
    tried = {
        (case.edge.sort, case.edge.value.amount)
        for case in made.cases
        if case.edge is not None and case.edge.name == "security" and case.edge.value is not None
    }
    assert {("below", 4), ("at", 5), ("above", 6), ("below", 5), ("at", 6), ("above", 7)} <= tried
    at_five = next(case for case in made.cases if case.edge and case.edge.slug.endswith("at_5"))
    assert any(each.key[:2] == ("share", "protection") for each in at_five.effects)


def test_the_figure_is_found_at_which_a_promise_begins_to_fail():
    new = edited("LAKE", ("<= 1%", "<= 2%"))
    made = study(between(opened("LAKE"), new), [supplied(LAKE_CASE)])
    stated = [case for case in made.cases if case.edge is not None and case.edge.name == "arrivals"]
    tried = {(case.edge.sort, int(case.edge.value.amount)): case for case in stated}
    assert sorted(tried) == [("above", 805554), ("above", 1611106), ("below", 805553), ("below", 1611105)]
    for place, low, high in ((0, 805553, 805554), (1, 1611105, 1611106)):
        kept = [
            outcome(tried[key].decisions[place])["promise", "bearable"].value
            for key in (("below", low), ("above", high))
        ]
        assert kept == ["holds", "fails"]
    assert {key for key in tried if tried[key].effects} == {("above", 805554), ("below", 1611105)}


@pytest.mark.parametrize(
    ("formula", "target", "fact", "value"),
    [
        ("gnp / population", "10 USD per person per year", "gnp", Fraction(100)),
        ("population - hosted", "4 persons", "population", Fraction(7)),
        ("hosted + population", "12 persons", "hosted", Fraction(2)),
        ("2 * hosted", "8 persons", "hosted", Fraction(4)),
        ("hosted * 3", "9 persons", "hosted", Fraction(3)),
    ],
)
def test_facts_are_found_that_bring_a_formula_to_a_figure(formula, target, fact, value):
    policy = checked(
        opened(
            "solved",
            'policy t "T"\n  language 1\n  version "1"\n  authority "x"\n  in force from 2026-01-01\n  currency USD\n\n'
            'article 1 "A"\n  > Words.\n  tier core "Core"\n    AUT\n  indicators for each member\n'
            "    population : persons\n    hosted : persons\n    gnp : USD per year\n"
            f'  guarantee g : greatest of ({formula}) >= {target}\n  define v "V" for each member = {formula}\n'
            '  define all_facts "All" for each member = (hosted + population) * gnp\n',
        )
    )
    text = "case: T\npolicy: t\nat: 2026-02-01\nfacts:\n  population: {unit: persons, AUT: 10}\n"
    text += "  hosted: {unit: persons, AUT: 3}\n  gnp: {unit: USD per year, AUT: 500}\n"
    case = supplied(LAKE_CASE, text).read(policy, frozenset()).case
    promise = policy.program.entries["g"].node.promise
    about, figure = policy.program.entries["v"].node.value, promise.right
    from policy_dsl.cases.figures import quantity_of

    solved, found = Solver(policy.program, case).solve(about, quantity_of(figure), "AUT")
    assert (solved.indicator, solved.member, found.amount) == (fact, "AUT", value)


def test_the_cases_that_were_made_can_be_decided_again():
    old, new = opened("LAKE"), edited("LAKE", KEY)
    from changing import ROOT

    both = ((old, checked(old)), (new, checked(new)))
    made = compare_policies(*both, [open_file(str(ROOT / LAKE_CASE))])
    assert made.cases()
    for name, text in made.cases().items():
        read = supplied(LAKE_CASE, text).read(both[1][1], frozenset())
        assert read.case is not None, name
        again = outcome(decide(both[1][1], read.case))
        studied_ = next(each for each in made.study.cases if each.name == name)
        before = outcome(studied_.decisions[1])
        assert {key: each.value for key, each in again.items()} == {key: each.value for key, each in before.items()}


# ---- bounds and honesty --------------------------------------------------------------------------------------------


def test_with_too_few_decisions_it_is_told_what_was_left():
    _, made = studied("LAKE", [KEY], LAKE_CASE, LAKE_CASE, LAKE_CASE, most=2)
    assert (len(made.cases), made.left) == (1, 2)
    _, made = studied("LAKE", [KEY, ("total    arrivals", "total    arrivals / 2")], LAKE_CASE, most=3)
    assert (made.loose, made.cases[0].attributed) == (1, False)


def test_a_case_that_fits_one_text_alone_is_told_and_not_compared():
    edit = (
        '    arrivals : persons "Persons who have arrived"',
        '    arrivals : persons "Persons who have arrived"\n    crisis : yes or no "Crisis"',
    )
    use = ("total    arrivals", "total    if crisis then arrivals else 0 persons")
    _, made = studied("LAKE", [edit, use], LAKE_CASE)
    (case,) = made.cases
    # A fact that is lacking is no fault of the case: what rests on it is undecided.
    assert case.effects or case.wrong == "new"
    gone = supplied(LAKE_CASE, "case: X\npolicy: lake\nat: 2026-08-01\nfacts:\n  arrivals: 10 USD\n")
    _, made = studied("LAKE", [KEY], gone)
    assert (made.cases[0].wrong, made.cases[0].effects) == ("both", ())
    assert made.cases[0].unread


def test_facts_that_only_one_text_asks_for_are_passed_over_under_the_other():
    _, made = studied(
        "MODEL",
        [
            ('    root_causes   : USD          "Spent on the causes of flight", missing means 0 USD\n', ""),
            *[
                (f'  guarantee {name} "{title}" : {of} independent of root_causes\n', "")
                for name, title, of in (
                    ("no_discount_in_places", "Causes: no discount in places", "protection"),
                    ("no_discount_in_homes", "Causes: no discount in homes", "resettlement"),
                    ("no_discount_in_money", "Causes: no discount in money", "contributions"),
                )
            ],
        ],
        KOSOVO,
    )
    (case,) = made.cases
    assert not case.unread
    assert {each.key[0] for each in case.effects} == {"promise"}
    assert {each.kind for each in case.effects} == {"gone"}


# ---- mixing --------------------------------------------------------------------------------------------------------

CEILING = ("max(2% of population", "max(1% of population")
WEIGHTS = ("50% : share of population\n    20%", "40% : share of population\n    30%")
EXCEPTION = ("    except where member is origin : 0 persons\n", "")
LARGEST = ("    at most  25% of total\n", "    at most  20% of total\n")
TIES = ("    ties     by lot", "    ties     by gnp")
NOTICE = ("24 hours after first", "12 hours after first")
PARAGRAPH = ("(2) > No member takes more", "(3) > No member takes more")
NUMBER = ("article 1 ", "article 4 bis ")
MIXED = [
    ("MODEL", KOSOVO, [CEILING, WEIGHTS]),
    ("MODEL", TOGO, [EXCEPTION, LARGEST]),
    ("GROUP", SHORES, [TIES, NOTICE]),
    ("LAKE", LAKE_CASE, [KEY, PARAGRAPH, NUMBER]),
]


@pytest.mark.parametrize(("policy", "path", "edits"), MIXED, ids=lambda value: str(value)[:30])
def test_with_no_change_it_is_the_old_policy_and_with_all_the_new_one(policy, path, edits):
    old, new = opened(policy), edited(policy, *edits)
    found = between(old, new)
    mixing = Mixing(found)
    for chosen, whole in (((), old), (mixing.switches, new)):
        mixed, program = mixing.mixed(chosen), checked(whole)
        assert mixed is not None
        case = supplied(path).read(program, frozenset()).case
        one, other = outcome(decide(mixed, case)), outcome(decide(program, case))
        assert {key: each.value for key, each in one.items()} == {key: each.value for key, each in other.items()}


def test_what_is_mixed_takes_from_each_text_what_is_chosen():
    found = between(opened("LAKE"), edited("LAKE", KEY, ("total    arrivals", "total    arrivals / 2")))
    mixing = Mixing(found)
    program = mixing.mixed([("field", "places", "total")]).program
    assert isinstance(program.entries["places"].node.total.expr, tree.Binary)
    assert [part.weight.value for part in program.entries["size"].node.parts] == [Fraction(2, 3), Fraction(1, 3)]
    assert mixing.mixed([("row", "size", "parts", "0")]) is None


def test_renamed_provisions_and_renumbered_articles_have_no_effect():
    text = opened("LAKE").source.text.replace("size", "measure").replace("article 1 ", "article 2 ")
    found = between(opened("LAKE"), opened("LAKE", text))
    made = study(found, [supplied(LAKE_CASE)], generated=False)
    assert len(found.found) == 2
    assert made.groups == ()
    assert made.cases == ()


def test_amounts_are_exact():
    _, made = studied("LAKE", [KEY], LAKE_CASE)
    assert all(isinstance(each.before.value, Quantity) for each in made.cases[0].effects)
    assert all(isinstance(each.difference.amount, Fraction) for each in made.cases[0].effects)
