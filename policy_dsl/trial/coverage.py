"""Which points of a policy its examples exercise: what was evaluated to find what they expect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from policy_dsl.check import Checked
from policy_dsl.evaluate.engine import Engine
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.trial.points import KINDS, Point, article_of, points
from policy_dsl.trial.seen import seen


class Run(Protocol):
    """An example, or a case with expected results, that was run."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def engine(self) -> Engine:
        """What was found for it."""


@dataclass(frozen=True, slots=True, eq=False)
class Covered:
    """A point, and the titles of those that exercise it, in their order; nobody does: none."""

    point: Point
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ArticleCovered:
    """One article of the file: its points in the order of its text."""

    article: tree.Article
    points: tuple[Covered, ...]

    @property
    def counts(self) -> tuple[int, int]:
        """How many of its points are exercised and how many there are."""
        return _counts(self.points)


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """What the examples of a policy exercise, article by article. `ran` are the titles of those that were run."""

    articles: tuple[ArticleCovered, ...]
    ran: tuple[str, ...]

    @property
    def points(self) -> tuple[Covered, ...]:
        """Every point, in the order of the text."""
        return tuple(each for article in self.articles for each in article.points)

    @property
    def missed(self) -> tuple[Point, ...]:
        """The points that nothing exercises."""
        return tuple(each.point for each in self.points if not each.by)

    def unexercised(self) -> tuple[Entry, ...]:
        """The provisions that no example exercises, each with the whole of what is local to it."""
        return tuple(point.entry for point in self.missed if point.kind == "provision")

    def by_kind(self) -> dict[str, tuple[int, int]]:
        """For each kind of point, how many are exercised and how many there are."""
        found = dict.fromkeys(KINDS, (0, 0))
        for each in self.points:
            done, all_ = found[each.point.kind]
            found[each.point.kind] = done + bool(each.by), all_ + 1
        return {kind: counts for kind, counts in found.items() if counts[1]}

    @property
    def counts(self) -> tuple[int, int]:
        """How many points are exercised and how many there are."""
        return _counts(self.points)


def _counts(points: Sequence[Covered]) -> tuple[int, int]:
    return sum(bool(each.by) for each in points), len(points)


def covered(checked: Checked, ran: Sequence[Run]) -> Coverage:
    """What the examples and cases that were run exercise of a policy."""
    marks = [(each.title, seen(each.engine)) for each in ran]
    program = checked.program
    articles: dict[tree.Article, list[Covered]] = {}
    for point in points(program):
        article = article_of(program, point.span)
        if article is not None:
            by = tuple(title for title, found in marks if (point.mark, point.way) in found)
            articles.setdefault(article, []).append(Covered(point, by))
    return Coverage(
        tuple(ArticleCovered(article, tuple(found)) for article, found in articles.items()),
        tuple(title for title, _ in marks),
    )


def percent(done: int, of: int) -> int:
    """A part in whole per cent, rounded down: only what is whole is called 100."""
    return 100 if of == 0 else done * 100 // of


def lines(article: ArticleCovered) -> Iterator[int]:
    """The lines of an article with a point that nothing exercises."""
    yield from dict.fromkeys(each.point.line for each in article.points if not each.by)
