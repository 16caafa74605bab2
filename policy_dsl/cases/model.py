"""The shape of a case file: which fields it may hold, and what each holds. What a policy declares is not known here.

Facts and groups take their shape from the policy, so that they pass this border as they stand. Nothing of these models
is ever shown: what does not fit is told in the words of the catalogue, at the place in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, InstanceOf, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails

from policy_dsl.cases.complaints import Complaints
from policy_dsl.cases.nodes import Fields, Items, Node, Word
from policy_dsl.resolve.suggest import did_you_mean
from policy_dsl.source import Span

STATUSES = ("official", "estimate", "contested")
OUTCOMES = ("adopted", "rejected")
DATE = r"^\d{4}-\d{2}-\d{2}$"
MOMENT = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$"

Text = Annotated[InstanceOf[Word], WithJsonSchema({"type": "string"})]
Day = Annotated[InstanceOf[Word], WithJsonSchema({"type": "string", "pattern": DATE})]
Moment = Annotated[InstanceOf[Word], WithJsonSchema({"type": "string", "pattern": MOMENT})]
Status = Annotated[InstanceOf[Word], WithJsonSchema({"enum": list(STATUSES)})]
Outcome = Annotated[InstanceOf[Word], WithJsonSchema({"enum": list(OUTCOMES)})]
Free = Annotated[InstanceOf[Fields], WithJsonSchema({"type": "object"})]


def _one_or_more(value: Any) -> Any:
    if isinstance(value, Word):
        items = Items([value])
        items.span = value.span
        return items
    return value


OneOrMore = Annotated[
    list[Text],
    BeforeValidator(_one_or_more),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class Border(BaseModel):
    """A part of the file: no field but those named here."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, frozen=True)


class Traced(Border):
    """A part of the file that says where its facts come from."""

    source: Text | None = Field(None, description="Where the facts come from: a short name from `sources`, or words.")
    date: Day | None = Field(None, description="The day that the facts are of.")
    status: Status | None = Field(None, description="official (if nothing is said), estimate or contested.")


class EventFile(Traced):
    """An event of the record. Its further fields are those that the step records."""

    model_config = ConfigDict(extra="allow", arbitrary_types_allowed=True, frozen=True)

    step: Text = Field(description="The step of the procedure.")
    at: Moment = Field(description="When: a moment with its zone, or a date.")
    by: OneOrMore | None = Field(None, description="Who acted: codes of States, or names of participants.")
    favour: OneOrMore | None = Field(None, description="States that voted in favour.")
    against: OneOrMore | None = Field(None, description="States that voted against.")
    abstaining: OneOrMore | None = Field(None, description="States that abstained.")
    present: OneOrMore | None = Field(None, description="States that were present and did not vote.")
    outcome: Outcome | None = Field(None, description="The outcome as recorded, where the votes are not.")

    @property
    def recorded(self) -> dict[str, Any]:
        """The recorded fields."""
        return self.__pydantic_extra__ or {}


class ChoiceFile(Border):
    """A choice where the policy leaves one."""

    parameter: Text = Field(description="The parameter that is left to a step.")
    value: Text = Field(description="The figure chosen.")
    by: Text = Field(description="The step to which the policy leaves the choice.")
    because: Text | None = Field(None, description="The ground of the choice.")
    at: Moment | None = Field(None, description="When it was made.")


class AdjustmentFile(Border):
    """A departure from a calculated share, agreed at the meeting."""

    of: Text = Field(description="The apportionment.")
    member: Text = Field(description="The member whose share changes.")
    change: Text = Field(description="How much more, or with a minus less.")
    by: Text = Field(description="The step that agreed on it.")
    because: Text | None = Field(None, description="The ground.")


class MovementFile(Border):
    """A line of a fund's ledger."""

    member: Text
    amount: Text
    on: Day


class FundFile(Traced):
    """A fund as it stood when the case opened."""

    balance: Text | None = Field(None, description="The balance when the case opened.")
    dues: list[MovementFile] = Field(default_factory=list, description="What members owe, and since when.")
    pledges: list[MovementFile] = Field(default_factory=list, description="What members promised.")
    payments: list[MovementFile] = Field(default_factory=list, description="What members paid.")


class StatementFile(Border):
    """A statement or dissent, for the record."""

    by: Text
    text: Text


class ColumnFile(Traced):
    """Where the facts of one column come from."""


class TableFile(Traced):
    """A table of facts in a file beside the case."""

    file: Text = Field(description="A CSV file in UTF-8, beside the case.")
    columns: dict[str, ColumnFile] = Field(default_factory=dict, description="Sources of single columns.")


class CaseFile(Border):
    """A case file."""

    case: Text = Field(description="What the case is called.")
    policy: Text = Field(description="The name of the policy: the word after `policy` in its first line.")
    at: Day = Field(description="The date whose figures in force are read.")
    opened: Moment | None = Field(
        None, description="When the case opened: a moment, a date, or a step; otherwise the first event of the record."
    )
    situation: Text | None = Field(None, description="What happened, in words.")
    default: ColumnFile | None = Field(None, description="Source, date and status of facts that state none.")
    sources: dict[str, Text] = Field(default_factory=dict, description="Short names of sources.")
    members: Free | None = Field(None, description="The tiers and sets that the policy leaves to the case.")
    cohorts: list[Text] = Field(default_factory=list, description="The cohorts, where the policy speaks of cohorts.")
    facts: Free | None = Field(None, description="The indicators of the policy.")
    tables: list[TableFile] = Field(default_factory=list, description="Tables of facts.")
    events: list[EventFile] = Field(default_factory=list, description="The record.")
    choices: list[ChoiceFile] = Field(default_factory=list, description="Choices where the policy leaves discretion.")
    adjustments: list[AdjustmentFile] = Field(default_factory=list, description="Departures from calculated shares.")
    funds: dict[str, FundFile] = Field(default_factory=dict, description="Funds as they stood.")
    lots: dict[str, OneOrMore] = Field(default_factory=dict, description="Draws by lot: members as drawn.")
    statements: list[StatementFile] = Field(default_factory=list, description="Statements and dissents.")


_OPEN = ("facts", "members")


def shaped(root: Fields, say: Complaints) -> CaseFile | None:
    """The file in its shape, or as much of it as has the right shape; none where what is left is no case."""
    plain = _without_blanks(root)
    for _ in range(2):
        try:
            return CaseFile.model_validate(plain)
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False, include_input=False)
            for detail in details:
                _say(detail, root, say)
            bad = {str(detail["loc"][0]) for detail in details if detail["loc"]}
            kept = {key: value for key, value in plain.items() if key not in bad}
            plain = kept | {key: _filler(root) for key in ("case", "policy", "at") if key in bad}
    return None


def _filler(root: Fields) -> Word:
    """Stands for a word that is missing, so that the rest is read for faults too."""
    return Word("", root.span)


def _without_blanks(node: Any, depth: int = 0) -> Any:
    """The node as the models take it: a field without a value counts as left out, but for facts and groups."""
    if isinstance(node, Fields):
        kept = Fields()
        kept.span = node.span
        for key, value in node.items():
            if depth == 0 and key in _OPEN:
                if not (isinstance(value, Word) and not value.strip()):
                    kept[key] = value
            elif not (isinstance(value, Word) and not value.strip()):
                kept[key] = _without_blanks(value, depth + 1)
        return kept
    if isinstance(node, Items):
        items = Items(_without_blanks(each, depth + 1) for each in node)
        items.span = node.span
        return items
    return node


def _say(detail: ErrorDetails, root: Fields, say: Complaints) -> None:
    """One misfit in our own words."""
    loc = detail["loc"]
    name = str(loc[-1]) if loc else ""
    kind = detail["type"]
    if kind == "missing":
        holder = at(root, loc[:-1])
        key = holder.key(name) if isinstance(holder, Fields) else None
        span = key.span if key is not None else _head(root, loc[:-1])
        say("PD721", span, key=name, where=_where(loc[:-1]))
        return
    if kind == "extra_forbidden":
        holder = at(root, loc[:-1])
        key = holder.key(name) if isinstance(holder, Fields) else None
        mend = did_you_mean(name, fields_of(loc[:-1]))
        say("PD720", key.span if key is not None else _head(root, loc), mend=mend, key=name, where=_where(loc[:-1]))
        return
    found = at(root, loc)
    span = found.span if found is not None else _head(root, loc)
    code = {"list_type": "PD723", "dict_type": "PD724", "model_type": "PD724", "model_attributes_type": "PD724"}
    if kind == "is_instance_of" and loc and loc[0] in _OPEN:
        say("PD724", span, key=name)
    else:
        say(code.get(kind, "PD722"), span, key=_label(loc))


def at(root: Node, loc: Sequence[int | str]) -> Node | None:
    """The node under a path, or none."""
    node: Any = root
    for part in loc:
        if isinstance(node, Fields):
            node = node.part(str(part))
        elif isinstance(node, Items):
            node = node[part] if isinstance(part, int) and part < len(node) else None
        elif not (isinstance(node, Word) and part == 0):
            return None
    return node if isinstance(node, Word | Items | Fields) else None


def _head(root: Fields, loc: Sequence[int | str]) -> Span:
    """Where a part of the file begins: its key, or the first key inside it."""
    while loc:
        holder = at(root, loc[:-1])
        key = holder.key(str(loc[-1])) if isinstance(holder, Fields) else None
        if key is not None:
            return key.span
        found = at(root, loc)
        if isinstance(found, Fields) and found:
            return next(iter(found)).span
        if found is not None:
            return found.span
        loc = loc[:-1]
    return next(iter(root)).span if root else root.span


def fields_of(loc: Sequence[int | str]) -> list[str]:
    """The fields that a part of the file may hold."""
    models: dict[str, type[BaseModel]] = {
        "events": EventFile,
        "choices": ChoiceFile,
        "adjustments": AdjustmentFile,
        "funds": FundFile,
        "statements": StatementFile,
        "tables": TableFile,
        "default": ColumnFile,
    }
    if not loc:
        return list(CaseFile.model_fields)
    if loc[0] == "funds" and len(loc) > 2:
        return list(MovementFile.model_fields)
    if loc[0] == "tables" and len(loc) > 2:
        return list(ColumnFile.model_fields)
    model = models.get(str(loc[0]))
    return list(model.model_fields) if model is not None else []


def _where(loc: Sequence[int | str]) -> str:
    """A part of the file in words: "the case", "event 2", "fund `preparedness`"."""
    if not loc:
        return "the case"
    words = {"events": "event", "choices": "choice", "adjustments": "adjustment", "tables": "table"}
    words |= {"statements": "statement", "funds": "fund", "dues": "line", "pledges": "line", "payments": "line"}
    part = loc[-1]
    if isinstance(part, int):
        holder = str(loc[-2]) if len(loc) > 1 else ""
        return f"{words.get(holder, holder)} {part + 1}"
    if len(loc) > 1 and loc[-2] == "funds":
        return f"fund `{part}`"
    return f"`{part}`"


def _label(loc: Sequence[int | str]) -> str:
    """The nearest key of a path."""
    return next((str(part) for part in reversed(loc) if isinstance(part, str)), "the case")
