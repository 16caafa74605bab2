"""`policy graph`: what depends on what in a policy."""

from __future__ import annotations

import click

from policy_dsl.cli import exits
from policy_dsl.cli.out import deliver, form_of
from policy_dsl.cli.work import Taken, sound_policy, sound_words, taking
from policy_dsl.pipeline import graph as drawn

FORMS = ("svg", "dot", "mermaid", "text")
ENDINGS = {"svg": "svg", "dot": "dot", "gv": "dot", "mmd": "mermaid", "mermaid": "mermaid", "txt": "text"}
LANGUAGES = ("en", "fr", "ar")


@click.command()
@click.argument("policy", metavar="POLICY")
@click.option("--of", metavar="NAME", default="", help="Only what NAME rests on, and what rests on it.")
@click.option("--out", metavar="FILE", help="Write the drawing here, not to the terminal.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Its form; else that of FILE's name, else text.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="The language of titles.")
@click.option("--page", metavar="URL", default="", help="Let each box of an SVG lead into this page of `policy docs`.")
@taking
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def graph(
    policy: str, of: str, out: str | None, form: str | None, language: str, page: str, take: Taken, quiet: bool
) -> int:
    """Draw what depends on what: facts, figures, definitions, keys, sharings out, steps and duties by article.

    As text it is an indented tree: below each provision stands what it rests on. NAME is a name or a title.
    """
    chosen = form or form_of(out, ENDINGS, "text", "PD981")
    opened, checked = sound_policy(policy, quiet=quiet, take=take)
    sound_words(checked, language, quiet=quiet)
    made = drawn(checked, chosen, of, language, page)
    deliver(made, out, [policy, *opened.load.read], "drawing", quiet=quiet)
    return exits.CLEAN
