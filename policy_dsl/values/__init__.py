"""Values of the field: units and quantities, addresses in an instrument."""

from policy_dsl.values.citation import Address, Reference
from policy_dsl.values.quantity import Quantity
from policy_dsl.values.units import NUMBER, RATIO, Unit, UnitFault, divide, power_of, times, unit_named

__all__ = [
    "NUMBER",
    "RATIO",
    "Address",
    "Quantity",
    "Reference",
    "Unit",
    "UnitFault",
    "divide",
    "power_of",
    "times",
    "unit_named",
]
