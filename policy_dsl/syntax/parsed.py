"""What reading a text gives."""

from __future__ import annotations

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.records import dataclass
from policy_dsl.syntax import tree


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree and what is wrong with its text."""

    tree: tree.PolicyFile
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ParsedTranslation:
    """The tree of a translation and what is wrong with its text."""

    tree: tree.TranslationFile
    problems: tuple[Problem, ...]
