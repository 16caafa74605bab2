"""The workload for engines that take one case at a time: named expressions in order, over lists with a place a State.

The expressions are written once, as Python reads them, and turned into each engine's own language by walking their
trees. `places` lists the States of a case by number.
"""

from __future__ import annotations

import ast
from typing import Any, ClassVar

from by_hand import BRACKETS, RATES

Program = list[tuple[str, str]]
ROUNDS = 5


def first() -> Program:
    """Scores, shares and ranks."""
    made = [
        ("able", "[security[i] >= 500 and area[i] > 20000 for i in places]"),
        ("burden", "[hosted[i] / pop[i] for i in places]"),
        ("inside", "[i for i in places if able[i]]"),
    ]
    weights = (("gdp", 0.35, True), ("pop", 0.25, True), ("unemp", 0.15, False), ("burden", 0.25, False))
    for name, _, rising in weights:
        part = f"{name}[i] - least_{name}" if rising else f"most_{name} - {name}[i]"
        usable = f"able[i] and most_{name} > least_{name}"
        made += [
            (f"least_{name}", f"min([{name}[i] for i in inside])"),
            (f"most_{name}", f"max([{name}[i] for i in inside])"),
            (f"part_{name}", f"[({part}) / (most_{name} - least_{name}) if {usable} else 0 for i in places]"),
        ]
    total = " + ".join(f"{weight} * part_{name}[i]" for name, weight, _ in weights)
    ahead = "score[j] > score[i] or (score[j] == score[i] and (area[j] > area[i] or (area[j] == area[i] and j < i)))"
    return [
        *made,
        ("score", f"[{total} for i in places]"),
        ("whole", "sum(score)"),
        ("portion", "[score[i] / whole if whole > 0 else 0 for i in places]"),
        ("place", f"[1 + len([j for j in inside if {ahead}]) if able[i] else 0 for i in places]"),
    ]


def second() -> Program:
    """A key of four parts."""
    return [
        ("whole_pop", "sum(pop)"),
        ("whole_gdp", "sum(gdp)"),
        ("past", "[pop[i] / (apps[i] if apps[i] > 1 else 1) for i in places]"),
        ("work", "[1 / unemp[i] for i in places]"),
        ("whole_past", "sum(past)"),
        ("whole_work", "sum(work)"),
        ("by_pop", "[pop[i] / whole_pop for i in places]"),
        ("by_gdp", "[gdp[i] / whole_gdp for i in places]"),
        ("cap", "[0.3 * (by_pop[i] + by_gdp[i]) for i in places]"),
        ("a", "[past[i] / whole_past if past[i] / whole_past < cap[i] else cap[i] for i in places]"),
        ("u", "[work[i] / whole_work if work[i] / whole_work < cap[i] else cap[i] for i in places]"),
        ("raw", "[0.4 * by_pop[i] + 0.4 * by_gdp[i] + 0.1 * a[i] + 0.1 * u[i] for i in places]"),
        ("whole_raw", "sum(raw)"),
        ("part_of_each", "[raw[i] / whole_raw for i in places]"),
    ]


def third() -> Program:
    """A scale with a ceiling and a floor, both laid on at once; as many rounds as ordinary cases need."""
    parts = []
    for at, (low, rate) in enumerate(zip(BRACKETS, RATES, strict=True)):
        upper = f"(gnp[i] if gnp[i] < {BRACKETS[at + 1]} else {BRACKETS[at + 1]})" if at < 6 else "gnp[i]"
        parts.append(f"(({upper} - {low}) * {rate:.6f} if gnp[i] > {low} else 0)")
    made = [
        ("weight", f"[{' + '.join(parts)} for i in places]"),
        ("factor0", "1 / sum(weight)"),
        ("found0", "[weight[i] * factor0 for i in places]"),
    ]
    for n in range(ROUNDS):
        before = f"held{n - 1}[i] or " if n else ""
        kept = f"share{n - 1}[i] if held{n - 1}[i] else " if n else ""
        limited = f"(0.25 if found{n}[i] > 0.25 else (0.0001 if found{n}[i] < 0.0001 else found{n}[i]))"
        made.append((f"held{n}", f"[{before}found{n}[i] > 0.25 or found{n}[i] < 0.0001 for i in places]"))
        made.append((f"share{n}", f"[{kept}{limited} for i in places]"))
        if n < ROUNDS - 1:
            rest = f"1 - sum([share{n}[i] for i in places if held{n}[i]])"
            made.append((f"factor{n + 1}", f"({rest}) / sum([weight[i] for i in places if not held{n}[i]])"))
            made.append((f"found{n + 1}", f"[weight[i] * factor{n + 1} for i in places]"))
    return [*made, ("burden", f"[share{ROUNDS - 1}[i] for i in places]")]


PROGRAMS = {"w1": first, "w2": second, "w3_at_once": third}
WANTED = {"w1": ("able", "score", "portion", "place"), "w2": ("part_of_each",), "w3_at_once": ("burden",)}
NAMED = {"able": "eligible"}

_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.Eq: "==",
}


class Cel:
    """Common Expression Language; sums and extremes of lists are functions of the host."""

    both, one_of, negation = " && ", " || ", "!"
    functions: ClassVar = {"sum": "host_sum", "min": "host_min", "max": "host_max"}

    def __call__(self, text: str) -> str:
        """An expression in the engine's language."""
        return self.write(ast.parse(text, mode="eval").body)

    def write(self, node: ast.AST) -> str:
        """One node and all below it."""
        match node:
            case ast.BinOp():
                return f"({self.write(node.left)} {_SIGNS[type(node.op)]} {self.write(node.right)})"
            case ast.Compare():
                return f"{self.write(node.left)} {_SIGNS[type(node.ops[0])]} {self.write(node.comparators[0])}"
            case ast.BoolOp():
                sign = self.both if isinstance(node.op, ast.And) else self.one_of
                return "(" + sign.join(self.write(each) for each in node.values) + ")"
            case ast.UnaryOp():
                return f"{self.negation}({self.write(node.operand)})"
            case ast.Constant():
                return self.figure(float(node.value))  # type: ignore[arg-type]
            case ast.Name():
                return self.name(node.id)
            case ast.Subscript():
                return f"{self.write(node.value)}[{self.write(node.slice)}]"
            case ast.IfExp():
                return f"({self.write(node.test)} ? {self.write(node.body)} : {self.write(node.orelse)})"
            case ast.Call(func=ast.Name(id="len")):
                return self.length(self.write(node.args[0]))
            case ast.Call(func=ast.Name(id=called)):
                return f"{self.functions[called]}({self.write(node.args[0])})"
            case ast.ListComp():
                one = node.generators[0]
                assert isinstance(one.target, ast.Name)
                letter = one.target.id
                test = self.write(one.ifs[0]) if one.ifs else ""
                itself = isinstance(node.elt, ast.Name) and node.elt.id == letter
                return self.listed(letter, self.write(one.iter), test, "" if itself else self.write(node.elt))
        raise TypeError(ast.dump(node))

    def figure(self, value: float) -> str:
        """A figure."""
        return repr(value)

    def name(self, text: str) -> str:
        """A name."""
        return text

    def length(self, text: str) -> str:
        """How long a list is."""
        return f"double(size({text}))"

    def listed(self, letter: str, of: str, test: str, each: str) -> str:
        """A list made from a list."""
        kept = f"{of}.filter({letter}, {test})" if test else of
        return f"{kept}.map({letter}, {each})" if each else kept


class Zen(Cel):
    """The expressions of the decision graphs of GoRules."""

    both, one_of, negation = " and ", " or ", "not "
    functions: ClassVar = {"sum": "sum", "min": "min", "max": "max"}

    def __init__(self, known: set[str]) -> None:
        self.known = known

    def figure(self, value: float) -> str:
        """A figure, without an exponent."""
        return f"{value:.12f}".rstrip("0").rstrip(".")

    def name(self, text: str) -> str:
        """A name; what an earlier expression made is found under `$`."""
        return f"$.{text}" if text in self.known else text

    def length(self, text: str) -> str:
        """How long a list is."""
        return f"len({text})"

    def listed(self, letter: str, of: str, test: str, each: str) -> str:
        """A list made from a list."""
        kept = f"filter({of} as {letter}, {test})" if test else of
        return f"map({kept} as {letter}, {each})" if each else kept


def json_logic(node: ast.AST) -> Any:
    """An expression on one State as JSONLogic; a call is an aggregate over the list `states`."""
    match node:
        case ast.BinOp():
            return {_SIGNS[type(node.op)]: [json_logic(node.left), json_logic(node.right)]}
        case ast.Compare():
            return {_SIGNS[type(node.ops[0])]: [json_logic(node.left), json_logic(node.comparators[0])]}
        case ast.BoolOp():
            return {"and" if isinstance(node.op, ast.And) else "or": [json_logic(each) for each in node.values]}
        case ast.UnaryOp():
            return {"!": [json_logic(node.operand)]}
        case ast.Constant():
            return node.value
        case ast.Name():
            return {"var": node.id}
        case ast.Subscript():
            return json_logic(node.value)
        case ast.IfExp():
            return {"if": [json_logic(node.test), json_logic(node.body), json_logic(node.orelse)]}
        case ast.Call(func=ast.Name(id=called)):
            states: Any = {"var": "states"}
            of = node.args[0]
            if isinstance(of, ast.ListComp):
                one = of.generators[0]
                if isinstance(one.iter, ast.Name) and one.iter.id == "inside":
                    states = {"filter": [states, {"var": "able"}]}
                if one.ifs:
                    states = {"filter": [states, json_logic(one.ifs[0])]}
                each = json_logic(of.elt)
            else:
                each = json_logic(of)
            pair = [{"var": "current"}, {"var": "accumulator"}]
            begin = {"sum": 0, "min": 1e300, "max": -1e300}[called]
            return {"reduce": [{"map": [states, each]}, {"+" if called == "sum" else called: pair}, begin]}
    raise TypeError(ast.dump(node))


def json_logic_program(part: str) -> list[tuple[bool, str, Any]]:
    """Rules in order: whether each is of a State by itself (else of the list), its name, and the rule.

    A rank needs two States at once, which these rules can't name: the host ranks.
    """
    made = []
    for name, text in PROGRAMS[part]():
        if name not in ("inside", "place"):
            node = ast.parse(text, mode="eval").body
            by_state = isinstance(node, ast.ListComp)
            made.append((by_state, name, json_logic(node.elt if isinstance(node, ast.ListComp) else node)))
    return made
