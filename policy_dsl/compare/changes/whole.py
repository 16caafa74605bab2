"""What changed of a policy as a whole: its header, its parts, its departures from a model; and its worked examples."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.compare.changes.record import EXAMPLES, RULES, WORDS, Change, Quoted, Said, Term, what
from policy_dsl.compare.changes.sides import Pairs, Side
from policy_dsl.compare.changes.written import term_of
from policy_dsl.resolve.program import DepartureMade, Law
from policy_dsl.syntax import tree
from policy_dsl.values import Address

COMPUTED = ("in force", "currency", "calendar", "periods", "clock", "language")
"""The lines of the header that decide something."""
SEVERAL = ("use", "translation")
Terms = tuple[tuple[str, Term], ...]


def whole(pairs: Pairs) -> Iterator[Change]:
    """Changes of the header, of departures from the model, and of parts."""
    yield from _header(pairs)
    yield from _departures(pairs)
    yield from _parts(pairs)


def part_of(law: Law) -> str:
    """The number of the part in which an article stands."""
    return law.part.partition(" ")[0]


# ---- the header ----------------------------------------------------------------------------------------------------


def _header(pairs: Pairs) -> Iterator[Change]:
    old, new = pairs.old.header, pairs.new.header
    if old.name.text != new.name.text:
        yield Change(RULES, "policy.name", (("old", Quoted(old.name.text)), ("new", Quoted(new.name.text))))
    if old.title != new.title:
        yield Change(WORDS, "policy.title", (("old", Said(old.title)), ("new", Said(new.title))))
    was = {line.word: line for line in old.lines if line.word not in SEVERAL}
    now = {line.word: line for line in new.lines if line.word not in SEVERAL}
    for word in dict.fromkeys((*was, *now)):
        one, other = (_value(lines[word]) if word in lines else None for lines in (was, now))
        if one != other:
            computed = word in COMPUTED
            if computed and _heading(pairs.old, word) == _heading(pairs.new, word):
                continue  # what holds without the line is written out
            says = "added" if one is None else "removed" if other is None else "changed"
            terms = {"what": what(f"header.{word.replace(' ', '_')}"), "old": one, "new": other}
            told: dict[str, Term] = {name: term for name, term in terms.items() if term is not None}
            if says == "changed" and word == "in force":
                says, told = ("later" if str(other) > str(one) else "earlier"), {**told, "within": None}
            yield Change(
                RULES if computed else WORDS,
                says,
                tuple(told.items()),
                switch=("header", word) if computed else None,
            )
    yield from _several(old, new)


def _heading(of: Side, word: str) -> object:
    return getattr(of.program.heading, word.replace(" ", "_"))


def _several(old: tree.Header, new: tree.Header) -> Iterator[Change]:
    for word in SEVERAL:
        was, now = ([_value(line) for line in each.lines if line.word == word] for each in (old, new))
        for each in was:
            if each not in now:
                yield Change(WORDS, "removed.one", (("what", what(f"header.{word}")), ("old", each)))
        for each in now:
            if each not in was:
                yield Change(WORDS, "added.one", (("what", what(f"header.{word}")), ("new", each)))


def _value(line: tree.HeadLine) -> Term:
    told = term_of(line.value)
    if isinstance(line, tree.TranslationLine) and isinstance(told, Said):
        return Said(f"{line.language.text}: {told.text}")
    return told


def _departures(pairs: Pairs) -> Iterator[Change]:
    """Departures from the model that were made or are made no more, and the reasons given for them."""
    old = {each.article: each for each in pairs.old.program.departures}
    new = {each.article: each for each in pairs.new.program.departures}
    if not pairs.old.program.model or not pairs.new.program.model:
        return
    for article in dict.fromkeys((*old, *new)):
        was, now = old.get(article), new.get(article)
        made = now or was
        assert made is not None
        at = Address(made.node.number.number, made.node.number.suffix)
        if was is None or now is None:
            says = "departure.added" if was is None else "departure.removed"
            yield Change(WORDS, says, (("of", what(f"departure.{made.kind}")), ("article", at)), address=at)
        elif was.kind != now.kind:
            kinds = (("old", what(f"departure.{was.kind}")), ("new", what(f"departure.{now.kind}")), ("article", at))
            yield Change(WORDS, "departure.changed", kinds, address=at)
        elif _reasons(was) != _reasons(now):
            reasons = (("article", at), ("old", _reasons(was)), ("new", _reasons(now)))
            yield Change(WORDS, "departure.reason", reasons, address=at)


def _reasons(made: DepartureMade) -> Term:
    return Said(" ".join(note.text for note in made.node.notes)) if made.node.notes else None


def _parts(pairs: Pairs) -> Iterator[Change]:
    """Parts that are new, that fell away, or that have another heading."""
    old, new = (
        {part_of(law): law.part.partition(" ")[2] for law in each.program.law} for each in (pairs.old, pairs.new)
    )
    for number in dict.fromkeys((*old, *new)):
        was, now = old.get(number), new.get(number)
        if not number or was == now:
            continue
        if was is None or now is None:
            says = "part.added" if was is None else "part.removed"
            yield Change(WORDS, says, (("number", number), ("title", Said(now or was or ""))))
        else:
            yield Change(WORDS, "part.title", (("number", number), ("old", Said(was)), ("new", Said(now))))


# ---- examples ------------------------------------------------------------------------------------------------------


def examples(pairs: Pairs) -> Iterator[Change]:
    """Worked examples by their titles; they are tests, and decide nothing."""
    old, new = (_by_title(each) for each in (pairs.old, pairs.new))
    renamed = {
        title: next((other for other in old if other not in new and _same_example(old[other], new[title])), "")
        for title in new
        if title not in old
    }
    for title in dict.fromkeys((*new, *old)):
        was, now = old.get(title), new.get(title)
        if renamed.get(title):
            yield Change(EXAMPLES, "example.renamed", (("old", Said(renamed[title])), ("new", Said(title))))
            continue
        if title in renamed.values():
            continue
        terms: Terms = (("title", Said(title)),)
        if was is None or now is None:
            yield Change(EXAMPLES, "example.added" if was is None else "example.removed", terms)
            continue
        given = not tree.same(was.given, now.given) or not tree.same(was.at, now.at)
        expected = not tree.same(was.expect, now.expect)
        if given or expected:
            tail = ".both" if given and expected else ".given" if given else ".expected"
            yield Change(EXAMPLES, f"example.changed{tail}", terms)


def _same_example(one: tree.Example, other: tree.Example) -> bool:
    return tree.same((one.at, one.given, one.expect), (other.at, other.given, other.expect))


def _by_title(side_: Side) -> dict[str, tree.Example]:
    found: dict[str, tree.Example] = {}
    for example in side_.program.examples:
        title = example.title
        number = 2
        while title in found:
            title, number = f"{example.title} ({number})", number + 1
        found[title] = example
    return found
