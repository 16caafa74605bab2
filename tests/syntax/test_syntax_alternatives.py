"""Drafts: alternatives in an article and for whole articles, read whole, and block by block where one has a fault."""

import pytest

from policy_dsl.source import Source
from policy_dsl.syntax import Parsed, parse, tree

DRAFT = """policy lake "Lake"
  language 1
  version "draft"
  authority "x"
  in force from 2026-01-01
  currency USD

article 1 "Members"
  > The members.
  tier core "Members"
    BDI, RWA, TZA

article 2 "Rate"
  (1) > There is a rate.
  alternative A "Low" proposed by BDI, secretariat, "the Chair"
    because "It can be borne."
    (2) > It is one tenth.
    parameter rate "Rate" = 10%
    define doubled "Doubled" = 2 * rate
  alternative high with C proposed by TZA
    (2) > It is one fifth.
    parameter rate "Rate" = 20%
  (3) > It is reviewed.
  define of_all "Of all" = rate

alternative C
  article 3 "Review"
    > There is a review.
    define reviewed "Reviewed" = rate
  example "It is reviewed"
    expect reviewed = rate
alternative D
  none
"""


def read(text: str = DRAFT) -> Parsed:
    return parse(Source("t.policy", text))


def told(parsed: Parsed) -> list[tuple[str, str]]:
    return [(each.code, each.span.text if each.span else "") for each in parsed.problems]


def article(parsed: Parsed, number: int) -> tree.Article:
    return next(each for each in parsed.tree.items if isinstance(each, tree.Article) and each.number.number == number)


def shape(lines: tuple[tree.Node, ...]) -> list[str]:
    return [type(line).__name__ for line in lines]


def test_an_alternative_says_its_name_its_title_its_ties_who_proposes_it_why_and_what():
    parsed = read()
    assert told(parsed) == []
    low, high = (line for line in article(parsed, 2).lines if isinstance(line, tree.Alternative))
    assert (low.name.text, low.title, low.ties) == ("A", "Low", ())
    assert [who.value if isinstance(who, tree.Text) else who.text for who in low.proposers] == [
        "BDI", "secretariat", "the Chair",
    ]  # fmt: skip
    assert [(each.kind, each.text) for each in low.notes] == [("because", "It can be borne.")]
    assert shape(low.lines) == ["Prose", "Parameter", "Define"]
    assert (high.name.text, high.title, [tie.text for tie in high.ties]) == ("high", "", ["C"])
    assert shape(article(parsed, 2).lines) == ["Prose", "Alternative", "Alternative", "Prose", "Define"]


def test_an_alternative_may_propose_whole_articles_with_examples_or_no_text():
    first, second = (item for item in read().tree.items if isinstance(item, tree.Alternative))
    assert shape(first.lines) == ["Article", "Example"]
    assert second.lines == ()
    assert tree.is_draft(read().tree)
    assert not tree.is_draft(read(DRAFT[: DRAFT.index("article 2")]).tree)


@pytest.mark.parametrize("opening", ["replace", "add"])
def test_a_departure_may_be_open_inside_and_be_proposed_as_a_whole(opening: str):
    inside = f'{opening} article 2 "Rate"\n  alternative A\n    > One.\n    define x = 1\n  alternative B\n    none\n'
    whole = f'alternative A\n  {opening} article 2 "Rate"\n    > One.\n    define x = 1\n'
    whole += "alternative B\n  delete article 2\n"
    header = DRAFT[: DRAFT.index("article 1")].replace("  currency", '  based on "m.policy"\n  currency')
    for text in (inside, whole):
        parsed = read(header + text)
        assert told(parsed) == []
        assert tree.is_draft(parsed.tree)


# A change of the draft, what is said, and how many of the alternatives' lines are still read.
FAULTS = [
    ("parameter rate \"Rate\" = 10%", "parameter rate \"Rate\" 10%", [("PD147", "10")], 6),
    ("define doubled", "defin doubled", [("PD124", "defin")], 6),
    ("    (2) > It is one fifth.", "    It is one fifth.", [("PD129", "It is one fifth.")], 6),
    ("    define reviewed", "    defin reviewed", [("PD124", "defin")], 7),
    ("  example \"It is reviewed\"", "  exampl \"It is reviewed\"", [("PD124", "exampl")], 6),
    ("  none", "  nonee", [("PD124", "nonee")], 7),
    ("alternative A \"Low\"", "alternative \"Low\"", [("PD199", '"Low"')], 4),
    ("alternative A \"Low\"", "alternative Low", [("PD112", "Low")], 4),
    ("proposed by TZA", "proposed by TZA:", [("PD199", ":")], 5),
    ("alternative C\n", "alternativ C\n", [("PD124", "alternativ")], 5),
    ("  alternative high", "  alternatives high", [("PD124", "alternatives"), ("PD103", "parameter")], 5),
    ("    define doubled", "    alternative B\n      define doubled", [("PD199", "alternative")], 6),
]  # fmt: skip


@pytest.mark.parametrize(("change", "into", "said", "lines"), FAULTS, ids=[f"{a[:20]}→{b[:20]}" for a, b, *_ in FAULTS])
def test_a_fault_in_one_block_leaves_the_others_served(change: str, into: str, said: list[tuple[str, str]], lines: int):
    parsed = read(DRAFT.replace(change, into, 1))
    assert told(parsed) == said
    places = [*parsed.tree.items, *article(parsed, 2).lines]
    kept = [line for each in places if isinstance(each, tree.Alternative) for line in each.lines]
    assert sum(not isinstance(line, tree.Broken) for line in kept) == lines
    assert shape(article(parsed, 1).lines) == ["Prose", "SetOf"]
    assert shape(article(parsed, 2).lines)[-2:] == ["Prose", "Define"]


@pytest.mark.parametrize(
    ("body", "does"), [("  none\n  > Words.\n", "does both"), ('  because "Why."\n', "does neither")]
)
def test_an_alternative_proposes_text_or_says_none(body: str, does: str):
    inner = "".join(f"  {line}\n" for line in body.splitlines())
    text = DRAFT.replace('  alternative A "Low"', f'  alternative X\n{inner}  alternative A "Low"')
    parsed = read(text)
    assert told(parsed) == [("PD181", "X")]
    assert parsed.problems[0].params["does"] == does


def test_an_alternative_without_lines_asks_for_them():
    parsed = read(DRAFT.replace("alternative D\n  none\n", "alternative D\n"))
    assert told(parsed) == [("PD104", "alternative D")]


@pytest.mark.parametrize("letter", ["A", "C", "I", "M", "X"])
def test_a_name_may_be_any_capital_letter_be_it_a_roman_number(letter: str):
    parsed = read(DRAFT.replace("alternative A ", f"alternative {letter} "))
    assert told(parsed) == []


@pytest.mark.parametrize("word", ["alternative", "proposed", "with"])
def test_the_words_of_an_alternative_may_be_names(word: str):
    parsed = read(DRAFT.replace("doubled", word))
    assert told(parsed) == []
