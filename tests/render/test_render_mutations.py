"""The reasons change wherever a changed provision changes the outcome, and cite it; what nothing exercises is stated.

Here a fixed sample of the lines of each policy is tried. `python tools/mutate` tries them all, and with `--write` it
brings the stated list up to date. The examples inside a policy are not counted: this is about the published cases.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import outcomes
import pytest
from mutating import EXERCISED, Mutated, Tried, mutated, not_exercised, stated

from policy_dsl.render import words
from policy_dsl.render.document import Line

SAMPLED = {"model_rules": 10, "lake_group": 8, "eu_relocation_2015": 5, "osce_emergency": 24}
PIECES = 2


def tried(subject: Mutated, lines: list[str]) -> list[Tried]:
    """All mutations of some lines that the checker lets through."""
    found = (subject.tried(each, PIECES) for each in subject.mutations if each.key in lines)
    return [each for each in found if each is not None]


def lines(policy: str) -> list[str]:
    """The lines of a policy that can be mutated, each once, in their order."""
    return list(dict.fromkeys(each.key for each in mutated(policy).mutations))


def sample(policy: str) -> list[str]:
    return random.Random(policy).sample(lines(policy), SAMPLED[policy])


def faults(found: list[Tried]) -> dict[str, tuple[str, ...]]:
    return {str(each.mutation): each.faults for each in found if each.faults}


@pytest.mark.parametrize("policy", EXERCISED)
def test_reasons_change_with_the_outcome_and_cite_the_article(policy: str) -> None:
    found = tried(mutated(policy), sample(policy))
    assert faults(found) == {}
    assert sum(each.exercised for each in found) > 3
    idle = not_exercised(found)
    examined = {each.mutation.key for each in found}
    assert [each for each in stated()[policy] if each in examined] == [each for each in lines(policy) if each in idle]


@pytest.mark.parametrize("policy", EXERCISED)
def test_what_is_stated_as_not_exercised_stands_in_the_policy(policy: str) -> None:
    assert set(stated()[policy]) <= set(lines(policy))


def test_a_mutation_changes_one_article_and_nothing_else() -> None:
    subject = mutated("lake_group")
    each = next(m for m in subject.mutations if m.how == "figure larger")
    before, after = subject.parsed.tree, subject.mutated(each).tree
    assert len(before.items) == len(after.items)
    changed = [n for n, (old, new) in enumerate(zip(before.items, after.items, strict=True)) if old is not new]
    assert changed == [n for n, item in enumerate(before.items) if item.span.start <= each.span.start < item.span.end]
    assert each.text in after.items[changed[0]].span.text


# ---- planted faults --------------------------------------------------------------------------------------------------


def _tells_the_reasons_of_before(planted: pytest.MonkeyPatch) -> None:
    """As if reasons were written beside the rules and not read off the derivation."""
    known: dict[Any, Any] = {}

    def remembered(true: Callable[..., Any], key: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **named: known.setdefault(key(*given), true(*given, **named))

    def of_value(value: Any, level: Any) -> Any:
        return value.entry and value.entry.name, value.subject, value.op, level

    def of_share(decision: Any, shared: Any, row: Any) -> Any:
        return shared.entry.name, row.member

    planted.setattr(outcomes, "share_reasons", remembered(outcomes.share_reasons, of_share))
    planted.setattr(outcomes, "grown", remembered(outcomes.grown, of_value))


def _cites_nothing(planted: pytest.MonkeyPatch) -> None:
    def bare(line: Line) -> Line:
        return tuple(replace(span, kind="text") if span.kind == "citation" else span for span in line)

    say, branch_line = words.say, outcomes.branch_line
    planted.setattr(words, "say", lambda claim: bare(say(claim)))
    planted.setattr(outcomes, "branch_line", lambda branch, **how: bare(branch_line(branch, **how)))


@pytest.mark.parametrize(
    "plant",
    [
        pytest.param(
            plant,
            id=plant.__name__.strip("_"),
            marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=f"planted fault: {plant.__name__}"),
        )
        for plant in (_tells_the_reasons_of_before, _cites_nothing)
    ],
)
def test_a_planted_fault_is_found(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    some = [each for each in lines("lake_group") if "define room" in each]
    assert some
    assert faults(tried(Mutated("lake_group"), some)) == {}


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="planted fault: a line that is not in the list")
def test_a_line_that_nothing_exercises_is_missed_in_the_list() -> None:
    first, *others = stated()["osce_emergency"]
    assert set(not_exercised(tried(mutated("osce_emergency"), [first]))) <= set(others)
