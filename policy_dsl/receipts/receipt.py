"""The receipt of a decision: digests of the rules, of the case and of the outcome, and which versions applied them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy_dsl import __version__
from policy_dsl.evaluate.decision import Decision
from policy_dsl.receipts.facts import case_digest
from policy_dsl.receipts.outcome import OutcomeSeal, findings, outcome_data, outcome_digest, outcome_seals
from policy_dsl.receipts.plain import Plain
from policy_dsl.receipts.rules import ArticleSeal, rules_digest, seals, words_digest
from policy_dsl.records import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """What lets anybody find out whether the same rules, case and engine give the same outcome.

    `rules` is the digest of what the rules compute, `words` of what they say; `articles` has both for each article.
    `case` is the digest of the case, `outcome` of what was decided, `outcomes` of what follows from each article.
    `engine` is the version of the engine, `language` that of the language in which the rules are written.
    """

    rules: str
    words: str
    articles: tuple[ArticleSeal, ...]
    case: str
    outcome: str
    outcomes: tuple[OutcomeSeal, ...]
    engine: str
    language: int


def receipt_of(decision: Decision, data: Mapping[str, Any] | None = None) -> Receipt:
    """The receipt of a decision. `data` are its plain data, where they are written already."""
    if data is None:
        writer = Plain()
        data = outcome_data(decision, writer) | {"case": writer.data(decision.case)}
    articles = seals(decision.program)
    outcomes = outcome_seals(findings(data))
    return Receipt(
        rules=rules_digest(articles),
        words=words_digest(articles),
        articles=articles,
        case=case_digest(data["case"]),
        outcome=outcome_digest(outcomes),
        outcomes=outcomes,
        engine=__version__,
        language=decision.program.heading.language,
    )
