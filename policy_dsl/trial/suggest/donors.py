"""Examples to begin from: what an example of the policy gives, without what it expects."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.records import dataclass
from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree
from policy_dsl.trial.altering import Edit


@dataclass(frozen=True, slots=True, eq=False)
class Donor:
    """What is given somewhere: `lines` as they stand below the title, and the example read from them.

    `title` is that of the example that they come from, empty where they were made up.
    """

    title: str
    source: Source
    example: tree.Example
    start: int

    @property
    def lines(self) -> str:
        """What is given, each line with its line end."""
        return self.source.text[self.start :]

    def records(self, step: str) -> bool:
        """Whether an event of a step is given."""
        return any(isinstance(each, tree.GivenEvent) and each.step.text == step for each in self.example.given)

    def with_edits(self, edits: tuple[Edit, ...]) -> str:
        """The lines with edits."""
        text = self.source.text
        for edit in sorted(edits, key=lambda each: each.span.start, reverse=True):
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        return "".join(line for line in text[self.start :].splitlines(keepends=True) if line.strip())


def donor(header: str, title: str, lines: str) -> Donor | None:
    """A donor of these lines, under the header of the policy; none where they can't be read."""
    opening = f'{header.rstrip()}\n\nexample "{title}"\n'
    source = Source("suggested", opening + lines)
    found = [each for each in parse(source).tree.items if isinstance(each, tree.Example)]
    return Donor(title, source, found[0], len(opening)) if len(found) == 1 and lines.strip() else None


def donor_of(header: str, example: tree.Example) -> Donor | None:
    """What an example gives."""
    return donor(header, example.title, "".join(_given_lines(example)))


def _given_lines(example: tree.Example) -> Iterator[str]:
    """The lines of an example that expect nothing, as far to the right as in an example at the margin."""
    source = example.span.source
    first, last = example.span.begins.line, source.place(max(example.span.end - 1, 0)).line
    expecting = {
        line
        for expect in example.expect
        for line in range(expect.span.begins.line, source.place(max(expect.span.end - 1, 0)).line + 1)
    }
    deep = example.span.begins.column - 1
    for number in range(first + 1, last + 1):
        line = source.line(number)
        if number not in expecting and line.strip() and not line.lstrip().startswith("#"):
            yield line[deep:] + "\n"


def header_of(file: tree.PolicyFile) -> str:
    """The text of a file above its first article."""
    source = file.span.source
    return source.text[: file.items[0].span.start] if file.items else source.text
