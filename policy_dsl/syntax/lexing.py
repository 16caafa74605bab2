"""From characters to words: a lexer for lark that asks the parser what may stand at each place.

It gives what lark's contextual lexer gives. That one makes a regular expression for each set of words that can be
expected, some two hundred; this one makes a single expression and looks words up in a table: it is ready at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from lark.lexer import Lexer, PatternStr, TerminalDef, Token

from policy_dsl.syntax.indent import Indentation
from policy_dsl.syntax.words import RESERVED

if TYPE_CHECKING:
    from lark.common import LexerConf
    from lark.lexer import LexerState
    from lark.parsers.lalr_parser_state import ParserState

ANYWHERE = frozenset(Indentation.always_accept)


class ContextLexer(Lexer):
    """The lexer. At each place it takes the first terminal, by priority and width, that fits there.

    Terminals with fixed text are words, which are names where they are not expected, or single signs.
    """

    __future_interface__ = 2

    def __init__(self, conf: LexerConf) -> None:
        ordered = sorted(conf.terminals, key=_rank)
        name = next(terminal for terminal in ordered if terminal.name == "NAME")
        is_word = re.compile(name.pattern.to_regexp()).fullmatch
        fixed = {each.pattern.value: each.name for each in ordered if isinstance(each.pattern, PatternStr)}
        self.words = {text: kind for text, kind in fixed.items() if is_word(text)}
        self.signs = {text: kind for text, kind in fixed.items() if text not in self.words}
        self.patterns = [(each.name, each.pattern.to_regexp()) for each in ordered if each.name not in fixed.values()]
        signs = "|".join(re.escape(text) for text in self.signs)
        whole = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in self.patterns)
        self.next = re.compile(f"{whole}|{signs}").match
        self.ignored = frozenset(conf.ignore)
        self.by_name = conf.terminals_by_name

    def lex(self, lexer_state: LexerState, parser_state: ParserState[Any]) -> Iterator[Token]:
        """The tokens of a text, each asked for when the parser has taken in the one before."""
        text: str = getattr(lexer_state.text, "text", lexer_state.text)  # type: ignore[arg-type]
        counter, states = lexer_state.line_ctr, parser_state.parse_conf.states
        words, signs, ignored, match = self.words, self.signs, self.ignored, self.next
        end = len(text)
        while counter.char_pos < end:
            at = counter.char_pos
            accepts = states[parser_state.state_stack[-1]]
            found = match(text, at)
            if found is None:
                raise self._unknown(text, at, accepts, lexer_state.last_token, parser_state)
            word = found.group()
            kind = found.lastgroup or signs[word]
            if kind == "NAME":
                fixed = words.get(word)
                if fixed is not None and fixed in accepts:
                    kind = fixed
                elif word in RESERVED:
                    kind = "RESERVED"
            elif kind in ignored:
                counter.char_pos = at + len(word)
                continue
            elif kind not in accepts and kind not in ANYWHERE:
                other = self._another(text, at, accepts)
                if other is None:
                    raise self._unexpected(_token(kind, word, at), accepts, parser_state)
                kind, word = other
            token = _token(kind, word, at)
            counter.char_pos = at + len(word)
            lexer_state.last_token = token
            yield token

    def _another(self, text: str, at: int, accepts: dict[str, Any]) -> tuple[str, str] | None:
        """The first terminal that fits at a place, where the first of all does not."""
        for kind, pattern in self.patterns:
            if kind in accepts or kind in ANYWHERE:
                found = re.compile(pattern).match(text, at)
                if found:
                    return kind, found.group()
        for sign, kind in self.signs.items():
            if kind in accepts and text.startswith(sign, at):
                return kind, sign
        return None

    def _unexpected(self, token: Token, accepts: dict[str, Any], state: ParserState[Any]) -> UnexpectedToken:
        allowed = _allowed(accepts)
        error: UnexpectedToken = UnexpectedToken(token, allowed, state=state, terminals_by_name=self.by_name)  # type: ignore[no-untyped-call]
        return error

    def _unknown(
        self, text: str, at: int, accepts: dict[str, Any], last: Token | None, state: ParserState[Any]
    ) -> UnexpectedCharacters:
        told = {"allowed": _allowed(accepts), "state": state, "terminals_by_name": self.by_name}
        error: UnexpectedCharacters = UnexpectedCharacters(text, at, 0, 0, token_history=last and [last], **told)  # type: ignore[no-untyped-call]
        return error


def _allowed(accepts: dict[str, Any]) -> set[str]:
    return {kind for kind in accepts if kind.isupper()} | ANYWHERE


def _rank(terminal: TerminalDef) -> tuple[int, int, int, str]:
    pattern = terminal.pattern
    return -terminal.priority, -pattern.max_width, -len(pattern.value), terminal.name


def _token(kind: str, word: str, at: int) -> Token:
    """A token; lines and columns are found from the place, where somebody asks for them."""
    return Token(kind, word, at, 0, 0, 0, 0, at + len(word))
