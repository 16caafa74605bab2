"""What a block that can't be read seems to declare; read in only where one is met."""

from __future__ import annotations

import re

from policy_dsl.syntax.blocks import lines, opening

_NAMED = re.compile(
    r"^[ \t]*(?:(?:then[ \t]+)?(?:tier|set|participant|calendar|parameter|define|key|scale|criteria|apportion|fund"
    r"|procedure|step|duty|guarantee|reservation|transitional)[ \t]+([a-z][a-z0-9_]*)"
    r"|(?:[0-9._]+%[ \t]+)?([a-z][a-z0-9_]*)[ \t]*:(?=[ \t]))",
    re.MULTILINE,
)
_TITLED = re.compile(r'[ \t]*[a-z]+[ \t]+([a-z][a-z0-9_]*)(?=[ \t]*["=\n:]|[ \t]+for[ ]each)')
_CASED = re.compile(r'[ \t]*[a-z]+[ \t]+([A-Za-z][A-Za-z0-9_ \t]*)(?=["=\n:]|[ \t]for[ ]each)')  # not yet a good name
_ROW = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[ \t]+[A-Za-z][A-Za-z0-9_]*)*")
_RECORDED = re.compile(r"^[ \t]*records[ \t]([^\n]*)", re.MULTILINE)
_FIELD = re.compile(r"([a-z][a-z0-9_]*)[ \t]*:")


def declares(text: str, start: int, end: int) -> tuple[str, ...]:
    """The names that a block seems to give, whether or not it can be read."""
    found = [one or other for one, other in _NAMED.findall(text, start, end)]
    titled = _TITLED.match(text, start, end)
    if titled:
        found.append(titled.group(1))
    if opening(text[start:end]) == "indicators":
        for line in lines(text, start, end)[1:]:
            row = _ROW.match(text, line.first, line.end)
            found += row.group().lower().split() if row else []
    else:
        cased = _CASED.match(text, start, end)
        found += cased.group(1).lower().split() if cased else []
    for fields in _RECORDED.findall(text, start, end):
        found += _FIELD.findall(fields)
    return tuple(dict.fromkeys(found))
