"""The checker and the engine agree: on the policies of the project, and in every test of this folder (see conftest)."""

from __future__ import annotations

from pathlib import Path

import pytest
from agreement import watched
from deciding import HEADER, checked
from whole_policies import SAMPLE, decision

from policy_dsl.evaluate import decide, expressions
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.pipeline import check_policy, open_file, read_case, run_examples
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity

ROOT = Path(__file__).parents[2]
POLICIES = sorted(
    path
    for path in (*ROOT.glob("policies/*/*.policy"), *ROOT.glob("docs/example/*.policy"))
    if "." not in path.stem  # words in another language
)


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_the_policies_of_the_project(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = check_policy(open_file(str(file)))
    assert read.checked is not None
    with watched(monkeypatch) as disagreements:
        run_examples(read.checked)
        for case in sorted([*file.parent.glob("cases/*.yaml"), *file.parent.glob("*.yaml")]):
            made = read_case(read.checked, open_file(str(case)))
            if made.case is not None:
                decide(read.checked, made.case)
    assert disagreements == []


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("55% of count of members", "number"),
        ("count of members / count of members", "ratio"),
        ("count of members / 4", "number"),
        ("2/3 of 10 persons", "person"),
        ("10 persons / 1 km2", "persons per km2"),
        ("12 USD per month * 1 year", "USD"),
        ("3 * 40%", "ratio"),
        ("2 ^ 0.5", "number"),
        ("min(40%, 1/2)", "ratio"),
    ],
)
def test_the_unit_is_told_from_the_text(words: str, unit: str) -> None:
    found = checked(
        f'article 1 "A"\n  > Words.\n  tier everybody "All"\n    ALB, BEL\n  define x "X" = {words}\n', HEADER
    )
    told = next(
        t
        for node, t in found.types.items()
        if isinstance(node, tree.Expr) and " ".join(node.span.text.split()) == words
    )
    assert str(told.unit).removesuffix("s") == unit.removesuffix("s")


def test_a_planted_disagreement_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    true = expressions.HANDLERS[tree.Number]

    def as_ratio(engine: Engine, node: tree.Expr, env: Env) -> Derived:
        made = true(engine, node, env)
        assert isinstance(made.value, Quantity)
        return Derived(Quantity(made.value.amount, RATIO), made.op, made.of, node)

    monkeypatch.setitem(expressions.HANDLERS, tree.Number, as_ratio)
    with watched(monkeypatch) as disagreements:
        decision(SAMPLE)
    assert disagreements
