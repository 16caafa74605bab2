"""Each fault of form has its own message, at exactly its own place."""

import re
from importlib import resources

import pytest

from policy_dsl.diagnostics.catalogue import entries, filled
from policy_dsl.diagnostics.pages import page
from policy_dsl.source import Source
from policy_dsl.syntax import parse

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

"""
KEY = "  key k\n    40% {} share of x\n    60% : share of y"
# What is said of a draft as a whole is found when its alternatives are chosen, and tried where that is.
DRAFTS = {"PD180", "PD182", "PD183", "PD184", "PD185", "PD186", "PD187", "PD188", "PD189"}
CODES = [code for code in entries() if code.startswith("PD1") and code not in DRAFTS]

# In the lines of an article: the code, what is underlined, the lines.
IN_AN_ARTICLE = [
    ("PD101", "\t", '  tier a "A"\n\tdefine x = 1'),
    ("PD101", "\t\t", '  tier a "A"\n\t\trequires b'),
    ("PD102", "60", "  key k\n      40% : a\n    60% : b"),
    ("PD102", "define", '  tier a "A"\n  tier b "B"\n define x = 1'),
    ("PD103", "define", "  define x = 1\n    define y = 2"),
    ("PD103", "AUT", '  example "E"\n    given x = 1\n    given y : km, z : km\n      BEL : 1, 2\n        AUT : 3, 4'),
    ("PD104", 'key k "K"', '  key k "K"\n  define x = 1'),
    ("PD104", "duty d", "  define x = 1\n  duty d"),
    ("PD104", "indicators for the case", "  indicators for the case\n  define x = 1"),
    ("PD105", "0,5", "  parameter x = 0,5"),
    ("PD105", "2,25", "  define x = max(2,25 * a, b)"),
    ("PD106", "1,000", "  parameter x = 1,000 USD"),
    ("PD106", "1,250,000.5", "  parameter x = 1,250,000.5 USD"),
    ("PD106", "50 000", "  parameter x = 50 000 USD"),
    ("PD106", "50\u00a0000", "  parameter x = 50\u00a0000 USD"),
    ("PD107", "40 %", "  parameter x = 40 %"),
    ("PD107", "40 %", "  key k\n    40 % : share of x"),
    ("PD108", "40 percent", "  parameter x = 40 percent"),
    ("PD108", "40 per cent", "  parameter x = 40 per cent"),
    ("PD108", "2.5 percent", "  parameter x = 2.5 percent of y"),
    ("PD109", '"A', '  tier a "A'),
    ("PD109", '"Because of that.', '  define x = 3 because "Because of that.\n  define y = 2'),
    ("PD110", "“A”", "  tier a “A”"),
    ("PD110", "„A“", "  tier a „A“"),
    ("PD110", "'A'", "  tier a 'A'"),
    ("PD111", "share", "  define share = 3"),
    ("PD111", "index", "  define x = index * 2"),
    ("PD111", "last", "  indicators for each member\n    last : persons"),
    ("PD111", "where", '  tier where "A"'),
    ("PD112", "gdpPerHead", "  define gdpPerHead = 3"),
    ("PD112", "Population", "  define x = Population * 2"),
    ("PD112", "GDP", "  define GDP = 2"),
    ("PD112", "UNHCR", '  participant UNHCR "UNHCR"\n    as secretariat'),
    ("PD113", "share", KEY.format("")),
    ("PD113", "=", KEY.format("=")),
    ("PD113", "persons", '  indicators for each member\n    x persons "X"'),
    ("PD113", "x", "  guarantee g x >= 3"),
    ("PD114", "==", "  guarantee g : x == 3"),
    ("PD115", "=>", "  guarantee g : x => 3"),
    ("PD115", "=<", "  guarantee g : x =< 3"),
    ("PD115", "≥", "  guarantee g : x ≥ 3"),
    ("PD115", "≠", "  guarantee g : x ≠ 3"),
    ("PD115", "!=", "  guarantee g : x != 3"),
    ("PD116", "&&", "  guarantee g : x > 3 && y > 2"),
    ("PD116", "||", "  guarantee g : x > 3 || y > 2"),
    ("PD116", "!", "  guarantee g : !x"),
    ("PD117", ";", "  define x = 3;"),
    ("PD117", "{", "  key k {\n    50% : x\n  }"),
    ("PD118", "1.000.5", "  define x = 1.000.5"),
    ("PD119", "a / 2/3", "  define x = a / 2/3"),
    ("PD119", "2/3/4", "  define x = 2/3/4"),
    ("PD119", "a^2/3", "  define x = a^2/3"),
    ("PD122", "2026-02-30", "  parameter x = 3\n    from 2026-02-30 : 4"),
    ("PD122", "2026-13-01T25:00Z", "  define x = 2026-13-01T25:00Z"),
    ("PD123", "2026/07/01", "  parameter x = 3\n    from 2026/07/01 : 4"),
    ("PD123", "2026-7-1", "  define x = 2026-7-1"),
    ("PD123", "2026-07-01T10:00", "  define x = 2026-07-01T10:00"),
    ("PD123", "2026-07-01 10:00", "  define x = 2026-07-01 10:00"),
    ("PD123", "July 1, 2026", "  parameter x = 3\n    from July 1, 2026 : 4"),
    ("PD124", "aportion", '  aportion q "Q"\n    total 3'),
    ("PD124", "roundng", '  apportion q "Q"\n    roundng largest_remainder'),
    ("PD124", "rset", '  key q "Q"\n    rset by size'),
    ("PD124", "Tier", '  Tier a "A"'),
    ("PD127", '"yes"', '  define x = "yes"'),
    ("PD128", "given", "  given x = 3"),
    ("PD128", "expect", '  tier a "A"\n  expect x = 3'),
    ("PD129", "(1) The members shall meet.", '  (1) The members shall meet.\n  tier a "A"'),
    ("PD129", "The members shall meet.", '  tier a "A"\n  The members shall meet.'),
    ("PD130", "total", "  apportion q\n    total 3\n    total 4"),
    ("PD130", "not after", "  procedure p\n    step s\n      not after x\n      by members\n      not after y"),
    ("PD130", "supplied by", "  indicators for the case\n    x : km, supplied by a, supplied by b"),
    ("PD132", "participant a", '  participant a\n    as secretariat'),
    ("PD134", "(", "  define x = (a + b\n  define y = 2"),
    ("PD134", "(", "  define x = a * (b + (c - d)\n    because \"…\""),
    ("PD135", "(" * 20, "  define x = " + "(" * 150 + "a" + ")" * 150),
    ("PD135", "a + a + a", "  define x = a" + " + a" * 200),
    ("PD135", "not not not not", "  define x = " + "not " * 150 + "a"),
    ("PD136", "\u00a0", "  define x =\u00a03"),
    ("PD136", "\u200b", "  define x = a\u200bb"),
    ("PD136", "\0", "  define x = \0"),
    ("PD137", "  define x = a + a", "  define x = " + "a + " * 3000 + "a"),
    ("PD138", "9" * 20, "  define x = " + "9" * 200),
    ("PD139", "2/0", "  define x = 2/0"),
    ("PD141", "inner-core", '  tier inner-core "A"'),
    ("PD141", "élan", '  tier élan "A"'),
    ("PD141", "réserve", "  define réserve = 1"),
    ("PD141", "2nd_tier", '  tier 2nd_tier "A"'),
    ("PD142", ")", "  define x = a + b)"),
    ("PD143", "×", "  define x = a × b"),
    ("PD143", "–", "  define x = mean of a over 2010–2014"),
    ("PD144", "the reason", "  define x = 1 because the reason"),
    ("PD145", "+", "  define x = 3 +"),
    ("PD145", "=", "  define x ="),
    ("PD145", "and", "  procedure p\n    step s\n      requires x and"),
    ("PD146", "Austria", "  set x\n    Austria, BEL"),
    ("PD146", "aut", "  set x\n    aut, BEL"),
    ("PD147", "3", "  define x 3"),
    ("PD147", ":", "  parameter x : 3"),
    ("PD148", "total", '  tier a "A"\n  total 3'),
    ("PD148", "quorum", "  duty d\n    quorum 3"),
    ("PD199", "b", "  define x = a b"),
    ("PD149", ": b", "  guarantee g\n    : b"),
    ("PD149", "b > 3", '  guarantee g "G" :\n    b > 3'),
    ("PD149", ">= 3", "  guarantee g : b\n    >= 3"),
    ("PD149", "share of b", "  key k\n    40% :\n      share of b\n    60% : c"),
    ("PD149", "b + 2", "  define x =\n    b + 2"),
    ("PD150", "if b then 2 else 3", "  define x = a + if b then 2 else 3 because \"…\""),
    ("PD150", "if b then 2 else 3", "  guarantee g : (a = if b then 2 else 3)"),
    ("PD151", "sum population", "  define x = sum population"),
    ("PD151", "a < b < c", "  guarantee g : a < b < c"),
    ("PD153", "m", "  define x = count of (members m where y of m > y of member)"),
    ("PD153", "m", "  define x = count of (each member m where y of m > y of member)"),
    ("PD181", "A", '  alternative A\n    because "x"\n  alternative B\n    none'),
    ("PD181", "A", "  alternative A\n    none\n    > Words.\n  alternative B\n    none"),
    ("PD152", '"A title"', '  duty "A title"\n    binds a'),
    ("PD199", '"B"', '  tier a "A" "B"'),
]  # fmt: skip

ARTICLE = 'article 1 "A"\n  tier a "A"\n'

# Whole files.
IN_A_FILE = [
    ("PD103", "policy", '  policy t "T"\n    language 1\n'),
    ("PD104", 'policy t "T"', 'policy t "T"\nlanguage 1\nversion "1"\n'),
    ("PD104", 'article 1 "A"', HEADER + 'article 1 "A"\ntier a "A"\n'),
    ("PD120", "", ""),
    ("PD120", "", "\n# nothing\n\n"),
    ("PD120", 'article 1 "A"', ARTICLE),
    ("PD121", 'policy t "T"', HEADER + ARTICLE + HEADER),
    ("PD122", "2026-02-30", HEADER.replace("2026-01-01", "2026-02-30")),
    ("PD123", "1.7.2026", HEADER.replace("2026-01-01", "1.7.2026")),
    ("PD123", "01/07/2026", HEADER.replace("2026-01-01", "01/07/2026")),
    ("PD123", "1 July 2026", HEADER.replace("2026-01-01", "1 July 2026")),
    ("PD124", "artcle", HEADER + 'artcle 1 "A"\n  tier a "A"\n'),
    ("PD125", "copyright", HEADER.replace("version", "copyright")),
    ("PD125", "verzion", HEADER.replace("version", "verzion")),
    ("PD126", "tier", HEADER + 'tier a "A"\n'),
    ("PD126", "> Words.", HEADER + "> Words.\n"),
    ("PD126", "currency", HEADER + ARTICLE + "currency EUR\n"),
    ("PD190", "=======", HEADER + ARTICLE + "  define x = 1\n=======\n  define y = 2\n"),
    ("PD190", "<<<<<<< ours", HEADER + ARTICLE + "<<<<<<< ours\n"),
    ("PD128", "expect", HEADER + "expect x = 3\n"),
    ("PD129", "The members shall meet.", HEADER + ARTICLE + "\nThe members shall meet.\n"),
    ("PD131", 'article 1 "A"', ARTICLE + "\n" + HEADER),
    ("PD132", "article 1", HEADER + 'article 1\n  tier a "A"\n'),
    ("PD132", "part II", HEADER + "part II\n\n" + ARTICLE),
    ("PD133", 'article 1 "A"', HEADER + 'article 1 "A"\n'),
    ("PD140", "1.2", HEADER + 'article 1.2 "A"\n  tier a "A"\n'),
    ("PD144", "Members", HEADER + 'article 1 Members\n  tier a "A"\n'),
    ("PD144", "1.0", HEADER.replace('"1"', "1.0")),
    ("PD112", "LakeGroup", HEADER.replace("policy t", "policy LakeGroup")),
]

CASES = [(code, under, f'{HEADER}article 1 "A"\n{body}\n') for code, under, body in IN_AN_ARTICLE] + IN_A_FILE


@pytest.mark.parametrize(("code", "under", "text"), CASES, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(CASES)])
def test_a_fault_has_its_message_at_its_place(code: str, under: str, text: str):
    problems = parse(Source("t", text)).problems
    assert [problem.code for problem in problems] == [code]
    span = problems[0].span
    assert span is not None
    if len(under) >= 9 and len(span.text) > len(under) and code in ("PD135", "PD137", "PD138"):
        assert span.text.startswith(under)
    else:
        assert span.text == under


@pytest.mark.parametrize(("code", "under", "text"), CASES, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(CASES)])
def test_every_slot_of_a_message_is_filled(code: str, under: str, text: str):
    for problem in parse(Source("t", text)).problems:
        entry = entries()[problem.code]
        words = filled(entry.message, problem.params) + filled(entry.help, problem.params)
        assert not re.search(r"\{[a-z]+\}", words)
        assert not re.search(r"token|_NL|INDENT|LALR|parse", words)


@pytest.mark.parametrize(("code", "under", "text"), CASES, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(CASES)])
def test_the_ends_of_lines_of_another_system_change_no_message(code: str, under: str, text: str):
    other = text.replace("\r\n", "\n").replace("\n", "\r\n")
    assert [problem.code for problem in parse(Source("t", other)).problems] == [code]


def test_every_code_of_the_syntax_is_tried():
    assert sorted({code for code, _, _ in CASES}) == CODES


def test_no_more_than_five_things_are_named():
    for _, _, text in CASES:
        for problem in parse(Source("t", text)).problems:
            assert problem.params.get("expected", "").count(", ") <= 4


@pytest.mark.parametrize("code", CODES)
def test_the_page_shows_the_fault_and_its_mend(code: str):
    assert (resources.files("policy_dsl.diagnostics") / "pages" / f"{code}.md").is_file()
    parts = re.split(r"^## (.*)$", page(code) or "", flags=re.MULTILINE)
    found = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert list(found) == ["Wrong", "Mended"]
    for title, expected in (("Wrong", [code]), ("Mended", [])):
        (text,) = re.findall(r"^```policy\n(.*?)^```$", found[title], re.MULTILINE | re.DOTALL)
        source = Source("page", text if text.startswith("policy ") else HEADER + text)
        assert [problem.code for problem in parse(source).problems] == expected


@pytest.mark.parametrize(
    "body",
    [
        '  > Words with ; { } “quotes” and 1,000 or 40 % in them.\n  tier a "A"',
        '  tier a "Words with ; { } “quotes” and 1,000 or 40 % in them."',
        "  define x = 1 # a comment with ; { } “quotes” and 1,000 or 40 %",
        "  define x = max(1, 25)",
        "  define x = a\n    # between\n\n    + b",
        "  define x = (a\n+ b)",
        "  define x = (a +\n      b) * 2",
        "  guarantee g : if a then b\n    else c",
    ],
)
def test_what_only_looks_like_a_fault_is_none(body: str):
    assert parse(Source("t", f'{HEADER}article 1 "A"\n{body}\n')).problems == ()
