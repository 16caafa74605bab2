"""`use`: names from other files. Their headers do not count, and their examples are not taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policy_dsl.resolve.adoption import Body, Standing, assemble
from policy_dsl.resolve.files import Files
from policy_dsl.resolve.findings import Findings


def brought_in(
    body: Body, files: Files, findings: Findings, trail: tuple[str, ...], seen: set[str] | None = None
) -> Iterator[Standing]:
    """The articles of all files that a text uses, and that those use; each file once.

    What a used file lacks is lacking here too: a missing one leaves the body open.
    """
    seen = set() if seen is None else seen
    for line in body.uses:
        inside = line.span.source.name
        here = trail if inside in trail else (*trail, inside)
        found = files.read(line, here)
        if found is None:
            body.open = True
            continue
        name = found.tree.span.source.name
        if name in seen:
            continue
        seen.add(name)
        used = assemble(found.tree, files, findings, here)
        for standing in used.standing:
            yield replace(standing, instrument=used.name, adopted=False)
        yield from brought_in(used, files, findings, (*here, name), seen)
        body.loose |= used.loose
        body.open = body.open or used.open
        body.damaged = body.damaged or used.damaged
