"""What every teller works with: the texts, the expressions, tables, and the reasons that stand with a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from policy_dsl.cases.declared import Declared
from policy_dsl.cases.figures import wanted_of
from policy_dsl.cases.needs import Needs
from policy_dsl.check import Checked
from policy_dsl.check.types import Kind
from policy_dsl.explain.argument import Adopted, Term, claim
from policy_dsl.instrument import names
from policy_dsl.instrument.expressions import Teller, Where
from policy_dsl.instrument.texts import HEADS, TOLD
from policy_dsl.render import numbers, words
from policy_dsl.render.document import Cell, Column, Line, Row, Span, Table
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.values import NUMBER, RATIO

MEMBERS = Where()
RUN = Where("run")
TAKERS = Where("takers")
EITHER = Where(union="or")
DASH = Cell((Span("–"),))


class Desk:
    """One policy, and how its provisions are told in the language that is spoken."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.program: Program = checked.program
        self.teller = Teller(checked)
        self._needs: Needs | None = None

    # ---- words -------------------------------------------------------------------------------------------------------

    def say(self, key: str, /, **terms: Term | Line) -> Line:
        """A sentence of a provision."""
        return words.opened(words.fill(words.chosen(TOLD, key, terms), terms))

    def plain(self, key: str, /, **terms: Term | Line) -> Line:
        """A part of a sentence, which begins with a small letter."""
        return words.fill(words.chosen(TOLD, key, terms), terms)

    def entry(self, node: tree.Node) -> Entry | None:
        """The provision that a word names."""
        found = self.teller.ref(node)
        return found if isinstance(found, Entry) else None

    def name(self, node: tree.Node) -> Line:
        """A word that names a provision, by its title."""
        return self.teller.named(node)

    def listed(self, idents: Iterable[tree.Ident]) -> Line:
        """Words that name provisions, as a list in a sentence."""
        return words.listed([self.name(each) for each in idents])

    def value(self, expr: tree.Expr, where: Where = MEMBERS) -> Line:
        """A value, a group or a date."""
        return self.teller.value(expr, where)

    def condition(self, expr: tree.Expr, where: Where = MEMBERS) -> Line:
        """A condition as a clause."""
        return self.teller.condition(expr, where)

    def true(self, expr: tree.Expr) -> bool:
        """Whether an expression says yes or no."""
        return self.teller.type(expr).kind is Kind.TRUTH

    # ---- reasons -----------------------------------------------------------------------------------------------------

    def noted(self, line: Line, node: tree.Node, notes: Sequence[tree.Note]) -> Line:
        """A line with the reasons and sources that stand with it, and with what it prevails over."""
        more = self.notes(node, notes)
        if not more:
            return line
        closed = line if words.flat(line).endswith((".", ":")) else (*line, Span("."))
        return words.sentences([closed, *more])

    def notes(self, node: tree.Node, notes: Sequence[tree.Note]) -> list[Line]:
        """The drafters' reasons, the sources, and what is prevailed over, each as a sentence."""
        found: list[Line] = []
        for note in notes:
            if note.kind == "because":
                found.append(words.say(claim("drafters.words", words=Adopted(note.text))))
            elif note.kind == "cites":
                found.append(self.say("cites", source=Adopted(note.text)))
        over = self.program.over.get(node, ())
        if over:
            found.append(self.say("prevails", at=tuple(over)))
        elif self.program.row_prevails.get(node):
            found.append(self.say("prevails.rows"))
        return found

    # ---- units -------------------------------------------------------------------------------------------------------

    def given_in(self, written: tree.UnitTerm | tree.Ident) -> Line:
        """What a fact or a record must be given in."""
        rating = isinstance(written, tree.UnitTerm) and [each.text for each in written.over] == ["rating"]
        wanted = wanted_of(written)
        if wanted.kind != "figure":
            return self.plain(f"unit.{wanted.kind}")
        if wanted.unit == RATIO:
            return self.plain("unit.ratio")
        if wanted.unit == NUMBER:
            return self.plain("unit.rating" if rating else "unit.number")
        return (Span(numbers.unit_head(wanted.unit)),)

    def bounds(self, node: tree.Indicator) -> Line:
        """Between which figures a fact lies; nothing where no bounds are set."""
        low = self.value(node.low) if node.low is not None else ()
        high = self.value(node.high) if node.high is not None else ()
        if not low and not high:
            return ()
        return self.plain("bounds" if low and high else "bounds.low" if low else "bounds.high", low=low, high=high)

    def missing(self, node: tree.Indicator) -> Line:
        """What holds where a fact is not supplied."""
        if node.missing is None:
            return self.plain("missing.needed" if self.computed(node) else "missing.not_shown")
        if isinstance(node.missing, tree.Ident):
            return self.plain("missing.left_out")
        return self.plain("missing.value", value=self.value(node.missing))

    def computed(self, node: tree.Indicator) -> bool:
        """Whether a result needs a fact, and not only duties and guarantees."""
        if self._needs is None:
            nobody: frozenset[str] = frozenset()
            self._needs = Needs(Declared(self.program), {}, nobody, nobody)
        demand = self._needs.demands.get(node.name.text)
        return demand is None or demand.computed

    def further(self, node: tree.Indicator) -> Line:
        """That a fact is one of each year, and how long it stays current."""
        found = [self.plain("fact.years")] if node.series else []
        if node.good_for is not None:
            found.append(self.plain("fact.good_for", period=self.value(node.good_for)))
        return words.listed(found) if found else ()


def table(caption: Line, heads: Sequence[tuple[str, bool]], rows: Iterable[Sequence[Line]], last: str = "row") -> Table:
    """A table of lines whose first column names the row; each head by its id, and whether it is one of figures.

    `last` is the kind of the last row.
    """
    columns = tuple(Column(head(each), figures, head=not n) for n, (each, figures) in enumerate(heads))
    made = [tuple(Cell(line) if line else DASH for line in row) for row in rows]
    kinds = ["row"] * (len(made) - 1) + [last]
    return Table(caption, columns, tuple(Row(cells, kind) for cells, kind in zip(made, kinds, strict=True)))


def trimmed(made: Table) -> Table:
    """A table without the columns in which nothing stands."""
    kept = [n for n, _ in enumerate(made.columns) if not n or any(row.cells[n] is not DASH for row in made.rows)]
    rows = tuple(Row(tuple(row.cells[n] for n in kept), row.kind) for row in made.rows)
    return Table(made.caption, tuple(made.columns[n] for n in kept), rows, made.notes)


def head(key: str, /, **terms: Term | Line) -> Line:
    """A title, a caption or the head of a column."""
    return words.fill(words.chosen(HEADS, key, terms), terms)


def dated(literal: tree.DateLiteral | None) -> date | datetime | None:
    """The date of a line, if it has one."""
    return literal.value if literal is not None else None


__all__ = ["DASH", "EITHER", "MEMBERS", "RUN", "TAKERS", "Desk", "dated", "head", "names", "table", "trimmed"]
