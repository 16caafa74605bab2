"""What the rules define for each member under a title, beside what they share out: grants, dates, parts, ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policy_dsl.evaluate.derivation import Derived, Unknown
from policy_dsl.render import words
from policy_dsl.render.document import Line, Section, Table
from policy_dsl.render.sections.matter import Matter, cited, titled, values_of
from policy_dsl.render.tables import Numeric, Worded, table
from policy_dsl.render.titles import title_line
from policy_dsl.resolve.program import Entry
from policy_dsl.values import Quantity

COLUMNS = 5


def defined(matter: Matter) -> Section | None:
    """Everything that has a title and a value for each member, in the order of the articles."""
    decision = matter.decision
    found = [entry for entry in titled(decision) if values_of(decision, entry)]
    if not found:
        return None
    chunks = [found[at : at + COLUMNS] for at in range(0, len(found), COLUMNS)]
    tables = []
    for number, chunk in enumerate(chunks, start=1):
        if len(chunks) == 1:
            caption = words.text("table.defined")
        else:
            caption = words.text("table.defined.part", number=number, of=len(chunks))
        lines = words.listed([cited(title_line(entry), entry) for entry in chunk])
        notes = (words.text("table.defined.at", lines=lines),)
        tables.append(_table(caption, {entry: values_of(decision, entry) for entry in chunk}, notes))
    return Section(words.text("section.defined"), tuple(tables), anchor="defined")


def single(entry: Entry, values: Mapping[str, Derived]) -> Table:
    """The values of one definition, member by member."""
    return _table(cited(words.spans(entry), entry), {entry: values})


def _table(caption: Line, figures: Mapping[Entry, Mapping[str, Derived]], notes: Sequence[Line] = ()) -> Table:
    members = sorted({member for values in figures.values() for member in values})
    columns: list[Numeric | Worded] = [
        Worded(words.text("col.member"), tuple(words.members((each,)) for each in members), head=True)
    ]
    columns += [_column(entry, [values.get(each) for each in members]) for entry, values in figures.items()]
    return table(caption, columns, total=False, notes=notes)


def _column(entry: Entry, values: Sequence[Derived | None]) -> Numeric | Worded:
    title = title_line(entry)
    quantities = [each.value for each in values if each is not None and isinstance(each.value, Quantity)]
    if quantities and all(each is None or isinstance(each.value, Quantity) for each in values):
        amounts = tuple(each.value.amount if each and isinstance(each.value, Quantity) else None for each in values)
        return Numeric(title, quantities[0].unit, amounts)
    return Worded(title, tuple(_cell(each) for each in values))


def _cell(value: Derived | None) -> Line:
    if value is None:
        return words.text("cell.none")
    if isinstance(value.value, Unknown):
        return words.text("cell.undetermined")
    return words.derived(value, "value")
