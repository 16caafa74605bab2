"""A problem: what is said to people about their text or their case, as data.

A problem carries a code and parameters, never a sentence: the words stand in `catalogue/*.toml`, once for each code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import Enum

from policy_dsl.records import dataclass
from policy_dsl.source import Span


class Severity(Enum):
    """How much a problem matters: an error stops the work, a warning does not, advice teaches."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that the problem is about, with a label such as "the first one stands here"."""

    span: Span
    label: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault or piece of advice.

    `code` is an entry of the catalogue ("PD204"); `span` the place to underline (none for a problem of a whole file,
    whose name is then the parameter `file`); `params` fill the message; `article` is the address of the provision, as
    "Art. 5(2)", empty outside articles; `mend` replaces the catalogue's help where a better one is known (a nearest
    spelling, a corrected figure).
    """

    code: str
    span: Span | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    article: str = ""
    related: tuple[Related, ...] = ()
    mend: str = ""

    @property
    def is_error(self) -> bool:
        """Whether it stops the work."""
        return self.severity is Severity.ERROR

    @property
    def severity(self) -> Severity:
        """The severity that the catalogue gives to the code."""
        from policy_dsl.diagnostics.catalogue import find

        return find(self.code).severity


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop the work, in their order."""
    return tuple(each for each in problems if each.is_error)
