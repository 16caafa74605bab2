"""Whole policies: none of the examples has a fault, every expression has a type, and any text can be checked."""

import random
import re
from pathlib import Path

import pytest
from checking import EXAMPLES

from policy_dsl.check import Checked, check
from policy_dsl.diagnostics.catalogue import entries
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import parse

POLICIES = sorted(EXAMPLES.glob("*.policy"))
WORD = re.compile(r"[A-Za-z_]\w*|\d[\d_.]*%?|[<>=+*/^-]+")


def load(path: str, _relative_to: Source) -> Source | None:
    file = EXAMPLES / path
    return Source(path, file.read_text("utf-8")) if file.exists() else None


def of_text(text: str) -> Checked | None:
    resolved = resolve(parse(Source("p.policy", text)), load)
    return None if resolved.program is None else check(resolved.program)


def test_the_examples_are_there():
    assert len(POLICIES) == 14


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_an_example_has_no_error_and_no_unknown_type(file: Path):
    result = of_text(file.read_text("utf-8"))
    assert result is not None
    assert [str(each) for each in result.problems if each.severity.value == "error"] == []
    assert [at.span.text for at, found in result.types.items() if found.unknown] == []
    assert [each.code for each in result.problems if each.severity.value == "warning" and each.code != "PD601"] == []


@pytest.mark.parametrize(
    ("name", "proved"),
    [
        ("model_rules", {"parallel_duties", "not_for_sale"}),
        ("lake_group", {"parallel_duties", "not_for_sale"}),
        ("tradeable_quotas", {"not_for_sale"}),
        ("least_cost", set()),
    ],
)
def test_what_is_proved_of_the_examples(name: str, proved: set[str]):
    result = of_text((EXAMPLES / f"{name}.policy").read_text("utf-8"))
    assert result is not None
    assert result.proved == proved


def test_problems_stand_in_the_order_of_the_text():
    text = (EXAMPLES / "model_rules.policy").read_text("utf-8").replace("50% :", "60% :").replace("persons", "km2")
    result = of_text(text)
    assert result is not None
    places = [each.span.start for each in result.problems if each.span is not None]
    assert len(places) > 3
    assert places == sorted(places)


@pytest.mark.parametrize("seed", range(40))
def test_any_text_can_be_checked(seed: int):
    """Words exchanged and lines taken out: whatever is left is checked without an accident, with known codes."""
    chance = random.Random(seed)
    texts = [file.read_text("utf-8") for file in POLICIES]
    words = [word for text in texts for word in WORD.findall(text)]
    text = chance.choice(texts)
    for _ in range(chance.randint(1, 5)):
        if chance.random() < 0.3:
            lines = text.split("\n")
            del lines[chance.randrange(len(lines))]
            text = "\n".join(lines)
        else:
            place = chance.choice(list(WORD.finditer(text)))
            text = text[: place.start()] + chance.choice(words) + text[place.end() :]
    result = of_text(text)
    if result is not None:
        assert {each.code for each in result.problems} <= set(entries())


def test_each_kind_of_check_is_listed_once():
    from policy_dsl.check.check import CHECKS

    assert len(CHECKS) == len(set(CHECKS))
