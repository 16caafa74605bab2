"""`policy guarantee`: attack guarantees with generated cases."""

from __future__ import annotations

import sys
from pathlib import PurePath

import click

from policy_dsl.cli import exits
from policy_dsl.cli.say import as_json
from policy_dsl.cli.work import sound_case, sound_policy
from policy_dsl.files import write_text
from policy_dsl.pipeline import attack_guarantees

FEW_HUNDRED = 300


@click.command()
@click.argument("policy", metavar="POLICY")
@click.argument("case", metavar="[CASE]", required=False)
@click.option("--only", multiple=True, metavar="NAME", help="Attack this guarantee; several times for several.")
@click.option("--cases", type=click.IntRange(1), default=FEW_HUNDRED, show_default=True, help="How many to try.")
@click.option("--seed", type=int, default=0, show_default=True, help="Try other cases; the same seed gives the same.")
@click.option("--out", metavar="FILE", help="Write the counter-example here too.")
@click.option("--as-example", is_flag=True, help="Give counter-examples as examples of the policy, not as case files.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for tools.")
def guarantee(
    policy: str,
    case: str | None,
    only: tuple[str, ...],
    cases: int,
    seed: int,
    out: str | None,
    as_example: bool,
    form: str,
) -> int:
    """Attack the guarantees of a policy with generated cases, and give the smallest case that breaks one.

    Facts vary within their bounds, and with them members, dates, the record, votes, choices and funds, as far as the
    guarantee rests on them. With CASE, what is tried are changes of that case. A guarantee that survives is not proved.
    """
    opened, checked = sound_policy(policy, quiet=True)
    read = [policy, *opened.load.read]
    base = None
    if case is not None:
        facts, base = sound_case(checked, case, quiet=True)
        read += [case, *facts.load.read]
    found = attack_guarantees(opened, checked, base, cases=cases, seed=seed, only=only, as_example=as_example)
    sys.stdout.write(as_json(found.data()) if form == "json" else found.text())
    for name in found.kept:
        click.echo(f"No example can give the case that breaks `{name}`: it is a case file.", err=True)
    for name, text in found.shown.items() if out is not None else ():
        assert out is not None
        file = out if len(found.shown) == 1 else _for(out, name)
        write_text(file, text, inputs=read)
        click.echo(f"The case that breaks `{name}` is in {file}", err=True)
    return exits.FAULTS if found.shown else exits.CLEAN


def _for(out: str, name: str) -> str:
    """Of several counter-examples each has its file: `found.yaml` is then `found-bearable.yaml`."""
    path = PurePath(out)
    return str(path.with_name(f"{path.stem}-{name}{path.suffix}"))
