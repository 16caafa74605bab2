"""The summary of one sweep, in every form. Run as a program it writes what the tests compare with."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
FORMS = {"md": "shore_sweep.md", "html": "shore_sweep.html", "json": "shore_sweep.json"}


@cache
def shore(cases: int = 60, size: int = 16):
    """Draws around a case of the Shore States, under two versions of their rules, and what each figure does alone."""
    from summing import base, drawn, exactly, outputs

    from policy_dsl.render.sweeping import SweepSummary
    from policy_dsl.sweep.summary import Accumulator
    from policy_dsl.sweep.summary_against import Against
    from policy_dsl.sweep.tornado import movings, tornado

    new, old = (base(DATA / f"{name}.policy", DATA / "shore.yaml") for name in ("shore_next", "shore"))
    wanted, before = outputs(new), outputs(old)
    run = exactly(new, wanted)
    gathered, against = Accumulator(wanted), Against(before, wanted)
    batches = list(drawn(new, cases, seed=11, by=0.3, size=size))
    earlier = exactly(old, before)(replace(batch, base=old.case) for batch in batches)
    for one, other in zip(run(batches), earlier, strict=True):
        gathered.add(one)
        against.add(other, one)
    moving, fixed = movings(new.checked, new.decision)
    found = replace(tornado(new.checked, new.decision, moving, wanted, run), fixed=fixed)
    programs = new.checked.program, old.checked.program
    source = f"all facts within 30%; {cases} draws, seed 11"
    return SweepSummary(
        programs[0], gathered.found(), source, programs[1], against.found(), found if cases else None, "GRC"
    )


def kept(form: str) -> str:
    """A form as it is kept: of a page without its style, which is that of all pages."""
    return re.sub(r"<style>.*?</style>", "<style></style>", shore().rendered(form), flags=re.S)


if __name__ == "__main__":
    HERE = Path(__file__).parent
    sys.path[:0] = [str(HERE), str(HERE.parents[1])]
    for name, file in FORMS.items():
        (DATA / file).write_text(kept(name), "utf-8")
