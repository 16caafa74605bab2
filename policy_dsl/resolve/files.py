"""Other files: what `use` and `based on` name, read once each. The file system is the caller's business."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from policy_dsl.diagnostics import Problem, Related
from policy_dsl.resolve.findings import Findings
from policy_dsl.source import Source
from policy_dsl.syntax import Parsed, parse, tree

Load = Callable[[str, Source], Source | None]


class Files:
    """The files that a policy draws on. `sources` holds every text in the order in which it was first asked for."""

    def __init__(self, own: tree.PolicyFile, load: Load, findings: Findings) -> None:
        self.sources: list[Source] = [own.span.source]
        self.problems: list[Problem] = []
        self._own = own
        self._load = load
        self._findings = findings
        self._read: dict[str, Parsed] = {}

    def read(self, line: tree.HeadLine, trail: tuple[str, ...]) -> Parsed | None:
        """The file that a header line names, or none with a fault. `trail` are the files that led to the line."""
        path = line.value
        source = self.text(line)
        if source is None or not isinstance(path, tree.Text):
            return None
        if source.name in trail:
            chain = " → ".join((*trail[trail.index(source.name) :], source.name))
            self._findings.add("PD231", path.span, path=path.value, line=line.word, chain=chain)
            return None
        if source.name not in self._read:
            parsed = _parsed(source)
            if tree.is_draft(parsed.tree):
                parsed = self._first(parsed, line)
            self._read[source.name] = parsed
            self.sources.append(source)
            self.problems += parsed.problems
        return self._read[source.name]

    def _first(self, parsed: Parsed, line: tree.HeadLine) -> Parsed:
        """A draft in the place of a policy, which is a fault; read with the first alternatives, none follow from it."""
        from policy_dsl.resolve.alternatives import chosen, combinations, places

        open_ = places(parsed.tree)
        related = tuple(Related(each.span, "this place is open") for each in open_)
        path = line.value
        written = path.value if isinstance(path, tree.Text) else ""
        self._findings.add("PD187", path.span, related=related, path=written, line=line.word)
        first = next(iter(combinations(open_)), None)
        return Parsed(chosen(parsed.tree, first.taken if first is not None else ()), parsed.problems)

    def text(self, line: tree.HeadLine) -> Source | None:
        """The text of a file that a header line names, or none with a fault."""
        path = line.value
        if not isinstance(path, tree.Text):
            return None
        source = self._load(path.value, line.span.source)
        if source is None:
            self._findings.add("PD230", path.span, path=path.value, line=line.word)
        return source

    def trees(self) -> tuple[tree.PolicyFile, ...]:
        """All files that were read, the policy's own first."""
        return self._own, *(parsed.tree for parsed in self._read.values())


@lru_cache(maxsize=16)
def _parsed(source: Source) -> Parsed:
    """A text, parsed once: whoever alters a policy many times over reads its model once."""
    return parse(source)
