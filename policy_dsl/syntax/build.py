"""The file, its header, its parts and articles: from the parser's tree to ours."""

from __future__ import annotations

from lark import Token, Tree

from policy_dsl.source import Source
from policy_dsl.syntax import tree
from policy_dsl.syntax.examples import example
from policy_dsl.syntax.expressions import Branch, Child
from policy_dsl.syntax.parts import Builder
from policy_dsl.syntax.provisions import PROVISIONS, step

IDENT_LINES = ("currency", "calendar", "periods", "authentic")


def builder(source: Source, base: int) -> Builder:
    """A builder for a piece that stands at `base` in the source."""
    return Builder(source, base)


def build(make: Builder, branch: Branch) -> tree.Node:
    """The node of a piece of any kind."""
    kind = branch.data
    if kind == "header":
        return header(make, branch)
    if kind.startswith("head_"):
        return _head_line(make, branch)
    if kind == "part":
        number, title = branch.children
        return tree.Part(make.span(branch), str(number), make.text(title))
    if kind == "article":
        return article(make, branch)
    if kind in ("replace", "add", "delete"):
        return departure(make, branch)
    if kind in ("alternative", "whole_alternative"):
        return alternative(make, branch)
    if kind == "step":
        return step(make, branch)
    if kind == "translation":
        return translation(make, branch)
    if kind in ("translated", "untranslated", "named"):
        return _in_translation(make, branch)
    return line(make, branch)


def header(make: Builder, branch: Branch) -> tree.Header:
    """The header with its lines."""
    name, title, *lines = branch.children
    return tree.Header(
        make.span(branch), make.ident(name), make.text(title), tuple(_head_line(make, each) for each in lines)
    )


def article(make: Builder, branch: Branch) -> tree.Article:
    """An article with its words and provisions."""
    number, title, *lines = branch.children
    built = tuple(line(make, each) for each in lines)
    return tree.Article(make.span(branch), article_number(make, number), make.text(title), built)


def article_number(make: Builder, branch: Child) -> tree.ArticleNumber:
    """`4 bis`."""
    assert isinstance(branch, Tree)
    number, suffix = branch.children
    assert isinstance(number, Token)
    if "." in number:
        make.fault("PD140", make.span(number), found=str(number))
    return tree.ArticleNumber(make.span(branch), int(make.number(number).value), str(suffix or ""))


def alternative(make: Builder, branch: Branch) -> tree.Alternative:
    """`alternative A` with what it proposes: lines of an article, or whole articles."""
    label, title, tied, proposers, *rest = branch.children
    name = make.ident(label)
    rows = [each for each in rest if isinstance(each, Tree)]
    lines = tuple(_proposed(make, each) for each in rows if each.data not in ("no_text", "because", "cites"))
    empty = [each for each in rows if each.data == "no_text"]
    if bool(lines) == bool(empty):
        make.fault("PD181", name.span, name=name.text, does="does both" if empty else "does neither")
    ties = make.idents(tied.children) if isinstance(tied, Tree) else ()
    who = tuple(_proposer(make, each) for each in proposers.children) if isinstance(proposers, Tree) else ()
    notes = tuple(make.note(each) for each in rows if each.data in ("because", "cites"))
    return tree.Alternative(make.span(branch), name, make.text(title), ties, who, notes, lines)


def _proposed(make: Builder, branch: Branch) -> tree.Proposed:
    if branch.data == "article":
        return article(make, branch)
    if branch.data in ("replace", "add", "delete"):
        return departure(make, branch)
    return line(make, branch)


def _proposer(make: Builder, token: Child) -> tree.Ident | tree.Text:
    assert isinstance(token, Token)
    if token.type == "STRING":
        return tree.Text(make.span(token), make.text(token))
    return make.ident(token)


def departure(make: Builder, branch: Branch) -> tree.Departure:
    """`replace`, `add` or `delete`."""
    span = make.span(branch)
    if branch.data == "delete":
        number = article_number(make, branch.children[0])
        return tree.Departure(span, "delete", number, None, make.notes(branch))
    inner = branch.children[0]
    assert isinstance(inner, Tree)
    built = article(make, inner)
    return tree.Departure(span, str(branch.data), built.number, built, ())


def line(make: Builder, branch: Child) -> tree.ArticleLine:
    """A line of an article: legal words or a provision."""
    assert isinstance(branch, Tree)
    if branch.data == "prose":
        return prose(make, branch)
    if branch.data == "alternative":
        return alternative(make, branch)
    if branch.data == "example":
        return example(make, branch)
    return PROVISIONS[branch.data](make, branch)


def prose(make: Builder, branch: Branch) -> tree.Prose:
    """Words as adopted."""
    paragraph, words = branch.children
    joined = " ".join(each.strip()[1:].strip() for each in str(words).split("\n"))
    number = None
    if isinstance(paragraph, Token):
        number = int(make.figure(paragraph, paragraph[1:-1]))
    span = make.span(branch)
    return tree.Prose(span._replace(end=span.start + len(span.text.rstrip())), number, joined.strip())


def translation(make: Builder, branch: Branch) -> tree.TranslationHeader:
    """The header of a translation with its lines."""
    language, title, *lines = branch.children
    made = tuple(_head_line(make, each) for each in lines)
    return tree.TranslationHeader(make.span(branch), make.ident(language), make.text(title), made)


def _in_translation(make: Builder, branch: Child) -> tree.Translated | tree.Untranslated | tree.Named | tree.Prose:
    """An article of a translation, or one of its lines."""
    assert isinstance(branch, Tree)
    span = make.span(branch)
    if branch.data == "prose":
        return prose(make, branch)
    if branch.data == "named":
        _, name, of, title, *_ = branch.children
        belongs = make.ident(of) if of is not None else None
        said = make.text(title) if title is not None else ""
        return tree.Named(span, make.ident(name), belongs, said, make.notes(branch))
    number = article_number(make, branch.children[0])
    if branch.data == "untranslated":
        return tree.Untranslated(span, number, make.notes(branch))
    built = tuple(_in_translation(make, each) for each in branch.children[2:])
    lines = tuple(each for each in built if isinstance(each, tree.Prose | tree.Named))
    return tree.Translated(span, number, make.text(branch.children[1]), lines)


def _head_line(make: Builder, branch: Child) -> tree.HeadLine:
    assert isinstance(branch, Tree)
    word = branch.data.removeprefix("head_")
    token = branch.children[-1]
    value: tree.Expr | tree.Ident
    if word == "language":
        value = make.number(token)
    elif word == "in_force":
        value = make.date(token)
    elif word in IDENT_LINES:
        value = make.ident(token)
    else:
        assert isinstance(token, Token)
        value = tree.Text(make.span(token), make.text(token))
    if word == "translation":
        return tree.TranslationLine(make.span(branch), word, value, make.ident(branch.children[0]))
    return tree.HeadLine(make.span(branch), word.replace("_", " "), value)
