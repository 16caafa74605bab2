"""Each page's wrong example gives its message, and the mended one does not."""

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from policy_dsl.cli import main
from policy_dsl.diagnostics import Problem
from policy_dsl.diagnostics.catalogue import entries
from policy_dsl.diagnostics.pages import page
from policy_dsl.files import Loader, Refused
from policy_dsl.pipeline import Opened, advice, check_policy, check_text, decide, read_case, run_examples, subject
from policy_dsl.source import Source
from policy_dsl.syntax import language_of, parse
from policy_dsl.syntax.tree import is_draft

HEADER = """policy t "T"
  language 1
  version "1"
  authority "x"
  in force from 2026-01-01
  currency USD
  calendar weekdays
  periods plain

"""

# Their examples would need a file that may not be read, one of many megabytes, a package missing, a fault of our own;
# or a case that the checker or the reader of cases refuses before it is decided.
WITHOUT_EXAMPLES = {
    "PD903",
    "PD910",
    "PD912",
    "PD915",
    "PD983",
    "PD984",
    "PD985",
    "PD916",
    "PD977",
    "PD979",
    "PD982",
    "PD999",
    "PD949",
    "PD960",
    "PD852",
    "PD899",
    "PD820",
    "PD835",
    "PD836",
    "PD847",
    "PD848",
}

# What only programs meet, or what takes a cluster: tests/library and tests/sweep try them.
WITHOUT_EXAMPLES |= {"PD925", "PD926", "PD951", "PD952", "PD953", "PD954"}

# What makes a draft of the policy of the lake group.
OPEN = """
article 2 "Review"
  > There is a review.
  alternative A proposed by TZA
    define pace "Time between reviews" = 12 months
  alternative B proposed by RWA
    define pace "Time between reviews" = 24 months

article 3 "Reports"
  alternative C
    > Each member reports.
    define reports "Reports" = count of members
  alternative D with B
    none
"""

# Their examples stand in a folder that is kept in git.
WITH_GIT = {"PD987", "PD988", "PD989"}

BLOCK = re.compile(r"^```(policy|yaml|csv|console|jinja) ?([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LAKE = Path(__file__).parents[2] / "docs" / "example"


class Beside(Loader):
    """Gives the other files that a page shows, by the name beside the word that opens their block."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self.files = {name: Source(name, text) for name, text in texts.items()}

    def __call__(self, path: str, relative_to: Source) -> Source | None:
        return self.files.get(path)


@dataclass
class Block:
    """A block of a page: its language, the name of the file that it is, its text."""

    language: str
    name: str
    text: str


def sections(code: str) -> dict[str, list[Block]]:
    parts = re.split(r"^## (.*)$", page(code) or "", flags=re.MULTILINE)
    return {
        title.strip(): [Block(*found) for found in BLOCK.findall(body)]
        for title, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def problems_of(blocks: list[Block]) -> list[Problem]:
    """The problems of a policy block, and of the case block that may follow it."""
    named = {block.name: block.text for block in blocks if block.name}
    policy = next(block.text for block in blocks if block.language == "policy" and not block.name)
    whole = policy.lstrip().startswith(("policy ", "translation "))
    own = Source("page.policy", policy if whole else HEADER + policy)
    load = Beside(named | {"page.policy": own.text})
    load.files["page.policy"] = own
    if language_of(own) is not None:
        return list(check_text(Opened(own, load)))
    if is_draft(parse(own).tree):
        return list(check_text(Opened(own, load)))
    read = check_policy(Opened(own, load))
    problems = list(read.problems)
    if read.checked is None or any(map(is_error, problems)):
        return problems
    case = next((block.text for block in blocks if block.language == "yaml"), None)
    if case is None:
        unmet = [problem for ran in run_examples(read.checked) for problem in ran.problems]
        return [*problems, *unmet, *advice(read.checked)]
    facts = read_case(read.checked, Opened(Source("page.yaml", case), load))
    problems += facts.problems
    if "expected/page.yaml" in named:
        expected = Opened(Source("expected/page.yaml", named["expected/page.yaml"]), load)
        trials = subject(Opened(own, load), read.checked, [(Opened(Source("page.yaml", case), load), expected)]).trials
        problems += [fault for trial in trials for fault in trial.faults]
        problems += [each.problem for trial in trials for each in trial.failed if each.problem is not None]
    if facts.case is not None:
        try:
            problems += decide(read.checked, facts.case).problems
        except Refused as refused:
            problems.append(refused.problem)
    return problems


def is_error(problem: Problem) -> bool:
    return problem.severity.value == "error"


@pytest.mark.parametrize("code", [code for code in entries() if code not in WITHOUT_EXAMPLES])
def test_the_wrong_example_gives_the_message_and_the_mended_one_does_not(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    found = sections(code)
    assert {"Wrong", "Mended"} <= set(found), f"pages/{code}.md lacks «## Wrong» or «## Mended»"
    if found["Wrong"] and found["Wrong"][-1].language == "console":
        furnish(tmp_path, monkeypatch)
        if found["Wrong"][-1].text.startswith("$ policy verify"):
            state_decisions(tmp_path)
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        if code in WITH_GIT:
            keep_in_git()
        write_templates(found["Wrong"])
        assert code in output(found["Wrong"][-1].text, capsys)
        write_templates(found["Mended"])
        mended = output(found["Mended"][-1].text, capsys)
        assert code not in mended
        assert " error" not in mended.split("\n", 1)[0]
        return
    wrong, right = problems_of(found["Wrong"]), problems_of(found["Mended"])
    assert code in {problem.code for problem in wrong}
    assert code not in {problem.code for problem in right}
    assert [problem.code for problem in right if is_error(problem)] == []


def furnish(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder in which the commands on the pages run."""
    policy, case = (LAKE / "lake.policy").read_text("utf-8"), (LAKE / "lake.yaml").read_text("utf-8")
    (folder / "policies").mkdir()
    for name in ("lake.policy", "policies/lake.policy"):
        (folder / name).write_text(policy, "utf-8")
    (folder / "draft.policy").write_text(policy + OPEN, "utf-8")
    (folder / "lake.yaml").write_text(case, "utf-8")
    (folder / "latin1.policy").write_bytes("# é\n".encode("latin-1"))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))


def write_templates(blocks: list[Block]) -> None:
    """The templates, and the tables of cases, that a part of a page shows."""
    for block in blocks:
        if block.language in ("jinja", "csv"):
            Path(block.name).parent.mkdir(exist_ok=True)
            Path(block.name).write_text(block.text, "utf-8")


def state_decisions(folder: Path) -> None:
    """A decision, decisions that were tampered with, and other rules and facts than its own."""
    assert main(["decide", "lake.policy", "lake.yaml", "--out", "lake.json", "-q"]) == 0
    text = (folder / "lake.json").read_text("utf-8")
    (folder / "archive").mkdir()

    def state(name: str, change: Callable[[dict[str, Any]], object]) -> None:
        data = json.loads(text)
        change(data)
        (folder / name).write_text(json.dumps(data), "utf-8")

    state("cut.json", lambda data: data.pop("shares"))
    state("added.json", lambda data: data.update(seal="x"))
    state("numbers.json", lambda data: data["shares"][0].update(residue=0.5))
    state("archive/lake.json", lambda data: data["policy"].update(file="lake_2026.policy"))
    state("changed.json", lambda data: data["shares"][0]["rows"][0]["final"]["value"].update(exact="1", decimal="1"))
    state("resealed.json", lambda data: data["receipt"].update(rules="sha256:" + "0" * 64))
    state("older.json", lambda data: data["receipt"].update(engine="0.0.9"))
    state("esperanto.json", lambda data: data["text"].update(language="eo"))
    state("redrafted.json", lambda data: data["text"].update(title="A decision"))
    for name, of, old, new in (
        ("amended.policy", "lake.policy", "<= 1%", "<= 2%"),
        ("reworded.policy", "lake.policy", "Sharing arrivals", "Sharing of arrivals"),
        ("later.yaml", "lake.yaml", "885_800", "885_900"),
    ):
        whole = (folder / of).read_text("utf-8")
        assert old in whole
        (folder / name).write_text(whole.replace(old, new), "utf-8")


def keep_in_git() -> None:
    """A repository with the folder as it is, and versions of a policy that were changed apart from each other."""
    law = Path("lake.policy").read_text("utf-8")
    for name, rate in (("base", "<= 1%"), ("ours", "<= 2%"), ("theirs", "<= 3%")):
        Path(f"{name}.policy").write_text(law.replace("<= 1%", rate), "utf-8")
    Path("reworded.policy").write_text(law.replace("Sharing arrivals", "Sharing of arrivals"), "utf-8")
    for command in ("init --quiet", "add --all", "commit --quiet --message=x"):
        run_git("-c", "user.name=A", "-c", "user.email=a@example.org", *command.split())


def run_git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True)


def output(console: str, capsys: pytest.CaptureFixture[str]) -> str:
    said = ""
    for line in console.strip().split("\n"):
        command = shlex.split(line.removeprefix("$ "))
        if command[0] == "git":
            run_git(*command[1:])
            continue
        assert command[0] == "policy"
        main(command[1:])
        captured = capsys.readouterr()
        said += captured.out + captured.err
    return said
