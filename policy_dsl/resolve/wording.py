"""Words of a statute that a drafter may take for words of the language: figures in words, `maximum of`, a bare unit."""

from __future__ import annotations

from collections.abc import Callable

from policy_dsl.syntax import tree
from policy_dsl.syntax.written_numbers import COUNTS, PARTS

GATHERED = {
    "maximum": "greatest",
    "highest": "greatest",
    "largest": "greatest",
    "max": "greatest",
    "minimum": "least",
    "lowest": "least",
    "smallest": "least",
    "min": "least",
    "average": "mean",
    "total": "sum",
    "number": "count",
}


def gathering(node: tree.ValueOf, is_figure: bool) -> str:
    """What mends `maximum of x`, `number of x`; nothing where the word is no such word."""
    word = GATHERED.get(node.name.text, "")
    if not word:
        return ""
    what = node.of.written
    if word == "count" and is_figure:
        return f"write `{what}` alone: it is a figure already"
    return f"write `{word} of {what}`"


def parts_in_words(node: tree.Expr, known: Callable[[str], bool]) -> tuple[tree.Name, tree.Name, str] | None:
    """A fraction such as `two-thirds`, which reads as a difference: where it begins and ends, and the figure."""
    if not isinstance(node, tree.Binary) or node.op != "-" or not isinstance(node.right, tree.Name):
        return None
    count = node.left
    while isinstance(count, tree.Binary):
        count = count.right
    if not isinstance(count, tree.Name) or count.text not in COUNTS or node.right.text not in PARTS:
        return None
    if known(count.text) or known(node.right.text):
        return None
    return count, node.right, f"{COUNTS[count.text]}/{PARTS[node.right.text]}"


def figure_in_words(node: tree.Expr, known: Callable[[str], bool]) -> tuple[str, str] | None:
    """A figure that is written out and so reads as a name or two: its words, and the figure."""
    match node:
        case tree.Binary(op="per", left=tree.Name(text=count), right=tree.Name(text="cent")):
            figure = f"{COUNTS.get(count, '')}%"
        case tree.Name(text=count):
            figure = COUNTS.get(count, "1/2" if count == "half" else "")
        case _:
            return None
    if (count not in COUNTS and count != "half") or known(count):
        return None
    return node.written, figure
