"""A value's derivation as a tree, in three measures.

*brief*: the value, its article and its direct named inputs. *reasoned*: every named value down to the facts. *full*:
also every operation between them with its figures. A named value that was told before isn't told again.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.ranks import TieAsked
from policy_dsl.explain.reading import LEAVES, bears_name, body, is_aggregate, is_group, named_inputs, settled
from policy_dsl.records import dataclass


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


def tree(
    derived: Derived,
    level: Level,
    *,
    stop: Callable[[Derived], bool] | None = None,
    told: set[object] | None = None,
    wide: bool = True,
) -> Branch:
    """The derivation of a value.

    `stop` ends the tree at values that are told elsewhere; `told` remembers across trees what was told; without `wide`
    the figures that went into a sum over members are not listed.
    """
    return _Grower(level, stop, told if told is not None else set(), wide).grow(derived, root=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Grower:
    """Grows one tree, telling each value once."""

    level: Level
    stop: Callable[[Derived], bool] | None
    told: set[object]
    wide: bool

    def grow(self, derived: Derived, root: bool = False) -> Branch:
        key = id(derived)
        below = self._below(derived)
        if key in self.told and below and not root:
            return Branch(derived, told=True)
        self.told.add(key)
        if not root and self.stop is not None and self.stop(derived):
            return Branch(derived, told=True)
        if self.level is Level.BRIEF and not root:
            below = ()
        formula = self._formula(derived)
        if self.level is not Level.FULL and is_group(derived) and not root:
            return Branch(derived)
        if self.level is not Level.FULL and is_aggregate(derived):
            below = below if self.wide or root else ()
            return Branch(derived, formula, tuple(Branch(each) for each in below))
        return Branch(derived, formula, tuple(self.grow(each) for each in below))

    def _formula(self, derived: Derived) -> Derived | None:
        formula = body(derived)
        # How a tie was settled can't be read off the figures that went into a rank.
        if self.level is not Level.FULL and not is_aggregate(derived) and not isinstance(formula.detail, TieAsked):
            return None
        if is_group(derived) or isinstance(derived.value, tuple) or derived.op == "share":
            return None
        return None if formula.op in LEAVES or not formula.of else formula

    def _below(self, derived: Derived) -> tuple[Derived, ...]:
        if self.level is not Level.FULL:
            return named_inputs(derived)
        inner = body(derived)
        parts = inner.of if inner is derived or bears_name(derived, inner) or inner.entry is None else (inner,)
        return tuple(each for each in _once(tuple(map(settled, parts))) if each.op != "written")


def _once(parts: tuple[Derived, ...]) -> tuple[Derived, ...]:
    return tuple({id(each): each for each in parts}.values())
