"""The text as it stands: a policy's own articles, or a model's with the departures from it.

`based on` takes a whole model, itself perhaps based on another, and states departures only. Header lines and examples
are the new policy's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field

from policy_dsl.diagnostics import Related
from policy_dsl.records import dataclass
from policy_dsl.resolve.files import Files
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.program import DepartureMade
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.values import Address

Numbered = tuple[int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """An article as it stands. `origin` is the policy whose words it is; `adopted` tells that it comes from a model."""

    article: tree.Article
    part: str
    origin: str
    instrument: str = ""
    adopted: bool = False

    @property
    def address(self) -> Address:
        """The article's address, without paragraphs."""
        return Address(self.article.number.number, self.article.number.suffix, (), self.instrument)


@dataclass(slots=True)
class Body:
    """A policy's articles in their order, and what is known about how they came to stand.

    `gone` gives, for each name that a departure took away, the departure; `loose` are names that unreadable blocks seem
    to give. An `open` body lacks a file: what it does not name may stand there. A `damaged` one has blocks that could
    not be read.
    """

    name: str
    standing: list[Standing] = field(default_factory=list)
    uses: list[tree.HeadLine] = field(default_factory=list)
    examples: list[tree.Example] = field(default_factory=list)
    departures: list[DepartureMade] = field(default_factory=list)
    gone: dict[str, tree.Departure] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    model: str = ""
    open: bool = False
    damaged: bool = False


def assemble(file: tree.PolicyFile, files: Files, findings: Findings, trail: tuple[str, ...] = ()) -> Body:
    """The articles of a file as they stand, with its model adopted. `trail` are the files that led here."""
    header = file.header
    body = Body(name=header.name.text if header else "")
    lines = header.lines if header else ()
    body.uses = [line for line in lines if line.word == "use"]
    based = next((line for line in lines if line.word == "based on"), None)
    if based is not None:
        _adopt(body, based, files, findings, (*trail, file.span.source.name))
    _own_items(body, file, based, findings)
    body.standing.sort(key=lambda each: each.address.sort_key)
    return body


def _adopt(body: Body, based: tree.HeadLine, files: Files, findings: Findings, trail: tuple[str, ...]) -> None:
    found = files.read(based, trail)
    if found is None:
        body.open = True
        return
    model = assemble(found.tree, files, findings, trail)
    body.model = model.name
    body.uses = model.uses + body.uses
    body.gone = model.gone
    body.loose |= model.loose
    body.open = model.open
    body.damaged = model.damaged
    for each in model.standing:
        body.standing.append(Standing(each.article, each.part, each.origin, each.instrument, adopted=True))


def _own_items(body: Body, file: tree.PolicyFile, based: tree.HeadLine | None, findings: Findings) -> None:
    part = ""
    departed: dict[Numbered, tree.Departure] = {}
    for item in file.items:
        match item:
            case tree.Part():
                part = f"{item.number} {item.title}"
            case tree.Article() if based is None:
                body.standing.append(Standing(item, part, body.name))
            case tree.Article():
                number = item.number
                findings.add("PD233", number.span, _address(number), number=str(number), model=body.model)
                _in_place_of(body, item)
                body.standing.append(Standing(item, part, body.name))
            case tree.Departure() if based is None:
                findings.add("PD232", _opening(item), _address(item.number), kind=item.kind, number=str(item.number))
                if item.article is not None:
                    body.standing.append(Standing(item.article, part, body.name))
            case tree.Departure():
                _depart(body, item, part, departed, findings)
            case tree.Example():
                body.examples.append(item)
            case tree.Broken():
                body.loose.update(item.declares)
                body.damaged = findings.torn = True


def _depart(
    body: Body, departure: tree.Departure, part: str, departed: dict[Numbered, tree.Departure], findings: Findings
) -> None:
    number = departure.number
    key = (number.number, number.suffix)
    if key in departed:
        related = (Related(departed[key].number.span, "the first departure stands here"),)
        findings.add("PD238", number.span, _address(number), related, number=str(number))
        if departure.article is not None:
            _in_place_of(body, departure.article)
            body.standing.append(Standing(departure.article, part, body.name))
        return
    departed[key] = departure
    old = next((each for each in body.standing if _key(each) == key and each.adopted), None)
    _check(body, departure, old, findings)
    if old is not None and departure.kind == "add" and departure.article is not None:
        _in_place_of(body, departure.article)
    elif old is not None:
        body.standing.remove(old)
        body.gone.update((name.text, departure) for name in names_in(old.article))
    if departure.article is not None:
        place = part or (old.part if old else _part_before(body, key))
        body.standing.append(Standing(departure.article, place, body.name))
    body.departures.append(
        DepartureMade(
            kind=departure.kind,
            article=str(_address(number)),
            title=departure.article.title if departure.article else "",
            old_title=old.article.title if old else "",
            reason=next((note.text for note in departure.notes if note.kind == "because"), ""),
            node=departure,
        )
    )


def _in_place_of(body: Body, article: tree.Article) -> None:
    """An article that should have said so takes the place of one with its number and some of its names.

    What else the old one named is not missed, so that nothing but the cause is reported.
    """
    names = {name.text for name in names_in(article)}
    for each in list(body.standing):
        theirs = {name.text for name in names_in(each.article)}
        if str(each.article.number) == str(article.number) and (names & theirs or not each.adopted):
            body.standing.remove(each)
            body.loose |= theirs - names


def _check(body: Body, departure: tree.Departure, old: Standing | None, findings: Findings) -> None:
    number = departure.number
    if body.open or (old is None) == (departure.kind == "add"):
        return
    if old is None:
        mend = f"write `add article {number}` for a new article" if departure.kind == "replace" else ""
        findings.add(
            "PD234",
            number.span,
            _address(number),
            mend=mend,
            kind=departure.kind,
            number=str(number),
            model=body.model,
        )
        return
    related = (Related(old.article.number.span, "the model's article stands here"),)
    findings.add("PD235", number.span, _address(number), related, number=str(number), model=body.model)


def names_in(article: tree.Article) -> Iterator[tree.Ident]:
    """The names that an article gives, apart from local definitions."""
    return names_of(article.lines)


def names_of(lines: Iterable[tree.Node]) -> Iterator[tree.Ident]:
    """The names that lines of an article give, apart from local definitions."""
    for line in lines:
        match line:
            case tree.Indicators():
                yield from (row.name for row in line.rows)
            case tree.Procedure():
                yield line.name
                yield from (step.name for step in line.steps)
            case tree.Criteria():
                yield line.name
                yield from (row.name for row in line.rows)
            case tree.Fund():
                yield line.name
                yield from (row.name for row in line.suspends)
            case tree.Provision():
                yield line.name
            case _:
                pass


def _part_before(body: Body, key: Numbered) -> str:
    before = [each for each in body.standing if _key(each) < key]
    return max(before, key=lambda each: each.address.sort_key).part if before else ""


def _key(standing: Standing) -> Numbered:
    return standing.article.number.number, standing.article.number.suffix


def _address(number: tree.ArticleNumber) -> Address:
    return Address(number.number, number.suffix)


def _opening(departure: tree.Departure) -> Span:
    return departure.span._replace(end=departure.span.start + len(departure.kind))
