"""Words that rules use alike: what a body is, what it may do, days of the week, ways to count a period.

What a drafter calls otherwise has no translation here and stands as it is written.
"""

from __future__ import annotations

from policy_dsl.deadlines import UNCITED, WEEKDAYS
from policy_dsl.render.languages import Table

STANDINGS = (
    "administration", "agency", "chair", "consultative", "depositary", "expert", "observer", "observers", "partner",
    "partners", "presidency", "provider", "secretariat", "trustee",
)  # fmt: skip
RIGHTS = (
    "administer", "advise", "appraise", "assess", "attend", "audit", "certify", "convene", "coordinate", "decide",
    "deliver", "facilitate", "identify", "inform", "mediate", "monitor", "notify", "observe", "pay", "propose",
    "provide", "publish", "quantify", "receive", "recommend", "refuse", "register", "report", "speak", "supervise",
    "vote",
)  # fmt: skip

USUAL = Table(
    "USUAL",
    {
        **{f"standing.{word}": word for word in STANDINGS},
        **{f"right.{word}": word for word in RIGHTS},
        **{f"weekday.{day}": day for day in WEEKDAYS},
        **{f"periods.{way}": way for way in UNCITED},
    },
)
