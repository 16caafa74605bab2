"""What is known of one text at one version: its tree, what it means, what is wrong, and what stands under each word."""

from __future__ import annotations

from functools import cached_property

from policy_dsl.check import Checked
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.editor.symbols import Occurrence, Symbol, Symbols, of_translation
from policy_dsl.pipeline import Edited, Opened
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.source import Source
from policy_dsl.syntax import tree


class View:
    """A text as it stands. It is good until the text is read again: its trees are then those of the new reading.

    `policy` is the view of the policy that a translation translates.
    """

    def __init__(self, opened: Opened, found: Edited, policy: View | None = None) -> None:
        self.opened = opened
        self.source: Source = opened.source
        self.load = opened.load
        self.tree: tree.PolicyFile | tree.TranslationFile = found.tree
        self.ways: tuple[Checked, ...] = found.ways or (policy.ways if policy is not None else ())
        self.problems: tuple[Problem, ...] = found.problems
        self.policy = policy

    @property
    def checked(self) -> Checked | None:
        """The policy, or the first way to read the draft."""
        return self.ways[0] if self.ways else None

    @property
    def program(self) -> Program | None:
        """What the names of the policy mean, or of the first way to read the draft."""
        return self.ways[0].program if self.ways else None

    @cached_property
    def symbols(self) -> Symbols:
        """What stands under each word."""
        if isinstance(self.tree, tree.PolicyFile):
            return Symbols(self.ways, self.tree)
        return of_translation(self.tree, self.policy.symbols if self.policy is not None else Symbols((), None))

    def at(self, offset: int) -> Occurrence | None:
        """What stands under a place."""
        return self.symbols.at(self.source, offset)

    def entries(self, symbol: Symbol) -> list[Entry]:
        """The provisions that give a name."""
        return self.symbols.entries.get(symbol, [])
