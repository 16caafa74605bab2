"""Habits of other writing: a line broken in two, `if` inside a larger value, a name left out or made of two words."""

from __future__ import annotations

import re

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.syntax import blocks
from policy_dsl.syntax.expected import words_of
from policy_dsl.syntax.stop import SILENT, STRINGS, Stop, as_name, shortened
from policy_dsl.syntax.words import LINES, PROVISIONS, listed

NAMELESS = {"indicators", "reservations", "example", "alternative"}
NAMED = "|".join(sorted({*PROVISIONS, "step", "policy", "name"} - NAMELESS))
INNER = frozenset(listed("is of over per then where within when if in not except with"))
GROUNDS = frozenset(listed("because cites notwithstanding"))

_SIGN = re.compile(r"[:,^<>)]|>=|<=|<>")
_TWO_WORDS = re.compile(
    rf'(?:{NAMED})[ \t]+([a-z][a-z0-9_]*(?:[ \t]+[a-z][a-z0-9_]*)+?)[ \t]*(?=["=:\n#]|$|for[ \t]+each|on[ \t])'
)
_ROW_OF_WORDS = re.compile(r"([a-z][a-z0-9_]*(?:[ \t]+[a-z0-9_]+)+)[ \t]*(?=:)")
_NAMELESS = re.compile(rf'(?:{NAMED})[ \t]+("([^"\n]*)")')
_BARE_TITLE = re.compile(rf"(?:{NAMED})[ \t]+[a-z][a-z0-9_]*[ \t]+([A-Z][^\"\n=:#]*[^\"\n=:#\s])")
_BARE_TITLE_OF_ROW = re.compile(r"[a-z][a-z0-9_]*[ \t]*:[^\n\"#]*?[ \t]([A-Z][^\"\n=:#,]*[^\"\n=:#,\s])")
_NAMED_MEMBER = re.compile(
    r"(?:\b(?:each|every|any)[ \t]+)?\b([a-z][a-z0-9_]*)[ \t]+([a-z])"
    r"[ \t]+(?:where|with|such[ \t]+that|for[ \t]+whom)\b"
)
_SUBJECT = re.compile(r"subject[ \t]+to\b(?:[ \t]+Art\.[ ]?[0-9]+(?:\([0-9]+\))?)?")
_GROUND_LINE = re.compile(r"[ \t]+(?:because|cites|notwithstanding)\b")


def broken_line(stop: Stop) -> Problem | None:
    """A statement that goes on below, though its line says nothing of it."""
    above, below = _torn(stop)
    if above is None or below is None:
        return None
    head, rest = stop.text[above.first : above.end], stop.text[below.first : below.end]
    joined = f"{STRINGS.sub(_without_comment, head).rstrip()} {rest}"
    mend = f"write it on one line: `{joined}`" if len(joined) <= 100 else ""
    sign = _SIGN.match(rest)
    found = sign.group() if sign else blocks.opening(rest) or rest.split()[0]
    return Problem("PD149", stop.source.span(below.first, below.end), {"found": found}, mend=mend)


def _without_comment(found: re.Match[str]) -> str:
    return "" if found.group()[0] == "#" else found.group()


def _torn(stop: Stop) -> tuple[blocks.Line | None, blocks.Line | None]:
    """The two halves of a line that is broken, if it is."""
    all_lines = blocks.lines(stop.text, stop.block.start, stop.block.end)
    if stop.type in SILENT:
        above = stop.line
        below = next((line for line in all_lines if line.first > above.first), None)
        if below is None or below.depth <= above.depth or not _goes_on(stop, stop.text[below.first : below.end]):
            return None, None
        return above, below
    if not stop.first or len(stop.lines) < 2 or stop.lines[-2].depth >= stop.line.depth:
        return None, None
    rest = stop.text[stop.line.first : stop.line.end]
    word = blocks.opening(rest)
    if (_SIGN.match(rest) or word in INNER) and word not in words_of(stop.accepts).values():
        return stop.lines[-2], stop.line
    return None, None


def _goes_on(stop: Stop, rest: str) -> bool:
    """Whether the first word or sign of a line could have stood where the line above it ends."""
    word = blocks.opening(rest)
    if word in GROUNDS:
        return False
    fixed = words_of(stop.accepts).values()
    if word:
        opens = word in LINES or word in PROVISIONS
        return word in fixed or ("NAME" in stop.accepts and not opens)
    sign = _SIGN.match(rest)
    if sign:
        return sign.group() in fixed or ("COMPARE" in stop.accepts and sign.group()[0] in "<>")
    return "NUMBER" in stop.accepts or ("STRING" in stop.accepts and rest[0] == '"')


def seats_aside(stop: Stop) -> Problem | None:
    """A list of members that is not indented under its tier or set."""
    if not stop.first or stop.type != "CODE":
        return None
    head = stop.text[: stop.line.start].rstrip().rpartition("\n")[2]
    if blocks.opening(head) not in ("tier", "set"):
        return None
    named = " ".join(head.split()[:2])
    params = {"found": stop.word, "owner": "`tier` or `set`"}
    return Problem("PD148", stop.here(), params, mend=f"indent this line by two blanks under `{named}`")


def colon_at_end(stop: Stop) -> Problem | None:
    """A colon at the end of a line that opens a block, as other languages have it."""
    if stop.word != ":" or "COLON" in stop.accepts or stop.text[stop.at : stop.line.end].strip() != ":":
        return None
    if not stop.accepts & {"_NL", "STRING"}:
        return None
    params = {"found": ":", "expected": "the end of the line"}
    return Problem("PD199", stop.here(1), params, mend="take the colon out: what is indented below belongs to the line")


def blank_after_mark(stop: Stop) -> Problem | None:
    """Words as adopted that follow their mark at once."""
    if stop.text[stop.line.first : stop.at][-1:] != ">" or "_NL" not in stop.accepts:
        return None
    line = stop.source.span(stop.line.first, stop.line.end)
    return Problem("PD129", line, {"found": shortened(line.text)}, mend="write a blank after `>`")


def named_member(stop: Stop) -> Problem | None:
    """`members m where …`: a name for the one examined, as mathematicians give it."""
    near = max(stop.line.first, stop.at - 100), min(stop.line.end, stop.at + 100)
    for found in _NAMED_MEMBER.finditer(stop.text, *near):
        if found.start() <= stop.at <= found.end():
            group = "members" if found.group(1) == "member" else found.group(1)
            mend = f"write `{group} where …`, and there `x` for a figure of the one examined. How many are ahead of a "
            mend += f"member is told by its rank: `rank of x over {group} - 1`"
            return Problem("PD153", stop.source.span(*found.span(2)), {"found": found.group(2)}, mend=mend)
    return None


def inner_if(stop: Stop) -> Problem | None:
    """`if … then … else …` inside a larger value, which needs parentheses."""
    if stop.word != "if" or "LPAR" not in stop.accepts or "NUMBER" not in stop.accepts:
        return None
    end = _end_of_value(stop)
    whole = stop.text[stop.at : end].rstrip()
    mend = f"write `({whole})`" if " else " in whole else ""
    return Problem("PD150", stop.source.span(stop.at, stop.at + len(whole)), mend=mend)


def _end_of_value(stop: Stop) -> int:
    """The end of a value that goes on to the end of its line: before the grounds, and inside the parentheses around."""
    line = STRINGS.sub(lambda found: "x" * len(found.group()), stop.text[stop.at : stop.line.end])
    ground = _GROUND_LINE.search(line)
    end = ground.start() if ground else len(line)
    depth = 0
    for at, sign in enumerate(line[:end]):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return stop.at + at
    return stop.at + end


def no_name(stop: Stop) -> Problem | None:
    """A title where the name should stand before it."""
    found = _NAMELESS.match(stop.text, stop.line.first, stop.line.end)
    if stop.kind in ("header", "head_line") and stop.opening[0] != "policy":
        return None
    if found is None or found.start(1) != stop.at or "NAME" not in stop.accepts:
        return None
    opening = stop.opening[0]
    mend = f"write a name of small letters before the title: `{opening} {as_name(found.group(2))} {found.group(1)}`"
    return Problem("PD152", stop.source.span(*found.span(1)), {"opening": opening}, mend=mend)


def name_of_words(stop: Stop) -> Problem | None:
    """A name of several words, which must be joined."""
    for pattern in (_TWO_WORDS, _ROW_OF_WORDS):
        found = pattern.match(stop.text, stop.line.first, stop.line.end)
        if found is None or not found.start(1) <= stop.at < found.end(1):
            continue
        if pattern is _ROW_OF_WORDS and stop.accepts != {"COLON"}:
            continue
        words = found.group(1)
        if "on" in stop.text[found.start(1) : stop.at].split()[1:]:  # `scale rate on income …`: the name was read
            continue
        mend = f"join the words by `_`: `{'_'.join(words.split())}`"
        return Problem("PD141", stop.source.span(*found.span(1)), {"found": words}, mend=mend)
    return None


def bare_title(stop: Stop) -> Problem | None:
    """A title without quotes."""
    for pattern in (_BARE_TITLE, _BARE_TITLE_OF_ROW):
        found = pattern.match(stop.text, stop.line.first, stop.line.end)
        if found is not None and found.start(1) == stop.at and "STRING" in stop.accepts:
            words = found.group(1)
            mend = f'write `"{words}"`'
            return Problem("PD144", stop.source.span(*found.span(1)), {"found": shortened(words)}, mend=mend)
    return None


def no_unit(stop: Stop) -> Problem | None:
    """A row of facts whose title stands where the unit should."""
    if stop.type != "STRING" or not stop.accepts >= {"NAME", "CODE", "YES"} or "NUMBER" in stop.accepts:
        return None
    mend = "write the unit before the title, as in `persons`, `USD per year`, `percent` or `yes or no`"
    expected = "a unit"
    span = stop.source.span(stop.at, stop.end)
    return Problem("PD199", span, {"found": shortened(span.text), "expected": expected}, mend=mend)


def subject_to(stop: Stop) -> Problem | None:
    """`subject to` draws the arrow of precedence from the wrong end."""
    found = _SUBJECT.match(stop.text, stop.line.first, stop.line.end) or _SUBJECT.match(stop.text, stop.at)
    if found is None or not found.start() <= stop.at <= found.end():
        return None
    params = {"found": "subject to", "form": "notwithstanding …"}
    mend = "take it out here, and let the rule that prevails say `notwithstanding` and this article"
    return Problem("PD151", stop.source.span(*found.span()), params, mend=mend)
