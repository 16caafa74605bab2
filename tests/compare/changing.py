"""What the tests of comparisons share: policies read and edited, and what is said of the changes."""

from __future__ import annotations

import re
from pathlib import Path

from policy_dsl.check import Checked
from policy_dsl.compare.changes import Changes, changes
from policy_dsl.diagnostics.problem import Severity
from policy_dsl.files import Loader
from policy_dsl.pipeline import Opened, check_policy, open_file
from policy_dsl.render import words
from policy_dsl.render.changes.say import statement
from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree

ROOT = Path(__file__).resolve().parents[2]
PATHS = {
    "MODEL": "policies/model_rules/model_rules.policy",
    "GROUP": "policies/lake_group/lake_group.policy",
    "LAKE": "docs/example/lake.policy",
    "BENCH": "tests/compare/bench.policy",
}
BLANKS = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " "})


def opened(policy: str, text: str | None = None) -> Opened:
    """A policy by its path from the top of the repository, or another text in its place."""
    path = str(ROOT / PATHS.get(policy, policy))
    if text is None:
        return open_file(path)
    source = Source(path, text)
    return Opened(source, Loader(source))


def checked(of: Opened, *, sound: bool = True) -> Checked:
    """The policy, without errors."""
    policy = check_policy(of)
    wrong = [each for each in policy.problems if each.severity is Severity.ERROR]
    assert not (sound and wrong), wrong
    assert policy.checked is not None
    return policy.checked


def header(of: Opened) -> tree.Header:
    """The header of a text."""
    found = parse(of.source).tree.header
    assert found is not None
    return found


def edited(policy: str, *edits: tuple[str, str]) -> Opened:
    """A policy with stretches of its text changed, each of which stands in it, in whatever layout."""
    text = opened(policy).source.text
    for old, new in edits:
        found = re.search(re.sub(r"(?:\\ )+", " +", re.escape(old)), text)
        assert found, old
        text = text[: found.start()] + new + text[found.end() :]
    return opened(policy, text)


def between(old: Opened, new: Opened, *, sound: bool = True) -> Changes:
    """What changed between two texts."""
    return changes(checked(old, sound=sound).program, checked(new, sound=sound).program, (header(old), header(new)))


def said(found: Changes) -> list[str]:
    """The statements, with plain blanks."""
    return [words.flat(statement(each)).translate(BLANKS) for each in found.found]
