"""Articles: their numbers, the paragraphs that provisions carry out, and copies that were pasted by mistake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from policy_dsl.diagnostics import Related
from policy_dsl.resolve.adoption import Standing, names_in
from policy_dsl.resolve.findings import Findings
from policy_dsl.syntax import tree
from policy_dsl.values import Address

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


class Placed(NamedTuple):
    """A line of an article at its address, with the words that it carries out."""

    line: tree.Provision | tree.Indicators | tree.Example | tree.Broken
    address: Address
    words: tuple[tree.Prose, ...]


def placed(standing: Standing) -> Iterator[Placed]:
    """The provisions of an article with the paragraphs that stand directly above them."""
    plain: list[tree.Prose] = []
    above: list[tree.Prose] = []
    after_provision = False
    for line in standing.article.lines:
        if isinstance(line, tree.Alternative):
            continue  # a text is resolved with its alternatives chosen
        if isinstance(line, tree.Prose):
            if after_provision:
                above, after_provision = [], False
            above.append(line)
            if line.paragraph is None:
                plain.append(line)
            continue
        after_provision = True
        numbers = tuple(sorted({each.paragraph for each in above if each.paragraph is not None}))
        address = standing.address
        address = Address(address.article, address.suffix, numbers, address.instrument)
        yield Placed(line, address, tuple(above if numbers else plain))


def check_paragraphs(standing: Standing, findings: Findings) -> None:
    """Paragraph numbers stand once each and rise."""
    seen: dict[int, tree.Prose] = {}
    highest = 0
    for line in standing.article.lines:
        if not isinstance(line, tree.Prose) or line.paragraph is None:
            continue
        number = line.paragraph
        span = line.span._replace(end=line.span.start + len(f"({number})"))
        if number in seen:
            related = (Related(seen[number].span, "the first one stands here"),)
            findings.add("PD213", span, standing.address, related, number=str(number))
        elif number < highest:
            findings.add("PD214", span, standing.address, number=str(number), before=str(highest))
        seen.setdefault(number, line)
        highest = max(highest, number)


def check_numbers(standing: Sequence[Standing], findings: Findings) -> tuple[Standing, ...]:
    """The articles without those pasted by mistake; two articles with one number are a fault.

    An article beside one of the model with its number is said to be so where departures are read.
    """
    kept: list[tuple[Standing, frozenset[str]]] = []
    first: dict[Address, Standing] = {}
    for each in standing:
        number = each.article.number
        names = frozenset(name.text for name in names_in(each.article))
        twin = _twin(each, names, kept)
        same = first.setdefault(each.address, each)
        if twin is not None:
            related = (Related(twin.article.number.span, "the same words stand here"),)
            findings.add(
                "PD212", number.span, each.address, related, number=str(number), first=str(twin.article.number)
            )
            continue
        if same is not each and same.adopted == each.adopted:
            related = (Related(same.article.number.span, "the first one stands here"),)
            findings.add("PD211", number.span, each.address, related, number=str(number))
        kept.append((each, names))
    return tuple(each for each, _ in kept)


def _twin(
    standing: Standing, names: frozenset[str], others: Sequence[tuple[Standing, frozenset[str]]]
) -> Standing | None:
    """An article of which this one seems to be a copy: the same lines, or the same number and no name of its own."""
    if not names:
        return None
    for other, theirs in others:
        if not names <= theirs or other.instrument != standing.instrument or other.adopted != standing.adopted:
            continue
        if str(other.article.number) == str(standing.article.number):
            return other
        if names == theirs and tree.same(other.article.lines, standing.article.lines):
            return other
    return None


def check_parts(file: tree.PolicyFile, findings: Findings) -> None:
    """The numbers of parts rise in the order of the text."""
    highest, before = 0, ""
    for item in file.items:
        if not isinstance(item, tree.Part):
            continue
        value = _roman(item.number)
        if value <= highest:
            at = item.span.text.find(item.number)
            start = item.span.start + max(at, 0)
            span = item.span._replace(start=start, end=start + len(item.number))
            findings.add("PD215", span, number=item.number, before=before)
        else:
            highest, before = value, item.number


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(-now if now < later else now for now, later in zip(values, [*values[1:], 0], strict=True))
