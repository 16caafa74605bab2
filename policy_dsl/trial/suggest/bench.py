"""Many examples tried at once, under the rules as they are or altered: the policy is read and checked once for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy_dsl.check import Checked, check
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.engine import Engine
from policy_dsl.evaluate.examples import case_of, run_example
from policy_dsl.records import dataclass
from policy_dsl.resolve import resolve
from policy_dsl.source import Source
from policy_dsl.syntax import Parsed, parse, tree
from policy_dsl.trial.altering import Load
from policy_dsl.trial.seen import Mark, seen
from policy_dsl.trial.suggest.observing import observations


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """Examples laid out to be tried: their text, and each that can be read by its number."""

    text: Source
    examples: Mapping[int, tree.Example]


def laid(header: str, blocks: Sequence[str]) -> Laid:
    """Lay out examples, each given by the lines below its title."""
    parts = [f'example "{at}"\n{lines}' for at, lines in enumerate(blocks)]
    text = Source("suggested", f"{header.rstrip()}\n\n" + "".join(parts))
    found = {int(each.title): each for each in parse(text).tree.items if isinstance(each, tree.Example)}
    return Laid(text, found)


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """Examples under one version of the rules: those that the checker accepts, each ready to be run."""

    checked: Checked
    examples: Mapping[int, tree.Example]
    engines: dict[int, Engine]
    known: dict[tuple[int, tuple[str, ...]], dict[str, str]]

    def observed(self, at: int, names: tuple[str, ...]) -> tuple[Engine, dict[str, str]] | None:
        """What an example shows of some provisions, and the engine that found it; none for one that is refused."""
        example = self.examples.get(at)
        if example is None:
            return None
        if at not in self.engines:
            self.engines[at] = engine_for(self.checked, case_of(self.checked, example))
        if (at, names) not in self.known:
            self.known[at, names] = dict(observations(self.engines[at], names))
        return self.engines[at], self.known[at, names]

    def marks(self, at: int, names: tuple[str, ...]) -> frozenset[Mark]:
        """What an example evaluates to show some provisions."""
        found = self.observed(at, names)
        return seen(found[0]) if found is not None else frozenset()

    def passed(self, at: int) -> bool | None:
        """Whether an example holds; none for one that the checker refuses."""
        example = self.examples.get(at)
        return run_example(self.checked, example).passed if example is not None else None


def tested(parsed: Parsed, load: Load, examples: Laid) -> Tested | None:
    """Read and check the rules with the examples. It is none where the checker refuses the rules."""
    kept = dict(examples.examples)
    for _ in range(3):
        items = (*parsed.tree.items, *kept.values())
        file = tree.PolicyFile(parsed.tree.span, parsed.tree.header, items, parsed.tree.comments)
        resolved = resolve(Parsed(file, parsed.problems), load)
        checked = check(resolved.program) if resolved.program is not None else None
        problems = (*parsed.problems, *resolved.problems, *(checked.problems if checked is not None else ()))
        wrong = [each.span for each in problems if each.is_error]
        if not wrong:
            return Tested(checked, kept, {}, {}) if checked is not None else None
        at_fault = {
            at
            for span in wrong
            for at, example in kept.items()
            if span is not None
            and span.source is examples.text
            and example.span.start <= span.start <= example.span.end
        }
        if not at_fault:
            return None
        kept = {at: example for at, example in kept.items() if at not in at_fault}
    return None
