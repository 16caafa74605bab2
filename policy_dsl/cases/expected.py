"""The results that are expected of a case, as a file beside it states them: `expected/NAME.yaml`.

The file says what must come out, member by member, and by which articles. It is no part of the case: a case states
facts and decides nothing. Every value stays as typed, with its place; whether it is reached is tried elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import field, replace
from datetime import date, datetime

from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.figures import Reader
from policy_dsl.cases.nodes import Fields, Items, Node, Word, read_nodes
from policy_dsl.cases.states import States
from policy_dsl.diagnostics import Problem
from policy_dsl.records import dataclass
from policy_dsl.resolve.program import Program
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.source import Source, Span
from policy_dsl.values import Reference

SECTIONS = ("case", "values", "steps", "findings", "refusals")
SHARED = ("unit", "within", "grounds")
LEAF = ("value", *SHARED)
OF_STEP = ("is", "on", "grounds")
OF_FINDING = ("is", "grounds")
OF_REFUSAL = ("step", "by", "at", "member", "grounds")
UNDETERMINED = "not determined"
_BARE = re.compile(r"-?\d[\d_]*(\.\d+)?$", re.ASCII)
_WORD = re.compile(r"[a-z][a-z_]*$|[A-Z]{2,3}$")


@dataclass(frozen=True, slots=True)
class Expected:
    """One result: what is compared, with which sign, to what, all as the language of policies writes it.

    `within` is a tolerance, empty for none: then the value is exact. `grounds` are references such as "Art. 7(2)".
    `undetermined` says that the value must not be to be had; `value` then only keeps the form of a comparison.
    """

    what: str
    sign: str
    value: str
    within: str
    grounds: tuple[str, ...]
    undetermined: bool
    span: Span

    @property
    def text(self) -> str:
        """The expectation as a line of an example, without the word that opens it."""
        compared = f"{self.what} {self.sign} {self.value}".strip() if self.sign else self.what
        near = f" within {self.within}" if self.within else ""
        return compared + near + (f" because {', '.join(self.grounds)}" if self.grounds else "")


@dataclass(frozen=True, slots=True)
class ExpectedRefusal:
    """A refusal: of an event of a step (by whom and when, as far as is said), or of a State that gets no seat."""

    step: str
    by: str
    at: date | datetime | None
    member: str
    grounds: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedOfCase:
    """All results that a file expects of a case, in the order of its text."""

    case: str
    rows: tuple[Expected, ...]
    refusals: tuple[ExpectedRefusal, ...]
    problems: tuple[Problem, ...]
    source: Source

    @property
    def failed(self) -> bool:
        """Whether the file can't be used."""
        return any(problem.is_error for problem in self.problems)


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said once for many values."""

    unit: str = ""
    within: str = ""
    grounds: tuple[str, ...] = ()


def read_expected(source: Source, program: Program) -> ExpectedOfCase:
    """Read the results that are expected of a case. Where something is wrong, the problems say what and where."""
    say = Complaints()
    root = read_nodes(source, say)
    reader = _Expectations(program, say)
    if root is not None:
        reader.read(root)
    return ExpectedOfCase(reader.case, tuple(reader.rows), tuple(reader.refusals), say.sorted(), source)


def policy_named(source: Source) -> str:
    """The name of the policy of which a case says that it is a case; empty where it can't be told."""
    root = read_nodes(source, Complaints())
    named = root.part("policy") if root is not None else None
    return named.strip() if isinstance(named, Word) else ""


@dataclass(slots=True, eq=False)
class _Expectations:
    """Reads one file."""

    program: Program
    say: Complaints
    case: str = ""
    rows: list[Expected] = field(default_factory=list)
    refusals: list[ExpectedRefusal] = field(default_factory=list)

    def read(self, root: Fields) -> None:
        self._known(root, SECTIONS, "the file of expected results")
        title = root.part("case")
        if isinstance(title, Word) and title.strip():
            self.case = title.strip()
        elif "case" in root and not isinstance(title, Word):
            self.say("PD722", title.span, key="case")
        else:
            self.say("PD721", root.span, key="case", where="the file of expected results")
        for name, read in (("values", self._value), ("steps", self._step), ("findings", self._finding)):
            section = root.part(name)
            if isinstance(section, Fields):
                for key, node in section.items():
                    if self._sayable(key):
                        read(key, node)
            elif section is not None and not _blank(section):
                self.say("PD724", section.span, key=name)
        listed = root.part("refusals")
        if isinstance(listed, Items):
            for node in listed:
                self._refusal(node)
        elif listed is not None and not _blank(listed):
            self.say("PD723", listed.span, key="refusals")

    # ---- values ------------------------------------------------------------------------------------------------------

    def _value(self, key: Word, node: Node) -> None:
        self._values(" ".join(key.split()), key, node, _Said())

    def _values(self, what: str, key: Word, node: Node, said: _Said) -> None:
        """The values of one name: one, or one for each member below it, or each cohort and below that each member."""
        if isinstance(node, Fields) and "value" not in node:
            said = self._shared(node, said)
            for inner, below in node.items():
                if str(inner) in SHARED or not self._sayable(inner):
                    continue
                self._values(self._of(what, inner), inner, below, said)
            return
        if isinstance(node, Fields):
            self._known(node, LEAF, f"`{key}`")
            said = self._shared(node, said)
            node = node.part("value")
        if isinstance(node, Word) and node.strip() and self._sayable(node):
            self._leaf(what, node, said)
        elif not isinstance(node, Word):
            self.say("PD722", node.span, key=key)
        elif not node.strip():
            self.say("PD721", key.span, key="value", where=f"`{key}`")

    def _leaf(self, what: str, word: Word, said: _Said) -> None:
        text = " ".join(word.split())
        row = Expected(what, "=", text, said.within, said.grounds, False, word.span)
        if text == UNDETERMINED:
            row = replace(row, value=what, within="", undetermined=True)
        elif _WORD.match(text) and text not in ("yes", "no"):
            row = replace(row, sign="is")
        elif _BARE.match(text) and said.unit:
            row = replace(row, value=f"{text}%" if said.unit == "percent" else f"{text} {said.unit}")
        self.rows.append(row)

    def _of(self, what: str, key: Word) -> str:
        """The value of a cohort, or of a member, or of a member of a cohort: `places of families of BEL`."""
        return f"{what} of {' '.join(key.split())}"

    def _shared(self, node: Fields, said: _Said) -> _Said:
        unit, within = self._word(node, "unit"), self._word(node, "within")
        grounds = self._grounds(node.part("grounds"))
        return _Said(unit or said.unit, within or said.within, grounds or said.grounds)

    # ---- steps and findings ------------------------------------------------------------------------------------------

    def _step(self, key: Word, node: Node) -> None:
        what = " ".join(key.split())
        if isinstance(node, Fields):
            self._known(node, OF_STEP, f"`{key}`")
            grounds = self._grounds(node.part("grounds"))
            for part, sign in (("is", "is"), ("on", "=")):
                word = node.part(part)
                if isinstance(word, Word) and word.strip() and self._sayable(word):
                    self.rows.append(Expected(what, sign, " ".join(word.split()), "", grounds, False, word.span))
                elif word is not None and not isinstance(word, Word):
                    self.say("PD722", word.span, key=part)
            if node.part("is") is None and node.part("on") is None:
                self.say("PD721", key.span, key="is", where=f"`{key}`")
        elif isinstance(node, Word) and node.strip() and self._sayable(node):
            self.rows.append(Expected(what, "is", " ".join(node.split()), "", (), False, node.span))
        else:
            self.say("PD722", node.span, key=key)

    def _finding(self, key: Word, node: Node) -> None:
        self._findings(" ".join(key.split()), key, key, node, ())

    def _findings(self, what: str, name: Word, key: Word, node: Node, grounds: tuple[str, ...]) -> None:
        if isinstance(node, Fields) and "is" not in node:
            grounds = self._grounds(node.part("grounds")) or grounds
            for inner, below in node.items():
                if inner != "grounds" and self._sayable(inner):
                    self._findings(self._of(what, inner), name, inner, below, grounds)
            return
        if isinstance(node, Fields):
            self._known(node, OF_FINDING, f"`{key}`")
            grounds = self._grounds(node.part("grounds")) or grounds
            node = node.part("is")
        if not isinstance(node, Word) or not node.strip():
            self.say("PD722", node.span, key=key)
        elif self._sayable(node) and (found := self._found(what, name, node, grounds)) is not None:
            self.rows.append(found)

    def _found(self, what: str, name: Word, word: Word, grounds: tuple[str, ...]) -> Expected | None:
        """The status of a duty, whether a guarantee holds, or yes or no."""
        text = " ".join(word.split())
        if text == UNDETERMINED:
            return Expected(what, "=", "yes", "", grounds, True, word.span)
        entry = self.program.entries.get(name.strip())
        if entry is not None and entry.kind == "guarantee":
            if text not in ("holds", "fails"):
                self.say("PD973", word.span, mend="write `holds` or `fails`", text=word)
                return None
            return Expected(what if text == "holds" else f"not {what}", "", "", "", grounds, False, word.span)
        return Expected(what, "=" if text in ("yes", "no") else "is", text, "", grounds, False, word.span)

    # ---- refusals ----------------------------------------------------------------------------------------------------

    def _refusal(self, node: Node) -> None:
        if not isinstance(node, Fields):
            self.say("PD724", node.span, key="refusals")
            return
        self._known(node, OF_REFUSAL, "a refusal")
        before = self.say.errors
        reader = Reader(self.say, States(self.program, self.say))
        step, member = self._word(node, "step"), self._word(node, "member")
        if bool(step) == bool(member):
            self.say("PD721", next(iter(node)).span if node else node.span, key="step", where="a refusal")
        if step:
            self._name(node, "step", [entry.name for entry in self.program.of_kind("step")])
        if member:
            reader.states.code(Word(member, _span(node, "member")))
        at = None
        if text := self._word(node, "at"):
            at = reader.moment(Word(text, _span(node, "at")))
        grounds = self._grounds(node.part("grounds"))
        if self.say.errors == before:
            self.refusals.append(ExpectedRefusal(step, self._word(node, "by"), at, member, grounds, _whole(node)))

    def _name(self, node: Fields, field_: str, among: list[str]) -> None:
        text = self._word(node, field_)
        if text not in among:
            self.say("PD752", _span(node, field_), mend=did_you_mean(text, among), name=text)

    # ---- words -------------------------------------------------------------------------------------------------------

    def _word(self, node: Fields, name: str) -> str:
        """The single value of a field, empty where there is none."""
        found = node.part(name)
        if found is None:
            return ""
        if not isinstance(found, Word):
            self.say("PD722", found.span, key=name)
            return ""
        return " ".join(found.split()) if self._sayable(found) else ""

    def _grounds(self, node: Node | None) -> tuple[str, ...]:
        """References to provisions: one, or a list."""
        if node is None or _blank(node):
            return ()
        found = []
        for word in node if isinstance(node, Items) else [node]:
            if not isinstance(word, Word):
                self.say("PD722", word.span, key="grounds")
                continue
            try:
                found.append(str(Reference.read(" ".join(word.replace("Art.", "Art. ").split()))))
            except ValueError:
                self.say("PD972", word.span, text=word)
        return tuple(found)

    def _sayable(self, word: Word) -> bool:
        """Whether a word can stand in a line of the language: without what would end the line."""
        if any(sign in word for sign in '#"\n') or not word.strip():
            self.say("PD973", word.span, text=word)
            return False
        return True

    def _known(self, node: Fields, fields: tuple[str, ...], where: str) -> None:
        for key in node:
            if key not in fields:
                self.say("PD720", key.span, mend=did_you_mean(key, fields), key=key, where=where)


def _span(node: Fields, name: str) -> Span:
    found = node.part(name)
    return found.span if isinstance(found, Word | Items | Fields) else node.span


def _whole(node: Fields) -> Span:
    """The first field of a row: where its fault is shown."""
    return next(iter(node)).span if node else node.span


def _blank(node: Node) -> bool:
    return isinstance(node, Word) and not node.strip()


__all__ = ["Expected", "ExpectedOfCase", "ExpectedRefusal", "policy_named", "read_expected"]
