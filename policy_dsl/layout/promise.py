"""The promise of the layout: what a text says is the same before and after."""

from __future__ import annotations

from policy_dsl.source import Source
from policy_dsl.syntax import Parsed, ParsedTranslation, language_of, parse, parse_translation, tree

Read = Parsed | ParsedTranslation


class Unkept(Exception):
    """The layout would change what a text says; `what` of it would change. A fault of the tool, not of the text."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def read(source: Source) -> Read:
    """The tree of a policy, or of a translation, as the text says of itself."""
    return parse(source) if language_of(source) is None else parse_translation(source)


def difference(one: Read, other: Read) -> str:
    """What two texts do not have in common: nothing, or `rules and words`, `comments` or `faults`."""
    if not tree.same(one.tree, other.tree) or _unread(one) != _unread(other):
        return "rules and words"
    if [each.text for each in one.tree.comments] != [each.text for each in other.tree.comments]:
        return "comments"
    if [each.code for each in one.problems] != [each.code for each in other.problems]:
        return "faults"
    return ""


def _unread(of: Read) -> list[str]:
    """The text of what could not be read, without the room around its lines."""
    found = [node.span.text for node in tree.walk(of.tree) if isinstance(node, tree.Broken)]
    return ["\n".join(line.strip() for line in text.split("\n") if line.strip()) for text in found]
