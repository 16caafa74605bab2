"""What the header says."""

from __future__ import annotations

import re
from datetime import date

from policy_dsl.diagnostics import Related
from policy_dsl.resolve.findings import Findings
from policy_dsl.resolve.program import Heading
from policy_dsl.resolve.suggest import did_you_mean, listed
from policy_dsl.syntax import tree

LANGUAGE = 1
CALENDARS = ("weekdays", "every_day")
REGIMES = ("plain", "eu_1182_71")
REQUIRED = {
    "language": f"language {LANGUAGE}",
    "version": 'version "1.0"',
    "authority": 'authority "Decision of the first meeting"',
    "in force": "in force from 2026-01-01",
    "currency": "currency USD",
}
OPENING = {"in force": "in force from", "based on": "based on", "authentic": "authentic in"}
SEVERAL = ("use", "translation")


def heading(header: tree.Header, calendars: tuple[str, ...], findings: Findings) -> Heading:
    """Read the header. `calendars` are the names of the policy's own calendars."""
    lines = _lines(header, findings)
    for word, sample in REQUIRED.items():
        if word not in lines and not _stands(header, word):
            findings.add(
                "PD220",
                header.name.span,
                line=OPENING.get(word, word),
                mend=f"write the line `{sample}`, with what holds for this policy, under `policy {header.name.text}`",
            )
    read = {word: line.value for word, line in lines.items()}
    return Heading(
        name=header.name.text,
        title=header.title,
        language=_language(read.get("language"), findings),
        version=_words(read.get("version")),
        authority=_words(read.get("authority")),
        in_force=_date(read.get("in force")),
        currency=_words(read.get("currency")),
        calendar=_one_of(read.get("calendar"), (*CALENDARS, *calendars), "PD223", findings) or "every_day",
        periods=_one_of(read.get("periods"), REGIMES, "PD224", findings),
        clock=_clock(read.get("clock"), findings),
    )


def _stands(header: tree.Header, word: str) -> bool:
    """Whether a line opens with a word though it could not be read: its own fault has been told."""
    words = r"[ \t]+".join(word.split())
    return re.search(rf"^[ \t]*{words}\b", header.span.text, re.MULTILINE) is not None


def _lines(header: tree.Header, findings: Findings) -> dict[str, tree.HeadLine]:
    found: dict[str, tree.HeadLine] = {}
    for line in header.lines:
        if line.word in SEVERAL:
            continue
        first = found.setdefault(line.word, line)
        if first is not line:
            related = (Related(first.span, "the first one stands here"),)
            findings.add("PD221", line.span, related=related, line=OPENING.get(line.word, line.word))
    return found


def _words(value: tree.Expr | tree.Ident | None) -> str:
    match value:
        case tree.Text(value=text) | tree.Ident(text=text):
            return text
        case _:
            return ""


def _date(value: tree.Expr | tree.Ident | None) -> date | None:
    return value.day if isinstance(value, tree.DateLiteral) else None


def _language(value: tree.Expr | tree.Ident | None, findings: Findings) -> int:
    if not isinstance(value, tree.Number):
        return LANGUAGE
    if value.value != LANGUAGE:
        code = "PD222" if value.value > LANGUAGE else "PD226"
        findings.add(code, value.span, written=value.span.text, newest=str(LANGUAGE))
    return int(value.value)


def _one_of(value: tree.Expr | tree.Ident | None, known: tuple[str, ...], code: str, findings: Findings) -> str:
    if not isinstance(value, tree.Ident):
        return ""
    if value.text in known:
        return value.text
    findings.add(code, value.span, name=value.text, known=listed(known), mend=did_you_mean(value.text, known))
    return ""


def _clock(value: tree.Expr | tree.Ident | None, findings: Findings) -> str:
    if not isinstance(value, tree.Text):
        return "UTC"
    if value.value == "UTC":
        return "UTC"
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(value.value)
    except (KeyError, ValueError, OSError):
        near = did_you_mean(value.value, available_timezones())
        findings.add("PD225", value.span, name=value.value, mend=near)
        return "UTC"
    return value.value
