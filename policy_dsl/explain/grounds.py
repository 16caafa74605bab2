"""Where the figures of a share come from: the provisions that give them, and the drafters' reasons for them."""

from __future__ import annotations

from policy_dsl.evaluate.decision import Shared, ShareRow
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.argument import Adopted, Claim, Term, claim
from policy_dsl.explain.reading import settled
from policy_dsl.syntax import tree


def elsewhere(shared: Shared, found: Derived | None) -> Term:
    """The provision that gives a figure its value, where it isn't the sharing out itself."""
    at = settled(found).address or found.address if found is not None else None
    return at if at != shared.entry.address else None


def limit_at(shared: Shared, limit: Derived) -> Term:
    """Where a limit stands: the provision that gives its figure, or the line of the sharing out."""
    found = settled(limit)
    return (found.address if found.op != "fact" else None) or limit.address or shared.entry.address


def drafters_reason(row: ShareRow) -> tuple[Claim, ...]:
    """The reason that the drafters gave for the limit at which a member is held."""
    notes = row.held_by.notes if isinstance(row.held_by, tree.Limit) else ()
    return tuple(claim("drafters.words", words=Adopted(note.text)) for note in notes if note.kind == "because")
