"""Derivations as lines: what is said of each value in a tree."""

from __future__ import annotations

from collections.abc import Callable

from policy_dsl.cases.case import ChoiceMade, Event, Fact
from policy_dsl.evaluate.derivation import Derived, InForce, Unknown
from policy_dsl.explain.argument import Adopted, Claim, Given, Key, Term, Who
from policy_dsl.explain.explanation import Explanation
from policy_dsl.explain.reading import body, is_group, says_nothing, settled
from policy_dsl.explain.trees import Branch
from policy_dsl.render import words
from policy_dsl.render.document import Line, Span, Twig
from policy_dsl.render.messages import OPERATIONS, TREE
from policy_dsl.render.numbers import ABOUT, exact_fraction
from policy_dsl.render.operations import operation
from policy_dsl.values import Quantity

MERE = frozenset({"range", "years", "run", "members", "cohorts", "members and cohorts", "informed by"})
CONDITIONS = frozenset(
    {"by", "not before", "not after", "once each", "requires", "quorum", "adopted when", "failing which"}
)
SHOWN_EXACTLY = frozenset({"written", "fact", "figure", "choice", "share"})
Anchors = Callable[[Derived], str]


def twig(branch: Branch, anchors: Anchors | None = None) -> Twig:
    """A branch of a derivation as a line with the lines below it; where facts come from is told elsewhere."""
    below = tuple(twig(each, anchors) for each in visible(branch))
    line = branch_line(branch, sources=False)
    anchor = anchors(branch.derived) if anchors is not None else ""
    if branch.told and anchor:
        line = tuple(Span(s.text, s.kind, anchor) if s.kind == "figure" and not s.to else s for s in line)
    return Twig(line, below)


def visible(branch: Branch) -> tuple[Branch, ...]:
    """The branches to show: a mere range, or a group said already, is shown by what stands below it."""
    found: list[Branch] = []
    for each in branch.branches:
        same_group = is_group(each.derived) and each.derived.value == branch.derived.value
        if says_nothing(each.derived):
            continue
        if same_group or _is_mere(each.derived):
            found += visible(each)
        else:
            found.append(each)
    return tuple(found)


def _is_mere(derived: Derived) -> bool:
    """Whether a value only holds others together."""
    return derived.entry is None and derived.op in MERE


def branch_line(branch: Branch, *, sources: bool = True) -> Line:
    """The line of one value."""
    here = branch.derived
    if branch.told and is_group(here):
        return operation(here)
    if branch.told:
        return words.opened(_told(here))
    line = _line(here, branch.formula, sources)
    if branch.formula is not None or here.op in SHOWN_EXACTLY:
        fraction = exact_fraction(here.value) if isinstance(here.value, Quantity) else ""
        if fraction:
            line = words.fill(TREE["exact"], {"line": line, "fraction": (Span(fraction, "figure"),)})
    return words.opened(line)


def _told(here: Derived) -> Line:
    """A value that was set out before."""
    terms = _named(here)
    if here.entry is not None:
        return words.fill(TREE["told"], terms)
    if not here.of or not here.known:
        return words.fill(TREE["told.bare"], terms)
    terms["formula"] = operation(here)
    if (condition := _bare_condition(here)) is not None:
        return words.fill(TREE["told.if"], {**terms, "condition": condition})
    if isinstance(here.value, bool):
        return words.fill(TREE["told.truth"], terms)
    about = words.flat(words.spans(terms["value"])).startswith(ABOUT)
    return words.fill(TREE["told.formula.about" if about else "told.formula"], terms)


def _line(here: Derived, formula: Derived | None, sources: bool) -> Line:
    if isinstance(here.value, Unknown):
        why = words.why_unknown(here.value)
        says = "unknown" if here.entry is not None else "unknown.bare"
        return words.fill(TREE[says], {"name": words.derived(here, "name"), "why": why})
    terms = _named(here)
    made = _source(here, terms, sources)
    if made is not None:
        return made
    if is_group(here) or (here.op == "except" and here.entry is None):
        return operation(here)
    if here.op in CONDITIONS:
        return words.fill(TREE["truth"], {**terms, "formula": operation(here)})
    named = bool(words.name_in(here))
    if formula is None:
        # What only passes a recorded yes or no on goes by the name of that.
        name = terms["name"] if named else words.name_in(body(here))
        return words.fill(TREE["named" if name else "bare"], {**terms, "name": name})
    terms["formula"] = operation(formula)
    if (condition := _bare_condition(formula)) is not None:
        return words.fill(TREE["named.if" if named else "if"], {**terms, "condition": condition})
    if isinstance(here.value, bool) and formula.op == "if":
        return words.fill(TREE["named.if.of" if named else "if.of"], terms)
    if isinstance(here.value, bool):
        if not named:
            return words.fill(TREE["truth"], terms)
        if formula.op == "except":
            return words.fill(TREE["truth.except"], terms)
        return words.fill(TREE["truth.named" if here.value else "truth.not"], terms)
    says = "named.formula" if named else "formula"
    about = words.flat(words.spans(terms["value"])).startswith(ABOUT)
    return words.fill(TREE[f"{says}.about" if about else says], terms)


def _bare_condition(formula: Derived) -> Line | None:
    """Of a value chosen by a condition and without a name of its own: whether the condition holds."""
    if formula.op != "if" or len(formula.of) < 2 or not isinstance(formula.of[0].value, bool):
        return None
    if words.name_in(settled(formula.of[1])):
        return None
    return words.fill(OPERATIONS["if yes.bare" if formula.of[0].value else "if no.bare"], {})


def _named(here: Derived) -> dict[str, Term | Line]:
    at = here.address or (here.entry.address if here.entry is not None else None)
    return {"name": words.derived(here, "name"), "value": words.derived(here, "value"), "at": at}


def _source(here: Derived, terms: dict[str, Term | Line], sources: bool) -> Line | None:
    """The line of a value that isn't calculated: a fact, an agreed figure, a choice, an event."""
    match here.op, here.detail:
        case "fact", Fact() as fact:
            return _fact(terms, fact, sources)
        case "gap", _ if here.entry is not None:
            return words.fill(TREE["gap"], terms)
        case "figure", InForce() as force:
            late = "figure.late" if force.after_opening and force.since is not None else "figure"
            return words.fill(TREE[late], {**terms, "since": force.since, "cites": Adopted(force.cites)})
        case "choice", ChoiceMade() as made:
            return words.fill(TREE["choice"], {**terms, "by": Who(made.by), "because": Given(made.because)})
        case "choice", _:
            return words.fill(TREE["choice.none"], terms)
        case ("reservation" | "ledger" | "latest of" | "earliest of") as op, _:
            return words.fill(TREE[op], terms)
        case "written", _:
            return words.fill(TREE["written"], terms)
    if isinstance(here.value, Event):
        return words.value_of(here.value) if here.entry is None else words.derived(here, "value")
    return None


def _fact(terms: dict[str, Term | Line], fact: Fact, sources: bool) -> Line:
    origin = fact.origin
    terms |= {"source": Given(origin.source), "date": origin.date, "status": None}
    if origin.status and origin.status != "official":
        terms["status"] = Key(f"status.{origin.status}")
    if fact.low is not None and fact.high is not None:
        return words.fill(TREE["fact.bounds"], {**terms, "low": fact.low, "high": fact.high})
    return words.fill(TREE["fact" if sources else "fact.short"], terms)


# ---- explanations ----------------------------------------------------------------------------------------------------


def explained(explanation: Explanation) -> tuple[tuple[int, Line], ...]:
    """The lines of an explanation in words, each with its depth."""
    found: list[tuple[int, Line]] = []
    for line in explanation.lines:
        if isinstance(line.says, Claim):
            found.append((line.depth, words.say(line.says)))
        elif not _is_mere(line.says.derived):
            found.append((line.depth, branch_line(line.says)))
    return tuple(found)


__all__ = ["branch_line", "explained", "twig"]
