"""What provisions are made of: lines, notes, types, seats; from the parser's tree to ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from lark import Tree

from policy_dsl.diagnostics.problem import Problem, Related
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.syntax.expressions import Branch, Child, Expressions

Held = TypeVar("Held")

NOTES = {"because", "cites", "notwithstanding"}
NAMED_TYPES = {"state", "date", "moment", "text", "number"}
CONDITIONS = {
    "requires": "requires",
    "total": "total",
    "among": "among",
    "by": "by",
    "minimising": "minimising",
    "ties": "ties",
    "rest_by": "rest by",
    "similar": "similar",
    "level": "level",
    "falls_on": "on",
    "once": "once",
    "not_before": "not before",
    "not_after": "not after",
    "quorum": "quorum",
    "adopted_when": "adopted when",
    "failing_which": "failing which",
    "binds": "binds",
    "when": "when",
    "kept_when": "kept when",
}
# How many words open a line, where it is not one.
OPENINGS = {
    "rest_by": 2,
    "adjusted": 2,
    "in_bands": 3,
    "once_each": 2,
    "not_before": 2,
    "not_after": 2,
    "adopted_when": 2,
    "failing_which": 2,
    "silence": 2,
    "kept_when": 2,
    "supplied_by": 2,
    "missing_means": 2,
    "missing_left_out": 2,
    "series": 2,
    "good_for": 2,
    "opened_before": 4,
    "holidays_of": 2,
}


class Lines:
    """The lines of one block, sorted by kind; notes on lines that can't keep them go to the block."""

    def __init__(self, build: Builder, children: Iterable[Child]) -> None:
        self.build = build
        self.rows: dict[str, list[Branch]] = {}
        self.notes: list[tree.Note] = []
        for child in children:
            if not isinstance(child, Tree):
                continue
            if child.data in NOTES:
                self.notes.append(build.note(child))
            elif child.data == "note_line":
                self.notes += [build.note(each) for each in child.children if isinstance(each, Tree)]
            else:
                self.rows.setdefault(child.data, []).append(child)

    def all(self, kind: str, make: Callable[[Branch], Held]) -> tuple[Held, ...]:
        """Every line of a kind."""
        return tuple(make(row) for row in self.rows.get(kind, ()))

    def one(self, kind: str, make: Callable[[Branch], Held]) -> Held | None:
        """The only line of a kind: a second one is a fault, and the first one is kept."""
        rows = self.rows.get(kind)
        if not rows:
            return None
        self._twice(rows)
        return make(rows[0])

    def one_of(self, kinds: Iterable[str], make: Callable[[Branch], Held]) -> Held | None:
        """The only line of several kinds that exclude each other."""
        rows = [row for kind in kinds for row in self.rows.get(kind, ())]
        if not rows:
            return None
        rows.sort(key=lambda row: row.meta.start_pos)
        self._twice(rows)
        return make(rows[0])

    def has(self, kind: str) -> bool:
        """Whether a line stands, which is no more than its words."""
        return self.one(kind, self.keep) is not None

    def keep(self, row: Branch) -> Branch:
        """The line itself; its notes go to the block, as the line has no node to hold them."""
        self.notes += self.build.notes(row)
        return row

    def held(self) -> tuple[tree.Note, ...]:
        """The notes of the block, in the order of the text."""
        return tuple(sorted(self.notes, key=lambda note: note.span.start))

    def _twice(self, rows: list[Branch]) -> None:
        for row in rows[1:]:
            first, second = self.build.opening(rows[0]), self.build.opening(row)
            related = (Related(first, "the first one stands here"),)
            self.build.problems.append(Problem("PD130", second, {"line": second.text}, related=related))


class Builder(Expressions):
    """Builds the nodes of one piece of a source."""

    # ---- parts of provisions -------------------------------------------------------------------------------------

    def opening(self, row: Branch) -> Span:
        """The first words of a line, as far as they are the language's own."""
        span = self.span(row)
        words = OPENINGS.get(row.data, 1)
        end = span.start
        for word in span.text.split()[:words]:
            end = self.source.text.index(word, end) + len(word)
        return span._replace(end=end)

    def note(self, branch: Branch) -> tree.Note:
        """A reason, a source, or what a provision prevails over."""
        token = branch.children[0]
        words = str(token) if branch.data == "notwithstanding" else self.text(token)
        return tree.Note(self.span(branch), branch.data, words)

    def notes(self, row: Branch) -> tuple[tree.Note, ...]:
        """The grounds of a line, beside it and under it."""
        return Lines(self, row.children).held()

    def condition(self, row: Branch) -> tree.Condition:
        """A line that holds one expression."""
        return tree.Condition(self.span(row), CONDITIONS[row.data], self.expr(row.children[0]), self.notes(row))

    def type(self, branch: Child) -> tree.UnitTerm | tree.Ident:
        """The type of a fact: a unit, or a name such as "yes or no"."""
        assert isinstance(branch, Tree)
        if branch.data == "yes_no":
            return tree.Ident(self.span(branch), "yes or no")
        unit = branch.children[0]
        assert isinstance(unit, Tree)
        over, *per = self.idents(unit.children)
        if over.text in NAMED_TYPES and not per:
            return over
        return tree.UnitTerm(self.span(unit), (over,), tuple(per))

    def each(self, branch: Child) -> tree.Each:
        """`for each …`."""
        assert isinstance(branch, Tree)
        return tree.Each(self.span(branch), self.idents(name for name in branch.children if name is not None))

    def maybe_each(self, branch: Child) -> tree.Each | None:
        """`for each …`, if it is there."""
        return None if branch is None else self.each(branch)

    def seat(self, branch: Child) -> tree.Seat:
        """`HRV from 2013-07-01`."""
        assert isinstance(branch, Tree)
        code, since, until = branch.children
        return tree.Seat(self.span(branch), self.ident(code), self.maybe_date(since), self.maybe_date(until))

    def names(self, row: Branch) -> tuple[tree.Ident, ...]:
        """The names listed in a line."""
        return tuple(
            name
            for child in row.children
            if isinstance(child, Tree) and child.data == "names"
            for name in self.idents(child.children)
        )

    def name_at(self, row: Branch) -> tree.Ident:
        """The one name of a line."""
        return self.ident(row.children[0])

    def values(self, branch: Child) -> tuple[tree.Expr, ...]:
        """Expressions with commas between them."""
        if branch is None:
            return ()
        assert isinstance(branch, Tree)
        return tuple(map(self.expr, branch.children))
