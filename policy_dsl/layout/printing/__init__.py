"""Printing: a node of the syntax tree as lines of the language, before they are set in the canonical layout.

The lines of a provision stand in the order in which the reference gives them, parentheses only where the grammar needs
them. A figure is written as it was where the node still stands for it (`5000`, `5_000`), else with `_` between
thousands.
"""

from policy_dsl.layout.printing.expressions import expression
from policy_dsl.layout.printing.files import lines_of

__all__ = ["expression", "lines_of"]
