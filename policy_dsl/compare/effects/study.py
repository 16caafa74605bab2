"""The effect of the changes on cases: what comes out otherwise, and which change makes it so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from policy_dsl.cases.case import Case
from policy_dsl.cases.read import Read
from policy_dsl.check import Checked
from policy_dsl.compare.changes.articles import Changes
from policy_dsl.compare.changes.record import Switch
from policy_dsl.compare.effects.boundary import Edge, edges
from policy_dsl.compare.effects.mixing import Mixing
from policy_dsl.compare.effects.outcome import LEFT, RECEIVED, Finding, Key, Outcome, outcome
from policy_dsl.compare.effects.switching import Group, groups
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate import decide
from policy_dsl.evaluate.decision import Decision
from policy_dsl.records import dataclass
from policy_dsl.values import Quantity

ENOUGH = 300
"""So many decisions are made at most, if nothing else is asked for."""

ALONE, SUM, TOGETHER = "alone", "sum", "together"
ReadCase = Callable[[Checked, frozenset[str]], Read]


@dataclass(frozen=True, slots=True)
class Supplied:
    """A case of the library: the name of its file, and what reads it by a policy."""

    name: str
    read: ReadCase


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """One finding that comes out otherwise.

    `kind` is changed, lost (decided before, undecided now), gained, new, gone, or grounds (the same on other grounds).
    `due` are the places of the groups of changes that make it so; `how` tells whether one does it alone, several add
    up, or they act together. It is empty where that was not examined.
    """

    key: Key
    kind: str
    before: Finding | None
    after: Finding | None
    due: tuple[int, ...] = ()
    how: str = ""

    @property
    def difference(self) -> Quantity | None:
        """How much more or less it is, where both are figures of one unit."""
        by = _step(self.key, self.after, self.before)
        unit = next(
            (each.value.unit for each in (self.after, self.before) if each and isinstance(each.value, Quantity)), None
        )
        return None if by is None or unit is None else Quantity(by, unit)


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """A case under both policies. `edge` says what it was made for, where it is no case of the library.

    `unread` are the problems for which it does not fit the old text, or the new one: nothing is compared then. `wrong`
    says of which of the two.
    """

    name: str
    title: str
    effects: tuple[Effect, ...] = ()
    edge: Edge | None = None
    unread: tuple[Problem, ...] = ()
    wrong: str = ""
    decisions: tuple[Decision, Decision] | None = None
    attributed: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """All cases. `left` counts those that were not decided, and `loose` those whose effects were not traced to changes.

    `groups` are the changes that go together; `made` are the cases that were made, to be written out.
    """

    groups: tuple[Group, ...]
    cases: tuple[Studied, ...]
    left: int = 0
    made: tuple[tuple[str, Case], ...] = ()

    @property
    def loose(self) -> int:
        """How many cases have effects that were not traced to changes."""
        return sum(1 for each in self.cases if each.effects and not each.attributed)

    @property
    def effects(self) -> int:
        """How many findings come out otherwise."""
        return sum(len(each.effects) for each in self.cases)


class _Budget:
    def __init__(self, most: int) -> None:
        self.left = most

    def take(self, count: int) -> bool:
        """Whether so many decisions may still be made."""
        if count > self.left:
            return False
        self.left -= count
        return True


def study(changes: Changes, supplied: Iterable[Supplied], most: int = ENOUGH, *, generated: bool = True) -> Study:
    """The changes by their effect on a library of cases, and on cases made for the edges of both texts.

    Raises `DeadlineError` where a published calendar is not to be had.
    """
    return _Studying(changes, most).all(tuple(supplied), generated=generated)


class _Studying:
    def __init__(self, changes: Changes, most: int) -> None:
        self.changes = changes
        self.mixing = Mixing(changes)
        self.budget = _Budget(most)
        self.every = frozenset(self.mixing.switches)
        self.groups = groups(self.mixing)
        self.old, self.new = self.mixing.mixed(()), self.mixing.mixed(self.every)

    def all(self, supplied: Sequence[Supplied], *, generated: bool) -> Study:
        """Every case, the library first."""
        if self.old is None or self.new is None or not self.every:
            return Study(self.groups, ())
        found: list[Studied] = []
        left = 0
        base: tuple[str, tuple[Case, Case], tuple[Decision, Decision]] | None = None
        for each in supplied:
            cases, refused = self._read(each)
            if cases is None:
                found.append(refused)
            elif self.budget.take(2):
                studied = self._case(each.name, cases)
                found.append(studied)
                if base is None and studied.decisions is not None:
                    base = (each.name, cases, studied.decisions)
            else:
                left += 1
        made: list[tuple[str, Case]] = []
        if generated and base is not None:
            name, cases, decisions = base
            for edge in edges(self.changes.pairs, (self.old, self.new), cases[0], decisions):
                both = edge.make(cases[0]), edge.make(cases[1])
                title = f"{name.rpartition('/')[2].rpartition('.')[0]}_{edge.slug}"
                made.append((title, replace(both[1], title=f"{both[1].title}: {edge.slug.replace('_', ' ')}")))
                if self.budget.take(2):
                    found.append(self._case(title, both, edge))
                else:
                    left += 1
        return Study(self.groups, tuple(found), left, tuple(made))

    def _read(self, each: Supplied) -> tuple[tuple[Case, Case] | None, Studied]:
        assert self.old is not None
        assert self.new is not None
        # What only the other text asks for may stand in the case: it is passed over.
        ours, theirs = (frozenset(one.program.entries) for one in (self.old, self.new))
        read = [each.read(self.old, theirs - ours), each.read(self.new, ours - theirs)]
        wrong = [[problem for problem in one.problems if problem.is_error] for one in read]
        was, now = (None if problems else one.case for one, problems in zip(read, wrong, strict=True))
        title = next((one.case.title for one in read if one.case is not None), "")
        if was is None or now is None:
            of = "both" if was is None and now is None else "old" if was is None else "new"
            return None, Studied(each.name, title, unread=tuple(wrong[0] or wrong[1]), wrong=of)
        return (was, now), Studied(each.name, title)

    # ---- one case --------------------------------------------------------------------------------------------------

    def _case(self, name: str, cases: tuple[Case, Case], edge: Edge | None = None) -> Studied:
        assert self.old is not None
        assert self.new is not None
        decisions = decide(self.old, cases[0]), decide(self.new, cases[1])
        before, after = outcome(decisions[0]), outcome(decisions[1])
        effects = [*_effects(before, after)]
        attributed = True
        if effects:
            effects, attributed = self._attributed(effects, cases, before, after)
        title = cases[1].title
        return Studied(name, title, tuple(effects), edge, decisions=decisions, attributed=attributed)

    def _attributed(
        self, effects: list[Effect], cases: tuple[Case, Case], before: Outcome, after: Outcome
    ) -> tuple[list[Effect], bool]:
        if len(self.groups) == 1:
            return [replace(each, due=(0,), how=ALONE) for each in effects], True
        if not self.budget.take(2 * len(self.groups)):
            return effects, False
        alone = [self._under(frozenset(group), cases) for group in self.groups]
        undone = [self._under(self.every - frozenset(group), cases) for group in self.groups]
        return [_traced(each, alone, undone, before, after) for each in effects], True

    def _under(self, chosen: frozenset[Switch], cases: tuple[Case, Case]) -> Outcome:
        checked = self.mixing.mixed(chosen)
        assert checked is not None  # groups are such that they can be made and taken back
        return outcome(decide(checked, self._between(cases, chosen)))

    def _between(self, cases: tuple[Case, Case], chosen: frozenset[Switch]) -> Case:
        """The case for a mixed policy: each fact as it reads by the text from which its declaration is taken."""
        old, new = cases
        if old.facts == new.facts and old.events == new.events:
            return new
        ours = {fact.indicator for fact in old.facts}
        chosen_names = {name for name in {f.indicator for f in new.facts} if self.mixing.from_new(name, chosen)}
        facts = [fact for fact in old.facts if fact.indicator not in chosen_names]
        facts += [fact for fact in new.facts if fact.indicator in chosen_names or fact.indicator not in ours]
        steps = {event.step for event in old.events}
        events = [*old.events, *(event for event in new.events if event.step not in steps)]
        return replace(new, facts=tuple(facts), events=tuple(events))


# ---- effects and their causes --------------------------------------------------------------------------------------


def _effects(before: Outcome, after: Outcome) -> Iterable[Effect]:
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        kind = _kind(was, now)
        if kind:
            yield Effect(key, kind, was, now)


def _kind(was: Finding | None, now: Finding | None) -> str:
    if was is None or now is None:
        return "" if was is now else "new" if was is None else "gone"
    if was.value != now.value:
        if was.open != now.open:
            return "gained" if was.open else "lost"
        return "changed"
    return "grounds" if was.grounds != now.grounds else ""


def _traced(
    effect: Effect, alone: Sequence[Outcome], undone: Sequence[Outcome], before: Outcome, after: Outcome
) -> Effect:
    """An effect with the changes that make it: alone, taken back, and whether they add up."""
    key = effect.key
    was, now = before.get(key), after.get(key)
    by_itself = [at for at, each in enumerate(alone) if _differs(effect, each.get(key), was)]
    needed = [at for at, each in enumerate(undone) if _differs(effect, each.get(key), now)]
    due = tuple(sorted({*by_itself, *needed}))
    if len(due) == 1 and by_itself and not _differs(effect, alone[due[0]].get(key), now):
        return replace(effect, due=due, how=ALONE)
    steps = [_step(key, each.get(key), was) for each in alone]
    whole = _step(key, now, was)
    if whole is not None and all(each is not None for each in steps) and due:
        adds_up = sum((each for each in steps if each is not None), Fraction(0)) == whole
        return replace(effect, due=due, how=SUM if adds_up else TOGETHER)
    enough = by_itself and not needed and all(not _differs(effect, alone[at].get(key), now) for at in by_itself)
    return replace(effect, due=due, how=SUM if enough else TOGETHER if due else "")


def _differs(effect: Effect, one: Finding | None, other: Finding | None) -> bool:
    if effect.kind == "grounds":
        return _kind(one, other) != ""
    return _kind(one, other) not in ("", "grounds")


def _step(key: Key, now: Finding | None, was: Finding | None) -> Fraction | None:
    """By how much a figure moves; none where one of the two is no figure. What is not paid is nothing."""
    one, other = (None if each is None else each.value for each in (now, was))
    if key[0] in (RECEIVED, LEFT):
        if now is None and isinstance(other, Quantity):
            return -other.amount
        if was is None and (now is None or isinstance(one, Quantity)):
            return one.amount if isinstance(one, Quantity) else Fraction(0)
    if isinstance(one, Quantity) and isinstance(other, Quantity) and one.unit == other.unit:
        return one.amount - other.amount
    return None
