"""Which fields each kind of provision has, what each is called in a statement, and how its rows are told apart.

Every field of every provision stands here once. A test holds the table against the syntax tree, so that no part of the
language can change without a statement.
"""

from __future__ import annotations

from policy_dsl.records import dataclass
from policy_dsl.syntax import tree

PLAIN, GROUP, FLAG, WORD, WORDS, ROWS, REACH, DATE, CHOSEN = (
    "plain", "group", "flag", "word", "words", "rows", "reach", "date", "chosen",
)  # fmt: skip
"""A value or a condition; who belongs; whether a line stands; a word or a name; several; rows; of whom; a day; a figure

of the text or a choice left to a body.
"""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its name in the tree, its sort, and the id of what it is called."""

    name: str
    sort: str
    id: str
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a field: what tells one from the others, what stands for it in a statement, and its own fields.

    `key` are fields that tell rows apart; `called` is the field by which a row goes, `value` the one that is told where
    it is added. `ordered`: their order means something.
    """

    key: tuple[str, ...]
    called: str
    value: str
    fields: tuple[Field, ...] = ()
    ordered: bool = False


def _seat(id_: str) -> Rows:
    return Rows(("code",), "code", "", (Field("since", DATE, f"{id_}.since"), Field("until", DATE, f"{id_}.until")))


def _of_one(name: str, sort: str, id_: str, key: str = "") -> Rows:
    """Rows with one field, which goes by itself or by a name."""
    return Rows((key or name,), key or name, name if key else "", (Field(name, sort, id_),))


_LOCAL = Rows(
    ("name",),
    "name",
    "value",
    (
        Field("each", REACH, "local.each"),
        Field("value", PLAIN, "local.value"),
        Field("exceptions", ROWS, "local.exceptions", Rows(("when",), "when", "value")),
    ),
)
_EXCEPTED = Rows(("when",), "when", "value", (Field("when", PLAIN, "except.when"), Field("value", PLAIN, "except")))

FORMS: dict[type[tree.Node], tuple[Field, ...]] = {
    tree.SetOf: (
        Field("kind", WORD, "set.kind"),
        Field("value", GROUP, "set.value"),
        Field("seats", ROWS, "seat", _seat("seat")),
        Field("requires", ROWS, "set.requires", _of_one("expr", PLAIN, "set.requires.row")),
        Field("grounds", WORDS, "set.grounds"),
    ),
    tree.Participant: (Field("classes", WORDS, "participant.class"), Field("may", WORDS, "participant.may")),
    tree.Calendar: (
        Field("base", WORD, "calendar.base"),
        Field("countries", WORDS, "calendar.countries"),
        Field("days", WORDS, "calendar.days"),
    ),
    tree.Indicator: (
        Field("type", WORD, "indicator.type"),
        Field("low", PLAIN, "indicator.low"),
        Field("high", PLAIN, "indicator.high"),
        Field("supplied_by", WORD, "indicator.supplied_by"),
        Field("missing", PLAIN, "indicator.missing"),
        Field("series", FLAG, "indicator.series"),
        Field("good_for", PLAIN, "indicator.good_for"),
    ),
    tree.Parameter: (
        Field("value", CHOSEN, "parameter"),
        Field(
            "amendments",
            ROWS,
            "parameter.dated",
            Rows(
                ("since",), "since", "value", (Field("since", DATE, "parameter.since"), Field("value", PLAIN, "dated"))
            ),
        ),
    ),
    tree.Define: (
        Field("each", REACH, "define.each"),
        Field("value", PLAIN, "define"),
        Field("exceptions", ROWS, "except.row", _EXCEPTED),
    ),
    tree.Key: (
        Field(
            "parts",
            ROWS,
            "key.part",
            Rows(("term",), "term", "weight", (Field("weight", PLAIN, "weight"), Field("term", PLAIN, "key.term"))),
        ),
        Field("rest", PLAIN, "key.rest"),
        Field("locals", ROWS, "local.row", _LOCAL),
    ),
    tree.Scale: (
        Field("base", PLAIN, "scale.base"),
        Field("kind", WORD, "scale.kind"),
        Field(
            "rows",
            ROWS,
            "bracket",
            Rows(
                ("kind", "threshold"),
                "",
                "value",
                (
                    Field("kind", WORD, "bracket.kind"),
                    Field("threshold", PLAIN, "bracket.edge"),
                    Field("value", PLAIN, "bracket.rate"),
                ),
            ),
        ),
    ),
    tree.Criteria: (
        Field("kind", WORD, "criteria.kind"),
        Field(
            "rows",
            ROWS,
            "criterion",
            Rows(
                ("name",),
                "name",
                "measure",
                (
                    Field("weight", PLAIN, "weight"),
                    Field("measure", PLAIN, "criterion.measure"),
                    Field("worst", PLAIN, "criterion.worst"),
                    Field("best", PLAIN, "criterion.best"),
                    Field("least", PLAIN, "criterion.least"),
                ),
                ordered=True,
            ),
        ),
        Field("similar", PLAIN, "criteria.similar"),
        Field("informed", ROWS, "criteria.informed", Rows((), "by", "weight", (
            Field("by", PLAIN, "informed.by"),
            Field("weight", PLAIN, "informed.weight"),
        ))),
    ),
    tree.Transitional: (Field("keeps", WORDS, "transitional.keeps"), Field("before", DATE, "transitional.before")),
    tree.Apportion: (
        Field("each", REACH, "apportion.each"),
        Field("total", PLAIN, "apportion.total"),
        Field("among", GROUP, "apportion.among"),
        Field("bands", WORD, "apportion.bands"),
        Field("how", PLAIN, "apportion.how"),
        Field("fixed", ROWS, "fixed.row", Rows(("group",), "group", "amount", (
            Field("amount", PLAIN, "fixed"),
            Field("group", GROUP, "fixed.group"),
        ))),
        Field("relief", ROWS, "relief.row", Rows(("relief",), "relief", "", (
            Field("relief", PLAIN, "relief"),
            Field("bearers", GROUP, "relief.bearers"),
            Field("weight", PLAIN, "relief.weight"),
        ))),
        Field("limits", ROWS, "limit.row", Rows(("kind", "group"), "", "bound", (
            Field("then", FLAG, "limit.then"),
            Field("kind", WORD, "limit.kind"),
            Field("bound", PLAIN, "limit"),
            Field("group", GROUP, "limit.group"),
        ), ordered=True)),
        Field("less", ROWS, "less.row", Rows(("credit",), "credit", "", (
            Field("credit", PLAIN, "less"),
            Field("refunded", FLAG, "less.refunded"),
        ))),
        Field("rounding", ROWS, "rounding.row", Rows((), "method", "", (
            Field("method", WORD, "rounding.method"),
            Field("step", PLAIN, "rounding.step"),
            Field("residue", PLAIN, "rounding.residue"),
        ))),
        Field("ties", ROWS, "tie", Rows(("expr",), "expr", "", (Field("expr", PLAIN, "tie.row"),), ordered=True)),
        Field("remainder", ROWS, "remainder.row", Rows((), "group", "weight", (
            Field("group", GROUP, "remainder.group"),
            Field("weight", PLAIN, "remainder.weight"),
            Field("most", PLAIN, "remainder.most"),
        ))),
        Field("adjusted", ROWS, "adjusted.row", Rows((), "step", "within", (
            Field("step", WORD, "adjusted.step"),
            Field("within", PLAIN, "adjusted.within"),
        ))),
    ),
    tree.Fund: (
        Field("level", PLAIN, "fund.level"),
        Field("fed", ROWS, "fed.row", Rows(("by",), "by", "due", (Field("due", PLAIN, "fed.due"),))),
        Field("pays", ROWS, "pays.row", Rows(("what",), "what", "when", (Field("when", PLAIN, "pays.when"),))),
        Field("suspends", ROWS, "suspends.row", _of_one("after", PLAIN, "suspends.after", "name")),
        Field("reserves", ROWS, "reserves.row", _of_one("amount", PLAIN, "reserves", "holder")),
    ),
    tree.Procedure: (),
    tree.Step: (
        Field("model", WORD, "step.model"),
        Field("by", GROUP, "step.by"),
        Field("once_each", FLAG, "step.once_each"),
        Field("repeated", FLAG, "step.repeated"),
        Field("records", ROWS, "step.record", Rows(("name",), "name", "type", (Field("type", WORD, "record.type"),))),
        Field("on", PLAIN, "step.on"),
        Field("once", PLAIN, "step.once"),
        Field("every", ROWS, "every.row", Rows((), "period", "", (
            Field("period", PLAIN, "every.period"),
            Field("after", PLAIN, "every.after"),
        ))),
        Field("not_before", PLAIN, "not_before"),
        Field("not_after", PLAIN, "deadline"),
        Field(
            "requires", ROWS, "step.requires", Rows(("expr",), "expr", "", (Field("expr", PLAIN, "step.requires.row"),))
        ),
        Field("quorum", PLAIN, "quorum"),
        Field("adopted", PLAIN, "majority"),
        Field("failing", PLAIN, "failing"),
        Field("silence", WORD, "step.silence"),
        Field("locals", ROWS, "local.row", _LOCAL),
    ),
    tree.Duty: (
        Field("binds", GROUP, "duty.binds"),
        Field("when", PLAIN, "duty.when"),
        Field("not_after", PLAIN, "deadline"),
        Field("kept", PLAIN, "duty.kept"),
    ),
    tree.Guarantee: (Field("promise", PLAIN, "guarantee"), Field("independent", WORDS, "guarantee.independent")),
    tree.Reservation: (
        Field("by", ROWS, "reservation.by", _seat("reservation")),
        Field("to", ROWS, "reservation.to", Rows(("name",), "name", "value", (Field("value", PLAIN, "modified"),))),
    ),
    tree.Reservable: (Field("to", WORDS, "reservable.to"),),
}  # fmt: skip

# Steps are provisions of their own; names and titles are compared apart, and so are notes.
ELSEWHERE: dict[str, tuple[str, ...]] = {"Procedure": ("steps",), "": ("span", "name", "title", "notes")}


def rows_of(value: object) -> tuple[tree.Node, ...]:
    """The rows of a field; a single line is one row."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, tuple) else (value,)  # type: ignore[return-value]
