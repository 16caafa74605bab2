"""A decision as an object: who receives what, exactly, with the documents and explanations that the commands write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, overload

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate.derivation import Status
from policy_dsl.library.errors import PolicyError, in_words, raising
from policy_dsl.pipeline import document, explanation, glance
from policy_dsl.values import Quantity

if TYPE_CHECKING:
    import pyarrow as pa

    from policy_dsl.check import Checked
    from policy_dsl.diagnostics.rendered import Rendered
    from policy_dsl.evaluate.decision import Decision, Shared

Answer = Quantity | bool | str | date | datetime | tuple[str, ...] | None
"""A value: a figure, a truth, a text or a State, a date, members; none where there is no value."""

Level = Literal["brief", "reasoned", "full"]


class Decided:
    """A decided case, as `Policy.decide` gives it. All figures are exact."""

    def __init__(self, checked: Checked, decision: Decision, warnings: Iterable[Problem] = ()) -> None:
        self._warnings = tuple(warnings)
        self.checked = checked
        self.decision = decision

    @property
    def case(self) -> str:
        """The title of the case."""
        return self.decision.case.title

    @property
    def complete(self) -> bool:
        """Whether nothing is undetermined, awaits a choice, or was left unallocated."""
        return self.decision.complete

    @property
    def problems(self) -> tuple[Rendered, ...]:
        """What the decision and the reading of the case have to say, in words."""
        return in_words((*self._warnings, *self.decision.problems))

    @property
    def members(self) -> tuple[str, ...]:
        """The codes of all who hold a seat, in order."""
        return self.decision.members

    @property
    def apportionments(self) -> tuple[str, ...]:
        """The names of what is shared out, each once, in the order of the articles."""
        return tuple(dict.fromkeys(each.entry.name for each in self.decision.shares))

    @property
    def guarantees(self) -> dict[str, str]:
        """Of each guarantee by its name, whether it "holds", "fails", or is "not shown"."""
        return {each.entry.name: each.status for each in self.decision.guarantees}

    @property
    def values(self) -> dict[str, Answer]:
        """Each agreed figure, definition and share under the name that rules give it: `values["places of AUT"]`."""
        named = self.decision.values.items()
        return {" of ".join((name, *subject)): _answer(derived.value) for (name, subject), derived in named}

    def shares(self, name: str, cohort: str = "") -> dict[str, Quantity | None]:
        """What each member receives in an apportionment, in the order of the codes; none where that is not determined.

        Of one that is made for each cohort, `cohort` says which. Raises PolicyError where there is no such one.
        """
        found = {each.cohort: each for each in self.decision.shares if each.entry.name == name}
        if cohort not in found:
            raise PolicyError([self._unknown(name, cohort, found)])
        return {row.member: _figure(row.final.value) for row in sorted(found[cohort].rows, key=lambda row: row.member)}

    def _unknown(self, name: str, cohort: str, found: Mapping[str, Shared]) -> Problem:
        from policy_dsl.resolve.suggest import did_you_mean, listed

        if not found:
            return Problem("PD911", params={"what": name}, mend=did_you_mean(name, self.apportionments))
        asked = f"{name} of {cohort}" if cohort else name
        if "" in found:
            return Problem("PD911", params={"what": asked}, mend=f"`{name}` is shared out for all cohorts at once")
        return Problem("PD911", params={"what": asked}, mend=f"say for which cohort: {listed(sorted(found))}")

    @overload
    def document(self, form: Literal["md", "html", "json"], *, language: str = ..., paper: str = ...) -> str: ...
    @overload
    def document(self, form: Literal["pdf", "docx"], *, language: str = ..., paper: str = ...) -> bytes: ...
    def document(self, form: str, *, language: str = "en", paper: str = "a4") -> str | bytes:
        """The reasoned decision as a document. Raises PolicyError where what makes the form is not installed."""
        with raising():
            return document(self.decision, form, language, paper=paper)

    def explain(self, what: str, *, why_not: bool = False, level: Level = "reasoned") -> str:
        """Why this is so ("places of AUT"), or why not. Raises PolicyError where nothing goes by that name."""
        with raising():
            return explanation(self.decision, what, why_not=why_not, level=level)

    def to_arrow(self, of: Literal["shares", "values"] = "shares") -> pa.Table:
        """A table: one row for each share, or for each value. Raises PolicyError where tables are not installed.

        Shares have the columns provision, article, cohort, member, amount, exact, unit, held; values provision,
        article, subject, amount, exact, unit, words. `amount` is the binary fraction nearest to the figure, `exact` the
        figure itself as a text ("4000", "1/3"), both in base units; `words` holds what is no figure.
        """
        from policy_dsl.library.tables import shares_table, values_table

        return shares_table(self.decision) if of == "shares" else values_table(self.decision)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table of shares for whoever takes Arrow: pandas, polars, DuckDB."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        return f"<decision of {self.case!r}, {'complete' if self.complete else 'not complete'}>"

    def _repr_html_(self) -> str:
        return glance(self.decision, "html")

    def _repr_markdown_(self) -> str:
        return glance(self.decision, "md")


def _answer(value: object) -> Answer:
    match value:
        case Quantity() | bool() | str() | date():
            return value
        case Status():
            return value.text
        case tuple() if all(isinstance(each, str) for each in value):
            return value
    return None


def _figure(value: object) -> Quantity | None:
    return value if isinstance(value, Quantity) else None
