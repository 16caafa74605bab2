"""Budgets and walls: what a reader may rely on when opening any file of the package."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import policy_dsl

PACKAGE = Path(policy_dsl.__file__).parent
ROOT = PACKAGE.parent
MODULES = {str(file.relative_to(PACKAGE)): file for file in sorted(PACKAGE.rglob("*.py"))}

LONGEST_MODULE = 600
LONGEST_FUNCTION = 60

# Rooms whose figures decide a case: no binary fraction may enter them. In `plan`, `arrays` and `sweep` there are some:
# each says what it may be off by, and what hangs on less is decided in a room of these.
EXACT = ("evaluate", "sharing", "values", "cases", "deadlines", "voting", "receipts", "sensitivity")

# A module and function in an exact room that may use a binary fraction, with the reason.
FLOATS_ALLOWED: dict[tuple[str, str], str] = {}

# Rooms that decide: no clock, no chance, no environment, no network, no files of the user.
PURE = (
    "source", "values", "sharing", "deadlines", "voting", "syntax", "resolve", "check", "cases", "evaluate", "explain",
    "receipts", "sensitivity", "layout", "plan",
)  # fmt: skip
IMPURE = {
    "asyncio", "glob", "locale", "os", "pathlib", "random", "secrets", "shutil", "socket", "subprocess", "sys",
    "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip

# A pure room's module that may import one of these, with the reason.
IMPURE_ALLOWED = {
    ("syntax/grammar.py", module): "keeps the parser's tables between runs; with or without them it reads the same"
    for module in ("os",)
}


def parsed(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text("utf-8"), name)


def room(name: str) -> str:
    return name.split("/", 1)[0] if "/" in name else ""


def in_rooms(*rooms: str) -> list[str]:
    return [name for name in MODULES if room(name) in rooms]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("name", MODULES)
def test_no_module_and_no_function_is_longer_than_a_reader_can_hold(name: str):
    assert len(MODULES[name].read_text("utf-8").splitlines()) <= LONGEST_MODULE
    long = {
        function.name: length
        for function in functions(parsed(name))
        if (length := (function.end_lineno or 0) - function.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("name", MODULES)
def test_every_public_name_says_what_it_is_for(name: str):
    tree = parsed(name)
    if tree.body:
        assert ast.get_docstring(tree), f"{name} has no docstring"
    missing = [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert missing == []


DOORS = {
    "files/__init__.py": {"open"},
    "files/parts.py": {"open"},
    "files/tables.py": {"open"},
    "plan/exactly.py": {"exec"},  # a plan written out as one function, from its operations
    "records.py": {"exec"},  # constructors of records, from the names of fields
}


@pytest.mark.parametrize("name", [name for name in MODULES if room(name) != "cli"])
def test_only_the_door_speaks(name: str):
    calls = {node.func.id for node in ast.walk(parsed(name)) if _is_call(node)}
    assert calls & {"print", "input", "open", "exec", "eval", "exit"} <= DOORS.get(name, set())


@pytest.mark.parametrize("name", in_rooms(*EXACT))
def test_no_binary_fraction_enters_a_room_that_decides(name: str):
    tree = parsed(name)
    places = [(function.name, node) for function in functions(tree) for node in ast.walk(function)]
    inside = {id(node) for _, node in places}
    places += [("", node) for node in ast.walk(tree) if id(node) not in inside]
    found = {function for function, node in places if _is_float(node)}
    assert {function for function in found if (name, function) not in FLOATS_ALLOWED} == set()


@pytest.mark.parametrize("name", in_rooms(*PURE))
def test_a_room_that_decides_knows_no_clock_no_chance_and_no_machine(name: str):
    imported = set(_imported(parsed(name)))
    assert {each for each in imported & IMPURE if (name, each) not in IMPURE_ALLOWED} == set()
    called = {ast.unparse(node.func) for node in ast.walk(parsed(name)) if isinstance(node, ast.Call)}
    assert called & {"datetime.now", "datetime.utcnow", "date.today", "datetime.today"} == set()


@pytest.mark.parametrize("name", MODULES)
def test_no_room_has_a_name_that_says_nothing(name: str):
    empty = {"utils", "util", "helpers", "helper", "common", "core", "manager", "base", "models", "misc"}
    assert empty & set(Path(name).with_suffix("").parts) == set()


def test_the_version_is_that_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert policy_dsl.__version__ == project["version"]


def test_every_exception_to_a_rule_is_still_used():
    for name, _ in FLOATS_ALLOWED:
        assert any(_is_float(node) for node in ast.walk(parsed(name)))
    for name, module in IMPURE_ALLOWED:
        assert module in set(_imported(parsed(name)))


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]
