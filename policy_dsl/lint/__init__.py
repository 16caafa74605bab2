"""Lint: advice on sound policies, with reasons.

`advise(checked)` gives the advice of all rules in the order of the text, less what the drafter has set aside with a
reason. One rule stands in one file of `rules`, and behind each code there is a page.
"""

from policy_dsl.lint.advise import advise
from policy_dsl.lint.rules import RULES
from policy_dsl.lint.setting_aside import OF_COMMENTS

__all__ = ["CODES", "OF_COMMENTS", "RULES", "advise"]

CODES = (*(rule.code for rule in RULES), *OF_COMMENTS)
"""Every code that `policy lint` may give."""
