"""The file: its header, parts, articles with their words, and departures from a model."""

from __future__ import annotations

from typing import TypeAlias

from policy_dsl.syntax.tree.examples import Example
from policy_dsl.syntax.tree.expressions import Text
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


class Alternative(Node):
    """`alternative A "Title" with B proposed by KEN`: what a draft would say in one place of its text.

    `lines` are what it proposes, of an article or whole articles (none for `none`: no text there); `ties` the names
    with which alone it can be taken; `proposers` codes, names and words in quotes. It stands in drafts alone: a policy
    is read with one alternative chosen at each place (see `resolve.alternatives`).
    """

    name: Ident
    title: str
    ties: tuple[Ident, ...]
    proposers: tuple[Ident | Text, ...]
    notes: tuple[Note, ...]
    lines: tuple[Proposed, ...]


ArticleLine: TypeAlias = Prose | Provision | Indicators | Example | Alternative | Broken


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


Proposed: TypeAlias = ArticleLine | Article | Departure


class PolicyFile(Node):
    """A whole file. `header` is None where it could not be read."""

    header: Header | None
    items: tuple[Part | Article | Departure | Alternative | Example | Broken, ...]
    comments: tuple[Comment, ...]


def is_draft(file: PolicyFile) -> bool:
    """Whether the text is open at some place: it holds alternatives."""
    for item in file.items:
        if isinstance(item, Alternative):
            return True
        article = item.article if isinstance(item, Departure) else item
        if isinstance(article, Article) and any(isinstance(line, Alternative) for line in article.lines):
            return True
    return False
