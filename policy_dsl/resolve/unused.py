"""Names that nothing uses. Results count as used: they are reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from policy_dsl.resolve.bindable import Use
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.names import kind_of
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

WATCHED = ("parameter", "define", "key", "scale", "criteria", "set", "calendar")


def check_unused(
    entries: Mapping[str, Entry],
    uses: Iterable[Use],
    prevails: Mapping[str, tuple[str, ...]],
    besides: set[str],
    adopted: set[Entry],
    findings: Findings,
) -> None:
    """Say which facts, figures and definitions nothing uses; `besides` are used by no provision, but are."""
    used = {use.target for use in uses if use.owner in entries and use.owner != use.target}
    used |= besides
    for name, below in prevails.items():
        used.update(other for other in below if other.partition("@")[0] == name)
    for name, entry in entries.items():
        if name in used or (entry.address is not None and entry.address.instrument):
            continue
        span = entry.node.name.span
        local = entry.node.name.text
        if entry in adopted:
            if entry.kind in ("indicator", "parameter"):
                findings.add("PD237", span, entry.address, name=local, kind=kind_of(entry))
        elif entry.kind == "indicator":
            findings.add("PD255", span, entry.address, name=local)
        elif entry.kind in WATCHED and not _reported(entry):
            findings.add("PD256", span, entry.address, name=local, kind=kind_of(entry))


def _reported(entry: Entry) -> bool:
    """Whether a report prints it for its own sake: a titled result, or a set that a fund's arrears make."""
    match entry.node:
        case tree.Define(title=title):
            return bool(title)
        case tree.SetOf(title=title, value=value):
            return bool(title) and value is not None
        case _:
            return False
