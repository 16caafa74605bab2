"""The example policies are read without a word, and say what they should."""

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path

import pytest

from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree

DATA = Path(__file__).parent / "data"
FILES = sorted(DATA.glob("*.policy"))

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD

"""


def read(name: str) -> tree.PolicyFile:
    return parse(Source(name, (DATA / f"{name}.policy").read_text("utf-8"))).tree


def provision(name: str, called: str) -> tree.Provision:
    return next(node for node in tree.walk(read(name)) if isinstance(node, tree.Provision) and node.name.text == called)


def only(body: str) -> tree.ArticleLine:
    """The one line of an article with this body."""
    parsed = parse(Source("t", f'{HEADER}article 1 "A"\n{body}\n'))
    assert parsed.problems == ()
    (article,) = parsed.tree.items
    assert isinstance(article, tree.Article)
    (line,) = article.lines
    return line


def expr(text: str) -> tree.Expr:
    line = only(f"  define x = {text}")
    assert isinstance(line, tree.Define)
    return line.value


def said(node: object) -> str:
    """A short form of an expression, fully in parentheses."""
    match node:
        case None:
            return "-"
        case tree.Binary(_, op, left, right):
            return f"({said(left)} {op} {said(right)})"
        case tree.Unary(_, op, of):
            return f"({op} {said(of)})"
        case tree.ValueOf(_, name, of):
            return f"[{name.text} of {said(of)}]"
        case tree.Aggregate(_, op, of, over, ties):
            apart = f" ties {', '.join(map(said, ties))}" if ties else ""
            return f"{op}<{said(of)} over {said(over)}{apart}>"
        case tree.PartOf(_, part, of):
            return f"{said(part)}~{said(of)}"
        case tree.Group(_, base, minus, where):
            return f"group<{said(base)} except {said(minus)} where {said(where)}>"
        case tree.Choice(_, when, then, otherwise):
            return f"if<{said(when)}, {said(then)}, {said(otherwise)}>"
        case tree.Call(_, name, args):
            return f"{name.text}<{', '.join(map(said, args))}>"
        case tree.Node():
            return node.span.text
    return repr(node)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_example_is_read_without_a_problem(file: Path):
    parsed = parse(Source(file.name, file.read_text("utf-8")))
    assert parsed.problems == ()
    assert parsed.tree.header is not None
    assert not [node for node in tree.walk(parsed.tree) if isinstance(node, tree.Broken)]


def test_all_examples_are_there():
    assert len(FILES) == 14


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b * c - d", "((a + (b * c)) - d)"),
        ("-a ^ 2", "(- (a ^ 2))"),
        ("2 * -a", "(2 * (- a))"),
        ("a ^ -2", "(a ^ (- 2))"),
        ("population per area", "(population per area)"),
        ("a / b per c", "(a / (b per c))"),
        ("mean of applications over 2010-2014 per population", "(mean<applications over 2010-2014> per population)"),
        ("applications in 2014 + 1", "((applications in 2014) + 1)"),
        ("applications of AUT in 2014", "([applications of AUT] in 2014)"),
        ("member in permanent", "(member in permanent)"),
        ("not member in (a or b)", "(not (member in (a or b)))"),
        ("member not in a", "(member not in a)"),
        ("taker in members and taker is not giver", "((taker in members) and (taker is not giver))"),
        ("a or b and not c", "(a or (b and (not c)))"),
        ("a = b and c <> d", "((a = b) and (c <> d))"),
        ("if a then b else if c then d else e", "if<a, b, if<c, d, e>>"),
        ("48 hours after request", "(48 hours after request)"),
        ("3 working days after 2nd meeting", "(3 working days after 2nd meeting)"),
        ("on_day <= 1 year after first_term", "(on_day <= (1 year after first_term))"),
        ("30% of size", "30%~size"),
        ("2/3 of count of voting", "2/3~count<voting over ->"),
        ("share of (1 / past_effort)", "share<(1 / past_effort) over ->"),
        ("sum of protected over last 3 years", "sum<protected over last 3 years>"),
        ("count of opted_out = 0", "(count<opted_out over -> = 0)"),
        ("max(2% of population - hosted, 0 persons)", "max<(2%~population - hosted), 0 persons>"),
        (
            "sum of x over (transfer where giver is member)",
            "sum<x over group<transfer except - where (giver is member)>>",
        ),
        ("rank of x ties by a", "rank<x over - ties a>"),
        ("rank of x over g ties by a, then b - 1", "(rank<x over g ties a, b> - 1)"),
        ("min(rank of x over g ties by a,then b, c)", "min<rank<x over g ties a, b>, c>"),
        ("min(rank of x ties by a, then_b)", "min<rank<x over - ties a>, then_b>"),
        ("if rank of x ties by a then b else c", "if<rank<x over - ties a>, b, c>"),
        ("rank of (rank of x ties by a, then b) over g ties by c", "rank<rank<x over - ties a, b> over g ties c>"),
        ("rank of x over g ties by (1 / a), then b of c", "rank<x over g ties (1 / a), [b of c]>"),
        ("count of (a except b where c)", "count<group<a except b where c> over ->"),
        ("(a)", "a"),
        ("balance of preparedness", "[balance of preparedness]"),
        ("starts of introduction of x", "[starts of [introduction of x]]"),
    ],
)
def test_expressions_bind_as_they_read(text: str, expected: str):
    assert said(expr(text)) == expected


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1_250.5", tree.Number, Fraction(2501, 2)),
        ("40%", tree.Percent, Fraction(2, 5)),
        ("0.0001%", tree.Percent, Fraction(1, 1_000_000)),
        ("2/3", tree.Ratio, Fraction(2, 3)),
        ("5_000 USD", tree.Quantity, Fraction(5000)),
        ("2026-07-01", tree.DateLiteral, date(2026, 7, 1)),
        ("2026-07-01T10:00Z", tree.DateLiteral, datetime(2026, 7, 1, 10, tzinfo=UTC)),
        (
            "2026-07-01T10:00:30+02:00",
            tree.DateLiteral,
            datetime(2026, 7, 1, 10, 0, 30, tzinfo=timezone(timedelta(hours=2))),
        ),
        ("yes", tree.Truth, True),
        ('"words"', tree.Text, "words"),
    ],
)
def test_figures_and_dates_have_their_exact_value(text: str, kind: type[tree.Expr], value: object):
    node = expr(text)
    assert type(node) is kind
    assert node.value == value  # type: ignore[attr-defined]


def test_units_keep_their_parts():
    line = only(
        '  indicators for each cohort and member\n    c : USD per person per year "C", each year, good for 2 years'
    )
    assert isinstance(line, tree.Indicators)
    assert [name.text for name in line.each.of] == ["cohort", "member"]
    (row,) = line.rows
    assert isinstance(row.type, tree.UnitTerm)
    assert [unit.text for unit in (*row.type.over, *row.type.per)] == ["USD", "person", "year"]
    assert (row.series, row.title, said(row.good_for)) == (True, "C", "2 years")


def test_indicators_say_what_a_gap_means():
    hosted = provision("model_rules", "hosted")
    assert isinstance(hosted, tree.Indicator)
    assert isinstance(hosted.missing, tree.Quantity)
    line = only("  indicators for the case\n    a : yes or no, missing means left out, supplied by b\n    c : state")
    assert isinstance(line, tree.Indicators)
    first, second = line.rows
    assert isinstance(first.missing, tree.Ident)
    assert (first.missing.text, first.missing.span.text) == ("left out", "left out")
    assert isinstance(first.type, tree.Ident)
    assert (first.type.text, first.supplied_by and first.supplied_by.text) == ("yes or no", "b")
    assert isinstance(second.type, tree.Ident)
    assert line.each.of == ()


def test_a_key_with_a_rest_and_a_local_definition():
    key = provision("eu_relocation_2015", "relocation_key")
    assert isinstance(key, tree.Key)
    assert [said(part.weight) for part in key.parts] == ["40%", "40%", "10%", "10%"]
    assert key.rest is not None
    assert (key.rest.word, said(key.rest.expr), key.rest.notes[0].kind) == ("rest by", "size", "because")
    assert [local.name.text for local in key.locals] == ["size"]


def test_an_apportion_with_all_its_lines():
    line = only(
        """  apportion q "Q" for each cohort
    total 100%
    among a except b where c
    in bands of hosting
    by w
    fixed 2% for a
    relief r, borne by s by w
    at most 22%
    then at least 1% for b because "…"
    less c, excess refunded
    rounding half_up to 0.01%, residue by w
    ties by w
    ties by lot
    remainder to s by w, at most 5%
    adjusted by meeting within 10%"""
    )
    assert isinstance(line, tree.Apportion)
    assert line.each is not None
    assert line.bands is not None
    assert line.total is not None
    assert line.among is not None
    assert said(line.among.expr) == "group<a except b where c>"
    assert (line.how and line.how.word, said(line.fixed[0].group), said(line.relief[0].weight)) == ("by", "a", "w")
    first, second = line.limits
    assert (first.then, first.kind, first.group) == (False, "at most", None)
    assert (second.then, second.kind, said(second.group), len(second.notes)) == (True, "at least", "b", 1)
    assert line.less[0].refunded
    assert line.rounding is not None
    assert (line.rounding.method.text, said(line.rounding.step), said(line.rounding.residue)) == (
        "half_up",
        "0.01%",
        "w",
    )
    assert [said(tie.expr) for tie in line.ties] == ["w", "lot"]
    assert line.remainder is not None
    assert (said(line.remainder.group), said(line.remainder.weight), said(line.remainder.most)) == ("s", "w", "5%")
    assert line.adjusted is not None
    assert line.adjusted.step.text == "meeting"


def test_what_stays_unallocated_is_none():
    placement = provision("least_cost", "placement")
    assert isinstance(placement, tree.Apportion)
    assert placement.remainder is not None
    assert isinstance(placement.remainder.group, tree.Nothing)
    assert placement.how is not None
    assert placement.how.word == "minimising"


def test_a_step_with_all_its_lines():
    line = only(
        """  procedure p
    step s "S" as t cites "Article 1"
      by members except origin
      once each
      repeated
      records a : state, b : persons
      on x
      once y
      every 12 months after 2025-01-01
      not before z
      not after 5 working days after z
      requires a
      requires b
      quorum none
      adopted when count of against = 0
      failing which count of favour >= 2/3 of count of voting
      silence means adopted
      define c = 1"""
    )
    assert isinstance(line, tree.Procedure)
    (step,) = line.steps
    words = (step.by, step.on, step.once, step.not_before, step.not_after, step.quorum, step.adopted, step.failing)
    assert [one and one.word for one in words] == [
        "by", "on", "once", "not before", "not after", "quorum", "adopted when", "failing which",
    ]  # fmt: skip
    assert (step.model and step.model.text, step.once_each, step.repeated) == ("t", True, True)
    assert [field.name.text for field in step.records] == ["a", "b"]
    assert [said(one.expr) for one in step.requires] == ["a", "b"]
    assert step.every is not None
    assert step.silence is not None
    assert [note.text for note in step.notes] == ["Article 1"]
    assert [local.name.text for local in step.locals] == ["c"]
    assert step.not_after is not None
    deadline = step.not_after.expr
    assert isinstance(deadline, tree.Binary)
    assert isinstance(deadline.left, tree.Quantity)
    assert deadline.left.unit.text == "working days"


def test_calendars_reservations_and_transitions():
    calendar = only(
        '  calendar offices "Offices"\n    weekdays\n    holidays of BEL, FRA\n    holidays 2026-05-15, 2026-12-24'
    )
    assert isinstance(calendar, tree.Calendar)
    assert calendar.base is not None
    assert (calendar.base.text, [code.text for code in calendar.countries]) == ("weekdays", ["BEL", "FRA"])
    assert [day.value for day in calendar.days] == [date(2026, 5, 15), date(2026, 12, 24)]
    reservation = only(
        '  reservation hungary "H"\n    by HUN from 2025-03-01 until 2026-03-01, AUT\n'
        "    to quota\n    to share_of_cost : 0%"
    )
    assert isinstance(reservation, tree.Reservation)
    assert [(seat.code.text, seat.since is None) for seat in reservation.by] == [("HUN", False), ("AUT", True)]
    assert [(to.name.text, said(to.value)) for to in reservation.to] == [("quota", "-"), ("share_of_cost", "0%")]
    permitted = only("  reservations permitted to quota, costs")
    assert isinstance(permitted, tree.Reservable)
    assert (permitted.name.text, [name.text for name in permitted.to]) == ("reservations", ["quota", "costs"])
    nothing = only("  reservations permitted to none")
    assert isinstance(nothing, tree.Reservable)
    assert nothing.to == ()
    moving = only('  transitional old_cases "Old"\n    keeps quota, costs\n    for cases opened before 2026-07-01')
    assert isinstance(moving, tree.Transitional)
    assert ([name.text for name in moving.keeps], moving.before and moving.before.value) == (
        ["quota", "costs"], date(2026, 7, 1),
    )  # fmt: skip


def test_parameters_are_amended_or_left_to_a_step():
    cost = provision("model_rules", "unit_cost")
    assert isinstance(cost, tree.Parameter)
    (amended,) = cost.amendments
    assert (amended.since.value, amended.notes[0].kind) == (date(2026, 1, 1), "cites")
    assert said(amended.value) == "((1_300 USD per person) per year)"
    left = only("  parameter p = left to meeting between 2 and 5")
    assert isinstance(left, tree.Parameter)
    assert isinstance(left.value, tree.LeftTo)
    assert left.value.otherwise is None
    similarity = provision("model_rules", "similarity")
    assert isinstance(similarity, tree.Parameter)
    assert isinstance(similarity.value, tree.LeftTo)
    assert said(similarity.value.otherwise) == "10%"


def test_criteria_scales_and_funds():
    hosting = provision("model_rules", "hosting")
    assert isinstance(hosting, tree.Criteria)
    assert (hosting.kind, hosting.rows[0].name.text) == ("in order", "physical_security")
    assert hosting.rows[0].least is not None
    assert hosting.similar is not None
    assert hosting.informed is not None
    weighted = only("  criteria c by weight\n    60% a : x from 0 to 1\n    40% b : y from 1 to 0, at least 2")
    assert isinstance(weighted, tree.Criteria)
    assert [row.weight and row.weight.value for row in weighted.rows] == [Fraction(3, 5), Fraction(2, 5)]
    tax = provision("equal_quotas", "tax")
    assert isinstance(tax, tree.Scale)
    assert (tax.kind, [row.kind for row in tax.rows]) == ("marginal", ["up to", "up to", "otherwise"])
    fund = provision("model_rules", "preparedness")
    assert isinstance(fund, tree.Fund)
    assert (fund.fed[0].by.text, said(fund.fed[0].due)) == ("quiet_contributions", "(90 days after call)")
    assert (fund.suspends[0].name.text, said(fund.reserves[0].amount)) == ("suspended", "5%")


def test_the_header_holds_what_is_written():
    policy = parse(
        Source("t", 'policy t "T"\n  clock "Europe/Vienna"\n  in force from 2026-01-01\n  based on "m"\n')
    ).tree
    assert policy.header is not None
    assert [(line.word, said(line.value)) for line in policy.header.lines] == [
        ("clock", '"Europe/Vienna"'), ("in force", "2026-01-01"), ("based on", '"m"'),
    ]  # fmt: skip


def test_departures_from_a_model():
    items = read("lake_group").items
    kinds = [(item.kind, str(item.number), item.article is None) for item in items if isinstance(item, tree.Departure)]
    assert kinds == [("replace", "7", False), ("delete", "4", True), ("add", "4 bis", False)]
    assert [note.kind for item in items if isinstance(item, tree.Departure) for note in item.notes] == ["because"]


def test_words_as_adopted_are_joined_and_numbered():
    article = next(
        item for item in read("osce_emergency").items if isinstance(item, tree.Article) and item.number.number == 2
    )
    words = article.lines[0]
    assert isinstance(words, tree.Prose)
    assert words.paragraph == 1
    assert words.text.startswith("Any participating State may ask")
    assert "within the shortest possible time" in words.text


def test_examples_hold_facts_events_and_expectations():
    example = read("osce_emergency").items[-2]
    assert isinstance(example, tree.Example)
    first, _, third = example.given
    assert isinstance(first, tree.GivenEvent)
    assert (first.step.text, [said(one) for one in first.by], first.fields[0][0].text) == (
        "clarification",
        ["ALB"],
        "addressee",
    )
    assert isinstance(third, tree.GivenEvent)
    assert (third.ordinal, third.step.text) == (12, "seconding")
    parsed = parse(
        Source(
            "t",
            f'{HEADER}example "E"\n  at 2026-02-01\n  given x in 2014 = 3 cites "Table 1"\n'
            "  given a : persons, b : state\n"
            "    AUT : 1, missing\n    families : 2, BEL\n"
            "  expect q of AUT = 3 persons within 1 person because Art. 17(2)(b), Art. 4 bis\n",
        )
    )
    assert parsed.problems == ()
    (example,) = parsed.tree.items
    assert isinstance(example, tree.Example)
    assert example.at is not None
    given, table = example.given
    assert isinstance(given, tree.Given)
    assert given.notes[0].text == "Table 1"
    assert isinstance(table, tree.GivenTable)
    assert [row.code.text for row in table.rows] == ["AUT", "families"]
    assert isinstance(table.rows[0].cells[1], tree.Ident)
    (expect,) = example.expect
    assert said(expect.within) == "1 person"
    assert [(note.kind, note.text) for note in expect.grounds] == [
        ("because", "Art. 17(2)(b)"),
        ("because", "Art. 4 bis"),
    ]
