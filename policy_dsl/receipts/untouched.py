"""Whether two texts of a policy hold the same rules and say the same words, by their digests."""

from __future__ import annotations

from policy_dsl.receipts.rules import rules_digest, seals, words_digest
from policy_dsl.resolve import resolve
from policy_dsl.resolve.files import Load
from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree


def digests(source: Source, load: Load) -> tuple[str, str] | None:
    """The digests of the rules and of the words; none for a draft, and for a text that can't be resolved."""
    parsed = parse(source)
    if tree.is_draft(parsed.tree):
        return None
    program = resolve(parsed, load).program
    if program is None:
        return None
    made = seals(program)
    return rules_digest(made), words_digest(made)
