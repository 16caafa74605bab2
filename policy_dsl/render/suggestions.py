"""Suggested examples as a drafter finds them in her text: what is given, and as a question what the rules say now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policy_dsl.render.coverage import address, missed_words
from policy_dsl.trial.mutation import Outcome
from policy_dsl.trial.suggest import Suggested, Suggestion

MOST_NOTICED = 6
NOTICES = "# It would notice, if in {address}, line {line}, {old} were {new}."
NOTICES_LEFT = "# It would notice, if in {address}, line {line}, this were left out: {old}."
NOTICES_MORE = "# It would notice {count} more."
EXERCISES = "# It would exercise {address}, line {line}. So far, {what}."
BEGUN = "# Begun from “{title}”."
MADE_UP = "# Made up, since no example exercises this yet: put in the figures of a case that you know."
QUESTION = "  # To be filled in. The rules say now: {said}. Is this what you mean?"
CONFIRM = "  # If it is, take away the sign before the next line; if not, write what you mean, and mend the rules."
WITHOUT = (
    "# No example was found for {count} alterations. It may be that none is possible, because another rule comes first."
)
WITHOUT_SINGLE = (
    "# No example was found for one alteration. It may be that none is possible, because another rule comes first."
)
WITHOUT_ONE = "#   {address}, line {line}: {old} → {new}"
WITHOUT_LEFT = "#   {address}, line {line}: left out: {old}"
NOTHING = "# There is nothing to suggest: the examples notice whatever was altered."


def suggestions_text(found: Suggested) -> str:
    """The examples one after the other, and below them for what none was found."""
    blocks = [_block(each) for each in found.suggestions]
    if found.without:
        blocks.append("\n".join(_without(found.without)) + "\n")
    return "\n".join(blocks) if blocks else f"{NOTHING}\n"


def _block(each: Suggestion) -> str:
    lines = [*_reasons(each), f'example "{each.title}"', *each.lines.rstrip("\n").split("\n")]
    lines += [QUESTION.format(said=f"{each.what} {each.answer}"), CONFIRM, f"  # {each.expectation}"]
    return "\n".join(lines) + "\n"


def _reasons(each: Suggestion) -> Iterator[str]:
    for outcome in each.notices[:MOST_NOTICED]:
        yield _line(outcome, NOTICES, NOTICES_LEFT)
    if len(each.notices) > MOST_NOTICED:
        yield NOTICES_MORE.format(count=len(each.notices) - MOST_NOTICED)
    if (point := each.exercises) is not None:
        at = str(point.entry.address or "")
        yield EXERCISES.format(address=at, line=point.line, what=missed_words(point))
    yield BEGUN.format(title=each.begun_from) if each.begun_from else MADE_UP


def _without(outcomes: Sequence[Outcome]) -> Iterator[str]:
    yield WITHOUT_SINGLE if len(outcomes) == 1 else WITHOUT.format(count=len(outcomes))
    yield from (_line(outcome, WITHOUT_ONE, WITHOUT_LEFT) for outcome in outcomes)


def _line(outcome: Outcome, form: str, left: str) -> str:
    made = outcome.alteration
    chosen = form if made.new else left
    return chosen.format(address=address(made), line=made.line, old=made.old, new=made.new)


def suggestions_data(found: Suggested) -> dict[str, object]:
    """The suggested examples as data."""
    return {
        "suggestions": [
            {
                "title": each.title,
                "begun_from": each.begun_from,
                "differs": each.differs,
                "text": _block(each),
                "expectation": each.expectation,
                "notices": [_notice(outcome) for outcome in each.notices],
                "exercises": None if each.exercises is None else missed_words(each.exercises),
            }
            for each in found.suggestions
        ],
        "without": [_notice(outcome) for outcome in found.without],
    }


def _notice(outcome: Outcome) -> dict[str, object]:
    made = outcome.alteration
    return {"article": address(made), "line": made.line, "kind": made.kind, "old": made.old, "new": made.new}
