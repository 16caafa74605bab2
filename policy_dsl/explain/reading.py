"""Reading a derivation: its named inputs, its facts, and the conditions on which it failed."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.cases.case import Fact
from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.syntax import tree

COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">=", "is", "is not", "in", "not in"})
AGGREGATES = frozenset({"sum of", "mean of", "least of", "greatest of", "count of", "left over"})
# Lines of a provision and words of the language that pass a value on as it is.
_LINES = "total|weight|less|fixed|relief|at most|at least|among|remainder|group|of|if|once|where"
_CONDITIONS = "requires|kept when|guarantee|adopted when|failing which"
PASSING = frozenset(f"{_LINES}|{_CONDITIONS}".split("|"))
PASSING_NAMED = frozenset(f"defined|key|except|figure|gap|scale|of|{_CONDITIONS}".split("|"))
RANGES = frozenset({"run", "members", "cohorts", "members and cohorts", "years", "events", "group"})
LEAVES = frozenset({"fact", "written", "gap", "choice", "figure", "event", "unknown"})


def is_named(derived: Derived) -> bool:
    """Whether the value stands under a name of the policy."""
    return derived.entry is not None


def bears_name(outer: Derived, inner: Derived) -> bool:
    """Whether two values go by one name for one subject: then they are told as one."""
    return outer.entry is not None and outer.entry is inner.entry and outer.subject == inner.subject


def body(derived: Derived) -> Derived:
    """The operation that gives a named value: itself, or the one value below it where that says how it was made."""
    here = derived
    while len(here.of) == 1 and here.value == here.of[0].value and _passes(here):
        inner = here.of[0]
        if inner.entry is not None and not bears_name(derived, inner):
            break
        here = inner
    return here


def settled(derived: Derived) -> Derived:
    """A value without the lines of the policy that only pass it on ("by", "total", "at most")."""
    here = derived
    while here.entry is None and here.of and _alike(here, here.of[0]):
        here = here.of[0]
    return here


def _alike(outer: Derived, inner: Derived) -> bool:
    if outer.op == "is" and isinstance(inner.value, bool):
        return outer.value == inner.value
    alone = len(outer.of) == 1
    return alone and outer.op in PASSING and outer.value == inner.value and not isinstance(outer.value, Unknown)


def says_nothing(derived: Derived) -> bool:
    """Whether a comparison only sets a State beside itself ("Angola is Angola"): it tells the reader nothing."""
    if derived.entry is not None or derived.op not in ("=", "<>", "is", "is not") or len(derived.of) != 2:
        return False
    sides = [settled(each) for each in derived.of]
    return (
        all(each.entry is None and isinstance(each.value, str) for each in sides) and sides[0].value == sides[1].value
    )


def is_aggregate(derived: Derived) -> bool:
    """Whether a value was made from one figure for each of several members, cohorts, events or years."""
    figures = [each for each in derived.of if each.op not in RANGES]
    return derived.op in AGGREGATES and derived.entry is None and len(figures) > 1


def is_group(derived: Derived) -> bool:
    """Whether a value is a group of members without a name of its own."""
    return derived.entry is None and derived.op in ("among", "group") and isinstance(derived.value, tuple)


def named_inputs(derived: Derived) -> tuple[Derived, ...]:
    """The nearest named values below a value, each once, in the order in which they are used.

    A sum over several members and a group are themselves such values: what went into them is not told among the inputs.
    Of the bands only what concerns the member at hand is an input.
    """
    found: dict[tuple[int, tuple[str, ...], object], Derived] = {}
    seen: set[int] = set()

    def visit(here: Derived) -> None:
        for below in here.of:
            if id(below) in seen:
                continue
            seen.add(id(below))
            below = settled(below)
            if is_aggregate(below) or is_group(below):
                found.setdefault((id(below), (), None), below)
            elif below.entry is not None and not bears_name(derived, below):
                found.setdefault((id(below.entry), below.subject, _kind(below)), below)
            else:
                visit(below)

    visit(derived)
    if derived.op == "bands":
        return ()
    return tuple(found.values())


def _kind(derived: Derived) -> object:
    """What tells two values of one name and subject apart: the year of a series, the word of a ledger."""
    detail = derived.detail
    return detail.year if isinstance(detail, Fact) else detail if derived.op == "ledger" else None


def facts_under(derived: Derived) -> tuple[Derived, ...]:
    """The facts, and the rules that stood in for missing ones, on which a value rests."""
    return tuple(here for here in derived.walk() if here.op in ("fact", "gap"))


def failing(derived: Derived, wanted: bool = True) -> tuple[Derived, ...]:
    """The conditions on account of which a truth isn't as wanted: comparisons and facts, the outermost first.

    Of conditions joined by `and` those that fail, of those joined by `or` all. A condition that can't be decided counts
    as one that fails.
    """
    return tuple({id(each): each for each in _failing(derived, wanted)}.values())


def alternatives(derived: Derived, wanted: bool = True) -> bool:
    """Whether one of several conditions would be enough: those that `or` joins, or of which `not` denies one."""
    here = derived
    while here.op not in COMPARISONS:
        below = [each for each in here.of if isinstance(each.value, bool | Unknown) and each.value is not wanted]
        if here.op == "not":
            wanted, below = not wanted, list(here.of)
        if here.op == ("or" if wanted else "and"):
            return len(here.of) > 1
        if len(below) != 1:
            return False
        here = below[0]
    return False


def is_recorded(derived: Derived) -> bool:
    """Whether a value is what the record gives under a name of its own (`records until_date : date`)."""
    return derived.entry is None and derived.op == "event" and isinstance(derived.node, tree.Name | tree.ValueOf)


def _failing(derived: Derived, wanted: bool) -> Iterator[Derived]:
    if derived.value is wanted:
        return
    if derived.op == "not" and derived.of:
        yield from _failing(derived.of[0], not wanted)
        return
    if derived.op in ("is", "is not") and derived.of and isinstance(derived.of[0].value, bool):
        # `physical_security is met` turns on the comparison that gives the status.
        yield from _failing(derived.of[0], not derived.of[0].value)
        return
    if derived.op in COMPARISONS or derived.op == "occurred":
        yield derived
        return
    below = [each for each in derived.of if isinstance(each.value, bool | Unknown) and each.value is not wanted]
    # A bare yes or no in the text says less than the name under which it stands.
    parts = [leaf for each in below for leaf in _failing(each, wanted) if leaf.op != "written"]
    if parts:
        yield from parts
    else:
        yield derived


def _passes(derived: Derived) -> bool:
    return derived.entry is None or derived.op in PASSING_NAMED
