"""A problem put into words: as text for people and as data for tools."""

from __future__ import annotations

from collections.abc import Iterable

from policy_dsl.diagnostics.catalogue import filled, find
from policy_dsl.diagnostics.problem import Problem, Severity
from policy_dsl.diagnostics.snippet import WIDTH, clean, clean_lines, gutter_for, snippet, width_of, wrapped
from policy_dsl.records import dataclass
from policy_dsl.source import Span

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.ADVICE: 2}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A problem in words. `where` is "file:line:column", or the file, or empty; all texts are safe to print."""

    code: str
    slug: str
    severity: Severity
    where: str
    article: str
    message: str
    help: str
    problem: Problem

    @property
    def text(self) -> str:
        """The message as it stands on a terminal, without colour; no line end after the last line."""
        head = " · ".join(part for part in (f"{self.code} {self.severity.value}", self.article, self.where) if part)
        return "\n".join([head, *self._body(), *self._help()])

    def _body(self) -> list[str]:
        span, related = self.problem.span, self.problem.related
        gutter = gutter_for([each for each in (span, *(one.span for one in related)) if each is not None])
        lines = snippet(span, self.message, gutter=gutter) if span is not None else wrapped(self.message)
        for one in related:
            if span is None or one.span.source.name != span.source.name:
                lines.append(f"   in {clean(str(one.span))}:")
            lines.extend(snippet(one.span, clean(one.label), mark="-", gutter=gutter))
        return lines

    def _help(self) -> list[str]:
        more = f"(policy help {self.code})"
        if not self.help:
            return [f"   {more}"]
        lines = wrapped(self.help)
        if width_of(lines[-1]) + 3 + len(more) <= WIDTH:
            return [*lines[:-1], f"{lines[-1]}   {more}"]
        return [*lines, f"   {more}"]

    def data(self) -> dict[str, object]:
        """The message as data, its keys in the order that the reference documents."""
        return {
            "code": self.code,
            "slug": self.slug,
            "severity": self.severity.value,
            "article": self.article,
            **_place_data(self.problem.span, str(self.problem.params.get("file", ""))),
            "message": self.message,
            "help": self.help,
            "related": [{**_place_data(one.span), "label": clean(one.label)} for one in self.problem.related],
        }


def render(problem: Problem) -> Rendered:
    """Put a problem into words."""
    entry = find(problem.code, problem.params)
    where = clean(str(problem.span)) if problem.span is not None else clean(problem.params.get("file", ""))
    return Rendered(
        code=entry.code,
        slug=entry.slug,
        severity=entry.severity,
        where=where,
        article=clean(problem.article),
        message=clean_lines(filled(entry.message, problem.params)),
        help=clean_lines(problem.mend or filled(entry.help, problem.params)),
        problem=problem,
    )


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of the text; of those at one place the graver first. The same problem is said once."""

    def key(problem: Problem) -> tuple[object, ...]:
        span = problem.span
        place = (span.source.name, span.start, span.end) if span is not None else ("", -1, -1)
        params = tuple(sorted((name, str(value)) for name, value in problem.params.items()))
        return (*place, _RANK[problem.severity], problem.code, params, problem.article, problem.mend)

    told: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        told.setdefault(key(problem), problem)
    return [told[each] for each in sorted(told)]


def _place_data(span: Span | None, file: str = "") -> dict[str, object]:
    if span is None:
        return {"file": file, "line": None, "column": None, "end_line": None, "end_column": None}
    begins, ends = span.begins, span.ends
    return {
        "file": span.source.name,
        "line": begins.line,
        "column": begins.column,
        "end_line": ends.line,
        "end_column": ends.column,
    }
