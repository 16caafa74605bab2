"""Setting git up for policies in one repository: how they are shown and merged, and taking that back.

Two places tell git: `.gitattributes` at the top of the repository, which is kept with the files, says that policies
have drivers; the repository's own settings, which stay on the machine, say which programs these are.
"""

from __future__ import annotations

import os

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import Refused, read_source, write_text
from policy_dsl.files.git import GitRefuses, git, top

REMARK = "# Policies are shown and merged by article: `policy git install`"
LINE = "*.policy diff=policy merge=policy"
# The line of a policy that stands above each change that git shows.
OPENINGS = "^((part|article|replace article|add article|delete article|example|alternative|policy|translation)[ ].*)$"


def install(program: str) -> bool:
    """Set up the drivers, run as `program`; whether anything had to be changed.

    Raises Refused outside of a repository, and where the repository shows or merges policies in another way already.
    """
    folder = top()
    wanted = _settings(program)
    before = {name: _setting(name) for name in wanted}
    for name, value in before.items():
        if value and _ours(name) not in value:
            raise Refused(Problem("PD989", params={"what": name, "value": value}))
    path = os.path.join(folder, ".gitattributes")
    text = read_source(path).text if os.path.lexists(path) else ""
    if LINE not in text.splitlines():
        _free(folder)
        ending = "\r\n" if "\r\n" in text else "\n"
        text += ending if text and not text.endswith("\n") else ""
        write_text(path, f"{text}{REMARK}{ending}{LINE}{ending}")
    elif before == wanted:
        return False
    for name, value in wanted.items():
        git("config", "--local", name, value)
    return True


def uninstall() -> bool:
    """Take back what `install` set up, and nothing else; whether there was anything. Raises Refused."""
    folder = top()
    path = os.path.join(folder, ".gitattributes")
    text = read_source(path).text if os.path.lexists(path) else ""
    kept = [line for line in text.splitlines(keepends=True) if line.strip() not in (REMARK, LINE)]
    changed = "".join(kept) != text
    if changed and kept:
        write_text(path, "".join(kept))
    elif changed:
        os.unlink(path)
    for name in _settings(""):
        if _ours(name) in _setting(name):
            git("config", "--local", "--unset-all", name)
            changed = True
    return changed


def _settings(program: str) -> dict[str, str]:
    return {
        "diff.policy.textconv": f"{program} git textconv",
        "diff.policy.xfuncname": OPENINGS,
        "merge.policy.name": "policies, by article",
        "merge.policy.driver": f"{program} git merge %O %A %B --path %P --marker-size %L",
    }


def _ours(name: str) -> str:
    """What a setting holds if it is ours, whichever version of the tool made it."""
    return {"textconv": " git textconv", "driver": " git merge %O %A %B", "xfuncname": "article", "name": "policies"}[
        name.rpartition(".")[2]
    ]


def _setting(name: str) -> str:
    try:
        return git("config", "--local", "--get-all", name).decode("utf-8", "replace").removesuffix("\n")
    except GitRefuses:
        return ""


def _free(folder: str) -> None:
    """Raises Refused where policies have another driver already."""
    told = git("check-attr", "-z", "diff", "merge", "--", "any.policy", folder=folder).decode("utf-8", "replace")
    fields = told.split("\0")
    for attribute, value in zip(fields[1::3], fields[2::3], strict=False):
        if value not in ("unspecified", "policy"):
            raise Refused(Problem("PD989", params={"what": attribute, "value": value}))
