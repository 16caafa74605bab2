"""What a decision leaves open: values that are not to be had, ties, choices awaited, parts that nobody was given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_dsl.evaluate.decision import Decision, Shared
from policy_dsl.evaluate.derivation import Derived, Gap, Unknown
from policy_dsl.explain.argument import Adopted, Claim, Given, Pair, Term, Who, amount, claim, cohort_title
from policy_dsl.values import Quantity

LEDGER = frozenset({"balance", "level", "pledged", "paid", "arrears"})


def open_points(decision: Decision) -> tuple[Claim, ...]:
    """Everything that is open, each point once."""
    found: dict[object, Claim] = {}
    for shared in decision.shares:
        for each in _of_sharing(shared):
            found.setdefault((shared.entry.name, shared.cohort, each.says, each.terms), each)
    for choice in decision.choices:
        if choice.made is None and choice.value is None:
            found[choice.entry.name] = claim(
                "open.choice", of=choice.entry, low=choice.low, high=choice.high, at=choice.entry.address
            )
    told = {choice.entry.name for choice in decision.choices if choice.value is None}
    lacking = gap_claims(gap for gap in _gaps(decision) if gap.what not in told)
    return (*found.values(), *(claim("open.gap", why=each) for each in lacking))


def gap_claims(gaps: Iterable[Gap]) -> tuple[Claim, ...]:
    """The root causes as claims: one for all for whom the same fact is lacking."""
    lacking: dict[tuple[str, Adopted | None], list[str]] = {}
    found: dict[object, Claim] = {}
    for gap in gaps:
        title, whose = _fact(gap)
        if not whose:
            found.setdefault(gap, _claim(gap, title))
            continue
        key = (gap.kind, title)
        lacking.setdefault(key, []).append(whose)
        who: tuple[Term, ...] = tuple(_whose(each) for each in dict.fromkeys(lacking[key]))
        found[key] = claim(f"gap.{gap.kind.replace(' ', '_')}.of", what=title, whose=who)
    return tuple(found.values())


def own_gaps(value: Unknown, holder: str) -> tuple[Claim, ...]:
    """The root causes as claims; of a fact that is lacking for the holder itself, it is not said for whom."""
    own = (Who(holder),)
    return tuple(
        claim("gap.missing", what=each.term("what"))
        if each.says == "gap.missing.of" and each.term("whose") == own
        else each
        for each in gap_claims(value.gaps)
    )


def _claim(gap: Gap, title: Adopted | None) -> Claim:
    """A root cause that is nobody's in particular: a step by its name, a fact by its title."""
    if gap.kind in ("not yet", "hour"):
        return claim(f"gap.{gap.kind.replace(' ', '_')}", what=Who(gap.what))
    if gap.kind == "missing" and gap.what.partition(" of ")[0] in LEDGER and title is not None:
        return claim("gap.ledger", what=title)
    return claim(f"gap.{gap.kind.replace(' ', '_')}", what=title or Given(gap.what.replace("_", " ")))


def _fact(gap: Gap) -> tuple[Adopted | None, str]:
    """The title of the fact that is lacking, with its year, and whose it is: "AUT", or "cohort of AUT"."""
    detail = dict(gap.detail)
    title = detail.get("indicator", "")
    if not title or "unit" not in detail:
        return (Adopted(title) if title else None), ""
    name, _, whose = gap.what.partition(" of ")
    whose, _, year = whose.rpartition(" in ") if " in " in whose else (whose, "", "")
    year = year or name.partition(" in ")[2]
    return Adopted(title, year=year), whose


def _whose(whose: str) -> Term:
    """Whose a fact is: a member, a cohort (which has small letters), or a cohort and a member."""
    member, _, cohort = whose.partition(" of ")
    if cohort:
        return Pair(Who(member), Given(cohort))
    return Given(cohort_title(whose)) if whose.islower() else Who(whose)


def _of_sharing(shared: Shared) -> Iterator[Claim]:
    for group in shared.undetermined:
        who = tuple(Who(each) for each in sorted(group))
        yield claim("open.tie", of=shared.entry, members=who, amount=open_amount(shared), at=shared.entry.address)
    if shared.unallocated:
        left = amount(shared.unallocated, shared.unit)
        yield claim("open.unallocated", of=shared.entry, amount=left, at=shared.entry.address)
    if shared.residue:
        yield claim(
            "open.residue", of=shared.entry, amount=amount(shared.residue, shared.unit), at=shared.entry.address
        )
    if shared.difference:
        says = "open.over" if shared.difference > 0 else "open.under"
        yield claim(says, of=shared.entry, amount=amount(abs(shared.difference), shared.unit), at=shared.entry.address)


def open_amount(shared: Shared) -> Quantity | None:
    """What is still to be given to members that a tie leaves open; none where the total itself isn't known."""
    total = shared.total.value
    if not isinstance(total, Quantity):
        return None
    given = sum((r.final.value.amount for r in shared.rows if isinstance(r.final.value, Quantity)), total.amount * 0)
    rest = total.amount - given - shared.unallocated - shared.residue - shared.credits + shared.difference
    return Quantity(rest, shared.unit) if rest > 0 else None


def _gaps(decision: Decision) -> Iterator[Gap]:
    """The root causes behind values that aren't to be had, ties told elsewhere left out."""
    for value in _results(decision):
        if isinstance(value.value, Unknown):
            yield from (gap for gap in value.value.gaps if gap.kind != "undetermined")


def _results(decision: Decision) -> Iterator[Derived]:
    yield from decision.values.values()
    for shared in decision.shares:
        yield shared.total
        yield from (row.final for row in shared.rows)
    yield from (each.shown for each in decision.guarantees if each.shown is not None)
