"""The two texts side by side: their articles and provisions in pairs, whatever they are called and wherever they stand.

A provision is known by its name. One whose definition is the same under another name is a renamed one; an article with
the same content under another number is a renumbered one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field

from policy_dsl.compare.changes.record import Titled, titled
from policy_dsl.compare.changes.written import alike, remade
from policy_dsl.records import dataclass
from policy_dsl.resolve.adoption import Standing
from policy_dsl.resolve.articles import placed
from policy_dsl.resolve.program import CriterionOf, Entry, Law, Program
from policy_dsl.syntax import tree
from policy_dsl.values import Address

Numbered = tuple[str, int, str]
"""An article: its instrument (none for the policy's own), its number and what follows the number."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A provision where it stands. `each` is of whom an indicator is; `procedure` that of a step."""

    node: tree.Provision
    address: Address
    article: Numbered
    each: tree.Each | None = None
    procedure: str = ""

    @property
    def name(self) -> str:
        """Its name."""
        return self.node.name.text


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two texts: the program, its own header, its articles and its provisions in their order."""

    program: Program
    header: tree.Header
    articles: Mapping[Numbered, Law]
    items: tuple[Item, ...]
    names: Mapping[str, Titled]


def side(program: Program, header: tree.Header) -> Side:
    """A program as one of two sides."""
    articles = {number_of(law.address): law for law in program.law}
    items = tuple(item for law in program.law for item in items_of(law))
    return Side(program, header, articles, items, dict(_names(items)))


def number_of(address: Address) -> Numbered:
    """The article of an address."""
    return address.instrument, address.article, address.suffix


def items_of(law: Law) -> Iterator[Item]:
    """The provisions of an article; blocks of indicators and procedures one by one."""
    number = number_of(law.address)
    for line, address, _ in placed(Standing(law.node, law.part, law.origin, law.address.instrument)):
        match line:
            case tree.Indicators():
                yield from (Item(row, address, number, each=line.each) for row in line.rows)
            case tree.Procedure():
                yield Item(line, address, number)
                yield from (Item(step, address, number, procedure=line.name.text) for step in line.steps)
            case tree.Provision():
                yield Item(line, address, number)


def _names(items: Iterable[Item]) -> Iterator[tuple[str, Titled]]:
    for item in items:
        yield item.name, titled(item.node)
        if isinstance(item.node, tree.Criteria):
            yield from ((row.name.text, titled(row)) for row in item.node.rows)


# ---- pairs -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Pairs:
    """What of the old text is what of the new one. `renamed` gives, for a new name, the old one."""

    old: Side
    new: Side
    renamed: dict[str, str]
    articles: list[tuple[Law | None, Law | None]] = field(default_factory=list)
    items: list[tuple[Item | None, Item | None]] = field(default_factory=list)

    def numbers(self) -> dict[Numbered, Numbered]:
        """The new number of each article of the old text that has one."""
        return {
            number_of(old.address): number_of(new.address)
            for old, new in self.articles
            if old is not None and new is not None
        }


def paired(old: Side, new: Side) -> Pairs:
    """Both texts in pairs; the new one is told with the names of the old one."""
    renamed = _renamed(old, new)
    if renamed:
        new = with_names(new, renamed)
    pairs = Pairs(old, new, renamed)
    pairs.articles = _articles(old, new)
    pairs.items = _items(pairs)
    return pairs


def _items(pairs: Pairs) -> list[tuple[Item | None, Item | None]]:
    """Provisions of one name; where several have it, those of one article first."""
    numbers = pairs.numbers()
    waiting: dict[str, list[Item]] = {}
    for item in pairs.new.items:
        waiting.setdefault(item.name, []).append(item)
    found: list[tuple[Item | None, Item | None]] = []
    left: list[Item] = []
    for item in pairs.old.items:
        others = waiting.get(item.name, [])
        at_home = [each for each in others if each.article == numbers.get(item.article)]
        if at_home:
            others.remove(at_home[0])
            found.append((item, at_home[0]))
        else:
            left.append(item)
    for item in left:
        others = waiting.get(item.name, [])
        found.append((item, others.pop(0) if others else None))
    rest = {id(item) for others in waiting.values() for item in others}
    found += [(None, item) for item in pairs.new.items if id(item) in rest]
    return found


def _articles(old: Side, new: Side) -> list[tuple[Law | None, Law | None]]:
    """Articles in pairs, in the order of the new text; those that fell away stand where they stood."""
    found: dict[Numbered, Numbered] = {}
    _match(old, new, found, lambda one, other: one == other and _same_article(old.articles[one], new.articles[other]))
    _match(old, new, found, lambda one, other: _same_article(old.articles[one], new.articles[other]))
    _match(old, new, found, lambda one, other: one == other and _kin(old.articles[one], new.articles[other]) > 0)
    _closest(old, new, found)
    _match(old, new, found, lambda one, other: one == other)
    back = {now: before for before, now in found.items()}
    pairs: list[tuple[Law | None, Law | None]] = [
        (old.articles[back[now]] if now in back else None, law) for now, law in new.articles.items()
    ]
    pairs += [(law, None) for before, law in old.articles.items() if before not in found]
    return sorted(pairs, key=_place)


def _place(pair: tuple[Law | None, Law | None]) -> tuple[str, object, bool]:
    law = pair[1] or pair[0]
    assert law is not None
    return law.address.instrument, law.address.sort_key, pair[1] is None


def _match(old: Side, new: Side, found: dict[Numbered, Numbered], fits: object) -> None:
    assert callable(fits)
    taken = set(found.values())
    for one in old.articles:
        if one in found:
            continue
        other = next(
            (each for each in new.articles if each not in taken and each[0] == one[0] and fits(one, each)), None
        )
        if other is not None:
            found[one] = other
            taken.add(other)


def _closest(old: Side, new: Side, found: dict[Numbered, Numbered]) -> None:
    """Articles of other numbers that have most in common, and at least half of what they name."""
    taken = set(found.values())
    close = [
        (-_kin(old.articles[one], new.articles[other]), at, one, other)
        for at, one in enumerate(old.articles)
        for other in new.articles
        if one not in found and other not in taken and one[0] == other[0]
    ]
    for kin, _, one, other in sorted(close, key=lambda each: each[:2]):
        if kin <= -0.5 and one not in found and other not in found.values():
            found[one] = other


def _same_article(one: Law, other: Law) -> bool:
    """Whether two articles say and compute the same, but for their number and place."""
    return one.title == other.title and tree.same(one.node.lines, other.node.lines)


def _kin(one: Law, other: Law) -> float:
    """How much two articles have in common: of the names that they give, or where they give none, of their words."""
    ours, theirs = ({item.name for item in items_of(law)} for law in (one, other))
    if ours or theirs:
        common = len(ours & theirs) / len(ours | theirs)
        return max(common, 0.5 if one.title == other.title else 0)
    words, others = (set(_words(law)) for law in (one, other))
    common = len(words & others) / max(len(words | others), 1)
    return max(common, 0.6 if one.title == other.title else 0)


def _words(law: Law) -> Iterator[str]:
    for line in law.node.lines:
        if isinstance(line, tree.Prose):
            yield from line.text.lower().split()


# ---- other names -----------------------------------------------------------------------------------------------------


def _renamed(old: Side, new: Side) -> dict[str, str]:
    """For each new name the old one under which the same was defined."""
    gone = [item for item in old.items if item.name not in new.names]
    come = [item for item in new.items if item.name not in old.names]
    found: dict[str, str] = {}
    before: dict[str, str] | None = None
    while before != found:
        before = dict(found)
        told = with_names(new, found) if found else new
        for item in come:
            if item.name in found:
                continue
            now = next(each for each in told.items if each.name == item.name)
            fits = [each for each in gone if each.name not in found.values() and _one_thing(each, now)]
            if len(fits) == 1:
                found[item.name] = fits[0].name
    found |= dict(_renamed_criteria(old, with_names(new, found) if found else new))
    return found


def _one_thing(old: Item, new: Item) -> bool:
    """Whether one definition stands under two names. What many share (a mere type) must have its title in common."""
    if type(old.node) is not type(new.node) or not alike(old.each, new.each):
        return False
    if not alike(remade(old.node, name=None, steps=()), remade(new.node, name=None, steps=())):
        return False
    if old.node.title and old.node.title == new.node.title:
        return True
    told = isinstance(old.node, tree.Indicator | tree.Participant | tree.Procedure)
    return not told and sum(1 for _ in tree.walk(old.node)) > 5


def _renamed_criteria(old: Side, new: Side) -> Iterator[tuple[str, str]]:
    theirs = {item.name: item.node for item in new.items if isinstance(item.node, tree.Criteria)}
    for item in old.items:
        other = theirs.get(item.name)
        if not isinstance(item.node, tree.Criteria) or other is None:
            continue
        gone = [row for row in item.node.rows if row.name.text not in new.names]
        come = [row for row in other.rows if row.name.text not in old.names]
        for row in come:
            fits = [
                each
                for each in gone
                if alike(remade(each, name=None, weight=None), remade(row, name=None, weight=None))
            ]
            if len(fits) == 1:
                yield row.name.text, fits[0].name.text


def with_names(side_: Side, names: Mapping[str, str]) -> Side:
    """A text with other names, wherever they stand."""
    program = side_.program
    meant = {
        node
        for node, ref in program.refs.items()
        if (isinstance(ref, Entry) and ref.node.name.text in names and ref.parent is None)
        or (isinstance(ref, CriterionOf) and ref.row.name.text in names)
    }
    declared = {item.node.name for item in side_.items if item.name in names}
    declared |= {
        row.name
        for item in side_.items
        if isinstance(item.node, tree.Criteria)
        for row in item.node.rows
        if row.name.text in names
    }
    made = _Renaming(names, meant | declared)
    law = tuple(
        Law(each.part, each.address, each.title, made.of(each.node), each.origin)  # type: ignore[arg-type]
        for each in program.law
    )
    articles = {number_of(each.address): each for each in law}
    items = tuple(item for each in law for item in items_of(each))
    return Side(program, side_.header, articles, items, dict(_names(items)))


class _Renaming:
    def __init__(self, names: Mapping[str, str], nodes: Iterable[tree.Node]) -> None:
        self.names, self.nodes = names, set(nodes)

    def of(self, value: object) -> object:
        if isinstance(value, tuple):
            made = tuple(self.of(each) for each in value)
            return made if any(one is not other for one, other in zip(made, value, strict=True)) else value
        if not isinstance(value, tree.Node):
            return value
        if value in self.nodes:
            name = _named(value)
            return remade(value, **{name: self.names[getattr(value, name)]}) if name else self._inside(value)
        return self._inside(value)

    def _inside(self, node: tree.Node) -> tree.Node:
        fields = {each: getattr(node, each) for each in type(node)._fields}
        made = {each: self.of(value) for each, value in fields.items()}
        changed = {each: value for each, value in made.items() if value is not fields[each]}
        return remade(node, **changed) if changed else node


def _named(node: tree.Node) -> str:
    return "text" if isinstance(node, tree.Name | tree.Ident) else ""
