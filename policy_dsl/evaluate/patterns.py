"""Steps of other policies that are brought in by `use` as patterns alone: `step ending as adoption`.

They are rules about other steps. Nobody still has to take them, and what the other policy calculates about them is
asked for by nobody here.
"""

from __future__ import annotations

from policy_dsl.evaluate.engine import Engine
from policy_dsl.syntax import tree


def patterns(engine: Engine) -> frozenset[str]:
    """The names of such steps, and of the definitions brought in that rest on them and serve nothing else.

    A step that the record has, or after which something in the policy's own text asks, is more than a pattern.
    """
    program = engine.program
    brought = {
        name for name, entry in program.entries.items() if entry.address is not None and entry.address.instrument
    }
    models = {
        entry.name: entry.node.model.text
        for entry in program.of_kind("step")
        if isinstance(entry.node, tree.Step) and entry.node.model is not None
    }
    reached: set[str] = set()
    stack = [
        name for name, entry in program.entries.items() if name not in brought or entry.kind not in ("define", "step")
    ]
    while stack:
        name = stack.pop()
        if name not in reached:
            reached.add(name)
            stack.extend(program.depends.get(name, frozenset()) - {models.get(name, "")})
    recorded = {event.step for event in engine.case.events}
    steps = (brought & set(models.values())) - reached - recorded
    resting = set(steps)
    before = 0
    while len(resting) > before:
        before = len(resting)
        resting |= {name for name in brought - reached if program.depends.get(name, frozenset()) & resting}
    return frozenset(resting)
