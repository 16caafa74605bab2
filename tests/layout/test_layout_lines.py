"""The canonical layout, line by line: each row is a text as a drafter might type it, and the same laid out."""

# ruff: noqa: E501 -- a line too long is what many rows are about
from __future__ import annotations

import textwrap

import pytest

from policy_dsl.layout import formatted, printed, read
from policy_dsl.source import Source, Span
from policy_dsl.syntax import tree

HEADER = """\
policy t "T"
  language  1
  version   "1"
  authority "x"
  in force  from 2026-01-01
  currency  USD

"""


def laid_out(text: str) -> str:
    return formatted(read(Source("t.policy", text)))


def in_article(text: str) -> str:
    """Lines of an article, laid out."""
    given = HEADER + 'article 1 "A"\n' + textwrap.indent(textwrap.dedent(text), "    ")
    assert read(Source("t.policy", given)).problems == ()
    whole = laid_out(given)
    assert whole.startswith(HEADER + 'article 1 "A"\n')
    return textwrap.dedent(whole.removeprefix(HEADER + 'article 1 "A"\n'))


ROWS = {
    "blanks between signs": (
        "define  x=max( a ,b )*-c  +(d/2)\n",
        "define x = max(a, b) * -c + (d / 2)\n",
    ),
    "figures, percentages and fractions stay as they are written": (
        "define x = 5000 + 5_000 + 5000.50 + 40% of a + 2/3 of b + 007\n",
        "define x = 5000 + 5_000 + 5000.50 + 40% of a + 2/3 of b + 007\n",
    ),
    "parentheses that a drafter sets for clearness stay": (
        "define x = (a * b) + ((c))\n",
        "define x = (a * b) + ((c))\n",
    ),
    "up is a function before a parenthesis": (
        "define x = up(a, 1 person)\n",
        "define x = up(a, 1 person)\n",
    ),
    "a line that finds room is joined": (
        "define x\n  = a\n  + b\n",
        "define x = a + b\n",
    ),
    "a definition that finds none is broken before its equals sign": (
        'define long_name_of_a_value "With a title that takes a good part of the line" for each member = first + second\n',
        'define long_name_of_a_value "With a title that takes a good part of the line" for each member\n'
        "  = first + second\n",
    ),
    "a sum fills its lines": (
        "define x = " + " + ".join(f"a_rather_long_name_{n}" for n in range(8)) + "\n",
        "define x\n"
        "  = a_rather_long_name_0 + a_rather_long_name_1 + a_rather_long_name_2 + a_rather_long_name_3\n"
        "    + a_rather_long_name_4 + a_rather_long_name_5 + a_rather_long_name_6 + a_rather_long_name_7\n",
    ),
    "conditions stand on a line each": (
        "duty d\n  when count of first_of_the_conditions > 1 and count of second_of_the_conditions > 2 and a_third = no\n",
        "duty d\n"
        "  when count of first_of_the_conditions > 1\n"
        "    and count of second_of_the_conditions > 2\n"
        "    and a_third = no\n",
    ),
    "a choice is broken before else": (
        "define x = if count_of_something > 100 persons then the_value_of_the_first_way else the_value_of_the_other_way\n",
        "define x\n"
        "  = if count_of_something > 100 persons then the_value_of_the_first_way\n"
        "    else the_value_of_the_other_way\n",
    ),
    "what is inside parentheses is opened last": (
        "define x = max(the_first_of_some_rather_long_names, the_second_of_some_rather_long_names, the_third_of_them, the_very_last_one)\n",
        "define x\n"
        "  = max(\n"
        "    the_first_of_some_rather_long_names,\n"
        "    the_second_of_some_rather_long_names,\n"
        "    the_third_of_them,\n"
        "    the_very_last_one\n"
        "  )\n",
    ),
    "between takes its own and along": (
        'indicators for the case\n  a : persons "A title that is long enough to leave no room beside it for more than this", '
        "between 0 persons and 10 persons\n",
        'indicators for the case\n  a : persons "A title that is long enough to leave no room beside it for more than this", '
        "between 0 persons and 10 persons\n",
    ),
    "a reason that finds no room beside goes below": (
        'parameter rate = 20% because "A reason that is long enough to leave no room for itself beside the rate of it."\n',
        "parameter rate = 20%\n"
        '  because "A reason that is long enough to leave no room for itself beside the rate of it."\n',
    ),
    "a reason beside stays beside, one below stays below": (
        'parameter rate = 20%   because "r"  cites "s"\nparameter other = 30%\n      because "r"\n',
        'parameter rate = 20% because "r" cites "s"\nparameter other = 30%\n  because "r"\n',
    ),
    "facts in columns": (
        'indicators for each member\n  a : persons "A",   missing means 0 persons\n  longer : USD per year "B"\n  c : km2\n'
        "  d : yes or no , supplied by q\n",
        'indicators for each member\n  a      : persons      "A", missing means 0 persons\n  longer : USD per year "B"\n'
        "  c      : km2\n  d      : yes or no, supplied by q\n",
    ),
    "the lines of an apportionment in their column": (
        'apportion x "X"\n total a\n among members\n by b\n at  most 50% of total\n then at least 1% of total\n'
        " in bands of c\n rounding largest_remainder to 1 USD\n ties by b\n remainder to none\n",
        'apportion x "X"\n  total    a\n  among    members\n  by       b\n  at most  50% of total\n'
        "  then at least 1% of total\n  in bands of c\n  rounding largest_remainder to 1 USD\n"
        "  ties     by b\n  remainder to none\n",
    ),
    "the lines of a fund in their column": (
        "fund f\n level 1_000 USD\n fed by x, due 2 days after y\n suspends z after 90 days\n",
        "fund f\n  level    1_000 USD\n  fed by   x, due 2 days after y\n  suspends z after 90 days\n",
    ),
    "weights under each other, never deeper than the other lines": (
        "key k\n  5% : a\n  40%: b\n  rest by c\n",
        "key k\n  5%  : a\n  40% : b\n  rest by c\n",
    ),
    "brackets": (
        "scale s on x, marginal\n  up to 1_000 USD : 0%\n  up to 20_000 USD : 0.5%\n  otherwise : 1%\n",
        "scale s on x, marginal\n  up to  1_000 USD : 0%\n  up to 20_000 USD : 0.5%\n  otherwise        : 1%\n",
    ),
    "criteria": (
        "criteria c in order\n  safe : security from 0 to 10, at least 5\n  near : distance_home from 5 km to 0 km\n",
        "criteria c in order\n  safe : security      from 0 to 10, at least 5\n  near : distance_home from 5 km to 0 km\n",
    ),
    "members in as many lines as they need": (
        "tier t\n  " + ", ".join(["AUT"] * 25) + "\n",
        "tier t\n  " + ", ".join(["AUT"] * 19) + "\n  " + ", ".join(["AUT"] * 6) + "\n",
    ),
    "several lines of members are one list where one of them is too long": (
        "tier t\n  " + ", ".join(["AUT"] * 22) + '\n  BEL, DEU\n  FRA from 2026-01-01\n    because "r"\n',
        "tier t\n  "
        + ", ".join(["AUT"] * 19)
        + '\n  AUT, AUT, AUT, BEL, DEU\n  FRA from 2026-01-01\n    because "r"\n',
    ),
    "lines of members that find room stay": (
        "tier t\n  AUT,BEL\n  DEU\n",
        "tier t\n  AUT, BEL\n  DEU\n",
    ),
    "days in as many lines as they need": (
        "calendar c\n  holidays " + ", ".join(["2026-01-01"] * 9) + "\n",
        "calendar c\n  holidays " + ", ".join(["2026-01-01"] * 7) + "\n  holidays 2026-01-01, 2026-01-01\n",
    ),
    "tables of facts: figures to the right": (
        'example "E"\n  given a : persons, b : yes or no, c : persons\n    AUT : 1_000,yes,5\n    EU:20 , no,   missing\n',
        'example "E"\n  given a : persons, b : yes or no, c : persons\n    AUT : 1_000, yes,       5\n'
        "    EU  :    20, no,  missing\n",
    ),
    "what an event records": (
        'example "E"\n  given s at 2026-01-01\n    favour = AUT\n    against= BEL, DEU\n',
        'example "E"\n  given s at 2026-01-01\n    favour  = AUT\n    against = BEL, DEU\n',
    ),
    "words are filled anew": (
        "(1)> Short lines\n> are   joined,\n    > and " + "long ones broken " * 8 + "\n",
        "(1) > Short lines are   joined, and long ones broken long ones broken long ones broken long ones\n"
        "    > broken long ones broken long ones broken long ones broken long ones broken\n",
    ),
    "items of a list of words keep their lines": (
        "> There are:\n> (a) one thing;\n> (b) another\n> that goes on.\n",
        "> There are:\n> (a) one thing;\n> (b) another that goes on.\n",
    ),
    "an empty line is kept between words that would run together": (
        "> One.\n\n\n> Two.\n",
        "> One.\n\n> Two.\n",
    ),
    "an empty line is kept, a second one is not, nor one below a head": (
        "procedure p\n\n  step a\n\n\n  step b\n",
        "procedure p\n  step a\n\n  step b\n",
    ),
    "comments stay above, beside and inside": (
        "# above\nkey k  # beside\n      # deeper\n  1/2 : a   # first\n  # between\n  1/2 : b\n# after\ndefine x = 1\n",
        "# above\nkey k  # beside\n  # deeper\n  1/2 : a  # first\n  # between\n  1/2 : b\n# after\ndefine x = 1\n",
    ),
    "a comment that is deeper than what follows stays with what it stands below": (
        "key k\n  1/2 : a\n  # of the key\nset s\n      # of the set\ndefine x = 1\n",
        "key k\n  1/2 : a\n  # of the key\nset s\n  # of the set\ndefine x = 1\n",
    ),
    "a line with comments inside keeps its breaks": (
        "define x = max(a,  # the first\n         b)   # the second\n      - c # the rest\n",
        "define x = max(a,  # the first\n  b)  # the second\n  - c  # the rest\n",
    ),
    "what settles the ties of a rank stays together": (
        "define x = min( rank of some_long_figure over eligible_members ties by  area_of_it ,then  its_population, the_most_that_anybody_may_have)\n",
        "define x\n  = min(\n    rank of some_long_figure over eligible_members ties by area_of_it, then its_population,\n"
        "    the_most_that_anybody_may_have\n  )\n",
    ),
    "a comparison is not torn for a few signs": (
        "guarantee all_within_bounds : greatest of a_rather_long_name over members + a_second_name <= the_bound_of_it_all\n",
        "guarantee all_within_bounds : greatest of a_rather_long_name over members + a_second_name <= the_bound_of_it_all\n",
    ),
    "long names alone can't be broken": (
        'guarantee kept "A title that is long enough to leave no room beside it for what it promises" : one = another_one\n',
        'guarantee kept "A title that is long enough to leave no room beside it for what it promises" : one\n'
        "  = another_one\n",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_line_is_laid_out(row: str):
    typed, expected = ROWS[row]
    assert in_article(typed) == expected
    assert in_article(expected) == expected


def test_blocks_stand_apart_by_one_line_and_parts_by_two():
    text = (
        '# of the file\npolicy t "T"\n language 1\n # of the header\n\n\npart I "P"\narticle 1 "A"\n  > w\n# of the next\n'
        '\narticle 2 "B"\n\n  > w\n\npart II "Q"\n\n\n\nexample "E"\n    expect x\n\n\n# the end\n\n'
    )
    assert laid_out(text) == (
        '# of the file\npolicy t "T"\n  language  1\n  # of the header\n\n\npart I "P"\n\narticle 1 "A"\n  > w\n\n'
        '# of the next\n\narticle 2 "B"\n  > w\n\n\npart II "Q"\n\nexample "E"\n  expect x\n\n# the end\n'
    )


def test_the_header_in_its_column():
    text = (
        'policy t "T"\n language 1\n in force from 2026-01-01\n authentic in fr\n translation ar "x"\n based on "y"\n'
    )
    assert laid_out(text) == (
        'policy t "T"\n  language  1\n  in force  from 2026-01-01\n  authentic in fr\n  translation ar "x"\n  based on  "y"\n'
    )


def test_a_translation_is_laid_out_too():
    text = (
        'translation fr "T"\n  of "t.policy"\n  version "1"\narticle 1 "A"\n  (1) > Mots.\n  name a "Un"\n'
        '  name longer of b "Deux"\n      because "r"\n  (2) > Mots.\n  name c "Trois"\n\ndelete article 2 because "r"\n'
    )
    assert laid_out(text) == (
        'translation fr "T"\n  of        "t.policy"\n  version   "1"\n\narticle 1 "A"\n  (1) > Mots.\n'
        '  name a           "Un"\n  name longer of b "Deux"\n    because "r"\n  (2) > Mots.\n  name c "Trois"\n\n'
        'delete article 2 because "r"\n'
    )


def test_ends_of_lines_are_those_of_the_file():
    assert laid_out(HEADER.replace("\n", "\r\n")).count("\r\n") == HEADER.rstrip("\n").count("\n") + 1
    assert "\r" not in laid_out(HEADER)
    assert laid_out("") == ""
    assert laid_out("\n\n# only this\n\n") == "# only this\n"


def test_what_can_not_be_read_stays_and_the_rest_is_laid_out():
    text = HEADER + (
        'article 1 "A"\n    define x=1\n    key  k\n      5% ; a   # as it is\n        nothing  of it\n    define y=2\n\n\n'
        'article  2\n   what   is this\narticle 3 "C"\n  define z=3\n'
    )
    assert laid_out(text) == HEADER + (
        'article 1 "A"\n  define x = 1\n  key  k\n    5% ; a   # as it is\n      nothing  of it\n  define y = 2\n\n'
        'article  2\n   what   is this\narticle 3 "C"\n  define z = 3\n'
    )


NOWHERE = Span(Source("", ""), 0, 0)


def test_a_figure_that_stands_in_no_text_is_written_in_one_way():
    source = Source("x", "5000 USD")
    five = tree.Quantity(source.span(0, 8), 5000, tree.Ident(NOWHERE, "USD"))
    assert printed(five) == "5000 USD"
    assert printed(tree.Quantity(source.span(0, 8), 6000, tree.Ident(NOWHERE, "USD"))) == "6_000 USD"
    assert printed(tree.Quantity(NOWHERE, 5000, tree.Ident(NOWHERE, "USD"))) == "5_000 USD"


def test_a_provision_is_printed_without_its_surroundings():
    text = (
        HEADER
        + 'article 1 "A"\n  apportion x "X"  # why\n    ties by b\n    total a\n    among c except (d)\n    by 5\n'
    )
    article = read(Source("t.policy", text)).tree.items[0]
    assert isinstance(article, tree.Article)
    assert printed(article.lines[0]) == (
        'apportion x "X"\n  total    a\n  among    c except d\n  by       5\n  ties     by b'
    )
    assert printed(article.number) == "1"
