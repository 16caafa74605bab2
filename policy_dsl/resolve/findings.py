"""Where the problems of one resolution are gathered."""

from __future__ import annotations

from collections.abc import Sequence

from policy_dsl.diagnostics import Problem, Related
from policy_dsl.source import Source, Span
from policy_dsl.values import Address


class Findings:
    """Problems as they are found; each code once at a place. `own` is the text of the policy itself.

    `torn` says that a block at the margin could not be read: an article that is not found may be that block.
    """

    def __init__(self, own: Source) -> None:
        self.own = own
        self.torn = False
        self._found: dict[tuple[str, str, int, int, str], Problem] = {}

    def add(
        self,
        code: str,
        span: Span,
        article: Address | None = None,
        related: Sequence[Related] = (),
        mend: str = "",
        **params: str,
    ) -> None:
        """Something is wrong at a place."""
        key = (code, span.source.name, span.start, span.end, params.get("name", ""))
        where = "" if article is None else str(article)
        self._found.setdefault(key, Problem(code, span.trimmed, params, where, tuple(related), mend))

    def in_order(self, sources: Sequence[Source]) -> tuple[Problem, ...]:
        """All of them in the order of the text, the policy's own file first."""
        rank = {source.name: number for number, source in reversed(list(enumerate(sources)))}

        def place(problem: Problem) -> tuple[int, int, int, str]:
            span = problem.span
            if span is None:
                return 0, 0, 0, problem.code
            return rank.get(span.source.name, len(rank)), span.start, span.end, problem.code

        return tuple(sorted(self._found.values(), key=place))
