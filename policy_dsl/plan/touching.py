"""What rests on the columns of a frame, directly or by way of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policy_dsl.evaluate.anew import ParameterAt
from policy_dsl.evaluate.engine import Engine
from policy_dsl.plan.frame import Frame, IndicatorAt
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, FieldOf
from policy_dsl.syntax import tree

_MEMBERS = "members"
_AMONG = "among of "


def resting(frame: Frame, engine: Engine) -> Callable[[tree.Node | Entry], bool]:
    """Tells of an expression, a line or a provision whether it rests on a column."""
    return _Resting(frame, engine)


class _Resting:
    def __init__(self, frame: Frame, engine: Engine) -> None:
        self.program = frame.checked.program
        self.written = frozenset(each.spot for each in frame.columns if isinstance(each.spot, tree.Expr))
        self.known: dict[tree.Node, bool] = {}
        users: dict[str, set[str]] = {}
        for name, needs in self._needs():
            for each in needs:
                users.setdefault(each, set()).add(name)
        self.names: set[str] = set()
        stack = list(self._varied(frame))
        while stack:
            name = stack.pop()
            if name not in self.names:
                self.names.add(name)
                stack.extend(users.get(name, ()))

    def __call__(self, what: tree.Node | Entry) -> bool:
        if isinstance(what, Entry):
            return what.name in self.names
        found = self.known.get(what)
        if found is None:
            found = self.known[what] = any(self._rests(each) for each in tree.walk(what))
        return found

    def _rests(self, node: tree.Node) -> bool:
        return node in self.written or any(each in self.names for each in self._named(node))

    def _varied(self, frame: Frame) -> Iterator[str]:
        for column in frame.columns:
            match column.spot:
                case IndicatorAt(indicator=name) | ParameterAt(name=name):
                    yield name
                case tree.Expr() as spot:
                    # Of two provisions one may stand inside the other: a local inside its step.
                    for entry in self.program.entries.values():
                        if any(each is spot for each in tree.walk(entry.node)):
                            yield entry.name
                            if isinstance(entry.node, tree.SetOf) and entry.kind == "tier":
                                yield _MEMBERS

    def _needs(self) -> Iterator[tuple[str, set[str]]]:
        """What each provision rests on directly; the members, and those among whom is shared, have their own names."""
        program = self.program
        yield _MEMBERS, {tier.name for tier in program.tiers}
        for entry in program.entries.values():
            needs = set(program.prevails.get(entry.name, ()))
            if entry.name in program.suspensions:
                # Who is suspended is read in the ledger alone.
                needs.update(self._suspending(entry))
            else:
                needs.update(program.depends.get(entry.name, ()))
            needs.update(each for node in tree.walk(entry.node) for each in self._named(node))
            if entry.name in program.runs:
                needs.add(_AMONG + program.runs[entry.name])
            elif entry.kind in ("key", "criteria", "apportion"):
                needs.add(_MEMBERS)
            yield entry.name, needs - {entry.name}
            if isinstance(entry.node, tree.Apportion):
                among = entry.node.among
                yield (
                    _AMONG + entry.name,
                    {each for node in tree.walk(among) for each in self._named(node)} if among else {_MEMBERS},
                )
        for clause in program.of_kind("reservation"):
            assert isinstance(clause.node, tree.Reservation)
            for row in clause.node.to:
                if row.value is not None:
                    named = {each for node in tree.walk(row.value) for each in self._named(node)}
                    yield row.name.text, named - {row.name.text}

    def _suspending(self, entry: Entry) -> Iterator[str]:
        for name in self.program.suspensions[entry.name]:
            fund = self.program.entries[name].node
            assert isinstance(fund, tree.Fund)
            for line in fund.suspends:
                if line.name.text == entry.name:
                    yield from (each for node in tree.walk(line.after) for each in self._named(node))

    def _named(self, node: tree.Node) -> Iterator[str]:
        """The names on which a node rests by itself."""
        match self.program.ref(node):
            case Entry() as entry:
                yield entry.name
            case FieldOf(step=step):
                yield step.name
            case CriterionOf(criteria=criteria):
                yield criteria.name
            case Builtin.MEMBERS:
                yield _MEMBERS
        if isinstance(node, tree.Aggregate) and node.over is None and node.op != "count":
            yield _MEMBERS
        if isinstance(node, tree.Ident) and node.text in self.program.entries:
            yield node.text
