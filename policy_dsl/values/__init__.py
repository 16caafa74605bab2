"""Values of the field: units and quantities, addresses in an instrument."""

from policy_dsl.values.citation import Address, Reference
from policy_dsl.values.quantity import Quantity, one_of
from policy_dsl.values.units import NUMBER, RATIO, Unit, UnitFault, divide, power_of, times, unit_named, unit_of_words

__all__ = [
    "NUMBER",
    "RATIO",
    "Address",
    "Quantity",
    "Reference",
    "Unit",
    "UnitFault",
    "divide",
    "one_of",
    "power_of",
    "times",
    "unit_named",
    "unit_of_words",
]
