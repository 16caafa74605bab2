"""Advice that the drafter sets aside: `# set aside PD651 because …`, a comment of the text.

The comment holds for the provision in which it stands, or above which it stands alone; beside or above the line of an
article for the whole article, in the header for the whole policy. It must give its reason, name advice of lint, and
be needed: what sets aside nothing is told, so that no comment outlives its cause.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.records import dataclass
from policy_dsl.source import Source, Span
from policy_dsl.syntax import tree

OF_COMMENTS = ("PD687", "PD688", "PD689")
_FORM = re.compile(
    r"#\s*set\s+aside\b[:\s]*(?P<codes>PD\d{3}(?:\s*(?:,|and)\s*PD\d{3})*)?[,\s]*(?P<rest>.*)$", re.IGNORECASE
)
_REASON = re.compile(r"because\b[:\s]*(?P<reason>.*)$", re.IGNORECASE)
_CODE = re.compile(r"PD\d{3}", re.IGNORECASE)
SHORTEST = 3
"""A reason has at least so many letters."""


@dataclass(frozen=True, slots=True)
class Aside:
    """A comment that sets advice aside: which codes, why, and the stretch of text for which it holds."""

    comment: Span
    codes: tuple[str, ...]
    reason: str
    first: int
    end: int
    whole: bool


def asides(file: tree.PolicyFile, source: Source) -> tuple[Aside, ...]:
    """The comments of a file that set advice aside."""
    found = []
    for comment in file.comments:
        read = _FORM.match(comment.span.text.rstrip())
        if read is None:
            continue
        codes = tuple(code.upper() for code in _CODE.findall(read["codes"] or ""))
        because = _REASON.match(read["rest"])
        reason = because["reason"].strip() if because is not None else ""
        first, end, whole = _concerns(file, source, comment.span.start)
        found.append(Aside(comment.span, codes, reason, first, end, whole))
    return tuple(found)


def sifted(
    advice: Iterable[Problem], comments: Sequence[Aside], known: Collection[str], looked: Collection[str]
) -> Iterator[Problem]:
    """The advice that is not set aside, and what is to be said of the comments themselves.

    `known` are the codes that may be set aside, `looked` those that were looked for: a comment is not called idle for
    advice that nobody asked for.
    """
    idle = {(aside, code) for aside in comments for code in aside.codes}
    for problem in advice:
        by = [aside for aside in comments if problem.code in aside.codes and _covers(aside, problem)]
        idle -= {(aside, problem.code) for aside in by}
        if not any(_reasoned(aside) for aside in by):
            yield problem
    for aside in comments:
        if not aside.codes:
            yield Problem("PD688", aside.comment, {"code": "no code"})
        for code in aside.codes:
            if code not in known:
                yield Problem("PD688", aside.comment, {"code": f"`{code}`"})
            elif (aside, code) in idle and code in looked:
                yield Problem("PD689", aside.comment, {"code": code})
        if aside.codes and not _reasoned(aside):
            yield Problem("PD687", aside.comment, {"codes": " and ".join(aside.codes)})


def _reasoned(aside: Aside) -> bool:
    return sum(letter.isalpha() for letter in aside.reason) >= SHORTEST


def _covers(aside: Aside, problem: Problem) -> bool:
    span = problem.span
    if aside.whole:
        return True
    return span is not None and span.source is aside.comment.source and aside.first <= span.start < aside.end


def _concerns(file: tree.PolicyFile, source: Source, at: int) -> tuple[int, int, bool]:
    """The stretch of text for which a comment holds, and whether that is the whole policy."""
    line = source.place(at).line
    start = source.starts[line - 1]
    if not source.text[start:at].strip():
        start = source.starts[_line_meant(source, line) - 1]
    words = start + len(source.text[start:]) - len(source.text[start:].lstrip())
    if file.header is not None and words < file.header.span.end:
        return 0, len(source.text), True
    inner = [block for block in _blocks(file) if block.start <= words < max(block.end, block.start + 1)]
    if not inner:
        return at, at, False
    block = min(inner, key=lambda each: each.end - each.start)
    return block.start, block.end, False


def _line_meant(source: Source, number: int) -> int:
    """The line that a comment on a line of its own is about: the next one that is no comment.

    A comment deeper than that, at the end of a provision, is about the lines above it.
    """
    last = len(source.starts)
    after = next((at for at in range(number + 1, last + 1) if _says(source.line(at))), None)
    before = next((at for at in range(number - 1, 0, -1) if _says(source.line(at))), None)
    deep = _depth(source.line(number))
    if after is not None and (before is None or _depth(source.line(after)) >= deep):
        return after
    return before if before is not None else number


def _says(line: str) -> bool:
    """Whether a line holds more than a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _blocks(file: tree.PolicyFile) -> Iterator[Span]:
    """What a comment may hold for: articles, their words and provisions, rows of facts, steps, examples."""
    for item in file.items:
        yield item.span
        article = item.article if isinstance(item, tree.Departure) else item
        if not isinstance(article, tree.Article):
            continue
        for line in article.lines:
            yield line.span
            match line:
                case tree.Indicators():
                    yield from (row.span for row in line.rows)
                case tree.Procedure():
                    yield from (step.span for step in line.steps)
