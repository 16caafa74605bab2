"""The parser's tables in a form that is quick to keep and to take up again.

`Lark.save` and `Lark.load` do the same; to load tables of this size took longer than to read a policy.
"""

from __future__ import annotations

import pickle
import re
from array import array
from typing import Any

from lark import Lark, Token, Tree
from lark.common import LexerConf
from lark.lexer import LexerThread, TerminalDef
from lark.parse_tree_builder import ParseTreeBuilder
from lark.parser_frontends import PostLexConnector
from lark.parsers.lalr_analysis import IntParseTable, Reduce, Shift
from lark.parsers.lalr_parser import _Parser

from policy_dsl.records import dataclass
from policy_dsl.syntax.indent import Indentation
from policy_dsl.syntax.lexing import ContextLexer


@dataclass(frozen=True, slots=True)
class Tables:
    """What LALR(1) made of the grammar: rules, terminals, and for each state what to do at which symbol.

    `symbols` and `actions` hold the rows one after another, `ends` where each row ends. An action is the number of the
    state to go to, or minus one minus the number of the rule to reduce by.
    """

    rules: list[Any]
    terminals: list[TerminalDef]
    ignored: list[str]
    names: list[str]
    symbols: array[int]
    actions: array[int]
    ends: array[int]
    starts: dict[str, int]
    finals: dict[str, int]

    @classmethod
    def of(cls, made: Lark) -> Tables:
        """The tables of a parser that was made from its grammar."""
        table: IntParseTable = made.parser.parser._parse_table
        numbers = {rule: at for at, rule in enumerate(made.rules)}
        names: dict[str, int] = {}
        symbols, actions, ends = array("H"), array("h"), array("H")
        for state in range(len(table.states)):
            for name, (action, what) in table.states[state].items():
                symbols.append(names.setdefault(name, len(names)))
                actions.append(what if action is Shift else -1 - numbers[what])
            ends.append(len(symbols))
        starts, finals = dict(table.start_states), dict(table.end_states)
        return cls(
            made.rules, list(made.terminals), made.ignore_tokens, list(names), symbols, actions, ends, starts, finals
        )

    def packed(self) -> bytes:
        """As bytes, for the same interpreter and the same lark."""
        return pickle.dumps(self, pickle.HIGHEST_PROTOCOL)

    def states(self) -> dict[int, dict[str, tuple[Any, Any]]]:
        """For each state what to do at which symbol, in lark's own terms."""
        shifts = [(Shift, at) for at in range(len(self.ends))]
        reductions = [(Reduce, rule) for rule in reversed(self.rules)]
        does = [*shifts, *reductions]  # a negative number counts from the end, where the first rule stands last
        symbols, actions = [self.names[at] for at in self.symbols], [does[at] for at in self.actions]
        found, start = {}, 0
        for state, end in enumerate(self.ends):
            found[state] = dict(zip(symbols[start:end], actions[start:end], strict=True))
            start = end
        return found


class Reader:
    """A parser that is ready to read: lark's own machine on its tables."""

    def __init__(self, tables: Tables, propagate_positions: Any) -> None:
        conf = LexerConf(tables.terminals, re, tables.ignored)
        self.lexer: Any = PostLexConnector(ContextLexer(conf), Indentation())  # type: ignore[no-untyped-call]
        builder: Any = ParseTreeBuilder(  # type: ignore[no-untyped-call]
            tables.rules, Tree, propagate_positions, maybe_placeholders=True
        )
        table = IntParseTable(tables.states(), tables.starts, tables.finals)  # type: ignore[no-untyped-call]
        self._parser = _Parser(table, builder.create_callback())
        self._terminals = {terminal.name: terminal for terminal in tables.terminals}

    def parse(self, text: str, start: str) -> Tree[Token]:
        """The tree of a text that begins with a rule. Raises lark's `UnexpectedInput`, or `Misaligned`."""
        made: Tree[Token] = self._parser.parse(LexerThread.from_text(self.lexer, text), start)
        return made

    def terminal(self, name: str) -> TerminalDef | None:
        """A terminal by its name."""
        return self._terminals.get(name)
