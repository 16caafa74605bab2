"""PD674: an article that provides for too much at once."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule
from policy_dsl.syntax import tree

MOST_PARAGRAPHS = 12
MOST_PROVISIONS = 20


def _look(draft: Draft) -> Iterator[Problem]:
    for article in draft.articles():
        paragraphs = sum(isinstance(line, tree.Prose) for line in article.lines)
        provisions = sum(isinstance(line, tree.Provision) for line in article.lines)
        if paragraphs > MOST_PARAGRAPHS or provisions > MOST_PROVISIONS:
            yield draft.problem(
                "PD674",
                article.number,
                title=article.title,
                paragraphs=str(paragraphs),
                provisions=str(provisions),
            )


LONG_ARTICLE = Rule("PD674", _look)
