"""PD665: a term that the words define and then never use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree

_DEFINED = re.compile(
    r"[“\"‘«']\s?(?P<term>[^”\"’»']{2,60}?)\s?[”\"’»']\s+(?:means?|shall mean|includes?|refers? to)\b"
    r"|\b(?:hereinafter|referred to as|called)[^“\"‘«]{0,25}[“\"‘«]\s?(?:the\s+)?(?P<short>[^”\"’»]{2,60}?)\s?[”\"’»]",
    re.I,
)


def _look(draft: Draft) -> Iterator[Problem]:
    if not draft.english:
        return
    proses = [line for article in draft.articles() for line in article.lines if isinstance(line, tree.Prose)]
    titles = " ".join(entry.node.title for entry in draft.own())
    titles += " " + " ".join(article.title for article in draft.articles())
    everything = " ".join([*(each.text for each in proses), titles]).casefold()
    for prose in proses:
        for found in _DEFINED.finditer(prose.text):
            term = (found["term"] or found["short"]).casefold().removeprefix("the ")
            if len(re.findall(rf"(?<!\w){re.escape(term)}(?:s|es)?(?!\w)", everything)) < 2:
                yield draft.problem("PD665", prose, term=found["term"] or found["short"])


TERM_NEVER_USED = Rule("PD665", _look)
