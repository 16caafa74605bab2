"""Files as they stood at a revision in git: `REV:path`.

`REV` is whatever git takes for a revision (`HEAD~1`, a branch, a tag); none at all (`:path`) means what is staged. The
path begins at the top of the repository, or here where it begins with `./` or `../`, as in git itself.
"""

from __future__ import annotations

import os
import posixpath
import re

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.files import LIMIT, Loader, Refused, decoded
from policy_dsl.files.git import GitRefuses, git
from policy_dsl.source import Source

# A revision may hold colons in braces only: `HEAD^{/fix: the table}`.
_NAMED = re.compile(r"(?P<rev>(?:[^:{}]|\{[^{}]*\})*):(?P<path>[^:].*)", re.DOTALL)
_HOW_LARGE = re.compile(rb"[0-9a-f]+ (?P<kind>[a-z]+) (?P<size>[0-9]+)\n")


def is_revision(name: str) -> bool:
    """Whether a name is `REV:path` and not that of a file which stands here."""
    return _NAMED.fullmatch(name) is not None and not os.path.lexists(name)


def read_revision(name: str) -> tuple[Source, AtRevision]:
    """A file at a revision, and the loader that reads the files which it names at the same revision.

    The revision is looked up once: what is committed meanwhile changes nothing. Raises Refused where there is no git,
    no repository, no such revision or no such file in it.
    """
    found = _NAMED.fullmatch(name)
    if found is None:
        raise Refused(Problem("PD987", params={"name": name, "reason": "it is not of the form `REV:path`"}))
    load = AtRevision(found["rev"])
    return load.opened(found["path"]), load


class AtRevision(Loader):
    """Reads files at one revision, each once: `load(path, relative_to)`, as the loader of files does.

    `read` holds the bytes of each file under the name that its source has, `REV:path from the top`.
    """

    def __init__(self, rev: str) -> None:
        super().__init__()
        self.rev = rev
        try:
            self._here = os.fsdecode(git("rev-parse", "--show-prefix")).removesuffix("\n")
        except GitRefuses as fault:
            raise Refused(Problem("PD986", params={"reason": fault.words})) from None
        self._tree = self._found() if rev else ""
        self._at: dict[str, str] = {}

    def opened(self, path: str) -> Source:
        """The text of a file by its path from the top, or from here (`./…`). Raises Refused."""
        near = path in (".", "..") or path.startswith(("./", "../"))
        return self._opened(posixpath.join(self._here, path) if near else path)

    def _load(self, path: str, relative_to: Source) -> Source | None:
        try:
            return self._opened(posixpath.join(posixpath.dirname(self._at[relative_to.name]), path))
        except Refused as refused:
            self.reasons[path] = refused.problem
            return None

    def _opened(self, path: str) -> Source:
        path = posixpath.normpath(path)
        name = f"{self.rev}:{path}"
        if name not in self._sources:
            self.read[name] = None
            self.read[name] = data = self._bytes(name, path)
            self._sources[name] = decoded(name, data)
            self._at[name] = path
        return self._sources[name]

    def _found(self) -> str:
        """The name of the tree of the revision that stays the same whatever happens to the branch."""
        try:
            return git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{self.rev}^{{tree}}").decode().strip()
        except GitRefuses:
            raise Refused(self._gone(f"{self.rev}:", "git knows no such revision")) from None

    def _bytes(self, name: str, path: str) -> bytes:
        if path.startswith(("/", "../")) or path == "..":
            raise Refused(self._gone(name, "the path leads out of the repository"))
        if "\n" in path or "\0" in path:
            raise Refused(self._gone(name, "the name holds a sign that no file name may hold"))
        # Links are followed inside of the revision; what is staged has no tree in which they could be.
        follow = ["--follow-symlinks"] if self._tree else []
        try:
            answer = git("cat-file", "--batch", *follow, given=os.fsencode(f"{self._tree}:{path}\n"))
        except GitRefuses as fault:
            raise Refused(self._gone(name, fault.words)) from None
        head = _HOW_LARGE.match(answer)
        if head is None:
            raise Refused(self._gone(name, "there is no such file at this revision"))
        if head["kind"] != b"blob":
            raise Refused(Problem("PD902", params={"file": name}))
        if int(head["size"]) > LIMIT:
            size = f"{int(head['size']) // 2**20} MiB"
            raise Refused(Problem("PD910", params={"file": name, "size": size, "limit": f"{LIMIT // 2**20} MiB"}))
        return answer[head.end() : head.end() + int(head["size"])]

    def _gone(self, name: str, reason: str) -> Problem:
        """The problem; where the same path from here would lead to a file, with that path."""
        rev, _, path = name.rpartition(":")
        mend = ""
        if self._here and path and os.path.isfile(path):
            mend = f"paths begin at the top of the repository; from this folder write `{rev}:./{path}`"
        return Problem("PD987", params={"name": name, "reason": reason}, mend=mend)
