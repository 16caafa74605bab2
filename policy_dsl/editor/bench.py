"""The texts that are being written, each with what is known of it. Open texts take the place of those on the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from policy_dsl.editor.view import View
from policy_dsl.files import Folder, Loader, Refused, read_source
from policy_dsl.pipeline import Opened, edited
from policy_dsl.source import Source
from policy_dsl.syntax import tree
from policy_dsl.syntax.again import Again

MOST = 500
"""How many files of a folder are looked at for uses of a name."""


class Shelf(Loader):
    """Reads the files that a text names; one that has not changed stays the same object, so that it is parsed once.

    `taken` are the texts that it gave, by their names.
    """

    def __init__(self, known: dict[str, Source], own: Source, *others: Source) -> None:
        super().__init__(own, *others)
        self.known = known
        self.taken: dict[str, Source] = {}

    def __call__(self, path: str, relative_to: Source) -> Source | None:
        """The text of a file, or none where it can't be read."""
        found = super().__call__(path, relative_to)
        if found is None:
            return None
        before = self.known.get(found.name)
        if before is not None and before.text == found.text:
            found = before
        self.known[found.name] = self.taken[found.name] = found
        return found


class Kept(NamedTuple):
    """A view, and by what it is known to be good still: the state of the disk, and the texts that it was made of."""

    disk: int
    own: Source
    taken: dict[str, Source]
    view: View


class Bench:
    """The open texts. Each has a name: its path, or what the editor calls it."""

    def __init__(self) -> None:
        self._open: dict[str, Source] = {}
        self._again: dict[str, Again] = {}
        self._known: dict[str, Source] = {}
        self._views: dict[str, Kept] = {}
        self._disk = 0

    def names(self) -> tuple[str, ...]:
        """The names of the open texts, in the order in which they were opened."""
        return tuple(self._open)

    def put(self, name: str, text: str) -> None:
        """A text was opened, or has changed."""
        before = self._open.get(name)
        if before is None:
            self._disk += 1
        if before is None or before.text != text:
            self._open[name] = Source(name, text)

    def close(self, name: str) -> None:
        """A text was closed: from now on the file on the disk counts."""
        if self._open.pop(name, None) is not None:
            self._disk += 1
        self._again.pop(name, None)
        self._views.pop(name, None)

    def touch(self) -> None:
        """Something on the disk has changed."""
        self._disk += 1

    def view(self, name: str) -> View | None:
        """What is known of a text, open or on the disk; none where there is no such text."""
        kept = self._views.get(name)
        if kept is not None and self._is_good(name, kept):
            return kept.view
        source = self._open.get(name) or self._on_disk(name)
        if source is None:
            return None
        shelf = self.shelf(source)
        opened = Opened(source, shelf)
        found = edited(opened, self._again.setdefault(name, Again()))
        made = View(opened, found, self._policy_of(found.tree, opened) if not found.ways else None)
        self._views[name] = Kept(self._disk, source, shelf.taken, made)
        return made

    def draws_on(self, name: str, other: str) -> bool:
        """Whether the last view of a text was made with another one."""
        kept = self._views.get(name)
        return kept is not None and other in kept.taken

    def _is_good(self, name: str, kept: Kept) -> bool:
        if kept.disk != self._disk or self._open.get(name, kept.own) is not kept.own:
            return False
        return all(self._open.get(each, source).text == source.text for each, source in kept.taken.items())

    def shelf(self, own: Source, *others: Source) -> Shelf:
        """What reads the files that a text names; open texts, and first of all these others, in the place of files."""
        names = {own.name, *(each.name for each in others)}
        return Shelf(self._known, own, *others, *(each for each in self._open.values() if each.name not in names))

    def _policy_of(self, file: tree.PolicyFile | tree.TranslationFile, opened: Opened) -> View | None:
        """The view of the policy that a translation names."""
        if not isinstance(file, tree.TranslationFile) or file.header is None:
            return None
        line = next((line for line in file.header.lines if line.word == "of"), None)
        if line is None or not isinstance(line.value, tree.Text):
            return None
        source = opened.load(line.value.value, opened.source)
        return None if source is None or source.name == opened.source.name else self.view(source.name)

    def is_open(self, name: str) -> bool:
        """Whether a text is open in the editor."""
        return name in self._open

    def beside(self, view: View, folder: str) -> Iterator[View]:
        """The other policies, open or in a folder, that draw on the file of a view by `use` or `based on`."""
        own = os.path.basename(view.source.name)
        for name in dict.fromkeys([*self._open, *_policies(folder)]):
            source = self._open.get(name) or self._on_disk(name)
            if name == view.source.name or source is None or f'{own}"' not in source.text:
                continue
            other = self.view(name)
            if other is None or other.program is None:
                continue
            if view.source.name in [each.name for each in other.program.sources]:
                yield other

    def _on_disk(self, name: str) -> Source | None:
        try:
            found = read_source(name)
        except Refused:
            return None
        before = self._known.get(name)
        if before is not None and before.text == found.text:
            return before
        self._known[name] = found
        return found


def _policies(folder: str) -> list[str]:
    """The policies of a folder, and of the folders in it."""
    try:
        inside = Folder(folder).names() if folder else []
    except Refused:
        return []
    return [os.path.join(folder, name) for name in inside if name.endswith(".policy")][:MOST]
