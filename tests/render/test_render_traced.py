"""Every figure in a document can be found in the derivation: its value, its article, its inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import pytest
from certificates import Certificate, certificate, funds
from deciding_policies import decided
from tracing import Known, Shown, Spoken, concerning, figures, is_shown_rightly, stated_facts, tops, under

from policy_dsl.evaluate.decision import Decision, Shared
from policy_dsl.evaluate.definitions import Slice
from policy_dsl.evaluate.derivation import Derived
from policy_dsl.explain.reading import RANGES, settled
from policy_dsl.explain.trees import Branch, Level, tree
from policy_dsl.render import derivations, numbers, tables, words
from policy_dsl.render.compose import compose
from policy_dsl.render.derivations import MERE, visible
from policy_dsl.render.document import Cell, Document, Line, Section, Twig
from policy_dsl.render.naming import by_names, with_names
from policy_dsl.render.sections import allocation, annex, defined, duties, procedure
from policy_dsl.values import RATIO, Quantity

SOURCE = words.plain("col.source")
CASES = {
    "model_rules": "kosovo_1999",
    "lake_group": "two_shores_2026",
    "eu_relocation_2015": "allocation_66000",
    "un_scale": "scale_2022",
    "atherton_least_cost": "four_cohorts",
    "icara": "icara_1_1981",
    "environmental_fund": "year_2025",
    "osce_emergency": "yugoslavia_1991",
}


@dataclass(frozen=True, eq=False)
class Traced:
    """A decision and its document, with what may stand in each part of it."""

    decision: Decision
    document: Document

    @cached_property
    def shown(self) -> list[Shown]:
        return list(figures(self.document))

    @cached_property
    def certificates(self) -> dict[str, Certificate]:
        """By the anchor of the section in which a sharing out is set out."""
        return {anchor_of(shared): certificate(shared) for shared in self.decision.shares}

    @cached_property
    def facts(self) -> Known:
        known = stated_facts(self.decision)
        known.counts |= set(range(1, len(self.document.sections)))
        return known.add(*(here for here in under(*tops(self.decision)) if here.op == "gap"))

    @cached_property
    def stated(self) -> Known:
        return stated_facts(self.decision)

    @cached_property
    def everything(self) -> Known:
        known = Known().join(self.facts).join(funds(self.decision)).add(*under(*tops(self.decision)))
        for each in self.certificates.values():
            known.join(each.known)
        for step in self.decision.timeline:
            valid = [each.event for each in step.events if each.valid]
            known.add(*step.dues, tuple(valid), tuple(each.event for each in step.events))
            for judged in step.events:
                vote = judged.vote
                if vote is not None:
                    known.add(vote.voters, vote.favour, vote.against, vote.abstaining, vote.absent, vote.excluded)
        return known

    @cached_property
    def spoken(self) -> Spoken:
        return Spoken(self.everything.amounts)

    @cached_property
    def told(self) -> dict[str, Derived]:
        """The values told in the annex, by the anchor under which each stands."""
        told = annex.told_values(self.decision)
        names = annex.anchors(told)
        return {names[id(each)]: each for each in told}

    @cached_property
    def sampled(self) -> frozenset[str]:
        """The members whose reasons and derivations are examined: all, or of more than sixty every twelfth."""
        members = sorted({*self.decision.members, *(seat.state for seat in self.decision.seats)})
        return frozenset(members if len(members) <= 60 else members[::12])

    @cache  # noqa: B019, a handful of cases that live as long as the tests
    def about(self, member: str) -> Known:
        """The values on which the shares of a member rest, its certificates, exceptions and duties."""
        known = Known()
        for made in self.certificates.values():
            row = made.shared.row(member)
            if row is not None:
                known.join(made.known_rows.get(member, Known())).add(*concerning(member, row.final, row.outside))
            known.counts |= {len(made.shared.among.value)} if isinstance(made.shared.among.value, tuple) else set()
        for duty in self.decision.duties:
            if duty.holder == member:
                known.add(*concerning(member, duty.deadline, duty.shown))
        exceptions = (each.condition for each in self.decision.exceptions if member in each.subject)
        known.add(*concerning(member, *exceptions))
        # A member that stands in a band behind another is told of the scores of that band.
        scores = (each for result in self.decision.criteria for each in result.scores)
        return known.add(*(value for each in scores for value in (each.score, each.measure)))

    @cache  # noqa: B019
    def beneath(self, anchor: str) -> Known:
        """What a derivation in the annex is made from, as far as the next values that have one themselves."""
        return Known().add(*_down_to_names(self.told[anchor]))

    def known(self, shown: Shown) -> Known | None:
        """What a figure may show where it stands; none where it is passed over."""
        if shown.twig in self.told:
            subject = self.told[shown.twig].subject
            return self.beneath(shown.twig) if not subject or subject[-1] in self.sampled else None
        for anchor in reversed(shown.anchors):
            if anchor in self.certificates:
                return self.certificates[anchor].known
            if anchor.startswith("member-"):
                member = anchor.removeprefix("member-")
                return self.about(member) if member in self.sampled else None
            if anchor == "facts":
                return self.facts
        return self.everything


def anchor_of(shared: Shared) -> str:
    return f"share-{shared.entry.name}" + (f"-{shared.cohort}" if shared.cohort else "")


def _down_to_names(value: Derived) -> Iterator[Derived]:
    """A value and those below it, down to the nearest that have a derivation of their own."""
    seen: set[int] = set()
    stack = [value]
    while stack:
        here = stack.pop()
        if id(here) not in seen:
            seen.add(id(here))
            yield here
            if here is value or here.entry is None or here.entry is value.entry or not here.of:
                stack.extend(here.of)


def strange(case: Traced) -> list[str]:
    """The figures that are not a value of the decision where they stand."""
    found = []
    for each in case.shown:
        known = case.known(each)
        if known is not None and not _is_right(case, each, known):
            found.append(each.place)
    return found


def _is_right(case: Traced, shown: Shown, known: Known) -> bool:
    if shown.amount is None:
        return known.shows(shown.text, case.spoken)
    if shown.drawn:
        # A mark of a picture has no unit of its own, and its parts may stand in any derivation.
        amounts = (*known.amounts.values(), *case.everything.amounts.values())
        return any(amount in found for found in amounts for amount in (shown.amount, shown.amount / 100, -shown.amount))
    scaled = ((unit, shown.amount / 100 if unit == RATIO else shown.amount) for unit in case.spoken.cell_unit(shown))
    return is_shown_rightly(shown) and any(amount in known.amounts.get(unit, ()) for unit, amount in scaled)


def uncited(case: Traced) -> list[str]:
    """The figures with which no article is cited."""
    return [each.place for each in case.shown if not each.cites() and not _is_stated(each)]


def _is_stated(shown: Shown) -> bool:
    """What the case states has a source, not an article; dates in the opening are those of the case and its record."""
    opening = not shown.sections or shown.sections[-1].kind == "recitals"
    recorded = shown.table is not None and SOURCE in [each.title for each in shown.table.columns]
    return "facts" in shown.anchors or opening or recorded


# ---- the derivations -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """A line of a derivation in the annex, with the value that it tells."""

    branch: Branch
    line: Line
    below: tuple[Twig, ...]

    @property
    def text(self) -> str:
        return words.flat(self.line)


def told(case: Traced) -> Iterator[Told]:
    """Every line of the derivations as printed, beside the value that it tells."""
    printed = {t.anchor: t for s in case.document.sections if s.anchor == "derivations" for t in twigs(s)}
    values = annex.told_values(case.decision)
    names = annex.anchors(values)
    met: set[object] = set()
    for value in values:
        grown = tree(value, Level.FULL, stop=annex._told_elsewhere, told=met)
        yield from _beside(grown, printed[names[id(value)]])


def twigs(section: Section) -> Iterator[Twig]:
    for block in section.blocks:
        yield from twigs(block) if isinstance(block, Section) else getattr(block, "twigs", ())


def _beside(branch: Branch, twig: Twig) -> Iterator[Told]:
    yield Told(branch, twig.line, twig.twigs)
    for inner, below in zip(visible(branch), twig.twigs, strict=True):
        yield from _beside(inner, below)


def unnamed(case: Traced) -> list[str]:
    """The lines that show an operation and neither name an operand nor show its value, in them or right below them."""
    called = by_names(case.decision.program)

    def said(line: Line) -> str:
        return words.flat(with_names(line, called)) if line else ""

    found = []
    for each in told(case):
        formula = each.branch.formula
        if formula is None or each.branch.told:
            continue
        text = " ".join((each.text, *(words.flat(twig.line) for twig in each.below)))
        for operand in (settled(inner) for inner in formula.of):
            idle = formula.op == "scale" and operand.value not in _rates(formula)
            if not idle and operand.op not in RANGES | MERE and not isinstance(operand.value, bool | tuple):
                names = (said(words.name_in(operand)), said(words.derived(operand, "value")))
                if not any(name and name in text for name in names):
                    found.append(f"{each.text}: {operand}")
    return found


def _rates(scale: Derived) -> list[object]:
    """The base of a scale, and the rates of its slices that add something; the others are not told."""
    slices = scale.detail if isinstance(scale.detail, tuple) else ()
    return [scale.of[0].value, *(each.rate.value for each in slices if isinstance(each, Slice) and each.part)]


def inexact(case: Traced) -> list[str]:
    """The lines that tell a value which cannot be shown whole, and do not give the fraction that it is."""
    found = []
    for each in told(case):
        here = each.branch.derived
        if each.branch.told or not isinstance(here.value, Quantity) or here.value.bound:
            continue
        places = 10 ** numbers.places_for(here.value.unit)
        amount = here.value.amount * (100 if here.value.unit == RATIO else 1)
        fraction = f"{abs(here.value.amount.numerator)}/{here.value.amount.denominator}"
        if (amount * places).denominator != 1 and fraction not in each.text:
            found.append(each.text)
    return found


def untraced(case: Traced) -> dict[str, list[str]]:
    """All that is wrong with the figures of a document, each kind under its name."""
    found = {"no value of the decision": strange(case), "no article": uncited(case)}
    found |= {"inputs not named": unnamed(case), "not given exactly": inexact(case)}
    return {name: places for name, places in found.items() if places}


@pytest.mark.parametrize("policy", CASES)
def test_every_figure_is_found_in_the_derivation_with_its_article_and_inputs(policy: str) -> None:
    case = Traced(decided(policy, CASES[policy]), compose(decided(policy, CASES[policy])))
    assert len(case.shown) > 20
    assert untraced(case) == {}


# ---- planted faults --------------------------------------------------------------------------------------------------


def _shows_one_more(planted: pytest.MonkeyPatch) -> None:
    true = tables.cell
    planted.setattr(tables, "cell", lambda amount, *rest: true(amount if amount is None else amount + 1, *rest))


def _prints_another_figure(planted: pytest.MonkeyPatch) -> None:
    _changed_cells(planted, lambda text: text.replace("5", "6"))


def _forgets_the_mark(planted: pytest.MonkeyPatch) -> None:
    _changed_cells(planted, lambda text: text.removeprefix(numbers.ABOUT))


def _changed_cells(planted: pytest.MonkeyPatch, change: Callable[[str], str]) -> None:
    true = tables.cell

    def cell(*given: Any) -> Cell:
        made = true(*given)
        return replace(made, line=tuple(replace(span, text=change(span.text)) for span in made.line))

    planted.setattr(tables, "cell", cell)


def _derives_another_value(planted: pytest.MonkeyPatch) -> None:
    true, last = annex.twig, []

    def twig(branch: Branch, anchors: Any) -> Twig:
        last.append(true(branch, anchors))
        return last[-2] if len(last) > 1 else last[-1]

    planted.setattr(annex, "twig", twig)


def _cites_nothing(planted: pytest.MonkeyPatch) -> None:
    for section in (allocation, defined, duties, procedure):
        planted.setattr(section, "cited", lambda line, entry: line)


def _leaves_fractions_out(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(derivations, "exact_fraction", lambda value: "")


def _says_no_more_than_the_name(planted: pytest.MonkeyPatch) -> None:
    true = derivations.branch_line
    planted.setattr(derivations, "branch_line", lambda branch, **how: true(branch, **how)[:1])


FAULTS = (
    _shows_one_more,
    _prints_another_figure,
    _forgets_the_mark,
    _derives_another_value,
    _cites_nothing,
    _leaves_fractions_out,
    _says_no_more_than_the_name,
)


@pytest.mark.parametrize(
    "plant",
    [
        pytest.param(
            plant,
            id=plant.__name__.strip("_"),
            marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=f"planted fault: {plant.__name__}"),
        )
        for plant in FAULTS
    ],
)
def test_a_planted_fault_is_found(plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    decision = decided("lake_group", "two_shores_2026")
    case = Traced(decision, compose(decision))
    assert strange(case) == []
    assert untraced(case) == {}
