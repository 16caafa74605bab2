"""From C text to a function that can be called: the compiler, its flags, and the folder where what it made is kept.

The compiler is that of `ziglang` where it is installed (`policy-dsl[compiled]`), else the system's `cc`, `gcc` or
`clang`. What was compiled is kept in the user's cache folder under a digest of the text, the compiler, the flags and
the processor, and written whole or not at all; a kept file that can't be loaded is compiled again.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from policy_dsl.diagnostics import Problem
from policy_dsl.records import dataclass
from policy_dsl.source import blake2b

FLAGS = (
    "-O3", "-std=gnu11", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-fno-strict-aliasing",
    "-fvisibility=hidden", "-w", "-fPIC", "-shared",
)  # fmt: skip
"""No flag here lets a compiler change what an operation on binary64 figures gives (IEEE 754); `-ffast-math` would."""

LONGEST = 900
"""So many seconds a compiler may take."""


class Unready(Exception):
    """There is no compiled form; `problem` says why. Whoever wanted it goes on with numpy."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Compiler:
    """A C compiler: what it is called with before its flags, the flags of its own, and what tells its version."""

    command: tuple[str, ...]
    flags: tuple[str, ...]
    state: str


def at_hand() -> bool:
    """Whether the compiler that the extra `compiled` brings is installed."""
    return _zig() is not None


def compiler() -> Compiler:
    """The compiler to be had. Raises `Unready` (PD979) where there is none."""
    zig = _zig()
    if zig is not None:
        alone = () if sys.platform == "win32" else ("-nostdlib",)
        return Compiler((zig, "cc"), ("-mcpu=native", *alone, "-fno-sanitize=all"), _state(zig))
    own = "-march=native" if platform.machine().lower() in ("x86_64", "amd64", "i686") else "-mcpu=native"
    for name in ("cc", "gcc", "clang"):
        place = shutil.which(name)
        if place is not None:
            return Compiler((place,), (own, "-lm"), _state(os.path.realpath(place)))
    raise Unready(Problem("PD979"))


def _zig() -> str | None:
    found = importlib.util.find_spec("ziglang")
    if found is None or found.origin is None:
        return None
    place = os.path.join(os.path.dirname(found.origin), "zig.exe" if sys.platform == "win32" else "zig")
    return place if os.path.exists(place) else None


def cache_folder() -> str:
    """The user's folder for what was compiled; empty where the system names none, or none is wanted."""
    if os.environ.get("POLICY_NO_CACHE") == "1":
        return ""
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
    return os.path.join(chosen, "policy_dsl", "compiled")


def function(text: str, by: Compiler, folder: str) -> Any:
    """The function `run` of a C text. `folder`: where it is kept; empty: nowhere.

    Raises `Unready`: PD982 where the compiler fails, PD984 where nothing can be written or loaded.
    """
    if not folder:
        with _writable(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as passing:
            return _loaded(_compiled(text, by, Path(passing), Path(passing, "part")))
    kept = Path(folder, f"{_digest(text, by)}.so")
    with contextlib.suppress(OSError, AttributeError):
        if kept.exists():
            return _loaded(kept)
    with _writable(folder):
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as passing:
            os.replace(_compiled(text, by, Path(passing), Path(folder)), kept)
        return _loaded(kept)


def _compiled(text: str, by: Compiler, passing: Path, beside: Path) -> Path:
    """Compile a text within a folder of its own; `beside` is where the compiler may keep what it needs each time."""
    source, made = passing / "part.c", passing / "part.so"
    source.write_text(text, "utf-8")
    caches = {"ZIG_GLOBAL_CACHE_DIR": str(beside / "zig"), "ZIG_LOCAL_CACHE_DIR": str(passing / "zig")}
    command = [*by.command, *FLAGS, "-o", str(made), str(source), *by.flags]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=LONGEST, check=False,
            env={**os.environ, **caches}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unready(_failed(by, f"it took longer than {LONGEST} seconds")) from None
    except OSError as fault:
        raise Unready(_failed(by, fault.strerror or str(fault))) from None
    if done.returncode != 0 or not made.exists():
        said = next((line.strip() for line in done.stderr.splitlines() if "error" in line), "")
        raise Unready(_failed(by, said or f"it ended with the status {done.returncode}"))
    return made


def _failed(by: Compiler, reason: str) -> Problem:
    return Problem("PD982", params={"compiler": by.command[0], "reason": reason})


@contextlib.contextmanager
def _writable(folder: str = "") -> Any:
    try:
        yield
    except (OSError, AttributeError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        params = {"folder": folder or tempfile.gettempdir(), "reason": reason}
        raise Unready(Problem("PD984", params=params)) from None


def _loaded(file: Path) -> Any:
    found = ctypes.CDLL(str(file)).run
    many = ctypes.c_void_p
    found.argtypes = (ctypes.c_int64, many, many, many, many, many)
    found.restype = None
    return found


def _digest(text: str, by: Compiler) -> str:
    sum_ = blake2b(digest_size=20)
    for part in (text, *by.command, *FLAGS, *by.flags, by.state, _processor()):
        data = part.encode("utf-8", "surrogatepass")
        sum_.update(len(data).to_bytes(8, "big") + data)
    return sum_.hexdigest()


def _state(program: str) -> str:
    seen = os.stat(program)
    return f"{seen.st_size} {seen.st_mtime_ns}"


@cache
def _processor() -> str:
    """What tells processors apart whose code can't be exchanged: a cache folder may be shared between machines."""
    facts = [platform.system(), platform.machine(), platform.processor()]
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text("utf-8", "replace").splitlines()
        wanted = ("model name", "flags", "Features", "CPU part")
        facts += list(dict.fromkeys(line for line in lines if line.startswith(wanted)))
    return "\n".join(facts)
