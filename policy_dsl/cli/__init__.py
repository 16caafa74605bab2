"""The terminal's door: `policy check`, `decide`, `explain`, `case`, `test`, `help`.

`main` answers `--version` before anything else is imported, and stands around every command: whatever happens inside,
the user sees a message and an exit code, never a traceback.
"""

from __future__ import annotations

import gc
import os
import sys

from policy_dsl import __version__

__all__ = ["main", "run"]


def run() -> None:
    """The program `policy`: run a command, and end the process with its exit code.

    The process ends at once. What a command opens it also closes, and to take apart two hundred modules, which the
    interpreter otherwise does, takes longer than many a check.
    """
    code = main()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):  # nobody reads it any more
            continue
    os._exit(code)


def main(arguments: list[str] | None = None) -> int:
    """Run the tool and give its exit code. `arguments` are those of the command line unless given."""
    asked = sys.argv[1:] if arguments is None else arguments
    if asked in (["--version"], ["-V"]):
        sys.stdout.write(f"policy {__version__}\n")
        return 0
    from policy_dsl.cli.guard import guarded

    # One command makes much and throws little away: looking for what could be thrown away costs a fifth of its time.
    gc.disable()
    try:
        return guarded(asked)
    finally:
        gc.enable()
