"""What a text says of itself in its first line: that it is a translation, and into which language."""

from __future__ import annotations

import re

from policy_dsl.source import Source, Span

_TRANSLATION = re.compile(r"\ufeff?(?:[ \t]*(?:#[^\n]*)?\r?\n)*translation[ \t]+([a-z]+)\b")


def language_of(source: Source) -> Span | None:
    """The language into which a text translates a policy, where it stands; none where the text is no translation."""
    found = _TRANSLATION.match(source.text)
    return None if found is None else source.span(*found.span(1))
