"""Which teller tells which class of provision, and a provision as a section of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from policy_dsl.instrument import names
from policy_dsl.instrument.told import figures, members, procedures, sharing
from policy_dsl.instrument.told.desk import Desk
from policy_dsl.render import words
from policy_dsl.render.document import Block, Paragraph, Section
from policy_dsl.render.titles import title_line
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

Tells = Callable[[Desk, Entry, Any], Iterator[Block]]
TELLERS: dict[type[tree.Provision], Tells] = {
    tree.SetOf: members.set_of,
    tree.Participant: members.participant,
    tree.Calendar: members.calendar,
    tree.Reservation: members.reservation,
    tree.Reservable: members.reservable,
    tree.Transitional: members.transitional,
    tree.Indicator: figures.indicator,
    tree.Parameter: figures.parameter,
    tree.Define: figures.define,
    tree.Key: figures.key,
    tree.Scale: figures.scale,
    tree.Criteria: figures.criteria,
    tree.Apportion: sharing.apportion,
    tree.Fund: sharing.fund,
    tree.Procedure: procedures.procedure,
    tree.Step: procedures.step,
    tree.Duty: procedures.duty,
    tree.Guarantee: procedures.guarantee,
}


def provision(desk: Desk, entry: Entry) -> Section:
    """A provision under its title: what it is, what it says, and why."""
    node = entry.node
    kind = desk.say(f"kind.{entry.kind}")
    what = words.text("cited", line=kind, at=entry.address) if entry.address is not None else kind
    blocks: list[Block] = [Paragraph(what, "kind"), *TELLERS[type(node)](desk, entry, node)]
    notes = desk.notes(node, node.notes)
    if notes:
        blocks.append(Paragraph(words.sentences(notes)))
    return Section(title_line(entry), tuple(blocks), anchor=names.anchor(entry.name), kind="provision")
