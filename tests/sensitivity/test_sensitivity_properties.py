"""Whatever is said of a stretch holds when the case is decided again from its texts, and a planted fault is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from moving import Decided, of_articles

from policy_dsl.evaluate import anew
from policy_dsl.sensitivity import End, Figure, Stretch, search
from policy_dsl.sensitivity.figures import figures

TRIED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
CODES = ("ALB", "BEL", "DEU", "FRA")
UNITS = {"area": "km2", "wealth": "number"}
METHODS = ("largest_remainder", "webster", "jefferson", "half_up", "adams")
LINES = ("at most 40% of total", "at most room", "at least 2 persons", "remainder to none", "less borne")


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, str]:
    """The texts of a small policy with a key or criteria, limits and a threshold, and of a case."""
    codes = CODES[: draw(st.integers(2, 4))]
    weight = draw(st.integers(1, 9)) * 10
    how = draw(st.sampled_from(("mixed", "fit", "people", "inside bands")))
    lines = draw(st.lists(st.sampled_from(LINES), unique=True, max_size=2))
    if "remainder to none" in lines and not any(line.startswith("at most") for line in lines):
        lines.remove("remainder to none")
    if how == "inside bands":
        lines = ["at most room", *(line for line in lines if line not in ("less borne", "at most room"))]
    by = "in bands of order\n    by people" if how == "inside bands" else f"by {how}"
    threshold = draw(st.integers(1, 60))
    law = f"""article 1 "All"
  > Words.
  tier core "Members"
    {", ".join(codes)}
  indicators for each member
    people : persons "People"
    area : km2 "Area"
    wealth : number "Wealth"
    borne : persons "Borne"
    room : persons "Room"
  indicators for the case
    pot : persons "Pot"
  parameter part "Part" = {draw(st.integers(2, 30))}%
  define counted "Counted" for each member = people + part * borne
    except where area > {threshold} km2 : 2 * people
  define spare "Spare" for each member = room - borne
  key mixed "Key"
    {weight}% : share of counted
    {100 - weight}% : min(share of area, 60% of share of people)
    rest by people
  criteria fit "Fit" by weight
    {weight}% rich : wealth from 0 to 10
    {100 - weight}% wide : area from 0 km2 to 100 km2
  criteria order "Order" in order
    rich_first : wealth from 0 to 10
    similar within 20%
  apportion places "Places"
    total pot
    among members where people > 1 person
    {by}
    {chr(10).join("    " + line for line in lines).strip()}
    rounding {draw(st.sampled_from(METHODS))}
    ties by area
"""
    small, large = st.integers(1, 20), st.integers(1, 100)
    facts = {
        "people": [draw(large) for _ in codes],
        "area": [draw(large) for _ in codes],
        "wealth": [draw(st.integers(1, 9)) for _ in codes],
        "borne": [draw(small) for _ in codes],
        "room": [draw(small) + 5 for _ in codes],
    }
    rows = (
        "".join(
            f"  {name}: {{{''.join(f'{code}: {value}, ' for code, value in zip(codes, values, strict=True))}"
            f"unit: {UNITS.get(name, 'persons')}}}\n"
            for name, values in facts.items()
        )
        .replace("unit: number", "")
        .replace(", }", "}")
    )
    return law, f"facts:\n  pot: {draw(st.integers(5, 60))} persons\n" + rows


def stretches(made: Decided, some: slice) -> Iterator[Stretch]:
    """The stretches of some of the figures."""
    shared = made.decision.shares[0]
    ready = anew.Anew(made.checked, made.decision.case, (shared.entry,))
    for figure in list(figures(ready, made.decision))[some]:
        to_the_ends = search.Search(ready, figure, search.Purse(None)).end
        now = figure.value.amount
        yield Stretch(figure, to_the_ends(now, figure.low), to_the_ends(now, figure.high))


def holds_of(made: Decided, stretch: Stretch) -> None:
    """Everything that a stretch says, against the case decided again."""
    figure, now = stretch.figure, made.allocation()
    low, high = stretch.low, stretch.high
    assert low.at <= figure.value.amount <= high.at
    for part in (Fraction(1, 97), Fraction(2, 7), Fraction(1, 2), Fraction(5, 7), Fraction(96, 97)):
        inside = _short(low.at + (high.at - low.at) * part, (high.at - low.at) / 10**4)
        if figure.whole:
            inside = Fraction(round(inside))
        if low.at < inside < high.at:
            assert made.moved(figure, inside) in (now, None), f"{inside} lies inside"
    for end, outwards in ((low, -1), (high, 1)):
        end_holds(made, figure, end, outwards)


def end_holds(made: Decided, figure: Figure, end: End, outwards: int) -> None:
    """What is said of one end."""
    now = made.allocation()
    if end.sort == "range":
        assert end.at == (figure.low if outwards < 0 else figure.high)
        assert made.moved(figure, end.at) in (now, None)
        return
    at_end = made.moved(figure, end.at)
    assert at_end is None or (at_end == now) is end.holds
    beyond = end.beyond
    if end.sort == "exact" and not figure.whole:
        if end.at in (figure.low, figure.high):
            return
        step = Fraction(1, 10**9)
        beyond = _short(end.at + outwards * step, step / 4)
    found = made.moved(figure, beyond)
    if found is not None:
        told = {(each.entry.name, each.member): each.after for each in end.changes}
        assert {key: value for key, value in found.items() if now[key] != value} == told
        assert told


def _short(at: Fraction, room: Fraction) -> Fraction:
    """A figure of few digits near another."""
    for digits in range(1, 13):
        rounded = Fraction(round(at * 10**digits), 10**digits)
        if abs(rounded - at) <= room:
            return rounded
    return at


# ---- planted faults --------------------------------------------------------------------------------------------------


def _forgets_what_rests_on_a_figure(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(anew.Anew, "_standing_without", lambda self, spots: self._noting.memo)


def _lets_weights_stand(planted: pytest.MonkeyPatch) -> None:
    true = Figure.moved
    planted.setattr(Figure, "moved", lambda self, to: {self.spot: true(self, to)[self.spot]})


def _finds_the_facts_as_they_were(planted: pytest.MonkeyPatch) -> None:
    planted.setattr(anew, "_with_facts", lambda facts, replaced: facts)


def _takes_every_meeting_for_an_end(planted: pytest.MonkeyPatch) -> None:
    def unchecked(self: Any, at: Fraction) -> End:
        return End(at, "exact", True, at, self._changes(self.outer))

    planted.setattr(search._Side, "_checked", unchecked)


def _tells_the_changes_of_the_end_itself(planted: pytest.MonkeyPatch) -> None:
    true = search._Side._changes
    planted.setattr(search._Side, "_changes", lambda self, at: true(self, self.limit))


def _says_that_every_end_holds(planted: pytest.MonkeyPatch) -> None:
    true = search._Side._checked

    def checked(self: Any, at: Fraction) -> End | None:
        end = true(self, at)
        return End(end.at, end.sort, True, end.beyond, end.changes) if end is not None else None

    planted.setattr(search._Side, "_checked", checked)


def _turns_gains_into_losses(planted: pytest.MonkeyPatch) -> None:
    true = search.changes
    planted.setattr(search, "changes", lambda before, after: true(after, before))


FAULTS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (
    _forgets_what_rests_on_a_figure,
    _lets_weights_stand,
    _finds_the_facts_as_they_were,
    _takes_every_meeting_for_an_end,
    _tells_the_changes_of_the_end_itself,
    _says_that_every_end_holds,
    _turns_gains_into_losses,
)


def fault(plant: Callable[[pytest.MonkeyPatch], None]) -> object:
    return pytest.param(
        plant,
        id=plant.__name__.strip("_"),
        marks=pytest.mark.xfail(strict=True, raises=AssertionError, reason=f"planted fault: {plant.__name__}"),
    )


@pytest.mark.parametrize("plant", [pytest.param(None, id="as it is"), *map(fault, FAULTS)])
def test_what_is_said_of_a_stretch_holds_when_the_case_is_decided_again(
    plant: Callable[[pytest.MonkeyPatch], None] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    @TRIED
    @given(cases(), st.integers(0, 3))
    def holds(texts: tuple[str, str], nth: int) -> None:
        made = of_articles(*texts)
        for stretch in stretches(made, slice(nth, None, 4)):
            holds_of(made, stretch)

    if plant is not None:
        plant(monkeypatch)
    holds()
