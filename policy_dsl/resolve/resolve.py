"""From a tree to a program: names bound, a model adopted, precedence drawn, dependencies known."""

from __future__ import annotations

from collections.abc import Iterable

from policy_dsl.diagnostics import Problem, Related
from policy_dsl.records import dataclass
from policy_dsl.resolve import articles, runs, unused
from policy_dsl.resolve.adoption import Body, Standing, assemble
from policy_dsl.resolve.binding import Binder
from policy_dsl.resolve.examples import bind_example
from policy_dsl.resolve.files import Files, Load
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.heading import heading
from policy_dsl.resolve.languages import worded
from policy_dsl.resolve.names import Names, collect, said_twice
from policy_dsl.resolve.order import check_circles, dependencies
from policy_dsl.resolve.precedence import Precedence, check_reference, draw, read_reference
from policy_dsl.resolve.program import CriterionOf, Entry, Heading, Law, Program
from policy_dsl.resolve.provisions import bind_entry
from policy_dsl.resolve.reserved import check_reserved
from policy_dsl.resolve.scopes import Table
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.resolve.uses import brought_in
from policy_dsl.syntax import Parsed, tree
from policy_dsl.values import Address


@dataclass(frozen=True, slots=True)
class Resolved:
    """A program, as complete as the text allows, and what is wrong; no program where there is no readable header."""

    program: Program | None
    problems: tuple[Problem, ...]


def resolve(parsed: Parsed, load: Load) -> Resolved:
    """Resolve a policy. `load(path, relative_to)` gives the text of another file, or none where it is missing."""
    file = parsed.tree
    if file.header is None:
        return Resolved(None, ())
    findings = Findings(file.span.source)
    files = Files(file, load, findings)
    body = assemble(file, files, findings)
    used = list(brought_in(body, files, findings, (file.span.source.name,)))
    articles.check_parts(file, findings)
    standing = articles.check_numbers([*body.standing, *used], findings)
    for each in standing:
        articles.check_paragraphs(each, findings)
    program = _program(file, file.header, body, standing, files, findings)
    problems = (*files.problems, *findings.in_order(files.sources))
    return Resolved(program, problems)


def resolve_articles(header: tree.Header, standing: Iterable[Standing]) -> Resolved:
    """A policy from its header and the articles as they stand, wherever they come from; no other file is read."""
    file = tree.PolicyFile(header.span, header, (), ())
    findings = Findings(header.span.source)
    files = Files(file, lambda path, source: None, findings)
    program = _program(
        file, header, Body(name=header.name.text), articles.check_numbers([*standing], findings), files, findings
    )
    return Resolved(program, findings.in_order(files.sources))


def _program(
    file: tree.PolicyFile,
    header: tree.Header,
    body: Body,
    standing: tuple[Standing, ...],
    files: Files,
    findings: Findings,
) -> Program:
    names = collect(standing, findings)
    suspensions = _suspensions(names)
    known = {each.address: _paragraphs(each.article) for each in standing}
    drawn = draw(names.candidates, known, findings)
    entries = _with_locals(drawn, names)
    table = _table(body, names, entries, _rows(drawn.entries, findings))
    calendars = [name for name, entry in entries.items() if entry.kind == "calendar"]
    head = heading(header, (*calendars, *sorted(table.loose)), findings)
    binder = Binder(table, body.gone, findings)
    for entry in entries.values():
        if entry.parent is None:
            bind_entry(binder, entry)
    examples = _examples(body, names)
    for example, address in examples:
        bind_example(binder, example, address)
        _check_grounds(example, address, known, findings)
    _left_behind(binder, findings)
    _codes(binder, head, findings)
    uses = [use for use in binder.uses if use.owner]
    graph = check_circles(entries, uses, (whole := dependencies(entries, uses)), drawn.prevails, findings)
    check_reserved(entries, uses, graph, findings)
    ranges = runs.runs(entries, uses, binder.bare, findings)
    if not (table.open or body.damaged or names.damaged):
        unused.check_unused(entries, uses, drawn.prevails, {head.calendar, *binder.meant}, names.adopted, findings)
    return Program(
        heading=head,
        source=file.span.source,
        sources=tuple(files.sources),
        law=tuple(Law(each.part, each.address, each.article.title, each.article, each.origin) for each in standing),
        entries=entries,
        refs=binder.refs,
        address_of=names.address_of,
        tiers=tuple(entry for entry in entries.values() if entry.kind == "tier"),
        examples=tuple(example for example, _ in examples),
        prevails=drawn.prevails,
        depends=_depends(entries, binder, whole, ranges, drawn),
        runs=ranges,
        model=body.model,
        departures=tuple(body.departures),
        over=drawn.over,
        row_prevails=drawn.rows,
        suspensions=suspensions,
        worded=tuple(worded(each, files, findings) for each in files.trees() if each.header is not None),
    )


def _table(body: Body, names: Names, entries: dict[str, Entry], rows: dict[str, CriterionOf]) -> Table:
    """What every name of the program is looked up in."""
    return Table(
        entries,
        names.locals,
        rows,
        frozenset(names.loose | body.loose),
        body.open,
        frozenset(ground.text for entry in entries.values() for ground in _grounds(entry)),
        tuple(name for name, entry in entries.items() if entry.kind == "tier"),
    )


def _with_locals(drawn: Precedence, names: Names) -> dict[str, Entry]:
    """All entries, each local definition after the provision in which it stands."""
    entries: dict[str, Entry] = {}
    by_parent: dict[str, list[Entry]] = {}
    for local in names.locals.values():
        by_parent.setdefault(local.name.partition(".")[0], []).append(local)
    for name, entry in drawn.entries.items():
        entries[name] = entry
        for local in by_parent.get(name, ()):
            entries[local.name] = local
    return entries


def _suspensions(names: Names) -> dict[str, tuple[str, ...]]:
    """The sets that arrears make: where no provision gives such a set, the fund's line does."""
    given = {entry.name for entry in names.candidates}
    found: dict[str, tuple[str, ...]] = {}
    for name, lines in names.suspended.items():
        found[name] = tuple(dict.fromkeys(fund.name for fund, _ in lines))
        if name in given:
            continue
        fund, line = lines[0]
        node = tree.SetOf(line.name.span, line.name, "", (), "set", None, (), (), ())
        entry = Entry(name, node, fund.address, fund.words, fund.article_title)
        if fund.address is not None:
            names.address_of[node] = fund.address
        names.candidates.insert(names.candidates.index(fund) + 1, entry)
    return found


def _rows(entries: dict[str, Entry], findings: Findings) -> dict[str, CriterionOf]:
    """The criteria by name; a criterion must not have the name of another provision."""
    rows: dict[str, CriterionOf] = {}
    for entry in entries.values():
        if not isinstance(entry.node, tree.Criteria):
            continue
        for row in entry.node.rows:
            first = rows.get(row.name.text)
            if row.name.text in entries:
                said_twice(row.name, entries[row.name.text], entry.address, findings)
            elif first is not None:
                said_twice(row.name, first.row.name, entry.address, findings)
            else:
                rows[row.name.text] = CriterionOf(entry, row)
    return rows


def _grounds(entry: Entry) -> tuple[tree.Ident, ...]:
    return entry.node.grounds if isinstance(entry.node, tree.SetOf) else ()


def _paragraphs(article: tree.Article) -> frozenset[int]:
    return frozenset(
        line.paragraph for line in article.lines if isinstance(line, tree.Prose) and line.paragraph is not None
    )


def _examples(body: Body, names: Names) -> list[tuple[tree.Example, Address | None]]:
    """The policy's own examples, in the order of the text."""
    found: list[tuple[tree.Example, Address | None]] = [(example, None) for example in body.examples]
    found += names.examples
    return sorted(found, key=lambda each: each[0].span.start)


def _check_grounds(
    example: tree.Example, address: Address | None, known: dict[Address, frozenset[int]], findings: Findings
) -> None:
    for expect in example.expect:
        for ground in expect.grounds:
            reference = read_reference(ground.text)
            if reference is not None:
                check_reference(ground, reference, None, known, address, findings)


def _left_behind(binder: Binder, findings: Findings) -> None:
    """Names that a departure took away and that something kept still uses: one fault for each, with all the places."""
    for name, places in binder.left_behind.items():
        departure = binder.gone[name]
        number = departure.number
        addresses = dict.fromkeys(str(scope.address) if scope.address else "an example" for _, scope in places)
        related = tuple(
            Related(node.span, f"{scope.address or 'an example'} still uses `{name}`") for node, scope in places
        )
        findings.add(
            "PD236",
            number.span,
            Address(number.number, number.suffix),
            related,
            name=name,
            kind={"replace": "replaced", "delete": "deleted"}[departure.kind],
            number=str(number),
            places=", ".join(addresses),
        )


def _codes(binder: Binder, head: Heading, findings: Findings) -> None:
    """Codes that no list seats, where every tier is a list: else the case says who is a member."""
    entries = binder.table.entries.values()
    tiers = [entry.node for entry in entries if entry.kind == "tier"]
    if not tiers or binder.table.open or not all(isinstance(node, tree.SetOf) and node.seats for node in tiers):
        return
    seated = {seat.code.text for entry in entries for seat in _seats(entry)}
    for node, scope in binder.codes:
        if node.text not in seated and node.text != head.currency:
            mend = did_you_mean(node.text, seated)
            findings.add("PD207", node.span, scope.address, mend=mend, name=node.text)


def _seats(entry: Entry) -> Iterable[tree.Seat]:
    return entry.node.seats if isinstance(entry.node, tree.SetOf) else ()


def _depends(
    entries: dict[str, Entry],
    binder: Binder,
    whole: dict[str, frozenset[str]],
    ranges: dict[str, str],
    drawn: Precedence,
) -> dict[str, frozenset[str]]:
    """Direct dependencies; a bare share also rests on who takes part, a special rule on the general one."""
    found = {name: set(needs) for name, needs in whole.items()}
    tiers = {name for name, entry in entries.items() if entry.kind == "tier"}
    among: dict[str, set[str]] = {}
    for use in binder.uses:
        if use.line == "among" and not use.row and use.owner in entries:
            among.setdefault(use.owner, set()).add(use.target)
    for bare in binder.bare:
        if bare.owner in found:
            found[bare.owner] |= among.get(ranges.get(bare.owner, ""), tiers)
    for name, below in drawn.prevails.items():
        found[name] |= {other for other in below if other.partition("@")[0] == name.partition("@")[0]}
    return {name: frozenset(needs - {name}) for name, needs in found.items()}
