"""What each provision names, and where each is named."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.resolve.program import CriterionOf, Entry, FieldOf, Program, Ref
from policy_dsl.syntax import tree


class Uses:
    """Of one policy: `needs` are the provisions that one names, `users` those that name it, in the order of the text.

    A step, and a definition inside a key or a step, stands for itself: what it names is not named by what it stands in.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.entries = tuple(program.entries.values())
        self._at = {entry.node: entry for entry in self.entries}
        self._place = {entry.name: place for place, entry in enumerate(self.entries)}
        self._rows: dict[str, list[Entry]] = {}
        self.needs: dict[str, tuple[Entry, ...]] = {each.name: tuple(self._needs(each)) for each in self.entries}
        users: dict[str, list[Entry]] = {each.name: [] for each in self.entries}
        for entry in self.entries:
            for other in self.needs[entry.name]:
                users[other.name].append(entry)
        self.users: dict[str, tuple[Entry, ...]] = {name: tuple(found) for name, found in users.items()}

    def of_row(self, row: tree.Criterion) -> tuple[Entry, ...]:
        """The provisions that name a row of criteria by itself."""
        return tuple(self._rows.get(row.name.text, ()))

    def entry(self, node: tree.Node) -> Entry | None:
        """The provision that a node of the text is."""
        return self._at.get(node) if isinstance(node, tree.Provision) else None

    def _needs(self, entry: Entry) -> list[Entry]:
        found: dict[str, Entry] = {}
        for other in self._named(entry.node, entry):
            if other is not entry:
                found[other.name] = other
        # A fund says who belongs to the set that it suspends; a rule rests on those that it falls back on.
        for name in (*self.program.suspensions.get(entry.name, ()), *self.program.prevails.get(entry.name, ())):
            found[name] = self.program.entries[name]
        return sorted(found.values(), key=lambda each: self._place[each.name])

    def _named(self, node: tree.Node, owner: Entry) -> Iterator[Entry]:
        suspends = isinstance(owner.node, tree.Fund)
        for child in tree.children(node):
            if self.entry(child) is not None:
                continue
            if suspends and isinstance(child, tree.Suspends):
                yield from self._named(child.after, owner)
                continue
            ref = self.program.ref(child)
            if isinstance(node, tree.Adjusted) and child is node.step:
                # No value depends on this step, so that nothing binds its name.
                ref = self.program.entries.get(node.step.text)
            if isinstance(ref, CriterionOf):
                self._rows.setdefault(ref.row.name.text, [])
                if owner not in self._rows[ref.row.name.text]:
                    self._rows[ref.row.name.text].append(owner)
            other = meant(ref)
            if other is not None:
                yield other
            yield from self._named(child, owner)


def meant(ref: Ref | None) -> Entry | None:
    """The provision that a reference leads to: of a field its step, of a row of criteria the criteria."""
    match ref:
        case Entry():
            return ref
        case FieldOf(step=step):
            return step
        case CriterionOf(criteria=criteria):
            return criteria
    return None
