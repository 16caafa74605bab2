"""Engines that decide one case at a time: zen (GoRules), CEL (the C++ runtime), JSONLogic (datalogic, in Rust)."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from harness import Chunk, main
from row_program import NAMED, PROGRAMS, WANTED, Cel, Zen, json_logic_program

KIND = os.environ.get("PEER", "zen")
One = Callable[[dict[str, Any]], Mapping[str, Any]]


def zen(part: str) -> One:
    """A graph: the case goes in, one node of expressions, the results come out."""
    import zen as package  # type: ignore[import-not-found]

    known: set[str] = set()
    expressions = []
    for name, text in PROGRAMS[part]():
        expressions.append({"id": name, "key": name, "value": Zen(set(known))(text)})
        known.add(name)
    nodes = [
        {"id": "i", "type": "inputNode", "name": "case"},
        {"id": "e", "type": "expressionNode", "name": "rules", "content": {"expressions": expressions}},
        {"id": "o", "type": "outputNode", "name": "results"},
    ]
    edges = [{"id": "a", "sourceId": "i", "targetId": "e"}, {"id": "b", "sourceId": "e", "targetId": "o"}]
    decision = package.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    return lambda case: decision.evaluate(case)["result"]


def cel(part: str) -> One:
    """Expressions in order; each is compiled knowing the types of those before it."""
    from cel_expr_python import cel as package  # type: ignore[import-not-found]

    types = package.Type
    figures = types.List(types.DOUBLE)
    host = [
        package.FunctionDecl(name, [package.Overload(f"{name}_list", types.DOUBLE, [figures], False, function)])
        for name, function in (("host_sum", lambda x: float(sum(x))), ("host_min", min), ("host_max", max))
    ]
    known: dict[str, Any] = dict.fromkeys(COLUMNS[part], figures)
    known["places"] = types.List(types.INT)
    program = []
    for name, text in PROGRAMS[part]():
        compiled = package.NewEnv(variables=dict(known), functions=host).compile(Cel()(text))
        program.append((name, compiled))
        known[name] = compiled.return_type()

    def one(case: dict[str, Any]) -> Mapping[str, Any]:
        for name, compiled in program:
            case[name] = compiled.eval(data=case).plain_value()
        return case

    return one


def logic(part: str) -> One:
    """A rule for each State, or for their list; the host goes from one to the next, and ranks."""
    import datalogic_py  # type: ignore[import-not-found]

    engine = datalogic_py.Engine()
    program = [(by, name, engine.compile(json.dumps(rule)).evaluate) for by, name, rule in json_logic_program(part)]
    columns = COLUMNS[part]

    def one(case: dict[str, Any]) -> Mapping[str, Any]:
        states = [{name: case[name][at] for name in columns} for at in case["places"]]
        for by_state, name, rule in program:
            whole = None if by_state else rule({"states": states})
            for state in states:
                state[name] = rule(state) if by_state else whole
        made = {name: [state[name] for state in states] for name in WANTED[part] if name != "place"}
        if part == "w1":
            able = [at for at in case["places"] if made["able"][at]]
            turn = sorted(able, key=lambda at: (-made["score"][at], -states[at]["area"], at))
            made["place"] = [turn.index(at) + 1 if at in able else 0 for at in case["places"]]
        return made

    return one


COLUMNS = {
    "w1": ("security", "area", "pop", "gdp", "unemp", "hosted"),
    "w2": ("pop", "gdp", "apps", "unemp"),
    "w3_at_once": ("gnp",),
}


def ready(part: str) -> Chunk:
    """A part of the workload in the engine at hand."""
    one = {"zen": zen, "cel": cel, "jsonlogic": logic}[KIND](part)
    wanted = WANTED[part]

    def work(columns: Mapping[str, Any]) -> Mapping[str, Any]:
        lists = {
            name: values.astype(float).tolist() if KIND == "cel" else values.tolist()
            for name, values in columns.items()
        }
        count = len(next(iter(lists.values())))
        places = list(range(len(next(iter(lists.values()))[0])))
        found = [one({**{name: rows[at] for name, rows in lists.items()}, "places": places}) for at in range(count)]
        return {NAMED.get(name, name): [case[name] for case in found] for name in wanted}

    return work


if __name__ == "__main__":
    main(ready, chunk=10**9, by_row=True)
