"""The words of the language: which are reserved, which open a line where."""

from __future__ import annotations


def listed(words: str) -> tuple[str, ...]:
    """Words with blanks between them, as a tuple."""
    return tuple(words.split())


RESERVED = frozenset(
    listed(
        "after and at because before between by cites count each else except for from greatest if in index is last "
        "least mean no none not notwithstanding of or over per rank share sum then to where within yes"
    )
)
AGGREGATES = frozenset(listed("sum mean count share index least greatest rank"))
VOTES = ("favour", "against", "abstaining", "present")
CONTINUING = ("and", "or", "else", "=", "+", "-", "*", "/")

FILE = ("policy", "part", "article", "replace", "add", "delete", "example", "alternative")
HEADER = (
    "language",
    "version",
    "authority",
    "in force from",
    "currency",
    "calendar",
    "periods",
    "clock",
    "use",
    "based on",
    "authentic in",
    "translation",
)
PROVISIONS = (
    "tier",
    "set",
    "participant",
    "calendar",
    "indicators",
    "parameter",
    "define",
    "key",
    "scale",
    "criteria",
    "apportion",
    "fund",
    "procedure",
    "duty",
    "guarantee",
    "reservation",
    "reservations",
    "transitional",
    "example",
    "alternative",
)
LINES = listed(
    "requires grounds as may from except rest below up otherwise similar informed total among in by equally minimising "
    "fixed relief then at less rounding ties remainder adjusted level fed pays suspends reserves step once repeated "
    "records on every not quorum adopted failing silence binds when kept to keeps for given expect because cites "
    "notwithstanding holidays weekdays every_day"
)
# The provisions under which a line stands, for the lines whose first word tells.
OWNERS = {
    "requires": "`tier` or `step`",
    "grounds": "`tier`",
    "may": "`participant`",
    "rest": "`key`",
    "below": "`scale`",
    "up": "`scale`",
    "otherwise": "`scale`",
    "similar": "`criteria`",
    "informed": "`criteria`",
    "total": "`apportion`",
    "among": "`apportion`",
    "equally": "`apportion`",
    "minimising": "`apportion`",
    "fixed": "`apportion`",
    "relief": "`apportion`",
    "less": "`apportion`",
    "rounding": "`apportion`",
    "ties": "`apportion`",
    "remainder": "`apportion`",
    "adjusted": "`apportion`",
    "then": "`apportion`",
    "level": "`fund`",
    "fed": "`fund`",
    "pays": "`fund`",
    "suspends": "`fund`",
    "reserves": "`fund`",
    "step": "`procedure`",
    "repeated": "`step`",
    "records": "`step`",
    "every": "`step`",
    "quorum": "`step`",
    "adopted": "`step`",
    "failing": "`step`",
    "silence": "`step`",
    "binds": "`duty`",
    "kept": "`duty`",
    "keeps": "`transitional`",
    "except": "`define`",
    "holidays": "`calendar`",
}
EXAMPLE = ("given", "expect")
HEADER_OPENINGS = frozenset(line.split()[0] for line in HEADER)
