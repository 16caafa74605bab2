"""What changed between two policies, as statements without words: article by article, provision by provision."""

from policy_dsl.compare.changes.articles import Changes, changes, keys
from policy_dsl.compare.changes.record import (
    EXAMPLES,
    ORDER,
    PLACE,
    RULES,
    WORDS,
    Change,
    Figure,
    Quoted,
    Said,
    Switch,
    Term,
    Titled,
    What,
)

__all__ = [
    "EXAMPLES",
    "ORDER",
    "PLACE",
    "RULES",
    "WORDS",
    "Change",
    "Changes",
    "Figure",
    "Quoted",
    "Said",
    "Switch",
    "Term",
    "Titled",
    "What",
    "changes",
    "keys",
]
