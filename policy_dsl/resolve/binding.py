"""Binding: what each name in an expression refers to, and who depends on whom through which line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from policy_dsl.diagnostics import Related
from policy_dsl.resolve.bindable import (
    FIGURES,
    FUNCTIONS,
    GROUND,
    NO_GROUP,
    NO_VALUE,
    OF_A_RUN,
    OF_MEMBERS,
    PLACES,
    Bare,
    Use,
    described,
    listed_kinds,
)
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.names import STATUSES, kind_of
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, FieldOf, Ref, Word
from policy_dsl.resolve.scopes import LEDGER, WINDOW, Scope, Table
from policy_dsl.resolve.shapes import before, group_leaves, is_figure, is_unit
from policy_dsl.resolve.suggest import did_you_mean, listed, nearest
from policy_dsl.resolve.wording import figure_in_words, gathering, parts_in_words
from policy_dsl.syntax import tree


class Binder:
    """Binds names; what it learns on the way stands in `refs`, `uses`, `bare` and `codes`.

    `meant` are the names nearest to misspelt ones: somebody meant to use them. `labels` are the cohorts of an example.
    """

    def __init__(self, table: Table, gone: Mapping[str, tree.Departure], findings: Findings) -> None:
        self.table = table
        self.gone = gone
        self.findings = findings
        self.refs: dict[tree.Node, Ref] = {}
        self.uses: list[Use] = []
        self.bare: list[Bare] = []
        self.codes: list[tuple[tree.Code | tree.Ident, Scope]] = []
        self.left_behind: dict[str, list[tuple[tree.Node, Scope]]] = {}
        self.meant: set[str] = set()
        self.labels: frozenset[str] = frozenset()

    # ---- expressions -------------------------------------------------------------------------------------------------

    def expr(self, node: tree.Node | None, scope: Scope) -> None:
        """Bind all names of an expression."""
        if isinstance(node, tree.Name | tree.Binary) and self._in_words(node, scope):
            return
        match node:
            case None:
                pass
            case tree.Name():
                self._name(node, scope)
            case tree.Code():
                self.codes.append((node, scope))
            case tree.Nth(step=step):
                self.bind(node, self.ident(step, ("step",), "an ordinal counts events and", scope), scope, noted=True)
            case tree.ValueOf():
                self._value_of(node, scope)
            case tree.Call():
                self._call(node, scope)
            case tree.Aggregate():
                self._aggregate(node, scope)
            case tree.Group(base=base, minus=minus, where=where):
                self.expr(base, scope)
                self.expr(minus, scope)
                self.expr(where, self._inside(base, scope))
            case tree.Binary(op="is" | "is not" | "=" | "<>"):
                self._is(node, scope)
            case tree.Binary(op="per", left=left, right=tree.Name() as unit) if is_figure(left) and is_unit(unit.text):
                self.expr(left, scope)
                self.refs[unit] = Word(unit.text)
            case tree.Binary(op="per", left=left, right=tree.Code()) if is_figure(left):
                self.expr(left, scope)
            case tree.Binary(op="/", left=left, right=tree.Name() as unit) if is_figure(left) and self._is_bare(unit):
                self.expr(left, scope)
                mend = f"write `per {unit.text}` in place of `/ {unit.text}`"
                self.findings.add("PD201", unit.span, scope.address, mend=mend, name=unit.text)
            case tree.UnitTerm() | tree.Ident():
                pass
            case _:
                for child in tree.children(node):
                    self.expr(child, scope)

    def _name(self, node: tree.Name, scope: Scope) -> None:
        found = self._find(node.text, scope)
        if found is None:
            self.unknown(node, node.text, scope)
        elif isinstance(found, Entry) and found.kind in NO_VALUE:
            self.findings.add("PD205", node.span, scope.address, name=node.text, kind=kind_of(found))
        elif isinstance(found, Entry) and found.kind == "fund":
            mend = f"write `balance of {node.text}`, or `level of`, `pledged of`, `paid of`, `arrears of`"
            self.findings.add("PD205", node.span, scope.address, mend=mend, name=node.text, kind=kind_of(found))
        else:
            self.bind(node, found, scope)

    def _in_words(self, node: tree.Name | tree.Binary, scope: Scope) -> bool:
        """Whether a figure is written out in words, which is then said once."""

        def known(name: str) -> bool:
            return self._find(name, scope) is not None or self.table.forgives(name)

        parts = parts_in_words(node, known)
        if parts is not None and not scope.forgiving:
            first, last, figure = parts
            span = first.span._replace(end=last.span.end)
            self.findings.add("PD201", span, scope.address, mend=f"write `{figure}`", name=span.text)
            for operand in before(node, first):
                self.expr(operand, scope)
            return True
        found = figure_in_words(node, known)
        if found is not None and not scope.forgiving:
            self.findings.add("PD201", node.span, scope.address, mend=f"write `{found[1]}`", name=found[0])
        return found is not None

    def _is_bare(self, unit: tree.Name) -> bool:
        """Whether a name is that of a unit, and nothing in the policy is called so."""
        return is_unit(unit.text) and self.table.find(unit.text) is None

    def _find(self, name: str, scope: Scope) -> Ref | None:
        found = scope.find(name) or self.table.find(name)
        if found is None and name in self.labels:
            return Word(name, cohort=True)
        return found

    def _inside(self, group: tree.Node | None, scope: Scope) -> Scope:
        """The scope of a line over a group: fields come first where it is one of events, as it may be if unknown."""
        step = self.step_behind(group)
        if step is not None:
            return self._of_event(step, scope)
        while isinstance(group, tree.Group):
            group = group.base
        return replace(scope, forgiving=True) if group is not None and self._lost(group) else scope

    def _of_event(self, step: Entry, scope: Scope) -> Scope:
        layer = dict(self.table.step_layer(step))
        if scope.find("actor") is None:
            layer["actor"] = FieldOf(step, "actor")
        return scope.within(layer)

    def _value_of(self, node: tree.ValueOf, scope: Scope) -> None:
        name = node.name.text
        fund = self._fund_behind(node.of)
        if fund is not None:
            self._of_fund(node, fund, scope)
            return
        self.expr(node.of, scope)
        step = self.step_behind(node.of)
        owner = self.refs.get(node.of)
        if step is not None:
            found = self.table.step_layer(step).get(name) or WINDOW.get(name)
            if found is None:
                self._no_field(node, step, [*self.table.step_layer(step), *WINDOW], scope)
                return
        elif isinstance(owner, Entry) and owner.kind == "key":
            found = self.table.key_layer(owner).get(name)
            if found is None:
                self._no_field(node, owner, self.table.key_layer(owner), scope)
                return
        elif name in GROUND and self.table.grounds and self._find(name, scope) is None:
            found = Word("ground")
        else:
            found = self._find(name, scope)
        if found is None or (found is Builtin.TOTAL and self.step_behind(node.of) is None):
            of = self.refs.get(node.of)
            mend = gathering(node, isinstance(of, Entry) and of.kind in FIGURES)
            if mend and not (scope.forgiving or self.table.forgives(name) or self._lost(node.of)):
                self.findings.add("PD201", node.name.span, scope.address, mend=mend, name=name)
                return
        if found is not None:
            self.bind(node, found, scope)
            self.refs[node.name] = found
        elif not self._lost(node.of):
            self.unknown(node.name, name, scope)

    def _of_fund(self, node: tree.ValueOf, fund: Entry, scope: Scope) -> None:
        """A fund's ledger is read as it stood when the case opened: nobody depends on the fund for it."""
        self.refs[node.of] = fund
        self.uses.append(Use(scope.owner, fund.name, "ledger"))
        found = LEDGER.get(node.name.text)
        if found is None:
            known = tuple(LEDGER)
            mend = did_you_mean(node.name.text, known) or f"a fund has {listed(known, 'and')}"
            self.findings.add("PD202", node.name.span, scope.address, mend=mend, name=node.name.text, of=fund.name)
            return
        self.refs[node] = self.refs[node.name] = found

    def _no_field(self, node: tree.ValueOf, owner: Entry, known: Iterable[str], scope: Scope) -> None:
        name = node.name
        if self.table.forgives(name.text) or (owner.kind == "step" and not self.table.models(owner)[1]):
            return
        self.findings.add(
            "PD202",
            name.span,
            scope.address,
            (Related(owner.node.name.span, f"{kind_of(owner)} of this name stands here"),),
            did_you_mean(name.text, known),
            name=name.text,
            of=owner.name,
        )

    def _call(self, node: tree.Call, scope: Scope) -> None:
        name = node.name
        if name.text in FUNCTIONS:
            self.refs[node] = self.refs[name] = Word(name.text)
        else:
            mend = did_you_mean(name.text, FUNCTIONS) or f"the functions are {listed(FUNCTIONS, 'and')}"
            self.findings.add("PD203", name.span, scope.address, mend=mend, name=name.text)
        for argument in node.args:
            self.expr(argument, scope)

    def _aggregate(self, node: tree.Aggregate, scope: Scope) -> None:
        over = node.over
        self.expr(over, scope)
        inside = self._inside(over, scope)
        self.expr(node.of, inside)
        for tie in node.ties:
            self.expr(tie, inside)
        if over is None and node.op in (*OF_MEMBERS, *OF_A_RUN):
            self.bare.append(Bare(scope.owner, node, scope.line, scope))

    def _is(self, node: tree.Binary, scope: Scope) -> None:
        left, right = node.left, node.right
        status = node.op in ("is", "is not")
        self.expr(left, scope)
        if isinstance(right, tree.Code):
            return
        if isinstance(right, tree.Name):
            words = {*STATUSES, *self.table.grounds}
            known = self._find(right.text, scope)
            if (right.text in STATUSES and status) or (known is None and right.text in words):
                self.refs[right] = Word(right.text)
                return
            if known is None:
                self.unknown(right, right.text, scope, beside=words if status else ())
                return
        self.expr(right, scope)

    # ---- names where a certain kind is due ---------------------------------------------------------------------------

    def ident(self, name: tree.Ident | None, kinds: tuple[str, ...], role: str, scope: Scope) -> Entry | None:
        """Bind a name that must be of one of some kinds. `role` opens the sentence that says so."""
        if name is None:
            return None
        found = self.table.find(name.text)
        if found is None:
            of_kind = [entry.name for entry in self.table.entries.values() if entry.kind in kinds]
            self.unknown(name, name.text, scope, among=of_kind)
            return None
        if not isinstance(found, Entry) or found.kind not in kinds:
            wanted = listed_kinds(kinds)
            self.wrong_kind(name, name.text, found, role, wanted, scope, kinds)
            return None
        self.bind(name, found, scope)
        return found

    def wrong_kind(
        self,
        node: tree.Node,
        name: str,
        found: Ref,
        role: str,
        wanted: str,
        scope: Scope,
        kinds: Iterable[str] = (),
    ) -> None:
        """Something else stands where a certain kind is due."""
        related: tuple[Related, ...] = ()
        if isinstance(found, Entry):
            related = (Related(found.node.name.span, f"{kind_of(found)} of this name stands here"),)
        of_kind = [entry.name for entry in self.table.entries.values() if entry.kind in kinds]
        mend = did_you_mean(name, of_kind)
        kind = described(found)
        self.findings.add(
            "PD204", node.span, scope.address, related, mend, name=name, kind=kind, role=role, wanted=wanted
        )

    def group(self, node: tree.Expr, role: str, scope: Scope) -> None:
        """Bind a group; its parts must be things that can have members."""
        self.expr(node, scope)
        for leaf in group_leaves(node):
            found = self.refs.get(leaf)
            if isinstance(found, CriterionOf) or (isinstance(found, Entry) and found.kind in NO_GROUP):
                self.wrong_kind(leaf, leaf.text, found, role, "a group", scope)

    # ---- what is known -----------------------------------------------------------------------------------------------

    def bind(self, node: tree.Node, found: Ref | None, scope: Scope, noted: bool = False) -> None:
        """A node refers to something; the owner of the line depends on it."""
        if found is None:
            return
        self.refs[node] = found
        if noted:
            return
        match found:
            case Entry():
                self.uses.append(Use(scope.owner, found.name, scope.line))
            case FieldOf(step=step) if scope.owner.partition(".")[0] != step.name:
                self.uses.append(Use(scope.owner, step.name, scope.line))
            case CriterionOf(criteria=criteria, row=row):
                self.uses.append(Use(scope.owner, criteria.name, scope.line, row.name.text))
            case Builtin.MEMBERS:
                self.uses += [Use(scope.owner, tier, scope.line) for tier in self.table.tiers]
            case _:
                pass

    def unknown(
        self,
        node: tree.Node,
        name: str,
        scope: Scope,
        among: Iterable[str] = (),
        beside: Iterable[str] = (),
    ) -> None:
        """Nothing is called so."""
        if scope.forgiving or self.table.forgives(name):
            return
        if name in PLACES:
            self.findings.add("PD206", node.span, scope.address, name=name, place=PLACES[name])
        elif name in self.gone:
            self.left_behind.setdefault(name, []).append((node, scope))
        else:
            known = [*scope.names(), *self.table.names(), *self.labels, *beside]
            near = nearest(name, among) or nearest(name, known)
            self.meant.add(near)
            mend = f"did you mean `{near}`?" if near else ""
            self.findings.add("PD201", node.span, scope.address, mend=mend, name=name)

    def step_behind(self, node: tree.Node | None) -> Entry | None:
        """The step whose events a node stands for, if it does."""
        match node:
            case tree.Name() | tree.Nth():
                found = self.refs.get(node)
                return found if isinstance(found, Entry) and found.kind == "step" else None
            case tree.Group(base=base):
                return self.step_behind(base)
            case _:
                return None

    def _fund_behind(self, node: tree.Node) -> Entry | None:
        found = self.table.entries.get(node.text) if isinstance(node, tree.Name) else None
        return found if found is not None and found.kind == "fund" else None

    def _lost(self, node: tree.Node) -> bool:
        """Whether the owner of a value is itself unknown, so that nothing can be said of the value."""
        return isinstance(node, tree.Name | tree.Nth) and node not in self.refs
