"""The workload in OpenFisca-Core, or in PolicyEngine's fork of it: a State is the person, a case the group of persons.

Formulas are vectorised over all States of all cases; values are float32, as both have it.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from by_hand import BRACKETS, CEILING, FLOOR, RATES
from harness import Chunk, main

PACKAGE = os.environ.get("PEER_PACKAGE", "openfisca_core")
YEAR = "2025"
Formula = Callable[..., Any]


def module(name: str) -> Any:
    """A module of the package at hand."""
    return importlib.import_module(f"{PACKAGE}.{name}")


Variable: Any = module("variables").Variable


class Rules:
    """A system of variables of States and of cases."""

    def __init__(self) -> None:
        entity = module("entities").build_entity
        self.state = entity(key="state", plural="states", label="", is_person=True)
        role = {"key": "member", "plural": "members", "label": ""}
        self.case = entity(key="case", plural="cases", label="", roles=[role])
        self.system = module("taxbenefitsystems").TaxBenefitSystem([self.state, self.case])

    def add(self, name: str, entity: Any, formula: Formula | None = None, kind: type = float) -> None:
        """One variable; without a formula it is given."""
        what = {"value_type": kind, "entity": entity, "definition_period": module("periods").YEAR, "label": name}
        if formula is not None:
            what["formula"] = formula
        self.system.add_variable(type(name, (Variable,), what))

    def given(self, *names: str) -> None:
        """Columns that the data give."""
        for name in names:
            self.add(name, self.state, kind=int)

    def simulation(self, columns: Mapping[str, Any]) -> Any:
        """The cases of a chunk."""
        old = PACKAGE == "policyengine_core"
        builder = module("simulations.simulation_builder" if old else "simulation_builder").SimulationBuilder()
        builder.create_entities(self.system)
        count, states = next(iter(columns.values())).shape
        builder.declare_person_entity("state", range(count * states))
        group = builder.declare_entity("case", range(count))
        builder.join_with_persons(group, np.repeat(np.arange(count), states), np.zeros(count * states, int))
        made = builder.build(self.system)
        for name, values in columns.items():
            made.set_input(name, YEAR, values.ravel())
        return made


def first(rules: Rules) -> tuple[str, ...]:
    """Scores, shares and ranks."""
    state, case = rules.state, rules.case
    rules.given("security", "area", "pop", "gdp", "unemp", "hosted")
    rules.add("eligible", state, lambda s, p: (s("security", p) >= 500) & (s("area", p) > 20_000), bool)
    rules.add("burden", state, lambda s, p: s("hosted", p) / s("pop", p))

    def criterion(name: str, rising: bool) -> None:
        def least(c: Any, p: Any) -> Any:
            return c.min(np.where(c.members("eligible", p), c.members(name, p), np.inf))

        def most(c: Any, p: Any) -> Any:
            return c.max(np.where(c.members("eligible", p), c.members(name, p), -np.inf))

        def part(s: Any, p: Any) -> Any:
            x, low, high = s(name, p), s.case("least_" + name, p), s.case("most_" + name, p)
            usable = s("eligible", p) & (high > low) & np.isfinite(high - low)
            return np.where(usable, ((x - low) if rising else (high - x)) / np.where(usable, high - low, 1), 0)

        rules.add("least_" + name, case, least)
        rules.add("most_" + name, case, most)
        rules.add("part_" + name, state, part)

    for name, rising in (("gdp", True), ("pop", True), ("unemp", False), ("burden", False)):
        criterion(name, rising)
    weights = {"gdp": 0.35, "pop": 0.25, "unemp": 0.15, "burden": 0.25}
    rules.add("score", state, lambda s, p: sum(w * s("part_" + name, p) for name, w in weights.items()))
    rules.add("whole", case, lambda c, p: c.sum(c.members("score", p)))

    def portion(s: Any, p: Any) -> Any:
        whole = s.case("whole", p)
        return np.where(whole > 0, s("score", p) / np.where(whole > 0, whole, 1), 0)

    def place(s: Any, p: Any) -> Any:
        by_area = s.get_rank(s.case, -s("area", p).astype(float))
        return s.get_rank(s.case, -s("score", p).astype(float) + 1e-12 * by_area, condition=s("eligible", p)) + 1

    rules.add("portion", state, portion)
    rules.add("place", state, place, int)
    return "eligible", "score", "portion", "place"


def second(rules: Rules) -> tuple[str, ...]:
    """A key of four parts."""
    state, case = rules.state, rules.case
    rules.given("pop", "gdp", "apps", "unemp")
    rules.add("past", state, lambda s, p: s("pop", p) / np.maximum(s("apps", p), 1))
    rules.add("work", state, lambda s, p: 1 / s("unemp", p))

    def shared(name: str) -> None:
        rules.add(name + "_whole", case, lambda c, p: c.sum(c.members(name, p).astype(float)))
        rules.add("by_" + name, state, lambda s, p: s(name, p) / s.case(name + "_whole", p))

    for name in ("pop", "gdp", "past", "work"):
        shared(name)
    rules.add("cap", state, lambda s, p: 0.3 * (s("by_pop", p) + s("by_gdp", p)))
    rules.add("capped_past", state, lambda s, p: np.minimum(s("by_past", p), s("cap", p)))
    rules.add("capped_work", state, lambda s, p: np.minimum(s("by_work", p), s("cap", p)))
    weights = {"by_pop": 0.4, "by_gdp": 0.4, "capped_past": 0.1, "capped_work": 0.1}
    rules.add("raw", state, lambda s, p: sum(w * s(name, p) for name, w in weights.items()))
    rules.add("raw_whole", case, lambda c, p: c.sum(c.members("raw", p)))
    rules.add("part_of_each", state, lambda s, p: s("raw", p) / s.case("raw_whole", p))
    return ("part_of_each",)


def third(rules: Rules) -> tuple[str, ...]:
    """A scale with a ceiling and a floor, both laid on at once in each round."""
    state = rules.state
    rules.given("gnp")

    def at(value: float) -> dict[str, Any]:
        return {"2000-01-01": {"value": value}}

    brackets = [{"threshold": at(float(low)), "rate": at(rate)} for low, rate in zip(BRACKETS, RATES, strict=True)]
    data = {"scale": {"brackets": brackets}}
    rules.system.parameters = module("parameters").ParameterNode("", data=data)
    rules.add("weight", state, lambda s, p, figures: figures(p).scale.calc(s("gnp", p)))

    def burden(s: Any, p: Any) -> Any:
        cases = s.simulation.populations["case"]
        weight = s("weight", p).astype(float)
        fixed, share = np.zeros(len(weight), bool), np.zeros(len(weight))
        for _ in range(10):
            factor = (1 - cases.sum(np.where(fixed, share, 0))) / cases.sum(np.where(fixed, 0, weight))
            share = np.where(fixed, share, weight * cases.project(factor))
            over, under = ~fixed & (share > CEILING), ~fixed & (share < FLOOR)
            share = np.where(over, CEILING, np.where(under, FLOOR, share))
            fixed = fixed | over | under
            if not (over | under).any():
                break
        return share

    rules.add("burden", state, burden)
    return ("burden",)


def ready(part: str) -> Chunk:
    """A part of the workload as a system of variables."""
    rules = Rules()
    wanted = {"w1": first, "w2": second, "w3_at_once": third}[part](rules)

    def work(columns: Mapping[str, Any]) -> Mapping[str, Any]:
        made = rules.simulation(columns)
        shape = next(iter(columns.values())).shape
        return {name: np.asarray(made.calculate(name, YEAR)).reshape(shape) for name in wanted}

    return work


if __name__ == "__main__":
    main(ready, chunk=2000)
