"""What changed between two policies: the header, article by article, provision by provision; the examples apart."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.compare.changes.provisions import Told, renumbered
from policy_dsl.compare.changes.record import (
    ORDER,
    PLACE,
    RULES,
    WORDS,
    Change,
    Quoted,
    Said,
    Term,
    titled,
    what,
)
from policy_dsl.compare.changes.sides import Item, Pairs, number_of, paired, side
from policy_dsl.compare.changes.whole import Terms, examples, part_of, whole
from policy_dsl.compare.changes.wording import word_changes
from policy_dsl.compare.changes.written import alike, canonical, remade, term_of
from policy_dsl.receipts.rules import seals
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Law, Program
from policy_dsl.syntax import tree
from policy_dsl.values import Address


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """All that changed, in the order of the new text, and both texts in pairs."""

    found: tuple[Change, ...]
    pairs: Pairs

    def of(self, *sorts: str) -> tuple[Change, ...]:
        """The changes of these sorts."""
        return tuple(each for each in self.found if each.sort in sorts)


def changes(old: Program, new: Program, headers: tuple[tree.Header, tree.Header]) -> Changes:
    """What changed between two policies. `headers` are their own first lines."""
    pairs = paired(side(old, headers[0]), side(new, headers[1]))
    found = [*whole(pairs)]
    by_article = _Articles(pairs)
    sealed = [{seal.article: seal.rules for seal in seals(each)} for each in (old, new)]
    for was, now in pairs.articles:
        told = by_article.of(was, now)
        found += told
        if was is None or now is None or pairs.renamed or any(each.sort in (RULES, ORDER) for each in told):
            continue
        if not by_article.holds_the_same(was, now):
            continue
        if sealed[0][str(was.address)] != sealed[1][str(now.address)]:
            found.append(Change(ORDER, "arranged", (), address=now.address))
    return Changes((*found, *examples(pairs)), pairs)


# ---- articles ------------------------------------------------------------------------------------------------------


class _Articles:
    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.numbers = {
            str(was.address): str(now.address)
            for was, now in pairs.articles
            if was is not None and now is not None and not was.address.instrument
        }
        self.moved = _out_of_order(pairs)
        self.parts = tuple(frozenset(map(part_of, each.program.law)) - {""} for each in (pairs.old, pairs.new))
        self.names = {**pairs.old.names, **pairs.new.names}
        self.renamed = {old: new for new, old in pairs.renamed.items()}
        self.keys = keys(pairs)
        self.by_new = {id(new): old for old, new in pairs.items if new is not None}
        self.by_old = {id(old): new for old, new in pairs.items if old is not None}

    def of(self, was: Law | None, now: Law | None) -> list[Change]:
        """What changed in one article."""
        if was is None:
            assert now is not None
            return self._whole(now, "article.added")
        if now is None:
            return self._whole(was, "article.removed")
        inside = [*self._words(was, now), *self._provisions(was, now)]
        return [*self._place(was, now, unchanged=not inside), *inside]

    def holds_the_same(self, was: Law, now: Law) -> bool:
        """Whether no provision came to an article or left it."""
        before, here = number_of(was.address), number_of(now.address)
        pairs = [
            (old, new)
            for old, new in self.pairs.items
            if (old and old.article == before) or (new and new.article == here)
        ]
        return all(old and new and old.article == before and new.article == here for old, new in pairs)

    def _whole(self, law: Law, says: str) -> list[Change]:
        """An article that is new, or that fell away, with what it holds and held."""
        side_ = self.pairs.new if says == "article.added" else self.pairs.old
        own = [item for item in side_.items if item.article == number_of(law.address)]
        partner = self.by_new if says == "article.added" else self.by_old
        alone = [item for item in own if partner.get(id(item)) is None]
        switch = ("article", says, *map(str, number_of(law.address))) if alone else None
        terms: Terms = (("article", _number(law)), ("title", Said(law.title)))
        held = tuple(titled(item.node) for item in alone if not isinstance(item.node, tree.Procedure))
        if held:
            terms = (*terms, ("held", held))
        whole = Change(RULES, says + (".held" if held else ""), terms, address=law.address, switch=switch)
        return [whole, *(each for item in own if partner.get(id(item)) is not None for each in self._came(item, says))]

    def _came(self, item: Item, says: str) -> Iterator[Change]:
        """A provision that came to a new article from another one."""
        if says == "article.added":
            old = self.by_new[id(item)]
            assert old is not None
            yield from self._pair(old, item)

    def _place(self, was: Law, now: Law, *, unchanged: bool) -> Iterator[Change]:
        tail = ".unchanged" if unchanged else ""
        if was.address != now.address:
            terms = (("old", _number(was)), ("new", _number(now)))
            yield Change(RULES, f"article.renumbered{tail}", terms, address=now.address)
        elif id(now) in self.moved:
            yield Change(PLACE, f"article.moved{tail}", (("article", _number(now)),), address=now.address)
        one, other = part_of(was), part_of(now)
        if one != other and one in self.parts[1] | {""} and other in self.parts[0] | {""}:
            moved: Terms = (("article", _number(now)), ("old", one or None), ("new", other or None))
            yield Change(WORDS, f"article.part{tail}", moved, address=now.address)
        if was.title != now.title:
            titles = (("old", Said(was.title)), ("new", Said(now.title)))
            yield Change(WORDS, "article.title", titles, address=now.address)

    def _words(self, was: Law, now: Law) -> Iterator[Change]:
        old, new = (_paragraphs(law) for law in (was, now))
        for number in dict.fromkeys((*old, *new)):
            before, after = old.get(number), new.get(number)
            address = Address(
                now.address.article, now.address.suffix, (number,) if number is not None else (), now.address.instrument
            )
            where: Term = what("words") if number is None else what("paragraph", number=number)
            sort = RULES
            if before is None and after is not None:
                yield Change(sort, "words.added", (("what", where), ("new", Said(after))), address=address)
            elif after is None and before is not None:
                yield Change(sort, "words.removed", (("what", where), ("old", Said(before))), address=now.address)
            elif before is not None and after is not None and before != after:
                for one, other in word_changes(before, after):
                    terms = (("what", where), ("old", one), ("new", other))
                    yield Change(WORDS, "words.changed", terms, address=address)

    # ---- provisions ------------------------------------------------------------------------------------------------

    def _provisions(self, was: Law, now: Law) -> Iterator[Change]:
        here, before = number_of(now.address), number_of(was.address)
        for item in self.pairs.old.items:
            if item.article == before and self.by_old.get(id(item)) is None:
                switch = ("item", self.keys[id(item)])
                terms: Terms = ()
                if not isinstance(item.node, tree.Procedure):
                    yield Change(RULES, f"item.removed.{_kind(item)}", terms, titled(item.node), item.address, switch)
        for item in self.pairs.new.items:
            if item.article != here:
                continue
            old = self.by_new.get(id(item))
            if old is not None:
                yield from self._pair(old, item)
            elif not isinstance(item.node, tree.Procedure):
                switch = ("item", self.keys[id(item)])
                terms = tuple(_what_it_says(item))
                says = f"item.added.{_kind(item)}"
                yield Change(RULES, says, terms, titled(item.node), item.address, switch)
        yield from self._order(was, now)

    def _pair(self, old: Item, new: Item) -> Iterator[Change]:
        title = titled(new.node)
        if new.name in self.renamed:
            terms: Terms = (
                ("old", Quoted(old.name)),
                ("new", Quoted(self.renamed[new.name])),
            )
            yield Change(RULES, "item.renamed", terms, title, new.address)
        inside = Told(old, new, self.names, self.numbers, self.keys[id(old)]).all()
        if isinstance(new.node, tree.Criteria):
            inside = [*self._criteria_renamed(new, title), *inside]
        home = renumbered(str(Address(old.address.article, old.address.suffix)), self.numbers)
        then = Address(new.address.article, new.address.suffix)
        tail = "" if inside else ".unchanged"
        if home != str(then) or old.address.instrument != new.address.instrument:
            yield Change(RULES, f"item.moved{tail}", (("old", old.address), ("new", new.address)), title, new.address)
        elif old.address.paragraphs != new.address.paragraphs:
            terms = (("old", old.address), ("new", new.address))
            yield Change(RULES, f"item.paragraph{tail}", terms, title, new.address)
        if old.procedure != new.procedure and not isinstance(new.node, tree.Procedure):
            terms = (("old", Quoted(old.procedure)), ("new", Quoted(new.procedure)))
            yield Change(ORDER, "step.procedure", terms, title, new.address)
        if not inside and not alike(remade(old.node, steps=()), remade(new.node, steps=())):
            # No statement of its own: the whole is shown, so that nothing can change unseen.
            terms = (("old", Quoted(canonical(old.node))), ("new", Quoted(canonical(new.node))))
            inside = [Change(RULES, "other", terms, title, new.address, ("whole", self.keys[id(old)]))]
        yield from inside

    def _criteria_renamed(self, new: Item, title: object) -> Iterator[Change]:
        assert isinstance(new.node, tree.Criteria)
        for row in new.node.rows:
            if row.name.text in self.renamed:
                terms: Terms = (
                    ("old", Quoted(row.name.text)),
                    ("new", Quoted(self.renamed[row.name.text])),
                )
                yield Change(RULES, "criterion.renamed", terms, titled(new.node), new.address)

    def _order(self, was: Law, now: Law) -> Iterator[Change]:
        """Whether what stands in both texts of an article stands in the same order in them."""
        before = {id(item): at for at, item in enumerate(self.pairs.old.items)}
        olds = [
            (item, self.by_new.get(id(item))) for item in self.pairs.new.items if item.article == number_of(now.address)
        ]
        kept = [
            (before[id(old)], new)
            for new, old in olds
            if old is not None and old.article == number_of(was.address) and old.procedure == new.procedure
        ]
        places = [at for at, _ in kept]
        if places == sorted(places):
            return
        stay = _longest_rising(places)
        moved = tuple(titled(new.node) for at, new in kept if at not in stay)
        yield Change(ORDER, "items.moved", (("moved", moved),), address=now.address)


def _number(law: Law) -> str:
    """The number of an article, with what follows it, and of another instrument with its name."""
    return str(law.address).removeprefix("Art. ")


def keys(pairs: Pairs) -> dict[int, str]:
    """What each provision is known by in switches: its name, and where several have it a number after it."""
    found: dict[int, str] = {}
    counted: dict[str, int] = {}
    for old, new in pairs.items:
        item = old or new
        assert item is not None
        counted[item.name] = counted.get(item.name, 0) + 1
        key = item.name if counted[item.name] == 1 else f"{item.name}#{counted[item.name]}"
        for each in (old, new):
            if each is not None:
                found[id(each)] = key
    return found


def _paragraphs(law: Law) -> dict[int | None, str]:
    """The words of an article by paragraph; those without a number together."""
    found: dict[int | None, str] = {}
    for line in law.node.lines:
        if isinstance(line, tree.Prose):
            before = found.get(line.paragraph)
            found[line.paragraph] = line.text if before is None else f"{before} {line.text}"
    return found


def _kind(item: Item) -> str:
    return item.node.kind if isinstance(item.node, tree.SetOf) else type(item.node).__name__.lower()


def _what_it_says(item: Item) -> Iterator[tuple[str, Term]]:
    """What a new provision says in short: the figure of a parameter, the value of a definition."""
    node = item.node
    match node:
        case tree.Parameter(value=tree.Expr() as value):
            yield "value", term_of(value)
        case tree.Define(value=value):
            yield "value", term_of(value)
        case tree.Guarantee(promise=tree.Expr() as promise):
            yield "value", term_of(promise)
        case _:
            yield "value", None


def _out_of_order(pairs: Pairs) -> frozenset[int]:
    """Articles that stand at another place in the text, as far as both texts hold them."""
    found: set[int] = set()
    both = [(was, now) for was, now in pairs.articles if was is not None and now is not None]
    sources: dict[tuple[str, str], list[tuple[Law, Law]]] = {}
    for was, now in both:
        sources.setdefault((was.origin, now.origin), []).append((was, now))
    for those in sources.values():
        in_old = sorted(those, key=lambda pair: pair[0].node.span.start)
        places = {id(now): at for at, (_, now) in enumerate(in_old)}
        in_new = [now for _, now in sorted(those, key=lambda pair: pair[1].node.span.start)]
        order = [places[id(now)] for now in in_new]
        stay = _longest_rising(order)
        found |= {id(now) for now, at in zip(in_new, order, strict=True) if at not in stay}
    return frozenset(found)


def _longest_rising(places: list[int]) -> frozenset[int]:
    """The most places that rise from first to last: what need not be moved."""
    best: list[tuple[int, ...]] = []
    for at in places:
        lower = [run for run in best if run[-1] < at]
        before = max(lower, key=len) if lower else ()
        best.append((*before, at))
    longest = max(best, key=len) if best else ()
    return frozenset(longest)


__all__ = ["Changes", "changes", "keys"]
