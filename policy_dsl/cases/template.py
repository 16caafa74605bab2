"""A case to fill in: every field that a policy needs, with its unit, its bounds, its article and what a gap means.

The text is a case file: unfilled, it lacks facts and nothing else is wrong with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from policy_dsl.cases.declared import Asked, Declared, Rule
from policy_dsl.cases.needs import Needs
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.syntax import tree
from policy_dsl.syntax.words import VOTES
from policy_dsl.values import countries

_WIDTH = 100


def template(program: Program, groups: Mapping[str, Sequence[str]] | None = None, cohorts: Sequence[str] = ()) -> str:
    """A case file to fill in; with `groups` (and `cohorts`) there is a line for each figure of each member."""
    declared = Declared(program)
    at = program.heading.in_force
    given = {name: tuple(codes) for name, codes in (groups or {}).items()}
    lines = [
        *_opening(declared, at),
        *_members(declared, given),
        *_cohorts(declared, cohorts),
        *_facts(declared, given, cohorts, at),
        *_funds(declared),
        *_record(declared),
        *_discretion(declared),
    ]
    return "\n".join(lines) + "\n"


def _opening(declared: Declared, at: date | None) -> list[str]:
    heading = declared.program.heading
    return [
        *_comment(f"A case of «{heading.title}», version {heading.version}. {heading.authority}."),
        *_comment("Fill in what is empty. Lines that begin with # are optional: take the sign away to use them."),
        *_comment(
            "Figures: a point before decimals, _ between thousands, the unit or the % sign after them. "
            "Dates: 2026-07-20. States: three capital letters (ISO 3166). An empty field is a gap."
        ),
        'case: "New case"',
        f"policy: {heading.name}",
        *_comment("The date whose figures in force are read."),
        f"at: {at.isoformat() if at is not None else ''}",
        *_comment("When the case opened: a step, a moment (2026-07-20T09:00Z) or a date; otherwise the first event."),
        "# opened:",
        "situation:",
        *_comment('Short names of sources, as `wb: "World Bank"`, and what holds where a fact states nothing else.'),
        "sources:",
        "default:",
        "  source:",
        "  date:",
        "  status: official  # or estimate, or contested; a contested figure also takes `between: [low, high]`",
        "",
    ]


def _members(declared: Declared, given: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    if not declared.supplied:
        return
    yield from _comment("Who belongs to the groups that the policy leaves to the case. An empty group is `[]`.")
    yield "members:"
    for entry in declared.supplied:
        grounds = [each.text for each in entry.node.grounds] if isinstance(entry.node, tree.SetOf) else []
        asks = f" Each with a ground, as {{FRA: {grounds[0]}}}: {', '.join(grounds)}." if grounds else ""
        yield from _comment(f"{entry.title}{_article(entry)}.{asks}", 2)
        codes = given.get(entry.name)
        if codes is None:
            yield f"  {entry.name}:"
        elif grounds and codes:
            yield f"  {entry.name}: {{{', '.join(f'{code}: {grounds[0]}' for code in codes)}}}"
        else:
            yield f"  {entry.name}: [{', '.join(codes)}]"
    yield ""


def _cohorts(declared: Declared, cohorts: Sequence[str]) -> Iterator[str]:
    if declared.cohorts:
        yield from _comment("The cohorts of the case, by names in small letters, as `[families, unaccompanied]`.")
        yield f"cohorts: [{', '.join(cohorts)}]" if cohorts else "cohorts:"
        yield ""


def _facts(
    declared: Declared, given: Mapping[str, tuple[str, ...]], cohorts: Sequence[str], at: date | None
) -> Iterator[str]:
    if not declared.indicators:
        return
    known = dict(given)
    for name, entry in declared.groups.items():
        if name not in known and entry not in declared.supplied and at is not None and declared.seats(entry, at):
            known[name] = declared.seats(entry, at)
    groups = {name: frozenset(codes) for name, codes in known.items()}
    members = frozenset().union(*(groups.get(tier.name, frozenset()) for tier in declared.tiers))
    needs = Needs(declared, groups, members, members)
    yield "facts:"
    for asked in sorted(declared.indicators.values(), key=lambda each: len(each.levels)):
        demand = needs.demands[asked.name]
        yield from _fact(asked, sorted((demand.of | demand.shown) & members) or sorted(members), cohorts, declared)
    yield ""
    yield from _comment(
        "Or in a table beside the case, with the columns member, year and the facts, each with its unit."
    )
    yield from ("# tables:", "#   - file: facts.csv", "#     source:", "#     date:", "")


def _fact(asked: Asked, members: Sequence[str], cohorts: Sequence[str], declared: Declared) -> Iterator[str]:
    yield from _comment(", ".join(_described(asked, declared)) + ".", 2)
    yield f"  {asked.name}:"
    takes_unit = asked.wanted.kind == "figure" and bool(asked.wanted.words) and bool(asked.wanted.unit.terms)
    unit = [f"unit: {asked.wanted.words}"] if takes_unit else []
    if not asked.levels:
        yield from (f"    {line}" for line in ("value:", *unit, "source:", "date:"))
        return
    yield from (f"    {line}" for line in (*unit, "source:", "date:"))
    keys: dict[str, Sequence[str]] = {"member": members, "cohort": cohorts, "year": ()}
    yield from _places([(level, keys[level]) for level in asked.levels], 4)


def _places(levels: Sequence[tuple[str, Sequence[str]]], indent: int) -> Iterator[str]:
    """A line for each place that a figure may take; where the places are not known, a line that shows the form."""
    (level, keys), *below = levels
    blank = " " * indent
    if not keys:
        shown = {"member": "AAA", "cohort": "name", "year": "2024"}[level]
        yield f"{blank}# {shown}:  (a line for each {level})"
        return
    for key in keys:
        name = f"  # {countries.name_of(key)}" if level == "member" and countries.name_of(key) != key else ""
        yield f"{blank}{key}:{name}"
        if below:
            yield from _places(below, indent + 2)


def _described(asked: Asked, declared: Declared) -> Iterator[str]:
    """What an indicator asks for, in words."""
    node = asked.node
    each = " and ".join(asked.levels)
    yield f"{asked.entry.title}{_article(asked.entry)}: {asked.wanted.due}{f', for each {each}' if each else ''}"
    if node.low is not None and node.high is not None:
        yield f"between {node.low.written} and {node.high.written}"
    if node.supplied_by is not None:
        body = declared.participants.get(node.supplied_by.text)
        yield f"supplied by {body.title if body is not None else node.supplied_by.text}"
    if node.good_for is not None:
        yield f"good for {node.good_for.written} after its date"
    if node.missing is None:
        yield "a gap is refused"
    elif isinstance(node.missing, tree.Ident):
        yield "a gap leaves the member out"
    else:
        yield f"a gap means {node.missing.written}"


def _funds(declared: Declared) -> Iterator[str]:
    if not declared.funds:
        return
    yield from _comment("The funds as they stood when the case opened.")
    yield "funds:"
    for entry in declared.funds.values():
        yield from _comment(f"{entry.title}{_article(entry)}.", 2)
        yield f"  {entry.name}:"
        yield from ("    balance:", "    source:", "    date:")
        yield "    # dues, pledges, payments: lists of {member: AAA, amount: …, on: 2026-01-31}"
    yield ""


def _record(declared: Declared) -> Iterator[str]:
    if not declared.steps:
        return
    yield from _comment("The record: what happened, in any order. A moment has its zone: 2026-07-20T09:00Z.")
    yield "# events:"
    for rule in declared.steps.values():
        yield from _step(rule)
    yield ""


def _step(rule: Rule) -> Iterator[str]:
    entry = rule.entry
    yield from _inner(f"{entry.title}{_article(entry)}.")
    yield f"#   - step: {entry.name}"
    yield "#     at:"
    if rule.vote:
        yield from (f"#     {group}: []" for group in VOTES)
        yield "#     outcome:  # adopted or rejected, where the votes are not recorded"
    elif rule.actors:
        who = rule.node.by
        yield f"#     by:  # {who.expr.written}" if who is not None else "#     by:"
    for name, wanted in rule.fields.items():
        yield f"#     {name}:  # {wanted.due}"
    yield "#     source:"


def _discretion(declared: Declared) -> Iterator[str]:
    left = [(entry, found) for entry in declared.parameters.values() if (found := declared.left(entry)) is not None]
    if left:
        yield from _comment("Choices that the policy leaves to a step.")
        yield "# choices:"
    for entry, found in left:
        otherwise = f", otherwise {found.otherwise.written}" if found.otherwise is not None else ""
        bounds = f"between {found.low.written} and {found.high.written}{otherwise}"
        yield from _inner(f"{entry.title}{_article(entry)}: {bounds}.")
        yield f"#   - parameter: {entry.name}"
        yield from ("#     value:", f"#     by: {found.step.text}", "#     because:")
    for entry in declared.apportionments.values():
        node = entry.node
        if isinstance(node, tree.Apportion) and node.adjusted is not None:
            bound = node.adjusted.within.written
            yield from _comment(
                f"Changes of {entry.title}{_article(entry)} that the meeting agreed on, within {bound}."
            )
            yield from ("# adjustments:", f"#   - of: {entry.name}", "#     member: AAA", "#     change:")
            yield from (f"#     by: {node.adjusted.step.text}", "#     because:")
    lots = [entry for entry in declared.apportionments.values() if _by_lot(entry)]
    if lots:
        yield from _comment("Draws by lot: the tied members in the order in which they were drawn.")
        yield "# lots:"
        yield from (f"#   {entry.name}: [AAA, BBB]" for entry in lots)
    yield from _comment("Statements and dissents, for the record.")
    yield from ("# statements:", "#   - by: AAA", "#     text:")


def _by_lot(entry: Entry) -> bool:
    ties = entry.node.ties if isinstance(entry.node, tree.Apportion) else ()
    return any(isinstance(each.expr, tree.Name) and each.expr.text == "lot" for each in ties)


def _article(entry: Entry) -> str:
    return f" ({entry.address})" if entry.address is not None else ""


def _inner(text: str) -> Iterable[str]:
    """Words as comment lines inside a part that is optional."""
    return (f"#   {line}" for line in _comment(text))


def _comment(text: str, indent: int = 0) -> Iterable[str]:
    """Words as comment lines."""
    blank = " " * indent
    line = ""
    for word in text.split():
        if line and len(blank) + len(line) + len(word) + 3 > _WIDTH:
            yield f"{blank}# {line}"
            line = ""
        line = f"{line} {word}" if line else word
    yield f"{blank}# {line}"
