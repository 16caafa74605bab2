"""The documentation is true: its policies are sound, its faults are those it names, its commands show what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policy_dsl.check import Checked, check
from policy_dsl.check.draft import check_draft
from policy_dsl.diagnostics.catalogue import entries
from policy_dsl.diagnostics.problem import Problem, Severity
from policy_dsl.diagnostics.rendered import render
from policy_dsl.evaluate.examples import run_examples
from policy_dsl.resolve import resolve
from policy_dsl.resolve.texts import check_translation
from policy_dsl.source import Source
from policy_dsl.syntax import language_of, parse, parse_translation
from policy_dsl.syntax.tree import is_draft

from . import pages
from .refresh import refresh
from .steps import follow

POLICIES = [fence for page in pages.pages() for fence in pages.fences(page) if fence.kind == "policy"]
READ = [fence for fence in POLICIES if fence.order in ("", "in")]
WITH_STEPS = [page for page in pages.pages() if any(fence.order == "write" for fence in pages.fences(page))]
# What a fragment does not use, the rest of its policy would.
UNUSED = {"PD255"}


def checked(fence: pages.Fence) -> tuple[Checked | None, list[Problem]]:
    """The policy of a fence, with its errors."""
    beside = {
        other.info["file"]: other.text for other in pages.fences(fence.page) if "file" in other.info and other != fence
    }

    def load(path: str, _from: Source) -> Source | None:
        return Source(path, beside[path]) if path in beside else None

    own = Source(fence.info.get("file", "page.policy"), pages.whole(fence))
    if language_of(own) is not None:
        beside[own.name] = own.text
        told = check_translation(parse_translation(own), load)
        return None, [each for each in told if each.severity is Severity.ERROR]
    parsed = parse(own)
    spared = UNUSED - fence.wrong if fence.order == "in" else set()
    if is_draft(parsed.tree):
        told = check_draft(parsed, load).problems
        return None, [each for each in told if each.severity is Severity.ERROR and each.code not in spared]
    resolved = resolve(parsed, load)
    made = check(resolved.program) if resolved.program is not None else None
    found = [*parsed.problems, *resolved.problems, *(made.problems if made is not None else ())]
    return made, [each for each in found if each.severity is Severity.ERROR and each.code not in spared]


@pytest.mark.parametrize("fence", READ, ids=str)
def test_a_policy_holds_what_its_page_says(fence: pages.Fence):
    made, errors = checked(fence)
    if fence.wrong:
        assert {each.code for each in errors} == fence.wrong, "\n".join(render(each).text for each in errors)
        return
    assert not errors, "\n".join(render(each).text for each in errors)
    if made is None:
        return
    unmet = [render(each).text for ran in run_examples(made) for each in ran.problems]
    assert not unmet, "\n".join(unmet)


def test_every_code_that_a_page_names_is_in_the_catalogue_with_its_weight():
    for page in pages.pages():
        for code, weight in re.findall(r"(PD\d{3})(?:, a (warning)|, (?:advice))?", page.read_text("utf-8")):
            assert code in entries(), f"{page.name}: {code}"
            assert not weight or entries()[code].severity is Severity.WARNING, f"{page.name}: {code}"


@pytest.mark.parametrize("page", WITH_STEPS, ids=lambda page: page.stem)
def test_steps_lead_where_the_page_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "folder"
    folder.mkdir()
    for fence, command, shown, true in follow(page, folder):
        assert pages.agrees(shown, true), f"{fence}: $ {command}\n{true[:2000]}"


@pytest.mark.parametrize(
    ("shown", "renewed"),
    [
        ("old\n", True),
        ("   …\nold\n", True),
        ("begins so …\n", True),
        ("…\nold\n", False),
    ],
)
def test_what_a_command_shows_is_renewed_unless_the_page_shortens_it(
    shown: str, renewed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    page = tmp_path / "page.md"
    text = f"<!-- write: a.txt -->\n```text\nnew\n```\n\n```console\n$ cat a.txt\n{shown}```\n"
    page.write_text(text, "utf-8")
    refresh(page)
    assert page.read_text("utf-8") == (text.replace(shown, "new\n") if renewed else text)
