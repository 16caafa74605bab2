"""A translation: the words of a policy in another language, article by article, and nothing that is computed."""

from __future__ import annotations

from typing import TypeAlias

from policy_dsl.syntax.tree.file import ArticleNumber, HeadLine, Part, Prose
from policy_dsl.syntax.tree.nodes import Broken, Comment, Ident, Node, Note


class TranslationHeader(Node):
    """`translation fr "Title"` with the lines `of`, `version` and `authority`."""

    language: Ident
    title: str
    lines: tuple[HeadLine, ...]


class Named(Node):
    """`name x "Title"`: the title of what the article calls x, with its reasons and sources in the order of the policy.

    `of` is the step, the key or the group to which x belongs, where x alone would not tell (`name x of y`).
    """

    name: Ident
    of: Ident | None
    title: str
    notes: tuple[Note, ...]


class Translated(Node):
    """`article 5 "Title"`: the words of an article and the titles of what it names."""

    number: ArticleNumber
    title: str
    lines: tuple[Prose | Named | Broken, ...]


class Untranslated(Node):
    """`delete article 5 because "…"`: the reason for taking an article of the model out."""

    number: ArticleNumber
    notes: tuple[Note, ...]


TranslationItem: TypeAlias = Part | Translated | Untranslated | Broken


class TranslationFile(Node):
    """A whole file. `header` is None where it could not be read."""

    header: TranslationHeader | None
    items: tuple[TranslationItem, ...]
    comments: tuple[Comment, ...]
