"""A policy between two others: the old text with some of the changes, and not the others.

What a change is of is taken from the new tree, all else from the old one. Names are those of the old text, numbers of
articles, paragraphs and words those of the new one: none of them decides anything. What is mixed is resolved and
checked as any policy is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from policy_dsl.check import Checked, check
from policy_dsl.compare.changes.articles import Changes, keys
from policy_dsl.compare.changes.forms import FORMS, ROWS, Field, rows_of
from policy_dsl.compare.changes.provisions import renumbered
from policy_dsl.compare.changes.record import Switch
from policy_dsl.compare.changes.rows import paired_rows
from policy_dsl.compare.changes.sides import Item, Numbered, number_of
from policy_dsl.compare.changes.whole import COMPUTED
from policy_dsl.compare.changes.written import remade
from policy_dsl.resolve.adoption import Standing
from policy_dsl.resolve.program import Law
from policy_dsl.resolve.resolve import resolve_articles
from policy_dsl.syntax import tree

FRESH = 900
"""From here on articles are numbered that fell away and whose number another one has now."""


class Mixing:
    """Makes policies between two others. `switches` are all that can be switched, in the order of the changes."""

    def __init__(self, changes: Changes) -> None:
        self.pairs = changes.pairs
        self.keys = keys(changes.pairs)
        self.switches: tuple[Switch, ...] = tuple(
            dict.fromkeys(each.switch for each in changes.found if each.switch is not None)
        )
        self._inside = {switch: frozenset(self._expanded(switch)) for switch in self.switches}
        self._old_of = {id(new): old for old, new in self.pairs.items if new is not None}
        self._new_by_node = {id(item.node): item for item in self.pairs.new.items}
        self._numbers = self._renumbered()
        self._known: dict[frozenset[Switch], Checked | None] = {}

    def mixed(self, chosen: Collection[Switch]) -> Checked | None:
        """The old policy with these changes and no others; none where it would not pass the checker."""
        key = frozenset(chosen)
        if key not in self._known:
            self._known[key] = self._made(key)
        return self._known[key]

    def from_new(self, name: str, chosen: Collection[Switch]) -> bool:
        """Whether a provision is taken from the new text, in whole or in part."""
        return any(len(each) > 1 and each[1] == name for switch in chosen for each in self._inside[switch])

    def _made(self, chosen: frozenset[Switch]) -> Checked | None:
        inside = frozenset(each for switch in chosen for each in self._inside[switch])
        made = _Made(self, inside)
        resolved = resolve_articles(made.header(), made.standing())
        if resolved.program is None or _wrong(resolved.problems):
            return None
        checked = check(resolved.program)
        return None if _wrong(checked.problems) else checked

    def _expanded(self, switch: Switch) -> Iterator[Switch]:
        """What one switch switches: of a whole article every provision that stands in it alone."""
        if switch[0] != "article":
            yield switch
            return
        added = switch[1] == "article.added"
        number = (switch[2], int(switch[3]), switch[4])
        for old, new in self.pairs.items:
            item, other = (new, old) if added else (old, new)
            if item is not None and other is None and item.article == number:
                yield ("item", self.keys[id(item)])

    def _renumbered(self) -> dict[Numbered, Numbered]:
        """The number under which each article of the old text stands in a mixed one."""
        found = self.pairs.numbers()
        taken = set(self.pairs.new.articles)
        for at, number in enumerate(self.pairs.old.articles):
            if number not in found:
                found[number] = number if number not in taken else (number[0], FRESH + at, "")
        return found

    def number(self, item: Item) -> Numbered:
        """Where a provision of the old text stands in a mixed one."""
        return self._numbers[item.article]

    def old_of(self, item: Item) -> Item | None:
        """The provision of the old text that one of the new text was."""
        return self._old_of.get(id(item))

    def new_item(self, node: tree.Node) -> Item | None:
        """The provision of the new text that is this node."""
        return self._new_by_node.get(id(node))

    def references(self) -> dict[str, str]:
        """Old references to articles as they read in a mixed text."""
        return {_reference(old): _reference(new) for old, new in self._numbers.items() if not old[0]}


class _Made:
    """One mixed text."""

    def __init__(self, mixing: Mixing, chosen: frozenset[Switch]) -> None:
        self.mixing, self.chosen = mixing, chosen
        self.pairs = mixing.pairs
        self.references = mixing.references()
        self.gone: dict[Numbered, list[Item]] = {}
        for old, new in self.pairs.items:
            if old is not None and new is None and ("item", mixing.keys[id(old)]) not in chosen:
                self.gone.setdefault(mixing.number(old), []).append(old)

    def header(self) -> tree.Header:
        """The header of the new text, with the lines that decide something as they are chosen."""
        old, new = self.pairs.old.header, self.pairs.new.header
        kept = [
            line for line in new.lines if line.word not in (*COMPUTED, "use", "based on", "translation", "authentic")
        ]
        for word in COMPUTED:
            side = new if ("header", word) in self.chosen else old
            kept += [line for line in side.lines if line.word == word]
        made = remade(new, lines=tuple(kept))
        assert isinstance(made, tree.Header)
        return made

    def standing(self) -> Iterator[Standing]:
        """The articles."""
        for was, now in self.pairs.articles:
            law = now or was
            assert law is not None
            number = number_of(now.address) if now is not None else self.mixing._renumbered()[number_of(law.address)]
            lines = list(self._lines(now)) if now is not None else []
            lines = self._with_gone(lines, self.gone.get(number, []), was)
            numbered = remade(law.node.number, number=number[1], suffix=number[2])
            node = remade(law.node, number=numbered, lines=tuple(lines))
            assert isinstance(node, tree.Article)
            if any(not isinstance(line, tree.Prose) for line in lines):
                yield Standing(node, law.part, law.origin, law.address.instrument)

    def _lines(self, law: Law) -> Iterator[tree.Node]:
        for line in law.node.lines:
            match line:
                case tree.Prose():
                    yield line
                case tree.Indicators():
                    for row in line.rows:
                        yield from self._one(row)
                case tree.Procedure():
                    steps = [step for each in line.steps for step in self._one(each)]
                    if steps:
                        yield remade(line, steps=tuple(steps))
                case tree.Provision():
                    yield from self._one(line)

    def _one(self, node: tree.Provision) -> Iterator[tree.Node]:
        """A provision of the new text as it is chosen; nothing where it is new and not chosen."""
        new = self.mixing.new_item(node)
        assert new is not None
        old = self.mixing.old_of(new)
        key = self.mixing.keys[id(new)]
        if old is None:
            if ("item", key) in self.chosen:
                yield _alone(new.node, new.each)
            return
        yield self._merged(old, new, key)

    def _merged(self, old: Item, new: Item, key: str) -> tree.Node:
        if type(old.node) is not type(new.node):
            item = new if ("item", key) in self.chosen else old
            return _alone(self._read(item), item.each)
        if ("whole", key) in self.chosen:
            return _alone(new.node, new.each)
        fields: dict[str, Any] = {}
        for field in FORMS[type(new.node)]:
            was, now = getattr(old.node, field.name), getattr(new.node, field.name)
            if field.sort == ROWS:
                fields[field.name] = self._rows(field, key, was, now)
            elif ("field", key, field.name) in self.chosen:
                fields[field.name] = now
        if ("field", key, "notes") in self.chosen:
            fields["notes"] = new.node.notes
        each = new.each if ("field", key, "each") in self.chosen else old.each
        base = old if "notes" not in fields else Item(remade(old.node, notes=()), old.address, old.article)  # type: ignore[arg-type]
        return _alone(remade(self._read(base), **fields), each)

    def _rows(self, field: Field, key: str, was: object, now: object) -> object:
        assert field.rows is not None
        pairs = paired_rows(field.rows, rows_of(was), rows_of(now))
        kept: list[tuple[float, tree.Node]] = []
        reordered = ("order", key, field.name) in self.chosen
        places = {id(row): at for at, row in enumerate(rows_of(was))}
        before = -1.0
        for at, (old, new) in enumerate(pairs):
            chosen = ("row", key, field.name, str(at)) in self.chosen
            place = float(places[id(old)]) if old is not None else before + 0.5
            before = place
            row = new if chosen else old
            if row is not None:
                kept.append((0 if reordered else place, row))
        rows = [row for _, row in sorted(kept, key=lambda each: each[0])]
        if isinstance(was, tuple) or isinstance(now, tuple):
            return tuple(rows)
        return rows[0] if rows else None

    def _read(self, item: Item) -> tree.Provision:
        """A provision of the old text with its references to articles as they are numbered now."""
        made = _referring(item.node, self.references)
        assert isinstance(made, tree.Provision)
        return made

    def _with_gone(self, lines: list[tree.Node], gone: list[Item], was: Law | None) -> list[tree.Node]:
        """The lines with those provisions that fell away, each below the paragraph that it carried out."""
        prose = {line.paragraph: line for line in was.node.lines if isinstance(line, tree.Prose)} if was else {}
        for item in gone:
            node: tree.Node = _alone(self._read(item), item.each)
            if isinstance(item.node, tree.Procedure):
                continue
            if isinstance(item.node, tree.Step):
                shell = next((n for n, line in enumerate(lines) if _is_procedure(line, item.procedure)), None)
                if shell is not None:
                    line = lines[shell]
                    lines[shell] = remade(line, steps=(*line.steps, node))  # type: ignore[attr-defined]
                    continue
                of = next(each.node for each in self.pairs.old.items if _is_procedure(each.node, item.procedure))
                node = remade(of, steps=(node,))
            paragraphs = item.address.paragraphs
            last = paragraphs[-1] if paragraphs else None
            at = next(
                (n for n, each in enumerate(lines) if isinstance(each, tree.Prose) and each.paragraph == last), None
            )
            if last is not None and at is None:
                place = next(
                    (
                        n
                        for n, each in enumerate(lines)
                        if isinstance(each, tree.Prose) and (each.paragraph or 0) > last
                    ),
                    len(lines),
                )
                lines[place:place] = [*(prose[each] for each in paragraphs if each in prose), node]
                continue
            start = 0 if at is None else at + 1
            end = next((n for n in range(start, len(lines)) if isinstance(lines[n], tree.Prose)), len(lines))
            while last is not None and end < len(lines) and end == start:
                start = end + 1
                end = next((n for n in range(start, len(lines)) if isinstance(lines[n], tree.Prose)), len(lines))
            lines.insert(end, node)
        return lines


def _alone(node: tree.Node, each: tree.Each | None) -> tree.Node:
    """A provision as a line of an article: an indicator in a block of its own."""
    if isinstance(node, tree.Indicator):
        assert each is not None
        return tree.Indicators(node.span, each, (node,))
    return node


def _is_procedure(node: tree.Node, name: str) -> bool:
    return isinstance(node, tree.Procedure) and node.name.text == name


def _referring(value: Any, references: dict[str, str]) -> Any:
    if isinstance(value, tree.Note):
        return remade(value, text=renumbered(value.text, references)) if value.kind == "notwithstanding" else value
    if isinstance(value, tuple):
        made = tuple(_referring(each, references) for each in value)
        return made if any(one is not other for one, other in zip(made, value, strict=True)) else value
    if not isinstance(value, tree.Node):
        return value
    fields = {name: getattr(value, name) for name in type(value)._fields}
    told = {name: _referring(each, references) for name, each in fields.items()}
    changed = {name: each for name, each in told.items() if each is not fields[name]}
    return remade(value, **changed) if changed else value


def _reference(number: Numbered) -> str:
    return f"Art. {number[1]}" + (f" {number[2]}" if number[2] else "")


def _wrong(problems: Collection[Any]) -> bool:
    return any(each.is_error for each in problems)
