"""Figures through time: which value each had from when, by which instrument; who joined and left; what was reserved.

Nothing is evaluated: a value stands as it is written. The instrument of a row is what it cites; that of what a policy
said from the beginning is the authority that adopted it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """A time in which something was so: from the first day to the last, both included; none where it has no end.

    `value` are the words of the text; `instrument` is what made it so, `cited` whether the row itself says so.
    """

    since: date | None
    until: date | None
    value: str
    instrument: str
    cited: bool

    def holds(self, day: date) -> bool:
        """Whether it was so on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One thing through time: a figure, or a seat of a member, or a reservation of one; its stretches in order."""

    entry: Entry
    member: str
    stretches: tuple[Stretch, ...]

    @property
    def article(self) -> str:
        """Where it stands."""
        return str(self.entry.address or "")

    def on(self, day: date) -> Stretch | None:
        """What was so on a day."""
        return next((each for each in self.stretches if each.holds(day)), None)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A transitional clause: which figures cases keep that opened before a date."""

    entry: Entry
    figures: tuple[Entry, ...]
    before: date


@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """What an instrument changed on a day: a figure, a seat or a reservation; what held before, and what after."""

    on: date
    instrument: str
    line: Line
    kind: str
    before: Stretch | None
    after: Stretch | None


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """A policy through time."""

    program: Program
    figures: tuple[Line, ...]
    seats: tuple[Line, ...]
    reservations: tuple[Line, ...]
    kept: tuple[Kept, ...]

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What changed after the entry into force, in the order of time, then of the text."""
        found = [
            turn
            for kind, lines in (("figure", self.figures), ("seat", self.seats), ("reservation", self.reservations))
            for line in lines
            for turn in _turns(kind, line)
            if self.program.heading.in_force is None or turn.on > self.program.heading.in_force
        ]
        return tuple(sorted(found, key=lambda each: each.on))


def history(program: Program) -> History:
    """How a policy's figures, seats and reservations stood through time, in the order of the articles."""
    return History(
        program,
        tuple(_figure(program, entry) for entry in program.of_kind("parameter")),
        tuple(line for entry in program.of_kind("tier", "set") for line in _held(program, entry)),
        tuple(line for entry in program.of_kind("reservation") for line in _held(program, entry)),
        tuple(_kept(program)),
    )


def _figure(program: Program, entry: Entry) -> Line:
    node = entry.node
    assert isinstance(node, tree.Parameter)
    rows = sorted(node.amendments, key=lambda row: row.since.day)
    starts = [program.heading.in_force, *(row.since.day for row in rows)]
    values = [node.value, *(row.value for row in rows)]
    notes = [node.notes, *(row.notes for row in rows)]
    stretches = []
    for at, since in enumerate(starts):
        until = starts[at + 1] if at + 1 < len(starts) else None
        instrument, cited = _instrument(program, entry, notes[at])
        words = values[at].written
        last = until - timedelta(days=1) if until is not None else None
        stretches.append(Stretch(since, last, words, instrument, cited))
    return Line(entry, "", tuple(stretches))


def _held(program: Program, entry: Entry) -> Iterator[Line]:
    """The seats of a list, or those who hold a reservation: one line for each member."""
    node = entry.node
    seats = node.seats if isinstance(node, tree.SetOf) else node.by if isinstance(node, tree.Reservation) else ()
    by_member: dict[str, list[tree.Seat]] = {}
    for seat in seats:
        by_member.setdefault(seat.code.text, []).append(seat)
    for member, own in by_member.items():
        stretches = []
        for seat in sorted(own, key=lambda each: each.since.day if each.since is not None else date.min):
            since = seat.since.day if seat.since is not None else None
            until = seat.until.day if seat.until is not None else None
            instrument, cited = _instrument(program, entry, _notes_of(seat, seats, node.notes))
            stretches.append(Stretch(since, until, "", instrument, cited))
        yield Line(entry, member, tuple(stretches))


def _notes_of(seat: tree.Seat, seats: tuple[tree.Seat, ...], notes: tuple[tree.Note, ...]) -> tuple[tree.Note, ...]:
    """The grounds of the line on which a seat stands: those that follow it before the next line of seats."""
    line = seat.span.begins.line
    later = [each.span.start for each in seats if each.span.start > seat.span.start and each.span.begins.line != line]
    end = min(later, default=None)
    return tuple(note for note in notes if note.span.start > seat.span.start and (end is None or note.span.start < end))


def _instrument(program: Program, entry: Entry, notes: tuple[tree.Note, ...]) -> tuple[str, bool]:
    """What a row cites; where it cites nothing, the authority that adopted the text in which it stands."""
    cited = [note.text for note in notes if note.kind == "cites"]
    if cited:
        return "; ".join(cited), True
    file = entry.node.span.source.name
    own = next((each.authority for each in program.worded if each.file == file), "")
    return own or program.heading.authority, False


def _kept(program: Program) -> Iterator[Kept]:
    for entry in program.of_kind("transitional"):
        node = entry.node
        if isinstance(node, tree.Transitional) and node.before is not None:
            figures = tuple(program.entries[name.text] for name in node.keeps if name.text in program.entries)
            yield Kept(entry, figures, node.before.day)


def _turns(kind: str, line: Line) -> Iterator[Turn]:
    """Each day on which something becomes otherwise."""
    for at, each in enumerate(line.stretches):
        before = line.stretches[at - 1] if at else None
        if each.since is not None:
            joined = before if before is not None and before.until == each.since - timedelta(days=1) else None
            yield Turn(each.since, each.instrument if each.cited else "", line, kind, joined, each)
        after = line.stretches[at + 1] if at + 1 < len(line.stretches) else None
        if each.until is not None and each.until < date.max:
            gone = each.until + timedelta(days=1)
            if after is None or after.since != gone:
                yield Turn(gone, each.instrument if each.cited else "", line, kind, each, None)


__all__ = ["History", "Kept", "Line", "Stretch", "Turn", "history"]
