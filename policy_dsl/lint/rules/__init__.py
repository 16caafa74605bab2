"""The rules of lint, one to a file; the order is that of their codes."""

from policy_dsl.lint.rules.bracket_out_of_reach import BRACKET_OUT_OF_REACH
from policy_dsl.lint.rules.deadline_on_weekend import DEADLINE_ON_WEEKEND
from policy_dsl.lint.rules.discretion_without_limits import DISCRETION_WITHOUT_LIMITS
from policy_dsl.lint.rules.duty_never_breached import DUTY_NEVER_BREACHED
from policy_dsl.lint.rules.edges_mixed import EDGES_MIXED
from policy_dsl.lint.rules.exception_covers_all import EXCEPTION_COVERS_ALL
from policy_dsl.lint.rules.exception_without_effect import EXCEPTION_WITHOUT_EFFECT
from policy_dsl.lint.rules.figure_differs_from_words import FIGURE_DIFFERS_FROM_WORDS
from policy_dsl.lint.rules.figure_repeated import FIGURE_REPEATED
from policy_dsl.lint.rules.gap_rewarded import GAP_REWARDED
from policy_dsl.lint.rules.hours_beside_days import HOURS_BESIDE_DAYS
from policy_dsl.lint.rules.judgement_without_judge import JUDGEMENT_WITHOUT_JUDGE
from policy_dsl.lint.rules.limit_never_binds import LIMIT_NEVER_BINDS
from policy_dsl.lint.rules.long_article import LONG_ARTICLE
from policy_dsl.lint.rules.long_formula import LONG_FORMULA
from policy_dsl.lint.rules.long_sentence import LONG_SENTENCE
from policy_dsl.lint.rules.majority_differs_from_words import MAJORITY_DIFFERS_FROM_WORDS
from policy_dsl.lint.rules.may_in_a_duty import MAY_IN_A_DUTY
from policy_dsl.lint.rules.measure_counts_twice import MEASURE_COUNTS_TWICE
from policy_dsl.lint.rules.members_listed_twice import MEMBERS_LISTED_TWICE
from policy_dsl.lint.rules.name_reads_otherwise import NAME_READS_OTHERWISE
from policy_dsl.lint.rules.one_vote_decides import ONE_VOTE_DECIDES
from policy_dsl.lint.rules.provision_not_exercised import PROVISION_NOT_EXERCISED
from policy_dsl.lint.rules.quorum_equals_majority import QUORUM_EQUALS_MAJORITY
from policy_dsl.lint.rules.result_without_name import RESULT_WITHOUT_NAME
from policy_dsl.lint.rules.said_twice import SAID_TWICE
from policy_dsl.lint.rules.term_in_two_senses import TERM_IN_TWO_SENSES
from policy_dsl.lint.rules.term_never_used import TERM_NEVER_USED
from policy_dsl.lint.rules.threshold_at_bound import THRESHOLD_AT_BOUND
from policy_dsl.lint.rules.two_units import TWO_UNITS
from policy_dsl.lint.rules.weight_without_effect import WEIGHT_WITHOUT_EFFECT

RULES = (
    TERM_IN_TWO_SENSES,
    RESULT_WITHOUT_NAME,
    LONG_FORMULA,
    PROVISION_NOT_EXERCISED,
    THRESHOLD_AT_BOUND,
    BRACKET_OUT_OF_REACH,
    EXCEPTION_COVERS_ALL,
    EXCEPTION_WITHOUT_EFFECT,
    DEADLINE_ON_WEEKEND,
    HOURS_BESIDE_DAYS,
    QUORUM_EQUALS_MAJORITY,
    ONE_VOTE_DECIDES,
    FIGURE_DIFFERS_FROM_WORDS,
    MAY_IN_A_DUTY,
    DUTY_NEVER_BREACHED,
    TERM_NEVER_USED,
    DISCRETION_WITHOUT_LIMITS,
    SAID_TWICE,
    MEASURE_COUNTS_TWICE,
    MEMBERS_LISTED_TWICE,
    FIGURE_REPEATED,
    LIMIT_NEVER_BINDS,
    NAME_READS_OTHERWISE,
    LONG_SENTENCE,
    LONG_ARTICLE,
    TWO_UNITS,
    EDGES_MIXED,
    JUDGEMENT_WITHOUT_JUDGE,
    GAP_REWARDED,
    MAJORITY_DIFFERS_FROM_WORDS,
    WEIGHT_WITHOUT_EFFECT,
)
