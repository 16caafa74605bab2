"""The assignment of least total cost: cohorts of persons to members with limited places (the transportation problem).

The optimum is computed in whole numbers (the network simplex of `networkx`, an optional dependency) and then proved
here, whatever computed it: no way of moving a step in the residual network lowers the objective.  Where two
assignments are equally good nothing is chosen: what differs between them is undetermined.

Source: Ahuja, Magnanti & Orlin, "Network Flows", 1993, chapter 9 (optimality conditions; other optima differ
by cycles of reduced cost zero); Hitchcock, "The distribution of a product from several
sources to numerous localities", 1941.
"""

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from importlib import import_module
from math import lcm
from typing import Generic, TypeVar

from policy_dsl.records import dataclass
from policy_dsl.sharing.limits import ZERO, K
from policy_dsl.sharing.residual import Arc, Node, Residual, Worth

C = TypeVar("C", bound=Hashable)


class OptimiserMissing(ImportError):
    """The optional dependency `networkx` is not installed."""


class OptimalityError(AssertionError):
    """The assignment found does not pass its own proof of optimality: a fault of this library, not of the figures."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one more step of a full member's capacity would change.

    `places`: whether one more step could then be placed at all; `saves`: by how much the total cost would fall (it
    may rise, and `saves` be negative, if one more step is placed).
    """

    places: bool
    saves: Fraction


@dataclass(frozen=True, slots=True)
class Assignment(Generic[C, K]):
    """The assignment and its certificate; amounts in the unit of the supplies, None where optimal assignments differ.

    `placed`: amount per admissible pair; `received`: per member; `unplaced`: per cohort; `undetermined`: the pairs
    whose amount is not the same in every optimal assignment.  `total_cost` and `total_unplaced` are the same in all
    of them. `prices`: for each full member what one more step would change; members left out have room, or would gain
    nothing.
    """

    supplies: Mapping[C, Fraction]
    placed: Mapping[tuple[C, K], Fraction | None]
    received: Mapping[K, Fraction | None]
    unplaced: Mapping[C, Fraction | None]
    undetermined: frozenset[tuple[C, K]]
    total_cost: Fraction
    total_unplaced: Fraction
    prices: Mapping[K, Price]

    def check(self) -> bool:
        """Whether each cohort whose amounts are all determined is wholly placed or stated as unplaced."""
        for cohort, supply in self.supplies.items():
            parts = [v for (c, _), v in self.placed.items() if c == cohort] + [self.unplaced[cohort]]
            known = [v for v in parts if v is not None]
            if len(known) == len(parts) and sum(known, ZERO) != supply:
                return False
        return True


def assign_least_cost(
    supplies: Mapping[C, Fraction],
    capacities: Mapping[K, Fraction | None],
    costs: Mapping[tuple[C, K], Fraction],
    prefer: Mapping[K, Fraction] | None = None,
    *,
    step: Fraction = Fraction(1),
) -> Assignment[C, K]:
    """Place `supplies` (whole multiples of `step`) with members up to their capacity (None: unlimited) at least cost.

    `costs` per unit of supply, of any sign; a pair without a cost is not admissible.  Capacities are rounded down to
    the step.  As much as possible is placed, whatever it costs; among such assignments the cost is least; among those
    of equal cost, members with the larger `prefer` (missing: 0) receive more (greatest sum of prefer × steps); what
    is still equal is undetermined.

    Raises ValueError for negative supplies or capacities, supplies that are not multiples of the step, or costs of
    unknown cohorts or members; `OptimiserMissing` without networkx; `OptimalityError` if the result fails its proof.
    """
    _refuse_bad_figures(supplies, capacities, costs, prefer or {}, step)
    unit = Fraction(1, lcm(*(c.denominator for c in costs.values())))
    scaled = {pair: int(c / unit) for pair, c in costs.items()}
    preferred = prefer or {}
    grain = Fraction(1, lcm(*(p.denominator for p in preferred.values())))
    ranks = {m: int(preferred.get(m, ZERO) / grain) for m in capacities}
    arcs = _network(supplies, capacities, scaled, ranks, step)
    amounts: dict[Node, int] = {("cohort", c): int(s / step) for c, s in supplies.items()}
    flows = _simplex(arcs, amounts)
    residual = Residual(arcs, flows)
    if not residual.optimal:
        raise OptimalityError("moving a step would improve the assignment")
    moving = residual.movable()
    value = {(a.tail, a.head): None if i in moving else flows[i] * step for i, a in enumerate(arcs)}
    placed = {(c, k): value[("cohort", c), ("member", k)] for c, k in costs}
    return Assignment(
        supplies=dict(supplies),
        placed=placed,
        received={k: value[("member", k), _SINK] for k in capacities},
        unplaced={c: value[("cohort", c), _OVERFLOW] for c in supplies},
        undetermined=frozenset(pair for pair, amount in placed.items() if amount is None),
        total_cost=sum(flow * a.worth.cost for flow, a in zip(flows, arcs, strict=True)) * unit * step,
        total_unplaced=sum(flow * a.worth.unplaced for flow, a in zip(flows, arcs, strict=True)) * step,
        prices=_prices([*capacities], arcs, flows, residual, unit * step),
    )


_SINK: Node = ("sink", None)
_OVERFLOW: Node = ("overflow", None)


def _refuse_bad_figures(
    supplies: Mapping[C, Fraction],
    capacities: Mapping[K, Fraction | None],
    costs: Mapping[tuple[C, K], Fraction],
    prefer: Mapping[K, Fraction],
    step: Fraction,
) -> None:
    if step <= 0:
        raise ValueError(f"a step must be positive: {step}")
    if any(s < 0 for s in supplies.values()) or any(c is not None and c < 0 for c in capacities.values()):
        raise ValueError("supplies and capacities cannot be negative")
    if uneven := [c for c, s in supplies.items() if s % step]:
        raise ValueError(f"supplies that are not multiples of the step: {uneven!r}")
    if strangers := [pair for pair in costs if pair[0] not in supplies or pair[1] not in capacities]:
        raise ValueError(f"costs of unknown cohorts or members: {strangers!r}")
    if unknown := [k for k in prefer if k not in capacities]:
        raise ValueError(f"preferences for unknown members: {unknown!r}")


def _network(
    supplies: Mapping[C, Fraction],
    capacities: Mapping[K, Fraction | None],
    costs: Mapping[tuple[C, K], int],
    ranks: Mapping[K, int],
    step: Fraction,
) -> list[Arc]:
    """Cohorts to members to a sink; what finds no place goes over an overflow node and counts as unplaced."""
    arcs = [Arc(("cohort", c), ("member", k), None, Worth(0, cost, -ranks[k])) for (c, k), cost in costs.items()]
    for k, capacity in capacities.items():
        room = None if capacity is None else (capacity / step).__floor__()
        arcs.append(Arc(("member", k), _SINK, room, Worth(0, 0, 0)))
    arcs += [Arc(("cohort", c), _OVERFLOW, None, Worth(1, 0, 0)) for c in supplies]
    return [*arcs, Arc(_OVERFLOW, _SINK, None, Worth(0, 0, 0))]


def _simplex(arcs: Sequence[Arc], amounts: Mapping[Node, int]) -> list[int]:
    """An optimal flow in steps; the objective as one whole number per arc.

    With s steps in all, two flows differ by at most 2·s·p in preference and 2·s·c in cost (p, c the greatest figures
    of an arc), so that BIG = 2·s·p + 1 outweighs all preference and 2·s·c + 1 times that all cost.
    """
    try:
        networkx = import_module("networkx")
    except ImportError as missing:
        raise OptimiserMissing("assignments of least cost need the package networkx") from missing
    in_all = sum(amounts.values())
    over_preference = 2 * in_all * max(abs(a.worth.forgone) for a in arcs) + 1
    over_cost = 2 * in_all * max(abs(a.worth.cost) for a in arcs) + 1
    graph = networkx.DiGraph()
    for node, amount in amounts.items():
        graph.add_node(node, demand=-amount)
    graph.add_node(_SINK, demand=in_all)
    for arc in arcs:
        weight = (arc.worth.unplaced * over_cost + arc.worth.cost) * over_preference + arc.worth.forgone
        limit = in_all if arc.capacity is None else min(arc.capacity, in_all)
        graph.add_edge(arc.tail, arc.head, weight=weight, capacity=limit)
    _, flow = networkx.network_simplex(graph)
    return [int(flow[a.tail][a.head]) for a in arcs]


def _prices(
    members: Sequence[K], arcs: Sequence[Arc], flows: Sequence[int], residual: Residual, unit: Fraction
) -> dict[K, Price]:
    """One more step of room pays if a step can then be moved from the sink's side to it at a gain."""
    full = {a.tail for a, flow in zip(arcs, flows, strict=True) if a.head == _SINK and flow == a.capacity}
    prices: dict[K, Price] = {}
    for member in members:
        change = residual.distance(_SINK, ("member", member)) if ("member", member) in full else None
        if change is not None and (change.unplaced, change.cost) < (0, 0):
            prices[member] = Price(change.unplaced < 0, -change.cost * unit)
    return prices
