"""The file: its header, parts, articles with their words, and departures from a model."""

from __future__ import annotations

from typing import TypeAlias

from policy_dsl.syntax.tree.examples import Example
from policy_dsl.syntax.tree.figures import Indicators
from policy_dsl.syntax.tree.nodes import Broken, Comment, Expr, Ident, Node, Note, Provision


class HeadLine(Node):
    """A line of the header: `word` is its opening word ("in force from" is "in force"); `value` what follows."""

    word: str
    value: Expr | Ident


class TranslationLine(HeadLine):
    """`translation fr "FILE"`: the file with the text in another language."""

    language: Ident


class Header(Node):
    """`policy NAME "Title"` and the lines under it."""

    name: Ident
    title: str
    lines: tuple[HeadLine, ...]


class ArticleNumber(Node):
    """`7`, or `4 bis`; `suffix` is empty, bis, ter, quater …"""

    number: int
    suffix: str

    def __str__(self) -> str:
        return f"{self.number} {self.suffix}" if self.suffix else str(self.number)


class Part(Node):
    """`part II "Heading"`."""

    number: str
    title: str


class Prose(Node):
    """Legal words as adopted; `paragraph` is the number in `(1) > …`, or none. Lines are joined by single blanks."""

    paragraph: int | None
    text: str


ArticleLine: TypeAlias = Prose | Provision | Indicators | Example | Broken


class Article(Node):
    """`article 5 "Title"` with its lines in order: legal words and provisions."""

    number: ArticleNumber
    title: str
    lines: tuple[ArticleLine, ...]


class Departure(Node):
    """`replace article …`, `add article …` (with the article) or `delete article n` (without one)."""

    kind: str
    number: ArticleNumber
    article: Article | None
    notes: tuple[Note, ...]


class PolicyFile(Node):
    """A whole file. `header` is None where it could not be read."""

    header: Header | None
    items: tuple[Part | Article | Departure | Example | Broken, ...]
    comments: tuple[Comment, ...]
