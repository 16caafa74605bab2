"""What a decision decides, as findings by article: figures, statuses, what is open; nothing of how it was found.

The findings are read off the plain data that the JSON form holds, so that they can be taken of a decision and of a file
that states one. Titles, sentences, derivations and places in a text are not findings: the same outcome in another
language, at another level or from rules laid out anew has the same findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from policy_dsl.diagnostics.rendered import in_order
from policy_dsl.evaluate.decision import Decision
from policy_dsl.receipts.canonical import digest
from policy_dsl.receipts.plain import Plain
from policy_dsl.records import dataclass
from policy_dsl.values import Address, Reference

PARTS = (
    "seats", "members", "groups", "shares", "criteria", "timeline", "duties", "guarantees", "funds", "choices",
    "exceptions", "reservations", "complete",
)  # fmt: skip
"""The parts of a decision that are written as they are."""

Key = tuple[str, ...]
Findings = dict[str, dict[Key, Any]]
"""For each article (none: the whole), what was found: first its kind, then the provision, then whom it is for."""

_PARAGRAPHS = re.compile(r"\(\d+\)(-\(\d+\))?")
_LEFT = ("unallocated", "residue", "credits", "difference", "undetermined", "sum_check")
_STEP = ("status", "silent", "earliest", "latest", "falls", "dues")
_FUND = ("balance", "level", "due", "paid_out", "cut", "reserved", "arrears", "suspended", "closing", "unit")
_VOTE = ("voters", "favour", "against", "abstaining", "absent", "excluded", "adopted", "examined")
# Of what lacks, names are findings; titles are words.
_NAMED = ("missing", "not yet")
_TITLES = ("indicator", "key")


@dataclass(frozen=True, slots=True)
class OutcomeSeal:
    """The digest of what follows from one article; without an `article`, of what holds of the decision as a whole."""

    article: str
    outcome: str


def outcome_data(decision: Decision, writer: Plain) -> dict[str, Any]:
    """The parts of a decision that its findings are read off, as plain data."""
    data: dict[str, Any] = {name: writer.data(getattr(decision, name)) for name in PARTS}
    data["values"] = [
        {"name": name, "subject": list(subject), "value": writer.data(value)}
        for (name, subject), value in sorted(decision.values.items(), key=lambda each: each[0])
    ]
    data["problems"] = [writer.data(each) for each in in_order(decision.problems)]
    data["policy"] = {"provisions": [writer.data(each) for each in decision.program.entries.values()]}
    return data


def findings(data: Mapping[str, Any]) -> Findings:
    """The findings in the plain data of a decision, by article in their order."""
    made: Findings = {}
    for article, key, value in _all(data):
        here = made.setdefault(_whole_article(article), {})
        # Nothing that is found twice under one name may hide the other.
        number = 1
        while (*key, *((str(number),) if number > 1 else ())) in here:
            number += 1
        here[(*key, *((str(number),) if number > 1 else ()))] = value
    return {article: made[article] for article in sorted(made, key=order_of)}


def outcome_seals(found: Findings) -> tuple[OutcomeSeal, ...]:
    """Every article from which something follows, with the digest of that."""
    return tuple(
        OutcomeSeal(article, digest([[list(key), here[key]] for key in sorted(here)]))
        for article, here in found.items()
    )


def outcome_digest(made: tuple[OutcomeSeal, ...]) -> str:
    """The digest of the outcome as a whole."""
    return digest([[each.article, each.outcome] for each in made])


def order_of(article: str) -> tuple[Any, ...]:
    """The order of articles: the whole first, then the policy's own, then those of other instruments."""
    own, _, instrument = article.partition(" of ")
    try:
        read = Reference.read(own)
    except ValueError:
        return bool(article), "", 0, 0, article
    number, suffix, _ = Address(read.article, read.suffix).sort_key
    return True, instrument, number, suffix, article


def _whole_article(address: str) -> str:
    """The article of an address, without its paragraphs."""
    return _PARAGRAPHS.sub("", address)


def _all(data: Mapping[str, Any]) -> Iterator[tuple[str, Key, Any]]:
    """Each finding with the address of the provision that it follows from."""
    articles = {each["name"]: each["article"] for each in data["policy"]["provisions"]}
    yield "", ("complete",), data["complete"]
    yield "", ("members",), data["members"]
    for seat in data["seats"]:
        said = {"ground": seat["ground"], "refused": seat["refused"] is not None}
        yield seat["tier"]["article"], ("seat", seat["tier"]["name"], seat["state"]), said
    for name, group in data["groups"].items():
        yield articles.get(name, ""), ("group", name), bare(group)
    for each in data["values"]:
        yield articles.get(each["name"], ""), ("value", each["name"], *each["subject"]), bare(each["value"])
    for shared in data["shares"]:
        yield from _shared(shared)
    for result in data["criteria"]:
        yield from _criteria(result)
    for step in data["timeline"]:
        yield from _step(step)
    for duty in data["duties"]:
        said = {"status": duty["status"], "deadline": bare(duty["deadline"])}
        yield duty["entry"]["article"], ("duty", duty["entry"]["name"], duty["holder"]), said
    for promise in data["guarantees"]:
        yield promise["entry"]["article"], ("guarantee", promise["entry"]["name"]), promise["status"]
    for fund in data["funds"]:
        for name in _FUND:
            yield fund["entry"]["article"], ("fund", fund["entry"]["name"], name), bare(fund[name])
    for choice in data["choices"]:
        said = {"value": bare(choice["value"]), "made": choice["made"] is not None}
        yield choice["entry"]["article"], ("choice", choice["entry"]["name"]), said
    for seen in data["exceptions"]:
        yield seen["entry"]["article"], ("exception", seen["entry"]["name"], *seen["subject"]), seen["applied"]
    for entry, state, what in data["reservations"]:
        yield entry["article"], ("reservation", entry["name"], state), what
    for problem in data["problems"]:
        yield problem["article"], ("problem", problem["code"]), True


def _shared(shared: Mapping[str, Any]) -> Iterator[tuple[str, Key, Any]]:
    entry, cohort = shared["entry"], shared["cohort"]
    whose = (entry["name"], *((cohort,) if cohort else ()))
    yield entry["article"], ("total", *whose), bare(shared["total"])
    yield entry["article"], ("left over", *whose), {name: bare(shared[name]) for name in _LEFT}
    for row in shared["rows"]:
        yield entry["article"], ("share", *whose, row["member"]), bare(row["final"])
        said = {"held": row["held"], "band": row["band"], "shares": row["outside"] is None}
        yield entry["article"], ("place", *whose, row["member"]), said | {"adjusted": row["adjusted"] is not None}


def _criteria(result: Mapping[str, Any]) -> Iterator[tuple[str, Key, Any]]:
    entry = result["entry"]
    yield entry["article"], ("bands", entry["name"]), result["bands"]
    for member, total in result["totals"].items():
        yield entry["article"], ("total score", entry["name"], member), bare(total)
    for score in result["scores"]:
        said = {name: bare(score[name]) for name in ("measure", "score", "met")}
        yield entry["article"], ("score", entry["name"], score["member"]), said


def _step(step: Mapping[str, Any]) -> Iterator[tuple[str, Key, Any]]:
    entry = step["entry"]
    for name in _STEP:
        yield entry["article"], ("step", entry["name"], name), bare(step[name])
    for judged in step["events"]:
        event, vote = judged["event"], judged["vote"]
        said = {"valid": judged["valid"], "status": judged["status"], "at": event["at"], "by": event["by"]}
        counted = {name: vote[name] for name in _VOTE} if vote is not None else None
        yield entry["article"], ("event", entry["name"]), said | {"vote": counted}


def bare(value: Any) -> Any:
    """A value without the number of its derivation; of what is unknown, the causes without their titles."""
    if isinstance(value, list):
        return [bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "value" in value and value.keys() <= {"value", "derivation"}:
        return bare(value["value"])
    if value.keys() == {"unknown"}:
        return {"unknown": [_gap(each) for each in value["unknown"]]}
    return value


def _gap(gap: Mapping[str, Any]) -> Any:
    what = {"what": gap["what"]} if gap["kind"] in _NAMED else {}
    detail = [each for each in gap["detail"] if each[0] not in _TITLES]
    return {"kind": gap["kind"], "code": gap["code"], "detail": detail} | what
