"""Changes a policy one provision at a time, decides its cases again, and holds the reasons to the outcome.

Each mutation is an edit of the text of one article: a line left out, a condition denied, a figure, a comparison, a
limit, a method of rounding changed. Only that article is read anew. A mutation that the checker refuses is passed over;
one that changes an outcome must change its reasons as well, and they must cite the article; a line of which no mutation
changes anything is not exercised by the cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from mutations import Mutation, mutations
from outcomes import Told, unreasoned

from policy_dsl import pipeline
from policy_dsl.cases.read import read_case
from policy_dsl.check import Checked
from policy_dsl.evaluate import decide
from policy_dsl.syntax import parse
from policy_dsl.syntax.parsed import Parsed
from policy_dsl.trial.altering import altered, examined

POLICIES = Path(__file__).parents[2] / "policies"
STATED = Path(__file__).parent / "data" / "not_exercised.md"
HEAD = """# Lines that no published case exercises

Whatever is changed in these lines, the cases named in `tests/render/mutating.py` come out the same. Written by
`python tools/mutate --write`; read what it changes: a line that newly stands here has lost the case that tried it.
"""
EXERCISED = {
    "model_rules": ("kosovo_1999", "rwanda_1994", "togo_1993", "quiet_1999"),
    "lake_group": ("two_shores_2026",),
    "eu_relocation_2015": ("allocation_66000",),
    "osce_emergency": ("yugoslavia_1991", "notice_given_1992", "too_few_1992"),
}


@dataclass(eq=False)
class Mutated:
    """A policy and its cases, to be decided again under mutations."""

    name: str
    opened: pipeline.Opened = field(init=False)
    cases: dict[str, pipeline.Opened] = field(init=False)

    def __post_init__(self) -> None:
        folder = POLICIES / self.name
        self.opened = pipeline.open_file(str(folder / f"{self.name}.policy"))
        paths = {case: folder / "cases" / f"{case}.yaml" for case in EXERCISED[self.name]}
        self.cases = {case: pipeline.open_file(str(path)) for case, path in paths.items()}

    @cached_property
    def parsed(self) -> Parsed:
        """The policy as it is."""
        return parse(self.opened.source)

    @cached_property
    def mutations(self) -> list[Mutation]:
        """Every mutation of it."""
        return list(mutations(self.parsed.tree))

    @cached_property
    def as_it_is(self) -> dict[str, Told]:
        """The cases under the policy as it is."""
        checked = self.checked(self.parsed)
        assert checked is not None
        return self.decided(checked)

    def checked(self, parsed: Parsed) -> Checked | None:
        """The policy, unless the checker refuses it."""
        return examined(parsed, self.opened.load)[0]

    def mutated(self, mutation: Mutation) -> Parsed:
        """The policy with one article read anew."""
        return altered(self.parsed, [mutation.edit])

    def decided(self, checked: Checked) -> dict[str, Told]:
        """Each case that fits the policy, decided."""
        found = {}
        for name, opened in self.cases.items():
            read = read_case(opened.source, checked.program, opened.load)
            if read.case is not None:
                found[name] = Told(decide(checked, read.case))
        return found

    def tried(self, mutation: Mutation, most: int | None = None) -> Tried | None:
        """What a mutation does; none where the checker refuses it. `most`: as in `unreasoned`."""
        checked = self.checked(self.mutated(mutation))
        if checked is None:
            return None
        now = self.decided(checked)
        exercised, faults = False, []
        for case, before in self.as_it_is.items():
            after = now.get(case)
            if after is None or before.outcome == after.outcome:
                continue
            exercised = True
            faults += [f"{case}: {each}" for each in unreasoned(mutation, before, after, most)]
        return Tried(mutation, exercised, tuple(faults))


@dataclass(frozen=True)
class Tried:
    """A mutation that could be tried: whether an outcome changed, and where its reasons did not follow."""

    mutation: Mutation
    exercised: bool
    faults: tuple[str, ...]


def stated() -> dict[str, list[str]]:
    """The lines that nothing exercises, by policy, as the list in the repository states them."""
    found: dict[str, list[str]] = {name: [] for name in EXERCISED}
    policy = ""
    for line in STATED.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            policy = line.removeprefix("## ")
        elif line.startswith("- "):
            found[policy].append(line.removeprefix("- "))
    return found


def as_stated(found: Mapping[str, Sequence[str]]) -> str:
    """The list for the repository."""
    parts = [HEAD, *(f"## {name}\n\n" + "".join(f"- {line}\n" for line in lines) for name, lines in found.items())]
    return "\n".join(parts)


@cache
def mutated(name: str) -> Mutated:
    """A policy and its cases."""
    return Mutated(name)


def not_exercised(tried: Sequence[Tried]) -> list[str]:
    """The lines of which no mutation changed an outcome, in their order, each once."""
    exercised = {each.mutation.key for each in tried if each.exercised}
    return list(dict.fromkeys(each.mutation.key for each in tried if each.mutation.key not in exercised))
