"""`policy lsp`: the language server, which an editor starts."""

from __future__ import annotations

import os
import sys

import click

from policy_dsl.cli import exits
from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused


@click.command()
@click.option("--stdio", is_flag=True, help="Speak over standard input and output, the only way.")
def lsp(stdio: bool) -> int:
    """Serve an editor: messages as you write, completion, hover, renaming.

    An editor starts this by itself; `docs/howto/use-an-editor.md` says how to set one up. It ends when the editor goes.
    """
    from policy_dsl.editor import MissingPart, serve

    # The server closes what it reads and writes, and those who end the process want to flush their own.
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as reads, os.fdopen(os.dup(sys.stdout.fileno()), "wb") as writes:
        try:
            serve(reads, writes)
        except MissingPart:
            raise Refused(Problem("PD983")) from None
    return exits.CLEAN
