"""The outcome of a decision piece by piece, with the reasons for each, and both compared after a mutation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mutations import Mutation

from policy_dsl.evaluate.decision import Decision, FundOutcome
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.explain.argument import Claim
from policy_dsl.explain.explanation import exceptions_to, guarantee_claim
from policy_dsl.explain.reasons import duty_claim, share_reasons
from policy_dsl.explain.steps import step_claims
from policy_dsl.explain.trees import Level
from policy_dsl.explain.trees import tree as grown
from policy_dsl.explain.whynot import failed, why_no_seat
from policy_dsl.render import words
from policy_dsl.render.derivations import branch_line, visible
from policy_dsl.render.document import Bullets, Line, Table
from policy_dsl.render.operations import operation
from policy_dsl.render.sections import duties

Key = tuple[str, ...]
ABSENT = object()


class Told:
    """A decision: its outcome piece by piece, and the reasons for each piece."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.reasons: dict[Key, Callable[[Level], Iterator[Line]]] = {}
        self.outcome: dict[Key, Any] = dict(self._pieces())

    def said(self, key: Key, level: Level) -> tuple[str, frozenset[str]]:
        """The reasons for a piece of the outcome, without the piece itself, and the articles that they cite."""
        lines = list(self.reasons[key](level)) if key in self.reasons else []
        cited = {span.text for line in lines for span in line if span.kind == "citation"}
        return "\n".join(map(words.flat, lines)), frozenset(map(_article, cited))

    def reported(self, key: Key) -> set[str]:
        """The articles named by what is reported with the decision, where a piece could not be had."""
        if not isinstance(self.outcome.get(key), Unknown):
            return set()
        return {_article(each.article) for each in self.decision.problems}

    def below(self, name: str) -> set[str]:
        """The names of all provisions on which one rests."""
        depends = self.decision.program.depends
        found: set[str] = set()
        waiting = [name]
        while waiting:
            new = set(depends.get(waiting.pop(), ())) - found
            found |= new
            waiting += sorted(new)
        return found

    def _pieces(self) -> Iterator[tuple[Key, Any]]:
        decision = self.decision
        for shared in decision.shares:
            for row in shared.rows:
                key = ("share", shared.entry.name, shared.cohort, row.member)
                self.reasons[key] = lambda level, s=shared, r=row: self._share(s, r, level)
                yield key, row.final.value
        for step in decision.timeline:
            key = ("step", step.entry.name)
            self.reasons[key] = lambda level, s=step: _claims(step_claims(s))
            ends = tuple(each.value if each is not None else None for each in (step.earliest, step.latest, step.falls))
            yield key, (step.status, ends, step.dues, tuple(each.valid for each in step.events))
        for duty in decision.duties:
            key = ("duty", duty.entry.name, duty.holder)
            self.reasons[key] = lambda level, d=duty: self._duty(d, level)
            yield key, (duty.status, duty.deadline.value if duty.deadline is not None else None)
        for promise in decision.guarantees:
            key = ("guarantee", promise.entry.name)
            self.reasons[key] = lambda level, p=promise: self._promise(p, level)
            yield key, promise.status
        for seat in decision.seats:
            key = ("seat", seat.state)
            self.reasons[key] = lambda level, s=seat: _claims(why_no_seat(s))
            yield key, seat.refused is None
        for fund in decision.funds:
            own = fund.entry.name
            for member, value, size in fund.paid_out:
                self.reasons["paid", own, member] = lambda level, f=fund, v=value: self._fund(f, v, level)
                yield ("paid", own, member), size
            for name, member, _, when in fund.due:
                self.reasons["due", own, name, member] = lambda level, f=fund: self._fund(f, None, level)
                yield ("due", own, name, member), when
            self.reasons["fund", own] = lambda level, f=fund: self._fund(f, f.level, level)
            yield ("fund", own), (fund.closing, fund.cut, fund.reserved, fund.arrears, fund.suspended)
        for (name, subject), value in decision.values.items():
            entry = decision.program.entries[name]
            if entry.kind == "define" and entry.node.title and entry.parent is None:
                self.reasons["value", name, *subject] = lambda level, v=value: self._value(v, level)
                yield ("value", name, *subject), value.value

    def _fund(self, fund: FundOutcome, value: Derived | None, level: Level) -> Iterator[Line]:
        """What is said below the table of a fund, and what it receives; the derivation of a payment or of a level."""
        for block in duties._fund(self.decision, fund).blocks:
            match block:
                case Bullets():
                    yield from block.items
                case Table():
                    yield block.caption
                    yield from (cell.line for row in block.rows[: 1 + len(fund.due)] for cell in row.cells)
        if value is not None:
            yield from _derivation(value, level)

    def _value(self, value: Derived, level: Level) -> Iterator[Line]:
        yield tuple(span for span in branch_line(grown(value, Level.BRIEF)) if span.kind == "citation")
        yield from _claims(exceptions_to(self.decision, value))
        yield from _derivation(value, level)

    def _share(self, shared: Any, row: Any, level: Level) -> Iterator[Line]:
        first, *others = share_reasons(self.decision, shared, row)
        yield tuple(span for span in words.say(first) if span.kind == "citation")
        yield from _claims(first.because)
        yield from _claims(others)
        yield from _derivation(row.final, level)

    def _duty(self, duty: Any, level: Level) -> Iterator[Line]:
        said = duty_claim(duty)
        yield tuple(span for span in words.say(said) if span.kind == "citation")
        yield from _claims(said.because)
        for each in (duty.shown, duty.deadline):
            if each is not None:
                yield from _derivation(each, level)

    def _promise(self, promise: Any, level: Level) -> Iterator[Line]:
        yield tuple(span for span in words.say(guarantee_claim(promise)) if span.kind == "citation")
        if promise.shown is not None:
            yield from _claims(failed(promise.shown))
            yield from _derivation(promise.shown, level)


def _claims(claims: Sequence[Claim]) -> Iterator[Line]:
    for each in claims:
        yield words.say(each)
        yield from _claims(each.because)


def _derivation(value: Derived, level: Level) -> Iterator[Line]:
    """The derivation of a value, without the value itself: its operation, and the lines below it."""
    top = grown(value, level, wide=level is Level.FULL)
    if top.formula is not None:
        yield operation(top.formula)
    stack = list(visible(top))
    while stack:
        here = stack.pop()
        yield branch_line(here, sources=False)
        stack.extend(visible(here))


def _article(citation: str) -> str:
    """The article of a citation, without paragraphs: "Art. 4 bis"."""
    return re.sub(r"\(.*", "", citation.replace("\u00a0", " ")).split(" of ")[0].strip()


def unreasoned(mutation: Mutation, before: Told, after: Told, most: int | None = None) -> Iterator[str]:
    """The pieces of the outcome that changed while their reasons did not, or that do not cite the article changed.

    What rests on another piece cites that one, whose own reasons cite what it turns on: so a step that waits for
    another. Where a State gains or loses its seat, that cites the article; all else then turns on who the members are.
    `most`: so many pieces of each provision.
    """
    article = f"Art. {mutation.article.number}"
    found, looked = {}, Counter[tuple[str, str]]()
    for key in {**before.outcome, **after.outcome}:
        was, now = before.outcome.get(key, ABSENT), after.outcome.get(key, ABSENT)
        # A definition that nothing asks for any longer has no value; that is no outcome.
        if was == now or (key[0] == "value" and ABSENT in (was, now)):
            continue
        looked[key[:2]] += 1
        if most is None or looked[key[:2]] <= most:
            found[key] = _reasoned(key, article, before, after)
    citing = {key[1] for key, (_, cites) in found.items() if cites}
    seated = any(cites and key[0] == "seat" for key, (_, cites) in found.items())
    for key, (moved, cites) in found.items():
        if not moved:
            yield f"{' '.join(key)}: the same reasons"
        elif not cites and not seated and not citing & {*before.below(key[1]), *after.below(key[1])}:
            yield f"{' '.join(key)}: {article} is not cited"


def _reasoned(key: Key, article: str, before: Told, after: Told) -> tuple[bool, bool]:
    """Whether the reasons for a piece changed, and whether they cite the article, as short as they may be."""
    moved = cites = False
    for level in (Level.REASONED, Level.FULL):
        (was, cited), (now, citing) = before.said(key, level), after.said(key, level)
        moved |= was != now
        cites |= article in cited | citing | after.reported(key)
        if moved and cites:
            break
    return moved, cites
