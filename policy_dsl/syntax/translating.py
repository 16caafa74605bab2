"""From the text of a translation to its tree, block by block as a policy is read."""

from __future__ import annotations

import re
from dataclasses import replace

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.source import Source
from policy_dsl.syntax import blocks, complaints, tree
from policy_dsl.syntax.blocks import Block
from policy_dsl.syntax.parsed import ParsedTranslation
from policy_dsl.syntax.reading import ARTICLE, INDENTATION, Pieces
from policy_dsl.syntax.words import PROVISIONS

KINDS = {"translation": "translation", "part": "part", "article": "translated", "delete": "untranslated"}

HEAD = re.compile(r'translation[ \t]+([a-z][a-z0-9_]*)[ \t]*(?:"([^"\n]*)")?')


def read_translation(source: Source) -> ParsedTranslation:
    """The tree of a translation. Never raises, whatever the text."""
    reading = Translating(source)
    for block in blocks.cut(source.text):
        reading.block(block)
    comments = tuple(
        tree.Comment(source.span(start, end), source.text[start:end]) for start, end in blocks.comments(source.text)
    )
    whole = tree.TranslationFile(source.span(0, len(source.text)), reading.header, tuple(reading.items), comments)
    problems = sorted(reading.problems, key=lambda problem: problem.span.start if problem.span else 0)
    return ParsedTranslation(whole, tuple(problems))


class Translating(Pieces):
    """One reading of a translation."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.header: tree.TranslationHeader | None = None
        self.items: list[tree.TranslationItem] = []
        self.first: Block | None = None

    def block(self, block: Block) -> None:
        """Reads one block."""
        if block.word == "translation":
            if self.first is not None:
                self._refuse(block, complaints.second_header(self.source, block, self.first))
                return
            self.first = block
        elif block.word not in KINDS:
            self._refuse(block, complaints.no_words(self.source, block))
            return
        tab = self._tab(block)
        node, problems = self._read(block, KINDS[block.word])
        if node is None and block.word == "translation":
            node, problems = self._header(block, problems)
        elif node is None and block.word == "article":
            node, problems = self._article(block, problems)
        where = f"Art. {node.number}" if isinstance(node, tree.Translated | tree.Untranslated) else ""
        told = [problem for problem in problems if not tab or problem.code not in INDENTATION]
        self.problems += [replace(problem, article=where) for problem in told]
        if isinstance(node, tree.TranslationHeader):
            self.header = node
        elif isinstance(node, tree.Part | tree.Translated | tree.Untranslated):
            self.items.append(node)
        elif block.word != "translation":
            self.items.append(self._broken(block))

    def _header(self, block: Block, whole: list[Problem]) -> tuple[tree.Node | None, list[Problem]]:
        """The sound lines of a header, and the faults of the others."""
        head = HEAD.match(self.text, block.start)
        head_end = self._line_end(block)
        if head is None or any(problem.span and problem.span.start < head_end for problem in whole):
            return None, whole
        lines: list[tree.HeadLine] = []
        problems: list[Problem] = []
        for line in blocks.lines(self.text, min(head_end + 1, block.end), block.end):
            node, found = self._read(Block("", line.start, line.end), "translation_line")
            problems += found
            if isinstance(node, tree.HeadLine):
                lines.append(node)
        language = tree.Ident(self.source.span(*head.span(1)), head.group(1))
        place = self.source.span(block.start, block.end)
        return tree.TranslationHeader(place, language, head.group(2) or "", tuple(lines)), problems or whole

    def _article(self, block: Block, whole: list[Problem]) -> tuple[tree.Node | None, list[Problem]]:
        """The sound words and titles of an article, and the faults of the others."""
        head = ARTICLE.match(self.text, block.start)
        head_end = self._line_end(block)
        if head is None or any(problem.span and problem.span.start < head_end for problem in whole):
            return None, whole
        lines: list[tree.Prose | tree.Named | tree.Broken] = []
        problems: list[Problem] = []
        for piece in blocks.members(self.text, min(head_end + 1, block.end), block.end):
            first = blocks.first_line(self.text, piece.start, piece.end)
            if piece.word in PROVISIONS:
                node, found = None, [complaints.no_words(self.source, piece)]
            else:
                node, found = self._read(piece, "prose" if piece.word == ">" else "named")
            problems += found
            if isinstance(node, tree.Prose | tree.Named):
                lines.append(node)
            else:
                lines.append(self._broken(piece._replace(start=first.start)))
        place = self.source.span(block.start, block.end)
        return tree.Translated(place, self._number(head), head.group(3) or "", tuple(lines)), problems or whole

    def _refuse(self, block: Block, problem: Problem) -> None:
        self.problems.append(problem)
        self.items.append(self._broken(block))
