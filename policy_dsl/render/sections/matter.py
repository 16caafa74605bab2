"""What every section is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from policy_dsl.evaluate.decision import Decision, EventJudged, Shared, StepOutcome
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.argument import Argument
from policy_dsl.explain.trees import Level
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Matter:
    """A decision, its argument, and how much is told; without `folds`, derivations stand in the annex alone."""

    decision: Decision
    argument: Argument
    level: Level
    told: tuple[Derived, ...] = ()
    anchors: Mapping[int, str] = field(default_factory=dict)
    folds: bool = True

    def anchor(self, derived: Derived) -> str:
        """The anchor of a value's derivation in the annex; empty if it isn't there."""
        return self.anchors.get(id(derived), "")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Whether the result was adopted: by which step, its last event, and the status."""

    step: StepOutcome | None
    event: EventJudged | None
    status: str

    @property
    def adopted(self) -> bool:
        """Whether the operative part may say that it is decided."""
        return self.status in ("adopted", "silence")


def standing(decision: Decision) -> Standing:
    """The vote on the result: the last step of the rules that is put to a vote and concerns what is shared out."""
    if not decision.shares:
        return Standing(None, None, "steps")
    votes = [step for step in decision.timeline if is_vote(step)]
    last = next((step for step in reversed(votes) if _settles(decision, step)), None)
    if last is None:
        return Standing(None, None, "found")
    event = next((each for each in reversed(last.events) if each.valid), None)
    if last.status == "adopted":
        return Standing(last, event, "silence" if last.silent else "adopted")
    return Standing(last, event, "rejected" if last.status == "rejected" else "pending")


def is_vote(step: StepOutcome) -> bool:
    """Whether a step is put to a vote."""
    node = step.entry.node
    return isinstance(node, tree.Step) and (node.adopted is not None or any(each.vote for each in step.events))


def _settles(decision: Decision, step: StepOutcome) -> bool:
    """Whether the rules tie the result to this vote: choices are left to it, or payments or duties wait for it."""
    name = step.entry.name
    if any(choice.step == name for choice in decision.choices):
        return True
    users = [used for used, needs in decision.program.depends.items() if name in needs]
    kinds = {decision.program.entries[used].kind for used in users if used in decision.program.entries}
    return bool(kinds & {"fund", "apportion", "duty"}) or sum(map(is_vote, decision.timeline)) == 1


def known(derived: Derived | None) -> Fraction | None:
    """The amount of a figure, if there is one."""
    return derived.value.amount if derived is not None and isinstance(derived.value, Quantity) else None


def total_of(shared: Shared) -> Fraction | None:
    """The total of a sharing out, if known."""
    return known(shared.total)


def entry_of(decision: Decision, name: str) -> Entry | None:
    """The provision of a name."""
    return decision.program.entries.get(name)
