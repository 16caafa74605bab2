"""The desk at which a policy is checked: what is known of it so far, and what was found wrong.

One desk serves one run. It keeps the type of every expression and of every named provision, so that each is found once
and each fault is reported once, at its root.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from policy_dsl.check.types import UNKNOWN, Type
from policy_dsl.diagnostics.problem import Problem, Related
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.source import Span
from policy_dsl.syntax import tree

LONGEST = 60
_HEADER = re.compile(r"^policy\b[^\n]*(\n[ \t]+[^\n]*|\n[ \t]*\r?(?=\n)|\n#[^\n]*)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands.

    `run` is the set over which a bare `share of` ranges: "" outside any sharing out, "?" where the text does not fix
    it. `total` is the type of the line `total`; `series` allows a whole series of years (in what a gap means).
    """

    entry: Entry | None = None
    run: str = ""
    total: Type | None = None
    series: bool = False


class Desk:
    """One run of the checker over one program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.types: dict[tree.Expr, Type] = {}
        self.found: list[Problem] = []
        self.entry_types: dict[Entry, Type] = {}
        self.in_progress: set[Entry] = set()
        self.proved: set[str] = set()
        self.by_node: dict[tree.Node, Entry] = {entry.node: entry for entry in program.entries.values()}

    @cached_property
    def has_calendar(self) -> bool:
        """Whether the header says which days are working days."""
        return self.header_opens("calendar")

    def header_opens(self, *words: str) -> bool:
        """Whether a line of the header opens with one of these words."""
        head = _HEADER.search(self.program.source.text)
        opening = rf"^[ \t]+({'|'.join(words)})[ \t]"
        return head is not None and re.search(opening, head.group(), re.MULTILINE) is not None

    def problem(
        self, code: str, at: tree.Node, /, *, mend: str = "", related: Iterable[Related] = (), **params: str
    ) -> Problem:
        """A problem at a node, with the address of the provision around it."""
        address = self.program.address_of.get(at)
        span = at.span if isinstance(at, tree.Expr) else first_line(at.span)
        return Problem(code, span.trimmed, params, "" if address is None else str(address), tuple(related), mend)

    def fault(
        self, code: str, at: tree.Node, /, *, mend: str = "", related: Iterable[Related] = (), **params: str
    ) -> None:
        """Put a problem on the list."""
        self.found.append(self.problem(code, at, mend=mend, related=related, **params))

    def entry(self, node: tree.Node) -> Entry | None:
        """The entry of a provision's node."""
        return self.by_node.get(node)

    def sound(self, *exprs: tree.Expr | None) -> bool:
        """Whether no fault was found in any of these expressions."""
        return all(expr is None or not self.types.get(expr, UNKNOWN).unknown for expr in exprs)

    def typed(self, expr: tree.Expr) -> Type:
        """The type that was found for an expression."""
        return self.types.get(expr, UNKNOWN)


def text(node: tree.Node) -> str:
    """The words of a node on one line, shortened if they are many."""
    words = node.written
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def first_line(span: Span) -> Span:
    """The first line of a span: what is underlined of a provision's line, without the reasons under it."""
    return span._replace(end=span.start + len(span.text.split("\n", 1)[0]))


def label(span: Span, words: str) -> tuple[Related, ...]:
    """Another place, with what it is."""
    return (Related(span, words),)


def plural(number: int, one: str, many: str) -> str:
    """A count in words: "1 member", "2 members"."""
    return f"{number} {one if number == 1 else many}"


def sorted_problems(found: Iterable[Problem], sources: Mapping[str, int]) -> tuple[Problem, ...]:
    """Problems in the order of the text, each once."""

    def place(problem: Problem) -> tuple[int, int, int, str]:
        span = problem.span
        if span is None:
            return -1, 0, 0, problem.code
        return sources.get(span.source.name, 0), span.start, span.end, problem.code

    seen: set[tuple[object, ...]] = set()
    kept = []
    for problem in sorted(found, key=place):
        key = (*place(problem), tuple(sorted(problem.params.items())))
        if key not in seen:
            seen.add(key)
            kept.append(problem)
    return tuple(kept)
