"""Text to tree: the grammar, its reading, and what is said about a text that can't be read."""

from policy_dsl.source import Source
from policy_dsl.syntax import tree
from policy_dsl.syntax.parsed import Parsed, ParsedTranslation
from policy_dsl.syntax.stated import language_of

__all__ = ["Parsed", "ParsedTranslation", "language_of", "parse", "parse_translation", "tree"]


def parse(source: Source) -> Parsed:
    """The tree of a text. Never raises, whatever the text."""
    # The parser is a library that takes long to load, and a policy read before needs none.
    from policy_dsl.syntax.reading import read

    return read(source)


def parse_translation(source: Source) -> ParsedTranslation:
    """The tree of a translation. Never raises, whatever the text."""
    from policy_dsl.syntax.translating import read_translation

    return read_translation(source)
