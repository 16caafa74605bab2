"""What a decision leaves open: values that are not to be had, ties, choices awaited, parts that nobody was given."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.evaluate.decision import Decision, Shared
from policy_dsl.evaluate.derivation import Derived, Gap, Unknown
from policy_dsl.explain.argument import Claim, Given, Term, Who, amount, claim
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
    for gap in _gaps(decision):
        if gap.what not in told:
            found.setdefault(gap, gap_claim(gap))
    return tuple(found.values())


def gap_claim(gap: Gap) -> Claim:
    """A root cause as a claim."""
    return claim(f"gap.{gap.kind.replace(' ', '_')}", what=_what(gap))


def _what(gap: Gap) -> Term:
    """What is lacking: a step by its name, a fact by its title and whose it is."""
    if gap.kind == "not yet":
        return Who(gap.what)
    name, _, whose = gap.what.partition(" of ")
    title = dict(gap.detail).get("indicator", "")
    if title and name in LEDGER:
        return Given(f"{title}, {name}")
    if title:
        return Given(f"{title} of {whose}" if whose else title)
    return Given(gap.what.replace("_", " "))


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
