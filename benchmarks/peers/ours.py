"""This engine, timed as every peer: the policy of a part of the workload, lowered and run over the columns.

`OURS` is "numpy" or "native"; `CERTIFY` "0" leaves out the bounds (plain floating point, as no sweep runs); `KEEP`
"few" gives only what the peers give, "all" every value that the policy defines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from harness import Chunk, main

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from policy_dsl.cases.case import Case, Fact, Lot, Origin
from policy_dsl.pipeline import check_policy, open_file
from policy_dsl.plan import Column, Frame, IndicatorAt, Plan, Profile, lower, outputs_of
from policy_dsl.plan.exactly import Exactly
from policy_dsl.values import Quantity

WANTED = {
    "w1": ("eligible", "score", "portion", "place"),
    "w2": ("part_of_each",),
    "w3": ("burden",),
    "w4": ("places",),
}


def plan_of(path: Path, columns: Mapping[str, Any], wanted: tuple[str, ...]) -> Plan:
    """The plan of a policy for columns of whole numbers."""
    from policy_dsl.values.countries import COUNTRIES

    checked = check_policy(open_file(str(path))).checked
    states = next(iter(columns.values())).shape[1]
    members = tuple(sorted(COUNTRIES)[:states])
    facts = tuple(
        Fact(name, Quantity(1, checked.named[checked.program.entries[name]].unit), Origin(), member)  # type: ignore[arg-type]
        for name in columns
        for member in members
    )
    # Who is equal in all else is taken in the order of places: a draw by lot that came out so.
    lots = tuple(Lot(entry.name, members) for entry in checked.program.of_kind("apportion"))
    base = Case("Made up", date(2020, 1, 1), groups={"core": members}, facts=facts, lots=lots)
    profiles = {
        name: Profile(float(values.min()), float(2 ** np.ceil(np.log2(max(1, values.max())))), True, True)
        for name, values in columns.items()
    }
    found = tuple(Column(name, IndicatorAt(name), True) for name in columns)
    frame = Frame(checked, base, members, found, profiles)
    return lower(frame, outputs_of(checked, wanted))


class Sure:
    """A plan with its doubtful cases decided again in whole numbers, as a sweep decides them."""

    def __init__(self, plan: Plan, run: Any) -> None:
        self.plan, self._run, self._exactly = plan, run, Exactly(plan)
        self.cases = self.again = 0

    def __call__(self, columns: Mapping[str, Any]) -> Mapping[str, Any]:
        ran = self._run(columns)
        doubtful = np.flatnonzero(ran.doubtful)
        self.cases += len(ran.doubtful)
        self.again += len(doubtful)
        for case in doubtful:
            found = self._exactly.run({name: (values[case].tolist(), 1) for name, values in columns.items()})
            if found is None:
                continue
            for output, node, _ in self.plan.outputs:
                made = found.truths(node) if node.truth else [float(each) for each in found.figures(node)]
                ran.outputs[output.name][case] = made
        return ran.outputs


def ready(part: str) -> Chunk:
    """A part of the workload, lowered when the first columns are there."""
    made: dict[str, Any] = {}
    wanted = WANTED[part] if os.environ.get("KEEP", "few") == "few" else ()

    def work(columns: Mapping[str, Any]) -> Mapping[str, Any]:
        if "run" not in made:
            path = Path(__file__).resolve().parent.parent / "workload" / f"{part}.policy"
            plan = plan_of(path, columns, wanted)
            if os.environ.get("OURS") == "native":
                from policy_dsl.arrays.native import Native

                made["run"] = Sure(plan, Native(plan).run)
            else:
                from policy_dsl.arrays import compiled

                made["plain"] = compiled(plan).run
                made["run"] = Sure(plan, made["plain"])
        if os.environ.get("CERTIFY") == "0":
            return made["plain"](columns, certify=False).outputs
        if os.environ.get("SHOW_DOUBTS"):
            found = made["run"](columns)
            print(part, made["run"].again, "of", made["run"].cases, file=sys.stderr)
            return found
        return made["run"](columns)

    return work


if __name__ == "__main__":
    main(ready, chunk=20_000)
