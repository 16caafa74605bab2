"""Trials of a policy: its examples, and cases with the results that a file beside them expects.

What a file expects of a case is put into the language of examples, one line for each result, and read with the policy:
so a value in another unit, or of something that there is not, is found by the same checker and in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from policy_dsl.cases.case import Case
from policy_dsl.cases.expected import Expected, ExpectedOfCase
from policy_dsl.cases.read import read_case
from policy_dsl.check import Checked, check
from policy_dsl.diagnostics import Problem
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.engine import Engine, Env
from policy_dsl.evaluate.examples import found_for, run_example, shown
from policy_dsl.records import dataclass
from policy_dsl.resolve import resolve
from policy_dsl.source import Source, Span
from policy_dsl.syntax import Parsed, parse, tree
from policy_dsl.trial.altering import Load
from policy_dsl.trial.refusals import tried_refusal


@dataclass(frozen=True, slots=True, eq=False)
class StatedCase:
    """A case and the results that are expected of it, as texts. `load` reads the tables that the case names."""

    source: Source
    load: Load
    expected: ExpectedOfCase

    @property
    def title(self) -> str:
        """What the case is called."""
        return self.expected.case or self.source.name


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One result that was expected: in which words, where, and what came of it.

    `made` is what was found, none where nothing could be; `value` the side of it that is compared; `problem` what is
    wrong, none where it is as expected.
    """

    text: str
    span: Span
    made: Derived | None
    value: Derived | None
    problem: Problem | None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Trial:
    """An example, or a case with expected results, that was run. `kind` is "example" or "case".

    `faults` are what kept it from being run as it should: a case that can't be read, a result that can't be compared.
    """

    kind: str
    title: str
    span: Span
    tried: tuple[Tried, ...]
    faults: tuple[Problem, ...]
    engine: Engine

    @property
    def failed(self) -> tuple[Tried, ...]:
        """The results that are not as expected."""
        return tuple(each for each in self.tried if each.problem is not None)

    @property
    def passed(self) -> bool:
        """Whether all is as expected, and nothing kept it from being tried."""
        return not self.failed and not self.faults


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A checked policy together with the lines that files expect of its cases: `lines` gives those of each case.

    `faults` are, for each case, what is wrong with its expected results.
    """

    checked: Checked
    examples: tuple[tree.Example, ...]
    lines: tuple[tuple[tuple[Expected, tree.Example], ...], ...]
    faults: tuple[tuple[Problem, ...], ...]


def made_ready(parsed: Parsed, load: Load, cases: Sequence[StatedCase]) -> tuple[Ready | None, tuple[Problem, ...]]:
    """Check a policy with what is expected of its cases. It is none, with the errors, where the policy has some.

    A result that the checker refuses is a fault of the file that expects it, and does not keep the others back.
    """
    texts = [_text_of(parsed.tree, each.expected) for each in cases]
    dropped: set[Span] = set()
    faults: list[list[Problem]] = [[] for _ in cases]
    while True:
        read = [_lines_of(text, case.expected, dropped) for text, case in zip(texts, cases, strict=True)]
        added = tuple(example for lines in read for _, example in lines)
        file = tree.PolicyFile(parsed.tree.span, parsed.tree.header, (*parsed.tree.items, *added), parsed.tree.comments)
        resolved = resolve(Parsed(file, parsed.problems), load)
        found = [*parsed.problems, *resolved.problems]
        checked = check(resolved.program) if resolved.program is not None else None
        found += checked.problems if checked is not None else ()
        errors = [each for each in found if each.is_error]
        misfits = [(at, problem) for problem in errors for at, text in enumerate(texts) if _stands_in(problem, text)]
        own = tuple(each for each in errors if not any(each is problem for _, problem in misfits))
        if own or checked is None:
            return None, own or tuple(errors)
        if not misfits:
            break
        for at, problem in misfits:
            row = _row_at(cases[at].expected, problem)
            dropped.add(row.span)
            faults[at].append(_told_at(problem, row))
    lines = frozenset(added)
    own_examples = tuple(each for each in checked.program.examples if each not in lines)
    for at, case in enumerate(cases):
        faults[at] += _unreadable(case.expected, read[at], dropped)
    return Ready(checked, own_examples, tuple(map(tuple, read)), tuple(map(tuple, faults))), ()


def run_trials(
    ready: Ready, cases: Sequence[StatedCase], wanted: Callable[[str], bool] | None = None
) -> Iterator[tuple[int, Trial]]:
    """Run the examples of a policy and then its cases, or those whose title is wanted; each with its number."""
    titles = [*(each.title for each in ready.examples), *(each.title for each in cases)]
    for at, title in enumerate(titles):
        if wanted is None or wanted(title):
            yield at, trial_at(ready, cases, at)


def trial_at(ready: Ready, cases: Sequence[StatedCase], at: int) -> Trial:
    """Run the example or case of a number: first the examples are counted, then the cases."""
    own = len(ready.examples)
    if at < own:
        return trial_of(ready.checked, ready.examples[at])
    return trial_of_case(ready, at - own, cases[at - own])


def trial_of(checked: Checked, example: tree.Example) -> Trial:
    """Run one example."""
    ran = run_example(checked, example)
    tried = tuple(
        Tried(_words(each.expect), each.expect.span, each.made, _compared(each.made), each.problem)
        for each in ran.found
    )
    return Trial("example", example.title, example.span, tried, (), ran.engine)


def trial_of_case(ready: Ready, at: int, stated: StatedCase) -> Trial:
    """Run one case: read it against the policy, and find whatever is expected of it."""
    checked = ready.checked
    read = read_case(stated.source, checked.program, stated.load)
    span = Span(stated.expected.source, 0, 0)
    problems = [each for each in (*stated.expected.problems, *read.problems) if each.is_error]
    problems += ready.faults[at]
    problems.sort(key=lambda each: -1 if each.span is None else each.span.start)
    if read.case is not None and stated.expected.case and stated.expected.case != read.case.title:
        problems.append(Problem("PD974", span, {"expected": stated.expected.case, "case": read.case.title}))
    if read.case is None or problems:
        nobody = Case("", ready.checked.program.heading.in_force or date(2000, 1, 1), partial=True)
        return Trial("case", stated.title, span, (), tuple(problems), engine_for(checked, read.case or nobody))
    engine = engine_for(checked, read.case)
    tried = [_tried_row(engine, row, example) for row, example in ready.lines[at]]
    for refusal in stated.expected.refusals:
        text, made, problem = tried_refusal(engine, refusal)
        tried.append(Tried(text, refusal.span, made, made, problem))
    return Trial("case", stated.title, span, tuple(tried), (), engine)


def _tried_row(engine: Engine, row: Expected, example: tree.Example) -> Tried:
    expect = example.expect[0]
    if row.undetermined and isinstance(expect.expr, tree.Binary):
        value = engine.eval(expect.expr.left, Env())
        text = f"{row.what}: not determined"
        problem = None
        if value.known:
            problem = Problem("PD975", row.span, {"what": row.what, "actual": shown(value.value)})
        return Tried(text, row.span, value, value, problem)
    found = found_for(engine, expect)
    problem = replace(found.problem, span=row.span) if found.problem is not None else None
    return Tried(row.text, row.span, found.made, _compared(found.made), problem)


def _words(expect: tree.Expect) -> str:
    """An expectation in the words of the text, without the word that opens it and without the drafter's notes."""
    end = min((note.span.start for note in expect.notes), default=expect.span.end)
    words = " ".join(expect.span.source.text[expect.span.start : end].split())
    return words.removeprefix("expect ")


def _compared(made: Derived) -> Derived:
    """The side of a comparison that is not written down, or the condition itself."""
    if made.op in _COMPARISONS and len(made.of) == 2:
        left, right = made.of
        return right if left.op == "written" and right.op != "written" else left
    if made.op == "occurred" and made.of:
        return made.of[0]
    return made


# ---- expected results as lines of the language ---------------------------------------------------------------------


def _text_of(file: tree.PolicyFile, expected: ExpectedOfCase) -> Source:
    """What is expected of a case as examples of one line each, under the header of the policy."""
    source = file.span.source
    header = source.text[: file.items[0].span.start] if file.items else source.text
    parts = [f'example "{at}"\n  expect {row.text}\n' for at, row in enumerate(expected.rows)]
    return Source(expected.source.name, f"{header.rstrip()}\n\n" + "".join(parts))


def _lines_of(text: Source, expected: ExpectedOfCase, dropped: set[Span]) -> list[tuple[Expected, tree.Example]]:
    """The expected results that can be read, each with its example."""
    if not expected.rows:
        return []
    examples = {each.title: each for each in parse(text).tree.items if isinstance(each, tree.Example)}
    return [
        (row, examples[str(at)])
        for at, row in enumerate(expected.rows)
        if row.span not in dropped and str(at) in examples and examples[str(at)].expect
    ]


def _unreadable(
    expected: ExpectedOfCase, lines: Sequence[tuple[Expected, tree.Example]], dropped: set[Span]
) -> list[Problem]:
    """The expected results that are no line of the language."""
    read = {row.span for row, _ in lines} | dropped
    return [Problem("PD973", row.span, {"text": row.text}) for row in expected.rows if row.span not in read]


def _stands_in(problem: Problem, text: Source) -> bool:
    return problem.span is not None and problem.span.source is text


def _row_at(expected: ExpectedOfCase, problem: Problem) -> Expected:
    """The expected result whose line a problem is about: a header, then two lines for each."""
    assert problem.span is not None
    text = problem.span.source.text
    number = text.count('\nexample "', 0, problem.span.end) - 1
    return expected.rows[max(number, 0)]


def _told_at(problem: Problem, row: Expected) -> Problem:
    return replace(problem, span=row.span, related=())


_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "is", "is not", "in", "not in")
