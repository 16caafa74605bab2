"""Attack: does a guarantee hold in cases that nobody thought of?

`cases_of` gives random sound cases of a policy, without any package that draws: whoever wants cases brings the draws.
`attack` looks for the smallest case in which a guarantee fails.
"""

from policy_dsl.trial.attack.attack import Attacked, CounterExample, HypothesisMissing, attack
from policy_dsl.trial.attack.draws import Draws, Seeded
from policy_dsl.trial.attack.example import as_example, example_of
from policy_dsl.trial.attack.generate import Cases, cases_of

__all__ = [
    "Attacked",
    "Cases",
    "CounterExample",
    "Draws",
    "HypothesisMissing",
    "Seeded",
    "as_example",
    "attack",
    "cases_of",
    "example_of",
]
