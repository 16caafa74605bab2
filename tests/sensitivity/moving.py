"""Decides a case again from its texts with one figure written otherwise: an independent way to what the search says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from deciding import HEADER

from policy_dsl.cases.case import Case
from policy_dsl.cases.read import read_case
from policy_dsl.check import Checked, check
from policy_dsl.evaluate import Decision, decide
from policy_dsl.resolve import resolve
from policy_dsl.sensitivity import Figure, WhatDecided, what_decided
from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree
from policy_dsl.values import RATIO, Quantity

Allocation = dict[tuple[str, str], Fraction | None]


@dataclass(frozen=True)
class Decided:
    """A policy and a case as texts, and what they lead to."""

    law: str
    facts: str
    checked: Checked
    decision: Decision

    def examined(self, most: int | None = None) -> WhatDecided:
        """What decided."""
        return what_decided(self.checked, self.decision, most)

    def allocation(self) -> Allocation:
        """What each member has of the persons that are shared out."""
        return allocation(self.decision)

    def moved(self, figure: Figure, to: Fraction) -> Allocation | None:
        """The same with a figure put in the place of another, in the text or in the case; None if it can't be written.

        A weight moves with the others of its key, which keep their ratios.
        """
        if figure.fact is not None:
            return allocation(decide(self.checked, _with_fact(self.decision.case, figure, to)))
        written = {figure.node or _value_of(figure): to}
        if figure.kind == "weight":
            assert isinstance(figure.entry.node, tree.Key | tree.Criteria)
            rows = figure.entry.node.parts if isinstance(figure.entry.node, tree.Key) else figure.entry.node.rows
            own = figure.value.amount
            for row in rows:
                if row is not figure.row and row.weight is not None:
                    value = row.weight.value  # type: ignore[attr-defined]
                    written[row.weight] = value * (1 - to) / (1 - own)
        law = self.law
        for node, value in sorted(written.items(), key=lambda pair: -pair[0].span.start):
            text = _written(value, figure.value)
            if text is None:
                return None
            law = law[: node.span.start] + text + law[node.span.end :]
        again = decided(law, self.facts)
        return again.allocation() if again is not None else None


def decided(law: str, facts: str) -> Decided | None:
    """What a policy and a case lead to; None if there is an error in either."""
    parsed = parse(Source("t.policy", law))
    resolved = resolve(parsed, lambda path, relative_to: None)
    assert resolved.program is not None
    found = check(resolved.program)
    # A weight of nothing is refused in a policy, and a search may end there: the engine reckons with it all the same.
    errors = [
        each for each in (*parsed.problems, *resolved.problems, *found.problems) if each.severity.value == "error"
    ]
    if any(each.code not in ("PD425", "PD442", "PD420") for each in errors):
        return None
    read = read_case(Source("c.yaml", facts), found.program, lambda path, relative_to: None)
    return Decided(law, facts, found, decide(found, read.case)) if read.case is not None else None


def of_articles(articles: str, facts: str) -> Decided:
    """What articles and the rest of a case lead to."""
    made = decided(
        HEADER + articles, 'case: "C"\npolicy: t\nat: 2026-06-01\ndefault: {source: test, date: 2026-01-01}\n' + facts
    )
    assert made is not None
    return made


def allocation(decision: Decision) -> Allocation:
    """What each member has of the persons that are shared out."""
    return {
        (shared.entry.name, row.member): row.final.value.amount if isinstance(row.final.value, Quantity) else None
        for shared in decision.shares
        if str(shared.unit) == "persons"
        for row in shared.rows
    }


def _with_fact(case: Case, figure: Figure, to: Fraction) -> Case:
    value = Quantity(to, figure.value.unit)
    return replace(case, facts=tuple(replace(f, value=value) if f is figure.fact else f for f in case.facts))


def _value_of(figure: Figure) -> tree.Expr:
    assert isinstance(figure.entry.node, tree.Parameter)
    assert isinstance(figure.entry.node.value, tree.Expr)
    return figure.entry.node.value


def _written(value: Fraction, like: Quantity) -> str | None:
    """A figure as the language has it; None if it would need too many digits."""
    scaled = value * 10**14
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}" if like.unit == RATIO else None
    text = _digits(value * 100 if like.unit == RATIO else value)
    return f"{text}%" if like.unit == RATIO else f"{text} {like.unit}" if like.unit.terms else text


def _digits(value: Fraction) -> str:
    whole, rest = divmod(int(value * 10**14), 10**14)
    return f"{whole}.{rest:014d}".rstrip("0").rstrip(".")
