"""The commands by name. A command's module is imported when the command is used, and not for `--help`."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

import click

from policy_dsl import __version__


class LazyGroup(click.Group):
    """A group whose commands live in modules that nobody has imported yet.

    `lazy` gives, for each command, the module, the function in it, and the line that `--help` prints.
    """

    lazy: ClassVar[dict[str, tuple[str, str, str]]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order in which they are used, not of the alphabet."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command and give it."""
        if cmd_name not in self.lazy:
            return None
        module, name, _ = self.lazy[cmd_name]
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, read off the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in self.lazy.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; a misspelt one is answered with the nearest."""
        if args and not args[0].startswith("-") and args[0] not in self.lazy:
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.lazy, 1)
            hint = f"did you mean `{near[0]}`?" if near else "the commands are " + ", ".join(self.lazy)
            raise click.UsageError(f"there is no command `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)


class Commands(LazyGroup):
    """All commands."""

    lazy: ClassVar[dict[str, tuple[str, str, str]]] = {
        "check": ("policy_dsl.cli.check", "check", "Find the faults of policies."),
        "lint": ("policy_dsl.cli.lint", "lint", "Advise on policies that are sound and could be better."),
        "fmt": ("policy_dsl.cli.fmt", "fmt", "Lay out policies in the one canonical form."),
        "test": ("policy_dsl.cli.examples", "test", "Run the examples of policies, and cases with expected results."),
        "cover": ("policy_dsl.cli.cover", "cover", "Find what no example exercises, or would notice."),
        "guarantee": ("policy_dsl.cli.guarantee", "guarantee", "Attack guarantees with generated cases."),
        "case": ("policy_dsl.cli.case", "case", "Begin a case file, describe its form, or check one."),
        "decide": ("policy_dsl.cli.decide", "decide", "Decide a case by a policy and write the document."),
        "sweep": ("policy_dsl.cli.sweep", "sweep", "Apply a policy to very many cases."),
        "explain": ("policy_dsl.cli.explain", "explain", "Say how one figure or finding came about."),
        "what-decided": ("policy_dsl.cli.decisive", "decisive", "Find out how far each figure may move."),
        "verify": ("policy_dsl.cli.verify", "verify", "Find out whether a decision follows from its rules and case."),
        "decision": ("policy_dsl.cli.decision", "decision", "Describe the form of a decision's data."),
        "diff": ("policy_dsl.cli.diff", "diff", "Say what changed between two policies, and what it does."),
        "compare": ("policy_dsl.cli.compare", "compare", "Tell who gains and who pays under a draft's alternatives."),
        "history": ("policy_dsl.cli.history", "history", "List the values of each figure by date and instrument."),
        "git": ("policy_dsl.cli.git", "git", "Show and merge policies by article in git."),
        "docs": ("policy_dsl.cli.docs", "docs", "Write the instrument as a document for people."),
        "graph": ("policy_dsl.cli.graph", "graph", "Draw what depends on what in a policy."),
        "lsp": ("policy_dsl.cli.lsp", "lsp", "Serve an editor: messages, completion, hover, renaming."),
        "help": ("policy_dsl.cli.pages", "help_", "Read the page behind a message."),
    }


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="policy %(version)s")
def app() -> None:
    """Policies of burden-sharing: checked, applied to cases, and explained.

    Exit codes: 0 all is well; 1 faults in a policy or case; 2 the command can't be carried out; 3 a case was decided,
    but something is undetermined, awaits a choice, or was left unallocated.
    """
