"""From what stopped the reading to what is said about it: one problem, for the root of the matter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lark.exceptions import UnexpectedInput

from policy_dsl.diagnostics.problem import Problem, Related
from policy_dsl.source import Source, Span
from policy_dsl.syntax import blocks
from policy_dsl.syntax.blocks import Block, Line
from policy_dsl.syntax.expected import describe, words_of
from policy_dsl.syntax.indent import FAULT_SIGNS
from policy_dsl.syntax.stop import SILENT, STRINGS, WORD, Stop, shortened
from policy_dsl.syntax.words import (
    AGGREGATES,
    EXAMPLE,
    FILE,
    HEADER,
    HEADER_OPENINGS,
    LINES,
    OWNERS,
    PROVISIONS,
    RESERVED,
    listed,
)

OPERATORS = frozenset(listed("and or not if then else of over per is except where to by for from"))
KNOWN = frozenset((*FILE, *PROVISIONS, *LINES, *HEADER_OPENINGS, *RESERVED))

_HYPHENED = re.compile(r"[a-z0-9_]+(?:-[a-z0-9_]+)+")
_LEGAL = re.compile(r"\([0-9]+\)[ \t]+\w|(?=[^\n]*[.;,][ \t]*$)[A-Z]|[A-Z][\w’']*[ ](?:[\w’',-]+[ ]+){2,}")
_FOR_COLON = frozenset(listed("= , - that then means is shall"))
_FOR_EQUAL = frozenset(listed(": , - is are means be equals"))
_HEADING = re.compile(
    r"(?i:art(?:icle)?s?\.?|§+|section|clause|rule)[ \t]*([0-9]+)\b\.?"
    r"|(?i:part|chapter|title|section)[ \t]+([IVXLC]+)\b"
)
_NUMBERED = re.compile(r"\(?([0-9]{1,3}|[a-z])[.)][ \t]*>?[ \t]*[A-Z]|([0-9]{1,3})[ \t]*>")
_PERCENT_SIGN = re.compile(r"[ \t]*%")
_A_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TITLED = re.compile(r'[a-z]+[ \t]+([a-z][a-z0-9_]*)[ \t]+("[^"\n]*")')
_BY_LINE = re.compile(r"[a-z]+[ \t]+by\b")
# What git leaves in a text where two versions could not be merged.
_MERGE_MARKS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


# ---- the file ------------------------------------------------------------------------------------------------------


def no_header(source: Source, found: list[Block]) -> Problem:
    """A file without `policy NAME "Title"`."""
    return Problem("PD120", _first_line(source, found[0]) if found else source.span(0, 0))


def before_header(source: Source, block: Block) -> Problem:
    """Something stands before the header."""
    span = _first_line(source, block)
    return Problem("PD131", span, {"found": shortened(span.text)})


def second_header(source: Source, block: Block, first: Block) -> Problem:
    """A second header."""
    related = (Related(_first_line(source, first), "the first header stands here"),)
    return Problem("PD121", _first_line(source, block), related=related)


def translation(source: Source, block: Block) -> Problem:
    """A translation in the place of a policy."""
    return Problem("PD280", _first_line(source, block))


def no_words(source: Source, block: Block) -> Problem:
    """What has no place in a translation: a provision, an example, a line that opens nothing there."""
    line = _first_line(source, block)
    named = _TITLED.match(line.text)
    mend = f"write `name {named.group(1)} {named.group(2)}`" if named and block.word in PROVISIONS else ""
    return Problem("PD281", line, {"found": shortened(line.text)}, mend=mend)


def indented_first(source: Source, block: Block) -> Problem:
    """The first line of the file is indented."""
    return Problem("PD103", _first_word(source, block))


def stray(source: Source, block: Block) -> Problem:
    """A line at the left margin that opens nothing."""
    if source.text.startswith(_MERGE_MARKS, block.start):
        return Problem("PD190", _first_line(source, block))
    span = _first_word(source, block)
    word = block.word
    if word == ">":
        return Problem("PD126", _first_line(source, block), {"found": "Words as adopted", "where": "in an article"})
    if word in PROVISIONS:
        return Problem("PD126", span, {"found": f"`{word}`", "where": "in an article"})
    if word in EXAMPLE:
        return Problem("PD128", span, {"found": word})
    if word in HEADER_OPENINGS:
        return Problem("PD126", span, {"found": f"`{word}`", "where": "in the header"})
    heading = _HEADING.match(source.text, block.start)
    if heading and word not in FILE:
        form = f"part {heading.group(2)}" if heading.group(2) else f"article {heading.group(1)}"
        return Problem("PD151", source.span(*heading.span()), {"found": heading.group(), "form": form})
    near = _near(word, FILE) or _near(word, PROVISIONS)
    if near:
        return Problem("PD124", span, {"found": word, "near": near})
    from policy_dsl.syntax import slips

    line = _first_line(source, block)
    slip = slips.slip(source.text, line.start, line.start, line.end)
    if slip:
        return Problem(slip[0], source.span(slip[1], slip[2]), slip[3])
    if _LEGAL.match(line.text):
        return Problem("PD129", line, {"found": shortened(line.text)})
    expected = ", ".join(f"`{each}`" for each in FILE[1:4]) + " or `example`"
    return Problem("PD199", span, {"found": span.text, "expected": expected})


def inner_alternative(source: Source, block: Block) -> Problem:
    """An alternative inside another one."""
    params = {"found": block.word, "expected": "words or a provision"}
    mend = "alternatives stand one below the other; one inside another would be open twice"
    return Problem("PD199", _first_word(source, block), params, mend=mend)


def misaligned(source: Source, at: int) -> Problem:
    """A line that stands as deep as no block around it."""
    found = WORD.match(source.text, at)
    return Problem("PD102", source.span(at, found.end() if found else at + 1))


def askew(source: Source, block: Block, line: Line, level: int) -> Problem:
    """A provision that does not stand as deep as the others of its article."""
    if not line.depth:
        return stray(source, block)
    return Problem("PD103" if line.depth > level else "PD102", misaligned(source, line.first).span)


def _first_line(source: Source, block: Block) -> Span:
    first = blocks.first_line(source.text, block.start, block.end)
    return source.span(first.first, first.end)


def _first_word(source: Source, block: Block) -> Span:
    line = _first_line(source, block)
    found = WORD.match(source.text, line.start)
    return line._replace(end=found.end() if found else min(line.start + 1, line.end))


def _near(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant."""
    from difflib import get_close_matches

    found = get_close_matches(word.lower(), sorted(set(known)), 1, 0.6 if len(word) < 5 else 0.74)
    return found[0] if found else ""


# ---- a block -------------------------------------------------------------------------------------------------------


def complain(source: Source, block: Block, kind: str, error: UnexpectedInput) -> Problem:
    """What to say about a block that could not be read: the first explanation that fits."""
    stop = Stop(source, block, kind, error)
    for explain in EXPLANATIONS:
        problem = explain(stop)
        if problem is not None:
            return problem
    return _nothing_fits(stop)


def _slip(stop: Stop) -> Problem | None:
    from policy_dsl.syntax import slips

    if stop.type in FAULT_SIGNS:
        span = stop.source.span(stop.at, stop.end)
        code = slips.comma(span.text) if stop.type == "_COMMA_NUMBER" else "PD123"
        if code == "PD105" and (sign := _PERCENT_SIGN.match(stop.text, stop.end)):
            span = stop.source.span(stop.at, sign.end())
        if stop.type != "_LOOSE_DATE" or not _A_DATE.fullmatch(span.text):  # a date may be sound, and out of place
            return Problem(code, span, slips.filling(code, span.text))
    found = slips.slip(stop.text, stop.at, stop.line.first, max(stop.line.end, stop.at + 1))
    if found is None:
        return None
    code, start, end, params = found
    return Problem(code, stop.source.span(start, end), params)


def _habit(stop: Stop) -> Problem | None:
    """What other writing brings along; the tables are read in only when something has gone wrong."""
    from policy_dsl.syntax import habits, phrases

    for explain in (
        habits.seats_aside,
        habits.colon_at_end,
        habits.blank_after_mark,
        habits.broken_line,
        habits.named_member,
        habits.name_of_words,
        habits.no_name,
        habits.bare_title,
        habits.inner_if,
        habits.subject_to,
        phrases.said_otherwise,
        habits.no_unit,
    ):
        problem = explain(stop)
        if problem is not None:
            return problem
    return None


def _parenthesis(stop: Stop) -> Problem | None:
    opened = blocks.open_parenthesis(stop.text, stop.block.start, stop.at)
    if opened is not None and (stop.type in SILENT or "\n" in stop.text[opened : stop.at]):
        return Problem("PD134", stop.source.span(opened, opened + 1))
    if opened is None and stop.word == ")":
        return Problem("PD142", stop.here(1))
    return None


def _block(stop: Stop) -> Problem | None:
    if stop.accepts == {"_INDENT"}:
        before = [line for line in stop.lines if line.first < stop.at] or stop.lines
        line = before[-1]
        head = stop.source.span(line.first, line.end)
        article = stop.kind in ("article", "departure") and len(before) == 1
        following = blocks.opening(stop.text[stop.at : stop.block.end]) if article else ""
        code = "PD133" if article and not following else "PD104"
        return Problem(code, head, {"found": blocks.opening(head.text) or head.text})
    if stop.type == "_INDENT":
        above = [line for line in stop.lines if line.first < stop.at][-1:]
        if above and blocks.opening(stop.text[above[0].first : above[0].end]) == ">":
            return _words(stop, "let the words go on after `> ` at the beginning of this line too")
        return Problem("PD103", stop.here())
    return None


def _words(stop: Stop, mend: str = "") -> Problem:
    """Words as adopted without their mark."""
    line = stop.source.span(stop.line.first, stop.line.end)
    return Problem("PD129", line, {"found": shortened(line.text)}, mend=mend)


def _quotes_due(stop: Stop) -> Problem | None:
    if "STRING" not in stop.accepts or len(stop.accepts - {"NAME"}) != 1:
        return None
    opening, span = stop.opening
    if stop.type in SILENT:
        last = stop.line
        return Problem("PD132", stop.source.span(span.start, last.end), {"found": opening})
    rest = stop.source.span(stop.at, max(stop.line.end, stop.at + 1))
    words = rest.text.strip(' \t:.,–—-"')
    return Problem("PD144", rest, {"found": shortened(rest.text)}, mend=f'write `"{words}"`' if words else "")


def _reserved(stop: Stop) -> Problem | None:
    word = stop.word
    if word in RESERVED and "NAME" in stop.accepts and (word not in OPERATORS or "NUMBER" not in stop.accepts):
        return Problem("PD111", stop.here(), {"found": word})
    before = WORD.findall(stop.text[stop.line.first : stop.at])
    if stop.accepts == {"OF"} and before and before[-1] in AGGREGATES and stop.type not in ("NAME", "CODE", "NUMBER"):
        start = stop.text.rindex(before[-1], 0, stop.at)
        return Problem("PD111", stop.source.span(start, start + len(before[-1])), {"found": before[-1]})
    return None


def _first_on_line(stop: Stop) -> Problem | None:
    if not stop.first:
        return None
    word, span = stop.opening
    fitting = words_of(stop.accepts)
    if "AUTHORITY" in fitting and "LANGUAGE" not in fitting:
        return Problem("PD125", span, {"found": word, "known": "of, version, authority"})
    if "LANGUAGE" in fitting:
        near = _near(word, HEADER_OPENINGS)
        mend = f"Did you mean `{near}`?" if near else ""
        return Problem("PD125", span, {"found": word, "known": ", ".join(HEADER)}, mend=mend)
    if word in EXAMPLE:
        return Problem("PD128", span, {"found": word})
    if word in PROVISIONS and "APPORTION" not in fitting:
        return Problem("PD103", span)
    if word in OWNERS and word not in fitting.values():
        above = stop.lines[-2] if len(stop.lines) > 1 else stop.line
        sibling = OWNERS.get(blocks.opening(stop.text[above.first : above.end])) == OWNERS[word]
        if sibling and stop.line.depth > above.depth:
            return Problem("PD103", span)
        return Problem("PD148", span, {"found": word, "owner": OWNERS[word]})
    if stop.accepts <= {"_INDENT", "_DEDENT", "$END"} and word in LINES and len(stop.lines) > 1:
        above = stop.lines[-2]
        named = " ".join(stop.text[above.first : above.end].split()[:2])
        mend = f"indent it by two blanks under `{named}`"
        return Problem("PD148", span, {"found": word, "owner": f"`{named.split()[0]}`"}, mend=mend)
    near = _near(word, fitting.values())
    if near and word not in fitting.values():
        return Problem("PD124", span, {"found": word, "near": near})
    line = stop.text[stop.line.first : stop.line.end]
    if "APPORTION" in fitting and (numbered := _NUMBERED.match(line)):
        number = numbered.group(1) or numbered.group(2)
        if number.isdigit():
            return _words(stop, f"write `({number}) > ` before the words of a paragraph")
        return _words(stop, f"paragraphs have numbers; a letter is one of the words: `> ({number}) …`")
    if "APPORTION" in fitting and _LEGAL.match(line):
        return _words(stop)
    return None


def _name(stop: Stop) -> Problem | None:
    start = stop.at
    while start > stop.line.first and (stop.text[start - 1].isalnum() or stop.text[start - 1] == "_"):
        start -= 1
    found = WORD.match(stop.text, start)
    if found is None or found.end() <= stop.at:
        return _hyphen(stop)
    word, span = found.group(), stop.source.span(start, found.end())
    if "CODE" in stop.accepts and "NAME" not in stop.accepts and word[0].isalpha():
        mend = f"write `{word.upper()}`" if len(word) == 3 and word.isascii() else ""
        return Problem("PD146", span, {"found": word}, mend=mend)
    naming = "NAME" in stop.accepts or start < stop.at
    if naming and word.isascii() and word.lower() != word and word[0].isalpha():
        return Problem("PD112", span, {"found": word, "name": word.lower()})
    if naming and (not word.isascii() or (word[0].isdigit() and not word.isdecimal() and "NUMBER" not in stop.accepts)):
        return Problem("PD141", span, {"found": word})
    return _hyphen(stop)


def _hyphen(stop: Stop) -> Problem | None:
    if stop.type != "MINUS" and stop.text[stop.at : stop.at + 1] != "-":
        return None
    for found in _HYPHENED.finditer(stop.text, stop.line.first, stop.line.end):
        if found.start() < stop.at < found.end() and found.group()[0].isalpha():
            return Problem("PD141", stop.source.span(found.start(), found.end()), {"found": found.group()})
    return None


def _colon(stop: Stop) -> Problem | None:
    line = stop.text[stop.line.first : stop.line.end]
    if _BY_LINE.match(line):
        return _misspelt(stop)
    bare = STRINGS.sub(lambda found: " " * len(found.group()), line)
    if "COLON" in stop.accepts and ":" not in bare:
        sign = bare.find("=")
        if stop.type in SILENT and sign >= 0:
            start = stop.line.first + sign
            return Problem("PD113", stop.source.span(start, start + 1), {"found": "="}, mend="write ` : ` in its place")
        span = stop.last_word() if stop.type in SILENT else stop.here()
        place = "after" if stop.type in SILENT else "in place of" if span.text in _FOR_COLON else "before"
        return Problem("PD113", span, {"found": span.text}, mend=f"write ` : ` {place} `{span.text}`")
    wanting = stop.opening[0] in ("define", "parameter", "given") and "=" not in bare
    if wanting and "EQUAL" in stop.accepts and not stop.accepts & {"COMPARE", "IS"} and stop.word != '"':
        span = stop.last_word() if stop.type in SILENT else stop.here()
        place = "after" if stop.type in SILENT else "in place of" if span.text in _FOR_EQUAL else "before"
        return Problem("PD147", span, {"found": span.text}, mend=f"write ` = ` {place} `{span.text}`")
    return None


def _misspelt(stop: Stop) -> Problem | None:
    word, span = stop.opening
    if word in KNOWN or ":" in STRINGS.sub("", stop.text[stop.line.first : stop.line.end]):
        return None
    near = _near(word, KNOWN - RESERVED)
    return Problem("PD124", span, {"found": word, "near": near}) if near else None


def _too_soon(stop: Stop) -> Problem | None:
    if stop.type not in SILENT and stop.at < stop.line.end:
        return None
    return Problem("PD145", stop.last_word(), {"expected": describe(stop.accepts)}, mend=_else_due(stop))


def _nothing_fits(stop: Stop) -> Problem:
    span = stop.here()
    if stop.end > span.end and "\n" not in stop.text[stop.at : stop.end]:
        span = span._replace(end=stop.end)
    expected = describe(stop.accepts)
    return Problem("PD199", span, {"found": shortened(span.text), "expected": expected}, mend=_else_due(stop))


def _else_due(stop: Stop) -> str:
    """What mends `if … then …` that does not say what holds otherwise."""
    due = "ELSE" in stop.accepts and stop.word not in ("else", ",")
    return "say what holds otherwise: write `else` and a value" if due else ""


EXPLANATIONS: tuple[Callable[[Stop], Problem | None], ...] = (
    _slip,
    _parenthesis,
    _habit,
    _block,
    _quotes_due,
    _reserved,
    _first_on_line,
    _name,
    _colon,
    _misspelt,
    _too_soon,
)
