"""The C text of one part: a function over all cases, a block of lanes at a time.

Each operation is written as plain C on one lane; the loop over lanes is what the compiler turns into vector code. No
header and no library is needed but for logarithms and powers. The text depends on the plan alone: the same plan gives
the same text, by which its compiled form is found again.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from policy_dsl.arrays.native.kernels import Slot, written
from policy_dsl.arrays.native.split import Part, real
from policy_dsl.arrays.native.steps import OVER, Layout, Step
from policy_dsl.plan.nodes import Node

HEAD = Path(__file__).with_name("head.c")
KERNELS = Path(__file__).with_name("kernels.c")

Fixed = Mapping[int, Sequence[float]]
"""The values of nodes that are the same in all cases: one for each member, or one, by the number of the node."""

_EACH = {
    "neg": "-{0}",
    "abs": "__builtin_fabs({0})",
    "sqrt": "__builtin_sqrt({0})",
    "log": "__builtin_log({0})",
    "floor": "__builtin_floor({0})",
    "ceil": "__builtin_ceil({0})",
    "rint": "__builtin_rint({0})",
    "not": "!{0}",
    "add": "{0} + {1}",
    "sub": "{0} - {1}",
    "mul": "{0} * {1}",
    "div": "{0} / {1}",
    # What is no number stays none, as in numpy.
    "min": "({0} < {1}) | ({0} != {0}) ? {0} : {1}",
    "max": "({0} > {1}) | ({0} != {0}) ? {0} : {1}",
    "lt": "{0} < {1}",
    "le": "{0} <= {1}",
    "eq": "{0} == {1}",
    "and": "{0} & {1}",
    "or": "{0} | {1}",
    "where": "{0} ? {1} : {2}",
}

_START = {"sum": "0.0", "count": "0.0", "any": "0.0", "all": "1.0", "least": "INF", "greatest": "-INF"}

_STEP = {
    "sum": "{a} + {0}",
    "count": "{a} + {0}",
    "any": "{0} ? 1.0 : {a}",
    "all": "{0} ? {a} : 0.0",
    "least": "({0} < {a}) | ({0} != {0}) ? {0} : {a}",
    "greatest": "({0} > {a}) | ({0} != {0}) ? {0} : {a}",
}

_MASKED = {"sum": "0.0", "least": "INF", "greatest": "-INF"}


def text(part: Part, layout: Layout, fixed: Fixed, members: int) -> str:
    """The text of a part. `fixed` has every node of the plan that is the same in all cases."""
    writing = _Writing(part, layout, fixed, members)
    kernels = any(step.kind == "kernel" for step in layout.steps)
    return "\n".join([
        f"#define M {members}",
        f"#define SLOTS {layout.size}",
        HEAD.read_text("utf-8"),
        KERNELS.read_text("utf-8") if kernels else "",
        *writing.whole(),
        "",
    ])  # fmt: skip


class _Writing:
    def __init__(self, part: Part, layout: Layout, fixed: Fixed, members: int) -> None:
        self.part, self.layout, self.fixed, self.members = part, layout, fixed, members
        self.tables: dict[int, str] = {}
        self.functions: list[str] = []
        self.calls: list[str] = []

    def whole(self) -> list[str]:
        taken = {node.number: at for at, node in enumerate(self.part.taken)}
        given = {id(result): at for at, result in enumerate(self.part.results)}
        for step in self.layout.steps:
            if step.kind == "take":
                node = step.writes[0]
                at, how = taken[node.number], "take" if node.membered else "take_case"
                self.calls.append(f"{how}(kinds[{at}], in[{at}], c, n, {self.slot(node)});")
            elif step.kind == "give":
                assert step.result is not None
                node = step.reads[0]
                how = "give" if node.membered else "give_wide" if step.result.each_member else "give_case"
                self.calls.append(f"{how}_{step.result.form}(out[{given[id(step.result)]}], c, n, {self.slot(node)});")
            elif step.kind == "kernel":
                self.kernel(step)
            elif step.nodes:
                name = f"p{len(self.functions)}"
                self.functions += ["\n".join(self.loop(name, step))]
                self.calls.append(f"{name}(w);")
        fills = [
            f"{'fill' if node.membered else 'fill_case'}({self.slot(node)}, {self.table(node)});"
            for node in self.layout.filled
        ]
        return [
            *(f"static const double {name}[M] = {{{', '.join(map(_literal, self.spread(number)))}}};"
              for number, name in self.tables.items()),
            *self.functions,
            "DOOR void run(i64 cases, const void *const *in, const i32 *kinds, void *const *out, u8 *again,",
            "              double *restrict w) {",
            "  double hatch[L];",
            *(f"  {line}" for line in fills),
            "  for (i64 c = 0; c < cases; c += L) {",
            "    const int n = cases - c < L ? (int)(cases - c) : L;",
            "    EACH hatch[l] = 0.0;",
            *(f"    {line}" for line in self.calls),
            "    for (int l = 0; l < n; l++) again[c + l] |= hatch[l] != 0.0;",
            "  }",
            "}",
        ]  # fmt: skip

    def slot(self, node: Node) -> str:
        return f"w + {self.layout.place[node.number]} * L"

    def spread(self, number: int) -> Iterable[float]:
        values = self.fixed[number]
        return values if len(values) == self.members else [values[0]] * self.members

    def table(self, node: Node) -> str:
        return self.tables.setdefault(node.number, f"F{node.number}")

    def kernel(self, step: Step) -> None:
        node = step.nodes[0]
        args = [self.where(real(arg)) for arg in node.args]
        parts = {str(each.data): self.where(each) for each in step.writes}
        name = f"k{node.number}"
        self.functions.append("\n".join(written(node, args, parts, name)))
        self.calls.append(f"{name}(w, hatch);")

    def where(self, node: Node) -> Slot:
        return Slot(self.layout.place[node.number], node.membered)

    # ---- loops ---------------------------------------------------------------------------------------------------

    def loop(self, name: str, step: Step) -> list[str]:
        over = [node for node in step.nodes if node.op in OVER]
        members = step.kind == "members"
        rows: dict[int, Node] = {}
        for arg in (real(arg) for node in step.nodes for arg in node.args):
            if not arg.cased and arg.membered:
                rows[arg.number] = arg
        body = [self.load(node) for node in step.reads if members or not node.membered]
        for node in step.nodes:
            body.append(self.accumulate(node) if node.op in OVER else self.define(node))
        for node in step.writes:
            if node.op not in OVER:
                body.append(f"{self.lane(node)} = {_stored(node, _name(node))};")
        lines = [f"static NOINLINE void {name}(double *restrict w) {{"]
        lines += [f"  double a{node.number}[L];" for node in over]
        if over:
            lines.append(f"  LANES EACH {{ {' '.join(f'a{n.number}[l] = {_START[n.op]};' for n in over)} }}")
        if members:
            lines.append("  for (int m = 0; m < M; m++) {")
        for row in rows.values():
            kind, test = ("_Bool", " != 0.0") if row.truth else ("double", "")
            lines.append(f"  const {kind} {_name(row)} = {self.table(row)}[m]{test};")
        lines += ["  LANES EACH {", *(f"    {line}" for line in body), "  }"]
        if members:
            lines.append("  }")
        if over:
            ends = " ".join(f"{self.lane(n)} = a{n.number}[l];" for n in over if n.number in self.layout.place)
            lines.append(f"  LANES EACH {{ {ends} }}")
        lines.append("}")
        return lines

    def lane(self, node: Node, place: str = "m") -> str:
        """The lane of a slot at hand in a loop."""
        at = self.layout.place[node.number]
        return f"w[({at} + {place}) * L + l]" if node.membered else f"w[{at} * L + l]"

    def load(self, node: Node) -> str:
        return f"const {_kind(node)} {_name(node)} = {self.lane(node)}{' != 0.0' if node.truth else ''};"

    def value(self, node: Node) -> str:
        node = real(node)
        if not node.cased and not node.membered:
            value = self.fixed[node.number][0]
            return str(int(value)) if node.truth else _literal(value)
        return _name(node)

    def define(self, node: Node) -> str:
        if node.op == "at":
            of = real(node.args[0])
            assert isinstance(node.data, int)
            found = self.lane(of, str(node.data)) + (" != 0.0" if of.truth else "")
        elif node.op == "pow":
            assert isinstance(node.data, Fraction)
            found = f"__builtin_pow({self.value(node.args[0])}, {_literal(float(node.data))})"
        else:
            found = _EACH[node.op].format(*map(self.value, node.args))
        return f"const {_kind(node)} {_name(node)} = {found};"

    def accumulate(self, node: Node) -> str:
        value = self.value(node.args[0])
        if node.op == "count":
            value = f"({value} ? 1.0 : 0.0)"
        sum_ = f"a{node.number}[l]"
        if len(node.args) == 2:
            value = f"({self.value(node.args[1])} ? {value} : {_MASKED[node.op]})"
        if node.op in ("least", "greatest") and len(node.args) == 2:
            return f"{{ const double x = {value}; {sum_} = {_STEP[node.op].format('x', a=sum_)}; }}"
        return f"{sum_} = {_STEP[node.op].format(value, a=sum_)};"


def _kind(node: Node) -> str:
    return "_Bool" if node.truth else "double"


def _name(node: Node) -> str:
    return f"v{node.number}"


def _stored(node: Node, value: str) -> str:
    return f"{value} ? 1.0 : 0.0" if node.truth else value


def _literal(value: float) -> str:
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    if math.isnan(value):
        return "NONE"
    found = float(value).hex()
    return f"({found})" if value < 0 else found
