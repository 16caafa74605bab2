"""What every section is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from fractions import Fraction

from policy_dsl.cases.case import Origin
from policy_dsl.evaluate.decision import Decision, EventJudged, Shared, StepOutcome
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.argument import Argument, Given, Key
from policy_dsl.explain.trees import Level
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.document import Line
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

# A duty, a guarantee or a fund that reads a value makes it no step on the way to another.
READING_ONLY = frozenset({"duty", "guarantee", "fund"})
SHARING = frozenset({"apportion", "key", "criteria"})


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
    if not decision.shares and not ends(decision):
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


def origin_cells(origin: Origin) -> tuple[Line, Line, Line]:
    """The cells that tell where a fact or an event comes from: its source, date and status."""
    return words.spans(Given(origin.source)), words.spans(origin.date), status_of(origin)


def known(derived: Derived | None) -> Fraction | None:
    """The amount of a figure, if there is one."""
    return derived.value.amount if derived is not None and isinstance(derived.value, Quantity) else None


def total_of(shared: Shared) -> Fraction | None:
    """The total of a sharing out, if known."""
    return known(shared.total)


def cited(line: Line, entry: Entry) -> Line:
    """A caption or a heading with the article from which what stands below it follows."""
    return words.text("cited", line=line, at=entry.address) if entry.address is not None else line


def entry_of(decision: Decision, name: str) -> Entry | None:
    """The provision of a name."""
    return decision.program.entries.get(name)


def ends(decision: Decision) -> tuple[Entry, ...]:
    """The definitions for each member that the rules end in: they go into no other figure.

    A sum over all members that goes into none itself, as in accounts of the whole, is no such figure. Where something
    is shared out, a definition that rests on no sharing out and on no key is a reading, not something decided.
    """
    entries = decision.program.entries
    users: dict[str, list[Entry]] = {}
    for user, needs in decision.program.depends.items():
        for name in needs:
            if user in entries and entries[user].kind not in READING_ONLY:
                users.setdefault(name, []).append(entries[user])

    def is_end(name: str) -> bool:
        return all(each.kind == "define" and not each.reach and is_end(each.name) for each in users.get(name, ()))

    def decided(name: str) -> bool:
        return not decision.shares or bool(SHARING & {entries[each].kind for each in _below(decision, name)})

    found = (each for each in titled(decision) if is_end(each.name) and decided(each.name))
    return tuple(each for each in found if values_of(decision, each))


def _below(decision: Decision, name: str) -> set[str]:
    """The names of all provisions on which one rests."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for each in decision.program.depends.get(waiting.pop(), ()):
            if each not in found and each in decision.program.entries:
                found.add(each)
                waiting.append(each)
    return found


def values_of(decision: Decision, entry: Entry) -> dict[str, Derived]:
    """The values of a definition by member; those of members for whom there is none are left out."""
    found = ((member, decision.values.get((entry.name, (member,)))) for member in decision.members)
    return {member: value for member, value in found if value is not None and value.value is not None}


def titled(decision: Decision) -> list[Entry]:
    """The definitions with a title that have a value for each member, in the order of the articles."""
    return [
        entry
        for entry in decision.program.of_kind("define")
        if entry.node.title and entry.parent is None and entry.reach == ("member",)
    ]


def status_of(origin: Origin) -> Line:
    """How sure a fact or an event is, in a word; nothing where nothing is said."""
    return words.spans(Key(f"status.{origin.status}")) if origin.status else ()
