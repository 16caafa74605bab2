"""A value's derivation as a tree, in three measures.

*brief*: the value, its article and its direct named inputs. *reasoned*: every named value down to the facts. *full*:
also every operation between them with its figures. A named value that was told before isn't told again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.reading import LEAVES, bears_name, body, named_inputs


class Level(StrEnum):
    """How much is told."""

    BRIEF = "brief"
    REASONED = "reasoned"
    FULL = "full"


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """A value in a tree. `formula` is the operation to show with it, if any; `told` means that it was told above."""

    derived: Derived
    formula: Derived | None = None
    branches: tuple[Branch, ...] = ()
    told: bool = False


def tree(derived: Derived, level: Level, stop: Callable[[Derived], bool] | None = None) -> Branch:
    """The derivation of a value. `stop` ends the tree at values that are told elsewhere."""
    return _Grower(level, stop).grow(derived, root=True)


class _Grower:
    """Grows one tree, telling each named value once."""

    def __init__(self, level: Level, stop: Callable[[Derived], bool] | None) -> None:
        self.level = level
        self.stop = stop
        self.told: set[object] = set()

    def grow(self, derived: Derived, root: bool = False) -> Branch:
        key = self._key(derived)
        below = self._below(derived)
        if key in self.told and below:
            return Branch(derived, told=True)
        self.told.add(key)
        if not root and self.stop is not None and self.stop(derived):
            return Branch(derived, told=True)
        formula = body(derived) if self.level is Level.FULL else None
        if formula is not None and (formula.op in LEAVES or not formula.of):
            formula = None
        if self.level is Level.BRIEF and not root:
            below = ()
        return Branch(derived, formula, tuple(self.grow(each) for each in below))

    def _below(self, derived: Derived) -> tuple[Derived, ...]:
        if self.level is not Level.FULL:
            return named_inputs(derived)
        inner = body(derived)
        parts = inner.of if inner is derived or bears_name(derived, inner) or inner.entry is None else (inner,)
        return tuple(each for each in _once(parts) if each.op != "written")

    def _key(self, derived: Derived) -> object:
        if derived.entry is not None:
            return id(derived.entry), derived.subject
        return id(derived)


def _once(parts: tuple[Derived, ...]) -> tuple[Derived, ...]:
    return tuple({id(each): each for each in parts}.values())
