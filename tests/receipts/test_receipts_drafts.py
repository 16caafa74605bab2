"""The digest of a draft covers its alternatives: what they compute, their names, what ties them; and nothing else."""

import pytest

from policy_dsl.receipts.rules import draft_digest
from policy_dsl.source import Source
from policy_dsl.syntax import parse

DRAFT = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD

article 1 "Members"
  > The members.
  tier core "Members"
    BDI, RWA

article 2 "Rate"
  (1) > There is a rate.
  alternative A "Low" proposed by BDI
    because "It can be borne."
    (2) > It is low.
    parameter rate "Rate" = 10%
  alternative B proposed by RWA
    (2) > It is high.
    parameter rate "Rate" = 20%
  define told "Told" = rate

alternative C
  article 3 "Review"
    > There is a review.
    define reviewed "Reviewed" = 3
alternative D with A
  none
"""


def digest(text: str) -> str:
    parsed = parse(Source("t.policy", text))
    assert parsed.problems == ()
    return draft_digest(parsed.tree)


COMPUTED = [
    ("10%", "11%"),
    ('reviewed "Reviewed" = 3', 'reviewed "Reviewed" = 4'),
    ("alternative B", "alternative E"),
    ("alternative D with A", "alternative D with B"),
    ("alternative D with A", "alternative D"),
    ("article 3", "article 4"),
    ("    (2) > It is high.\n", ""),
    ("alternative D with A\n  none\n", ""),
    ("  define told", "  define untold"),
    ("2026-01-01", "2026-01-02"),
]
SAID = [
    ('"Low" ', ""),
    ("proposed by RWA", "proposed by BDI, RWA"),
    ('    because "It can be borne."\n', ""),
    ("It is high.", "It is higher."),
    ("10%", "10.0%"),
    ("\nalternative C", "\n# a comment\nalternative  C"),
    ('version "1"', 'version "2"'),
    ('"Review"', '"Reviews"'),
]


@pytest.mark.parametrize(("change", "into"), COMPUTED)
def test_what_would_be_computed_changes_it(change: str, into: str):
    assert change in DRAFT
    assert digest(DRAFT.replace(change, into, 1)) != digest(DRAFT)


@pytest.mark.parametrize(("change", "into"), SAID)
def test_what_is_only_said_does_not(change: str, into: str):
    assert change in DRAFT
    assert digest(DRAFT.replace(change, into, 1)) == digest(DRAFT)
