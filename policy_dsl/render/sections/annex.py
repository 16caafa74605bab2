"""The annexes: every value's derivation in full, each told once, and the rules as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.evaluate.decision import Decision
from policy_dsl.evaluate.derivation import Derived, walk_all
from policy_dsl.explain.argument import Given
from policy_dsl.explain.reading import LEAVES
from policy_dsl.explain.trees import Level, tree
from policy_dsl.render import words
from policy_dsl.render.derivations import twig
from policy_dsl.render.document import Block, Line, Section, Span, Tree, Twig, Verbatim
from policy_dsl.render.languages import adopted, authentic_language, original
from policy_dsl.render.sections import wording
from policy_dsl.render.sections.matter import Matter, known
from policy_dsl.render.titles import article_anchor, instrument_line, title_line
from policy_dsl.resolve.program import Entry, Law
from policy_dsl.values import Address


def told_values(decision: Decision) -> tuple[Derived, ...]:
    """The values whose derivations are told, in the order of the articles and of the members' codes."""
    tops = [*decision.values.values(), *(row.final for shared in decision.shares for row in shared.rows)]
    tops += [shared.total for shared in decision.shares]
    none = {id(row.final) for shared in decision.shares for row in shared.rows if row.outside and known(row.final) == 0}
    found = [here for here in walk_all(tops) if id(here) not in none and _is_made(here)]
    order = {id(entry): place for place, entry in enumerate(decision.program.entries.values())}
    return tuple(sorted(found, key=lambda each: (order.get(id(each.entry), len(order)), each.subject)))


def _is_made(here: Derived) -> bool:
    """Whether a value has a name and was calculated."""
    return (
        here.entry is not None and here.op not in LEAVES and bool(here.of) and here.entry.kind not in ("step", "tier")
    )


def anchors(told: tuple[Derived, ...]) -> dict[int, str]:
    """The anchor of each value told in the annex; one name may have several values, each among other members."""
    found: dict[int, str] = {}
    used: dict[str, int] = {}
    for each in told:
        assert each.entry is not None
        name = "-".join(["value", each.entry.name, *each.subject]).replace("_", "-")
        used[name] = used.get(name, 0) + 1
        found[id(each)] = name if used[name] == 1 else f"{name}-{used[name]}"
    return found


def derivations(matter: Matter) -> Section | None:
    """Every derivation in full: a named value inside another leads to its own."""
    parts: list[Block] = []
    told: set[object] = set()
    current: tuple[Entry, list[Twig]] | None = None
    for value in matter.told:
        assert value.entry is not None
        if current is None or current[0] is not value.entry:
            if current is not None:
                parts.append(_part(*current))
            current = (value.entry, [])
        grown = tree(value, Level.FULL, stop=_told_elsewhere, told=told)
        made = twig(grown, matter.anchor)
        current[1].append(Twig(made.line, made.twigs, matter.anchor(value)))
    if current is not None:
        parts.append(_part(*current))
    return Section(words.text("section.derivations"), tuple(parts), anchor="derivations") if parts else None


def _told_elsewhere(here: Derived) -> bool:
    """Named values have their own place; facts and agreed figures are told where they are used."""
    return here.entry is not None and here.op not in LEAVES and bool(here.of)


def _part(entry: Entry, twigs: list[Twig]) -> Section:
    return Section(words.text("colon", name=entry.address, value=title_line(entry)), (Tree(tuple(twigs)),))


def rules(matter: Matter) -> Section | None:
    """The text of the rules, article by article, as it stands after adoption."""
    program = matter.decision.program
    own = program.heading.name if program.model else ""
    authentic = wording.authentic(program)
    blocks = (*authentic, *_articles(program.law, own, chosen=bool(program.taken))) if program.law else ()
    return Section(words.text("section.rules"), blocks, anchor="rules") if blocks else None


def _articles(law: tuple[Law, ...], own: str, *, chosen: bool) -> Iterator[Block]:
    """Each article; where rules adopt a model or use another instrument, with that which an article comes from.

    `chosen` tells that alternatives of a draft were, so that an article does not read as it is written.
    """
    part = ""
    for article in law:
        address: Address = article.address
        number = str(Address(address.article, address.suffix)).removeprefix("Art. ")
        from_elsewhere = address.instrument or (article.origin if own and article.origin != own else "")
        origin = instrument_line(from_elsewhere) if from_elsewhere else ()
        title = words.text("law.head", number=Given(number), title=_title(article), origin=origin)
        if article.part and article.part != part:
            part = article.part
            title = (*_part_title(part, article), Span(" · "), *title)
        text = _dedented(_as_read(article) if chosen else article.node.span.text)
        yield Section(
            title,
            (Verbatim(text, authentic_language(article.node)),),
            anchor=article_anchor(Address(address.article, address.suffix, (), address.instrument)),
        )


def _as_read(article: Law) -> str:
    from policy_dsl.resolve.alternatives import as_read

    return as_read(article.node)


def _title(article: Law) -> Line:
    said = adopted().of(article.node) or article.title
    return (Span(said, "given", language=original(article.node)),) if said else ()


def _part_title(part: str, article: Law) -> Line:
    """The heading of a part, in the language of the article that it stands over where it has no other."""
    said = adopted().parts.get(part)
    return (Span(said or part, "given", language="" if said else original(article.node)),)


def _dedented(text: str) -> str:
    """The article without its own heading line and the indentation common to the rest."""
    lines = [line.rstrip() for line in text.expandtabs(2).splitlines()][1:]
    while lines and not lines[-1]:
        lines.pop()
    margin = min((len(line) - len(line.lstrip()) for line in lines if line), default=0)
    return "\n".join(line[margin:] for line in lines)
