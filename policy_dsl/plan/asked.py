"""What a policy gives of each case, by the names of its provisions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from policy_dsl.cases.case import Case
from policy_dsl.check import Checked
from policy_dsl.check.types import Kind
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.evaluate.decide import engine_for
from policy_dsl.evaluate.engine import Env
from policy_dsl.plan.outputs import Aspect, Form, Output
from policy_dsl.resolve.program import Entry
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.syntax import tree
from policy_dsl.values import RATIO, Quantity, Unit


class NoSuchOutput(Exception):
    """A name that is none of what the policy gives; `problem` says so, with the nearest that is."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def outputs_of(checked: Checked, names: Iterable[str] = (), base: Case | None = None) -> tuple[Output, ...]:
    """All that a policy gives, in the order of its articles, or what is asked for by name.

    By name also what is not given unasked: the exact shares (`places.exact`), facts as they came. `base` is a case of
    the sweep: what there is one of for each cohort is given for each of its cohorts (a name without `@` asks for all of
    them), and steps of rounding that are no written figure are read in it.
    Raises `NoSuchOutput`.
    """
    given = tuple(_Outputs(checked, base).all())
    asked = tuple(names)
    if not asked:
        return tuple(each for each in given if _unasked(each))
    found: dict[str, Output] = {}
    for name in asked:
        named = [each for each in given if name in (each.name, each.name.partition("@")[0])]
        if not named:
            known = dict.fromkeys(name for each in given for name in (each.name, each.name.partition("@")[0]))
            params = {"name": name, "mend": did_you_mean(name, list(known)) or _ALL}
            raise NoSuchOutput(Problem("PD929", None, params))
        found.update({each.name: each for each in named})
    return tuple(each for each in given if each.name in found)


def _unasked(output: Output) -> bool:
    return output.aspect != "exact" and output.entry.kind != "indicator"


class _Outputs:
    def __init__(self, checked: Checked, base: Case | None) -> None:
        self.checked, self.base = checked, base
        self.engine = engine_for(checked, base) if base is not None else None

    def all(self) -> Iterator[Output]:
        for entry in self.checked.program.entries.values():
            if entry.parent is not None or "@" in entry.name:
                continue
            for cohort in self._cohorts(entry):
                yield from self._of(entry, cohort)

    def _cohorts(self, entry: Entry) -> tuple[str, ...]:
        if "cohort" not in entry.reach:
            return ("",)
        return self.base.cohorts if self.base is not None else ()

    def _of(self, entry: Entry, cohort: str) -> Iterator[Output]:
        match entry.node:
            case tree.Apportion():
                yield from self._shared(entry, entry.node, cohort)
            case tree.SetOf():
                yield _output(entry, "inside", "truth", True, None, cohort)
            case tree.Guarantee(promise=promise) if promise is not None:
                yield _output(entry, "status", "truth", False, None, cohort)
            case tree.Criteria(kind="by weight") as node:
                yield _output(entry, "value", "figure", True, RATIO, cohort)
                for row in node.rows:
                    yield _output(entry, "score", "figure", True, RATIO, cohort, row)
            case tree.Define() | tree.Parameter() | tree.Key() | tree.Scale() | tree.Indicator():
                found = self.checked.named.get(entry)
                if found is None or found.kind not in (Kind.QUANTITY, Kind.TRUTH) or found.series:
                    return
                form: Form = "truth" if found.kind is Kind.TRUTH else "figure"
                unit = found.unit if found.kind is Kind.QUANTITY else None
                each = "member" in entry.reach or (isinstance(entry.node, tree.Scale) and "member" in found.reach)
                yield _output(entry, "value", form, each, unit, cohort)

    def _shared(self, entry: Entry, node: tree.Apportion, cohort: str) -> Iterator[Output]:
        unit = self._unit(entry, node)
        step = self._step(node, unit)
        whole = step is not None and not node.fixed and (node.rounding is None or node.rounding.residue is None)
        yield _output(
            entry,
            "share",
            "steps" if whole and step is not None else "figure",
            True,
            unit,
            cohort,
            step=step if whole and step is not None else Fraction(1),
        )
        yield _output(entry, "exact", "figure", True, unit, cohort)
        if node.limits:
            yield _output(entry, "held", "count", True, None, cohort)
        if node.bands is not None:
            yield _output(entry, "band", "count", True, None, cohort)
        yield _output(entry, "outside", "truth", True, None, cohort)
        yield _output(entry, "total", "figure", False, unit, cohort)
        if any(line.kind == "at most" for line in node.limits):
            yield _output(entry, "unallocated", "figure", False, unit, cohort)
        if node.rounding is not None:
            yield _output(entry, "residue", "figure", False, unit, cohort)

    def _unit(self, entry: Entry, node: tree.Apportion) -> Unit:
        found = self.checked.named.get(entry)
        if found is not None:
            return found.unit
        of = self.checked.types.get(node.total.expr) if node.total is not None else None
        return of.unit if of is not None else RATIO

    def _step(self, node: tree.Apportion, unit: Unit) -> Fraction | None:
        if node.how is not None and node.how.word == "minimising":
            return Fraction(1)
        line = node.rounding
        if line is None:
            return None
        if line.step is None:
            return Fraction(1, 100) if unit.currency else None if unit == RATIO else Fraction(1)
        if self.engine is None:
            return None
        found = self.engine.eval(line.step, Env()).value
        return found.amount if isinstance(found, Quantity) and found.amount > 0 else None


_ALL = "write the name of a provision, or none to be given all results"
_ASPECTS: Mapping[str, str] = {"value": "", "share": "", "inside": "", "status": ""}


def _output(
    entry: Entry,
    aspect: Aspect,
    form: Form,
    each: bool,
    unit: Unit | None,
    cohort: str,
    row: tree.Criterion | None = None,
    step: Fraction = Fraction(1),
) -> Output:
    name = entry.name + (f".{row.name.text}" if row is not None else "")
    name += "" if aspect in _ASPECTS else f".{aspect}"
    title = entry.title if row is None else row.name.text.replace("_", " ")
    return Output(
        name + (f"@{cohort}" if cohort else ""),
        entry,
        aspect,
        form,
        each,
        title,
        unit,
        (step.numerator, step.denominator),
        cohort,
        row.name.text if row is not None else "",
    )
