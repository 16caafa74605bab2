"""Examples of what no example notices, for the drafter to fill in.

Each begins from what an example of the policy gives, changed in one thing where that must be, and is tried both ways:
under the rules as they are and under the alteration that nothing noticed. Where the two differ, the example would
notice it. What the rules say now stands beside it as a question; the drafter says whether it is what she means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from policy_dsl.records import dataclass
from policy_dsl.syntax import Parsed
from policy_dsl.trial.alterations import Alteration
from policy_dsl.trial.altering import altered
from policy_dsl.trial.mutation import UNNOTICED, Mutation, Outcome, Subject
from policy_dsl.trial.points import Point
from policy_dsl.trial.seen import seen
from policy_dsl.trial.suggest.bench import Laid, Tested, laid, tested
from policy_dsl.trial.suggest.donors import Donor, donor_of, header_of
from policy_dsl.trial.suggest.edges import edge_variants
from policy_dsl.trial.suggest.made_up import made_up
from policy_dsl.trial.suggest.observing import facts_needed, names_to_observe
from policy_dsl.trial.suggest.variants import Variant, variants, with_facts

MOST_DONORS = 2
MOST_VARIANTS = 60
# The points for which an example is looked for even where no alteration asks for one.
_WAYS = ("gap", "tie", "reached", "applies")


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """An example to be filled in: what it gives, and what the rules say now of one thing, `what` and `answer`.

    `begun_from` is the title of the example that it was begun from, `differs` in which words it differs from that.
    `notices` are the alterations that it would notice; `exercises` is a point that no example exercises, where it is
    for that that it is suggested.
    """

    title: str
    lines: str
    what: str
    answer: str
    begun_from: str
    differs: str
    notices: tuple[Outcome, ...]
    exercises: Point | None = None

    @property
    def expectation(self) -> str:
        """The line that the drafter confirms or corrects."""
        return f"expect {self.what} {self.answer}"


@dataclass(frozen=True, slots=True, eq=False)
class Suggested:
    """The examples that were found, and the unnoticed alterations for which none was."""

    suggestions: tuple[Suggestion, ...]
    without: tuple[Outcome, ...]


def suggest(
    subject: Subject,
    found: Mutation,
    missed: Sequence[Point] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Suggested:
    """Look for an example for each alteration that nothing noticed; one example may serve several.

    After that for brackets, exceptions, ties and gaps among the points that were `missed`.
    """
    search = _Search(subject)
    waiting: list[Outcome | Point] = [*found.of(UNNOTICED), *(point for point in missed if point.way in _WAYS)]
    for number, each in enumerate(waiting, 1):
        if isinstance(each, Outcome):
            search.look(each)
        else:
            search.reach(each)
        if progress is not None:
            progress(number, len(waiting))
    search.look_again()
    return Suggested(tuple(search.found()), tuple(search.without))


@dataclass(slots=True, eq=False)
class _Made:
    """A suggestion while further alterations are found that it would notice."""

    lines: str
    what: str
    answer: str
    donor: Donor
    variant: Variant
    notices: list[Outcome]
    exercises: Point | None = None

    @property
    def filled(self) -> str:
        """The lines with what the rules say now."""
        return f"{self.lines}  expect {self.what} {self.answer}\n"


@dataclass(frozen=True, slots=True, eq=False)
class _Tries:
    """Variants of a donor, laid out, and tried under the rules as they are."""

    donor: Donor
    variants: Sequence[Variant]
    examples: Laid
    before: Tested | None


class _Search:
    """Looks for examples, one alteration after the other."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.header = header_of(subject.parsed.tree)
        self.made: list[_Made] = []
        self.without: list[Outcome] = []
        self._plain: dict[Donor, _Tries] = {}
        self._made_up: dict[str, Donor | None] = {}
        self._donors: list[tuple[Donor, frozenset[str]]] = []
        entries = subject.checked.program.entries.values()
        for trial, example in zip(subject.trials, subject.ready.examples, strict=False):
            given = donor_of(self.header, example) if trial.passed else None
            if given is not None:
                nodes = {node for node, _ in seen(trial.engine)}
                self._donors.append((given, frozenset(e.node.name.text for e in entries if e.node in nodes)))

    def look(self, outcome: Outcome) -> None:
        """Look for an example that notices an alteration: among those found already, then from each donor."""
        alteration = outcome.alteration
        under = altered(self.subject.parsed, alteration.edits)
        if (known := self._noticed(under)) is not None:
            known.notices.append(outcome)
            return
        names = names_to_observe(self.subject.checked.program, alteration.provision)
        for donor in self._donors_for(alteration.provision):
            for tries in self._tries(donor, alteration):
                made = self._from(tries, under, names, outcome)
                if made is not None:
                    self.made.append(made)
                    return
        self.without.append(outcome)

    def look_again(self) -> None:
        """An example that was found later may notice what none was found for."""
        waiting, self.without = self.without, []
        for outcome in waiting:
            known = self._noticed(altered(self.subject.parsed, outcome.alteration.edits))
            if known is not None:
                known.notices.append(outcome)
            else:
                self.without.append(outcome)

    def _noticed(self, under: Parsed) -> _Made | None:
        """The first of the examples found so far that fails under altered rules."""
        if not self.made:
            return None
        found = tested(under, self.subject.load, laid(self.header, [each.filled for each in self.made]))
        if found is None:
            return None
        return next((each for at, each in enumerate(self.made) if found.passed(at) is False), None)

    def reach(self, point: Point) -> None:
        """Look for an example that exercises a point, unless one that was found already does."""
        subject, mark = self.subject, (point.mark, point.way)
        provision = point.entry.node.name.text
        names = names_to_observe(subject.checked.program, provision)
        filled = laid(self.header, [each.lines for each in self.made])
        known = tested(subject.parsed, subject.load, filled) if self.made else None
        if known is not None and any(mark in known.marks(at, names) for at in known.examples):
            return
        for donor in self._donors_for(provision):
            for tries in self._plain_tries(donor, provision):
                made = self._reaching(tries, point, names)
                if made is not None:
                    self.made.append(made)
                    return

    def _reaching(self, tries: _Tries, point: Point, names: tuple[str, ...]) -> _Made | None:
        """The first variant that exercises a point, and of which something can be expected."""
        if tries.before is None:
            return None
        for at, variant in enumerate(tries.variants):
            seen_there = tries.before.observed(at, names)
            if seen_there is None or (point.mark, point.way) not in tries.before.marks(at, names):
                continue
            told = next(((what, answer) for what, answer in seen_there[1].items() if answer), None)
            if told is not None:
                made = _Made(variant.lines, *told, tries.donor, variant, [], point)
                filled = tested(self.subject.parsed, self.subject.load, laid(self.header, [made.filled]))
                if filled is not None and filled.passed(0) is True:
                    return made
        return None

    def found(self) -> Iterator[Suggestion]:
        """The suggestions, each with a title of its own."""
        known = {example.title for example in self.subject.ready.examples}
        for each in self.made:
            title = _title(self.subject, each)
            number = 2
            while title in known:
                title = f"{_title(self.subject, each)} ({number})"
                number += 1
            known.add(title)
            yield Suggestion(
                title,
                each.lines,
                each.what,
                each.answer,
                each.donor.title,
                each.variant.what,
                tuple(each.notices),
                each.exercises,
            )

    def _donors_for(self, provision: str) -> Sequence[Donor]:
        """The examples that exercise the provision, those that record its step before others, the shortest first.

        Where there is none, one that is made up.
        """
        fitting = [donor for donor, exercised in self._donors if provision in exercised]
        if fitting:
            return sorted(fitting, key=lambda each: (not each.records(provision), len(each.lines)))[:MOST_DONORS]
        if provision not in self._made_up:
            self._made_up[provision] = made_up(self.subject.checked.program, self.header, provision)
        made = self._made_up[provision]
        return [made] if made is not None else []

    def _tries(self, donor: Donor, alteration: Alteration) -> Iterator[_Tries]:
        """The variants of a donor: first those at the edge that is moved, then small changes of any kind."""
        subject, program = self.subject, self.subject.checked.program
        edges = edge_variants(program, subject.parsed, subject.load, donor, alteration)
        if edges:
            yield self._laid(donor, edges[:MOST_VARIANTS])
        yield from self._plain_tries(donor, alteration.provision)

    def _plain_tries(self, donor: Donor, provision: str) -> Iterator[_Tries]:
        """The variants that do not turn on an edge: with a fact more, and with one thing changed."""
        program = self.subject.checked.program
        more = with_facts(program, donor, facts_needed(program, provision))
        yield self._laid(donor, [Variant(donor.lines, ""), *more][:MOST_VARIANTS])
        if donor not in self._plain:
            self._plain[donor] = self._laid(donor, list(dict.fromkeys(variants(donor)))[:MOST_VARIANTS])
        yield self._plain[donor]

    def _laid(self, donor: Donor, tries: list[Variant]) -> _Tries:
        examples = laid(self.header, [each.lines for each in tries])
        return _Tries(donor, tries, examples, tested(self.subject.parsed, self.subject.load, examples))

    def _from(self, tries: _Tries, under: Parsed, names: tuple[str, ...], outcome: Outcome) -> _Made | None:
        """The first variant that shows a difference, if one of them does and is an example of the language."""
        after = tested(under, self.subject.load, tries.examples)
        if tries.before is None or after is None:
            return None
        for at, variant in enumerate(tries.variants):
            for what, answer in _told_apart(tries.before, after, at, names):
                made = _Made(variant.lines, what, answer, tries.donor, variant, [outcome])
                filled = laid(self.header, [made.filled])
                now, then = (tested(each, self.subject.load, filled) for each in (self.subject.parsed, under))
                if now is not None and then is not None and now.passed(0) is True and then.passed(0) is False:
                    return made
        return None


def _told_apart(before: Tested, after: Tested, at: int, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What differs between the rules as they are and altered, and can be written as what they say now."""
    one, other = before.observed(at, names), after.observed(at, names)
    if one is None or other is None:
        return
    for what, answer in one[1].items():
        if answer and other[1].get(what) != answer:
            yield what, answer


def _title(subject: Subject, made: _Made) -> str:
    """What the example shows, in words that the drafter may improve."""
    point = made.exercises
    provision = point.entry.node.name.text if point is not None else made.notices[0].alteration.provision
    entry = next((e for e in subject.checked.program.entries.values() if e.node.name.text == provision), None)
    title = entry.title if entry is not None else provision
    return f"{title}: {made.variant.what or made.what}".replace('"', "")
