"""The summary of a sweep as data: counts and exact amounts; what is told by a bucket is marked as near."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from policy_dsl.plan import Output
from policy_dsl.receipts.plain import amount
from policy_dsl.receipts.rules import rules_digest, seals
from policy_dsl.render import words
from policy_dsl.render.sections.decisive import figure_name
from policy_dsl.render.sweeping.say import SETTLED, settled, significant
from policy_dsl.resolve.program import Program
from policy_dsl.sweep.summary_found import Compared, Found, Ranged
from policy_dsl.sweep.summary_sketch import ACCURACY, LEVELS, WHOLE_BELOW, Distribution
from policy_dsl.sweep.tornado import Amounts, Tornado

MEAN = 8
"""To so many digits the mean is known of figures that are not in whole steps."""
SCHEMA = "policy-dsl/sweep/1"


def sweep_data(
    program: Program,
    found: Found,
    source: str,
    old: Program | None,
    compared: Compared | None,
    tornado: Tornado | None,
) -> dict[str, object]:
    """A sweep as data. Amounts are in base units."""
    return {
        "schema": SCHEMA,
        "policy": _policy(program),
        "source": source,
        "accuracy": {"part": str(ACCURACY), "whole_below": WHOLE_BELOW},
        "cases": found.cases,
        "one_by_one": {"cases": found.again, "why": dict(found.why), "because_of": dict(found.hindrances)},
        "undetermined": found.open,
        "members": list(found.members),
        "columns": [_column(each) for each in found.columns],
        "distributions": [
            {
                **_output(each.output),
                "of": [{"member": member, **_row(row, each.output)} for member, row in each.rows.items()],
            }
            for each in found.spreads
        ],
        "counts": [
            {
                **_output(each.output),
                "of": [
                    {
                        "member": member,
                        "counts": {str(number): count for number, count in row.counts.items()},
                        "unknown": row.unknown,
                    }
                    for member, row in each.rows.items()
                ],
            }
            for each in found.tallies
        ],
        "against": _against(old, compared) if old is not None and compared is not None else None,
        "tornado": None if tornado is None else _tornado(tornado),
    }


def as_text(data: dict[str, object]) -> str:
    """Data as the text of a file."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _policy(program: Program) -> dict[str, str]:
    heading = program.heading
    digest = rules_digest(seals(program))
    return {"name": heading.name, "title": heading.title, "version": heading.version, "rules": digest}


def _output(output: Output) -> dict[str, Any]:
    entry = output.entry
    return {
        "output": output.name,
        "provision": entry.name,
        "article": str(entry.address or ""),
        "title": entry.title,
        "aspect": output.aspect,
        "cohort": output.cohort,
        "unit": "" if output.unit is None else str(output.unit),
    }


def _column(column: Ranged) -> dict[str, Any]:
    return {
        "column": column.name,
        "each_member": column.each_member,
        "truth": column.truth,
        "least": _exact(column.least),
        "most": _exact(column.most),
        "lacking": column.lacking,
    }


def _row(row: Distribution, output: Output) -> dict[str, Any]:
    whole = output.form != "figure"
    made: dict[str, Any] = {"cases": row.cases, "zero": row.zero, "unknown": row.unknown}
    for name, value in (("least", row.least), ("most", row.most), ("mean", row.mean)):
        made[name] = _exact(value) if whole else _near(value, MEAN if name == "mean" else SETTLED)
    made["percentiles"] = {
        str(level): _near(value) if near or not whole else _exact(value)
        for level, value, near in zip(LEVELS, row.levels, row.near, strict=False)
    }
    return made


def _exact(value: Fraction | None) -> dict[str, Any] | None:
    return None if value is None else amount(value)


def _near(value: Fraction | None, digits: int = SETTLED) -> dict[str, Any] | None:
    """What was computed, or told by its bucket: in decimals, to so many digits."""
    return None if value is None else {"decimal": amount(significant(value, digits))["decimal"], "near": True}


def _against(old: Program, compared: Compared) -> dict[str, Any]:
    return {
        "policy": _policy(old),
        "cases": compared.cases,
        "differ": compared.differ,
        "shares": [
            {
                "old": each.old.name,
                **_output(each.new),
                "moved": _row(each.moved, each.new),
                "of": [
                    {"member": member, **_row(gap.by, each.new), "more": gap.more, "less": gap.less, "same": gap.same}
                    for member, gap in each.rows.items()
                ],
            }
            for each in compared.shares
        ],
        "otherwise": [
            {
                "old": each.old.name,
                **_output(each.new),
                "cases": each.cases,
                "first": list(each.first),
                "of": [{"member": member, "cases": count} for member, count in each.rows.items()],
            }
            for each in compared.turned
        ],
        "farthest": [{"case": name, "moved": _exact(settled(by))} for name, by in compared.farthest],
        "alone": list(compared.alone),
    }


def _tornado(tornado: Tornado) -> dict[str, Any]:
    return {
        "case": tornado.case,
        "members": list(tornado.members),
        "shares": [_output(each) for each in tornado.shares],
        "base": {name: _amounts(each) for name, each in tornado.base.items()},
        "figures": [
            {
                "kind": each.moving.figure.kind,
                "of": each.moving.figure.entry.name,
                "article": str(each.moving.figure.entry.address or ""),
                "name": words.flat(figure_name(each.moving.figure)),
                "unit": str(each.moving.figure.value.unit),
                "now": _exact(each.moving.figure.value.amount),
                "low": _exact(each.moving.low),
                "high": _exact(each.moving.high),
                "others_keep": "their ratios" if each.moving.figure.keeps == "ratios" else "their figures",
                "at_low": {name: _amounts(ends) for name, ends in each.low.items()},
                "at_high": {name: _amounts(ends) for name, ends in each.high.items()},
                "moved": {
                    share.name: [_exact(end) for end in tornado.moved(each, share.name)] for share in tornado.shares
                },
            }
            for each in tornado.swings
        ],
        "fixed": [words.flat(figure_name(each)) for each in tornado.fixed],
    }


def _amounts(amounts: Amounts) -> list[dict[str, Any] | None]:
    return [_exact(each) for each in amounts]


__all__ = ["SCHEMA", "as_text", "sweep_data"]
