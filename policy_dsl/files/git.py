"""Git, run as its own program: the one place that starts it."""

from __future__ import annotations

import os

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused


class GitRefuses(Exception):
    """Git ended with a fault; `words` are the last line that it said."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def git(*arguments: str, folder: str | None = None, given: bytes = b"", faults: tuple[int, ...] = ()) -> bytes:
    """What git prints when it is run with these arguments, in a folder or here.

    `given` is what it reads; an exit code among `faults` counts as none. Raises GitRefuses where it ends with a fault,
    and Refused where there is no git.
    """
    import subprocess

    # Its words are shown to people and compared by us: in one language, whatever that of the machine.
    surroundings = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        done = subprocess.run(
            ["git", *arguments], input=given, capture_output=True, cwd=folder, env=surroundings, check=False
        )
    except (OSError, ValueError):
        raise Refused(Problem("PD986", params={"reason": "the program `git` is not to be found"})) from None
    if done.returncode and done.returncode not in faults:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitRefuses(said[-1].removeprefix("fatal: ").removeprefix("error: ") if said else "it gives no reason")
    return done.stdout


def top(folder: str | None = None) -> str:
    """The top folder of the repository that a folder, or this one, is in. Raises Refused outside of a repository."""
    try:
        return os.fsdecode(git("rev-parse", "--show-toplevel", folder=folder)).removesuffix("\n")
    except GitRefuses as fault:
        raise Refused(Problem("PD986", params={"reason": fault.words})) from None
