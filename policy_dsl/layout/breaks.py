"""Long lines: where a statement goes on in the next line, and how deep.

The language lets a statement go on with a line that begins with `and`, `or`, `else`, `=`, `+`, `-`, `*` or `/`, and
anywhere inside parentheses. The loosest sign is broken first, as a reader would pause.
"""

from __future__ import annotations

from policy_dsl.layout.signs import Sign, negative, opens_a_call, spaced

WIDTH = 100
WIDEST = 120  # of a line that could only be broken inside of parentheses, or before a comparison
STEP = 2

# From the loosest to the tightest. What joins conditions stands on a line each; sums and products fill their lines.
_LOOSEST_FIRST = (("else",), ("or",), ("and",), ("=",), ("+", "-"), ("*", "/"))
_JOINING = ("else", "or", "and")
_FILLING = ("+", "-", "*", "/")
_GIVES = frozenset(("define", "parameter", "set", "tier", "given"))
_COMPARING = frozenset(("<", "<=", ">", ">=", "<>"))
_IN_A_GROUP = frozenset(("except", "where"))


def broken(head: str, line: list[Sign], indent: int, opening: str = "") -> list[str]:
    """The lines of a statement: `head` stands before the signs on the first one, the others are indented deeper.

    `opening` is the word that opens the statement: after some the first `=` gives what is named before it.
    """
    whole = _joined(head, line)
    if len(whole) <= WIDTH or not line:
        return [whole]
    if opening in _GIVES:
        at = next((index for index in _outside(line) if index and line[index].text == "="), None)
        if at is not None:
            return [*broken(head, line[:at], indent), *broken(" " * (indent + STEP), line[at:], indent + STEP)]
    for loosest in _LOOSEST_FIRST:
        cuts = [index for index in _outside(line) if index and _breaks(line, index, loosest)]
        if not cuts:
            continue
        filling = loosest[0] in _FILLING
        torn = (filling and _compares(line)) or (loosest[0] == "=" and len(_joined(head, line[: cuts[0]])) > WIDTH)
        if torn and len(whole) <= WIDEST:
            break
        written = _at_signs(head, line, cuts, indent, filling=filling)
        # To tear a comparison or a sum apart helps nobody where the line stays too long all the same.
        if loosest[0] in _JOINING or len(written[0]) <= WIDTH:
            return written
    return (_in_parentheses(head, line, indent) if len(whole) > WIDEST else []) or [whole]


def _joined(head: str, line: list[Sign]) -> str:
    return head + _room(head, line) + spaced(line) if line else head.rstrip()


def _room(head: str, line: list[Sign]) -> str:
    return "" if not head.strip() or head.endswith((" ", "(")) or line[0].text in (",", ")") else " "


def _breaks(line: list[Sign], index: int, at: tuple[str, ...]) -> bool:
    sign = line[index]
    if sign.text == "or" and line[index - 1].text == "yes":
        return False  # the type `yes or no`
    if sign.text == "and":
        texts = [before.text for before in line[:index] if before.kind == "word"]
        if texts.count("between") > texts.count("and"):
            return False  # `between 0 and 10`
    return sign.kind in ("word", "mark") and sign.text in at and not negative(line, index)


def _compares(line: list[Sign]) -> bool:
    """Whether a comparison stands in the line that can't begin one: a sum would be torn from what it is compared to."""
    return any(line[index].kind == "mark" and line[index].text in _COMPARING for index in _outside(line))


def _at_signs(head: str, line: list[Sign], cuts: list[int], indent: int, *, filling: bool) -> list[str]:
    deeper = indent + STEP
    parts = [line[start:end] for start, end in zip([0, *cuts], [*cuts, len(line)], strict=True)]
    if filling:
        parts = _filled(parts, len(head), deeper)
    written = broken(head, parts[0], indent)
    for part in parts[1:]:
        written += broken(" " * deeper + part[0].text + " ", part[1:], deeper)
    return written


def _filled(parts: list[list[Sign]], first: int, deeper: int) -> list[list[Sign]]:
    """As many parts on each line as there is room for."""
    filled = [parts[0]]
    for part in parts[1:]:
        taken = first + 1 if len(filled) == 1 else deeper
        if taken + len(spaced(filled[-1] + part)) <= WIDTH:
            filled[-1] = filled[-1] + part
        else:
            filled.append(part)
    return filled


def _in_parentheses(head: str, line: list[Sign], indent: int) -> list[str]:
    """The longest parentheses opened: what they hold on lines of its own, and the closing one below."""
    pairs = [(start, end) for start, end in _pairs(line) if end > start + 1]
    if not pairs:
        return []
    start, end = max(pairs, key=lambda pair: len(spaced(line[pair[0] : pair[1]])))
    deeper = indent + STEP
    before = spaced(line[: start + 1])
    written = [head + _room(head, line) + before]
    if len(written[0]) > WIDTH:
        return []
    for part in _parts(line[start + 1 : end], call=opens_a_call(line, start)):
        written += broken(" " * deeper, part, deeper)
    closing = " " * indent + ")"
    return [*written, *broken(closing, line[end + 1 :], indent)]


def _parts(inside: list[Sign], *, call: bool) -> list[list[Sign]]:
    """What parentheses hold, part by part: what a function is asked about, or a group, its exception and its filter."""
    cuts = [0]
    for index in _outside(inside):
        # `, then` goes on with what settles the ties of a rank.
        if call and inside[index].text == "," and [each.text for each in inside[index + 1 : index + 2]] != ["then"]:
            cuts.append(index + 1)
        elif not call and index and inside[index].kind == "word" and inside[index].text in _IN_A_GROUP:
            cuts.append(index)
    return [inside[start:end] for start, end in zip(cuts, [*cuts[1:], len(inside)], strict=True)]


def _outside(line: list[Sign]) -> list[int]:
    """The places outside of all parentheses."""
    depth, found = 0, []
    for index, sign in enumerate(line):
        if sign.kind == "mark" and sign.text == ")":
            depth -= 1
        elif sign.kind == "mark" and sign.text == "(":
            depth += 1
        elif depth == 0:
            found.append(index)
    return found


def _pairs(line: list[Sign]) -> list[tuple[int, int]]:
    """The outermost parentheses: where each opens and closes."""
    depth, start, found = 0, 0, []
    for index, sign in enumerate(line):
        if sign.kind != "mark":
            continue
        if sign.text == "(":
            start = index if depth == 0 else start
            depth += 1
        elif sign.text == ")":
            depth -= 1
            if depth == 0:
                found.append((start, index))
    return found
