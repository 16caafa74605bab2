"""Slips that show in the characters themselves: signs and forms that other habits bring along."""

from __future__ import annotations

import re
from collections.abc import Mapping

MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
COMPARISONS = {"=<": "<=", "=>": ">=", "≥": ">=", "⩾": ">=", "≤": "<=", "⩽": "<=", "≠": "<>", "!=": "<>", "><": "<>"}
CONNECTIVES = {"&&": "and", "&": "and", "||": "or", "|": "or", "!": "not"}
PRINTED = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "∑": "sum of"}

_UNSEEN = "\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
_QUOTES = "“”„‟«»‹›‘’‚‛`´'"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

# Each form with its code; where a place is covered by several, the first one speaks.
FORMS = (
    ("PD106", re.compile(r"(?<![0-9_.,])[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+(?![0-9_])")),
    ("PD106", re.compile(r"(?<![0-9_.,])[0-9]{1,3}(?:[ \u00a0\u202f'’][0-9]{3})+(?![0-9_])")),
    ("PD123", re.compile(_DATE + r"[ T]+[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2})?(?:[ ]?(?:Z|UTC|GMT|[ap]m))?")),
    ("PD123", re.compile(rf"[0-9]{{1,2}}(?:\.|st|nd|rd|th)?[ ](?:{MONTHS})\.?(?:,?[ ][0-9]{{4}})?")),
    ("PD123", re.compile(rf"\b(?:{MONTHS})[ ][0-9]{{1,2}}(?![0-9])(?:st|nd|rd|th)?(?:,?[ ][0-9]{{4}})?")),
    ("PD123", re.compile(rf"\b(?:{MONTHS})[ ][0-9]{{4}}")),
    ("PD123", re.compile(r"(?<![0-9])[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{2,4}(?![0-9])")),
    ("PD136", re.compile(f"[{_UNSEEN}]+")),
    ("PD109", re.compile(r'"[^"\n]*$', re.MULTILINE)),
    ("PD110", re.compile(f'[{_QUOTES}][^{_QUOTES}"\n]*[{_QUOTES}"]?')),
    ("PD114", re.compile(r"==+")),
    ("PD115", re.compile(r"=<|=>|><|!=|[≥≤⩾⩽≠]")),
    ("PD116", re.compile(r"&&?|\|\|?|!")),
    ("PD117", re.compile(r"[;{}\[\]]|[.,](?=[ \t]*(?:#|$))", re.MULTILINE)),
    ("PD143", re.compile(f"[{''.join(PRINTED)}]")),
    ("PD107", re.compile(r"[0-9][0-9_.]*[ \t]+%")),
    ("PD108", re.compile(r"[0-9][0-9_.]*[ \t]+(?:percent|per[ \t]+cent|pct)\b")),
    ("PD118", re.compile(r"[0-9][0-9_]*(?:\.[0-9_]+){2,}")),
)


def slip(text: str, at: int, start: int, end: int) -> tuple[str, int, int, Mapping[str, str]] | None:
    """The slip that covers a place of a line: its code, where it stands, and what fills its message."""
    for code, form in FORMS:
        for found in form.finditer(text, start, end):
            if found.start() <= at < found.end() or (code == "PD108" and _just_before(text, found.end(), at)):
                if re.fullmatch(_DATE, found.group()) or _inside_quotes(text, start, found.start()):
                    continue
                if found.group() == "\r" and text[found.end() : found.end() + 1] in ("", "\n"):
                    continue  # a part of the end of the line
                return code, found.start(), found.end(), filling(code, found.group())
    return None


def filling(code: str, found: str) -> dict[str, str]:
    """What fills the message of a slip."""
    if code in ("PD107", "PD108"):
        return {"found": found, "figure": found.split()[0].rstrip("%") + "%"}
    if code == "PD106":
        if re.fullmatch(r"[0-9.]+\.[0-9]{3},[0-9]+", found):  # points between thousands, a comma before decimals
            return {"found": found, "figure": found.replace(".", "_").replace(",", ".")}
        return {"found": found, "figure": re.sub("[^0-9.]+", "_", found)}
    if code == "PD105":
        return {"found": found, "figure": re.sub(r"[ \t]+", "", found.replace(",", "."))}
    if code == "PD115":
        return {"found": found, "sign": COMPARISONS[found]}
    if code == "PD116":
        return {"found": found, "word": CONNECTIVES[found]}
    if code == "PD143":
        return {"found": found, "sign": PRINTED[found]}
    if code == "PD136":
        return {"found": ", ".join(f"U+{ord(sign):04X}" for sign in found[:3])}
    return {"found": found}


def comma(found: str) -> str:
    """Whether a figure with commas has them between thousands (PD106) or before decimals (PD105)."""
    return "PD106" if re.fullmatch(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?", found) else "PD105"


def _just_before(text: str, end: int, at: int) -> bool:
    return end <= at and not text[end:at].strip(" \t")


def _inside_quotes(text: str, start: int, at: int) -> bool:
    return text.count('"', start, at) % 2 == 1
