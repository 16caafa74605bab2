"""From text to tree. Any text gives a tree; what could not be read stands in it as `Broken`, with one problem each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from lark.exceptions import UnexpectedInput

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.source import Source, Span
from policy_dsl.syntax import blocks, tree
from policy_dsl.syntax.blocks import Block
from policy_dsl.syntax.build import build, builder
from policy_dsl.syntax.expressions import TooDeep
from policy_dsl.syntax.grammar import parser
from policy_dsl.syntax.indent import Misaligned
from policy_dsl.syntax.later import Later
from policy_dsl.syntax.parsed import Parsed
from policy_dsl.syntax.stated import language_of
from policy_dsl.syntax.words import EXAMPLE, FILE, HEADER_OPENINGS, PROVISIONS

if TYPE_CHECKING:
    from policy_dsl.syntax import complaints
else:
    complaints = Later("policy_dsl.syntax.complaints")

Item: TypeAlias = tree.Part | tree.Article | tree.Departure | tree.Alternative | tree.Example | tree.Broken

LONGEST_LINE = 10_000
INDENTATION = ("PD102", "PD103", "PD104")

_TAB = re.compile(r"^ *(\t+)[ \t]*[^ \t\r\n#]", re.MULTILINE)
_LONG = re.compile(r"^[ \t]*(?!>|\([0-9]+\)[ \t]*>)[^\n]{10000,}", re.MULTILINE)
ARTICLE = re.compile(
    r'[ \t]*(?:(?:replace|add)[ \t]+)?article[ \t]+([0-9]{1,9})(?:[ \t]+([a-z]+))?[ \t]*(?:"([^"\n]*)")?'
)
_ALTERNATIVE = re.compile(
    r'[ \t]*alternative[ \t]+([A-Z]|[a-z][a-z0-9_]*)[ \t]*(?:"([^"\n]*)")?[ \t]*'
    r"(?:(?:with|proposed)[ \t][^#\n]*)?(?:#[^\n]*)?$",
    re.MULTILINE,
)
_PROCEDURE = re.compile(
    r'[ \t]*procedure[ \t]+([a-z][a-z0-9_]*)[ \t]*(?:"([^"\n]*)")?[ \t]*(?:#[^\n]*)?$', re.MULTILINE
)
_HEADER = re.compile(r"policy[ \t]+[^ \t\n]+[ \t]*(?:[^\w \t]|$)", re.MULTILINE)
_POLICY = re.compile(r'policy[ \t]+([a-z][a-z0-9_]*)[ \t]*(?:"([^"\n]*)")?')


def read(source: Source) -> Parsed:
    """The tree of a text. Never raises, whatever the text."""
    return read_by(Reading(source))


def read_by(reading: Reading) -> Parsed:
    """The tree of the text of a reading that has not begun."""
    source = reading.source
    reading.run(blocks.cut(source.text))
    comments = tuple(
        tree.Comment(source.span(start, end), source.text[start:end]) for start, end in blocks.comments(source.text)
    )
    whole = tree.PolicyFile(source.span(0, len(source.text)), reading.header, tuple(reading.items), comments)
    problems = sorted(reading.problems, key=lambda problem: problem.span.start if problem.span else 0)
    return Parsed(whole, tuple(problems))


class Pieces:
    """The pieces of a source, each read by the rule for its kind."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.problems: list[Problem] = []

    def _read(self, block: Block, kind: str) -> tuple[tree.Node | None, list[Problem]]:
        """A piece by the rule for its kind: a node, or none and the one complaint."""
        long = _LONG.search(self.text, block.start, block.end)
        if long:
            return None, [Problem("PD137", self.source.span(long.start(), long.end()), {"most": str(LONGEST_LINE)})]
        piece = "\n" + self.text[block.start : block.end]
        base = block.start - 1
        try:
            branch = parser().parse(piece, start=kind)
            make = builder(self.source, base)
            return build(make, branch), make.problems
        except UnexpectedInput as error:
            return None, [complaints.complain(self.source, block, kind, error)]
        except Misaligned as error:
            return None, [complaints.misaligned(self.source, base + error.position)]
        except TooDeep as error:
            return None, [Problem("PD135", error.span)]

    def _number(self, head: re.Match[str]) -> tree.ArticleNumber:
        end = head.end(2) if head.group(2) else head.end(1)
        return tree.ArticleNumber(self.source.span(head.start(1), end), int(head.group(1)), head.group(2) or "")

    def _from_article(self, place: Span, head: re.Match[str]) -> Span:
        return place._replace(start=self.text.index("article", head.start()))

    def _line_end(self, block: Block) -> int:
        end = self.text.find("\n", block.start, block.end)
        return block.end if end < 0 else end

    def _tab(self, block: Block) -> bool:
        found = _TAB.search(self.text, block.start, block.end)
        if found is None:
            return False
        self.problems.append(Problem("PD101", self.source.span(found.start(1), found.end(1))))
        return True

    def _broken(self, block: Block) -> tree.Broken:
        start = blocks.first_line(self.text, block.start, block.end).first
        from policy_dsl.syntax.torn import declares

        return tree.Broken(self.source.span(start, block.end), declares(self.text, block.start, block.end))


class Reading(Pieces):
    """One reading of a policy, block by block."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.header: tree.Header | None = None
        self.items: list[Item] = []

    def run(self, found: list[Block]) -> None:
        """Reads every block in its turn."""
        if found and found[0].word == "translation" and language_of(self.source) is not None:
            self.problems.append(complaints.translation(self.source, found[0]))
            return
        headers = [block for block in found if block.word == "policy" and self._heads(block)]
        if not headers:
            self.problems.append(complaints.no_header(self.source, found))
        early = [block for block in found if headers and block.start < headers[0].start]
        if early:
            self.problems.append(complaints.before_header(self.source, early[0]))
        for block in found:
            if block in early:
                self.items.append(self._broken(block))
            elif self.text[block.start] in " \t":
                self._indented(block)
            elif block.word == "policy" and not headers:
                self.items.append(self._broken(block))
            elif block.word == "policy" and block is not headers[0]:
                self._refuse(block, complaints.second_header(self.source, block, headers[0]))
            elif block.word in FILE:
                self._whole(block)
            elif block is found[0] or self._continues(block, self.problems) or self._listed(block):
                self.items.append(self._broken(block))
            else:
                self._refuse(block, complaints.stray(self.source, block))

    def _listed(self, block: Block) -> bool:
        """Whether a block is one more fact or expectation in a row of them that lost their example."""
        return block.word in EXAMPLE and bool(self.problems) and self.problems[-1].code == "PD128"

    def _continues(self, block: Block, problems: list[Problem]) -> bool:
        """Whether a block is the rest of a line that was torn in two: the line just above it has a fault already."""
        line = self.source.place(blocks.first_line(self.text, block.start, block.end).first).line
        return any(problem.span and problem.span.ends.line == line - 1 for problem in problems)

    def _heads(self, block: Block) -> bool:
        """Whether a line that begins with `policy` was meant as the header, and not as a sentence."""
        return "\n" in self.text[block.start : block.end] or _HEADER.match(self.text, block.start) is not None

    def _whole(self, block: Block) -> None:
        tab = self._tab(block)
        node, problems = self._read(block, KINDS[block.word])
        if node is None:
            node, problems = self._mended(block, problems)
        where = f"Art. {node.number}" if isinstance(node, tree.Article | tree.Departure) else ""
        for problem in problems:
            if not tab or problem.code not in INDENTATION:
                self.problems.append(replace(problem, article=where))
        if isinstance(node, tree.Header):
            self.header = node
        elif isinstance(node, tree.Part | tree.Article | tree.Departure | tree.Alternative | tree.Example):
            self.items.append(node)
        elif block.word != "policy":
            self.items.append(self._broken(block))

    def _indented(self, block: Block) -> None:
        """The first lines of the file, where they do not start at the left margin."""
        before = len(self.problems)
        if block.word in FILE:
            self._whole(block)
        del self.problems[before:]
        self.problems.append(complaints.indented_first(self.source, block))

    def _mended(self, block: Block, problems: list[Problem]) -> tuple[tree.Node | None, list[Problem]]:
        """What can be saved of a block that could not be read whole."""
        if block.word in ("article", "replace", "add"):
            return self._article(block, problems)
        if block.word == "policy":
            return self._header(block, problems)
        if block.word == blocks.PROPOSAL:
            return self._alternative(block, problems, blocks.proposed)
        return None, problems

    def _article(self, block: Block, whole: list[Problem]) -> tuple[tree.Node | None, list[Problem]]:
        head = ARTICLE.match(self.text, block.start)
        if head is None:
            return None, whole
        head_end = self._line_end(block)
        pieces = blocks.members(self.text, min(head_end + 1, block.end), block.end) if head_end < block.end else []
        problems = [problem for problem in whole if problem.span is None or problem.span.start < head_end]
        if pieces and not problems and whole[0].code == "PD104" and self.text[pieces[0].start] not in " \t":
            problems = whole
        lines: list[tree.ArticleLine] = []
        body = blocks.lines(self.text, block.start, block.end)[1:]
        level = blocks.level_of(self.text, body) if body else 0
        for piece in pieces:
            node, found = self._read(piece, LINE_KINDS.get(piece.word, "provision"))
            first = blocks.first_line(self.text, piece.start, piece.end)
            if first.depth != level:
                torn = node is None and self._continues(piece, problems)
                found = [] if torn else [complaints.askew(self.source, piece, first, level)]
            if node is None and piece.word == blocks.PROPOSAL:
                node, found = self._alternative(piece, found, blocks.members)
            if isinstance(node, tree.Prose | tree.Provision | tree.Indicators | tree.Example | tree.Alternative):
                lines.append(node)
            elif piece.word == "procedure":
                saved, found = self._procedure(piece, found)
                lines += saved
            else:
                lines.append(self._broken(piece))
            problems += found
        problems = _without_repeats(problems) or whole
        place = self.source.span(block.start, block.end)
        number = self._number(head)
        article = tree.Article(self._from_article(place, head), number, head.group(3) or "", tuple(lines))
        if block.word == "article":
            return article, problems
        return tree.Departure(place, block.word, number, article, ()), problems

    def _alternative(
        self, block: Block, whole: list[Problem], cut: Callable[[str, int, int], list[Block]]
    ) -> tuple[tree.Node | None, list[Problem]]:
        """The sound lines of an alternative, or its sound articles, and each of the others on its own."""
        head = _ALTERNATIVE.match(self.text, block.start)
        head_end = self._line_end(block)
        if head is None or any(each.span is None or each.span.start < head_end for each in whole):
            return None, whole
        first = blocks.first_line(self.text, block.start, block.end).first
        lines: list[tree.Proposed] = []
        problems: list[Problem] = []
        pieces = cut(self.text, min(head_end + 1, block.end), block.end)
        for piece in pieces:
            if piece.word in ("because", "cites", "none"):
                continue
            node, found = self._proposed(piece, whole=cut is blocks.proposed)
            if node is None and piece.word in ("article", "replace", "add"):
                node, found = self._article(piece, found)
            if isinstance(node, tree.Article | tree.Departure):
                found = [replace(each, article=f"Art. {node.number}") for each in found]
            kept = tree.Prose | tree.Provision | tree.Indicators | tree.Example | tree.Article | tree.Departure
            lines.append(node if isinstance(node, kept) else self._broken(piece))
            problems += found
        known = any(each.word in PROVISIONS or each.word == ">" for each in pieces)
        if not problems or (not known and all(isinstance(line, tree.Broken) for line in lines)):
            return None, whole
        name = tree.Ident(self.source.span(*head.span(1)), head.group(1))
        place = self.source.span(first, block.end)
        return tree.Alternative(place, name, head.group(2) or "", (), (), (), tuple(lines)), problems

    def _proposed(self, piece: Block, *, whole: bool) -> tuple[tree.Node | None, list[Problem]]:
        """A line of an alternative, or one of its articles."""
        if piece.word == blocks.PROPOSAL:
            return None, [complaints.inner_alternative(self.source, piece)]
        if whole and piece.word not in ("article", "replace", "add", "delete", "example"):
            return None, [complaints.stray(self.source, piece)]
        return self._read(piece, (KINDS if whole else LINE_KINDS).get(piece.word, "provision"))

    def _procedure(self, block: Block, whole: list[Problem]) -> tuple[list[tree.ArticleLine], list[Problem]]:
        """The sound steps of a procedure, and each of the others on its own."""
        head = _PROCEDURE.match(self.text, block.start)
        if head is None:
            return [self._broken(block)], whole
        steps: list[tree.Step] = []
        broken: list[tree.ArticleLine] = []
        problems: list[Problem] = []
        for piece in blocks.steps(self.text, head.end(), block.end):
            node, found = self._read(piece, "step")
            problems += found
            if isinstance(node, tree.Step):
                steps.append(node)
            else:
                broken.append(self._broken(piece))
        if not problems or not steps:
            return [self._broken(block)], whole
        name = tree.Ident(self.source.span(head.start(1), head.end(1)), head.group(1))
        start = blocks.first_line(self.text, block.start, block.end).first
        place = self.source.span(start, block.end)
        return [tree.Procedure(place, name, head.group(2) or "", (), tuple(steps)), *broken], problems

    def _header(self, block: Block, whole: list[Problem]) -> tuple[tree.Node | None, list[Problem]]:
        head = _POLICY.match(self.text, block.start)
        head_end = self._line_end(block)
        problems = [problem for problem in whole if problem.span is None or problem.span.start < head_end]
        if head is None:
            return None, problems or whole
        lines: list[tree.HeadLine] = []
        for line in blocks.lines(self.text, min(head_end + 1, block.end), block.end):
            word = blocks.opening(self.text[line.first : line.end])
            if word in FILE and word != "policy":
                problems.append(Problem("PD103", self.source.span(line.first, line.first + len(word))))
                self.items.append(self._broken(Block(word, line.start, block.end)))
                break
            if (word in PROVISIONS or word == ">") and word not in HEADER_OPENINGS:
                rest = Block(word, line.start, block.end)
                problems.append(complaints.stray(self.source, rest))
                self.items.append(self._broken(rest))
                break
            piece = Block("", line.start, line.end)
            node, found = self._read(piece, "head_line")
            if line.depth or not self._continues(piece, problems):
                problems += found
            if isinstance(node, tree.HeadLine):
                lines.append(node)
        name = tree.Ident(self.source.span(head.start(1), head.end(1)), head.group(1))
        place = self.source.span(block.start, block.end)
        return tree.Header(place, name, head.group(2) or "", tuple(lines)), problems or whole

    def _refuse(self, block: Block, problem: Problem) -> None:
        self.problems.append(problem)
        self.items.append(self._broken(block))


def _without_repeats(problems: list[Problem]) -> list[Problem]:
    """Lines of an example that lost their head are one fault, however many they are."""
    strays = [problem for problem in problems if problem.code == "PD128"]
    return [problem for problem in problems if problem not in strays[1:]]


LINE_KINDS = {">": "prose", "alternative": "alternative"}
KINDS = {
    "policy": "header",
    "part": "part",
    "article": "article",
    "replace": "departure",
    "add": "departure",
    "delete": "departure",
    "example": "example",
    "alternative": "whole_alternative",
}
