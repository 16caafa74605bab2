"""Two provisions of one name, field by field and row by row: a statement for each thing that changed.

What is switched on or off alone is a field, or a row of a field: all statements about it carry the same switch.
"""

from __future__ import annotations

from collections.abc import Mapping

from policy_dsl.compare.changes.expressions import differences
from policy_dsl.compare.changes.forms import (
    FORMS,
    GROUP,
    ROWS,
    Field,
    Rows,
    rows_of,
)
from policy_dsl.compare.changes.record import (
    ORDER,
    RULES,
    Change,
    Quoted,
    Said,
    Switch,
    Term,
    Titled,
    What,
    titled,
    what,
)
from policy_dsl.compare.changes.record import WORDS as SAID_ONLY
from policy_dsl.compare.changes.rows import longest_kept, paired_rows
from policy_dsl.compare.changes.sides import Item
from policy_dsl.compare.changes.wording import word_changes
from policy_dsl.compare.changes.written import SAID, alike, canonical, name_of, term_of
from policy_dsl.syntax import tree
from policy_dsl.values import Reference


class Told:
    """Tells what changed in one provision. `numbers` gives old references to articles as they read now."""

    def __init__(self, old: Item, new: Item, names: Mapping[str, Titled], numbers: Mapping[str, str], key: str) -> None:
        self.old, self.new = old, new
        self.names, self.numbers = names, numbers
        self.key = key
        self.title = titled(new.node)
        self.found: list[Change] = []

    def all(self) -> list[Change]:
        """Every change, in the order of the fields."""
        old, new = self.old.node, self.new.node
        if type(old) is not type(new):
            self._say("kind", ("item", self.key), old=What(f"kind.{_kind(old)}"), new=What(f"kind.{_kind(new)}"))
            return self.found
        self._reach("indicator.each", ("field", self.key, "each"), self.old.each, self.new.each)
        for field in FORMS[type(new)]:
            self._field(field, getattr(old, field.name), getattr(new, field.name))
        self._notes(None, ("field", self.key, "notes"), old.notes, new.notes)
        if old.title != new.title:
            self._say("title", None, SAID_ONLY, old=Said(old.title or old.name.text), new=Said(new.title))
        return self.found

    def _say(self, says: str, switch: Switch | None, sort: str = RULES, /, **terms: Term) -> None:
        self.found.append(Change(sort, says, tuple(terms.items()), self.title, self.new.address, switch))

    # ---- fields ----------------------------------------------------------------------------------------------------

    def _field(self, field: Field, old: object, new: object) -> None:
        switch: Switch = ("field", self.key, field.name)
        if field.sort == ROWS:
            assert field.rows is not None
            self._rows(field, field.rows, rows_of(old), rows_of(new))
        else:
            self._value(field, what(field.id), switch, old, new)

    def _value(self, field: Field, of: What, switch: Switch, old: object, new: object) -> None:
        match field.sort:
            case "flag":
                if old != new:
                    self._say(f"{of.id}.{'on' if new else 'off'}", switch, **dict(of.terms))
            case "word":
                self._word(of, switch, old, new)
            case "words":
                self._words(of, switch, rows_of(old), rows_of(new))
            case "date":
                self._date(of, switch, old, new)
            case "reach":
                self._reach(of.id, switch, old, new)
            case "chosen":
                self._chosen(of, switch, old, new)
            case _:
                self._expression(of, switch, old, new, group="group" if field.sort == GROUP else "")

    def _expression(self, of: What, switch: Switch, old: object, new: object, *, group: str = "") -> None:
        """A value, or a line that holds one and gives its grounds."""
        was, now = _expr(old), _expr(new)
        if isinstance(old, tree.Condition) and isinstance(new, tree.Condition) and old.word != new.word:
            self._say("changed", switch, what=of, old=Quoted(_line(old)), new=Quoted(_line(new)))
        elif was is None or now is None or isinstance(was, tree.Ident) or isinstance(now, tree.Ident):
            if not alike(was, now):
                self._replaced(of, switch, was, now)
        else:
            called = {"deadline": "deadline", "majority": "majority", "failing": "majority", "quorum": "majority"}
            for each in differences(was, now, group=group, called=called.get(of.id, "")):
                self._say(each.says, switch, what=of, old=each.old, new=each.new, within=each.within)
        self._notes(of, switch, getattr(old, "notes", ()), getattr(new, "notes", ()))

    def _replaced(self, of: What, switch: Switch, old: tree.Node | None, new: tree.Node | None) -> None:
        if old is None:
            self._say("added", switch, what=of, new=self._name(new))
        elif new is None:
            self._say("removed", switch, what=of, old=self._name(old))
        else:
            self._say("changed", switch, what=of, old=self._name(old), new=self._name(new))

    def _word(self, of: What, switch: Switch, old: object, new: object) -> None:
        """A word of the language, a name or a unit."""
        if alike(old, new):
            return
        one, other = self._word_term(of, old), self._word_term(of, new)
        if one is None:
            self._say("added", switch, what=of, new=other)
        elif other is None:
            self._say("removed", switch, what=of, old=one)
        else:
            self._say("changed", switch, what=of, old=one, new=other)

    def _word_term(self, of: What, value: object) -> Term:
        if value is None:
            return None
        return self._name(value) if isinstance(value, tree.Node) else Quoted(str(value))

    def _words(self, of: What, switch: Switch, old: tuple[tree.Node, ...], new: tuple[tree.Node, ...]) -> None:
        gone = [each for each in old if not any(alike(each, other) for other in new)]
        come = [each for each in new if not any(alike(each, other) for other in old)]
        for each in gone:
            self._say("removed.one", switch, what=of, old=self._name(each))
        for each in come:
            self._say("added.one", switch, what=of, new=self._name(each))
        if not gone and not come and not alike(old, new):
            self._say("order", switch, ORDER, what=of)

    def _date(self, of: What, switch: Switch, old: object, new: object) -> None:
        if alike(old, new):
            return
        if isinstance(old, tree.DateLiteral) and isinstance(new, tree.DateLiteral):
            says = "changed" if type(old.value) is not type(new.value) else _later(old, new)
            self._say(says, switch, what=of, old=term_of(old), new=term_of(new), within=None)
        else:
            self._replaced(of, switch, _node(old), _node(new))

    def _reach(self, id_: str, switch: Switch, old: object, new: object) -> None:
        if alike(_of(old), _of(new)):
            return
        self._say("changed", switch, what=what(id_), old=_reach(old), new=_reach(new))

    def _chosen(self, of: What, switch: Switch, old: object, new: object) -> None:
        """A figure of the text, or a choice left to a step."""
        match old, new:
            case tree.LeftTo(), tree.LeftTo():
                for name in ("step", "low", "high", "otherwise"):
                    part = what(f"choice.{name}")
                    was, now = getattr(old, name), getattr(new, name)
                    if name == "step":
                        self._word(part, switch, was, now)
                    else:
                        self._expression(part, switch, was, now)
            case tree.LeftTo(), _:
                self._say("choice.off", switch, step=self._name(old.step), new=term_of(_node(new)))
            case _, tree.LeftTo():
                terms = {name: term_of(getattr(new, name)) for name in ("low", "high", "otherwise")}
                self._say("choice.on", switch, step=self._name(new.step), old=term_of(_node(old)), **terms)
            case _:
                self._expression(of, switch, old, new)

    # ---- rows ------------------------------------------------------------------------------------------------------

    def _rows(self, field: Field, form: Rows, old: tuple[tree.Node, ...], new: tuple[tree.Node, ...]) -> None:
        pairs = paired_rows(form, old, new)
        for at, (was, now) in enumerate(pairs):
            switch: Switch = ("row", self.key, field.name, str(at))
            if was is not None and now is not None:
                self._row(field, form, switch, was, now)
                continue
            row = was or now
            assert row is not None
            side = "removed" if now is None else "added"
            value = getattr(row, form.value) if form.value else None
            told = self._called(form, row) if form.called or value is None else None
            terms: dict[str, Term] = {
                "what": what(field.id),
                "row": told or Quoted(_opening(row)),
                "value": term_of(_expr(value)),
            }
            if not form.key:
                terms["row"] = Quoted(_line_of(row))
                terms["value"] = None
            elif not form.called:
                terms["row"] = Quoted(_opening(row))
                terms["value"] = None if isinstance(row, tree.Limit) else terms["value"]
            self._say(f"row.{side}", switch, **terms)
        if longest_kept(pairs, old, new):
            return
        sort = RULES if form.ordered else ORDER
        order = tuple(self._called(form, each) or Quoted(_opening(each)) for each in new) if form.called else ()
        ordered: dict[str, Term] = {"what": what(f"{field.id}.all" if form.ordered else field.id)}
        if order and form.ordered:
            ordered["order"] = order
        self._say("order.told" if "order" in ordered else "order", ("order", self.key, field.name), sort, **ordered)

    def _row(self, field: Field, form: Rows, switch: Switch, old: tree.Node, new: tree.Node) -> None:
        row = self._called(form, new) or Quoted(_opening(new))
        if "name" in form.key and not alike(old.name, new.name):  # type: ignore[attr-defined]
            self._say("row.renamed", None, what=what(field.id), old=self._called(form, old), new=row)
        if isinstance(old, tree.Define) and isinstance(new, tree.Define) and old.title != new.title:
            terms = {"old": Said(old.title or old.name.text), "new": Said(new.title or new.name.text)}
            self._say("row.title", None, SAID_ONLY, what=what(f"{field.id}.of", row=row), **terms)
        fields = form.fields or (Field(form.value, "plain", field.id),) if form.value else form.fields
        for each in fields:
            was, now = getattr(old, each.name), getattr(new, each.name)
            if each.sort == ROWS:
                if not alike(was, now):
                    self._say("changed", switch, what=what(each.id, row=row), old=_all(was), new=_all(now))
            else:
                # What a row goes by is told as it was, where it is that which changed.
                called = self._called(form, old) if each.name == form.called else row
                self._value(each, what(each.id, row=called), switch, was, now)
        self._notes(what(f"{field.id}.of", row=row), switch, getattr(old, "notes", ()), getattr(new, "notes", ()))

    def _called(self, form: Rows, row: tree.Node) -> Term:
        if isinstance(row, tree.Limit):
            return what(f"limit.{row.kind}", group=self._name(row.group))
        if not form.called:
            return None
        named = getattr(row, form.called)
        if isinstance(row, tree.Criterion):
            return titled(row)
        if isinstance(row, tree.Define):
            return titled(row)
        return self._name(named) if isinstance(named, tree.Node) else None

    def _name(self, node: tree.Node | None) -> Term:
        return None if node is None else name_of(node, self.names)

    # ---- grounds of a line -----------------------------------------------------------------------------------------

    def _notes(self, of: What | None, switch: Switch, old: tuple[tree.Note, ...], new: tuple[tree.Note, ...]) -> None:
        for kind in ("notwithstanding", *SAID):
            was = [self._note(each) for each in old if each.kind == kind]
            now = [each.text for each in new if each.kind == kind]
            if kind == "notwithstanding":
                for text in (each for each in was if each not in now):
                    self._say("yields.removed", switch, what=of, old=text)
                for text in (each for each in now if each not in was):
                    self._say("yields.added", switch, what=of, new=text)
                continue
            gone = [each for each in was if each not in now]
            come = [each for each in now if each not in was]
            for one, other in zip(gone, come, strict=False):
                for before, after in word_changes(one, other):
                    self._say(f"{kind}.changed", None, SAID_ONLY, what=of, old=before, new=after)
            for text in gone[len(come) :]:
                self._say(f"{kind}.removed", None, SAID_ONLY, what=of, old=Said(text))
            for text in come[len(gone) :]:
                self._say(f"{kind}.added", None, SAID_ONLY, what=of, new=Said(text))

    def _note(self, note: tree.Note) -> str:
        if note.kind != "notwithstanding":
            return note.text
        return renumbered(note.text, self.numbers)


def renumbered(text: str, numbers: Mapping[str, str]) -> str:
    """A reference to an article by the number that the article has in the new text."""
    try:
        reference = Reference.read(text)
    except ValueError:
        return text
    article = f"Art. {reference.article}" + (f" {reference.suffix}" if reference.suffix else "")
    return text.replace(article, numbers.get(article, article), 1)


def _expr(value: object) -> tree.Node | None:
    return value.expr if isinstance(value, tree.Condition) else _node(value)


def _node(value: object) -> tree.Node | None:
    return value if isinstance(value, tree.Node) else None


def _line(line: tree.Condition) -> str:
    return line.word if isinstance(line.expr, tree.Nothing) else f"{line.word} {canonical(line.expr)}"


def _opening(row: tree.Node) -> str:
    """A row without its value and its grounds."""
    match row:
        case tree.Bracket(kind=kind, threshold=threshold):
            return kind if threshold is None else f"{kind} {canonical(threshold)}"
        case tree.Limit(kind=kind, bound=bound, group=group):
            return f"{kind} {canonical(bound)}" + (f" for {canonical(group)}" if group is not None else "")
    return _line_of(row)


def _line_of(row: tree.Node) -> str:
    """A row without its grounds."""
    text = canonical(row)
    for note in getattr(row, "notes", ()):
        text = text.replace(canonical(note), "").strip()
    return text


def _all(value: object) -> Term:
    rows = rows_of(value)
    return tuple(Quoted(_line_of(each)) for each in rows) if rows else None


def _later(old: tree.DateLiteral, new: tree.DateLiteral) -> str:
    return "later" if new.value > old.value else "earlier"


def _of(value: object) -> tuple[str, ...]:
    return tuple(each.text for each in value.of) if isinstance(value, tree.Each) else ()


def _reach(value: object) -> What:
    of = _of(value)
    return What(f"reach.{'.'.join(sorted(of))}" if of else "reach.case")


def _kind(node: tree.Provision) -> str:
    return node.kind if isinstance(node, tree.SetOf) else type(node).__name__.lower()
