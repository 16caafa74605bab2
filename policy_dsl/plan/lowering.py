"""The state of a lowering: a frame, the builder of its plan, and the exact engine on the base case.

Whatever rests on no column is found once, by the exact engine, and becomes a constant or a row. The modules beside this
one say how each kind of expression and provision that does rest on a column becomes operations; `lower` hands their
tables to the lowering, so that none of them needs to know all the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import TypeVar

from policy_dsl.cases.case import Event
from policy_dsl.evaluate.engine import Engine, View
from policy_dsl.plan.build import Builder
from policy_dsl.plan.frame import Frame
from policy_dsl.plan.known import all_of, awaits, given
from policy_dsl.plan.nodes import Doubt, Node
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry, Program
from policy_dsl.syntax import tree

T = TypeVar("T")


class NotLowered(Exception):
    """Something rests on a column and has no operations: every case of the frame is decided by the exact engine.

    `entry` is the provision at hand, `node` the place in the text, `why` a reason of the table in
    docs/explanation/sweeps.md, `output` the name of the result that was being lowered.
    """

    def __init__(self, why: str, node: tree.Node | None = None, entry: Entry | None = None) -> None:
        super().__init__(why)
        self.why, self.node, self.entry = why, node, entry
        self.output = ""


@dataclass(frozen=True, slots=True)
class Here:
    """Where an expression is lowered; compare `Env` of the engine.

    `each`: a member is at hand, so that values are one for each of them. `whose`: that member alone, by its code:
    values are then for the case. `run` is the mask of those among whom the current run shares, None outside any run;
    `total` is that of the apportionment. `reserving` and `without` are those of `Env`. `view` and `event` are for what
    rests on no column.
    """

    cohort: str = ""
    each: bool = False
    whose: str = ""
    run: Node | None = None
    total: Node | None = None
    year: int | None = None
    scope: Entry | None = None
    gap: str = ""
    reserving: str = ""
    without: str = ""
    view: View | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Val:
    """A value, a figure or a truth (a group is one of each member), and of whom it is known: where all `known` hold.

    What stands where it is not known has no meaning. `elsewhere`, of a group: others than the frame's members may
    belong to it.
    """

    node: Node
    known: tuple[Node, ...] = ()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SharedOut:
    """A sharing out, lowered: each aspect of `Output` by its name, and for whom it is known where not for all.

    "share" is in base units; "steps", where whole steps are shared, is the same as a whole number of steps.
    """

    aspects: Mapping[str, Node]
    known: Mapping[str, Node] = field(default_factory=dict)


Handler = Callable[["Lowering", tree.Expr, Here], Val]
Provider = Callable[["Lowering", Entry, Here], Val]
Sharing = Callable[["Lowering", Entry, str], SharedOut]
Ranking = Callable[[Builder, Node, "Node | None", Sequence[Node]], Node]


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """How each kind of expression and provision is lowered, and what rests on no column."""

    expressions: Mapping[type[tree.Expr], Handler]
    provisions: Mapping[str, Provider]
    group: Handler
    folded: Handler
    condition: Handler
    met: Callable[[Lowering, CriterionOf, Here], Val]
    sharing: Sharing
    rank: Ranking


@dataclass(slots=True, eq=False, repr=False)
class Lowering:
    """Everything that one lowering needs while it is being made."""

    frame: Frame
    build: Builder
    engine: Engine
    tables: Tables
    rests: Callable[[tree.Node | Entry], bool]
    memo: dict[object, tuple[object, tuple[Doubt, ...]]] = field(default_factory=dict)
    running: set[object] = field(default_factory=set)

    @property
    def program(self) -> Program:
        """The program that is lowered."""
        return self.frame.checked.program

    # ---- what others ask for ---------------------------------------------------------------------------------------

    def figure(self, expr: tree.Expr, here: Here, asked: Node | None = None) -> Node:
        """A figure, in base units. Where it may have no value the case is in doubt (of whom `asked` holds)."""
        with self.build.under(asked if asked is not None else self.build.constant(True)):
            return self.sure(self.partial(expr, here), asked)

    def truth(self, expr: tree.Expr, here: Here, asked: Node | None = None) -> Node:
        """Whether a condition holds. Where it may have no value the case is in doubt (of whom `asked` holds)."""
        with self.build.under(asked if asked is not None else self.build.constant(True)):
            return self.sure(self.condition(expr, here), asked)

    def group(self, expr: tree.Expr, here: Here, *, loosely: bool = False) -> Node:
        """A group of members: for each whether it belongs to it. `loosely`: no matter who else belongs to it."""
        found = self.tables.group(self, expr, here)
        if found.elsewhere and not loosely:
            raise NotLowered("no member", expr, here.scope)
        return self.sure(found)

    def value(self, entry: Entry, here: Here, asked: Node | None = None) -> Node:
        """The value of a provision for the member and cohort at hand."""
        with self.build.under(asked if asked is not None else self.build.constant(True)):
            return self.sure(self.partial_value(entry, here), asked)

    def share_out(self, entry: Entry, cohort: str = "") -> SharedOut:
        """The lowering of an apportionment, found once for each cohort."""
        return self.kept(("shared", entry.name, cohort), lambda: self.tables.sharing(self, entry, cohort), entry)

    def touched(self, what: tree.Node | Entry | None, here: Here | None = None) -> bool:
        """Whether an expression, a line or a provision rests on a column; `here` may add that its run does."""
        if what is None:
            return False
        if self.rests(what):
            return True
        if here is None or isinstance(what, Entry):
            return False
        by_run = here.run is not None and here.run.cased and ranges_over_run(self.engine, what)
        return by_run or (here.total is not None and here.total.op != "constant" and names_total(self.engine, what))

    def members(self) -> Node:
        """Who is a member: of all who may hold a seat, those who meet what their tier asks for."""

        def find() -> Node:
            mask = self.build.constant(False)
            for tier in self.program.tiers:
                mask = self.build.either(mask, self.sure(self.tables.provisions["tier"](self, tier, Here())))
            return mask

        return self.kept(("members",), find)

    def place(self, member: str) -> int:
        """The place of a member on the second axis."""
        try:
            return self.frame.members.index(member)
        except ValueError:
            raise NotLowered("no member") from None

    # ---- what the modules beside this one ask for ------------------------------------------------------------------

    def partial(self, expr: tree.Expr, here: Here) -> Val:
        """A figure or a truth, and of whom it is known."""
        if here.whose:
            return self.one_of(lambda: self.partial(expr, replace(here, whose="", each=True)), here.whose)
        if not self.touched(expr, here):
            return self.tables.folded(self, expr, here)
        handler = self.tables.expressions.get(type(expr))
        if handler is None:
            raise NotLowered("kind", expr, here.scope)
        return handler(self, expr, here)

    def condition(self, expr: tree.Expr, here: Here) -> Val:
        """A truth, and of whom it is known."""
        if here.whose:
            return self.one_of(lambda: self.condition(expr, replace(here, whose="", each=True)), here.whose)
        if not self.touched(expr, here):
            return self.tables.condition(self, expr, here)
        found = self.partial(expr, here)
        if not found.node.truth:
            raise NotLowered("kind", expr, here.scope)
        if any(awaits(part) for part in found.known):
            # A condition that an event still to come would decide is not met; it is not unknown.
            raise NotLowered("record", expr, here.scope)
        return found

    def partial_value(self, entry: Entry, here: Here) -> Val:
        """The value of a provision for the member and cohort at hand, and of whom it is known."""
        abroad = entry.kind == "apportion" and here.whose not in self.frame.members
        if here.whose and not abroad:
            return self.one_of(lambda: self.partial_value(entry, replace(here, whose="", each=True)), here.whose)
        provider = self.tables.provisions.get(entry.kind)
        if provider is None:
            raise NotLowered("kind", entry.node, entry)
        return provider(self, entry, here)

    def one_of(self, find: Callable[[], Val], member: str) -> Val:
        """What one member has of what all have, by the code: a value for the case."""
        place = self.place(member)
        with self.build.collecting() as aside:
            found = find()
        for each in aside.doubts:
            self.build.doubt(each.why, self.build.at(each.node, place))
        return Val(self.build.at(found.node, place), tuple(self.build.at(each, place) for each in found.known))

    def sure(self, found: Val, asked: Node | None = None) -> Node:
        """A value that must be known; where it is not, of whom `asked` holds, the case is in doubt."""
        for part in found.known:
            lacking = self.build.negation(part if asked is None else given(self.build, part, asked))
            self.build.doubt("no value", lacking if asked is None else self.build.both(lacking, asked))
        return found.node

    def known_of_all(self, found: Val, mask: Node | None) -> tuple[Node, ...]:
        """Where a value is known of all members of a mask: truths of the case."""
        parts = (all_of(self.build, part, mask) for part in found.known)
        return tuple(dict.fromkeys(each for each in parts if not _holds(each)))

    def kept(self, key: object, find: Callable[[], T], entry: Entry | None = None) -> T:
        """A result found once; the doubts that it raises are raised wherever it is used."""
        known = self.memo.get(key)
        if known is None:
            if key in self.running:
                raise NotLowered("circle", entry.node if entry else None, entry)
            self.running.add(key)
            try:
                with self.build.collecting() as aside:
                    found = find()
            except NotLowered as stop:
                if stop.entry is None and entry is not None:
                    stop.entry = entry
                raise
            finally:
                self.running.discard(key)
            known = self.memo[key] = (found, aside.doubts)
        self.build.raised(known[1])
        return known[0]  # type: ignore[return-value]


def joined(*of: Val) -> tuple[Node, ...]:
    """Where all of several values are known."""
    return distinct(part for each in of for part in each.known)


def distinct(parts: Iterable[Node]) -> tuple[Node, ...]:
    """Conditions, each once, without those that always hold."""
    return tuple(dict.fromkeys(each for each in parts if not _holds(each)))


def _holds(part: Node) -> bool:
    return part.op == "constant" and part.data is True


def ranges_over_run(engine: Engine, what: tree.Node) -> bool:
    """Whether an expression may have another value in another run."""
    return engine.kept(("ranges over run", what), lambda: _ranges(engine, what))


def _ranges(engine: Engine, what: tree.Node) -> bool:
    for node in tree.walk(what):
        if isinstance(node, tree.Aggregate) and node.over is None:
            return True
        ref = engine.ref(node)
        if isinstance(ref, Entry) and ref.name in engine.run_bound:
            return True
    return False


def names_total(engine: Engine, what: tree.Node) -> bool:
    """Whether an expression names the total of the apportionment."""
    return any(engine.ref(node) is Builtin.TOTAL for node in tree.walk(what))
