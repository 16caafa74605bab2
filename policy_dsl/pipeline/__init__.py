"""The whole flow on one page, one function for each question that a user asks.

    text → syntax tree → program → checked program        is this policy sound?       check_policy
    text in another language × policy                     does it fit the policy?     check_text
    text, a keystroke later → tree and checked program    what does it say now?       edited
    case file → case                                      does this case fit it?      read_case
    checked program × case → decision                     what follows?               decide
    decision → document                                   how does it read?           document
    decision → tables for somebody else's page            who receives what?          glance
    decision → argument                                   why, and why not?           explanation
    checked program → findings on its examples            does it do what it says?    run_examples
    decision → how far each figure may move               what decided?               what_decided
    checked program → advice with reasons                 how could it be better?     advice
    checked program × generated cases → counter-examples  does a guarantee hold?      attack_guarantees
    text × cases × expected results → trials              does it do as expected?     trials
    trials → points of the text                           what do examples exercise?  coverage
    text, altered × trials → what is noticed              would they notice?          mutation
    what is not noticed → examples to fill in             what else to say?           suggestions
    text → text in the canonical layout                   how is it laid out?         laid_out
    text × text × the text that both come from → text     what do both say?           merged
    checked program → document of the instrument          what do the rules say?      instrument
    checked program → what depends on what                what rests on what?         graph
    stated decision × decision → differences              does it follow?             verify
    checked program → its figures by date                 what was in force when?     through_time
    checked program × another → changes, effects on cases what changed?               compare_policies
    draft × cases → cases under each combination          who gains and who pays?     compare_alternatives
    checked program × cases → cases without reservations  what do they do to others?  compare_reservations

Each stage is imported when it is asked for, so that a question costs what it needs and no more.
"""

from __future__ import annotations

from policy_dsl.pipeline.comparing import (
    compare_alternatives,
    compare_policies,
    compare_reservations,
    comparison_schema,
)
from policy_dsl.pipeline.deciding import (
    case_schema,
    case_template,
    decide,
    decision_schema,
    document,
    explanation,
    glance,
    read_case,
    stated_decision,
    templates,
    verify,
    what_decided,
)
from policy_dsl.pipeline.drafting import advice, graph, instrument, laid_out, merged, through_time
from policy_dsl.pipeline.reading import (
    Edited,
    Opened,
    Policy,
    check_policy,
    check_text,
    edited,
    open_file,
    open_version,
    translation_faults,
)
from policy_dsl.pipeline.trying import (
    attack_guarantees,
    coverage,
    mutation,
    policy_of_case,
    run_examples,
    stated_case,
    subject,
    suggestions,
    trials,
)

__all__ = [
    "Edited",
    "Opened",
    "Policy",
    "advice",
    "attack_guarantees",
    "case_schema",
    "case_template",
    "check_policy",
    "check_text",
    "compare_alternatives",
    "compare_policies",
    "compare_reservations",
    "comparison_schema",
    "coverage",
    "decide",
    "decision_schema",
    "document",
    "edited",
    "explanation",
    "glance",
    "graph",
    "instrument",
    "laid_out",
    "merged",
    "mutation",
    "open_file",
    "open_version",
    "policy_of_case",
    "read_case",
    "run_examples",
    "stated_case",
    "stated_decision",
    "subject",
    "suggestions",
    "templates",
    "through_time",
    "translation_faults",
    "trials",
    "verify",
    "what_decided",
]
