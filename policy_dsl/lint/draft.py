"""A sound policy as the rules of lint look at it: what it provides, its figures, its words.

It knows what the check found out: the kind and unit of every expression. Provisions of a model, or of a file that is
used, are known but not advised on: that advice is for their own drafter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from policy_dsl.check import Checked, constants
from policy_dsl.check.desk import Desk
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Quantity

Look = Callable[["Draft"], Iterator[Problem]]
COMPARISONS = ("<", "<=", ">", ">=", "=", "<>")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the code of its advice, and how it looks at a draft."""

    code: str
    look: Look


class Draft(Desk):
    """A checked policy: a desk on which nothing is looked for any more but advice."""

    def __init__(self, checked: Checked) -> None:
        super().__init__(checked.program)
        self.checked = checked
        self.types.update(checked.types)

    @property
    def english(self) -> bool:
        """Whether the authentic words are English: rules that read words know no other language."""
        return not self.program.worded or self.program.worded[0].authentic == "en"

    def here(self, node: tree.Node) -> bool:
        """Whether a node stands in the file that is examined."""
        return node.span.source is self.program.source

    def own(self, *kinds: str) -> tuple[Entry, ...]:
        """The provisions of these kinds that stand in the file itself; of all kinds, if none is named."""
        entries = self.program.of_kind(*kinds) if kinds else tuple(self.program.entries.values())
        return tuple(entry for entry in entries if self.here(entry.node))

    def articles(self) -> Iterator[tree.Article]:
        """The articles of the file itself, in their order."""
        for law in self.program.law:
            if self.here(law.node):
                yield law.node

    def lines(self) -> Iterator[tree.Node]:
        """The provisions and blocks of facts of the file itself, in their order, without words and examples."""
        for article in self.articles():
            for line in article.lines:
                if not isinstance(line, tree.Prose | tree.Example | tree.Broken):
                    yield line

    def constant(self, expr: tree.Expr | None) -> Quantity | None:
        """The figure that an expression comes to on the day of entry into force, if the text alone decides it."""
        return constants.figure(self, expr, constants.start(self))

    def fixed(self, expr: tree.Expr | None) -> Quantity | None:
        """The same, if it is the same on every day and whatever a body may choose."""
        found = {constants.figure(self, expr, at) for at in constants.dates(self, expr)} if expr is not None else set()
        return found.pop() if len(found) == 1 else None

    def entry_of(self, node: tree.Node | None) -> Entry | None:
        """The provision that a name refers to."""
        found = self.program.ref(node) if node is not None else None
        return found if isinstance(found, Entry) else None


def outermost(of: tree.Node) -> Iterator[tree.Expr]:
    """The expressions of a provision that stand in no other."""
    for child in tree.children(of):
        if isinstance(child, tree.Expr):
            yield child
        else:
            yield from outermost(child)


def words_of(entry: Entry) -> str:
    """The legal words that a provision carries out, on one line."""
    return " ".join(each.text for each in entry.words)


def form(node: object) -> object:
    """What a tree says, whatever its place: equal for nodes that say the same, and usable as a key."""
    if isinstance(node, tree.Node):
        return type(node).__name__, *(form(getattr(node, each)) for each in type(node)._fields if each != "span")
    if isinstance(node, tuple):
        return tuple(form(each) for each in node)
    return (type(node).__name__, node) if isinstance(node, bool | int | Fraction) else node
