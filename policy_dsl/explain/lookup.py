"""What somebody asks about: "protection of TZA", "decision", "earliest of meeting".

Names of provisions and their titles both count, in any case of letters. Who asks for something unknown is told the
nearest names.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from policy_dsl.evaluate.decision import (
    Decision,
    DutyOutcome,
    FundOutcome,
    GuaranteeOutcome,
    SeatHeld,
    Shared,
    StepOutcome,
)
from policy_dsl.evaluate.derivation import Derived, walk_all
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.values.countries import name_of

Outcome = StepOutcome | DutyOutcome | GuaranteeOutcome | FundOutcome | SeatHeld


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a question is about: values (one, or one for each member), outcomes, sharings out, or only names near it."""

    what: str
    name: str = ""
    subject: tuple[str, ...] = ()
    values: tuple[Derived, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    shares: tuple[Shared, ...] = ()
    nearest: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the decision has an answer."""
        return bool(self.values or self.outcomes or self.shares)


def find(decision: Decision, what: str) -> Found:
    """Find what a question is about."""
    asked = " ".join(what.split())
    index = Index(decision)
    parts = _parts(asked, index)
    for head, subject in parts:
        found = index.find(asked, head, subject)
        if found.known:
            return found
    return Found(asked, nearest=index.nearest(asked))


def without_seat(decision: Decision, what: str) -> tuple[Entry | None, str] | None:
    """The provision and the State that a question is about, where the State holds no seat; none for anything else."""
    asked = " ".join(what.split())
    index = Index(decision)
    for head, subject in [(asked, ()), *_parts(asked, index)[1:]]:
        state = (subject[0] if subject else head).upper()
        if len(subject) > 1 or state in decision.members or not _is_state(decision, state):
            continue
        entry = decision.program.entries.get(index.name(head) or "")
        if not subject or (entry is not None and "member" in (*entry.reach, *_HELD.get(entry.kind, ()))):
            return entry if subject else None, state
    return None


_HELD = {"apportion": ("member",), "duty": ("member",), "criteria": ("member",)}


def _is_state(decision: Decision, code: str) -> bool:
    """Whether a code is a State's: one that the case names, or one of the codes of the world."""
    case = decision.case
    named = {each.state for each in decision.seats} | {fact.member for fact in case.facts}
    named |= {by for event in case.events for by in event.by}
    return code in named or name_of(code) != code


class Index:
    """The names of a decision and what stands under each."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.values: dict[tuple[str, tuple[str, ...]], Derived] = dict(decision.values)
        for name, group in decision.groups.items():
            self.values.setdefault((name, ()), group)
        for criteria in decision.criteria:
            for score in criteria.scores:
                self.values.setdefault((score.row.name.text, (score.member,)), score.score)
        for here in walk_all(self._tops()):
            if here.entry is not None:
                self.values.setdefault((here.entry.name, here.subject), here)
        self.titles = {entry.title.casefold(): entry.name for entry in decision.program.entries.values()}
        self.names = {name.casefold(): name for name, _ in self.values} | {
            entry.name.casefold(): entry.name for entry in self._outcome_entries()
        }

    def find(self, asked: str, head: str, subject: tuple[str, ...]) -> Found:
        """What stands under a name for a subject."""
        window = {"earliest": "earliest", "latest": "latest"}.get(head.casefold())
        if window and len(subject) == 1:
            return self._window(asked, window, subject[0])
        if head.casefold() in ("balance", "level") and len(subject) == 1:
            return self._fund_figure(asked, head.casefold(), subject[0])
        name = self.name(head)
        if name is None:
            return self._seat(asked, head) if not subject else Found(asked)
        if not subject:
            shares = tuple(each for each in self.decision.shares if each.entry.name == name)
            outcomes = tuple(each for each in self._outcomes() if each.entry.name == name)
            values = () if shares or outcomes else tuple(v for (n, _), v in self.values.items() if n == name)
            return Found(asked, name, (), values, outcomes, shares)
        wanted = tuple(each.casefold() for each in subject)
        values = tuple(
            value
            for (n, of), value in self.values.items()
            if n == name and of and wanted in (_folded(of), _folded(of)[::-1], _folded(of)[-len(wanted) :])
        )
        duties = tuple(d for d in self.decision.duties if d.entry.name == name and d.holder.casefold() == wanted[0])
        return Found(asked, name, subject, () if duties else values, duties)

    def name(self, head: str) -> str | None:
        """The name meant by a name or a title."""
        folded = head.strip("\"'").casefold()
        return self.names.get(folded) or self.names.get(self.titles.get(folded, "").casefold())

    def nearest(self, asked: str) -> tuple[str, ...]:
        """The names nearest to what was asked, for the same subject where that makes sense."""
        head, _, rest = asked.partition(" of ")
        having = {name for name, of in self.values if of} | {duty.entry.name for duty in self.decision.duties}
        names = [each for each in self.names.values() if not rest or each in having]
        folded = {each.casefold(): each for each in [*names, "earliest", "latest"]}
        near = get_close_matches(head.casefold(), list(folded), n=3, cutoff=0.5)
        if head.casefold() in folded and rest:
            name = folded[head.casefold()]
            subjects = sorted({of[-1] for n, of in self.values if n == name and of})
            best = get_close_matches(rest.upper(), subjects, n=3, cutoff=0.3) or subjects[:3]
            return tuple(f"{name} of {each}" for each in best)
        return tuple(f"{folded[each]} of {rest}" if rest else folded[each] for each in near)

    def _window(self, asked: str, end: str, step: str) -> Found:
        name = self.name(step)
        values = []
        for outcome in self.decision.timeline:
            window = outcome.earliest if end == "earliest" else outcome.latest
            if outcome.entry.name == name and window is not None:
                values.append(window)
        return Found(asked, name or "", (), tuple(values))

    def _fund_figure(self, asked: str, what: str, fund: str) -> Found:
        name = self.name(fund)
        found = (each for each in self.decision.funds if each.entry.name == name)
        figures = [each.level if what == "level" else each.balance for each in found]
        return Found(asked, name or "", (), tuple(each for each in figures if each is not None))

    def _seat(self, asked: str, head: str) -> Found:
        seats = tuple(each for each in self.decision.seats if each.state.casefold() == head.casefold())
        return Found(asked, head.upper(), (), (), seats)

    def _outcomes(self) -> Iterator[StepOutcome | DutyOutcome | GuaranteeOutcome | FundOutcome]:
        yield from self.decision.timeline
        yield from self.decision.duties
        yield from self.decision.guarantees
        yield from self.decision.funds

    def _outcome_entries(self) -> Iterator[Entry]:
        yield from (each.entry for each in self._outcomes())
        yield from (each.entry for each in self.decision.shares)

    def _tops(self) -> Iterator[Derived]:
        yield from self.decision.values.values()
        for shared in self.decision.shares:
            yield shared.total
            yield from (row.final for row in shared.rows)
        yield from (each.shown for each in self.decision.guarantees if each.shown is not None)
        yield from (each.shown for each in self.decision.duties if each.shown is not None)


def _parts(asked: str, index: Index) -> list[tuple[str, tuple[str, ...]]]:
    """The ways to part a question into a name and a subject: titles may hold " of " themselves."""
    words = asked.split(" of ")
    ways: list[tuple[str, tuple[str, ...]]] = [(asked, ())]
    ways += [(" of ".join(words[:cut]), tuple(words[cut:])) for cut in range(len(words) - 1, 0, -1)]
    return ways


def _folded(subject: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.casefold() for each in subject)
