"""What can be wrong with a table, or with what is asked of a sweep, in a drafter's words."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.records import dataclass
from policy_dsl.resolve.suggest import did_you_mean, listed
from policy_dsl.values.quantity import plain


class Unfit(Exception):
    """Something that a sweep can't be made from, with the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem

    def __reduce__(self) -> tuple[type[Unfit], tuple[Problem]]:
        return type(self), (self.problem,)


class BadTable(Unfit):
    """A table that can't be read as cases."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of cases by the name of its file; makes what is raised of it. Rows count from 1, below the head."""

    file: str

    def without(self, name: str) -> BadTable:
        """A column is lacking without which the rows are no cases."""
        return BadTable(Problem("PD968", params={"file": self.file, "name": name}))

    def nothing(self) -> BadTable:
        """No column gives facts."""
        return BadTable(Problem("PD957", params={"file": self.file}))

    def unknown_column(self, name: str, known: Iterable[str]) -> BadTable:
        """A column that the policy doesn't know."""
        names = list(known)
        mend = did_you_mean(name, names)
        if not mend:
            few = listed(names[:8]) + (", …" if len(names) > 8 else "")
            mend = f"the table may have the columns {few}"
        return BadTable(Problem("PD990", params={"file": self.file, "name": name}, mend=mend))

    def other_layout(self, name: str, *, long: bool) -> BadTable:
        """A column of the other layout."""
        head = name.partition(".")[0]
        mend = (
            f"call the column `{head}`"
            if long
            else f"name whose facts they are, as `{head}.AUT`, or add a column `member`"
        )
        return BadTable(Problem("PD990", params={"file": self.file, "name": name}, mend=mend))

    def unknown_member(self, code: str, column: str, row: int | None = None) -> BadTable:
        """A member that has no seat in the base case."""
        place = f"row {row}" if row is not None else f"the column `{column}`"
        return BadTable(Problem("PD991", params={"file": self.file, "code": code, "place": place}))

    def not_due(self, column: str, row: int, text: str, due: str) -> BadTable:
        """A cell that holds something else than what is due."""
        params = {"file": self.file, "column": column, "row": str(row), "text": text, "due": due}
        return BadTable(Problem("PD992", params=params))

    def outside(self, column: str, row: int, amount: Fraction, low: Fraction | None, high: Fraction | None) -> BadTable:
        """A figure beyond the bounds that the policy states, all in the unit of the table."""
        if high is None:
            bounds = f"not below {plain(low or Fraction(0))}"
        elif low is None:
            bounds = f"not above {plain(high)}"
        else:
            bounds = f"between {plain(low)} and {plain(high)}"
        params = {"file": self.file, "column": column, "row": str(row), "text": plain(amount), "bounds": bounds}
        return BadTable(Problem("PD993", params=params))

    def at_odds(self, case: str, column: str, row: int) -> BadTable:
        """A value for the case as a whole that the rows of the case do not agree on."""
        params = {"file": self.file, "case": case, "column": column, "row": str(row)}
        return BadTable(Problem("PD994", params=params))

    def twice(self, case: str, code: str, row: int) -> BadTable:
        """A member with two rows in one case."""
        return BadTable(Problem("PD958", params={"file": self.file, "case": case, "code": code, "row": str(row)}))

    def apart(self, case: str, row: int) -> BadTable:
        """Rows of one case that do not stand together."""
        return BadTable(Problem("PD959", params={"file": self.file, "case": case, "row": str(row)}))

    def lacking(self, case: str, codes: Iterable[str], row: int) -> BadTable:
        """A case without rows of members who hold their seats by the policy itself."""
        names = listed(list(codes)[:8])
        return BadTable(Problem("PD960", params={"file": self.file, "case": case, "codes": names, "row": str(row)}))
