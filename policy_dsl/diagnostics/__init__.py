"""What we say to people about their text: problems as data, their words in one catalogue, a page behind each code.

The catalogue and the snippets are imported by those who print (`diagnostics.rendered`), never by those who find.
"""

from policy_dsl.diagnostics.problem import Problem, Related, Severity

__all__ = ["Problem", "Related", "Severity"]
