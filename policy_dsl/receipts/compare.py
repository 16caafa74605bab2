"""A stated decision against what is found when the rules are applied again: the first difference of each kind.

What is compared, in this order: whether the file still has the digests that it states; the rules, the legal words, the
case, the versions; the outcome, article by article; and the rest of the file, but for places in texts and names of
files, which change when a text is laid out anew or moved and prove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policy_dsl.diagnostics import Problem
from policy_dsl.receipts.canonical import digest
from policy_dsl.receipts.facts import canonical_case, case_digest
from policy_dsl.receipts.outcome import Findings, Key, findings, order_of, outcome_digest, outcome_seals
from policy_dsl.receipts.stated import brief

Data = Mapping[str, Any]

HEADER = "the header"
WHOLE = "the decision as a whole"
_PLACE = re.compile(r"[^\n]*:\d+:\d+$")
_PLACES = frozenset(("place", "file", "line", "column", "end_line", "end_column"))
_ABSENT = object()
# What names each thing of a case, in the order in which it is said.
_NAMES = {
    "facts": ("indicator", "cohort", "member", "year"),
    "events": ("step", "at", "by"),
    "choices": ("parameter",),
    "adjustments": ("apportionment", "member"),
    "ledgers": ("fund",),
    "lots": ("apportionment",),
}


def differences(stated: Data, found: Data) -> list[Problem]:
    """What differs, the first difference of each kind; nothing where both are the same."""
    was, now = findings(stated), findings(found)
    made = [
        *_changed(stated, was),
        *_rules(stated["receipt"], found["receipt"]),
        *_case(stated["case"], found["case"]),
        *_outcome(was, now),
    ]
    rest = [] if made else _rest(stated, found)
    versions = _versions(stated["receipt"], found["receipt"], changed=bool(made or rest))
    return [*made, *versions, *_language(stated["text"], found["text"]), *rest]


def _language(was: Data, now: Data) -> Iterator[Problem]:
    """Whether the words could be compared at all."""
    if was["language"] != now["language"]:
        yield Problem("PD939", params={"language": was["language"]})


def _changed(stated: Data, was: Findings) -> Iterator[Problem]:
    """Whether the file has the digests that it states."""
    receipt = stated["receipt"]
    own = outcome_seals(was)
    sealed = {each["article"]: each["outcome"] for each in receipt["outcomes"]}
    counted = {each.article: each.outcome for each in own}
    broken = [article for article in {**counted, **sealed} if counted.get(article) != sealed.get(article)]
    whole = receipt["outcome"] != outcome_digest(own)
    if broken:
        yield _by_article("PD930", min(broken, key=order_of), part=WHOLE)
    for part, same in (
        ("outcome", broken or not whole),
        ("case", receipt["case"] == case_digest(stated["case"])),
        *((name, receipt[name] == _sum(receipt["articles"], name)) for name in ("rules", "words")),
    ):
        if not same:
            yield Problem("PD931", params={"part": part})


def _sum(articles: list[dict[str, str]], name: str) -> str:
    return digest([[each["article"], each[name]] for each in articles])


def _rules(was: Data, now: Data) -> Iterator[Problem]:
    for name, code in (("rules", "PD932"), ("words", "PD933")):
        before = {each["article"]: each[name] for each in was["articles"]}
        after = {each["article"]: each[name] for each in now["articles"]}
        broken = [article for article in {**before, **after} if before.get(article) != after.get(article)]
        if broken:
            yield _by_article(code, min(broken, key=order_of), part=HEADER)


def _versions(was: Data, now: Data, *, changed: bool) -> Iterator[Problem]:
    for name in ("engine", "language"):
        if was[name] != now[name]:
            code = "PD936" if changed else "PD935"
            yield Problem(code, params={"what": name, "stated": str(was[name]), "found": str(now[name])})
            return


def _case(stated: Data, found: Data) -> Iterator[Problem]:
    before, after = _items(canonical_case(stated)), _items(canonical_case(found))
    for what in {**before, **after}:
        was, now = before.get(what), after.get(what)
        if was != now:
            at, was, now = _narrowed(was, now)
            yield Problem("PD934", params={"what": _with(what, at), "stated": brief(was), "found": brief(now)})
            return


def _items(case: Data) -> dict[str, Any]:
    """The things that a case says, each under its name: "facts: population of ALB"."""
    made: dict[str, Any] = {}
    for part, value in case.items():
        if part in _NAMES:
            for each in value:
                told = [_told(each[name]) for name in _NAMES[part] if each[name] not in ("", None, [])]
                name = f"{part}: " + " of ".join([*told[:1], *reversed(told[1:])])
                made.setdefault(name, []).append(each)
        elif isinstance(value, dict):
            made |= {f"{part}: {name}": [each] for name, each in value.items()}
        else:
            made[part] = [value]
    return made


def _told(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _outcome(was: Findings, now: Findings) -> Iterator[Problem]:
    for article in sorted({**was, **now}, key=order_of):
        before, after = was.get(article, {}), now.get(article, {})
        for key in {**before, **after}:
            one, other = before.get(key), after.get(key)
            if one != other:
                at, one, other = _narrowed(one, other)
                params = {"what": _with(_name(key), at), "stated": brief(one), "found": brief(other)}
                yield Problem("PD937", params=params, article=article)
                return


def _name(key: Key) -> str:
    """A finding by its name: "places of ALB"."""
    kind, *rest = key
    return " of ".join([rest[0], *reversed(rest[1:])]) if rest else kind


def _narrowed(was: Any, now: Any) -> tuple[tuple[str, ...], Any, Any]:
    """The first place inside two values in which they differ, and what stands there; an amount is one value."""
    at: tuple[str, ...] = ()
    while True:
        if isinstance(was, dict) and isinstance(now, dict) and "exact" not in {**was, **now}:
            key = next(key for key in sorted({**was, **now}) if was.get(key, _ABSENT) != now.get(key, _ABSENT))
            at, was, now = (*at, key), was.get(key), now.get(key)
        elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now) == 1:
            was, now = was[0], now[0]
        else:
            return at, was, now


def _with(name: str, at: tuple[str, ...]) -> str:
    return f"{name} ({', '.join(at)})" if at else name


def _by_article(code: str, article: str, *, part: str) -> Problem:
    return Problem(code, params={"article": article or part}, article=article)


def _rest(stated: Data, found: Data) -> list[Problem]:
    """The first difference in all else that the file holds."""
    same_language = stated["text"]["language"] == found["text"]["language"]
    for name in sorted(found):
        # The case is compared as it is meant, the words where both are in one language.
        if name in ("case", "receipt") or (name == "text" and not same_language):
            continue
        for at, was, now in _unequal(stated[name], found[name], (name,)):
            params = {"what": ".".join(at), "stated": brief(was), "found": brief(now)}
            return [Problem("PD938", params=params)]
    return []


def _unequal(was: Any, now: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Where two values differ, in the order of their keys."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted({**was, **now}):
            if key not in _PLACES:
                yield from _unequal(was.get(key, _ABSENT), now.get(key, _ABSENT), (*at, key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (one, other) in enumerate(zip(was, now, strict=True)):
            yield from _unequal(one, other, (*at, str(index)))
    elif type(was) is not type(now) or (was != now and not _are_places(was, now)):
        yield at, None if was is _ABSENT else was, None if now is _ABSENT else now


def _are_places(was: Any, now: Any) -> bool:
    return isinstance(was, str) and isinstance(now, str) and bool(_PLACE.match(was) and _PLACE.match(now))
