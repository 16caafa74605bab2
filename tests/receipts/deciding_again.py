"""Policies, cases and decisions that come with the tool, each read and decided once; and texts laid out anew."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from policy_dsl.check import Checked
from policy_dsl.evaluate.decision import Decision
from policy_dsl.files import Loader
from policy_dsl.pipeline import Opened, check_policy, decide, document, open_file, read_case
from policy_dsl.receipts.rules import ArticleSeal, rules_digest, seals, words_digest
from policy_dsl.resolve import resolve
from policy_dsl.resolve.program import Program
from policy_dsl.source import Source
from policy_dsl.syntax import parse

ROOT = Path(__file__).resolve().parents[2]
LAKE = ROOT / "docs" / "example" / "lake.policy"
# Translations of a policy's words stand beside it, as `lake_group.fr.policy`.
POLICIES = [LAKE, *sorted(path for path in (ROOT / "policies").glob("*/*.policy") if "." not in path.stem)]
CASES = [LAKE.with_suffix(".yaml"), *sorted((ROOT / "policies").glob("*/cases/*.yaml"))]

QUOTED = re.compile(r'"[^"\n]*"')
GROUPED = re.compile(r"(?<![\w.])\d{1,3}(?:_\d{3})+(?![\w.])")
WIDE = re.compile(r"(?<=\S)  +(?=\S)")
PROSE = re.compile(r"\s*(\(\d+\)\s*)?>")


def shown(path: Path) -> str:
    """The name of a file in the name of a test."""
    return path.stem


def policy_of(case: Path) -> Path:
    """The policy of a case: beside it, or that of the folder in which it stands."""
    home = case.parents[1]
    return LAKE if case.parent == LAKE.parent else home / f"{home.name}.policy"


@cache
def checked(policy: Path) -> Checked:
    found = check_policy(open_file(str(policy))).checked
    assert found is not None
    return found


def decided(case: Path, law: Checked | None = None) -> Decision:
    law = law or checked(policy_of(case))
    read = read_case(law, open_file(str(case)))
    assert read.case is not None
    return decide(law, read.case)


@cache
def json_of(case: Path) -> str:
    text = document(decided(case), "json")
    assert isinstance(text, str)
    return text


def data_of(case: Path) -> dict[str, Any]:
    """The data of a decision, which may be changed."""
    data: dict[str, Any] = json.loads(json_of(case))
    return data


def sound(text: str, path: Path = LAKE) -> Checked:
    """A text in place of a policy, without errors."""
    source = Source(str(path), text)
    policy = check_policy(Opened(source, Loader(source)))
    assert policy.checked is not None
    assert [each.code for each in policy.problems if each.severity.value == "error"] == []
    return policy.checked


def program(text: str, path: Path = LAKE) -> Program | None:
    """The program of a text in place of a policy; none where the text is at fault."""
    source = Source(str(path), text)
    parsed = parse(source)
    resolved = resolve(parsed, Loader(source))
    return None if parsed.problems or resolved.problems else resolved.program


def digests(of: Program) -> tuple[str, str, tuple[ArticleSeal, ...]]:
    """The digest of the rules, that of the words, and those of the articles."""
    made = seals(of)
    return rules_digest(made), words_digest(made), made


def laid_anew(text: str, draw: Callable[[int], int]) -> str:
    """A policy laid out otherwise: indentation, blank lines, comments, columns, breaks in prose, separators, line ends.

    `draw(n)` draws a number below n.
    """
    wider, ends = 1 + draw(2), "\r\n" if draw(4) == 0 else "\n"
    lines: list[str] = []
    for line in text.splitlines():
        inside = line.lstrip(" ")
        indent = " " * (wider * (len(line) - len(inside)))
        if inside.startswith(">"):
            # A paragraph goes on: nothing may stand between its lines.
            lines.append(indent + inside)
            continue
        if draw(5) == 0:
            lines.append("")
        if draw(8) == 0:
            lines.append(f'{indent}# a remark: 5_000 "of" nobody')
        if PROSE.match(line):
            lines += _broken(indent, inside, draw)
        elif inside and not inside.startswith("#"):
            lines.append(indent + _spread(inside, draw) + ("  # so it was agreed" if draw(9) == 0 else " " * draw(2)))
        else:
            lines.append(indent + inside)
    return ends.join(lines) + ends


def _broken(indent: str, line: str, draw: Callable[[int], int]) -> list[str]:
    """A first line of prose, perhaps in two."""
    blanks = [found.start() for found in re.finditer(r"(?<=\w) (?=\w)", line)]
    if not blanks or draw(2) == 0:
        return [indent + line]
    at = blanks[draw(len(blanks))]
    return [indent + line[:at], f"{indent}      > {line[at + 1 :]}"]


def _spread(line: str, draw: Callable[[int], int]) -> str:
    """A line with other columns and other separators in figures; what stands in quotes is left alone."""
    made, end = [], 0
    for quoted in [*QUOTED.finditer(line), None]:
        begin = quoted.start() if quoted is not None else len(line)
        plain = WIDE.sub(lambda _: " " * (1 + draw(5)), line[end:begin])
        made.append(GROUPED.sub(lambda found: found[0].replace("_", "") if draw(2) else found[0], plain))
        if quoted is not None:
            made.append(quoted[0])
            end = quoted.end()
    return "".join(made)
