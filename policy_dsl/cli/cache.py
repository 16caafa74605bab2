"""What was found the last time: a file that has not changed is answered without reading it again.

An answer holds for one state of the engine, of the file, and of every file that it names. It lies under the user's
cache folder, one answer for each file; whatever is wrong with it, the file is simply checked again.
`POLICY_NO_CACHE=1` turns all of this off.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import policy_dsl
from policy_dsl.cli.say import Message
from policy_dsl.files import Loader
from policy_dsl.pipeline import Policy
from policy_dsl.source import blake2b

FORM = 1
# What a check never reads: byte-code, the pages behind the codes, and the rooms above `check`, which it can't use.
PASSED = frozenset(("__pycache__", "pages"))
ABOVE = (
    "editor", "library", "instrument", "render", "compare", "lint", "trial", "sweep", "arrays", "plan", "explain",
    "receipts", "sensitivity", "evaluate",
)  # fmt: skip


def digest(*parts: bytes | str) -> str:
    """A digest of texts that no two lists of texts share."""
    sum_ = blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        sum_.update(len(data).to_bytes(8, "big"))
        sum_.update(data)
    return sum_.hexdigest()


class Answers:
    """The kept answers. `recall` and `keep` never fail; at worst they do nothing."""

    def __init__(self) -> None:
        self.folder = "" if os.environ.get("POLICY_NO_CACHE") == "1" else _folder()
        self._engine = _engine() if self.folder else ""

    def recall(self, path: str, data: bytes) -> list[Message] | None:
        """What was said about a file with these bytes, if it still holds."""
        if not self.folder:
            return None
        import json

        try:
            with open(self._file(path), encoding="utf-8") as file:
                kept = json.load(file)
            if kept["for"] != self.mark(path, data):
                return None
            if any(_state(used) != state for used, state in kept["uses"].items()):
                return None
            return [Message(str(one["severity"]), str(one["text"]), dict(one["data"])) for one in kept["said"]]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, path: str, data: bytes, uses: Mapping[str, bytes | None], said: list[Message]) -> None:
        """Keep what was said about a file; `uses` gives each other file that was asked for, none where unreadable."""
        if not self.folder:
            return
        import json

        answer = {
            "for": self.mark(path, data),
            "uses": {used: _stated(bytes_) for used, bytes_ in uses.items()},
            "said": [{"severity": one.severity, "text": one.text, "data": one.data} for one in said],
        }
        try:
            _write(self.folder, self._file(path), json.dumps(answer).encode())
        except OSError:
            return

    def mark(self, path: str, data: bytes) -> str:
        """For which state of the engine and of a file something holds."""
        return digest(self._engine, path, data)

    def _file(self, path: str) -> str:
        return os.path.join(self.folder, digest(os.path.abspath(path), path) + ".json")


class Programs:
    """Policies that were read and checked before, so that a case is decided without reading its policy again.

    They are kept as the interpreter keeps its own byte-code: in a folder of the user's alone, for one state of the
    engine and of every file. `recall` and `keep` never fail; at worst they do nothing.
    """

    def __init__(self) -> None:
        self._answers = Answers()

    def recall(self, path: str, data: bytes, load: Loader) -> Policy | None:
        """The policy of a file with these bytes, if nothing has changed; `load` then knows the other files it names."""
        if not self._answers.folder:
            return None
        import json
        import pickle

        try:
            with open(self._file(path), "rb") as file:
                kept = json.loads(file.readline())
                if kept["for"] != self._answers.mark(path, data):
                    return None
                if any(_state(used) != state for used, state in kept["uses"].items()):
                    return None
                policy = pickle.load(file)
            load.read.update((used, None) for used in kept["uses"])
            return policy if isinstance(policy, Policy) else None
        except Exception:  # whatever is wrong with the file, the policy can be read again
            return None

    def keep(self, path: str, data: bytes, load: Loader, policy: Policy) -> None:
        """Keep a policy; `load` has read the other files that it names."""
        if not self._answers.folder:
            return
        import json
        import pickle

        uses = {used: _stated(bytes_) for used, bytes_ in load.read.items()}
        head = json.dumps({"for": self._answers.mark(path, data), "uses": uses}).encode() + b"\n"
        try:
            _write(self._answers.folder, self._file(path), head + pickle.dumps(policy, 5))
        except (OSError, RecursionError, pickle.PicklingError):
            return

    def _file(self, path: str) -> str:
        return os.path.join(self._answers.folder, digest(os.path.abspath(path), path) + ".program")


def _write(folder: str, file: str, data: bytes) -> None:
    """Write a file of the folder whole or not at all."""
    fresh = f"{file}.{os.getpid()}"
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as written:
        written.write(data)
    os.replace(fresh, file)


def _state(path: str) -> str:
    try:
        with open(path, "rb") as file:
            return _stated(file.read())
    except (OSError, ValueError):
        return _stated(None)


def _stated(data: bytes | None) -> str:
    return "not readable" if data is None else digest(data)


def _folder() -> str:
    """The user's folder for such things; empty where the system names none."""
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(chosen):
        home = os.path.expanduser("~")
        if not os.path.isabs(home):
            return ""
        if sys.platform == "darwin":
            chosen = os.path.join(home, "Library", "Caches")
        elif sys.platform == "win32":
            chosen = os.environ.get("LOCALAPPDATA", os.path.join(home, "AppData", "Local"))
        else:
            chosen = os.path.join(home, ".cache")
    return os.path.join(chosen, "policy_dsl", "check")


def _engine() -> str:
    """The state of the engine: its version, its files, the interpreter, and what is installed beside it."""
    facts = [str(FORM), policy_dsl.__version__, sys.version]
    home = os.path.dirname(os.path.abspath(policy_dsl.__file__))
    folders = [home]
    while folders:
        folder = folders.pop()
        passed = PASSED if folder != home else {*PASSED, *ABOVE}
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in passed:
                        folders.append(entry.path)
                elif not entry.name.endswith(".pyc"):
                    seen = entry.stat()
                    facts.append(f"{entry.path} {seen.st_size} {seen.st_mtime_ns}")
    for place in sys.path:
        if place.endswith("site-packages") and os.path.isdir(place):
            facts.append(f"{place} {os.stat(place).st_mtime_ns}")
    return digest(*sorted(facts))
