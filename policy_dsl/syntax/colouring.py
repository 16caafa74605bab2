"""The lexer by which Pygments, and whatever is built on it, colours a policy: `pygmentize`, Sphinx, MkDocs, wikis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pygments.lexer import Lexer  # type: ignore[import-untyped]
from pygments.token import (  # type: ignore[import-untyped]
    Comment,
    Generic,
    Keyword,
    Literal,
    Name,
    Number,
    Operator,
    Punctuation,
    String,
    Text,
)

from policy_dsl.syntax.highlight import coloured

TOKENS = {
    "plain": Text,
    "words": Generic.Emph,
    "comment": Comment.Single,
    "string": String.Double,
    "citation": Name.Label,
    "date": Literal.Date,
    "figure": Number,
    "opening": Keyword.Declaration,
    "provision": Keyword.Declaration,
    "line": Keyword,
    "gathering": Operator.Word,
    "operator": Operator.Word,
    "function": Name.Function,
    "builtin": Name.Builtin,
    "unit": Keyword.Type,
    "code": Name.Constant,
    "given": Name.Class,
    "name": Name,
    "sign": Punctuation,
}


class PolicyLexer(Lexer):  # type: ignore[misc]
    """Colours policies and their translations."""

    name = "Policy"
    aliases: ClassVar[list[str]] = ["policy"]
    filenames: ClassVar[list[str]] = ["*.policy"]

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, Any, str]]:
        """The signs of a text with where they stand and how they are coloured."""
        at = 0
        for kind, signs in coloured(text):
            yield at, TOKENS[kind], signs
            at += len(signs)
