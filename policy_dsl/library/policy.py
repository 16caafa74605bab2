"""A policy as an object: read and checked once, then asked for decisions and sweeps."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from policy_dsl.diagnostics.problem import Problem, errors_of
from policy_dsl.files import Loader
from policy_dsl.library.decided import Decided
from policy_dsl.library.errors import PolicyError, in_words, raising
from policy_dsl.pipeline import Opened, case_template, check_policy, decide, open_file, read_case
from policy_dsl.source import Source

if TYPE_CHECKING:
    from datetime import date

    from policy_dsl.cases.read import Read
    from policy_dsl.check import Checked
    from policy_dsl.diagnostics.rendered import Rendered
    from policy_dsl.library.swept import Swept

CaseLike = str | os.PathLike[str] | Mapping[str, object]
"""A case: the path of its file, its text (which has several lines), or its fields as a mapping."""


def load(path: str | os.PathLike[str], *, take: Collection[str] = ()) -> Policy:
    """Read and check the policy of a file. Raises PolicyError where it can't be read or has errors.

    Of a draft, `take` names the alternatives that are read as if they were adopted.
    """
    with raising():
        return _checked(open_file(os.fspath(path)), take)


def load_text(text: str, name: str = "text.policy", *, take: Collection[str] = ()) -> Policy:
    """Check a policy given as a text. `name` stands in messages for its file; files that it uses are sought beside it.

    Raises PolicyError where it has errors.
    """
    source = Source(name, text)
    with raising():
        return _checked(Opened(source, Loader(source)), take)


def _checked(opened: Opened, take: Collection[str]) -> Policy:
    found = check_policy(opened, take)
    if found.checked is None or errors_of(found.problems):
        raise PolicyError(found.problems)
    return Policy(opened, found.checked, found.problems, tuple(take))


class Policy:
    """A policy without errors, as `load` gives it."""

    def __init__(self, opened: Opened, checked: Checked, problems: Iterable[Problem], taken: tuple[str, ...]) -> None:
        self._opened = opened
        self._problems = tuple(problems)
        self._taken = taken
        self.checked = checked

    @property
    def name(self) -> str:
        """The name of the policy, as cases state it."""
        return self.checked.program.heading.name

    @property
    def title(self) -> str:
        """The title of the instrument."""
        return self.checked.program.heading.title

    @property
    def version(self) -> str:
        """The version that the policy states; empty where it states none."""
        return self.checked.program.heading.version

    @property
    def problems(self) -> tuple[Rendered, ...]:
        """What the check warns of."""
        return in_words(self._problems)

    def decide(self, case: CaseLike, *, as_at: date | None = None) -> Decided:
        """Decide a case: a path, a text, or a mapping. Raises PolicyError where it has errors.

        With `as_at` the law is read as at that date, whatever the date of the case.
        """
        with raising():
            read = self._read(_opened(case), as_at)
            assert read.case is not None
            return Decided(self.checked, decide(self.checked, read.case), read.problems)

    def problems_of(self, case: CaseLike) -> tuple[Rendered, ...]:
        """What is wrong with a case, without deciding it. Raises PolicyError where there is no file to read."""
        with raising():
            return in_words(read_case(self.checked, _opened(case)).problems)

    def sweep(
        self,
        cases: object = None,
        *,
        base: CaseLike | None = None,
        vary: Collection[str] = (),
        draws: int | None = None,
        seed: int = 0,
        shape: Literal["uniform", "triangular", "normal"] = "uniform",
        values: Collection[str] = (),
        against: str | os.PathLike[str] | None = None,
        as_at: date | None = None,
        out: str | os.PathLike[str] | None = None,
        resume: bool = False,
        jobs: int = 1,
        scheduler: str = "",
        compiled: bool | None = None,
    ) -> Swept:
        """Decide very many cases; what each argument means is told where `policy sweep` is.

        `cases` is a path, or a table: of pyarrow, pandas or polars, a stream or a data set of Arrow, record batches;
        what it does not state stands in the case `base`. With `vary` or `draws` cases are drawn from `base`. With `out`
        the tables are written there. With `out`, several `jobs`, or a `scheduler`, the sweep is done at once; otherwise
        as its results are asked for. Raises PolicyError.
        """
        from policy_dsl.library.sweeping import Given, swept

        with raising():
            source = None if base is None else _opened(base)
        given = Given(self._opened, self._taken, cases, source, against=None if against is None else os.fspath(against))
        options = {"vary": tuple(vary), "draws": draws, "seed": seed, "shape": shape, "values": tuple(values)}
        more = {"as_at": as_at, "out": "" if out is None else os.fspath(out), "compiled": compiled}
        return swept(given, options | more, jobs=jobs, scheduler=scheduler, resume=resume)

    def case_template(self) -> str:
        """A case file to begin from."""
        return case_template(self.checked)

    def _read(self, opened: Opened, as_at: date | None = None) -> Read:
        read = read_case(self.checked, opened, as_at)
        if read.case is None or errors_of(read.problems):
            raise PolicyError(read.problems)
        return read

    def __repr__(self) -> str:
        return f"<policy {self.name}: {self.title}>"


def _opened(case: CaseLike) -> Opened:
    """A case as a text with its loader. Raises Refused, and PolicyError for a value that no case can state."""
    if isinstance(case, Mapping):
        from policy_dsl.cases.stated import Unstatable, stated

        try:
            source = Source("case", stated(case))
        except Unstatable as fault:
            raise PolicyError([Problem("PD926", params={"key": fault.key, "kind": fault.kind})]) from None
    elif isinstance(case, str) and "\n" in case:
        source = Source("case", case)
    else:
        return open_file(os.fspath(case))
    return Opened(source, Loader(source))
