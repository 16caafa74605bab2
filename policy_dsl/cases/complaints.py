"""Where the reading of a case collects what is wrong."""

from __future__ import annotations

from policy_dsl.diagnostics import Problem, Related
from policy_dsl.resolve.program import Entry
from policy_dsl.source import Span


class Complaints:
    """Problems in the order in which they are found. Calling it adds one.

    `about` is the provision that the problem concerns; `first` an earlier place that it repeats.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(
        self,
        code: str,
        span: Span | None,
        /,
        *,
        mend: str = "",
        about: Entry | None = None,
        first: Span | None = None,
        **params: str,
    ) -> None:
        article = str(about.address) if about is not None and about.address is not None else ""
        related = (Related(first, "the first one stands here"),) if first is not None else ()
        self.problems.append(Problem(code, span, params, article, related, mend))

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(problem.is_error for problem in self.problems)

    @property
    def failed(self) -> bool:
        """Whether an error is among the problems."""
        return any(problem.is_error for problem in self.problems)

    def sorted(self) -> tuple[Problem, ...]:
        """The problems in the order of their places, each text by itself; what concerns a whole text comes first."""
        names: dict[str, int] = {}
        for problem in self.problems:
            if problem.span is not None:
                names.setdefault(problem.span.source.name, len(names))

        def place(problem: Problem) -> tuple[int, int]:
            span = problem.span
            return (-1, 0) if span is None else (names[span.source.name], span.start)

        return tuple(sorted(self.problems, key=place))
