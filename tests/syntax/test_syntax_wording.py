"""What drafters bring along from statutes: each mistake is told at its place, and the mend that is told works."""

from __future__ import annotations

import random
import re

import pytest

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.diagnostics.rendered import render
from policy_dsl.source import Source
from policy_dsl.syntax import parse
from policy_dsl.syntax.grammar import text as grammar
from policy_dsl.syntax.words import RESERVED

POLICY = """policy lake "Rules of the Lake Group"
  language  1
  version   "1.0"
  authority "Adopted by the Ministers"
  in force  from 2026-07-01
  currency  USD
  calendar  weekdays
  periods   plain

article 1 "Sharing arrivals"
  (1) > Persons who arrive are shared among the members.
  tier core "Members"
    BDI, RWA, TZA
  indicators for each member
    population : persons "Population"
    area       : km2     "Land area"
  indicators for the case
    arrivals : persons "Persons who have arrived"
  key size
    2/3 : share of population
    1/3 : share of area
  apportion places "Places"
    total    arrivals
    among    members except origin
    by       size
    rounding largest_remainder
    ties     by population
  (2) > No member takes more than one person for every hundred of its inhabitants.
  guarantee bearable : greatest of (places / population) <= 1%

article 2 "Meetings"
  (1) > The members meet within seven days of a request.
  procedure consultation "Consultation"
    step request "Request"
      by members
    step meeting "Meeting"
      by members
      not after 7 days after request
      adopted when count of favour >= 2/3 of count of voting
      quorum 2/3 of count of voters
  duty to_answer "Answer"
    binds members
    when request
    kept when meeting
  parameter rate "Rate" = 1_000 USD per person
    from 2027-01-01 : 1_100 USD per person
  define cost "Cost" for each member = places * rate
    except where member in core : places * rate * 50%

example "Even"
  given arrivals = 300 persons
  expect places of BDI = 100 persons because Art. 1(1)
"""
SENTENCE = "No member takes more than one person for every hundred of its inhabitants."
ADOPTED = "adopted when count of favour >= 2/3 of count of voting"
QUORUM = "quorum 2/3 of count of voters"
LIMIT = "not after 7 days after request"
BEARABLE = "greatest of (places / population) <= 1%"
RATE = "= 1_000 USD per person"
COST = "= places * rate"
BECAUSE = "because Art. 1(1)"
EXCEPT = "except where member in core :"
PARAMETER = 'parameter rate "Rate" ='


def told(text: str) -> list[Problem]:
    return list(parse(Source("lake.policy", text)).problems)


def wrong(right: str, written: str) -> str:
    assert POLICY.count(right) >= 1
    return POLICY.replace(right, written, 1)


def replaced(text: str, problem: Problem, form: str) -> str:
    assert problem.span is not None
    return text[: problem.span.start] + form + text[problem.span.end :]


def test_the_policy_is_sound():
    assert told(POLICY) == []


# What stands in the policy, what a drafter writes in its place, what is underlined, and the form that is told.
PHRASES = [
    ("indicators for each member", "indicators for every member", "every member", "each member"),
    ("indicators for each member", "indicator for each member", "indicator for", "indicators for"),
    ("indicators for each member", "indicators of each member", "of each member", "for each member"),
    ("binds members", "binds all members", "binds all members", "binds members"),
    ("binds members", "binds each member", "binds each member", "binds members"),
    ("2/3 : share of population", "2/3 : share population", "share population", "share of population"),
    (BEARABLE, "greatest places <= 1%", "greatest places", "greatest of places"),
    (QUORUM, "quorum 2/3 count of voters", "2/3 count", "2/3 of count"),
    (ADOPTED, "adopted when count favour >= 2/3 of count of voting", "count favour", "count of favour"),
    ("expect places of BDI = 100 persons because Art. 1(1)", "expect places BDI = 100 persons because Art. 1(1)",
     "places BDI", "places of BDI"),
    ("expect places of BDI = 100 persons because Art. 1(1)", "expect places for BDI = 100 persons",
     "places for BDI", "places of BDI"),
    ("expect places of BDI = 100 persons because Art. 1(1)", "expect BDI places = 100 persons",
     "BDI places", "places of BDI"),
    (RATE, "= $1_000 per person", "$1_000", "1_000 USD"),
    (RATE, "= USD 1_000 per person", "USD 1_000", "1_000 USD"),
    (RATE, "= 1_000 US$ per person", "1_000 US$", "1_000 USD"),
    (RATE, "= 1_000 € per person", "1_000 €", "1_000 EUR"),
    (RATE, "= one thousand USD per person", "one thousand", "1_000"),
    (RATE, "= 10 billion USD per person", "10 billion", "10_000_000_000"),
    (RATE, "= 1_000 USD a person", "USD a person", "USD per person"),
    ('parameter rate "Rate" = 1_000 USD per person', "rate = 1_000 USD per person", "rate =", "parameter rate ="),
    ("2/3 : share of population", "two thirds : share of population", "two thirds", "2/3"),
    ("2/3 : share of population", "⅔ : share of population", "⅔", "2/3"),
    ("ties     by population", "credit population", "credit", "less"),
    ("ties     by population", "after deduction of population", "after deduction of", "less"),
    ("    BDI, RWA, TZA", "    BDI from 2026-07-01 to 2027-06-30\n    RWA, TZA", "to", "until"),
    ('population : persons "Population"', 'population : rating from 0 to 10 "Level"', 'rating from 0 to 10 "Level"',
     'rating "Level", between 0 and 10'),
    ("rounding largest_remainder", "rounding to 10 persons", "rounding to", "rounding half_up to"),
    ("by       size", "in bands hosts\n    by       size", "in bands", "in bands of"),
    ("key size\n    2/3 : share of population\n    1/3 : share of area",
     "scale size on population marginal\n    below 5 persons : 1%\n    otherwise : 2%",
     "scale size on population marginal", "scale size on population, marginal"),
    ("given arrivals = 300 persons", "given request by BDI at 2026-07-02", "given request by BDI at 2026-07-02",
     "given request at 2026-07-02 by BDI"),
    ("given arrivals = 300 persons", "given request by BDI, RWA on 2026-07-02",
     "given request by BDI, RWA on 2026-07-02", "given request at 2026-07-02 by BDI, RWA"),
    ("given arrivals = 300 persons", "given request on 2026-07-02", "given request on", "given request at"),
    ("by members\n      not", "voters members\n      not", "voters", "by"),
    (QUORUM, "quorum two-thirds of count of voters", "two-thirds of", "2/3 of"),
    (QUORUM, "quorum two thirds of count of voters", "two thirds of", "2/3 of"),
    (QUORUM, "quorum half of count of voters", "half of", "1/2 of"),
    (QUORUM, "quorum one half of voters", "one half of", "1/2 of"),
    (QUORUM, "quorum a majority of members",
     "quorum a majority of members", "quorum down(count of voters / 2, 1) + 1"),
    (QUORUM, "quorum simple majority", "quorum simple majority", "quorum down(count of voters / 2, 1) + 1"),
    (ADOPTED, "adopted by two-thirds majority", "adopted by two-thirds majority", ADOPTED),
    (ADOPTED, "adopted by two-thirds of those present and voting",
     "adopted by two-thirds of those present and voting", ADOPTED),
    (ADOPTED, "adopted when count of favour is at least 2/3 of count of voting", "is at least", ">="),
    (ADOPTED, "adopted when count of favour at least 2/3 of count of voting", "at least", ">="),
    (ADOPTED, "adopted when count of favour is more than 2/3 of count of voting", "is more than", ">"),
    (ADOPTED, "adopted when count of favour exceeds 2/3 of count of voting", "exceeds", ">"),
    (ADOPTED, "adopted when count of favour greater than 2/3 of count of voting", "greater than", ">"),
    (ADOPTED, "adopted if count of favour >= 2/3 of count of voting", "adopted if", "adopted when"),
    (ADOPTED, "adopted by consensus", "adopted by consensus", "adopted when count of against = 0"),
    ("total    arrivals", "total    shall be arrivals", "total    shall be", "total"),
    ("total    arrivals", "the total is arrivals", "the total is", "total"),
    ("total    arrivals", "total =  arrivals", "total =", "total"),
    ("total    arrivals", "total :  arrivals", "total :", "total"),
    ("total    arrivals", "total of arrivals", "total of", "total"),
    ("kept when meeting", "kept if meeting", "kept if", "kept when"),
    ("when request", "if request", "if", "when"),
    ("when request", "where request", "where", "when"),
    (LIMIT, "within 7 days after request", "within", "not after"),
    (LIMIT, "not later than 7 days after request", "not later than", "not after"),
    (LIMIT, "no later than 7 days after request", "no later than", "not after"),
    (LIMIT, "not after seven days after request", "seven", "7"),
    (LIMIT, "not after 7 days of request", "days of", "days after"),
    (LIMIT, "not after 7 days from request", "days from", "days after"),
    (LIMIT, "not after 7 business days after request", "business days", "working days"),
    (LIMIT, "not after a week after request", "a week", "1 week"),
    (LIMIT, "not after 7 days following request", "days following", "days after"),
    ("in force  from 2026-07-01", "in force  2026-07-01", "in force", "in force from"),
    ("in force  from 2026-07-01", "in force  on 2026-07-01", "in force  on", "in force from"),
    ("in force  from 2026-07-01", "in force: 2026-07-01", "in force:", "in force from"),
    ("currency  USD", 'currency  "USD"', '"USD"', "USD"),
    ("currency  USD", "currency  US dollars", "currency  US dollars", "currency USD"),
    ("currency  USD", "currency  dollars", "currency  dollars", "currency USD"),
    ("currency  USD", "currency  usd", "currency  usd", "currency USD"),
    ("calendar  weekdays", 'calendar  "weekdays"', '"weekdays"', "weekdays"),
    ('article 1 "Sharing arrivals"', 'Article 1 "Sharing arrivals"', "Article 1", "article 1"),
    ('article 1 "Sharing arrivals"', 'ARTICLE 1 "Sharing arrivals"', "ARTICLE 1", "article 1"),
    ('article 1 "Sharing arrivals"', 'Art. 1 "Sharing arrivals"', "Art. 1", "article 1"),
    ('article 1 "Sharing arrivals"', 'art. 1 "Sharing arrivals"', "art. 1", "article 1"),
    ('article 1 "Sharing arrivals"', 'Art 1 "Sharing arrivals"', "Art 1", "article 1"),
    ('article 1 "Sharing arrivals"', '§ 1 "Sharing arrivals"', "§ 1", "article 1"),
    ('article 1 "Sharing arrivals"', 'section 1 "Sharing arrivals"', "section 1", "article 1"),
    ('article 1 "Sharing arrivals"', 'chapter I "Sharing"\narticle 1 "Sharing arrivals"', "chapter I", "part I"),
    ('article 1 "Sharing arrivals"', 'Part I "Sharing"\narticle 1 "Sharing arrivals"', "Part I", "part I"),
    (BECAUSE, "because article 1(1)", "article 1(1)", "Art. 1(1)"),
    (BECAUSE, "because Article 1(1)", "Article 1(1)", "Art. 1(1)"),
    (BECAUSE, "because Art 1(1)", "Art 1(1)", "Art. 1(1)"),
    (BECAUSE, "because art. 1(1)", "art. 1(1)", "Art. 1(1)"),
    (BECAUSE, "because Art. 1, paragraph 1", "Art. 1, paragraph 1", "Art. 1(1)"),
    (BECAUSE, "because Art. 1 (1)", "Art. 1 (1)", "Art. 1(1)"),
    (BECAUSE, "because Art. 1.1", "Art. 1.1", "Art. 1(1)"),
    (BECAUSE, "because § 1", "§ 1", "Art. 1"),
    (BECAUSE, "because Arts. 1 and 2", "Arts. 1 and 2", "Art. 1, Art. 2"),
    (BECAUSE, "because Art. 1 and Art. 2", "Art. 1 and", "Art. 1,"),
    (BECAUSE, "under Art. 1(1)", "under", "because"),
    (BECAUSE, "because of Art. 1(1)", "because of", "because"),
    (BECAUSE, "pursuant to Art. 1(1)", "pursuant to", "because"),
    ("BDI, RWA, TZA", "BDI, RWA and TZA", "RWA and TZA", "RWA, TZA"),
    ("rounding largest_remainder", "rounding largest remainder",
     "rounding largest remainder", "rounding largest_remainder"),
    ("rounding largest_remainder", "rounding to the nearest person",
     "rounding to the nearest person", "rounding half_up"),
    ("rounding largest_remainder", "rounded largest_remainder", "rounded", "rounding"),
    ("rounding largest_remainder", "round largest_remainder", "round", "rounding"),
    ("rounding largest_remainder", 'rounding "largest_remainder"', '"largest_remainder"', "largest_remainder"),
    ("rounding largest_remainder", "rounding by largest_remainder", "rounding by", "rounding"),
    ("by       size", "in proportion to population", "in proportion to", "by"),
    ("by       size", "pro rata population", "pro rata", "by"),
    ("by       size", "according to size", "according to", "by"),
    ("among    members except origin", "among    all members", "among    all members", "among members"),
    ("among    members except origin", "among    the members", "the members", "members"),
    ("among    members except origin", "among    members excluding origin", "members excluding", "members except"),
    ("among    members except origin", "among    members other than origin", "members other than", "members except"),
    ("among    members except origin", "among    members, except origin", "members, except", "members except"),
    ("among    members except origin", "among    BDI, RWA", "BDI, RWA", "BDI or RWA"),
    ("among    members except origin", "between  members except origin", "between", "among"),
    ("ties     by population", "at most  25% of the total", "the total", "total"),
    ("ties     by population", "maximum  25% of total", "maximum", "at most"),
    ("ties     by population", "not more than 25% of total", "not more than", "at most"),
    ("ties     by population", "no more than 25% of total", "no more than", "at most"),
    ("ties     by population", "up to 25% of total", "up to", "at most"),
    ("ties     by population", "minimum 5% of total", "minimum", "at least"),
    ("total    arrivals", "total    the arrivals", "the arrivals", "arrivals"),
    ('population : persons "Population"', 'population "Population" : persons',
     'population "Population" : persons', 'population : persons "Population"'),
    ('population : persons "Population"', 'population : "Population" persons',
     'population : "Population" persons', 'population : persons "Population"'),
    ('population : persons "Population"', 'population : persons, "Population"',
     'persons, "Population"', 'persons "Population"'),
    ('population : persons "Population"', 'population : number of persons "Population"',
     "number of persons", "persons"),
    ('population : persons "Population"', 'population : persons "Population" between 0 persons and 5 persons',
     "between", ", between"),
    ('area       : km2     "Land area"', 'area       : km²     "Land area"', "km²", "km2"),
    ('area       : km2     "Land area"', 'area       : sq km     "Land area"', "sq km", "km2"),
    ('area       : km2     "Land area"', 'area       : square kilometres     "Land area"',
     "square kilometres", "km2"),
    ("except where member in core : places * rate * 50%", "except for core : places * rate * 50%",
     "except for core :", EXCEPT),
    ("except where member in core : places * rate * 50%", "except if member in core : places * rate * 50%",
     "except if", "except where"),
    ("except where member in core : places * rate * 50%", "except when member in core : places * rate * 50%",
     "except when", "except where"),
    ("except where member in core : places * rate * 50%", "unless member in core : places * rate * 50%",
     "unless", "except where"),
    ('define cost "Cost" for each member = places * rate', 'define cost for each member "Cost" = places * rate',
     'for each member "Cost"', '"Cost" for each member'),
    (COST, "= places times rate", "times", "*"),
    (COST, "= places x rate", "x", "*"),
    (COST, "= places multiplied by rate", "multiplied by", "*"),
    (COST, "= places plus rate", "plus", "+"),
    (COST, "= places * the rate", "the rate", "rate"),
    ('define cost "Cost" for each member = places * rate', '"Cost" means places * rate',
     '"Cost" means', 'define cost "Cost" ='),
    ('define cost "Cost" for each member = places * rate', 'definition cost "Cost" for each member = places * rate',
     "definition", "define"),
    (COST, "= places * rate where member in core",
     "places * rate where member in core", "if member in core then places * rate else …"),
    (COST, "= places * rate if member in core",
     "places * rate if member in core", "if member in core then places * rate else …"),
    (COST, "= if member in core then places * rate otherwise 0 USD", "rate otherwise", "rate else"),
    (BEARABLE, "places shall not exceed 1% of population", "shall not exceed", "<="),
    (BEARABLE, "places not more than 1% of population", "not more than", "<="),
    (BEARABLE, "places may not exceed 1% of population", "may not exceed", "<="),
    (BEARABLE, "0 persons <= places <= 1% of population",
     "0 persons <= places <= 1% of population", "0 persons <= places and places <= 1% of population"),
    (BEARABLE, "places between 0 persons and 1% of population",
     "places between 0 persons and 1% of population", "places >= 0 persons and places <= 1% of population"),
    (BEARABLE, "places is not above 1% of population", "is not above", "<="),
    (BEARABLE, "the sum of places <= 500 persons", "the sum", "sum"),
    *((COST, f"= rate * rank of area over core{written}", f"rank of area over core{found or written}",
       f"rank of area over core{form}") for written, found, form in (
        (" ties by population, rate", "", " ties by population, then rate"),
        (" ties by population then rate", "", " ties by population, then rate"),
        (" ties by population and then rate", "", " ties by population, then rate"),
        (" ties by population, then by rate", "", " ties by population, then rate"),
        (" ties by population ties by rate", "", " ties by population, then rate"),
        (" ties by population, then rate, places", "", " ties by population, then rate, then places"),
        (", ties by population", ", ties by", " ties by"))),
    (COST, "= rate * rank of area ties by population over core", "rank of area ties by population over core",
     "rank of area over core ties by population"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "written", "found", "form"), PHRASES, ids=[row[1] for row in PHRASES])
def test_a_phrase_of_a_statute_is_told_with_its_form_which_can_be_read(right: str, written: str, found: str, form: str):
    text = wrong(right, written)
    (problem,) = told(text)
    assert problem.span is not None
    assert (problem.code, problem.span.text) == ("PD151", found)
    assert render(problem).help == f"write `{form}`"
    assert told(replaced(text, problem, form.replace("…", "0 USD"))) == []


# The code, what is underlined, and the words between the marks of the mend that stand in its place.
MENDED = [
    (BEARABLE, "\n    " + BEARABLE, "PD149", BEARABLE, "guarantee bearable : " + BEARABLE),
    ("bearable :", "bearable\n    :", "PD149", ": " + BEARABLE, "guarantee bearable : " + BEARABLE),
    ("<= 1%", "\n    <= 1%", "PD149", "<= 1%", "guarantee bearable : " + BEARABLE),
    (COST, "= places *\n    rate", "PD149", "rate", 'define cost "Cost" for each member = places * rate'),
    ("total    arrivals", "total\n      arrivals", "PD149", "arrivals", "total arrivals"),
    (COST, "= rate * if meeting then places else arrivals", "PD150", "if meeting then places else arrivals",
     "(if meeting then places else arrivals)"),
    (BEARABLE, "places <= if meeting then arrivals else area because \"…\"", "PD150",
     "if meeting then arrivals else area", "(if meeting then arrivals else area)"),
    (COST, "= (rate + if meeting then places else arrivals) * 2", "PD150", "if meeting then places else arrivals",
     "(if meeting then places else arrivals)"),
    ("tier core", "tier inner core", "PD141", "inner core", "inner_core"),
    ("duty to_answer", "duty to answer", "PD141", "to answer", "to_answer"),
    ("population :", "total population :", "PD141", "total population", "total_population"),
    ('core "Members"', "core Members", "PD144", "Members", '"Members"'),
    ('persons "Population"', "persons Population", "PD144", "Population", '"Population"'),
    ('1 "Sharing arrivals"', "1: Sharing arrivals", "PD144", ": Sharing arrivals", '"Sharing arrivals"'),
    ('1 "Sharing arrivals"', '1 - "Sharing arrivals"', "PD144", '- "Sharing arrivals"', '"Sharing arrivals"'),
    ('version   "1.0"', "version   1.0", "PD144", "1.0", '"1.0"'),
    ("BDI, RWA", "bdi, RWA", "PD146", "bdi", "BDI"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "written", "code", "found", "mend"), MENDED, ids=[row[1] for row in MENDED])
def test_what_stands_in_the_mend_can_be_read(right: str, written: str, code: str, found: str, mend: str):
    text = wrong(right, written)
    (problem,) = told(text)
    assert problem.span is not None
    assert (problem.code, problem.span.text) == (code, found)
    assert f"`{mend}`" in problem.mend
    if code == "PD149":  # the mend is the whole line: the two halves make way for it
        head = text.rindex("\n", 0, text.rindex("\n", 0, problem.span.start)) + 1
        blanks = re.match(r" *", text[head:]).group()  # type: ignore[union-attr]
        assert told(text[:head] + blanks + mend + text[problem.span.end :]) == []
    else:
        assert told(replaced(text, problem, mend)) == []


# The code, what is underlined, how the mend begins, and the text after it.
SAID = [
    ('duty to_answer "Answer"', 'duty "Answer"', "PD152", '"Answer"', "write a name", 'duty answer "Answer"'),
    ('tier core "Members"', 'tier "The core"', "PD152", '"The core"', "write a name", 'tier the_core "The core"'),
    ("bearable :", "bearable", "PD113", "greatest", "write ` : ` before", "bearable :"),
    ("bearable :", "bearable that", "PD113", "that", "write ` : ` in place of", "bearable :"),
    ("2027-01-01 :", "2027-01-01 =", "PD113", "=", "write ` : ` in", "2027-01-01 :"),
    ("core :", "core,", "PD113", ",", "write ` : ` in place of", "core :"),
    (RATE, ": 1_000 USD per person", "PD147", ":", "write ` = ` in place of", RATE),
    (RATE, "is 1_000 USD per person", "PD147", "is", "write ` = ` in place of", RATE),
    (COST, "means places * rate", "PD147", "means", "write ` = ` in place of", COST),
    (COST, "= if meeting then places", "PD145", "places", "say what holds otherwise",
     "= if meeting then places else arrivals"),
    (COST, "= 2 * (if meeting then places)", "PD199", ")", "say what holds otherwise",
     "= 2 * (if meeting then places else arrivals)"),
    ('population : persons "Population"', 'population : "Population"', "PD199", '"Population"', "write the unit",
     'population : persons "Population"'),
    ("  (2) > No", "  (2) No", "PD129", f"(2) {SENTENCE}",
     "write `(2) > `", "  (2) > No"),
    ("  (2) > No", "  2. No", "PD129", f"2. {SENTENCE}",
     "write `(2) > `", "  (2) > No"),
    ("  (2) > No", "  (b) > No", "PD129",
     f"(b) > {SENTENCE}", "paragraphs have numbers",
     "  (2) > (b) No"),
    ("  (2) > No", "  (2) >No", "PD129",
     f"(2) >{SENTENCE}", "write a blank", "  (2) > No"),
    ("one person for every", "one person\n      for every", "PD129", "for every hundred of its inhabitants.",
     "let the words go on after `> `", "one person\n      > for every"),
    ("    BDI, RWA, TZA", "  BDI, RWA, TZA", "PD148", "BDI", "indent this line", "    BDI, RWA, TZA"),
    ("      by members", "    by members", "PD148", "by", "indent it by two blanks under `step request`",
     "      by members"),
    ("    total    arrivals", "   total    arrivals", "PD103", "among", "", "    total    arrivals"),
    ("BDI, RWA, TZA", "BDI, RWA, TZA.", "PD117", ".", "", "BDI, RWA, TZA"),
    ("total    arrivals", "total    arrivals,", "PD117", ",", "", "total    arrivals"),
    ("2/3 : share", "66,7 % : share", "PD105", "66,7 %", "", "66.7% : share"),
    ("<= 1%", "<= 0,015", "PD105", "0,015", "", "<= 0.015"),
    ("= 1_000 USD", "= 1.000,50 USD", "PD106", "1.000,50", "", "= 1_000.50 USD"),
    ("from 2026-07-01", "from July 2026", "PD123", "July 2026", "", "from 2026-07-01"),
    ('article 1 "Sharing', ' article 1 "Sharing', "PD103", "article", "", 'article 1 "Sharing'),
    ("    ties     by population", "    subject to Art. 2", "PD151", "subject to Art. 2", "take it out here",
     "    ties     by population"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "written", "code", "found", "mend", "mended"), SAID, ids=[row[1].strip() for row in SAID]
)
def test_a_habit_of_other_writing_is_told_and_can_be_mended(
    right: str, written: str, code: str, found: str, mend: str, mended: str
):
    (problem,) = told(wrong(right, written))
    assert problem.span is not None
    assert (problem.code, problem.span.text) == (code, found)
    assert problem.mend.startswith(mend)
    assert bool(problem.mend) is bool(mend)
    assert told(wrong(right, mended)) == []


VOCABULARY = """the all any each shall must not exceed at least most more less than between and or if then otherwise
unless when where provided that two thirds half forty per cent million business days of from following prior excluding
other under because Art article section members m times plus minus divided by a majority adopted consensus subject to in
proportion rounding nearest maximum within means is average number $ € ⅔ § 1.000 1,5 (1) Art.1.1 <= : = , . “x” ( )"""


@pytest.mark.parametrize("seed", range(150))
def test_any_mixture_of_such_words_is_told_without_an_accident(seed: int):
    chance = random.Random(seed)
    lines = POLICY.split("\n")
    at = chance.randrange(len(lines))
    words = lines[at].split(" ")
    for _ in range(chance.randint(1, 4)):
        words.insert(chance.randrange(len(words) + 1), chance.choice(VOCABULARY.split()))
    lines[at] = " ".join(words)
    for problem in told("\n".join(lines)):
        assert "{" not in render(problem).message
        assert problem.code != "PD151" or problem.params["form"] != problem.params["found"]


# ---- names that are words of the language elsewhere ------------------------------------------------------------------

HEAD = POLICY[: POLICY.index("article 1")] + 'article 1 "A"\n  > Words.\n'
WORDS = sorted({*re.findall(r'"([a-z_]+)"', grammar()), "excess", "working", "missing"} - RESERVED)
ROWS = {
    "facts": '  indicators for each member\n    a : km\n    {word}      : USD "B"\n      cites "C"\n    {word} : km\n',
    "fields": "  procedure p\n    step s\n      records a : km, {word} : km\n",
    "criteria": "  criteria c in order\n    a : x from 0 to 1\n    {word}    : x from 0 to 1\n    b : x from 0 to 1\n",
    "weights": "  key k\n    50% : x\n    {word}  : y\n    20% : z\n",
    "table": '  example "E"\n    given {word} : km, {word} : km\n      AUT : 1, 1\n      {word} : 1, 1\n',
    "record": '  example "E"\n    given s at 2026-01-01\n      a = 1\n      {word}   = 1\n',
    "values": "  define {word} = {word} + sum of {word} over {word}\n    except where {word} : {word}\n",
}
OPENS = {"criteria": {"similar", "informed"}, "weights": {"rest", "define"}}


@pytest.mark.parametrize("place", ROWS)
def test_a_word_that_opens_a_line_elsewhere_can_be_a_name_in_a_row(place: str):
    for word in WORDS:
        if word not in OPENS.get(place, ()):
            assert [problem.code for problem in told(HEAD + ROWS[place].format(word=word))] == [], word
