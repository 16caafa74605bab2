"""An explanation in words: lines with their depth, and the whole as text."""

from __future__ import annotations

from policy_dsl.evaluate.decision import Decision
from policy_dsl.explain import explanation
from policy_dsl.records import dataclass
from policy_dsl.render import words
from policy_dsl.render.derivations import explained
from policy_dsl.render.escape import visible
from policy_dsl.render.languages import current, telling
from policy_dsl.render.naming import by_codes
from policy_dsl.resolve.program import Program


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One line: how deep it stands, and what it says."""

    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation in words. `found` is false where nothing goes by the name; `nearest` then holds names near it."""

    what: str
    level: str
    why_not: bool
    found: bool
    lines: tuple[SpokenLine, ...]
    nearest: tuple[str, ...] = ()

    def text(self) -> str:
        """The lines, each indented by its depth; no line end after the last."""
        return "\n".join(f"{'  ' * line.depth}{'- ' if line.depth else ''}{line.text}" for line in self.lines)

    def data(self) -> dict[str, object]:
        """The explanation as data."""
        return {
            "what": self.what,
            "level": self.level,
            "why_not": self.why_not,
            "found": self.found,
            "nearest": list(self.nearest),
            "lines": [{"depth": line.depth, "text": line.text} for line in self.lines],
        }


def explain(decision: Decision, what: str, level: str = "reasoned", why_not: bool = False) -> Explained:
    """Explain a value ("protection of TZA") or an outcome ("decision"). Raises ValueError for an unknown level."""
    return speak(explanation.explain(decision, what, level, why_not), decision.program)


def speak(found: explanation.Explanation, program: Program) -> Explained:
    """Put an explanation into words. Text that somebody supplied is made safe to print."""
    with telling(program, current().code):
        called = by_codes(program)
        lines = tuple(
            SpokenLine(depth, visible(words.flat(tuple(called(span) for span in line))))
            for depth, line in explained(found)
        )
    return Explained(found.what, found.level.value, found.why_not, found.found, lines, found.nearest)
