"""The policies that come with the tool draw no advice; what was set aside in them is still needed."""

import re
from pathlib import Path

import pytest

from policy_dsl.layout import formatted
from policy_dsl.lint import advise
from policy_dsl.pipeline import Opened, check_policy, open_file
from policy_dsl.source import Source
from policy_dsl.syntax import parse

ROOT = Path(__file__).resolve().parents[2]
POLICIES = sorted(path for path in (ROOT / "policies").glob("*/*.policy") if "." not in path.stem)
WITH_COMMENTS = [path for path in POLICIES if "# set aside" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_policy_that_comes_with_the_tool_draws_no_advice(path: Path):
    checked = check_policy(open_file(str(path))).checked
    assert checked is not None
    assert [(each.code, each.span.begins.line if each.span else 0) for each in advise(checked)] == []


@pytest.mark.parametrize("path", WITH_COMMENTS, ids=lambda path: path.stem)
def test_what_is_set_aside_stays_so_in_the_canonical_layout(path: Path):
    opened = open_file(str(path))
    laid_out = Source(opened.source.name, formatted(parse(opened.source)))
    assert "# set aside" in laid_out.text
    checked = check_policy(Opened(laid_out, opened.load)).checked
    assert checked is not None
    assert [each.code for each in advise(checked)] == []


def test_the_policy_on_the_first_page_lacks_examples_and_nothing_else():
    checked = check_policy(open_file(str(ROOT / "docs" / "example" / "lake.policy"))).checked
    assert checked is not None
    assert [each.code for each in advise(checked)] == ["PD653"]


# A figure is changed in one line of a policy and not in the words above it, or the other way round.
CHANGED = [
    (
        "model_rules",
        "not after 72 hours after request\n    step attendance",
        "not after 48 hours after request\n    step attendance",
    ),
    ("model_rules", "within five working days", "within ten working days"),
    (
        "model_rules",
        "50% : share of population\n    20% : share of area",
        "40% : share of population\n    30% : share of area",
    ),
    ("model_rules", "not after 6 months after decision", "not after 9 months after decision"),
    ("situation_specific", "between a tenth and three fifths", "between a tenth and four fifths"),
    ("situation_specific", "at most  2% of population", "at most  3% of population"),
    ("convention_entry_into_force", "on the ninetieth day", "on the sixtieth day"),
    ("montreal_trust_fund", "at most  22% of total", "at most  25% of total"),
    ("eu_solidarity_pool", "20 000 euros stand", "25 000 euros stand"),
    ("african_union_scale", 'parameter ceiling "Ceiling" = 12%', 'parameter ceiling "Ceiling" = 15%'),
]


@pytest.mark.parametrize(("name", "old", "new"), CHANGED)
def test_a_figure_that_no_longer_agrees_with_its_words_is_found(name: str, old: str, new: str, tmp_path: Path):
    text = (ROOT / "policies" / name / f"{name}.policy").read_text("utf-8")
    # However the policy is laid out: a line may break between any two words.
    written = re.compile(r"\s+(?:> )?".join(map(re.escape, old.split())))
    assert written.search(text)
    changed = written.sub(lambda _: new, text, count=1)
    file = tmp_path / "changed.policy"
    kept = "\n".join(line for line in changed.split("\n") if "translation" not in line[:14])
    file.write_text(kept, "utf-8")
    checked = check_policy(open_file(str(file))).checked
    assert checked is not None
    assert "PD662" in {each.code for each in advise(checked, select=("PD662",))}
