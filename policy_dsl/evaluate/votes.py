"""Votes: the sets of a recorded vote, its quorum, its majority and what is tried failing that."""

from __future__ import annotations

from policy_dsl.cases.case import Event
from policy_dsl.evaluate import arithmetic
from policy_dsl.evaluate.conditions import condition
from policy_dsl.evaluate.decision import VoteResult
from policy_dsl.evaluate.derivation import Derived, Members, Value
from policy_dsl.evaluate.engine import Engine, Env, VoteSets
from policy_dsl.evaluate.steps import Rule
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity
from policy_dsl.voting import compose_lists


def vote_sets(voters: Derived, event: Event) -> VoteSets:
    """The sets of a vote: votes of those who may not vote enter none of them; a voter with no entry is absent."""
    allowed = voters.value if isinstance(voters.value, tuple) else ()
    codes = sorted(str(each) for each in allowed)
    favour, against, abstaining, present = (
        [each for each in _recorded(event, name) if each in codes]
        for name in ("favour", "against", "abstaining", "present")
    )
    made = compose_lists(codes, favour, against, abstaining, present or None)
    return VoteSets(
        voters=_sorted(made.voters),
        favour=_sorted(made.favour),
        against=_sorted(made.against),
        abstaining=_sorted(made.abstaining),
        absent=_sorted(made.absent),
        voting=_sorted(made.voting),
        present=_sorted(made.present),
    )


def counted_vote(engine: Engine, step: Entry, rule: Rule, event: Event, env: Env) -> VoteResult:
    """How a vote came out, with the figures of its conditions."""
    assert rule.adopted is not None
    sets = env.votes or VoteSets((), (), (), (), (), (), ())
    excluded = sorted(
        {each for name in ("favour", "against", "abstaining") for each in _recorded(event, name)} - set(sets.voters)
    )
    stated = event.fields.get("outcome")
    if not any(name in event.fields for name in ("favour", "against", "abstaining")):
        adopted = None if stated is None else stated == "adopted"
        return VoteResult(sets.voters, (), (), (), (), tuple(excluded), None, None, None, adopted, examined=False)
    quorum = _quorum(engine, step, rule, sets, env)
    majority = _line(engine, step, rule.adopted, env)
    failing = None
    if majority.value is not True and rule.failing is not None:
        failing = _line(engine, step, rule.failing, env)
    decided = failing if failing is not None and failing.value is not False else majority
    found = decided.value if isinstance(decided.value, bool) else None
    return VoteResult(
        sets.voters,
        sets.favour,
        sets.against,
        sets.abstaining,
        sets.absent,
        tuple(excluded),
        quorum,
        majority,
        failing,
        found,
        examined=True,
    )


def _line(engine: Engine, step: Entry, line: tree.Condition, env: Env) -> Derived:
    shown = condition(engine, line.expr, env)
    return Derived(shown.value, line.word, (shown,), line, step, address=engine.address(line, step))


def _quorum(engine: Engine, step: Entry, rule: Rule, sets: VoteSets, env: Env) -> Derived | None:
    if rule.quorum is None or isinstance(rule.quorum.expr, tree.Nothing):
        return None
    needed = engine.eval(rule.quorum.expr, env)
    present = Derived(arithmetic.number(len(sets.present)), "count of", (), rule.quorum, detail=sets.present)
    value: Value = needed.value
    if isinstance(needed.value, Quantity):
        value = len(sets.present) >= needed.value.amount
    return Derived(value, "quorum", (present, needed), rule.quorum, step, address=engine.address(rule.quorum, step))


def _recorded(event: Event, name: str) -> Members:
    value = event.fields.get(name, ())
    return tuple(str(each) for each in value) if isinstance(value, tuple) else (str(value),)


def _sorted(group: frozenset[str]) -> Members:
    return tuple(sorted(group))
