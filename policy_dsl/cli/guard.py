"""What stands around every command: usage, interruption, a closed pipe, and faults of our own."""

from __future__ import annotations

import os
import sys

import click

from policy_dsl.cli import exits


def guarded(arguments: list[str]) -> int:
    """Run a command and give its exit code, whatever happens."""
    _speak_utf8()
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
        return exits.PIPE_CLOSED
    except KeyboardInterrupt:
        click.echo("interrupted", err=True)
        return exits.INTERRUPTED
    except Exception as error:
        return _our_fault(error)
    return code


def _run(arguments: list[str]) -> int:
    from policy_dsl.cli.app import app
    from policy_dsl.files import Refused

    try:
        with app.make_context("policy", list(arguments)) as context:
            result = app.invoke(context)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except Refused as refused:
        from policy_dsl.cli.say import messages, tell

        tell(messages([refused.problem]), err=True)
        return exits.USAGE
    return result if isinstance(result, int) else exits.CLEAN


def _speak_utf8() -> None:
    """Write UTF-8 to files and pipes, and show what a terminal can't show by its number."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


def _silence() -> None:
    """Whoever read our output has gone: let the interpreter flush into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _our_fault(error: Exception) -> int:
    if os.environ.get("POLICY_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    from policy_dsl import __version__
    from policy_dsl.diagnostics.catalogue import entry
    from policy_dsl.diagnostics.snippet import clean, wrapped

    said = entry("PD999")
    click.echo(f"PD999 error · policy {__version__} · {type(error).__name__}: {clean(str(error))[:200]}", err=True)
    for line in (*wrapped(said.message), *wrapped(f"{said.help}   (policy help PD999)")):
        click.echo(line, err=True)
    return exits.OUR_FAULT
