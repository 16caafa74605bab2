"""The section of a document that holds the receipt."""

import pytest

from policy_dsl.receipts import receipt_of
from policy_dsl.render import render_document
from policy_dsl.render.compose import compose
from policy_dsl.render.document import Bullets, Paragraph, Table
from policy_dsl.render.receipt import NOT_PROVED, PROVED, receipt_section, spaced


def test_every_digest_stands_in_the_section_with_what_it_proves_and_what_not(spring):
    receipt = receipt_of(spring)
    section = receipt_section(receipt)
    table = next(block for block in section.blocks if isinstance(block, Table))
    shown = ["".join(span.text for span in row.cells[1].line) for row in table.rows]
    digests = [receipt.rules, receipt.words, receipt.case, receipt.outcome]
    assert [f"sha256:{text.replace(' ', '')}" for text in shown] == digests
    assert len(set(shown)) == 4
    said = [block.line[0].text for block in section.blocks if isinstance(block, Paragraph)]
    assert any(receipt.engine in line and str(receipt.language) in line for line in said)
    listed = [block.items for block in section.blocks if isinstance(block, Bullets)]
    assert [len(items) for items in listed] == [len(PROVED), len(NOT_PROVED)]
    assert "none was changed since" in listed[0][1][0].text
    assert "facts of the case are correct" in listed[1][0][0].text


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("level", ["reasoned", "full"])
def test_a_document_shows_the_digest_of_the_outcome_in_each_language(spring, form, level, language):
    document = compose(spring, level, language=language)
    assert spaced(receipt_of(spring).outcome) in render_document(document, form)
