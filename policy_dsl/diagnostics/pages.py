"""The pages behind the codes: the mistake, why it matters, and the mend."""

from __future__ import annotations

import re
from importlib import resources

_CODE = re.compile(r"PD\d{3}$")


def page(code: str) -> str | None:
    """The page of a code, as Markdown, or none where there is no such page."""
    if not _CODE.match(code):
        return None
    file = resources.files("policy_dsl.diagnostics") / "pages" / f"{code}.md"
    return file.read_text("utf-8") if file.is_file() else None


def title_of(text: str) -> str:
    """The heading of a page, without its sign."""
    first = text.lstrip().split("\n", 1)[0]
    return first.lstrip("# ").strip()
