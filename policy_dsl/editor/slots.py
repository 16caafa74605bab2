"""Which names fit at a place: those of some kinds of provision, a list of words, a unit, or any that has a value."""

from __future__ import annotations

import re
from typing import NamedTuple

from policy_dsl.check import Kind, Type
from policy_dsl.resolve.provisions import EFFECTS, KEPT, PROVABLE, ROUNDINGS
from policy_dsl.syntax import blocks
from policy_dsl.syntax.awaited import Frame

TYPES = ("percent", "ratio", "number", "rating", "state", "date", "moment", "text")


class Slot(NamedTuple):
    """What fits. `what` is new (a name that is given here), kinds (of provisions), words, unit, type, or value."""

    what: str
    among: tuple[str, ...] = ()


VALUE = Slot("value")
NEW = Slot("new")

_OPENERS = (
    "policy|tier|set|participant|calendar|parameter|define|key|scale|criteria|apportion|fund|procedure|step|duty"
    "|guarantee|reservation|transitional"
)
# A form of line by the provision around it (a regular expression each), and what fits at its end.
_SLOTS: tuple[tuple[str, str, Slot], ...] = (
    ("", rf"({_OPENERS})", NEW),
    ("indicators", r"", NEW),
    ("criteria", r"([0-9_.]+%)?", NEW),
    ("participant", r"(as|may)\b.*", NEW),
    ("tier|set", r"grounds\b.*", NEW),
    ("step", r"records(.*,)?", NEW),
    ("step", r"records.*:", Slot("type")),
    ("indicators", r"[a-z0-9_]+ *:", Slot("type")),
    ("indicators|step", r"[^,]*:[^,]*\bper", Slot("unit")),
    ("example", r"given .*:", Slot("type")),
    ("", r".*\b[0-9][0-9_.]*", Slot("unit")),
    ("indicators", r".*\bsupplied by", Slot("kinds", ("participant",))),
    ("", r"(.*=)? *left to", Slot("kinds", ("step",))),
    ("", r".*\bfor each( \w+ and)?", Slot("words", ("member", "cohort"))),
    ("procedure", r"step .*\bas", Slot("kinds", ("step",))),
    ("apportion", r"adjusted by", Slot("kinds", ("step",))),
    ("apportion", r"in bands of", Slot("kinds", ("criteria",))),
    ("apportion", r"rounding", Slot("words", ROUNDINGS)),
    ("fund", r"fed by", Slot("kinds", ("apportion",))),
    ("fund", r"pays", Slot("kinds", ("define", "apportion"))),
    ("fund", r"suspends", Slot("kinds", ("set",))),
    ("fund", r"reserves .*\bfor", Slot("kinds", ("participant", "set", "tier"))),
    ("step", r"silence means", Slot("words", ("adopted", "rejected"))),
    ("reservation", r"to", Slot("kinds", EFFECTS)),
    ("", r"reservations permitted to(.*,)?", Slot("kinds", EFFECTS)),
    ("transitional", r"keeps(.*,)?", Slot("kinds", KEPT)),
    ("", r"guarantee .*\bindependent of", Slot("kinds", PROVABLE)),
    ("policy", r"calendar", Slot("words", ("weekdays", "every_day"))),
    ("policy", r"periods", Slot("words", ("plain", "eu_1182_71"))),
)
_FITTING = tuple((re.compile(owner), re.compile(form), slot) for owner, form, slot in _SLOTS)

GROUPS = frozenset({Kind.GROUP, Kind.BODIES, Kind.STATE, Kind.BODY, Kind.EVENTS})
TIMES = frozenset({Kind.TIME, Kind.EVENT})
TRUTHS = frozenset({Kind.TRUTH, Kind.EVENT, Kind.DUTY})
FIGURES = frozenset({Kind.QUANTITY})
_PREFERRED: tuple[tuple[str, str, frozenset[Kind], bool | None], ...] = (
    ("", r".*\b(among|over|except|borne by|remainder to|binds|not in)", GROUPS, None),
    ("apportion", r"(fixed|at most|at least|then) .*\bfor", GROUPS, None),
    ("step", r"by( .*\bor)?", GROUPS, None),
    ("tier|set|article", r"(set|tier) .*=(.*\bor)?", GROUPS, None),
    ("", r".*\bcount of", GROUPS, None),
    ("", r".*\b(after|before)|on|due", TIMES, None),
    ("", r".*\b(where|if|requires|when|which|and|once)|not", TRUTHS, None),
    ("", r"guarantee .*:", TRUTHS | FIGURES, None),
    ("apportion", r"total", FIGURES, False),
    ("apportion", r"(ties )?by|residue by|minimising", FIGURES, True),
    ("", r".*\b(sum|mean|least|greatest|share|index|rank) of", FIGURES, True),
    ("", r".*\bties by(?: .*, then)?", FIGURES, True),
    ("key", r".*:|rest by", FIGURES, True),
)
_RANKED = tuple((re.compile(owner), re.compile(form), kinds, member) for owner, form, kinds, member in _PREFERRED)


def slot(frame: Frame) -> Slot:
    """Which names fit at a place where a name may stand."""
    owner = frame.owners[-1] if frame.owners else ""
    line = " ".join(frame.line.split())
    for around, form, found in _FITTING:
        if (not around.pattern or around.fullmatch(owner)) and form.fullmatch(line):
            return found
    return VALUE


def rank(frame: Frame, kind: Type | None) -> int:
    """How well a value of a kind fits at a place: 0 well, 1 perhaps."""
    if kind is None or kind.unknown:
        return 1
    owner = frame.owners[-1] if frame.owners else ""
    line = " ".join(frame.line.split())
    for around, form, kinds, member in _RANKED:
        if (not around.pattern or around.fullmatch(owner)) and form.fullmatch(line):
            return 0 if kind.kind in kinds and member in (None, "member" in kind.reach) else 1
    return 0 if kind.kind is not Kind.NO_VALUE else 1


def opening(frame: Frame) -> bool:
    """Whether the word at a place opens its line."""
    return not frame.line or (blocks.opening(frame.line) == "then" and " " not in frame.line.strip())
