"""Receipts of decisions: digests that let anybody find out whether a decision follows from its rules and its case.

`receipt_of` makes the receipt of a decision. `stated.read_stated` reads a file that states one; `compare.differences`
compares it with what is found when the rules are applied again.
"""

from policy_dsl.receipts.receipt import Receipt, receipt_of

__all__ = ["Receipt", "receipt_of"]
