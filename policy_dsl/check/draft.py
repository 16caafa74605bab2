"""Checking a draft: each combination of its alternatives as the policy that it would be.

What is wrong with all of them is said once; what is wrong with some is said with the alternatives that make it so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import islice

from policy_dsl.check.check import Checked, check
from policy_dsl.diagnostics.problem import Problem, Related
from policy_dsl.records import dataclass
from policy_dsl.resolve import resolve
from policy_dsl.resolve.alternatives import (
    Combination,
    OpenPlace,
    chosen,
    combinations,
    faults,
    how_many,
    places,
    ways_to_choose,
)
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.source import Source
from policy_dsl.syntax import Parsed, tree
from policy_dsl.values import countries

MOST = 32
"""How many combinations are checked unless asked otherwise."""
# What nothing uses under one combination may be needed under another.
UNUSED = frozenset({"PD237", "PD255", "PD256"})
_SHOWN = 4

Load = Callable[[str, Source], Source | None]


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A draft under one combination; `checked` is none where nothing could be read."""

    combination: Combination
    checked: Checked | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A draft: its text, its open places, the combinations that were looked at out of `count`, and all that is wrong.

    A draft whose alternatives do not fit together at all has no variants.
    """

    file: tree.PolicyFile
    places: tuple[OpenPlace, ...]
    variants: tuple[Variant, ...]
    count: int
    problems: tuple[Problem, ...]


def check_draft(
    parsed: Parsed, load: Load, held: Collection[str] = (), most: int = MOST, first: Collection[str] = ()
) -> Draft:
    """Check a draft under the combinations in which the alternatives `held` are taken, at most so many of them.

    The first one takes the alternatives `first`.
    """
    open_ = places(parsed.tree)
    wrong = faults(open_)
    if wrong:
        return Draft(parsed.tree, open_, (), 0, (*parsed.problems, *wrong))
    looked_at = tuple(_variant(parsed.tree, load, each) for each in islice(combinations(open_, held, first), most))
    needed = tuple(replace(each, problems=_needed(each, looked_at)) for each in looked_at)
    found = (*parsed.problems, *_proposers(open_, needed), *_merged(open_, needed))
    return Draft(parsed.tree, open_, needed, how_many(open_, held), found)


class NotTaken(Exception):
    """Alternatives that can't be taken, with the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def takeable(open_: Sequence[OpenPlace], take: Collection[str], file: str) -> None:
    """Raises NotTaken where a draft has no such alternatives to take, or they exclude each other."""
    known = list(dict.fromkeys(name for place in open_ for name in place.names))
    for name in take:
        if name not in known:
            mend = did_you_mean(name, known) if known else "leave the option out: nothing in the text is open"
            raise NotTaken(Problem("PD962", params={"name": name, "file": file}, mend=mend))
    if take and not faults(open_) and not how_many(open_, take):
        raise NotTaken(Problem("PD963", params={"names": ", ".join(f"`{name}`" for name in take)}))


def read_draft(
    parsed: Parsed, load: Load, take: Collection[str], *, as_draft: bool
) -> tuple[Checked | None, tuple[Problem, ...]]:
    """A draft as a policy, where the alternatives to take leave one reading; else what is wrong, and that it is open.

    As a draft it may be open: then it is told how many of its combinations were checked. Raises NotTaken.
    """
    takeable(places(parsed.tree), take, parsed.tree.span.source.name)
    draft = check_draft(parsed, load, take)
    if not draft.variants:
        return None, draft.problems
    if take and len(draft.variants) == draft.count == 1:
        return draft.variants[0].checked, draft.problems
    if not as_draft:
        return None, (*draft.problems, still_open(draft.places, take))
    unread = any(each.is_error for each in parsed.problems)
    return None, draft.problems if unread else (*draft.problems, note(draft))


def still_open(open_: Sequence[OpenPlace], held: Collection[str] = ()) -> Problem:
    """What is said where a policy is needed and a draft is given: the places at which its text is open."""
    fitting = {name for way in ways_to_choose(open_, held) for names in way for name in names}
    left = [place for place in open_ if len(fitting & set(place.names)) > 1] or list(open_)
    related = tuple(Related(each.span, _offered(each)) for each in left)
    where = "; ".join(f"{f'{each.where}, ' * bool(each.where)}line {each.span.begins.line}" for each in left)
    params = {"count": _places(left), "places": where}
    return Problem("PD180", left[0].span, params, left[0].where, related)


def note(draft: Draft) -> Problem:
    """What is said of a draft that was checked: how many combinations were, and whether that is all of them."""
    looked_at = len(draft.variants)
    params = {"places": _places(draft.places), "checked": str(looked_at), "count": str(draft.count)}
    code = "PD188" if looked_at == draft.count else "PD189"
    return Problem(code, draft.places[0].span, params, draft.places[0].where)


def _places(open_: Sequence[OpenPlace]) -> str:
    return "1 place" if len(open_) == 1 else f"{len(open_)} places"


def _offered(place: OpenPlace) -> str:
    *others, last = (f"`{name}`" for name in place.names)
    names = f"{', '.join(others)} or {last}" if others else last
    return f"{place.where}: {names}" if place.where else names


def _variant(file: tree.PolicyFile, load: Load, combination: Combination) -> Variant:
    resolved = resolve(Parsed(chosen(file, combination.taken), ()), load)
    if resolved.program is None:
        return Variant(combination, None, resolved.problems)
    checked = check(replace(resolved.program, taken=combination.taken))
    return Variant(combination, checked, (*resolved.problems, *checked.problems))


def _needed(variant: Variant, variants: Sequence[Variant]) -> tuple[Problem, ...]:
    """The problems of a variant, without those on what it does not use and another one does."""
    return tuple(
        problem
        for problem in variant.problems
        if problem.code not in UNUSED
        or all(_key(problem) in map(_key, each.problems) for each in variants if _gives(each, problem))
    )


def _key(problem: Problem) -> object:
    """What makes two problems one."""
    return problem.code, problem.span, problem.article, problem.mend, tuple(sorted(problem.params.items()))


def _merged(open_: Sequence[OpenPlace], variants: Sequence[Variant]) -> list[Problem]:
    """The problems of all variants, each once; those of some alone with the alternatives that make them."""
    first: dict[object, Problem] = {}
    under: dict[object, list[Variant]] = {}
    for variant in variants:
        for problem in variant.problems:
            key = _key(problem)
            first.setdefault(key, problem)
            if variant not in under.setdefault(key, []):
                under[key].append(variant)
    return [
        problem
        if len(under[key]) == len(variants)
        else replace(problem, related=(*problem.related, _so_where(open_, variants, under[key])))
        for key, problem in first.items()
    ]


def _gives(variant: Variant, problem: Problem) -> bool:
    """Whether the provision that a problem is about stands in a variant too."""
    entries = variant.checked.program.entries.values() if variant.checked is not None else ()
    return any(entry.node.name.span == problem.span for entry in entries)


def _so_where(open_: Sequence[OpenPlace], variants: Sequence[Variant], having: Sequence[Variant]) -> Related:
    """The alternative with which a problem comes and goes, or else the combinations that have it."""
    for place in open_:
        for each in place.alternatives:
            name = each.name.text
            if having == [variant for variant in variants if name in variant.combination.taken]:
                return Related(each.name.span, f"this is so where `{name}` is taken")
    names = [f"`{each.combination.name}`" for each in having]
    more = f" and {len(names) - _SHOWN} others" if len(names) > _SHOWN else ""
    return Related(open_[0].alternatives[0].name.span, f"this is so under {', '.join(names[:_SHOWN])}{more}")


def _proposers(open_: Sequence[OpenPlace], variants: Sequence[Variant]) -> list[Problem]:
    """Proposers that are neither States nor named by the draft."""
    named = {
        entry.name
        for each in variants
        if each.checked is not None
        for entry in each.checked.program.of_kind("participant", "tier", "set")
    }
    found = []
    for place in open_:
        for each in place.alternatives:
            for who in each.proposers:
                if isinstance(who, tree.Text) or who.text in named or countries.usable(who.text):
                    continue
                found.append(Problem("PD186", who.span, {"name": who.text}, place.where, mend=_state_meant(who.text)))
    return found


def _state_meant(code: str) -> str:
    three = countries.three_letters(code) if code.isupper() else ""
    return f"write `{three}`, which stands for {countries.name_of(three)}" if three else ""
