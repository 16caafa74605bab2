"""What is altered in the rules, one thing at a time: each weight, threshold, bracket, deadline, majority and exception,

and with them limits, conditions, other figures and ways of rounding. An alteration is the smallest slip of the pen that
makes another rule: one unit more or less, a limit that is no longer included, an exception left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Entry, Program
from policy_dsl.source import Span
from policy_dsl.syntax import tree
from policy_dsl.trial.altering import Edit, fixed_words, left_out, sign_between
from policy_dsl.trial.steps import DOWN, LITERALS, UP, moved, paired
from policy_dsl.values import Address, unit_named

KINDS = (
    "weight",
    "threshold",
    "bracket",
    "deadline",
    "majority",
    "exception",
    "limit",
    "condition",
    "figure",
    "date",
    "rounding",
    "tie",
)
EDGES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
TURNED = {"=": "<>", "<>": "=", "is": "is not", "is not": "is", "in": "not in", "not in": "in"}
CALLED = {"max": "min", "min": "max"}
_PERIODS = ("hour", "day", "working day", "year")


@dataclass(frozen=True, slots=True, eq=False)
class Alteration:
    """One thing altered in one provision: `old` is what the text says at `span`, `new` what it would say.

    `new` is empty where something is left out. `kind` is one of KINDS; `node` is what is altered.
    """

    kind: str
    article: tree.Article
    provision: str
    address: Address | None
    node: tree.Node
    span: Span
    old: str
    new: str
    edits: tuple[Edit, ...]

    @property
    def line(self) -> int:
        """The line on which it stands."""
        return self.span.begins.line


def alterations(program: Program) -> Iterator[Alteration]:
    """Everything that can be altered in the articles of the file itself, in the order of its text."""
    own = [law.node for law in program.law if law.node.span.source is program.source]
    for article in sorted(own, key=lambda each: each.span.start):
        for provision in _provisions(article):
            yield from _Altering(program, article, provision).all()


def _provisions(article: tree.Article) -> Iterator[tree.Provision]:
    for line in article.lines:
        match line:
            case tree.Indicators():
                yield from line.rows
            case tree.Procedure():
                yield from line.steps
            case tree.Guarantee():
                # It promises, and decides nothing: `policy guarantee` tries it.
                pass
            case tree.Provision():
                yield line


class _Altering:
    """The alterations of one provision."""

    def __init__(self, program: Program, article: tree.Article, provision: tree.Provision) -> None:
        self.program = program
        self.article = article
        self.provision = provision
        self.done: set[tree.Node] = set()

    def all(self) -> Iterator[Alteration]:
        found = [*self._weights(self.provision), *self._inside(self.provision, "figure")]
        yield from sorted(found, key=lambda each: each.span.start)

    # ---- from the outside in -----------------------------------------------------------------------------------------

    def _inside(self, node: tree.Node, kind: str) -> Iterator[Alteration]:
        """The alterations of a node and of what stands in it. `kind` is what a figure is that stands here."""
        if node in self.done:
            return
        self.done.add(node)
        yield from self._itself(node, kind)
        for child in tree.children(node):
            yield from self._inside(child, self._kind_below(node, child, kind))

    def _kind_below(self, node: tree.Node, child: tree.Node, kind: str) -> str:
        match node:
            case tree.Condition(word="adopted when" | "failing which" | "quorum"):
                return "majority"
            case tree.Condition(word="not before" | "not after" | "on" | "once"):
                return "deadline"
            case tree.Every() | tree.Suspends() | tree.Fed():
                return "deadline"
            case tree.Bracket():
                return "bracket"
            case tree.KeyPart(weight=weight) if child is weight:
                return "weight"
            case tree.Criterion() | tree.Condition(word="similar"):
                return "threshold"
            case tree.Informed(weight=weight) if child is weight:
                return "weight"
            case tree.Limit() | tree.LeftTo() | tree.Adjusted():
                return "limit"
            case tree.Excepted(when=when):
                return "exception" if child is not when else "threshold"
            case tree.Binary(op="after" | "before", left=left) if child is left:
                return "deadline"
            case tree.Binary(op=op) if op in EDGES or op in TURNED:
                return kind if kind == "majority" else "threshold"
            case tree.Indicator() if child is not node.missing:
                return ""
            case tree.Rounding():
                return "rounding"
        return kind

    def _itself(self, node: tree.Node, kind: str) -> Iterator[Alteration]:
        match node:
            case tree.Number() | tree.Quantity() | tree.Percent() | tree.Ratio() | tree.DateLiteral():
                if kind:
                    yield from self._figure(node, kind)
            case tree.Binary() if node.op in EDGES and kind:
                yield from self._sign(node, EDGES[node.op], kind if kind == "majority" else "threshold")
            case tree.Binary() if node.op in TURNED and kind:
                yield from self._sign(node, TURNED[node.op], "condition")
            case tree.Call() if node.name.text in CALLED:
                new = CALLED[node.name.text]
                yield self._made("limit", node, node.name.span, new, (Edit(node.name.span, new),))
            case tree.Excepted() | tree.Modified():
                yield from self._left_out("exception", node)
            case tree.Group():
                yield from self._group(node)
            case tree.Limit():
                yield from self._left_out("limit", node)
            case tree.Condition(word="requires" | "quorum", expr=expr) if not isinstance(expr, tree.Nothing):
                yield from self._left_out("majority" if node.word == "quorum" else "condition", node)
            case tree.Less() | tree.Relief() | tree.Remainder() | tree.Fixed() | tree.Reserves() | tree.Pays():
                yield from self._left_out("figure", node)
            case tree.Condition(word="ties", expr=expr) if not (isinstance(expr, tree.Name) and expr.text == "lot"):
                yield self._made("tie", node, expr.span, "lot", (Edit(expr.span, "lot"),))
            case tree.Aggregate(ties=ties):
                for tie in ties:
                    turned = f"(-{tie.span.text})" if isinstance(tie, tree.Name) else f"(-({tie.span.text}))"
                    yield self._made("tie", tie, tie.span, turned, (Edit(tie.span, turned),))
            case tree.Rounding():
                new = "down" if node.method.text != "down" else "up"
                yield self._made("rounding", node, node.method.span, new, (Edit(node.method.span, new),))
            case tree.Step():
                for words in ("once each", "repeated"):
                    edit = fixed_words(node, words)
                    if edit is not None and node.span.text.count(words) == 1:
                        yield self._made("condition", node, edit.span, "", (edit,))

    # ---- one thing ---------------------------------------------------------------------------------------------------

    def _figure(self, node: tree.Node, kind: str) -> Iterator[Alteration]:
        if kind == "figure" and isinstance(node, tree.Quantity) and _period(node):
            kind = "deadline"
        if kind == "figure" and isinstance(node, tree.DateLiteral):
            kind = "date"
        for way in (UP, DOWN):
            new = moved(node, way)
            if new is not None:
                yield self._made(kind, node, node.span, new, (Edit(node.span, new),))

    def _sign(self, node: tree.Binary, new: str, kind: str) -> Iterator[Alteration]:
        edit = sign_between(node, new)
        if edit is not None:
            words = f"{node.left.span.text} {new} {node.right.span.text}"
            yield self._made(kind, node, node.span, words, (edit,))

    def _left_out(self, kind: str, node: tree.Node) -> Iterator[Alteration]:
        edit = left_out(node)
        if edit is not None:
            yield self._made(kind, node, _without_notes(node), "", (edit,))

    def _group(self, node: tree.Group) -> Iterator[Alteration]:
        """Whom `except` keeps out, or `where` leaves in, is neither kept out nor left in."""
        end = node.base.span.end
        for kind, word, part in (("exception", "except", node.minus), ("condition", "where", node.where)):
            if part is not None:
                start = node.span.source.text.index(word, end)
                end = _closed(node.span.source.text, start, part.span.end)
                span = node.span.source.span(start, end)
                yield self._made(kind, node, span, "", (Edit(span, ""),))

    # ---- weights -----------------------------------------------------------------------------------------------------

    def _weights(self, provision: tree.Node) -> Iterator[Alteration]:
        """Each weight raised, and the next one lowered by as much, where together they must come to the whole."""
        match provision:
            case tree.Key(parts=parts):
                weights = [self._literal(part.weight) for part in parts]
            case tree.Criteria(kind="by weight", rows=rows):
                weights = [(row.weight, None) for row in rows]
            case _:
                return
        known = [(node, entry) for node, entry in weights if isinstance(node, tree.Percent | tree.Ratio)]
        if len(known) < 2 or len(known) < len(weights):
            return
        for (first, of_first), (second, of_second) in pairwise([*known, known[0]]):
            assert first is not None
            assert second is not None
            new = paired(first, second, UP)
            if new is not None and first is not second:
                self.done.update((first, second))
                edits = (Edit(first.span, new[0]), Edit(second.span, new[1]))
                names = [f" ({each.name})" if each is not None else "" for each in (of_first, of_second)]
                old = f"{first.span.text}{names[0]} and {second.span.text}{names[1]}"
                yield self._made("weight", first, first.span, f"{new[0]} and {new[1]}", edits, old)

    def _literal(self, weight: tree.Expr) -> tuple[tree.Node | None, Entry | None]:
        """A weight as a figure of the text: as it stands, or as the parameter of this file says that it names."""
        if isinstance(weight, tree.Name):
            entry = self.program.ref(weight)
            node = entry.node if isinstance(entry, Entry) and self._here(entry) else None
            if isinstance(node, tree.Parameter) and not node.amendments and isinstance(node.value, LITERALS):
                return node.value, entry if isinstance(entry, Entry) else None
        return weight, None

    def _here(self, entry: Entry) -> bool:
        return entry.node.span.source is self.program.source

    def _made(
        self, kind: str, node: tree.Node, span: Span, new: str, edits: tuple[Edit, ...], old: str = ""
    ) -> Alteration:
        address = self.program.address_of.get(node) or self._address()
        words = " ".join((old or span.text).split())
        return Alteration(
            kind, self.article, self.provision.name.text, address, node, span, words, " ".join(new.split()), edits
        )

    def _address(self) -> Address | None:
        entry = self.program.entries.get(self.provision.name.text)
        if entry is not None and entry.node is self.provision:
            return entry.address
        return self.program.address_of.get(self.provision)


def _period(node: tree.Quantity) -> bool:
    """Whether a figure is a length of time."""
    return unit_named(node.unit.text)[0].period in _PERIODS


def _closed(text: str, start: int, end: int) -> int:
    """The end of a stretch of text with the parentheses that open in it closed."""
    waiting = text.count("(", start, end) - text.count(")", start, end)
    while waiting > 0 and end < len(text) and text[end] in " )":
        waiting -= text[end] == ")"
        end += 1
    return end


def _without_notes(node: tree.Node) -> Span:
    """A line without the grounds that it gives."""
    notes = getattr(node, "notes", ())
    end = min((note.span.start for note in notes), default=node.span.end)
    text = node.span.source.text[node.span.start : end].rstrip()
    return node.span.source.span(node.span.start, node.span.start + len(text))


__all__ = ["KINDS", "Alteration", "alterations"]
