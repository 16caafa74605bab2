"""Which facts a policy asks of whom, found from its text and the groups of the case.

What is found is an upper bound, with one exception: a demand is *certain* where the sharing of a total can't do without
the figure. Only a certain demand that nothing at all meets is an error here; whether another gap matters turns on
values (who is safe, who pledged), and the evaluation says so for each figure that it really needs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field

from policy_dsl.cases.declared import Declared
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry
from policy_dsl.syntax import tree

States = frozenset[str]
NOBODY: States = frozenset()


@dataclass(slots=True)
class Demand:
    """Who is asked for an indicator: by what is shared out or computed, and by duties, promises and conditions."""

    of: set[str] = field(default_factory=set)
    shown: set[str] = field(default_factory=set)
    computed: bool = False
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """How something is asked: of whom, whether for sure, and whether for a result."""

    who: States
    certain: bool
    result: bool

    def maybe(self) -> Ask:
        """The same, but not for sure."""
        return Ask(self.who, False, self.result)

    def to(self, who: States, some: bool = True) -> Ask:
        """The same, of others; not for sure if they might be nobody."""
        return Ask(who, self.certain and some, self.result)


class Needs:
    """The demands of one policy in one case. `states` are all that the case mentions."""

    def __init__(self, declared: Declared, groups: dict[str, States], members: States, states: States) -> None:
        self.declared = declared
        self.program = declared.program
        self.groups = groups
        self.members = members
        self.states = states | members
        self.demands: dict[str, Demand] = {name: Demand() for name in declared.indicators}
        self._asked: dict[str, set[Ask]] = {}
        for entry in self.program.entries.values():
            self._root(entry)

    # ---- where asking begins -----------------------------------------------------------------------------------------

    def _root(self, entry: Entry) -> None:
        result, shown = Ask(self.members, False, True), Ask(self.members, False, False)
        match entry.node:
            case tree.Apportion() as node:
                self._apportion(node)
            case tree.Fund() as node:
                for line in node.pays:
                    found = self.program.ref(line.what) or self.program.entries.get(line.what.text)
                    if isinstance(found, Entry):
                        self._use(found, result)
                self._inside(node, result)
            case tree.Duty() as node:
                bound = self.upper(node.binds.expr) if node.binds is not None else self.members
                self._inside(node, shown.to(bound))
            case tree.Guarantee() | tree.Step():
                self._inside(entry.node, shown)
            case tree.SetOf() as node:
                for condition in node.requires:
                    self._walk(condition.expr, shown)
            case tree.Define() | tree.Key() | tree.Scale() | tree.Criteria():
                if not any(entry.name in names for names in self.program.depends.values()):
                    self._use(entry, result)

    def _apportion(self, node: tree.Apportion) -> None:
        sure = node.each is None or not node.each.of
        ask = Ask(self.members, sure, True)
        if node.total is not None:
            self._walk(node.total.expr, ask)
        if node.among is None:
            return
        among = node.among.expr
        self._walk(among, ask)
        # Who has a fixed amount leaves the sharing: nothing but that amount is asked of it.
        apart_at_most = frozenset().union(*(self.upper(line.group) for line in node.fixed))
        apart_for_sure = frozenset().union(*(self.lower(line.group) for line in node.fixed))
        run = ask.to(self.upper(among) - apart_for_sure, bool(self.lower(among) - apart_at_most))
        for fixed in node.fixed:
            self._walk(fixed.group, ask)
            some = bool(self.lower(fixed.group) & self.lower(among))
            self._walk(fixed.amount, ask.to(self.upper(fixed.group) & self.upper(among), some))
        if node.how is not None:
            self._walk(node.how.expr, run)
        if node.bands is not None:
            found = self.program.ref(node.bands) or self.program.entries.get(node.bands.text)
            if isinstance(found, Entry):
                self._use(found, run)
        for limit in node.limits:
            group = self.upper(limit.group) if limit.group is not None else run.who
            self._walk(limit.bound, run.to(group & run.who, limit.group is None))
        for credit in node.less:
            self._walk(credit.credit, run)
        for line in (*node.relief, *node.ties, node.remainder, node.rounding):
            if isinstance(line, tree.Remainder):
                if line.weight is not None:
                    self._walk(line.weight, run.maybe().to(self.upper(line.group)))
            elif line is not None:
                self._inside(line, run.maybe())

    # ---- asking ------------------------------------------------------------------------------------------------------

    def _inside(self, node: tree.Node, ask: Ask) -> None:
        for child in tree.children(node):
            if isinstance(child, tree.Expr):
                self._walk(child, ask)
            elif not isinstance(child, tree.Provision):
                self._inside(child, ask)

    def _walk(self, expr: tree.Node, ask: Ask) -> None:
        """All that an expression asks for."""
        match expr:
            case tree.Name() | tree.Ident():
                self._refer(expr, ask)
            case tree.ValueOf(of=of):
                self._refer(expr, ask.to(self.upper(of), bool(self.lower(of))))
                self._walk(of, ask)
            case tree.Aggregate(of=of, over=over, ties=ties):
                inner = ask
                if isinstance(over, tree.Expr):
                    self._walk(over, ask)
                    inner = ask.to(self.upper(over), bool(self.lower(over)))
                elif isinstance(over, tree.LastYears):
                    self._walk(over.count, ask)
                self._walk(of, inner)
                # What settles ties is asked only where there is one.
                for tie in ties:
                    self._walk(tie, inner.maybe())
            case tree.Group(base=base, minus=minus, where=where):
                self._walk(base, ask)
                if minus is not None:
                    self._walk(minus, ask)
                if where is not None:
                    plain = tree.Group(expr.span, base, minus, None)
                    self._walk(where, ask.to(self.upper(plain), bool(self.lower(plain))))
            case tree.Choice(when=when, then=then, otherwise=otherwise):
                self._walk(when, ask)
                self._walk(then, ask.maybe())
                self._walk(otherwise, ask.maybe())
            case tree.Binary(op="and" | "or", left=left, right=right):
                self._walk(left, ask)
                self._walk(right, ask.maybe())
            case _:
                self._inside(expr, ask)

    def _refer(self, node: tree.Node, ask: Ask) -> None:
        found = self.program.ref(node)
        if isinstance(found, CriterionOf):
            self._inside(found.row, ask)
        elif isinstance(found, Entry):
            self._use(found, ask)

    def _use(self, entry: Entry, ask: Ask) -> None:
        """A provision is asked for its value."""
        asked = self._asked.setdefault(entry.name, set())
        if ask in asked or len(asked) > 50:
            return
        asked.add(ask)
        match entry.node:
            case tree.Indicator():
                self._demand(entry, ask)
            case tree.Define() as node:
                first = True
                for row in node.exceptions:
                    self._walk(row.when, ask if first else ask.maybe())
                    self._walk(row.value, ask.maybe())
                    first = False
                self._walk(node.value, ask if first else ask.maybe())
            case tree.Scale() as node:
                self._walk(node.base, ask)
                self._inside(node, ask.maybe())
            case tree.Key() | tree.Criteria():
                self._inside(entry.node, ask)
            case tree.Parameter():
                self._inside(entry.node, ask.maybe())
            case tree.SetOf(value=value) if value is not None:
                self._walk(value, ask)

    def _demand(self, entry: Entry, ask: Ask) -> None:
        demand = self.demands.get(entry.name)
        if demand is None:
            return
        (demand.of if ask.result else demand.shown).update(ask.who)
        demand.computed |= ask.result
        demand.certain |= ask.certain and ask.result and (bool(ask.who) or "member" not in entry.reach)

    # ---- groups ------------------------------------------------------------------------------------------------------

    def upper(self, expr: tree.Node) -> States:
        """All who may belong to a group."""
        match expr:
            case tree.Name():
                return self._named(expr, widest=True)
            case tree.Code(text=text):
                return frozenset({text})
            case tree.Group(base=base, minus=minus):
                return self.upper(base) - (self.lower(minus) if minus is not None else NOBODY)
            case tree.Binary(op="or", left=left, right=right):
                return self.upper(left) | self.upper(right)
        return self.members

    def lower(self, expr: tree.Node) -> States:
        """Those who belong to a group for sure, as far as the list of seats goes."""
        match expr:
            case tree.Name():
                return self._named(expr, widest=False)
            case tree.Code(text=text):
                return frozenset({text})
            case tree.Group(base=base, minus=minus, where=None):
                return self.lower(base) - (self.upper(minus) if minus is not None else NOBODY)
            case tree.Binary(op="or", left=left, right=right):
                return self.lower(left) | self.lower(right)
        return NOBODY

    def _named(self, node: tree.Name, *, widest: bool) -> States:
        found = self.program.ref(node)
        if found is Builtin.MEMBERS:
            return self.members
        if found is Builtin.STATES:
            return self.states
        if isinstance(found, Entry):
            if found.name in self.groups:
                return self.groups[found.name]
            if isinstance(found.node, tree.SetOf) and found.node.value is not None:
                return self.upper(found.node.value) if widest else self.lower(found.node.value)
            if found.kind in ("participant", "step", "fund"):
                return NOBODY
        return self.members if widest else NOBODY


def funds_read(declared: Declared) -> Iterable[str]:
    """The funds whose standing something reads, or that pay."""
    ledger = (Builtin.BALANCE, Builtin.ARREARS, Builtin.PLEDGED, Builtin.PAID)
    found = {entry.name for entry in declared.funds.values() if isinstance(entry.node, tree.Fund) and entry.node.pays}
    for node, ref in declared.program.refs.items():
        if isinstance(node, tree.ValueOf) and ref in ledger:
            target = declared.program.ref(node.of)
            if isinstance(target, Entry) and target.kind == "fund":
                found.add(target.name)
    return [name for name in declared.funds if name in found]
