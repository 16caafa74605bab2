"""Layout: a text, or a syntax tree, in one canonical form.

`formatted` lays out a file, `printed` writes any node of a tree, such as a provision or an expression that stands in
no file. A layout changes blanks, ends of lines and empty lines, never what is said: figures, names, words and comments
stay as they are written, and so does a block that can't be read. What it promises `formatted` finds out each time.
"""

from policy_dsl.layout.printing import expression, lines_of
from policy_dsl.layout.promise import Read, Unkept, difference, read
from policy_dsl.layout.signs import Unknown
from policy_dsl.layout.whole import laid_out, set_blocks, set_text
from policy_dsl.source import Source
from policy_dsl.syntax import tree

__all__ = ["Unkept", "formatted", "printed", "read"]


def formatted(parsed: Read) -> str:
    """The text of a policy or a translation in the canonical layout.

    Raises Unkept where the tree, the comments in their order or the faults would not be the same after it, or where a
    second layout would change the text again.
    """
    text = laid_out(parsed)
    changed = _changed(parsed, text)
    if changed and parsed.problems:
        # What is torn can be held together by its surroundings: then more of these stay as they are.
        text = laid_out(parsed, by_member=False)
        changed = _changed(parsed, text)
    if changed:
        raise Unkept(changed)
    return text


def _changed(before: Read, text: str) -> str:
    source = before.tree.span.source
    if text == source.text:
        return ""
    after = read(Source(source.name, text))
    changed = difference(before, after)
    return changed or ("" if text in (laid_out(after), laid_out(after, by_member=False)) else "layout")


def printed(node: tree.Node) -> str:
    """A node as text, in the canonical layout, its first line at the margin; read again it gives the same node.

    What could not be read is written as it stood. A figure that no digits after a point write exactly, as a calculation
    may have put it into the tree, is written as a fraction.
    """
    if isinstance(node, tree.Expr | tree.Ident | tree.Years | tree.LastYears):
        return expression(node, -1)
    if isinstance(node, tree.PolicyFile | tree.TranslationFile):
        parts = [node.header, *node.items] if node.header is not None else [*node.items]
        return "\n".join(set_blocks([(lines_of(part), not isinstance(part, tree.Broken)) for part in parts]))
    lines = lines_of(node)
    try:
        return "\n".join(set_text(lines))
    except Unknown:
        return "\n".join(lines)
