"""The parser, made once from `policy.lark`; its tables are kept in the user's cache directory between runs."""

from __future__ import annotations

import os
import pickle
import pkgutil
from functools import lru_cache
from typing import Any

import lark
from lark import Lark, Token, Tree

from policy_dsl.source import blake2b
from policy_dsl.syntax.indent import FAULT_SIGNS, Indentation
from policy_dsl.syntax.lexing import ContextLexer
from policy_dsl.syntax.tables import Reader, Tables

STARTS = [
    "header", "head_line", "part", "article", "departure", "example", "provision", "prose", "step",
    "alternative", "whole_alternative",
    "translation", "translation_line", "translated", "named", "untranslated",
]  # fmt: skip


def text() -> str:
    """The grammar as written."""
    data = pkgutil.get_data("policy_dsl.syntax", "policy.lark")
    assert data is not None
    return data.decode("utf-8")


def options() -> dict[str, Any]:
    """How the parser is made."""
    return {
        "parser": "lalr",
        "lexer": ContextLexer,
        "start": STARTS,
        "postlex": Indentation(),
        "propagate_positions": _has_place,
        "maybe_placeholders": True,
    }


@lru_cache(maxsize=1)
def parser() -> Reader:
    """The parser; compiled anew where nothing is kept or nothing can be kept."""
    grammar = text()
    kept = _kept(grammar)
    made = _load(kept)
    if made is None:
        tables = Tables.of(Lark(grammar, **options()))
        made = Reader(tables, _has_place)
        _keep(tables, kept)
    return made


def _load(kept: str) -> Reader | None:
    try:
        with os.fdopen(os.open(kept, os.O_RDONLY), "rb") as file:
            return Reader(pickle.load(file), _has_place)
    except Exception:  # whatever is wrong with the file, the grammar can be compiled again
        return None


def _keep(tables: Tables, kept: str) -> None:
    """Writes the tables aside first, so that nobody reads half a file."""
    aside = f"{kept}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(tables.packed())
        os.replace(aside, kept)
    except OSError:
        return


def _kept(grammar: str) -> str:
    place = os.environ.get("XDG_CACHE_HOME", "")
    root = place if os.path.isabs(place) else os.path.expanduser("~/.cache")
    made_by = f"{lark.__version__} {STARTS} {FAULT_SIGNS}"
    mark = blake2b(f"{made_by}\n{grammar}".encode(), digest_size=10).hexdigest()
    return os.path.join(root, "policy_dsl", f"grammar-{mark}.tables")


def _has_place(child: Tree[Token] | Token | None) -> bool:
    """Ends of lines and of blocks take up no place in the text of what they close."""
    return not (isinstance(child, Token) and child.type[0] == "_")
