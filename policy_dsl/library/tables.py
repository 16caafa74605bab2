"""A decision as tables in the form of Arrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from policy_dsl.evaluate.derivation import Status
from policy_dsl.library.errors import needing
from policy_dsl.values import Quantity

if TYPE_CHECKING:
    import pyarrow as pa

    from policy_dsl.evaluate.decision import Decision
    from policy_dsl.resolve.program import Entry

_FIGURE = {"amount": "float64", "exact": "string", "unit": "string"}
SHARES = {"provision": "string", "article": "string", "cohort": "string", "member": "string"} | _FIGURE | {
    "held": "string"
}  # fmt: skip
VALUES = {"provision": "string", "article": "string", "subject": "string"} | _FIGURE | {"words": "string"}


def shares_table(decision: Decision) -> pa.Table:
    """One row for each apportionment, cohort and member."""
    return _table(
        SHARES,
        (
            {
                **_named(shared.entry),
                "cohort": shared.cohort or None,
                "member": row.member,
                **_figure(row.final.value),
                "held": row.held or None,
            }
            for shared in decision.shares
            for row in sorted(shared.rows, key=lambda row: row.member)
        ),
    )


def values_table(decision: Decision) -> pa.Table:
    """One row for each value that has a name: of a member, of a cohort, or of the case."""
    entries = decision.program.entries
    return _table(
        VALUES,
        (
            {
                "provision": name,
                **(_named(entries[name]) if name in entries else {}),
                "subject": " of ".join(subject) or None,
                **_figure(derived.value),
                "words": _words(derived.value),
            }
            for (name, subject), derived in decision.values.items()
        ),
    )


def _named(entry: Entry) -> dict[str, Any]:
    return {"provision": entry.name, "article": str(entry.address) if entry.address is not None else None}


def _figure(value: object) -> dict[str, Any]:
    if not isinstance(value, Quantity):
        return {}
    return {"amount": float(value.amount), "exact": str(value.amount), "unit": str(value.unit)}


def _words(value: object) -> str | None:
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case date():
            return value.isoformat()
        case Status():
            return value.text
        case tuple() if all(isinstance(each, str) for each in value):
            return ", ".join(value)
    return None


def _table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows as a table; what a row lacks is null. Raises PolicyError where Arrow is not installed."""
    try:
        import pyarrow as pa
    except ImportError as missing:
        raise needing("sweep", "tables", missing) from None
    schema = pa.schema([(name, pa.type_for_alias(kind)) for name, kind in columns.items()])
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)
