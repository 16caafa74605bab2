"""The parser, made once from `policy.lark`; its tables are kept in the user's cache directory between runs."""

from __future__ import annotations

import os
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import Any

import lark
from lark import Lark, Token, Tree

from policy_dsl.syntax.indent import FAULT_SIGNS, Indentation
from policy_dsl.syntax.words import RESERVED

STARTS = ["header", "head_line", "part", "article", "departure", "example", "provision", "prose", "step"]


def text() -> str:
    """The grammar as written."""
    return (resources.files("policy_dsl.syntax") / "policy.lark").read_text("utf-8")


def options() -> dict[str, Any]:
    """How the parser is made."""
    return {
        "parser": "lalr",
        "lexer": "contextual",
        "start": STARTS,
        "postlex": Indentation(),
        "lexer_callbacks": {"NAME": _refuse_reserved},
        "propagate_positions": _has_place,
        "maybe_placeholders": True,
    }


@lru_cache(maxsize=1)
def parser() -> Lark:
    """The parser; compiled anew where nothing is kept or nothing can be kept."""
    grammar = text()
    kept = _kept(grammar)
    made = _load(kept)
    if made is None:
        made = Lark(grammar, **options())
        _keep(made, kept)
    return made


def _load(kept: str) -> Lark | None:
    try:
        with os.fdopen(os.open(kept, os.O_RDONLY), "rb") as file:
            return Lark.load(file)
    except Exception:  # whatever is wrong with the file, the grammar can be compiled again
        return None


def _keep(made: Lark, kept: str) -> None:
    """Writes the tables aside first, so that nobody reads half a file."""
    aside = f"{kept}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        with os.fdopen(os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            made.save(file)
        os.replace(aside, kept)
    except OSError:
        return


def _kept(grammar: str) -> str:
    place = os.environ.get("XDG_CACHE_HOME", "")
    root = place if os.path.isabs(place) else os.path.expanduser("~/.cache")
    mark = sha256(f"{lark.__version__} {STARTS} {FAULT_SIGNS}\n{grammar}".encode()).hexdigest()[:20]
    return os.path.join(root, "policy_dsl", f"grammar-{mark}.tables")


def _refuse_reserved(token: Token) -> Token:
    if token in RESERVED:
        token.type = "RESERVED"
    return token


def _has_place(child: Tree[Token] | Token | None) -> bool:
    """Ends of lines and of blocks take up no place in the text of what they close."""
    return not (isinstance(child, Token) and child.type[0] == "_")
