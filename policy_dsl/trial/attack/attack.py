"""The attack on a guarantee: cases are drawn until one breaks it, and made as small as possible.

The search and the making smaller are those of hypothesis (D. R. MacIver and A. F. Donaldson, ECOOP 2020), a package
that not every user needs. It is asked for the same cases by the same seed: nothing is kept between two runs, and
nothing of the machine enters.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from policy_dsl.cases.case import Case
from policy_dsl.cases.read import read_case
from policy_dsl.cases.written import written
from policy_dsl.check import Checked
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.decision import GuaranteeOutcome
from policy_dsl.evaluate.obligations import guarantee_outcome
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.source import Source
from policy_dsl.syntax import tree
from policy_dsl.trial.attack.draws import Draws
from policy_dsl.trial.attack.generate import Cases, cases_of
from policy_dsl.trial.attack.smaller import smaller

if TYPE_CHECKING:
    from random import Random

FEW_HUNDRED = 300
"""How many cases are tried against each guarantee unless another number is asked for."""


MOST_SMALLER = 300
"""So many cases are tried at the most to make a first counter-example smaller."""


class _Enough(BaseException):
    """The search has gone on for long enough. No Exception, which hypothesis would take for what it looks for."""


class HypothesisMissing(Exception):
    """The package that searches for cases is not installed."""


@dataclass(frozen=True, slots=True, eq=False)
class CounterExample:
    """A case in which a guarantee fails: the case, its file, and the guarantee as it came out."""

    case: Case
    text: str
    outcome: GuaranteeOutcome


@dataclass(frozen=True, slots=True, eq=False)
class Attacked:
    """What an attack on one guarantee gave.

    `tried` is the number of cases until the first that breaks it, or of all; in `shown` of them the guarantee held, in
    the others it could not be shown. `varied` says in what they differ. A guarantee that the text proves is not
    attacked: `proved`.
    """

    entry: Entry
    tried: int
    shown: int
    varied: tuple[str, ...]
    proved: bool
    found: CounterExample | None


def attack(
    checked: Checked, base: Case | None = None, *, cases: int = FEW_HUNDRED, seed: int = 0, only: tuple[str, ...] = ()
) -> tuple[Attacked, ...]:
    """Attack each guarantee of a policy, or `only` those named, in the order of the articles.

    With a `base`, by cases that differ from it in some facts. Raises HypothesisMissing, and DeadlineError where a
    published calendar is not to be had.
    """
    guarantees = checked.program.of_kind("guarantee")
    return tuple(_attacked(checked, each, base, cases, seed) for each in guarantees if not only or each.name in only)


def _attacked(checked: Checked, entry: Entry, base: Case | None, number: int, seed: int) -> Attacked:
    assert isinstance(entry.node, tree.Guarantee)
    if entry.node.promise is None or entry.name in checked.proved:
        return Attacked(entry, 0, 0, (), True, None)
    cases = cases_of(checked, base, (entry.name,))
    trial = _Trial(checked, entry)
    found = _smallest(cases, trial, number, seed)
    return Attacked(entry, trial.tried, trial.shown, cases.varied, False, found)


class _Trial:
    """The guarantee in one case after the other; counts how they came out, until the first that breaks it."""

    def __init__(self, checked: Checked, entry: Entry) -> None:
        self.checked = checked
        self.entry = entry
        self.tried = 0
        self.shown = 0
        self.broken: Case | None = None
        self.left = MOST_SMALLER

    def breaks(self, case: Case) -> bool:
        """Whether the guarantee fails in a case, and in its file as anybody would read it."""
        if self.broken is not None:
            self.left -= 1
            if self.left < 0:
                raise _Enough
        outcome = self._outcome(case)
        fails = outcome.status == "fails" and self.from_file(case) is not None
        if self.broken is None:
            self.tried += 1
            self.shown += outcome.status == "holds"
        if fails:
            self.broken = case
        return fails

    def still_breaks(self, case: Case) -> bool:
        """The same, when the search is over."""
        return self._outcome(case).status == "fails" and self.from_file(case) is not None

    def from_file(self, case: Case) -> CounterExample | None:
        """The counter-example as its file gives it."""
        text = written(case, self.checked.program)
        read = read_case(Source("counter-example.yaml", text), self.checked.program, lambda *_: None)
        if read.case is None:
            return None
        outcome = self._outcome(read.case)
        return CounterExample(read.case, text, outcome) if outcome.status == "fails" else None

    def _outcome(self, case: Case) -> GuaranteeOutcome:
        return guarantee_outcome(engine_for(self.checked, case), self.entry, self.checked.proved)


def _smallest(cases: Cases, trial: _Trial, number: int, seed: int) -> CounterExample | None:
    """The smallest case that breaks a guarantee, if one of so many does."""
    try:
        from hypothesis import HealthCheck, Phase, find, settings, strategies
        from hypothesis.errors import NoSuchExample
    except ImportError as missing:
        raise HypothesisMissing from missing

    @strategies.composite
    def drawn(draw: Any) -> _Held:
        return _Held(cases.draw(_Drawn(draw, strategies.integers)))

    search = settings(
        max_examples=number,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    with _nothing_of_the_machine():
        try:
            case = find(drawn(), lambda held: trial.breaks(held.case), settings=search, random=_random(seed)).case
        except NoSuchExample:
            return None
        except _Enough:
            assert trial.broken is not None
            # What is tried after a counter-example is always smaller than it: the last one that broke is the smallest.
            case = trial.broken
    case = smaller(cases, case, trial.still_breaks)
    return trial.from_file(replace(case, title=f"A case in which “{trial.entry.title}” fails"))


class _Held:
    """A case under a short name: a search that writes down what it tries would write for long."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def __repr__(self) -> str:
        return "<case>"


class _Drawn(Draws):
    """Whole numbers as hypothesis draws them."""

    def __init__(self, draw: Any, integers: Any) -> None:
        self._draw = draw
        self._integers = integers

    def integer(self, low: int, high: int) -> int:
        """A number between two others; hypothesis lowers what lies above nothing."""
        drawn: int = self._draw(self._integers(0, high - low))
        return low + drawn


def _random(seed: int) -> Random:
    from random import Random

    return Random(seed)


@contextmanager
def _nothing_of_the_machine() -> Iterator[None]:
    """Without the constants of whatever modules happen to be loaded.

    Later versions of hypothesis draw them now and then, so that the same seed would give other cases in a checkout than
    in an installation; and they keep them in a folder of the user's.
    """
    try:
        from hypothesis.internal.conjecture import providers
    except ImportError:
        yield
        return
    known = getattr(providers, "_get_local_constants", None)
    nothing = getattr(providers, "Constants", None)
    if known is None or nothing is None:
        yield
        return
    setattr(providers, "_get_local_constants", lambda: nothing())  # noqa: B010
    try:
        yield
    finally:
        setattr(providers, "_get_local_constants", known)  # noqa: B010
