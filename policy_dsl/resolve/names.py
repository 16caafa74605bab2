"""Which names a policy gives: an entry for each provision, at its address, in the order of the articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field

from policy_dsl.diagnostics import Related
from policy_dsl.records import dataclass
from policy_dsl.resolve.adoption import Standing
from policy_dsl.resolve.articles import Placed, placed
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.program import Builtin, CriterionOf, Entry
from policy_dsl.resolve.suggest import did_you_mean, listed
from policy_dsl.syntax import tree
from policy_dsl.values import Address

BEFORE_OF = frozenset({"earliest", "latest", "balance", "level", "arrears", "pledged", "paid"})
BUILT_IN = frozenset(each.value for each in Builtin) - BEFORE_OF
VOTE_FIELDS = ("favour", "against", "abstaining", "absent", "voting", "voters", "present", "outcome")
STATUSES = (
    "adopted",
    "rejected",
    "met",
    "missed",
    "pending",
    "refused",
    "kept",
    "breached",
    "reserved",
    "shown",
    "arisen",
    "due",
)
_OPENING = """
add adopted alternative among apportion article as authentic authority bands based below binds borne calendar case
criteria currency define delete due duty equally every example excess expect failing fed fixed force fund given grounds
guarantee independent indicators informed kept key language left less level marginal may means minimising missing most
on once order otherwise out parameter part participant pays periods policy procedure quorum records refunded relief
remainder repeated replace requires reserves rest rounding scale set silence similar step supplied suspends the tier
ties total translation until up use version weight when which whole working year
"""
REACHES = ("member", "cohort")
COUNTED = "what `for each` counts"
OPENING_WORDS = frozenset(_OPENING.split())

KINDS = {
    "tier": "a tier",
    "set": "a set",
    "participant": "a participant",
    "calendar": "a calendar",
    "indicator": "an indicator",
    "parameter": "a parameter",
    "define": "a definition",
    "key": "a key",
    "scale": "a scale",
    "criteria": "a comparison by criteria",
    "apportion": "an apportionment",
    "fund": "a fund",
    "procedure": "a procedure",
    "step": "a step",
    "duty": "a duty",
    "guarantee": "a guarantee",
    "reservation": "a reservation",
    "reservable": "the clause on reservations",
    "transitional": "a transitional clause",
}


def kind_of(entry: Entry) -> str:
    """What an entry is, with its article, as a sentence needs it."""
    return KINDS[entry.kind]


@dataclass(slots=True)
class Names:
    """What a text names. `candidates` may hold a name more than once, until precedence is drawn.

    A `damaged` text has blocks that could not be read: what they use is not known.
    """

    candidates: list[Entry] = field(default_factory=list)
    locals: dict[str, Entry] = field(default_factory=dict)
    rows: dict[str, CriterionOf] = field(default_factory=dict)
    suspended: dict[str, list[tuple[Entry, tree.Suspends]]] = field(default_factory=dict)
    loose: set[str] = field(default_factory=set)
    damaged: bool = False
    address_of: dict[tree.Node, Address] = field(default_factory=dict)
    examples: list[tuple[tree.Example, Address]] = field(default_factory=list)
    adopted: set[Entry] = field(default_factory=set)


def collect(standing: Iterable[Standing], findings: Findings) -> Names:
    """Every name that these articles give."""
    names = Names()
    for article in standing:
        for line in placed(article):
            for node in tree.walk(line.line):
                names.address_of[node] = line.address
            _collect_line(names, article, line, findings)
    scales = {entry.name: entry for entry in names.candidates if entry.kind in ("scale", "guarantee")}
    if scales:
        _reach_of_scales(names, scales)
    return names


def _collect_line(names: Names, standing: Standing, line: Placed, findings: Findings) -> None:
    match line.line:
        case tree.Broken(declares=declares):
            names.loose.update(declares)
            names.damaged = True
        case tree.Example() as example:
            if not standing.adopted and not standing.instrument:
                names.examples.append((example, line.address))
        case tree.Indicators(each=each, rows=rows):
            reach = reach_of(each)
            for name in each.of if each is not None else ():
                if name.text not in REACHES:
                    mend = did_you_mean(name.text, REACHES) or f"write {listed(REACHES)}"
                    findings.add("PD217", name.span, line.address, mend=mend, name=name.text, what=COUNTED)
            for row in rows:
                _give(names, standing, line, row, reach, findings)
        case tree.Procedure(steps=steps) as procedure:
            _give(names, standing, line, procedure, (), findings)
            for step in steps:
                entry = _give(names, standing, line, step, (), findings)
                _locals(names, entry, step.locals, (), findings)
        case tree.Key() as key:
            entry = _give(names, standing, line, key, ("member",), findings)
            _locals(names, entry, key.locals, ("member",), findings)
        case tree.Fund() as fund:
            entry = _give(names, standing, line, fund, (), findings)
            for line_of_fund in fund.suspends:
                names.suspended.setdefault(line_of_fund.name.text, []).append((entry, line_of_fund))
        case tree.Provision() as provision:
            _give(names, standing, line, provision, _reach(provision), findings)


def _give(
    names: Names,
    standing: Standing,
    line: Placed,
    node: tree.Provision,
    reach: tuple[str, ...],
    findings: Findings,
) -> Entry:
    entry = Entry(node.name.text, node, line.address, line.words, standing.article.title, reach)
    names.candidates.append(entry)
    if standing.adopted:
        names.adopted.add(entry)
    if not isinstance(node, tree.Reservable):
        check_word(node.name, line.address, findings, quiet=standing.adopted or bool(standing.instrument))
    return entry


def _locals(
    names: Names, parent: Entry, nodes: Iterable[tree.Define], reach: tuple[str, ...], findings: Findings
) -> None:
    for node in nodes:
        name = f"{parent.name}.{node.name.text}"
        entry = Entry(
            name,
            node,
            parent.address,
            parent.words,
            parent.article_title,
            reach_of(node.each) if node.each else reach,
            parent,
        )
        first = names.locals.setdefault(name, entry)
        if first is not entry and first.parent is parent:
            said_twice(node.name, first, parent.address, findings)
        check_word(node.name, parent.address, findings, quiet=parent in names.adopted)


def said_twice(name: tree.Ident, first: Entry | tree.Node, address: Address | None, findings: Findings) -> None:
    """A name is given twice."""
    node = first.node.name if isinstance(first, Entry) else first
    related = (Related(node.span, "the first one stands here"),)
    kind = kind_of(first) if isinstance(first, Entry) else "a name of this provision"
    where = str(first.address) if isinstance(first, Entry) and first.address else ""
    findings.add("PD208", name.span, address, related, name=name.text, kind=kind, where=where or "this article")


def check_word(name: tree.Ident, address: Address | None, findings: Findings, quiet: bool) -> None:
    """A name must not be one that the language gives, and should not be a word that opens a line."""
    if name.text in BUILT_IN:
        findings.add("PD209", name.span, address, name=name.text)
    elif not quiet and (name.text in OPENING_WORDS or name.text in BEFORE_OF or name.text in STATUSES):
        findings.add("PD210", name.span, address, name=name.text)


def reach_of(each: tree.Each | None) -> tuple[str, ...]:
    """What `for each …` says that there is one value for."""
    if each is None:
        return ()
    # The plural is a fault that is reported; what rests on the line is read as it was meant.
    return tuple(sorted({name.text.removesuffix("s") if name.text[:-1] in REACHES else name.text for name in each.of}))


def _reach(node: tree.Provision) -> tuple[str, ...]:
    match node:
        case tree.Apportion(each=each):
            return tuple(sorted({*reach_of(each), "member"}))
        case tree.Define(each=each):
            return reach_of(each)
        case tree.Criteria():
            return ("member",)
        case tree.Duty():
            return ("member",)
        case _:
            return ()


def _reach_of_scales(names: Names, scales: dict[str, Entry]) -> None:
    """A scale has one value for whatever its base has one value for; a guarantee holds for each of them."""
    reaches = {entry.name: entry.reach for entry in names.candidates}
    known: dict[str, tuple[str, ...]] = {}

    def of(name: str) -> tuple[str, ...]:
        if name not in scales:
            return reaches.get(name, ())
        if name not in known:
            known[name] = ()
            base = _base(scales[name].node)
            known[name] = tuple(sorted(set(_open_reach(base, of)))) if base is not None else ()
        return known[name]

    for at, entry in enumerate(names.candidates):
        if entry.name in scales and of(entry.name):
            replaced = Entry(
                entry.name, entry.node, entry.address, entry.words, entry.article_title, of(entry.name), entry.parent
            )
            names.candidates[at] = replaced
            if entry in names.adopted:
                names.adopted.add(replaced)


def _base(node: tree.Provision) -> tree.Expr | None:
    match node:
        case tree.Scale(base=base):
            return base
        case tree.Guarantee(promise=promise):
            return promise
        case _:
            return None


def _open_reach(expr: tree.Node, of: Callable[[str], tuple[str, ...]]) -> Iterable[str]:
    match expr:
        case tree.Group():
            return
        case tree.Aggregate():
            yield from _left_open(expr, of)
        case tree.ValueOf(name=name):
            yield from (each for each in of(name.text) if each != "member")
        case tree.Name(text=text):
            yield from ("member",) if text == "member" else of(text)
        case _:
            for child in tree.children(expr):
                yield from _open_reach(child, of)


def _left_open(expr: tree.Aggregate, of: Callable[[str], tuple[str, ...]]) -> Iterable[str]:
    """Of what an aggregate has one value each: what it does not range over, and whose place among all is asked."""
    by_years = isinstance(expr.over, tree.Years | tree.LastYears)
    by = "cohort" if isinstance(expr.over, tree.Name) and expr.over.text == "cohorts" else "member"
    if expr.over is not None:
        yield from (each for each in _open_reach(expr.of, of) if by_years or each != by)
    if expr.op in ("share", "index", "rank"):
        yield by
