"""Which alternatives fit together, in which order, and how the text reads under each."""

from itertools import islice, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_dsl.receipts.rules import rules_digest, seals, words_digest
from policy_dsl.resolve import resolve
from policy_dsl.resolve.alternatives import (
    as_read,
    chosen,
    combinations,
    faults,
    how_many,
    names_given,
    places,
    ways_to_choose,
)
from policy_dsl.source import Source
from policy_dsl.syntax import Parsed, parse, tree

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD

article 1 "Members"
  > The members.
  tier core "Members"
    BDI, RWA

"""


def draft(*open_: str) -> tree.PolicyFile:
    """A draft with an article for each of the places, as "A B" or "A B>X" (B only with X)."""
    text = HEADER
    for number, names in enumerate(open_, 2):
        text += f'article {number} "Open"\n  > Words.\n'
        for at, name in enumerate(names.split()):
            own, _, tie = name.partition(">")
            text += f"  alternative {own}{f' with {tie}' if tie else ''}\n"
            text += f'    define x{number} "X" = {at + 1}\n'
    parsed = parse(Source("t.policy", text))
    assert parsed.problems == ()
    return parsed.tree


def named(*open_: str, held: tuple[str, ...] = (), first: tuple[str, ...] = ()) -> list[str]:
    return [each.name for each in combinations(places(draft(*open_)), held, first)]


CASES = [
    # One place: each alternative by itself.
    (["A B"], ["A", "B"]),
    (["A B C"], ["A", "B", "C"]),
    # Names of their own: each place is chosen by itself, and the first few take every alternative once.
    (["A B", "C D"], ["A + C", "B + C", "A + D", "B + D"]),
    (["A B", "C D E"], ["A + C", "B + C", "A + D", "A + E", "B + D", "B + E"]),
    # The same names: everywhere or nowhere.
    (["A B", "A B"], ["A", "B"]),
    (["A B", "A B", "C D"], ["A + C", "B + C", "A + D", "B + D"]),
    # A name that another place lacks stands beside names that are taken there, and so is taken with none of them.
    (["A B", "A C"], ["A", "B + C"]),
    (["A B", "B C"], ["A + C", "B"]),
    (["A B C", "A B", "B C"], ["B"]),
    (["A B", "B C", "A C"], []),
    (["A B", "A B C"], ["A", "B"]),
    # `with` ties a name to one of another place.
    (["A B", "C D>A"], ["A + C", "A + D", "B + C"]),
    (["A B", "C>A D>B"], ["A + C", "B + D"]),
    (["A B", "C D>A", "E F>D"], ["A + C + E", "A + D + E", "A + D + F", "B + C + E"]),
    (["A B", "C D", "E>A F"], ["A + C + E", "A + D + E", "A + C + F", "B + C + F", "A + D + F", "B + D + F"]),
]


@pytest.mark.parametrize(("open_", "names"), CASES, ids=[" | ".join(each) for each, _ in CASES])
def test_the_combinations_in_their_order(open_: list[str], names: list[str]):
    found = named(*open_)
    if open_ == ["A B", "C D", "E>A F"]:
        assert sorted(found) == sorted(names)
        assert found[0] == names[0]
    else:
        assert found == names
    assert how_many(places(draft(*open_))) == len(names)


@pytest.mark.parametrize(
    ("open_", "held", "first", "names"),
    [
        (["A B", "C D"], ("D",), (), ["A + D", "B + D"]),
        (["A B", "C D"], ("B", "D"), (), ["B + D"]),
        (["A B", "C D>A"], ("D", "B"), (), []),
        (["A B", "A B"], ("B",), (), ["B"]),
        (["A B", "C D"], (), ("D",), ["A + D", "B + D", "A + C", "B + C"]),
        (["A B", "C D"], ("A",), ("D",), ["A + D", "A + C"]),
    ],
)
def test_names_that_are_held_and_those_that_come_first(open_, held, first, names):
    assert named(*open_, held=held, first=first) == names


PLACES = st.lists(
    st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=3, unique=True).map(" ".join), min_size=1, max_size=4
)


@given(PLACES)
def test_a_combination_takes_one_alternative_at_each_place_and_all_are_found(open_: list[str]):
    names = sorted({name for place in open_ for name in place.split()})
    fitting = {
        frozenset(taken)
        for size in product((False, True), repeat=len(names))
        if (taken := {name for name, yes in zip(names, size, strict=True) if yes}) is not None
        and all(len(taken & set(place.split())) == 1 for place in open_)
    }
    found = [frozenset(each.taken) for each in combinations(places(draft(*open_)))]
    assert len(found) == len(set(found)) == how_many(places(draft(*open_)))
    assert set(found) == fitting


@given(PLACES)
def test_the_first_few_take_every_alternative_that_can_be_taken(open_: list[str]):
    found = places(draft(*open_))
    ways = ways_to_choose(found)
    fitting = {name for way in ways for names in way for name in names}
    few = 1 + sum(len(way) - 1 for way in ways)
    taken = {name for each in islice(combinations(found), few) for name in each.taken}
    assert not how_many(found) or taken == fitting


TWENTY = [f"a{n} b{n}" for n in range(20)]


def test_a_million_combinations_are_counted_and_the_first_few_given():
    found = places(draft(*TWENTY))
    assert how_many(found) == 2**20
    few = list(islice(combinations(found), 3))
    assert few[0].taken == tuple(f"a{n}" for n in range(20))
    assert few[1].taken == ("b0", *(f"a{n}" for n in range(1, 20)))


# ---- the text under a combination ------------------------------------------------------------------------------------

OPEN = """article 2 "Rate"
  (1) > There is a rate.
  alternative A proposed by BDI
    (2) > It is one tenth.
    parameter rate "Rate" = 10%
  alternative B proposed by RWA
    (2) > It is one fifth.
    parameter rate "Rate" = 20%
    define doubled "Doubled" = 2 * rate
  (3) > It is told.
  define told "Told" = rate

alternative A
  article 3 "Review"
    > It is reviewed.
    define reviewed "Reviewed" = rate
alternative B
  none

article 4 "Only here"
  alternative C
    > Words.
    define more "More" = rate
  alternative D
    none
"""

READ = {
    ("A", "C"): """article 2 "Rate"
  (1) > There is a rate.
  (2) > It is one tenth.
  parameter rate "Rate" = 10%
  (3) > It is told.
  define told "Told" = rate

article 3 "Review"
  > It is reviewed.
  define reviewed "Reviewed" = rate

article 4 "Only here"
  > Words.
  define more "More" = rate
""",
    ("B", "D"): """article 2 "Rate"
  (1) > There is a rate.
  (2) > It is one fifth.
  parameter rate "Rate" = 20%
  define doubled "Doubled" = 2 * rate
  (3) > It is told.
  define told "Told" = rate
""",
}


@pytest.mark.parametrize("taken", READ, ids="+".join)
def test_a_chosen_text_is_the_text_that_would_be_adopted(taken: tuple[str, ...]):
    file = chosen(parse(Source("t.policy", HEADER + OPEN)).tree, taken)
    adopted = parse(Source("t.policy", HEADER + READ[taken]))
    assert tree.same(file.items, adopted.tree.items)
    assert not tree.is_draft(file)
    law = [item for item in file.items if isinstance(item, tree.Article)]
    assert "\n\n".join(map(as_read, law[1:])) + "\n" == READ[taken]


@pytest.mark.parametrize("taken", READ, ids="+".join)
def test_a_chosen_text_has_the_digests_of_the_text_that_would_be_adopted(taken: tuple[str, ...]):
    digests = []
    for parsed in (
        Parsed(chosen(parse(Source("t.policy", HEADER + OPEN)).tree, taken), ()),
        parse(Source("t.policy", HEADER + READ[taken])),
    ):
        program = resolve(parsed, lambda path, _: None).program
        assert program is not None
        sealed = seals(program)
        digests.append((rules_digest(sealed), words_digest(sealed)))
    assert digests[0] == digests[1]


def test_where_the_text_is_open_and_what_the_alternatives_name():
    open_ = places(parse(Source("t.policy", HEADER + OPEN)).tree)
    assert [(each.where, each.names) for each in open_] == [
        ("Art. 2", ("A", "B")), ("", ("A", "B")), ("Art. 4", ("C", "D")),
    ]  # fmt: skip
    assert names_given(open_) == {"rate", "doubled", "reviewed", "more"}


# ---- faults ----------------------------------------------------------------------------------------------------------

FAULTS = [
    (["A"], [("PD182", "A")]),
    (["A A"], [("PD183", "A")]),
    (["A B A"], [("PD183", "A")]),
    (["A B", "A B C"], [("PD184", "C")]),
    (["A B", "B C", "A C"], [("PD184", "A"), ("PD184", "B"), ("PD184", "C")]),
    (["A B C", "A B", "B C"], [("PD184", "A"), ("PD184", "C")]),
    (["A B>A"], [("PD185", "A")]),
    (["A B>Z", "C D"], [("PD185", "Z")]),
    (["A B", "C D>A"], []),
]


@pytest.mark.parametrize(("open_", "said"), FAULTS, ids=[" | ".join(each) for each, _ in FAULTS])
def test_alternatives_that_can_not_be_chosen(open_: list[str], said: list[tuple[str, str]]):
    found = faults(places(draft(*open_)))
    assert [(each.code, each.span.text) for each in found if each.span] == said


def test_one_that_stands_beside_an_unreadable_one_is_not_alone():
    text = HEADER + 'article 2 "X"\n  alternative A\n    > W.\n    define x = 1\n  alternative "B"\n    none\n'
    parsed = parse(Source("t.policy", text))
    assert [each.code for each in parsed.problems] == ["PD199"]
    assert faults(places(parsed.tree)) == ()
