"""Where a name is looked up: the layers around a line, then the whole policy, then the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from policy_dsl.records import dataclass
from policy_dsl.resolve.names import VOTE_FIELDS
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, FieldOf, Ref
from policy_dsl.syntax import tree
from policy_dsl.values import Address

Layer = Mapping[str, Ref]
LEDGER = {each.value: each for each in (Builtin.BALANCE, Builtin.LEVEL, Builtin.ARREARS, Builtin.PLEDGED, Builtin.PAID)}
WINDOW = {each.value: each for each in (Builtin.EARLIEST, Builtin.LATEST, Builtin.ACTOR)}
EVERYWHERE = {
    each.value: each for each in (Builtin.MEMBERS, Builtin.STATES, Builtin.COHORTS, Builtin.MEMBER, Builtin.COHORT)
}
IN_STEP = {Builtin.ACTOR.value: Builtin.ACTOR}
IN_APPORTION = {Builtin.TOTAL.value: Builtin.TOTAL}
IN_TIES = {**IN_APPORTION, Builtin.LOT.value: Builtin.LOT}
VOTE_GROUPS = frozenset(VOTE_FIELDS) - {"outcome"}
QUORUM_FIELDS = ("present", "absent", "voters")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a line can name beside the names of the policy.

    `owner` is the entry whose line it is and `line` its opening word: they say who depends on what, and through which
    line. `forgiving` silences unknown names where the line's own frame is broken.
    """

    owner: str
    address: Address | None
    line: str = ""
    layers: tuple[Layer, ...] = ()
    forgiving: bool = False

    def within(self, layer: Layer) -> Scope:
        """The scope inside a filter: the names of the layer come first."""
        return replace(self, layers=(layer, *self.layers))

    def at(self, line: str) -> Scope:
        """The same scope on another line."""
        return Scope(self.owner, self.address, line, self.layers, self.forgiving)

    def find(self, name: str) -> Ref | None:
        """What a name means in the layers, innermost first."""
        for layer in self.layers:
            if name in layer:
                return layer[name]
        return None

    def names(self) -> Iterator[str]:
        """All names of the layers."""
        for layer in self.layers:
            yield from layer


@dataclass(slots=True)
class Table:
    """The names of the whole policy."""

    entries: dict[str, Entry]
    locals: dict[str, Entry]
    rows: dict[str, CriterionOf]
    loose: frozenset[str] = frozenset()
    open: bool = False
    grounds: frozenset[str] = frozenset()
    tiers: tuple[str, ...] = ()
    _steps: dict[str, Layer] = field(default_factory=dict)

    def find(self, name: str) -> Ref | None:
        """What a name means in the policy or in the language, whatever the line."""
        return self.entries.get(name) or self.rows.get(name) or EVERYWHERE.get(name)

    def forgives(self, name: str) -> bool:
        """Whether an unknown name may stand in a text that could not be read."""
        return self.open or name in self.loose

    def names(self) -> Iterator[str]:
        """All names of the policy and the language that mean something everywhere."""
        yield from (name for name in self.entries if "@" not in name)
        yield from self.rows
        yield from EVERYWHERE

    def models(self, step: Entry) -> tuple[list[Entry], bool]:
        """A step and the steps that it is decided as, outermost first; and whether the chain is whole."""
        chain = [step]
        while isinstance(chain[-1].node, tree.Step) and chain[-1].node.model is not None:
            model = self.entries.get(chain[-1].node.model.text)
            if model is None or model.kind != "step":
                return chain, False
            if model in chain:
                break
            chain.append(model)
        return chain, True

    def own_layer(self, step: Entry) -> Layer:
        """What a step's own lines can name: as `step_layer`, with the groups of the vote at hand."""
        layer = dict(self.step_layer(step))
        layer.update((name, Builtin(name)) for name in sorted(VOTE_GROUPS & layer.keys()))
        return layer

    def step_layer(self, step: Entry) -> Layer:
        """The recorded fields, the groups of the vote, and the local definitions of a step, its models' included."""
        if step.name not in self._steps:
            self._steps[step.name] = dict(self._step_names(step))
        return self._steps[step.name]

    def _step_names(self, step: Entry) -> Iterator[tuple[str, Ref]]:
        chain, _ = self.models(step)
        for each in reversed(chain):
            node = each.node
            assert isinstance(node, tree.Step)
            if node.adopted is not None:
                yield from ((name, FieldOf(step, name)) for name in VOTE_FIELDS)
            elif node.quorum is not None:
                yield from ((name, FieldOf(step, name)) for name in QUORUM_FIELDS)
            yield from ((row.name.text, FieldOf(step, row.name.text)) for row in node.records)
            yield from self._locals_of(each, node.locals)

    def key_layer(self, key: Entry) -> Layer:
        """The local definitions of a key."""
        node = key.node
        assert isinstance(node, tree.Key)
        return dict(self._locals_of(key, node.locals))

    def _locals_of(self, parent: Entry, found: tuple[tree.Define, ...]) -> Iterator[tuple[str, Ref]]:
        """The local definitions of a provision; one that yields to another of its name shares them with that one."""
        for local in found:
            name = local.name.text
            entry = self.locals.get(f"{parent.name}.{name}") or self.locals.get(f"{parent.node.name.text}.{name}")
            if entry is not None:
                yield name, entry
