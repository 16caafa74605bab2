"""PD673: a sentence that nobody can follow when it is read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree

MOST_WORDS = 60
# What ends a sentence or sets out the items of a list; not the point of an abbreviation.
_ENDS = re.compile(r"(?<=[^\W\d_]{3}[.;:!?])[”\"»)]?\s+|\s+(?=\([a-z]\)\s)")


def _look(draft: Draft) -> Iterator[Problem]:
    for article in draft.articles():
        for prose in article.lines:
            if not isinstance(prose, tree.Prose):
                continue
            longest = max((len(sentence.split()) for sentence in _ENDS.split(prose.text)), default=0)
            if longest > MOST_WORDS:
                yield draft.problem("PD673", prose, number=str(longest))


LONG_SENTENCE = Rule("PD673", _look)
