"""The loop in C, compiled for the machine at hand and called on whole columns; without a compiler it says so."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from harness import Chunk, main

FLAGS = ["-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-shared", "-fPIC", "-w"]
LANES = 8


def ready(part: str) -> Chunk:
    """A part of the workload as a function of the compiled loop; results go into arrays that are kept."""
    compiler = shutil.which("gcc") or shutil.which("cc") or shutil.which("clang")
    if compiler is None:
        sys.exit("no C compiler")
    made = Path(tempfile.mkdtemp()) / "loop.so"
    source = Path(__file__).with_name("loop.c")
    subprocess.run([compiler, *FLAGS, str(source), "-o", str(made)], check=True)
    call = getattr(ctypes.CDLL(str(made)), part)
    kept: dict[Any, Any] = {}
    results = {
        "w1": (("eligible", np.uint8), ("score", float), ("portion", float), ("place", np.int32)),
        "w2": (("part_of_each", float),),
        "w3": (("burden", float),),
        "w4": (("places", np.int64),),
    }[part]

    def work(columns: Mapping[str, Any]) -> Mapping[str, Any]:
        count, states = next(iter(columns.values())).shape
        whole = -(-count // LANES) * LANES
        if whole != count:
            columns = {
                name: np.vstack([values, np.repeat(values[-1:], whole - count, 0)]) for name, values in columns.items()
            }
        out = {}
        for name, kind in results:
            if (name, whole) not in kept:
                kept[name, whole] = np.zeros((whole, states), kind)
            out[name] = kept[name, whole]
        arrays = [np.ascontiguousarray(each) for each in columns.values()]
        call(
            ctypes.c_long(whole),
            ctypes.c_int(states),
            *(ctypes.c_void_p(each.ctypes.data) for each in (*arrays, *out.values())),
        )
        return {name: values[:count] for name, values in out.items()}

    return work


if __name__ == "__main__":
    main(ready, chunk=20_000)
