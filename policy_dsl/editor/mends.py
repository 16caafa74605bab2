"""From what is wrong to an edit that mends it, where the mend is a matter of writing and not of what is meant.

Each mend is tried before it is offered: the text is read with it, and it must be the better for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.editor.bench import Bench
from policy_dsl.editor.view import View
from policy_dsl.pipeline import Opened, edited
from policy_dsl.records import dataclass
from policy_dsl.source import Source, Span
from policy_dsl.syntax import tree
from policy_dsl.syntax.again import Again
from policy_dsl.values.countries import COUNTRIES

_DID_YOU_MEAN = re.compile(r"did you mean `([^`]+)`\?")
_WRITE = re.compile(r"write `([^`]+)`")
_QUOTED = re.compile(r"`([^`]+)`")
_DATE = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})|([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit: the stretch of text that is replaced, and what takes its place; `title` says so in a few words."""

    span: Span
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mend:
    """What could be done about a problem, in a few words, and the edit that does it."""

    problem: Problem
    title: str
    fix: Fix


Maker = Callable[[Problem, Span, View], Iterator[Fix]]


def mends(bench: Bench, view: View, start: int, end: int) -> list[Mend]:
    """What could be done about the problems that touch a stretch of text."""
    found = []
    for problem in view.problems:
        span = problem.span
        if span is None or span.source is not view.source or span.start > end or span.end < start:
            continue
        for fix in _fixes(problem, span, view):
            if _is_better(bench, view, problem, fix):
                found.append(Mend(problem, _title(fix), fix))
                if problem.code in _ONE_IS_ENOUGH:
                    break
    return found


def _title(fix: Fix) -> str:
    if fix.title:
        return fix.title
    short = " ".join(fix.text.split())
    shown = short if len(short) <= 60 else short[:59].rstrip() + "…"
    return f"Write `{shown}`" if fix.span.text.strip() else f"Add `{shown}`"


def _is_better(bench: Bench, view: View, problem: Problem, fix: Fix) -> bool:
    """Whether less is wrong with the mend: one of these problems is gone, and nothing new can't be read."""
    text = view.source.text[: fix.span.start] + fix.text + view.source.text[fix.span.end :]
    source = Source(view.source.name, text)
    after = Counter(each.code for each in edited(Opened(source, bench.shelf(source)), Again()).problems)
    before = Counter(each.code for each in view.problems)
    torn = [code for code in after if code.startswith("PD1") and after[code] > before[code]]
    return after[problem.code] < before[problem.code] and not torn


# ---- one function for each way to mend -------------------------------------------------------------------------------


def _fixes(problem: Problem, span: Span, view: View) -> Iterator[Fix]:
    maker = _MAKERS.get(problem.code)
    found = list(maker(problem, span, view)) if maker is not None else []
    yield from found or _as_told(problem, span)


def _as_told(problem: Problem, span: Span) -> Iterator[Fix]:
    """What the message itself says is to be written in the place of the words."""
    for form in (_DID_YOU_MEAN, _WRITE):
        found = form.fullmatch(problem.mend)
        if found is not None and "\n" not in span.text:
            yield Fix(span, found.group(1))


def _given(name: str) -> Maker:
    def make(problem: Problem, span: Span, _: View) -> Iterator[Fix]:
        yield Fix(span, str(problem.params[name]))

    return make


def _always(words: str, title: str = "") -> Maker:
    def make(_: Problem, span: Span, __: View) -> Iterator[Fix]:
        yield Fix(span, words, title)

    return make


def _tabs(_: Problem, span: Span, view: View) -> Iterator[Fix]:
    """All tabs in the indentation around: one alone would not fit the lines beside it."""
    start, end = _block(view.source, span.start)
    block = view.source.text[start:end]
    for step in (2, 4, 8):
        blanks = re.sub(r"^[ \t]+", lambda found: found.group().expandtabs(step), block, flags=re.MULTILINE)  # noqa: B023
        yield Fix(view.source.span(start, end), blanks, f"Write blanks in the place of tabs, {step} for each")


def _block(source: Source, offset: int) -> tuple[int, int]:
    """The lines from the margin above a place to the next one at the margin."""
    starts = [found.start() for found in re.finditer(r"^[^ \t\r\n#]", source.text, re.MULTILINE)]
    start = max((at for at in starts if at <= offset), default=0)
    return start, min((at for at in starts if at > offset), default=len(source.text))


def _close_quotes(_: Problem, span: Span, view: View) -> Iterator[Fix]:
    end = _line_end(view.source, span.start)
    for at in dict.fromkeys((span.end, end)):
        yield Fix(view.source.span(at, at), '"')


def _straight_quotes(_: Problem, span: Span, __: View) -> Iterator[Fix]:
    yield Fix(span, '"' + span.text.strip("“”„‟«»‹›‘’'\"").replace('"', "'") + '"')


def _row_sign(sign: str) -> Maker:
    def make(problem: Problem, span: Span, view: View) -> Iterator[Fix]:
        if "in its place" in problem.mend:
            blank = "" if view.source.text[span.start - 1 : span.start] in (" ", "") else " "
            yield Fix(span, f"{blank}{sign}")
        else:
            yield Fix(view.source.span(span.start, span.start), f"{sign} ")
            yield Fix(view.source.span(span.end, span.end), f" {sign}")

    return make


def _points(_: Problem, span: Span, __: View) -> Iterator[Fix]:
    first, *groups = span.text.split(".")
    if all(len(each) == 3 for each in groups):
        yield Fix(span, "_".join((first, *groups)))


def _date(_: Problem, span: Span, __: View) -> Iterator[Fix]:
    found = _DATE.fullmatch(span.text)
    if found is not None:
        day, month, year = found.group(1, 2, 3) if found.group(3) else found.group(6, 5, 4)
        yield Fix(span, f"{year}-{month:0>2}-{day:0>2}")


def _indent(_: Problem, span: Span, view: View) -> Iterator[Fix]:
    start = view.source.starts[span.begins.line - 1]
    yield Fix(view.source.span(start, start), "  ", "Indent the line by two blanks")


def _mark(_: Problem, span: Span, view: View) -> Iterator[Fix]:
    yield Fix(view.source.span(span.start, span.start), "> ")
    if view.source.text[span.start] == ">":
        yield Fix(view.source.span(span.start + 1, span.start + 1), " ", "Write a blank after `>`")


def _close_parenthesis(_: Problem, span: Span, view: View) -> Iterator[Fix]:
    end = _line_end(view.source, span.start)
    yield Fix(view.source.span(end, end), ")")


def _name(_: Problem, span: Span, __: View) -> Iterator[Fix]:
    yield Fix(span, re.sub(r"[^a-z0-9]+", "_", span.text.lower()).strip("_"))


def _country(_: Problem, span: Span, __: View) -> Iterator[Fix]:
    word = span.text.casefold()
    yield from (Fix(span, code) for code, (_, name) in COUNTRIES.items() if name.casefold() == word)


def _join(_: Problem, span: Span, view: View) -> Iterator[Fix]:
    before = view.source.text[: span.start].rstrip()
    yield Fix(view.source.span(len(before), span.start), " ", "Join the line with the one above")


def _with_name(problem: Problem, span: Span, __: View) -> Iterator[Fix]:
    found = _QUOTED.search(problem.mend)
    if found is not None and found.group(1).startswith(problem.params["opening"]):
        yield Fix(span, found.group(1).removeprefix(problem.params["opening"]).strip())


def _bis(problem: Problem, span: Span, __: View) -> Iterator[Fix]:
    yield from (Fix(span, f"{problem.params['number'].split()[0]} {suffix}") for suffix in ("bis", "ter", "quater"))


def _header_line(line: str = "") -> Maker:
    """Adds a line to the header, below its other lines and as deep as they are."""

    def make(problem: Problem, span: Span, view: View) -> Iterator[Fix]:
        header = view.tree.header
        told = re.search(r"write the line `([^`]+)`", problem.mend)
        words = line or (told.group(1) if told is not None else "")
        if words and header is not None and header.lines:
            last = header.lines[-1].span
            end = last.start + len(last.text.rstrip())
            start = view.source.starts[last.begins.line - 1]
            yield Fix(view.source.span(end, end), f"\n{view.source.text[start : last.start]}{words}")

    return make


def _line_of(words: str = "") -> Maker:
    """Adds a line to the provision in which the problem stands."""

    def make(problem: Problem, span: Span, view: View) -> Iterator[Fix]:
        told = _WRITE.fullmatch(problem.mend)
        added = words or (told.group(1) if told is not None else "")
        entry = _around(view, span)
        if entry is None or not added:
            return
        rows = [each for each in tree.children(entry) if each.span.begins.line > entry.span.begins.line]
        if rows:
            end = entry.span.start + len(entry.span.text.rstrip())
            start = view.source.starts[rows[0].span.begins.line - 1]
            yield Fix(view.source.span(end, end), f"\n{view.source.text[start : rows[0].span.start]}{added}")

    return make


def _around(view: View, span: Span) -> tree.Node | None:
    for program in (way.program for way in view.ways):
        for entry in program.entries.values():
            place = entry.node.span
            if place.source is view.source and place.start <= span.start and span.end <= place.end:
                return entry.node
    return None


def _departs(_: Problem, span: Span, view: View) -> Iterator[Fix]:
    start = view.source.text.rfind("article", 0, span.start)
    yield from (Fix(view.source.span(start, start), word) for word in ("add ", "replace "))


def _line_end(source: Source, offset: int) -> int:
    line = source.place(offset).line
    return source.starts[line - 1] + len(source.line(line).rstrip())


# Of these the first mend that works is as good as any other.
_ONE_IS_ENOUGH = frozenset({"PD101", "PD109", "PD113", "PD129", "PD147", "PD211"})
_MAKERS: dict[str, Maker] = {
    "PD101": _tabs,
    "PD105": _given("figure"),
    "PD106": _given("figure"),
    "PD107": _given("figure"),
    "PD108": _given("figure"),
    "PD109": _close_quotes,
    "PD110": _straight_quotes,
    "PD112": _given("name"),
    "PD113": _row_sign(":"),
    "PD114": _always("="),
    "PD115": _given("sign"),
    "PD116": _given("word"),
    "PD117": _always("", "Take the sign out"),
    "PD118": _points,
    "PD123": _date,
    "PD124": _given("near"),
    "PD126": _indent,
    "PD127": _given("found"),
    "PD129": _mark,
    "PD134": _close_parenthesis,
    "PD136": _always(" ", "Write a blank in its place"),
    "PD141": _name,
    "PD142": _always("", "Take the parenthesis out"),
    "PD143": _given("sign"),
    "PD146": _country,
    "PD147": _row_sign("="),
    "PD148": _indent,
    "PD149": _join,
    "PD151": _given("form"),
    "PD152": _with_name,
    "PD211": _bis,
    "PD220": _header_line(),
    "PD226": _given("newest"),
    "PD233": _departs,
    "PD320": _header_line("calendar  weekdays"),
    "PD453": _line_of("among    members"),
    "PD454": _line_of(),
    "PD517": _header_line("periods   plain"),
}
