"""Files that stand beside a case: the results that are expected of it."""

from __future__ import annotations

import os

EXPECTED = "expected"


def case_and_expected(path: str) -> tuple[str, str | None]:
    """The path of a case, and that of the file of its name in the folder `expected` beside it, if there is one.

    The path of that file leads to the same two.
    """
    folder, name = os.path.split(path)
    if os.path.basename(folder) == EXPECTED:
        folder = os.path.dirname(folder)
    beside = os.path.join(folder, EXPECTED, name)
    return os.path.join(folder, name), beside if os.path.isfile(beside) else None
