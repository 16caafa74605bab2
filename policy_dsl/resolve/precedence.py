"""Which provision yields to which: one relation, drawn from `notwithstanding Art. n` alone.

Two definitions of one name are a general and a special rule where one of them stands notwithstanding the other: the
prevailing one keeps the name, the others stand under `name@Art. n`, in falling order. Without that word they are a
fault, as are two arrows that meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from policy_dsl.diagnostics import Related
from policy_dsl.records import dataclass
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.names import said_twice
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree
from policy_dsl.values import Address, Reference


@dataclass(slots=True)
class Precedence:
    """`entries` and `prevails` by name; `over` by the node that carries the word; `rows` between the rows of one."""

    entries: dict[str, Entry] = field(default_factory=dict)
    prevails: dict[str, tuple[str, ...]] = field(default_factory=dict)
    over: dict[tree.Node, tuple[Address, ...]] = field(default_factory=dict)
    rows: dict[tree.Node, tuple[tree.Node, ...]] = field(default_factory=dict)


def read_reference(text: str) -> Reference | None:
    """A reference as written, or none where it can't be read."""
    plain = " ".join(text.replace("Art.", "Art. ").split())
    try:
        return Reference.read(plain)
    except ValueError:
        return None


def draw(candidates: Sequence[Entry], known: Mapping[Address, frozenset[int]], findings: Findings) -> Precedence:
    """Draw the precedence among entries, several of which may have one name.

    `known` holds the articles with the numbers of their paragraphs.
    """
    drawn = Precedence()
    arrows: dict[Entry, list[Entry]] = {}
    for entry in candidates:
        for owner, note in _notes(entry):
            arrows.setdefault(entry, []).extend(_reached(entry, owner, note, candidates, known, drawn, findings))
    _name_all(candidates, arrows, drawn, findings)
    _circles(arrows, findings)
    return drawn


def _notes(entry: Entry) -> Iterator[tuple[tree.Node, tree.Note]]:
    """Each `notwithstanding` of a provision with the node that carries it: the provision or one of its rows."""
    for node in _rows(entry.node):
        for note in getattr(node, "notes", ()):
            if note.kind == "notwithstanding" and not _in_step(entry, node):
                yield node, note


def _rows(node: tree.Node) -> Iterator[tree.Node]:
    """A provision and its rows. No expression has a row in it."""
    yield node
    for child in tree.children(node):
        if not isinstance(child, tree.Expr):
            yield from _rows(child)


def _in_step(entry: Entry, node: tree.Node) -> bool:
    """Whether a row of a procedure belongs to one of its steps, which is an entry of its own."""
    if not isinstance(entry.node, tree.Procedure):
        return False
    return node is not entry.node


def _reached(
    entry: Entry,
    owner: tree.Node,
    note: tree.Note,
    candidates: Sequence[Entry],
    known: Mapping[Address, frozenset[int]],
    drawn: Precedence,
    findings: Findings,
) -> list[Entry]:
    reference = read_reference(note.text)
    address = entry.address
    if reference is None or address is None:
        return []
    if not check_reference(note, reference, address.instrument, known, address, findings):
        return []
    if reference.names(address):
        _own(entry, owner, note, drawn, findings)
        return []
    reached = [
        other
        for other in candidates
        if other.address is not None
        and other.address.instrument == address.instrument
        and reference.names(other.address)
    ]
    places = tuple(dict.fromkeys(other.address for other in reached if other.address is not None))
    plain = Address(reference.article, reference.suffix, (), address.instrument)
    drawn.over[owner] = (*drawn.over.get(owner, ()), *(places or (plain,)))
    return reached


def _own(entry: Entry, owner: tree.Node, note: tree.Note, drawn: Precedence, findings: Findings) -> None:
    """A row notwithstanding its own article prevails over the plain rows beside it; a provision can't."""
    if isinstance(owner, tree.Excepted) and isinstance(entry.node, tree.Define):
        others = tuple(row for row in entry.node.exceptions if row is not owner and not _marked(row))
        drawn.rows[owner] = others
        return
    findings.add("PD241", note.span, entry.address, name=entry.name, reference=note.text)


def _marked(row: tree.Excepted) -> bool:
    return any(note.kind == "notwithstanding" for note in row.notes)


def check_reference(
    node: tree.Node,
    reference: Reference,
    instrument: str | None,
    known: Mapping[Address, frozenset[int]],
    address: Address | None,
    findings: Findings,
) -> bool:
    """The article that a reference names must exist, with the paragraph; `instrument` none looks into every policy."""
    article = str(Reference(reference.article, reference.suffix))
    numbers = [
        numbers
        for place, numbers in known.items()
        if (place.article, place.suffix) == (reference.article, reference.suffix)
        and (instrument is None or place.instrument == instrument)
    ]
    span = node.span
    at = span.text.rfind("Art.")
    if at > 0:
        span = span._replace(start=span.start + at)
    if not numbers:
        if findings.torn:
            return False
        findings.add("PD216", span, address, reference=article, what=f"There is no {article}")
        return False
    if reference.paragraph is not None and not any(reference.paragraph in each for each in numbers):
        what = f"{article} has no paragraph ({reference.paragraph})"
        findings.add("PD216", span, address, reference=str(reference), what=what)
        return False
    return True


# ---- one name, several definitions ---------------------------------------------------------------------------------


def _name_all(
    candidates: Iterable[Entry], arrows: Mapping[Entry, list[Entry]], drawn: Precedence, findings: Findings
) -> None:
    """Give each entry its name in the table; what yields or stands twice gets a second name."""
    by_name: dict[str, list[Entry]] = {}
    for entry in candidates:
        by_name.setdefault(entry.name, []).append(entry)
    for name, entries in by_name.items():
        first, *others = _ordered(entries, arrows, findings) if len(entries) > 1 else entries
        drawn.entries[name] = first
        names = [name]
        for entry in others:
            names.append(_second_name(name, entry, drawn.entries))
            drawn.entries[names[-1]] = replace(entry, name=names[-1])
        if others and all(entry.kind == "define" for entry in entries):
            drawn.prevails.update((each, tuple(names[at + 1 :])) for at, each in enumerate(names[:-1]))


def _ordered(entries: list[Entry], arrows: Mapping[Entry, list[Entry]], findings: Findings) -> list[Entry]:
    """The entries of one name, the prevailing one first; those that no precedence orders are said to stand twice."""
    below = {entry: _below(entry, entries, arrows) for entry in entries}
    ordered = sorted(entries, key=lambda entry: (-len(below[entry]), entries.index(entry)))
    for number, entry in enumerate(entries):
        for first in entries[:number]:
            special = first.kind == entry.kind == "define" and (entry in below[first] or first in below[entry])
            if not special:
                _said_twice(first, entry, findings)
                break
    return ordered


def _said_twice(first: Entry, second: Entry, findings: Findings) -> None:
    """The later place is at fault, or the one in the policy's own file where the other stands in another."""
    if first.node.span.source is findings.own and second.node.span.source is not findings.own:
        first, second = second, first
    said_twice(second.node.name, first, second.address, findings)


def _below(entry: Entry, entries: list[Entry], arrows: Mapping[Entry, list[Entry]]) -> set[Entry]:
    found: set[Entry] = set()
    todo = [entry]
    while todo:
        for other in arrows.get(todo.pop(), ()):
            if other in entries and other not in found and other is not entry:
                found.add(other)
                todo.append(other)
    return found


def _second_name(name: str, entry: Entry, taken: Mapping[str, Entry]) -> str:
    second = f"{name}@{entry.address}"
    number = 2
    while second in taken:
        second = f"{name}@{entry.address} #{number}"
        number += 1
    return second


# ---- arrows that meet ----------------------------------------------------------------------------------------------


def _circles(arrows: Mapping[Entry, list[Entry]], findings: Findings) -> None:
    said: set[Entry] = set()
    for entry in arrows:
        chain = None if entry in said else _way_back(entry, arrows)
        if chain is None:
            continue
        said.update(chain)
        note = next(note for _, note in _notes(entry))
        related = tuple(
            Related(other_note.span, f"{other.address} says the contrary")
            for other in chain[1:]
            for _, other_note in list(_notes(other))[:1]
        )
        words = " → ".join(str(each.address) for each in (*chain, entry))
        findings.add("PD240", note.span, entry.address, related, chain=words)


def _way_back(entry: Entry, arrows: Mapping[Entry, list[Entry]]) -> list[Entry] | None:
    """The shortest way along the arrows from an entry back to it."""
    before: dict[Entry, Entry] = {}
    todo = [entry]
    for here in todo:
        for other in arrows.get(here, ()):
            if other is entry:
                chain = [here]
                while chain[-1] is not entry:
                    chain.append(before[chain[-1]])
                return chain[::-1]
            if other not in before:
                before[other] = here
                todo.append(other)
    return None
