"""The results of many cases as an object: tables in the form of Arrow, what they come to, and a summary of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from policy_dsl.library.errors import raising
from policy_dsl.records import dataclass

if TYPE_CHECKING:
    import pyarrow as pa

    from policy_dsl.pipeline.sweeping import Swept as Done
    from policy_dsl.sweep.summary_found import Found

SHOWN = 6
"""So many rows are shown in a notebook."""


@dataclass(frozen=True, slots=True, eq=False)
class SweptBatch:
    """The results of some thousand cases: a row for each case and member, and a row for each case."""

    members: pa.Table
    cases: pa.Table


class Swept:
    """A sweep, as `Policy.sweep` gives it. The results equal those of `Policy.decide`, case by case.

    `open_` begins a run; `done` tells what the last whole run came to. What is asked for first is found first: to ask
    for `members` keeps all results, to ask for a count or the summary keeps none. `held` is what the results lie in.
    """

    def __init__(
        self,
        open_: Callable[[], Iterator[SweptBatch]],
        done: Callable[[], Done | None],
        out: str | None = None,
        *,
        held: object = None,
    ) -> None:
        self._held = held
        self._open = open_
        self._done = done
        self._kept: SweptBatch | None = None
        self._first: SweptBatch | None = None
        self.out = out
        """The folder that holds the tables as Parquet; none where they were not written."""

    # ---- the results -------------------------------------------------------------------------------------------------

    def batches(self) -> Iterator[SweptBatch]:
        """The results batch by batch, in the order of the cases; each is let go of. Raises PolicyError."""
        if self._kept is not None:
            yield self._kept
            return
        with raising():
            for batch in self._open():
                if self._first is None:
                    self._first = SweptBatch(batch.members.slice(0, SHOWN), batch.cases.slice(0, SHOWN))
                yield batch

    @property
    def members(self) -> pa.Table:
        """One row for each case and member."""
        return self._all().members

    @property
    def cases(self) -> pa.Table:
        """One row for each case."""
        return self._all().cases

    def _all(self) -> SweptBatch:
        if self._kept is None:
            import pyarrow as pa

            every = list(self.batches())
            self._kept = SweptBatch(
                pa.concat_tables(each.members for each in every), pa.concat_tables(each.cases for each in every)
            )
        return self._kept

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The table `members` for whoever takes Arrow: pandas, polars, DuckDB."""
        return self.members.__arrow_c_stream__(requested_schema)

    # ---- what they come to -------------------------------------------------------------------------------------------

    @property
    def found(self) -> Found:
        """What the sweep comes to, for those who know the engine: distributions, and how often what was so."""
        return self._finished().found

    def __len__(self) -> int:
        """How many cases there were."""
        return self.found.cases

    @property
    def again(self) -> int:
        """How many cases were decided one by one by the exact engine, since nothing less was sure enough."""
        return self.found.again

    @property
    def why(self) -> dict[str, int]:
        """Why they were, and how many for each reason.

        "close": a choice hung on too little; "no value": there may be none; "open": a tie or the like; "absent": a fact
        is lacking; "few": so few of their kind that it is not worth a plan; "whole": what `hindrances` tells.
        """
        return dict(self.found.why)

    @property
    def hindrances(self) -> dict[str, int]:
        """What of the policy can't be decided many at a time (article, provision, reason), and in how many cases."""
        return dict(self.found.hindrances)

    def summary(self, form: Literal["html", "md", "json"] = "html", *, weigh: bool = True) -> str:
        """The summary with its plots. `weigh`: where there is a base case, with what each figure of it does alone."""
        from policy_dsl.pipeline.sweeping import sweep_summary

        with raising():
            return sweep_summary(self._finished(), weigh=weigh).rendered(form)

    def _finished(self) -> Done:
        done = self._done()
        if done is None:
            for _ in self.batches():
                pass
            done = self._done()
            assert done is not None
        return done

    def __repr__(self) -> str:
        done = self._done()
        return "<sweep, not yet run>" if done is None else f"<sweep of {done.found.cases} cases>"

    def _repr_html_(self) -> str:
        from policy_dsl.pipeline.sweeping import sweep_glance

        done = self._finished()
        first = self._first.members.to_pylist() if self._first is not None else []
        return sweep_glance(done, first[:SHOWN])
