"""Compiled C gives what the plan's definition gives, bit by bit; and says a word where it can't."""

from __future__ import annotations

import os
import stat
import sys
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.arrays import Compiled
from policy_dsl.arrays.native import Native, Unready, ready, workshop
from policy_dsl.arrays.native.workshop import Compiler
from policy_dsl.plan import Plan
from policy_dsl.plan.build import Builder
from tests.arrays.arrays_plans import columns_for, figure, plan, random_plans, truth
from tests.arrays.native_given import compiling, measured, same


@compiling
@settings(max_examples=40, deadline=None)
@given(made=random_plans(), cases=st.sampled_from((1, 7, 8, 15, 16, 17, 65)), seed=st.integers(0, 99))
def test_random_plans_give_what_they_are_defined_to_give(folder: str, made: Plan, cases: int, seed: int):
    columns = columns_for(made, cases, seed)
    same(Native(made, folder=folder).run(columns), measured(made, columns))


def shares(members: int) -> Plan:
    """A plan with loops over members, a constant output, and values of all shapes."""
    b = Builder(members)
    a, rate, counted = figure(b, "a"), figure(b, "rate", membered=False), truth(b, "counted")
    weighed = b.mul(a, b.row(Fraction(place % 5 + 1, 4) for place in range(members)))
    total = b.sum(weighed, counted)
    share = b.where(counted, b.div(weighed, b.add(total, b.constant(1))), b.constant(0))
    above = b.less(b.constant(Fraction(1, 8)), share)
    third = b.constant(Fraction(1, 3))
    return plan(b, {"share": share, "total": total, "above": above, "rate": b.mul(rate, third), "third": third})


@compiling
@pytest.mark.parametrize("members", [1, 5, 30, 60])
@pytest.mark.parametrize("cases", [0, 1, 7, 8, 9, 15, 16, 17, 1000])
def test_any_number_of_members_and_cases(folder: str, members: int, cases: int):
    made = shares(members)
    columns = columns_for(made, cases, 5)
    same(Native(made, folder=folder).run(columns), measured(made, columns))


@compiling
def test_columns_may_be_of_any_type_and_lie_in_any_order(folder: str):
    made = shares(6)
    columns = columns_for(made, 40, 1)
    native = Native(made, folder=folder)
    expected = measured(made, columns)
    for kind in (np.int16, np.int32, np.int64, np.float32, np.float64):
        cast = {name: each if each.dtype == bool else each.astype(kind) for name, each in columns.items()}
        same(native.run(cast), expected)
    same(native.run({name: np.asfortranarray(each) for name, each in columns.items()}), expected)


@compiling
def test_only_what_is_kept_is_given_and_nothing_is_certified_unasked(folder: str):
    made = shares(6)
    columns = columns_for(made, 40, 1)
    expected = measured(made, columns)
    found = Native(made, folder=folder).run(columns, certify=False, keep=["above", "third"])
    assert found.outputs.keys() == {"above", "third"}
    np.testing.assert_array_equal(found.outputs["above"], expected.outputs["above"])
    assert not found.doubtful.any()
    assert found.why == {}


@compiling
def test_a_long_plan_is_cut_into_loops_of_bounded_length(folder: str):
    b = Builder(4)
    a = figure(b, "a")
    value = a
    for number in range(400):
        value = b.where(b.at_most(b.constant(number), a), b.sub(a, b.mul(value, b.constant(Fraction(1, 2)))), value)
    made = plan(b, {"value": value})
    columns = columns_for(made, 33, 1)
    native = Native(made, folder=folder)
    (source,) = native.program().sources
    assert max(text.count(" = ") for text in source.split("static NOINLINE")) < 2 * 160 + 100
    same(native.run(columns), measured(made, columns))


@compiling
def test_several_threads_may_run_it_at_once(folder: str):
    made = shares(30)
    native = Native(made, folder=folder)
    inputs = [columns_for(made, 4000, seed) for seed in range(4)]
    found: dict[int, Any] = {}

    def work(number: int) -> None:
        for _ in range(5):
            found[number] = native.run(inputs[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, columns in enumerate(inputs):
        same(found[number], measured(made, columns))


# ---- the workshop ---------------------------------------------------------------------------------------------------


@compiling
def test_what_was_compiled_is_not_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    made = shares(3)
    Native(made, folder=str(tmp_path))
    (kept,) = tmp_path.glob("*.so")
    monkeypatch.setattr(workshop.subprocess, "run", lambda *_, **__: pytest.fail("the compiler was called"))
    columns = columns_for(made, 9, 1)
    same(Native(made, folder=str(tmp_path)).run(columns), measured(made, columns))
    assert list(tmp_path.glob("*.so")) == [kept]


@compiling
def test_a_kept_file_that_can_t_be_loaded_is_compiled_again(tmp_path: Path):
    made = shares(3)
    Native(made, folder=str(tmp_path / "first"))
    (kept,) = (tmp_path / "first").glob("*.so")
    second = tmp_path / "second"
    second.mkdir()
    (second / kept.name).write_bytes(b"torn")
    columns = columns_for(made, 9, 1)
    same(Native(made, folder=str(second)).run(columns), measured(made, columns))
    assert (second / kept.name).read_bytes() != b"torn"


@compiling
def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POLICY_NO_CACHE", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    made = shares(3)
    columns = columns_for(made, 9, 1)
    same(Native(made).run(columns), measured(made, columns))
    assert not any(tmp_path.rglob("*.so"))


def told(code: str, by: Compiler | None, folder: str) -> dict[str, str]:
    """The parameters of the problem that is told when a plan is to be compiled."""
    with pytest.raises(Unready) as told:
        Native(shares(3), by, folder)
    assert told.value.problem.code == code
    return dict(told.value.problem.params)


def test_no_compiler_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workshop.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(workshop.shutil, "which", lambda _: None)
    told("PD979", None, str(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for the compiler")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'part.c:1: error: no such vector' >&2; exit 1", "part.c:1: error: no such vector"),
        ("exit 3", "it ended with the status 3"),
        ("exit 0", "it ended with the status 0"),
    ],
)
def test_a_broken_compiler_is_told_with_its_words(tmp_path: Path, script: str, reason: str):
    broken = tmp_path / "broken"
    broken.write_text(f"#!/bin/sh\n{script}\n")
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    kept = tmp_path / "kept"
    assert told("PD982", Compiler((str(broken),), (), ""), str(kept)) == {"compiler": str(broken), "reason": reason}
    assert list(kept.iterdir()) == []


def test_a_compiler_that_is_gone_is_told(tmp_path: Path):
    told("PD982", Compiler((str(tmp_path / "gone"),), (), ""), str(tmp_path))


@pytest.mark.skipif(sys.platform == "win32", reason="a script stands for the compiler")
def test_a_compiler_that_makes_what_can_t_be_loaded_is_told(tmp_path: Path):
    broken = tmp_path / "broken"
    broken.write_text('#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done; echo nothing > "$2"\n')
    broken.chmod(broken.stat().st_mode | stat.S_IXUSR)
    assert told("PD984", Compiler((str(broken),), (), ""), str(tmp_path / "kept"))["folder"] == str(tmp_path / "kept")


@compiling
def test_a_folder_that_can_t_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    folder = str(tmp_path / "file" / "kept")
    assert told("PD984", None, folder)["folder"] == folder


def test_the_folder_is_the_user_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("POLICY_NO_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert workshop.cache_folder() == os.path.join(str(tmp_path), "policy_dsl", "compiled")


@compiling
def test_who_asks_for_c_gets_it_and_who_can_t_have_it_gets_numpy_and_a_word(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("POLICY_NO_CACHE", "1")
    made = shares(3)
    columns = columns_for(made, 9, 1)
    for wanted, found in ((True, Native), (False, Compiled)):
        runner, told = ready(made, native=wanted)
        assert isinstance(runner, found)
        assert told is None
        same(runner.run(columns), measured(made, columns))
    monkeypatch.setattr(workshop, "_zig", lambda: None)
    assert isinstance(ready(made)[0], Compiled)
    monkeypatch.setattr(workshop.shutil, "which", lambda _: None)
    runner, told = ready(made, native=True)
    assert isinstance(runner, Compiled)
    assert told is not None
    assert told.code == "PD979"
