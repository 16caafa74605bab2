"""Each fault: its code, the words underlined, and what would mend it."""

import pytest
from resolving import FACTS, resolved, told

from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

STEPS = """
article 2 "Council"
  participant chair "Chair"
    may convene
  procedure council
    step request "Request"
      by members or chair
      records topic : text
    step decision "Decision"
      by members
      quorum none
      adopted when count of favour > count of against
"""

# text after the facts; the code; what is underlined; what stands in the mend
NAMES = [
    ('  define d "D" for each member = populaton / 2\n', "PD201", "populaton", "`population`"),
    ('  define d "D" for each member = POPULATION / 2\n', None, "", ""),
    ('  define d "D" for each member = zebra / 2\n', "PD201", "zebra", ""),
    ('  define d "D" = populations of ALB\n', "PD201", "populations", "`population`"),
    ('  define d "D" = sum of popultion over members\n', "PD201", "popultion", "`population`"),
    ('  define d "D" = sum of population over membres\n', "PD201", "membres", "`members`"),
    ('  define d "D" for each member = maxi(population, 1 person)\n', "PD203", "maxi", "`max`"),
    ('  define d "D" for each member = population if\n', None, "", ""),
    ('  define d "D" = total\n', "PD206", "total", ""),
    ('  define d "D" = actor\n', "PD206", "actor", ""),
    ('  define d "D" = balance of population\n', "PD206", "balance", ""),
    ('  define member "D" = 1\n', "PD209", "member", ""),
    ('  define population "D" = 1\n', "PD208", "population", ""),
    ('  define level "D" = 1\n', "PD210", "level", ""),
    ('  define d "D" for each state = 1\n', "PD217", "state", ""),
    ("  guarantee g : crowd independent of popul\n", "PD201", "popul", "`population`"),
    ('  apportion a "A"\n    total 5 persons\n    among members\n    in bands of crowd\n', "PD204", "crowd", ""),
    ('  apportion a "A"\n    total 5 persons\n    among crowds\n', "PD201", "crowds", "`crowd`"),
    ('  parameter p "P" = left to crowd between 1 and 2\n  define d "D" = p\n', "PD204", "crowd", ""),
    ('  fund f "F"\n    fed by crowd\n', "PD204", "crowd", ""),
    ('  fund f "F"\n    pays participating\n', "PD204", "participating", ""),
    ('  fund f "F"\n    suspends crowd after 3 days\n', "PD204", "crowd", ""),
    ('  fund f "F"\n    reserves 5% for crowd\n', "PD204", "crowd", ""),
    ('  fund f "F"\n    level 5 USD\n  define d "D" = f\n', "PD205", "f", "balance of f"),
    ('  fund f "F"\n    level 5 USD\n  define d "D" = balanse of f\n', "PD202", "balanse", "`balance`"),
    ("  transitional t\n    keeps participatng\n    for cases opened before 2027-01-01\n", "PD201", "participatng", ""),
    ("  reservation r\n    by ALB\n    to population\n", "PD204", "population", ""),
    ("  reservations permitted to population\n", "PD204", "population", ""),
    ('  define d "D" for each member = maximum of population * 2\n', "PD201", "maximum", "`greatest of population`"),
    ('  define d "D" = minimum of population\n', "PD201", "minimum", "`least of population`"),
    ('  define d "D" = average of population\n', "PD201", "average", "`mean of population`"),
    ('  define d "D" = total of population\n', "PD201", "total", "`sum of population`"),
    ('  define d "D" = number of members\n', "PD201", "number", "`count of members`"),
    ('  define d "D" for each member = number of population\n', "PD201", "number", "`population` alone"),
    ('  define d "D" for each member = population * two-thirds\n', "PD201", "two-thirds", "write `2/3`"),
    ('  define d "D" for each member = half * population\n', "PD201", "half", "write `1/2`"),
    ('  define d "D" for each member = seven * population\n', "PD201", "seven", "write `7`"),
    ('  define d "D" for each member = forty per cent * population\n', "PD201", "forty per cent", "write `40%`"),
    ('  define d "D" for each member = 5 USD / person * population\n', "PD201", "person", "write `per person`"),
    ("  indicators for each members\n    x : km\n  guarantee g : x > 3 km\n", "PD217", "members", "`member`"),
    ('  define d "D" for each members = population\n', "PD217", "members", "`member`"),
    ('  set s "S" = crowd except participating\n  define d "D" = count of s\n', None, "", ""),
]


@pytest.mark.parametrize(("line", "code", "words", "mend"), [row for row in NAMES if row[1]])
def test_names(line: str, code: str, words: str, mend: str):
    found = resolved(FACTS + line).problems
    assert [told(problem) for problem in found] == [(code, words)]
    assert mend in found[0].mend
    assert found[0].article == "Art. 1"


# an added line of the council's article; the code; what is underlined; the mend
IN_STEPS = [
    ("    step late\n      on 3 days after topik of request\n", "PD202", "topik", "`topic`"),
    ("    step late\n      on 3 days after favor of decision\n", "PD202", "favor", "`favour`"),
    ("    step late\n      on 3 days after reqest\n", "PD201", "reqest", "`request`"),
    ("    step late\n      on 3 days after 2nd requst\n", "PD201", "requst", "`request`"),
    ("    step late\n      by crowd of ALB\n", None, "", ""),
    ("    step late\n      by members or council\n", "PD205", "council", ""),
    ("    step late\n      requires count of favour > 3\n", "PD206", "favour", ""),
    ("    step late as request\n      requires topic = subject\n", "PD201", "subject", ""),
    ("    step late as reqest\n      requires topic = topic\n", "PD201", "reqest", "`request`"),
    ("    step late as council\n", "PD204", "council", ""),
    ("    step late\n      records actor : state\n", "PD209", "actor", ""),
    ("    step late\n      records a : date, a : date\n", "PD208", "a", ""),
    (
        "    step late\n      records favour : state\n      quorum none\n      adopted when count of against = 0\n",
        "PD209",
        "favour",
        "",
    ),
    ("    step request\n      by members\n", "PD208", "request", ""),
    ("    step late\n      by members\n      silence means adoption\n", "PD217", "adoption", "`adopted`"),
    ("    step late\n      requires decision is adoptd\n", "PD201", "adoptd", "`adopted`"),
    ("    step late\n      not before 3 days after late\n", "PD245", "late", ""),
    ("    step late\n      once count of late > 3\n", "PD245", "late", ""),
    ("    step late as late\n", "PD245", "late", ""),
    ("    step late\n      on 3 days after later\n    step later\n      on 3 days after late\n", "PD245", "late", ""),
    ("    step late\n      by members\n      requires count of late < 3 and not late of actor\n", "", "", ""),
    ("    step late\n      by members\n      requires count of (request where actor is member) < 3\n", "", "", ""),
]


@pytest.mark.parametrize(("lines", "code", "words", "mend"), [row for row in IN_STEPS if row[1] is not None])
def test_names_in_steps(lines: str, code: str, words: str, mend: str):
    found = resolved(FACTS + STEPS + lines).problems
    assert [told(problem) for problem in found] == ([(code, words)] if code else [])
    assert all(mend in problem.mend for problem in found)


def test_a_word_for_a_number_that_is_a_name_stays_a_name():
    lines = '  define seven "S" = 3\n  define two "T" = 2\n  define thirds "U" = 1\n'
    lines += '  define d "D" = two - thirds + seven\n'
    assert resolved(FACTS + lines).problems == ()


@pytest.mark.parametrize(
    ("right", "written"),
    [
        ("in force from 2026-01-01", "in force from 1/7/2026"),
        ("in force from 2026-01-01", "in force: 2026-01-01"),
        ('version "1"', "version 1.0"),
        ("currency USD", "currency dollars"),
        ('article 1 "Facts"', 'Art. 1 "Facts"'),
        ('article 1 "Facts"', 'section 1 "Facts"'),
        ('article 1 "Facts"', 'article I "Facts"'),
        ('population : persons "Population"', 'Population : persons "Population"'),
        ('population : persons "Population"', 'total population : persons "Population"'),
        ('population : persons "Population"', 'population "Population", persons'),
        ('tier participating "Members"', 'tier Participating "Members"'),
    ],
)
def test_what_rests_on_a_line_that_could_not_be_read_is_not_told_again(right: str, written: str):
    from resolving import HEADER

    text = HEADER.format(more="") + FACTS + '  define d "D" = count of participating\n  example "E"\n'
    text += "    given population of ALB = 3 persons\n    expect d = 1 because Art. 1\n"
    assert right in text
    parsed = parse(Source("t.policy", text.replace(right, written)))
    assert len(parsed.problems) == 1
    assert [told(problem) for problem in resolve(parsed, lambda *_: None).problems] == []


def test_the_second_of_two_places_is_underlined_and_the_first_is_related():
    found = resolved(FACTS + '\narticle 2 "More"\n  define crowd "C" = 1\n').problems
    assert [told(problem) for problem in found] == [("PD208", "crowd")]
    assert found[0].span is not None
    assert found[0].span.begins.line > found[0].related[0].span.begins.line
    assert (found[0].article, found[0].params["where"]) == ("Art. 2", "Art. 1")


def test_each_place_of_an_unknown_name_is_said_once():
    found = resolved(FACTS + '  define d "D" for each member = abba + abba\n  define e "E" = abba\n').problems
    assert [problem.code for problem in found] == ["PD201"] * 3
    assert len({problem.span for problem in found}) == 3


def test_names_in_unreadable_blocks_are_known():
    from resolving import HEADER

    from policy_dsl.resolve import resolve
    from policy_dsl.source import Source
    from policy_dsl.syntax import parse

    text = HEADER.format(more="") + FACTS + '  define broken = = 3\n  define d "D" = broken\n  parameter unread = 4\n'
    parsed = parse(Source("t.policy", text))
    assert parsed.problems
    assert resolve(parsed, lambda path, source: None).problems == ()


HEADS = [
    ("calendar weekdays", "calendar weekday", "PD223", "weekday", "`weekdays`"),
    ("periods plain", "periods plane", "PD224", "plane", "`plain`"),
    ("periods plain", 'periods plain\n  clock "Europe/Brussel"', "PD225", '"Europe/Brussel"', "`Europe/Brussels`"),
    ("periods plain", 'periods plain\n  clock "../etc"', "PD225", '"../etc"', ""),
    ("language 1", "language 2", "PD222", "2", ""),
    ("language 1", "language 0", "PD226", "0", ""),
    ("currency USD", "currency USD\n  currency EUR", "PD221", "currency EUR", ""),
    ("  currency USD\n", "", "PD220", "t", "currency USD"),
    ("  language 1\n", "", "PD220", "t", "language 1"),
    ('  version "1"\n', "", "PD220", "t", "version"),
    ('  authority "x"\n', "", "PD220", "t", "authority"),
    ("  in force from 2026-01-01\n", "", "PD220", "t", "in force from"),
]


@pytest.mark.parametrize(("old", "new", "code", "words", "mend"), HEADS)
def test_headers(old: str, new: str, code: str, words: str, mend: str):
    from resolving import HEADER

    found = resolved(HEADER.format(more="").replace(old, new) + FACTS).problems
    assert [told(problem) for problem in found] == [(code, words)]
    assert mend in found[0].mend


ARTICLES = [
    ('article 1 "Again"\n  define d "D" = 1\n', "PD211", "1"),
    ('article 1 "Facts"\n  define crowd "Crowd" for each member = population\n', "PD212", "1"),
    ('article 2 "A"\n  define d "D" = 1\n\narticle 3 "A"\n  define d "D" = 1\n', "PD212", "3"),
    ('article 2 "A"\n  (1) > One.\n  define d "D" = 1\n  (1) > Two.\n  define e "E" = 1\n', "PD213", "(1)"),
    ('article 2 "A"\n  (2) > One.\n  define d "D" = 1\n  (1) > Two.\n  define e "E" = 1\n', "PD214", "(1)"),
    ('part II "B"\n\npart I "A"\n\narticle 2 "A"\n  define d "D" = 1\n', "PD215", "I"),
    ('part II "B"\n\npart II "A"\n\narticle 2 "A"\n  define d "D" = 1\n', "PD215", "II"),
    ('article 2 "A"\n  define d "D" = 1 notwithstanding Art. 9\n', "PD216", "Art. 9"),
    ('article 2 "A"\n  define d "D" = 1 notwithstanding Art. 1(4)\n', "PD216", "Art. 1(4)"),
    ('article 2 "A"\n  define d "D" = 1 notwithstanding Art. 2\n', "PD241", "notwithstanding Art. 2"),
    (
        'article 2 "A"\n  define crowd "C" = none\n    except where 1 > 2 : 3 notwithstanding Art. 9\n',
        "PD216",
        "Art. 9",
    ),
    (
        'example "E"\n  given participating = ALB\n  expect crowd of ALB = 3 persons because Art. 1, Art. 7\n',
        "PD216",
        "Art. 7",
    ),
    ('replace article 2 "A"\n  define d "D" = 1\n', "PD232", "replace"),
    ("delete article 1\n", "PD232", "delete"),
]


@pytest.mark.parametrize(("text", "code", "words"), ARTICLES)
def test_articles(text: str, code: str, words: str):
    found = [told(problem) for problem in resolved(FACTS + "\n" + text).problems]
    assert (code, words) in found
    assert {each for each, _ in found} <= {code, "PD208"}


def test_a_paragraph_that_stands_can_be_referred_to():
    text = '\narticle 2 "A"\n  (1) > One.\n  define d "D" = 1\n  (2) > Two.\n'
    text += '  define e "E" = 1 notwithstanding Art. 2(1)\n'
    assert resolved(FACTS + text).problems == ()


RUNS = [
    ('  define d "D" for each member = share of population\n', "PD250", "share of population"),
    ('  define d "D" for each member = rank of population\n', "PD250", "rank of population"),
    ('  define d "D" for each member = rank of population over members ties by lot\n', "PD206", "lot"),
    ('  define d "D" for each member = rank of population over members ties by populatio\n', "PD201", "populatio"),
    (
        '  define d "D" for each member = rank of population ties by population\n',
        "PD250",
        "rank of population ties by population",
    ),
    ("  guarantee g : index of population >= 0%\n", "PD250", "index of population"),
    ('  define d "D" for each member = mean of population\n', "", ""),
    ('  define d "D" = least of population\n', "", ""),
    ('  define d "D" for each member = share of population over members\n', "", ""),
]
RUN = '  apportion {} "A"\n    total 5 persons\n    among members\n    by {}\n    remainder to none\n'


@pytest.mark.parametrize(("line", "code", "words"), RUNS)
def test_shares_outside_a_run(line: str, code: str, words: str):
    found = resolved(FACTS + line).problems
    assert [told(problem) for problem in found] == ([(code, words)] if code else [])


def test_a_share_in_several_runs():
    text = FACTS + "  define d for each member = share of population\n" + RUN.format("a", "d") + RUN.format("b", "d")
    found = resolved(text).problems
    assert [told(problem) for problem in found] == [("PD251", "share of population")]
    assert found[0].params["runs"] == "`a` and `b`"


def test_a_mean_in_a_run_and_outside():
    text = FACTS + "  define d for each member = population / mean of population\n" + RUN.format("a", "d")
    assert resolved(text).problems == ()
    found = resolved(text + "  guarantee g : least of d >= 0%\n").problems
    assert [told(problem) for problem in found] == [("PD251", "mean of population")]


UNUSED = [
    ("  indicators for the case\n    area : km2\n", "PD255", "area"),
    ("  parameter p = 3\n", "PD256", "p"),
    ("  define d for each member = population\n", "PD256", "d"),
    ("  define d = e\n  define e = d\n", "PD245", "d"),
    ("  define d = e\n  define e = 3\n", "PD256", "d"),
    ("  key k\n    100% : share of population\n", "PD256", "k"),
    ("  scale s on population, whole\n    otherwise : 1%\n", "PD256", "s"),
    ('  set s "Named"\n', "PD256", "s"),
    ('  set s "Result" = members where population > 3 persons\n', "", ""),
    ("  calendar c\n    weekdays\n", "PD256", "c"),
    ("  criteria c in order\n    q : population from 0 persons to 3 persons\n    similar within 3%\n", "PD256", "c"),
    ('  participant chair "Chair"\n    may speak\n', "", ""),
]


@pytest.mark.parametrize(("lines", "code", "words"), UNUSED)
def test_what_nothing_uses(lines: str, code: str, words: str):
    found = [told(problem) for problem in resolved(FACTS + lines).problems]
    assert found == ([(code, words)] if code else [])


GIVEN = [
    ("crowd of ALB = 3 persons", "PD260", "crowd"),
    ("fixed_part = 30%", "PD261", "fixed_part"),
    ("decision = 2026-03-01", "PD262", "decision"),
    ("population + 3 = 4", "PD262", "population + 3"),
    ("lot = ALB, BIH", "PD262", "lot"),
    ("paid of purse = 4 USD", "PD262", "paid of purse"),
    ("level of purse = 4 USD", "PD262", "level of purse"),
    ("populaton of ALB = 3 persons", "PD201", "populaton"),
    ("population of ALB = 3 persons", "", ""),
    ("participating = ALB", "", ""),
    ("chosen = 30%", "", ""),
    ("decision at 2026-03-01\n    favour = ALB\n    outcome = adopted", "", ""),
    ("decision at 2026-03-01\n    chosen = 30%", "", ""),
    ("decision at 2026-03-01\n    favor = ALB", "PD202", "favor"),
    ("decisions at 2026-03-01\n    favour = ALB", "PD201", "decisions"),
    ("crowd at 2026-03-01", "PD204", "crowd"),
    ("deadline at 2026-03-01", "PD260", "deadline"),
    ('3rd request at 2026-03-01 by chair\n    topic = "Snow"', "", ""),
    ("population : persons, crowd : persons\n    ALB : 3, 4", "PD260", "crowd"),
]


@pytest.mark.parametrize(("given", "code", "words"), GIVEN)
def test_what_an_example_gives(given: str, code: str, words: str):
    more = """    step deadline
      on 3 days after decision
  parameter chosen = left to decision between 20% and 40%, otherwise 30%
  parameter fixed_part = 5%
  define d "D" for each member = (chosen + fixed_part) * population
"""
    text = FACTS + STEPS + more + f'\nexample "E"\n  given {given}\n  expect d of ALB = 3 persons\n'
    assert [told(problem) for problem in resolved(text).problems] == ([(code, words)] if code else [])


def test_a_code_that_no_list_seats():
    listed = FACTS.replace('"Members"', '"Members"\n    ALB, BIH')
    line = '  define d "D" = population of ALG\n'
    found = resolved(listed + line).problems
    assert [told(problem) for problem in found] == [("PD207", "ALG")]
    assert "`ALB`" in found[0].mend
    assert resolved(FACTS + line).problems == ()


def test_a_choice_must_not_rest_on_itself():
    text = (
        FACTS
        + STEPS.replace("count of favour >", "count of favour > p +")
        + ("  parameter p = left to decision between 1 and 3, otherwise 2\n")
    )
    found = resolved(text).problems
    assert [told(problem) for problem in found] == [("PD246", "decision")]
    assert "p (Art. 2)" in found[0].params["chain"]


RESERVED = """article 2 "Rates"
  define rate "Rate" for each member = 10%
  define doubled "Doubled" for each member = 2 * rate
  define other "Other" for each member = 5%
article 3 "Declarations"
"""


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("  reservation r\n    by ALB\n    to rate : doubled\n", ["rate"]),
        ("  reservation r\n    by ALB\n    to rate : 2 * rate\n", []),
        ("  reservation r\n    by ALB\n    to doubled : rate\n", []),
        ("  reservation r\n    by ALB\n    to doubled : 50% of doubled\n", []),
        # What is replaced rests on nothing of what it rested on before.
        ("  reservation r\n    by ALB\n    to doubled : 5%\n    to rate : doubled\n", []),
        ("  reservation r\n    by ALB\n    to other : rate\n    to rate : other\n", ["other", "rate"]),
        ("  reservation r\n    by ALB\n    to other : rate\n  reservation q\n    by BEL\n    to rate : other\n", []),
        (
            "  reservation r\n    by ALB until 2026-05-31\n    to other : rate\n"
            "  reservation q\n    by ALB from 2026-06-01\n    to rate : other\n",
            [],
        ),
        (
            "  reservation r\n    by ALB until 2026-06-01\n    to other : rate\n"
            "  reservation q\n    by ALB from 2026-06-01\n    to rate : other\n",
            ["other", "rate"],
        ),
    ],
)
def test_a_reservation_must_not_rest_on_itself(lines, names):
    found = resolved(FACTS + RESERVED + lines).problems
    assert [told(problem) for problem in found] == [("PD247", name) for name in names]


def test_nobody_can_pledge_where_only_members_may():
    text = FACTS.replace('"Members"', '"Members"\n    requires pledge of member') + (
        "  procedure p\n    step pledge\n      by {}\n      once each\n"
    )
    assert resolved(text.format("states")).problems == ()
    assert [told(problem) for problem in resolved(text.format("members")).problems] == [("PD245", "pledge")]


def test_a_circle_is_told_once_with_its_chain_and_its_articles():
    text = """
article 2 "B"
  define b "B" for each member = c + 1 person

article 3 "C"
  define c "C" for each member = d + 1 person

article 4 "D"
  define d "D" for each member = b + 1 person
  define e "E" for each member = d + 1 person
"""
    found = resolved(FACTS + text).problems
    assert [told(problem) for problem in found] == [("PD245", "b")]
    assert found[0].params["chain"] == "b (Art. 2) → c (Art. 3) → d (Art. 4) → b (Art. 2)"
    assert [related.span.text for related in found[0].related] == ["c", "d"]


def test_criteria_measured_by_each_other():
    text = (
        "  criteria c in order\n    one : two from 0% to 1%\n    two : one from 0% to 1%\n    similar within 3%\n"
        '  define d "D" = count of (members where one is met)\n'
    )
    assert [told(problem) for problem in resolved(FACTS + text).problems] == [("PD245", "one")]
