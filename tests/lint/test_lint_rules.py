"""Rule by rule: what draws advice, and what is near to it and draws none."""

import pytest
from linting import FACTS, FRAGMENT, HEADER, advised, sound, told

from policy_dsl.lint import advise

FEES = """article 3 "Fees"
  > A fee is due.
"""
VOTE = """article 3 "Decision"
  > {words}
  procedure deciding
    step decision "Decision"
      by members
      quorum {quorum}
      adopted when {adopted}
"""
STEPS = """article 3 "Answers"
  > Answers are due.
  procedure answering
    step request "Request"
      by members
    step answer "Answer"
      by members
"""
DUTY = """article 3 "Reports"
  > {words}
  procedure reporting
    step report "Report"
      by members
  duty to_report "Report"
    binds members
{time}    kept when report of member
"""


def vote(quorum: str, adopted: str, words: str = "They vote.") -> str:
    return VOTE.format(quorum=quorum, adopted=adopted, words=words)


def duty(words: str, time: str = "    not after 2026-06-30\n") -> str:
    return DUTY.format(words=words, time=time)


def limits(*lines: str) -> str:
    said = "".join(f"    {line}\n" for line in lines)
    return f"""article 3 "Money"
  > Money is shared.
  apportion sums "Sums"
    total    1_000 USD
    among    members
    by       population
{said}    rounding largest_remainder to 1 USD
    ties     by population
    remainder to none
"""


def scale(base: str, *rows: str) -> str:
    said = "".join(f"    {row}\n" for row in rows)
    return f"""article 3 "Classes"
  > There are classes.
  scale class "Class" on {base}, whole
{said}  define weighted "Weighted" for each member = class * arrivals
"""


def define(value: str, *exceptions: str) -> str:
    rows = "".join(f"\n    except where {row}" for row in exceptions)
    return f'{FEES}  define rate "Rate" for each member = {value}{rows}\n'


TABLE = {
    # ---- terms ---------------------------------------------------------------------------------------------------
    "one title for two things": (FEES + '  define fee "places" for each member = places * 2\n', [("PD650", "fee")]),
    "another name for one thing": (FEES + '  define fee "Places" for each member = places\n', []),
    "a field in two kinds": (
        STEPS.replace('"Request"\n', '"Request"\n      records size : persons\n').replace(
            '"Answer"\n', '"Answer"\n      records size : USD\n'
        ),
        [("PD650", "size")],
    ),
    "a field twice in one kind": (
        STEPS.replace('"Request"\n', '"Request"\n      records size : persons\n').replace(
            '"Answer"\n', '"Answer"\n      records size : persons\n'
        ),
        [],
    ),
    "a term explained twice": (
        'article 3 "Terms"\n  (1) > “Arrival” means a person. An arrival counts.\n  (2) > “Arrival” means a day.\n'
        '  define d "D" = arrivals\n',
        [("PD650", "(2) > “Arrival” means a day.")],
    ),
    "a term defined and not used": (
        'article 3 "Terms"\n  > “Displaced” means driven from home.\n  define d "D" = arrivals\n',
        [("PD665", "> “Displaced” means driven from home.")],
    ),
    "a term defined and used": (
        'article 3 "Terms"\n  > “Displaced” means driven from home. Displaced persons count.\n'
        '  define d "D" = arrivals\n',
        [],
    ),
    "a name that is a unit": (
        FEES + '  parameter adopted = 3\n  define d "D" = adopted * arrivals\n',
        [("PD672", "adopted")],
    ),
    # ---- formulas ------------------------------------------------------------------------------------------------
    "a result in two places": (
        FEES
        + '  define one "One" for each member = places * population + 1 person * population\n'
        + '  define other "Other" for each member = places * population + 1 person * population + places * places\n',
        [("PD651", "places * population + 1 person * population")],
    ),
    "a written rate in two places": (
        FEES
        + "".join(
            f'  scale {name} "{name}" on population, whole\n    below {edge} persons : 7 USD per person\n'
            f"    otherwise : 8 USD per person\n"
            f'  define {name}_sum "Sum of {name}" for each member = {name} * places\n'
            for name, edge in (("one", 5), ("other", 6))
        ),
        [],
    ),
    "the same words of two groups are two results": (
        FEES
        + "".join(
            f"  key {name}_key\n    {part}% : average(share of population, share of places)\n"
            f"    {100 - part}% : share of places\n"
            f'  apportion {name} "{name}"\n    total 100%\n    among {group}\n    by {name}_key\n'
            for name, group, part in (("all", "members", 40), ("some", "members where security > 3", 60))
        ),
        [],
    ),
    # ---- thresholds ----------------------------------------------------------------------------------------------
    "at the upper bound": (define("10%", "security >= 10 : 20%"), [("PD654", "security >= 10")]),
    "at the lower bound": (define("10%", "security <= 0 : 20%"), [("PD654", "security <= 0")]),
    "inside the bounds": (define("10%", "security >= 9 : 20%"), []),
    "a bracket below what can be": (
        scale("security", "below 0 : 3", "below 5 : 2", "otherwise : 1"),
        [("PD655", "below 0 : 3")],
    ),
    "a bracket above what can be": (
        scale("security", "below 5 : 3", "up to 10 : 2", "otherwise : 1").replace("below 5", "up to 5"),
        [("PD655", "otherwise : 1")],
    ),
    "brackets that reach the bound": (scale("security", "below 5 : 3", "below 10 : 2", "otherwise : 1"), []),
    "brackets of what has no bounds": (scale("population", "below 5 persons : 3", "otherwise : 1"), []),
    "edges up and down": (
        scale("population", "below 5 persons : 3", "up to 9 persons : 2", "otherwise : 1"),
        [("PD676", "up to 9 persons : 2")],
    ),
    "neither side has the edge": (
        define("10%", "population < 10 persons : 20%", "population > 10 persons : 30%"),
        [("PD676", "population > 10 persons")],
    ),
    "one side has the edge": (define("10%", "population < 10 persons : 20%", "population > 20 persons : 30%"), []),
    # ---- exceptions ----------------------------------------------------------------------------------------------
    "an exception for all": (
        define("10%", "member in members : 20%"),
        [("PD656", "except where member in members : 20%")],
    ),
    "two exceptions for all": (
        define("10%", "population < 10 persons : 20%", "population >= 10 persons : 30%"),
        [("PD656", "except where population >= 10 persons : 30%")],
    ),
    "an exception for some": (define("10%", "member in participating and security > 3 : 20%"), []),
    "an exception that changes nothing": (
        define("10%", "security > 3 : 10%"),
        [("PD657", "except where security > 3 : 10%")],
    ),
    # ---- time ----------------------------------------------------------------------------------------------------
    "a Saturday": (STEPS + "      not after 2026-10-31\n", [("PD658", "2026-10-31")]),
    "a Friday": (STEPS + "      not after 2026-10-30\n", []),
    "days after a date": (
        STEPS + "      not after 2 weeks after 2026-10-31\n",
        [("PD658", "2 weeks after 2026-10-31")],
    ),
    "working days after a date": (STEPS + "      not after 2 working days after 2026-10-31\n", []),
    "days after an event": (STEPS + "      not after 14 days after request\n", []),
    "weekly on Sundays": (
        STEPS.replace('"Request"\n', '"Request"\n      every 1 week after 2026-11-01\n'),
        [("PD658", "every 1 week after 2026-11-01")],
    ),
    "monthly from a Sunday": (STEPS.replace('"Request"\n', '"Request"\n      every 1 month after 2026-11-01\n'), []),
    "hours beside days": (
        STEPS + "      not after 2 days after request\n    step other\n      not after 48 hours after request\n",
        [("PD659", "2 days after request")],
    ),
    "hours beside a month": (
        STEPS + "      not after 30 days after request\n    step other\n      not after 48 hours after request\n",
        [],
    ),
    "many hours": (STEPS + "      not after 720 hours after request\n", [("PD659", "720 hours after request")]),
    "weeks beside days": (
        STEPS + "      not after 2 weeks after request\n    step other\n      not after 30 days after request\n",
        [("PD675", "30 days")],
    ),
    "years beside months": (
        STEPS + "      not after 18 months after request\n    step other\n      not after 5 years after request\n",
        [],
    ),
    # ---- votes ---------------------------------------------------------------------------------------------------
    "the quorum is the majority": (
        vote("2/3 of count of voters", "count of favour >= 2/3 of count of voters"),
        [("PD660", "count of favour >= 2/3 of count of voters")],
    ),
    "the quorum is above the majority": (vote("2/3 of count of voters", "count of favour > count of voters / 2"), []),
    "a majority of those that vote": (vote("1/2 of count of voters", "count of favour > count of against"), []),
    "one may decide": (vote("none", "count of favour > count of against"), [("PD661", "quorum none")]),
    "consensus": (vote("none", "count of against = 0"), []),
    "no quorum, for a reason": (
        vote('none\n        because "Who stays away agrees."', "count of favour > count of against"),
        [],
    ),
    "a majority of all": (vote("none", "count of favour > count of voters / 2"), []),
    "the words count voters, the rule those present": (
        vote("none", "count of favour > count of present / 2", "The majority of those present and voting decides."),
        [("PD661", "quorum none"), ("PD679", "count of favour > count of present / 2")],
    ),
    "the words and the rule agree": (
        vote(
            "2/3 of count of voters", "count of favour > count of voting / 2", "A majority of those who vote decides."
        ),
        [],
    ),
    # ---- words ---------------------------------------------------------------------------------------------------
    "other hours than the words": (
        STEPS.replace("are due", "are due within 72 hours") + "      not after 48 hours after request\n",
        [("PD662", "48 hours")],
    ),
    "the hours of the words": (
        STEPS.replace("are due", "are due within two days and 48 hours") + "      not after 48 hours after request\n",
        [],
    ),
    "another part than the words": (
        'article 3 "Fees"\n  > The rate is two thirds.\n  define rate "Rate" for each member = 60% * population\n',
        [("PD662", "60%")],
    ),
    "what is left of the words": (
        'article 3 "Fees"\n  > A quarter is free.\n  define rate "Rate" for each member = 75% * population\n',
        [],
    ),
    "a limit that is not that of the words, beside its counterpart": (
        limits("at most 50% of total", "then at most 60% of total for BDI").replace(
            "Money is shared.", "No member pays more than two fifths."
        ),
        [("PD662", "50%")],
    ),
    "figures elsewhere in the article": (
        'article 3 "Fees"\n  (1) > A quarter is free.\n  (2) > The rate follows.\n'
        '  define rate "Rate" for each member = 25% * population\n',
        [],
    ),
    "two figures against two": (
        'article 3 "Fees"\n  > A quarter or a third.\n'
        '  define rate "Rate" for each member = if security > 3 then 20% * population else 30% * population\n',
        [("PD662", "20%")],
    ),
    "an amendment of the words' figure": (
        'article 3 "Fees"\n  > The rate is ten per cent.\n  parameter rate "Rate" = 10%\n    from 2027-01-01 : 12%\n'
        '  define due_rate "Due" for each member = rate * population\n',
        [],
    ),
    "may in a duty": (duty("Each member may report until June."), [("PD663", "to_report")]),
    "may not in a duty": (duty("No member may fail to report until June."), []),
    "shall beside may": (duty("Each member shall report until June. It may add an opinion."), []),
    "a duty without a time": (duty("Each member shall report.", ""), [("PD664", "to_report")]),
    "a long sentence": (
        f'article 3 "Fees"\n  > {"word " * 61}ends.\n  define d "D" = arrivals\n',
        [("PD673", f"> {'word ' * 61}ends.")],
    ),
    "many sentences": (f'article 3 "Fees"\n  > {"Some words stand here. " * 30}\n  define d "D" = arrivals\n', []),
    # ---- sharing -------------------------------------------------------------------------------------------------
    "a looser limit": (limits("at most 50% of total", "at most 40% of total"), [("PD671", "at most 50% of total")]),
    "a stricter limit for some": (limits("at most 50% of total", "at most 40% of total for BDI"), []),
    "the whole as a limit": (limits("at most 100% of total"), [("PD671", "at most 100% of total")]),
    "a later level": (limits("at most 40% of total", "then at most 50% of total for BDI"), []),
    "nothing to reserve": (
        limits("less 0 USD"),
        [("PD680", "0 USD")],
    ),
    "the same measure twice": (
        FEES + "  key twice_key\n    50% : share of population\n    50% : share of population\n"
        "  apportion points\n    total 100%\n    among members\n    by twice_key\n",
        [("PD668", "share of population")],
    ),
    "the same provision twice": (
        FEES + "  guarantee one : sum of places = arrivals\n  guarantee other : sum of places = arrivals\n",
        [("PD667", "other")],
    ),
    "a figure that is agreed once": (
        FEES + '  parameter cost = 7 USD per person\n  define one "One" for each member = places * cost\n'
        '  define other "Other" for each member = population * cost\n',
        [],
    ),
    "a figure written twice": (
        FEES + '  define one "One" for each member = places * 7 USD per person\n'
        '  define other "Other" for each member = population * 7 USD per person\n',
        [("PD670", "7 USD per person")],
    ),
    "States listed twice": (
        FEES + "  set upper\n    AUT, BEL, DEU\n" + '  define r "R" for each member = 1\n'
        "    except where member in (DEU or AUT or BEL) : 2\n    except where member in upper and security > 2 : 3\n",
        [("PD669", "DEU or AUT or BEL")],
    ),
    "two States": (
        FEES + "  set upper\n    AUT, BEL\n" + '  define r "R" for each member = 1\n'
        "    except where member in (AUT or BEL) : 2\n    except where member in upper and security > 2 : 3\n",
        [],
    ),
    "a judgement of nobody": (
        FEES + "  indicators for each member\n    harmony : rating, between 0 and 10\n"
        '  define r "R" for each member = harmony\n',
        [("PD677", "harmony")],
    ),
    "a gap that pays": (
        FEES
        + "  indicators for each member\n    income : USD, missing means 0 USD\n"
        + limits().partition("shared.\n")[2].replace("by       population", "by       income"),
        [("PD678", "0 USD")],
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_each_rule_says_what_it_should_and_nothing_else(name: str):
    article, expected = TABLE[name]
    assert told(advised(article)) == expected


def test_rules_that_read_words_are_silent_in_other_languages():
    article = duty("Each member may report until June.")
    header = HEADER.replace("  periods plain\n", "  periods plain\n  authentic in fr\n")
    assert told(advised(article)) == [("PD663", "to_report")]
    assert told(list(advise(sound(header + FACTS + article), ignore=FRAGMENT))) == []


def test_discretion_between_nothing_and_all():
    article = STEPS + '  parameter part_left "Part" = left to request between 0% and 100%, otherwise 10%\n'
    article += '  define d "D" = part_left * arrivals\n'
    assert told(advised(article)) == [("PD666", "left to request between 0% and 100%, otherwise 10%")]
    assert told(advised(article.replace("0% and 100%", "5% and 50%"))) == []


def test_an_article_with_many_paragraphs():
    paragraphs = "".join(f"  ({at}) > Paragraph {at} says this.\n" for at in range(1, 14))
    article = f'article 3 "Much"\n{paragraphs}  define d "D" = arrivals\n'
    assert [each.code for each in advised(article)] == ["PD674"]
    assert advised(article.replace("  (13) > Paragraph 13 says this.\n", "")) == []


def test_a_long_formula():
    article = FEES + '  define d "D" = ' + " + ".join(["arrivals"] * 14) + "\n"
    assert [each.code for each in advised(article)] == ["PD652"]
    assert advised(article.replace(" + arrivals", "", 1)) == []
