"""A sweep that goes to other machines: the texts of its policies and of its base case go with it.

Tables of cases, and what is written, do not: all machines see them under the same path.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from policy_dsl.files import Sent
from policy_dsl.pipeline.reading import Opened
from policy_dsl.records import dataclass
from policy_dsl.source import Source

if TYPE_CHECKING:
    from policy_dsl.pipeline.sweep_parts import Done, Job, Work


@dataclass(frozen=True, slots=True)
class Texts:
    """A text with all that was read for it: `used` are files by name, `asked` who names which path, and what it is.

    What was asked for and not found is asked for in vain again: then the name of the file is empty.
    """

    name: str
    text: str
    used: tuple[tuple[str, str], ...] = ()
    asked: tuple[tuple[str, str, str], ...] = ()

    @classmethod
    def of(cls, opened: Opened) -> Texts:
        """The texts of what was opened and read."""
        asked = opened.load.asked
        used = {found.name: found.text for found in asked.values() if found is not None}
        names = ((one, path, "" if found is None else found.name) for (one, path), found in asked.items())
        return cls(opened.source.name, opened.source.text, tuple(used.items()), tuple(names))

    def opened(self) -> Opened:
        """The same as it was opened."""
        own = Source(self.name, self.text)
        sources = {name: Source(name, text) for name, text in self.used} | {self.name: own}
        return Opened(own, Sent({(one, path): sources.get(name) for one, path, name in self.asked}))


def sent(work: Work) -> Job:
    """The job of a sweep as it can go to other machines."""
    job = work.job
    read = [work.side.opened, *([work.old.opened] if work.old is not None else [])]
    read += [work.stated] if work.stated is not None else []
    table = job.table
    if table is not None:
        pieces = tuple(replace(piece, file=os.path.abspath(piece.file)) for piece in table.pieces)
        table = replace(table, pieces=pieces)
    return replace(
        job,
        table=table,
        files=tuple(os.path.abspath(file) for file in job.files),
        out=os.path.abspath(job.out) if job.out else "",
        sent=tuple({each.source.name: Texts.of(each) for each in read}.values()),
    )


def on_cluster(scheduler: str, work: Work, numbers: Iterable[int]) -> Iterator[tuple[int, Done]]:
    """Do parts of a sweep on the workers of a scheduler, and give each as it gets ready. Raises Unfit."""
    from policy_dsl.pipeline.sweep_parts import part
    from policy_dsl.sweep.cluster import across

    return across(scheduler, part, sent(work), numbers)
