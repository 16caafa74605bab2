"""Text to tree: the grammar, its reading, and what is said about a text that can't be read."""

from policy_dsl.syntax import tree
from policy_dsl.syntax.parse import Parsed, parse

__all__ = ["Parsed", "parse", "tree"]
