"""PD663: the words beside a duty permit, and the duty binds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, words_of
from policy_dsl.syntax import tree

_PERMITS = re.compile(
    r"\b(may|can|is free to|are free to|is invited to|are invited to|is encouraged to|are encouraged to)\b(?! not| no)",
    re.I,
)
_FORBIDS = re.compile(r"\b(may|can)\s+(not|no|never)\b|\b(no|neither|nor|nobody|none)\b[^.;]{0,80}\b(may|can)\b", re.I)


def _look(draft: Draft) -> Iterator[Problem]:
    if not draft.english:
        return
    for entry in draft.own("duty"):
        sentences = re.split(r"(?<=[.;])\s+", words_of(entry))
        permits = [each for each in sentences if _PERMITS.search(each) and not _FORBIDS.search(each)]
        # A paragraph with any sentence that does not merely permit may carry the duty.
        if permits and len(permits) == len(sentences):
            assert isinstance(entry.node, tree.Duty)
            found = _PERMITS.search(permits[0])
            assert found is not None
            yield draft.problem("PD663", entry.node.name, name=entry.title, word=found[1])


MAY_IN_A_DUTY = Rule("PD663", _look)
