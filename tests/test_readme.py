"""The README: its quick start has two commands, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_quick_start_is_one_block_of_two_commands():
    text = (ROOT / "README.md").read_text("utf-8")
    section = re.search(r"^## Quick start\n(.*?)^## ", text, flags=re.MULTILINE | re.DOTALL)
    assert section is not None
    blocks = re.findall(r"^```\w*\n(.*?)^```", section[1], flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 1
    first, second = blocks[0].strip().split("\n")
    assert "./policy decide" in first
    assert second == "./test"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
