"""What the examples of a policy exercise, and what they would not notice: as lines for people, as data for tools."""

from __future__ import annotations

from collections.abc import Iterator

from policy_dsl.diagnostics.rendered import render
from policy_dsl.resolve.program import Program
from policy_dsl.syntax import tree
from policy_dsl.trial.alterations import Alteration
from policy_dsl.trial.coverage import ArticleCovered, Coverage, percent
from policy_dsl.trial.mutation import NOTICED, REFUSED, UNNOTICED, Mutation, Outcome
from policy_dsl.trial.points import Point

# What each point says when nothing exercises it: `{name}` is the provision, `{text}` the words of the text.
MISSED = {
    ("provision", ""): "`{name}` is not evaluated",
    ("branch", "then"): "`{name}`: the condition is never met, so that it is never {text}",
    ("branch", "else"): "`{name}`: the condition is always met, so that it is never {text}",
    ("branch", "gap"): "`{name}`: the fact is never missing",
    ("branch", "in force"): "`{name}`: no case is of a day on which this is in force: {text}",
    ("branch", "holds"): "`{name}`: the limit holds nobody: {text}",
    ("branch", "taken"): "`{name}`: nothing is left to go there: {text}",
    ("branch", "filtered out"): "`{name}`: nobody fails the condition: where {text}",
    ("branch", "chosen"): "`{name}`: the choice is never made",
    ("branch", "not chosen"): "`{name}`: the choice is always made, so that it is never {text}",
    ("branch", "not arisen"): "`{name}`: the duty always arises: {text}",
    ("branch", "kept"): "`{name}`: the duty is never kept",
    ("branch", "tie"): "`{name}`: there is no tie to settle: {text}",
    ("branch", "adopted"): "`{name}`: nothing is adopted by this: {text}",
    ("bracket", "reached"): "`{name}`: nothing falls into the bracket: {text}",
    ("exception", "applies"): "`{name}`: the exception never applies: {text}",
    ("exception", "reserved"): "`{name}`: the reservation never has an effect: {text}",
    ("exception", "kept out"): "`{name}`: nobody is kept out: except {text}",
    ("refusal", "refused"): "`{name}`: nothing is refused for this: {text}",
    ("refusal", "once each"): "`{name}`: nobody tries it twice",
    ("refusal", "rejected"): "`{name}`: nothing is voted down: {text}",
    ("refusal", "no seat"): "`{name}`: no State is refused its seat: {text}",
    ("refusal", "not met"): "`{name}`: nobody fails the criterion: {text}",
    ("refusal", "breached"): "`{name}`: the duty is never breached",
}
KINDS = {
    "provision": "provisions",
    "branch": "branches",
    "bracket": "brackets",
    "exception": "exceptions",
    "refusal": "refusals",
}
ARTICLE = "Art. {number} {title}: {done} of {of} exercised ({percent}%)"
WHOLE = "{name}: {done} of {of} points are exercised ({percent}%): {kinds}"
KIND = "{done} of {of} {kind}"
POINT = "  line {line}: {what}"
NOTHING_RAN = "There is no example, and no case with expected results."
UNNOTICED_LINE = "{address}, line {line}: {old} → {new}: no example notices"
UNNOTICED_LEFT = "{address}, line {line}: {old} left out: no example notices"
REFUSED_LINE = "{address}, line {line}: {old} → {new}: refused by the check ({code})"
REFUSED_LEFT = "{address}, line {line}: {old} left out: refused by the check ({code})"
NOTICED_ALL = (
    "{name}: {tried} alterations, of which {noticed} are noticed and {unnoticed} are not; the check refuses {refused}"
)
NOTICED_SOME = (
    "{name}: {tried} of {possible} alterations tried, of which {noticed} are noticed and {unnoticed} are not; "
    "the check refuses {refused}"
)
FAILING = "“{title}” does not hold as it is, and can't notice anything."


def coverage_lines(found: Coverage, name: str, *, everything: bool = False) -> Iterator[str]:
    """Article by article: how much is exercised, and the lines that are not. Of `everything` also whole articles."""
    if not found.ran:
        yield NOTHING_RAN
    for article in found.articles:
        done, of = article.counts
        if done == of and not everything:
            continue
        number = article.article.number
        title = article.article.title
        yield ARTICLE.format(number=number, title=f"“{title}”", done=done, of=of, percent=percent(done, of))
        yield from (POINT.format(line=p.line, what=missed_words(p)) for p in _told(article))
    done, of = found.counts
    kinds = ", ".join(
        KIND.format(done=some, of=all_, kind=KINDS[kind]) for kind, (some, all_) in found.by_kind().items()
    )
    yield WHOLE.format(name=name, done=done, of=of, percent=percent(done, of), kinds=kinds)


def _told(article: ArticleCovered) -> Iterator[Point]:
    """The points that nothing exercises; what is inside a provision that is not evaluated goes without saying."""
    missed = [each.point for each in article.points if not each.by]
    whole = {point.entry.name for point in missed if point.kind == "provision"}
    yield from (point for point in missed if point.kind == "provision" or point.entry.name not in whole)


def missed_words(point: Point) -> str:
    """What is said of a point that nothing exercises."""
    return MISSED[point.kind, point.way].format(name=point.entry.name, text=point.text)


def coverage_data(found: Coverage) -> dict[str, object]:
    """What is exercised as data."""
    done, of = found.counts
    return {
        "exercised": done,
        "of": of,
        "percent": percent(done, of),
        "kinds": {kind: {"exercised": some, "of": all_} for kind, (some, all_) in found.by_kind().items()},
        "ran": list(found.ran),
        "articles": [_article_data(each) for each in found.articles],
    }


def _article_data(article: ArticleCovered) -> dict[str, object]:
    done, of = article.counts
    return {
        "article": f"Art. {article.article.number}",
        "title": article.article.title,
        "exercised": done,
        "of": of,
        "points": [
            {
                "kind": each.point.kind,
                "way": each.point.way,
                "provision": each.point.entry.name,
                "line": each.point.line,
                "text": each.point.text,
                "by": list(each.by),
            }
            for each in article.points
        ],
    }


# ---- mutation --------------------------------------------------------------------------------------------------------


def mutation_lines(found: Mutation, name: str) -> Iterator[str]:
    """The alterations that nothing notices, by article; then how many were tried and what came of them."""
    yield from (FAILING.format(title=title) for title in found.failing)
    article: tree.Article | None = None
    for outcome in found.of(UNNOTICED):
        if outcome.alteration.article is not article:
            article = outcome.alteration.article
            yield f"Art. {article.number} “{article.title}”"
        yield f"  {outcome_line(outcome)}"
    counts = {status: len(found.of(status)) for status in (NOTICED, UNNOTICED, REFUSED)}
    form = NOTICED_ALL if found.possible == len(found.outcomes) else NOTICED_SOME
    yield form.format(name=name, tried=len(found.outcomes), possible=found.possible, **counts)


def outcome_line(outcome: Outcome) -> str:
    """One alteration that nothing notices, or that the checker refuses, with its place."""
    made = outcome.alteration
    left = made.new == ""
    if outcome.status == REFUSED:
        form = REFUSED_LEFT if left else REFUSED_LINE
    else:
        form = UNNOTICED_LEFT if left else UNNOTICED_LINE
    code = outcome.refusal.code if outcome.refusal is not None else ""
    return form.format(address=address(made), line=made.line, old=made.old, new=made.new, code=code)


def address(made: Alteration) -> str:
    """The place of an alteration as articles are cited."""
    return str(made.address) if made.address is not None else f"Art. {made.article.number}"


def mutation_data(found: Mutation, program: Program) -> dict[str, object]:
    """What came of the alterations as data."""
    return {
        "policy": program.heading.name,
        "tried": len(found.outcomes),
        "possible": found.possible,
        "failing": list(found.failing),
        "alterations": [
            {
                "article": address(each.alteration),
                "line": each.alteration.line,
                "provision": each.alteration.provision,
                "kind": each.alteration.kind,
                "old": each.alteration.old,
                "new": each.alteration.new,
                "status": each.status,
                "by": each.by,
                "refusal": render(each.refusal).data() if each.refusal is not None else None,
            }
            for each in found.outcomes
        ],
    }
