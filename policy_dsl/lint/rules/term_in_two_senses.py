"""PD650: one term in two senses: two things under one title, or one word explained twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_dsl.check.desk import label
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.lint.draft import Draft, Rule, form
from policy_dsl.resolve.program import Entry
from policy_dsl.syntax import tree

VALUES = ("indicator", "parameter", "define", "scale", "key", "criteria", "apportion", "fund", "tier", "set")
_EXPLAINED = re.compile(
    r"[“\"‘«']\s?(?P<term>[^”\"’»']{2,60}?)\s?[”\"’»']\s+(?:means?|shall mean|includes?|refers? to)\b"
)


def _look(draft: Draft) -> Iterator[Problem]:
    yield from _titles(draft)
    yield from _fields(draft)
    yield from _explained(draft)


def _titles(draft: Draft) -> Iterator[Problem]:
    """Two provisions with a value whose titles are the same words: a document can't tell them apart."""
    seen: dict[str, Entry] = {}
    for entry in draft.own(*VALUES):
        title = " ".join(entry.node.title.split()).casefold()
        first = seen.setdefault(title, entry) if title else entry
        if first is entry or first.node.name.text == entry.node.name.text or _renamed(draft, first, entry):
            continue
        related = label(first.node.name.span, "the first one stands here")
        yield draft.problem(
            "PD650", entry.node.name, related=related, term=entry.node.title, one=first.name, other=entry.name
        )


def _renamed(draft: Draft, one: Entry, other: Entry) -> bool:
    """Whether the one is the other under a further name, and so has no other sense."""
    for value, of in ((one.node, other), (other.node, one)):
        if isinstance(value, tree.Define | tree.SetOf) and draft.entry_of(value.value) is of:
            return True
    return False


def _fields(draft: Draft) -> Iterator[Problem]:
    """A recorded field whose name elsewhere is that of a field, or of a fact, of another kind or unit."""
    seen: dict[str, tuple[tree.RecordField, Entry]] = {}
    for entry in draft.own("step"):
        assert isinstance(entry.node, tree.Step)
        for each in entry.node.records:
            first, step = seen.setdefault(each.name.text, (each, entry))
            if form(first.type) != form(each.type):
                related = label(first.name.span, "the first one stands here")
                params = {"term": each.name.text, "one": f"a field of {step.name}", "other": f"a field of {entry.name}"}
                yield draft.problem("PD650", each.name, related=related, **params)


def _explained(draft: Draft) -> Iterator[Problem]:
    if not draft.english:
        return
    seen: dict[str, tree.Prose] = {}
    for article in draft.articles():
        for prose in article.lines:
            if not isinstance(prose, tree.Prose):
                continue
            for found in _EXPLAINED.finditer(prose.text):
                term = found["term"].casefold()
                first = seen.setdefault(term, prose)
                if first is not prose:
                    related = label(first.span, "it is explained here first")
                    yield draft.problem(
                        "PD650", prose, related=related, term=found["term"], one="one thing", other="another"
                    )


TERM_IN_TWO_SENSES = Rule("PD650", _look)
