"""Policies with steps, and cases with a record, for the tests of what happens in time."""

from __future__ import annotations

HEAD = 'article 1 "A"\n  > Words.\n  tier everybody "All"\n  participant chair "Chair"\n    as chair\n    may speak\n'
WHO = "members: {everybody: [ALB, BEL, DEU, FRA, GRC]}\n"


def policy(steps: str, more: str = "") -> str:
    return HEAD + "  procedure all_steps\n" + "".join(f"    {line}\n" for line in steps.strip("\n").split("\n")) + more


def events(*lines: str, at: str = "2026-06-01") -> str:
    return WHO + f"at: {at}\n" + ("events:\n" + "".join(f"  - {{{line}}}\n" for line in lines) if lines else "")
