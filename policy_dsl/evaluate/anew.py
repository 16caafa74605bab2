"""One case, shared out again and again with some figure replaced; only what rests on that figure is found anew.

The engine is pure, so a case with another figure could be decided from the start. Whoever asks how far a figure may
move asks some hundred times, though, and most values stay. So the first run notes, for each value that it keeps, on
which others and on which figures it rests, and a later run begins with all values that don't rest on what is replaced.
What it finds is what a whole new run would find: a value whose grounds are the same is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields, replace
from fractions import Fraction
from itertools import islice

from policy_dsl.cases.case import Case, Fact
from policy_dsl.check import Checked
from policy_dsl.evaluate import apportion
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.decision import Shared
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.evaluate.engine import Engine, Env, Handler, Provider, T
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


@dataclass(frozen=True, slots=True)
class FactAt:
    """Which fact of the case: its indicator, and of whom and of which year it is."""

    indicator: str
    member: str = ""
    cohort: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class ParameterAt:
    """Which agreed figure, by its name: the one in force, or the choice made."""

    name: str


Spot = tree.Expr | FactAt | ParameterAt
"""Where a figure stands that can be replaced: written in the text, a parameter, a fact."""

_WRITTEN: tuple[type[tree.Expr], ...] = (tree.Number, tree.Quantity, tree.Percent, tree.Ratio)
_ROUNDINGS = ("half_up", "half_even", "round", "up", "down")
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
Place = tuple[tree.Expr, str, str, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What one run found: the certificates, and the figures that decided on the way.

    `found` holds what the run did not take over from the first one, as the engine keeps it. By their place in the text
    and the member, the cohort and the year at hand, `compared` holds for each comparison of two figures by how much the
    left one was the greater, and `rounded` for each figure that a function rounds how many steps it was before.
    """

    shares: tuple[Shared, ...]
    found: Mapping[object, object]
    compared: Mapping[Place, Fraction]
    rounded: Mapping[Place, Fraction]


class Anew:
    """A case ready to be shared out anew. `spots` are the figures on which what was asked for rests.

    Raises `DeadlineError` where a published calendar is not to be had.
    """

    def __init__(self, checked: Checked, case: Case, entries: Iterable[Entry]) -> None:
        plain = engine_for(checked, case)
        self.case = case
        self.program = checked.program
        self.entries = tuple(entries)
        self._plain = replace(plain, memo={}, problems=[])
        self._noting = noting(plain)
        compared, rounded = _watched(self._noting)
        self.first = Run(self._shared(self._noting, self.entries), self._noting.memo, compared, rounded)
        self.spots = frozenset(self._spots())
        self._users = self._noting.used_by()
        self._standing: dict[frozenset[Spot], dict[object, object]] = {}

    def parameter(self, name: str) -> Derived:
        """An agreed figure as it stands in the case."""
        return self._noting.value_for(self.program.entries[name], (), Env())

    def fact(self, at: FactAt) -> Fact | None:
        """A fact as the case states it."""
        return self._plain.facts.get((at.indicator, at.member, at.cohort, at.year))

    def written(self, node: tree.Expr) -> Quantity | None:
        """A figure in the text, in base units."""
        found = self._plain.eval(node, Env()).value
        return found if isinstance(found, Quantity) else None

    def run(self, replaced: Mapping[Spot, Quantity], entries: Iterable[Entry] | None = None) -> Run:
        """The same sharings out, or others, with the figures replaced, all else being equal."""
        standing = self._standing_without(frozenset(replaced))
        engine = replace(self._plain, memo=dict(standing), problems=[], running=set())
        replace_figures(engine, replaced)
        facts = {spot: value for spot, value in replaced.items() if isinstance(spot, FactAt)}
        if facts:
            engine.facts = _with_facts(engine.facts, facts)
        compared, rounded = _watched(engine)
        shares = self._shared(engine, self.entries if entries is None else tuple(entries))
        return Run(shares, dict(islice(engine.memo.items(), len(standing), None)), compared, rounded)

    def run_without(self, criteria: Entry, row: tree.Criterion, entries: Iterable[Entry]) -> tuple[Shared, ...]:
        """The sharings out as they would be if criteria in order did not have one of their rows.

        A threshold (`at least`) that a line of the policy asks for by name still holds: it is another rule.
        """
        node = criteria.node
        assert isinstance(node, tree.Criteria)
        named = {each: getattr(node, each) for each in type(node)._fields}
        fewer = tree.Criteria(**{**named, "rows": tuple(each for each in node.rows if each is not row)})
        program = replace(self.program, entries={**self.program.entries, criteria.name: replace(criteria, node=fewer)})
        engine = replace(self._plain, program=program, memo={}, problems=[], running=set())
        return self._shared(engine, tuple(entries))

    def _shared(self, engine: Engine, entries: tuple[Entry, ...]) -> tuple[Shared, ...]:
        return tuple(
            apportion.shared(engine, entry, cohort)
            for entry in entries
            for cohort in (self.case.cohorts if "cohort" in entry.reach else ("",))
        )

    def _spots(self) -> Iterable[Spot]:
        """The figures that the run read, at any depth."""
        return self._noting.spots()

    def _standing_without(self, spots: frozenset[Spot]) -> dict[object, object]:
        """What the first run kept, but for all that rests on these figures."""
        known = self._standing.get(spots)
        if known is not None:
            return known
        # One figure is moved many times before the next: only its standing values are kept.
        self._standing = {spots: self._noting.standing_without(spots, self._users)}
        return self._standing[spots]


# ---- the first run notes on what each value rests --------------------------------------------------------------------


@dataclass(slots=True, eq=False, repr=False)
class Noting(Engine):
    """An engine that notes for each value that it keeps which others, and which figures, were asked for on the way."""

    rests: dict[object, set[object]] = field(default_factory=dict)
    asking: list[set[object]] = field(default_factory=list)

    def note(self, what: object) -> None:
        """What is being found rests on this."""
        if self.asking:
            self.asking[-1].add(what)

    def once(self, key: object, find: Callable[[], Derived], entry: Entry) -> Derived:
        """A value found once, with its grounds noted."""
        self.note(key)
        return Engine.once(self, key, self._noted(key, find), entry)

    def kept(self, key: object, find: Callable[[], T]) -> T:
        """Any other result, found once, with its grounds noted."""
        self.note(key)
        return Engine.kept(self, key, self._noted(key, find))

    def spots(self) -> Iterable[Spot]:
        """The figures that were read, at any depth."""
        return (each for grounds in self.rests.values() for each in grounds if isinstance(each, Spot))

    def used_by(self) -> dict[object, list[object]]:
        """For each value and figure, the values that rest on it."""
        users: dict[object, list[object]] = {}
        for key, grounds in self.rests.items():
            for each in grounds:
                users.setdefault(each, []).append(key)
        return users

    def standing_without(self, spots: Iterable[Spot], users: Mapping[object, list[object]]) -> dict[object, object]:
        """What was kept, but for all that rests on these figures."""
        fallen: set[object] = set()
        stack: list[object] = list(spots)
        while stack:
            for key in users.get(stack.pop(), ()):
                if key not in fallen:
                    fallen.add(key)
                    stack.append(key)
        return {key: value for key, value in self.memo.items() if key not in fallen}

    def _noted(self, key: object, find: Callable[[], T]) -> Callable[[], T]:
        def found() -> T:
            grounds = self.rests.setdefault(key, set())
            self.asking.append(grounds)
            try:
                return find()
            finally:
                self.asking.pop()

        return found


def noting(plain: Engine) -> Noting:
    """An engine like this one that notes on what the values rest that it finds."""
    engine = Noting(**{each.name: getattr(plain, each.name) for each in fields(Engine)})

    def noting_written(handler: Handler) -> Handler:
        def written(asked: Engine, node: tree.Expr, env: Env) -> Derived:
            engine.note(node)
            return handler(asked, node, env)

        return written

    def noting_parameter(provider: Provider) -> Provider:
        def parameter(asked: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
            engine.note(ParameterAt(entry.name))
            return provider(asked, entry, subject, env)

        return parameter

    class Facts(dict[tuple[str, str, str, int | None], Fact]):
        """The facts of the case, each noted where it is asked for."""

        def get(self, key: tuple[str, str, str, int | None], default: object = None) -> Fact | None:  # type: ignore[override]
            engine.note(FactAt(*key))
            return super().get(key)

    engine.handlers = {
        kind: noting_written(handler) if kind in _WRITTEN else handler for kind, handler in engine.handlers.items()
    }
    engine.providers = {**engine.providers, "parameter": noting_parameter(engine.providers["parameter"])}
    engine.facts = Facts(engine.facts)
    return engine


def _watched(engine: Engine) -> tuple[Mapping[Place, Fraction], Mapping[Place, Fraction]]:
    """Has the engine write down what it compares and what it rounds, and gives what it will be written into."""
    compared: dict[Place, Fraction] = {}
    rounded: dict[Place, Fraction] = {}
    binary, call = engine.handlers[tree.Binary], engine.handlers[tree.Call]

    def comparing(asked: Engine, node: tree.Expr, env: Env) -> Derived:
        made = binary(asked, node, env)
        if made.op in _COMPARISONS and len(made.of) == 2:
            left, right = made.of[0].value, made.of[1].value
            if isinstance(left, Quantity) and isinstance(right, Quantity):
                compared[node, env.member, env.cohort, env.year] = left.amount - right.amount
        return made

    def rounding(asked: Engine, node: tree.Expr, env: Env) -> Derived:
        made = call(asked, node, env)
        if made.op in _ROUNDINGS and isinstance(made.value, Quantity):
            figure, step = made.of[0].value, made.of[1].value if len(made.of) > 1 else None
            if isinstance(figure, Quantity):
                by = step.amount if isinstance(step, Quantity) else 1
                rounded[node, env.member, env.cohort, env.year] = figure.amount / by
        return made

    engine.handlers = {**engine.handlers, tree.Binary: comparing, tree.Call: rounding}
    return compared, rounded


# ---- a later run finds other figures in their places -----------------------------------------------------------------


def replace_figures(engine: Engine, replaced: Mapping[Spot, Quantity]) -> None:
    """Has an engine find other figures where they are written in the text or agreed upon; facts are not touched."""
    written = {spot: value for spot, value in replaced.items() if isinstance(spot, tree.Expr)}
    if written:
        engine.handlers = _with_written(engine.handlers, written)
    figures = {spot.name: value for spot, value in replaced.items() if isinstance(spot, ParameterAt)}
    if figures:
        engine.providers = {**engine.providers, "parameter": _with_figures(engine.providers["parameter"], figures)}


def _with_written(
    handlers: Mapping[type[tree.Expr], Handler], replaced: Mapping[tree.Expr, Quantity]
) -> Mapping[type[tree.Expr], Handler]:
    def other(handler: Handler) -> Handler:
        def written(engine: Engine, node: tree.Expr, env: Env) -> Derived:
            value = replaced.get(node)
            return handler(engine, node, env) if value is None else Derived(value, "written", node=node)

        return written

    return {kind: other(handler) if kind in _WRITTEN else handler for kind, handler in handlers.items()}


def _with_figures(provider: Provider, replaced: Mapping[str, Quantity]) -> Provider:
    def parameter(engine: Engine, entry: Entry, subject: tuple[str, ...], env: Env) -> Derived:
        value = replaced.get(entry.name)
        if value is None:
            return provider(engine, entry, subject, env)
        return Derived(value, "figure", (), entry.node, entry, subject, entry.address)

    return parameter


def _with_facts(
    facts: Mapping[tuple[str, str, str, int | None], Fact], replaced: Mapping[FactAt, Quantity]
) -> Mapping[tuple[str, str, str, int | None], Fact]:
    made = dict(facts)
    for at, value in replaced.items():
        key = (at.indicator, at.member, at.cohort, at.year)
        made[key] = replace(made[key], value=value)
    return made


__all__ = ["Anew", "FactAt", "Noting", "ParameterAt", "Place", "Run", "Spot", "noting", "replace_figures"]
