"""Files: the one room that reads and writes them. What can't be read or written is a problem, never a traceback.

Files as they stood in git are in `revisions`, which alone runs git; it is imported where it is asked for.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import replace

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.source import Source

LIMIT = 32 * 1024 * 1024
MANY = 1000


class Refused(Exception):
    """A file that can't be read or written, with the problem that says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_bytes(path: str) -> bytes:
    """The bytes of a file. Raises Refused where there is none, or it is a folder, unreadable or far too large."""
    try:
        with open(path, "rb") as file:
            data = file.read(LIMIT + 1)
    except (OSError, ValueError) as error:
        raise Refused(_unreadable(path, error)) from None
    if len(data) > LIMIT:
        size = f"more than {LIMIT // 2**20} MiB"
        raise Refused(Problem("PD910", params={"file": path, "size": size, "limit": f"{LIMIT // 2**20} MiB"}))
    return data


def decoded(name: str, data: bytes) -> Source:
    """Bytes as a text. Raises Refused where they are not in UTF-8. A byte order mark is left out."""
    try:
        return Source(name, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(Problem("PD904", params={"file": name, "byte": str(error.start + 1)})) from None


def read_source(path: str) -> Source:
    """A file as a text under the path as it was written. Raises Refused."""
    return decoded(path, read_bytes(path))


class Loader:
    """Reads the files that a policy names, each once, and remembers them: `load(path, relative_to)`.

    A path is read from the folder of the file that names it. A file that is reached by two ways (a link, `..`) is one
    source, so that a circle of files is seen as one. `read` holds the bytes of each, none where it can't be read;
    `asked` what was found for each path, by the file that names it.
    """

    def __init__(self, *opened: Source) -> None:
        self._sources = {os.path.realpath(source.name): source for source in opened}
        self.read: dict[str, bytes | None] = {}
        self.reasons: dict[str, Problem] = {}
        self.asked: dict[tuple[str, str], Source | None] = {}

    def __call__(self, path: str, relative_to: Source) -> Source | None:
        """The text of a file, or none where it can't be read; `reasons` then tells why, by the path as written."""
        found = self.asked[relative_to.name, path] = self._load(path, relative_to)
        return found

    def _load(self, path: str, relative_to: Source) -> Source | None:
        written = os.path.join(os.path.dirname(relative_to.name), path)
        try:
            real = os.path.realpath(written)
        except (OSError, ValueError):
            real = written
        if real not in self._sources:
            self.read[real] = None
            try:
                self.read[real] = data = read_bytes(real)
                self._sources[real] = decoded(_short(written, real), data)
            except Refused as refused:
                self.reasons[path] = refused.problem
                return None
        return self._sources[real]


class Sent(Loader):
    """Gives texts that were read elsewhere, by the file that names them and the path; nothing is read here."""

    def __init__(self, asked: Mapping[tuple[str, str], Source | None]) -> None:
        super().__init__()
        self.asked = dict(asked)

    def _load(self, path: str, relative_to: Source) -> Source | None:
        return self.asked.get((relative_to.name, path))


class Folder:
    """The files of one folder, and of the folders in it: nothing outside is read, by no path and no link.

    A file is called by its name from the folder, with `/` between folder and file. `read` names the files read so far.
    Raises Refused where there is no such folder.
    """

    def __init__(self, path: str) -> None:
        self.name = path
        self.read: list[str] = []
        self._real = os.path.realpath(path)
        if not path or not os.path.isdir(self._real):
            raise Refused(Problem("PD918", params={"file": path}))

    def names(self) -> list[str]:
        """The names of the files, in order; of a great many the first."""
        found: list[str] = []
        for folder, folders, files in os.walk(self._real):
            folders.sort()
            inside = os.path.relpath(folder, self._real)
            found += [os.path.normpath(os.path.join(inside, file)).replace(os.sep, "/") for file in sorted(files)]
            if len(found) > MANY:
                break
        return sorted(found[:MANY])

    def __call__(self, name: str) -> Source | Problem | None:
        """The text of a file, none where there is no such file, or the problem that says why it can't be had."""
        written = os.path.join(self.name, *name.split("/"))
        if "\0" in name or "\\" in name:
            return None
        real = os.path.realpath(os.path.join(self._real, *name.split("/")))
        if name.startswith("/") or os.path.commonpath([real, self._real]) != self._real:
            return Problem("PD945", params={"name": name, "folder": self.name})
        if not os.path.lexists(real):
            return None
        if not os.path.isfile(real):
            if os.path.isdir(real):
                return Problem("PD902", params={"file": written})
            return Problem("PD903", params={"file": written, "reason": "it is a device or a pipe"})
        try:
            found = decoded(written, read_bytes(real))
        except Refused as refused:
            return replace(refused.problem, params={**refused.problem.params, "file": written})
        self.read.append(written)
        return found


class Scratch:
    """A folder of the system for what is needed for a while; it is gone when nobody holds this object any more."""

    def __init__(self) -> None:
        import weakref
        from shutil import rmtree
        from tempfile import mkdtemp

        self.path = mkdtemp(prefix="policy-")
        weakref.finalize(self, rmtree, self.path, ignore_errors=True)

    def inside(self, name: str) -> str:
        """The path of a file or folder in it."""
        return os.path.join(self.path, name)


def writable(path: str) -> bool:
    """Whether a file is there and may be written over."""
    return os.path.isfile(path) and os.access(path, os.W_OK)


def write_text(path: str, text: str, inputs: Iterable[str] = ()) -> None:
    """Write a text as a file, in UTF-8, as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"), inputs)


def write_bytes(path: str, data: bytes, inputs: Iterable[str] = ()) -> None:
    """Write a file whole or not at all. Raises Refused.

    What is written goes to a new file in the same folder, which then takes the place of the old one. A link is followed
    and the permissions of an older file are kept. None of `inputs` is overwritten.
    """
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    if not os.path.isdir(folder):
        raise Refused(Problem("PD905", params={"file": path, "folder": os.path.dirname(path) or folder}))
    if any(_same(target, other) for other in inputs):
        raise Refused(Problem("PD906", params={"file": path}))
    try:
        _write(target, data)
    except OSError as error:
        raise Refused(Problem("PD907", params={"file": path, "reason": _reason(error)})) from None


def _write(target: str, data: bytes) -> None:
    try:
        old = os.stat(target)
    except FileNotFoundError:
        old = None
    if old is not None and stat.S_ISDIR(old.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder")
    if old is not None and not stat.S_ISREG(old.st_mode):
        with open(target, "wb") as device:
            device.write(data)
        return
    fresh = os.path.join(os.path.dirname(target), f".{os.path.basename(target)[:100]}.{os.getpid()}.part")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with open(handle, "wb") as file:
            file.write(data)
        if old is not None:
            os.chmod(fresh, stat.S_IMODE(old.st_mode))
        os.replace(fresh, target)
    except BaseException:
        os.unlink(fresh)
        raise


def _short(written: str, real: str) -> str:
    """A path without its turns, where that names the same file."""
    short = os.path.normpath(written)
    return short if os.path.realpath(short) == real else written


def _same(one: str, other: str) -> bool:
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


def _unreadable(path: str, error: OSError | ValueError) -> Problem:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Problem("PD901", params={"file": path})
    if isinstance(error, IsADirectoryError):
        return Problem("PD902", params={"file": path})
    reason = _reason(error) if isinstance(error, OSError) else "the name holds a sign that no file name may hold"
    return Problem("PD903", params={"file": path, "reason": reason})


def _reason(error: OSError) -> str:
    """Why, in the words of the system, without its numbers."""
    words = error.strerror or "the system gives no reason"
    return words[0].lower() + words[1:]
