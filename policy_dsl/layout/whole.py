"""A whole file in the canonical layout: its blocks one after the other, those that can't be read as they stand."""

from __future__ import annotations

from policy_dsl.layout.lines import Reader, Remark, Statement
from policy_dsl.layout.setting import remarks, set_lines
from policy_dsl.layout.signs import Unknown
from policy_dsl.syntax import Parsed, ParsedTranslation, blocks, tree
from policy_dsl.syntax.blocks import Block

_WITH_MEMBERS = ("article", "replace", "add")


def laid_out(parsed: Parsed | ParsedTranslation, *, by_member: bool = True) -> str:
    """The text of a file in the canonical layout. What could not be read stays as it is written.

    That is a block or, `by_member`, no more of an article than the provisions that hold the faults.
    """
    text = parsed.tree.span.source.text
    found = blocks.cut(text)
    faults = _faults(parsed)
    reader, at = Reader(), int(text.startswith("\ufeff"))
    for index, block in enumerate(found):
        until = found[index + 1].start if index + 1 < len(found) else len(text)
        reader.read(text[at : block.start].split("\n")[:-1])
        own = text[block.start : block.end].split("\n")
        if _sound(faults, block.start, until) and _legible(own):
            reader.read(own)
        elif not (by_member and block.word in _WITH_MEMBERS and _by_member(reader, text, block, faults)):
            reader.keep([line.rstrip("\r") for line in own])
        at = min(block.end + 1, len(text))
    reader.read(text[at:].split("\n"))
    written = _written(reader.end())
    return ("\r\n" if _ends_of_others(text) else "\n").join([*written, ""]) if written else ""


def set_text(lines: list[str]) -> list[str]:
    """Lines of the language that are no whole file, each as deep below the others as in the text."""
    reader = Reader()
    reader.read(lines)
    return set_lines(reader.end())


def set_blocks(found: list[tuple[list[str], bool]]) -> list[str]:
    """The blocks of a file from their lines; beside each whether it is to be laid out."""
    reader = Reader()
    for lines, sound in found:
        if sound and _legible(lines):
            reader.read(lines)
        else:
            reader.keep(lines)
    return _written(reader.end())


def _by_member(reader: Reader, text: str, block: Block, faults: list[tuple[int, int]]) -> bool:
    """Read an article member by member, and keep those with faults; whether that can be done."""
    body = text.find("\n", block.start, block.end) + 1
    found = blocks.members(text, body, block.end) if body else []
    if not found or not _sound(faults, block.start, body):
        return False
    level = blocks.level_of(text, blocks.lines(text, body, block.end))
    read: list[tuple[list[str], list[str] | None]] = []
    at = body
    for index, member in enumerate(found):
        until = found[index + 1].start if index + 1 < len(found) else block.end + 1
        between = text[at : member.start].split("\n")[:-1]
        own = [line.rstrip("\r") for line in text[member.start : member.end].split("\n")]
        if blocks.first_line(text, member.start, member.end).depth != level:
            return False
        if _sound(faults, member.start, until) and _legible(own):
            read.append(([*between, *own], None))
        else:
            shifted = _shifted(own, 2 - level)
            if shifted is None:
                return False
            read.append((between, shifted))
        at = min(member.end + 1, block.end)
    reader.read(text[block.start : body].split("\n")[:-1])
    for lines, kept in read:
        reader.read(lines)
        if kept is not None:
            reader.keep(kept, level)
    return True


def _shifted(lines: list[str], by: int) -> list[str] | None:
    """Lines moved to the right or to the left, or none where one would have to begin before the margin."""
    if by >= 0:
        return [" " * by + line if line else line for line in lines]
    if any(line.strip() and line[:-by].strip() for line in lines):
        return None
    return [line[-by:] for line in lines]


def _sound(faults: list[tuple[int, int]], start: int, until: int) -> bool:
    return not any(first < until and end > start for first, end in faults)


def _faults(parsed: Parsed | ParsedTranslation) -> list[tuple[int, int]]:
    """The stretches of the text that could not be read, or not without a fault."""
    spans = [problem.span for problem in parsed.problems if problem.span is not None]
    spans += [node.span for node in tree.walk(parsed.tree) if isinstance(node, tree.Broken)]
    return [(span.start, max(span.end, span.start + 1)) for span in spans]


def _legible(lines: list[str]) -> bool:
    try:
        Reader().read(lines)
    except Unknown:
        return False
    return True


def _ends_of_others(text: str) -> bool:
    """Whether lines end as on Windows: the first line tells."""
    first = text.find("\n")
    return first > 0 and text[first - 1] == "\r"


def _written(found: list[Statement | Remark]) -> list[str]:
    """The blocks of a file: an empty line between any two, two before a part."""
    written: list[str] = []
    waiting: list[Remark] = []
    before: Statement | None = None
    for each in found:
        if isinstance(each, Remark):
            waiting.append(each)
            continue
        above = [*waiting, *each.above]
        waiting = []
        apart = above[0].apart if above else each.apart
        if before is not None:
            as_is = before.verbatim is not None or each.verbatim is not None
            written += [""] * (0 if as_is and not apart else 2 if each.opening == "part" else 1)
        lines = [*remarks(above, 0), *([""] if each.apart and above else [])]
        each.above, each.apart = [], False
        written += [*lines[above[0].apart if above else 0 :], *set_lines([each])]
        before = each
    ends = remarks(waiting, 0)[int(bool(waiting) and waiting[0].apart) :]
    return [*written, *([""] if written and ends else []), *ends]
