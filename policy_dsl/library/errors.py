"""What the library raises: problems, in the words in which the commands print them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from policy_dsl.diagnostics.problem import Problem, errors_of
from policy_dsl.diagnostics.rendered import Rendered, in_order, render
from policy_dsl.files import Refused


class PolicyError(Exception):
    """A policy, a case or a question with errors. As a text it is what `policy check` prints.

    `problems` are the problems in words, in the order of the text: `code`, `message`, `help`, `where`, `article`, and
    the `problem` itself as data.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._found = tuple(problems)
        super().__init__(self._found)

    @property
    def problems(self) -> tuple[Rendered, ...]:
        """The problems in words."""
        return in_words(self._found)

    @property
    def code(self) -> str:
        """The code of the first error."""
        return next(iter(errors_of(self._found)), Problem("")).code

    def __str__(self) -> str:
        return "\n\n".join(each.text for each in self.problems)

    def _render_traceback_(self) -> list[str]:
        # What a notebook shows in the place of a traceback: whoever drafts has no use for the tool's own lines.
        return str(self).splitlines()


def in_words(problems: Iterable[Problem]) -> tuple[Rendered, ...]:
    """Problems in words, in the order of the text."""
    return tuple(render(each) for each in in_order(problems))


@contextmanager
def raising() -> Iterator[None]:
    """What the pipeline refuses is raised as an error of the library."""
    try:
        yield
    except Refused as refused:
        raise PolicyError([refused.problem]) from None


def needing(extra: str, what: str, missing: ImportError) -> PolicyError:
    """The error for something that a part of the tool does which is not installed; other faults are raised as such."""
    if (missing.name or "").partition(".")[0] not in PACKAGES:
        raise missing
    return PolicyError([Problem("PD925", params={"what": what, "extra": extra})])


PACKAGES = ("numpy", "pyarrow", "dask", "distributed", "ziglang")
