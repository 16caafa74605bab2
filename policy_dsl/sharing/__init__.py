"""The arithmetic of sharing: whole steps, limits, relief, credits, bands, measures, powers, least cost.

Pure functions on exact fractions, for members named by anything hashable.  No result depends on the order in which
members are given; where equals would have to be parted without a rule, the result says so and leaves them open.
"""

from policy_dsl.sharing.assign import Assignment, OptimalityError, OptimiserMissing, Price, assign_least_cost
from policy_dsl.sharing.bands import Band, BandFill, Banding, Filled, band_members, fill_bands
from policy_dsl.sharing.claims import Claim
from policy_dsl.sharing.credits import Credited, less_credits
from policy_dsl.sharing.levels import HeldInLevels, Level, hold_in_levels
from policy_dsl.sharing.limits import Held, LimitsConflict, Round, hold_between
from policy_dsl.sharing.normalise import (
    NeverExceeded,
    NoRange,
    NoShare,
    fewest,
    index_of,
    rank_of,
    score,
    share_of,
)
from policy_dsl.sharing.powers import Approx, logarithm, power, root
from policy_dsl.sharing.relief import ReliefConflict, Relieved, relieve
from policy_dsl.sharing.rounding import CONSERVING, METHODS, Rounding, RoundingRow, round_shares
from policy_dsl.sharing.ties import Settlement, Tie, settle

__all__ = [
    "CONSERVING",
    "METHODS",
    "Approx",
    "Assignment",
    "Band",
    "BandFill",
    "Banding",
    "Claim",
    "Credited",
    "Filled",
    "Held",
    "HeldInLevels",
    "Level",
    "LimitsConflict",
    "NeverExceeded",
    "NoRange",
    "NoShare",
    "OptimalityError",
    "OptimiserMissing",
    "Price",
    "ReliefConflict",
    "Relieved",
    "Round",
    "Rounding",
    "RoundingRow",
    "Settlement",
    "Tie",
    "assign_least_cost",
    "band_members",
    "fewest",
    "fill_bands",
    "hold_between",
    "hold_in_levels",
    "index_of",
    "less_credits",
    "logarithm",
    "power",
    "rank_of",
    "relieve",
    "root",
    "round_shares",
    "score",
    "settle",
    "share_of",
]
