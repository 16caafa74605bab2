"""Text to tree: the grammar, its reading, and what is said about a text that can't be read."""

from policy_dsl.source import Source
from policy_dsl.syntax import tree
from policy_dsl.syntax.parsed import Parsed

__all__ = ["Parsed", "parse", "tree"]


def parse(source: Source) -> Parsed:
    """The tree of a text. Never raises, whatever the text."""
    # The parser is a library that takes long to load, and a policy read before needs none.
    from policy_dsl.syntax.reading import read

    return read(source)
