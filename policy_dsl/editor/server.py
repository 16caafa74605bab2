"""The language server for one editor."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from datetime import date
from typing import BinaryIO

from lsprotocol import types
from pygls import uris
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from policy_dsl import __version__
from policy_dsl.diagnostics.rendered import render
from policy_dsl.editor import completion, hover, inlays, mends, navigation, outline
from policy_dsl.editor.bench import Bench
from policy_dsl.editor.positions import Positions
from policy_dsl.editor.spoken import Speaker
from policy_dsl.editor.view import View
from policy_dsl.files import Refused
from policy_dsl.pipeline import laid_out

SOON = 0.03
"""How many seconds a text rests after a keystroke before it is checked: faster keystrokes are checked together."""
QUIET = 0.25
"""How many seconds a text rests before its examples are run."""
SWEEP = 1.0
"""How many seconds everything rests before what is left behind is swept up."""
MOST_UNSWEPT = 200
"""After so many checks it is swept up in any case."""
REQUEST_FAILED = -32803
CONTENT_MODIFIED = -32801


class Server(LanguageServer):
    """The server with the texts that are open in the editor."""

    def __init__(self) -> None:
        super().__init__("policy", __version__, types.TextDocumentSyncKind.Incremental)
        self.bench = Bench()
        self.addresses: dict[str, str] = {}
        self.waiting: dict[str, asyncio.TimerHandle] = {}
        self.sweeping: asyncio.TimerHandle | None = None
        self.unswept = 0
        self._speaker: Speaker | None = None

    @property
    def speaker(self) -> Speaker:
        """Who speaks to the editor, in the encoding that was agreed with it."""
        if self._speaker is None:
            encoding = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
            self._speaker = Speaker(Positions(getattr(encoding, "value", str(encoding))), self.addresses)
        return self._speaker

    @property
    def folder(self) -> str:
        """The folder that is open in the editor, or nothing."""
        return self.workspace.root_path or ""

    def name_of(self, uri: str) -> str:
        """The name of a text: its path, or its URI where it has none."""
        return (uris.to_fs_path(uri) or uri) if uri.startswith("file:") else uri

    def take(self, uri: str) -> str:
        """Take in a text as it now stands in the editor."""
        name = self.name_of(uri)
        self.addresses[name] = uri
        self.bench.put(name, self.workspace.get_text_document(uri).source)
        return name

    def view(self, uri: str) -> View:
        """What is known of a text."""
        found = self.bench.view(self.name_of(uri))
        if found is None:
            raise JsonRpcException(f"There is no text {uri}.", REQUEST_FAILED)
        return found

    def place(self, text: types.TextDocumentIdentifier, at: types.Position) -> tuple[View, int]:
        """The text and the offset of a place."""
        view = self.view(text.uri)
        return view, self.speaker.positions.offset(view.source, at.line, at.character)

    def version_of(self, name: str) -> int | None:
        """The version of an open text, as the editor counts."""
        uri = self.addresses.get(name)
        return self.workspace.text_documents[uri].version if uri in self.workspace.text_documents else None

    def publish(self, name: str) -> None:
        """Tell what is wrong with a text."""
        self.waiting.pop(name, None)
        view = self.bench.view(name)
        if view is None or not self.bench.is_open(name):
            return
        found = self.speaker.diagnostics(view.source, view.tree, view.problems)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(self.addresses[name], found, self.version_of(name))
        )

        self.sweep_soon()

    def sweep_soon(self) -> None:
        """Collect garbage when everything has rested; the interpreter would do so between two keystrokes."""
        self.unswept += 1
        if self.sweeping is not None:
            self.sweeping.cancel()
        delay = SWEEP if self.unswept < MOST_UNSWEPT else 0
        self.sweeping = asyncio.get_running_loop().call_later(delay, self.sweep)

    def sweep(self) -> None:
        """Collect garbage."""
        self.sweeping, self.unswept = None, 0
        gc.collect()

    def look_again(self) -> None:
        """Tell anew of every open text: something changed on disk."""
        self.bench.touch()
        for name in self.bench.names():
            self.publish_soon(name, QUIET)

    def publish_soon(self, name: str, delay: float = SOON) -> None:
        """Tell what is wrong with a text, and with those that draw on it, when it has rested."""
        for each in self.bench.names():
            if each == name or self.bench.draws_on(each, name):
                waiting = self.waiting.pop(each, None)
                if waiting is not None:
                    waiting.cancel()
                later = delay if each == name else max(delay, QUIET)
                self.waiting[each] = asyncio.get_running_loop().call_later(later, self.publish, each)


def made() -> Server:
    """A server that is ready to be started."""
    server = Server()
    for register in (_texts, _words, _names, _shape):
        register(server)
    return server


def serve(reads: BinaryIO, writes: BinaryIO) -> None:
    """Serve one editor, until it goes."""
    from policy_dsl.syntax.grammar import parser

    parser()
    # What stands now stands for good, and what a keystroke leaves behind is swept up when one rests.
    gc.collect()
    gc.freeze()
    gc.disable()
    made().start_io(reads, writes)


def _texts(server: Server) -> None:
    """Texts that are opened, changed, saved and closed."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.publish_soon(server.take(params.text_document.uri), 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.publish_soon(server.take(params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.look_again()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        name = server.name_of(params.text_document.uri)
        waiting = server.waiting.pop(name, None)
        if waiting is not None:
            waiting.cancel()
        server.bench.close(name)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(params: types.DidChangeWatchedFilesParams) -> None:
        server.look_again()


def _words(server: Server) -> None:
    """What is said of a word, and what could be written."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def told(params: types.HoverParams) -> types.Hover | None:
        found = hover.hover(*server.place(params.text_document, params.position), date.today())
        return None if found is None else server.speaker.hover(found)

    @server.feature(types.TEXT_DOCUMENT_COMPLETION)
    def offered(params: types.CompletionParams) -> types.CompletionList | None:
        found = completion.complete(*server.place(params.text_document, params.position))
        return None if found is None else server.speaker.completions(found, _fills_in(server))

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def mended(params: types.CodeActionParams) -> list[types.CodeAction]:
        view = server.view(params.text_document.uri)
        positions, asked = server.speaker.positions, params.range
        start = positions.offset(view.source, asked.start.line, asked.start.character)
        end = positions.offset(view.source, asked.end.line, asked.end.character)
        version = server.version_of(view.source.name)
        return [
            server.speaker.action(each, view.source, version, params.context.diagnostics)
            for each in mends.mends(server.bench, view, start, end)
        ]

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def results(params: types.InlayHintParams) -> list[types.InlayHint]:
        source = server.view(params.text_document.uri).source
        await asyncio.sleep(QUIET)
        view = server.view(params.text_document.uri)
        if view.source is not source:
            raise JsonRpcException("The text has changed since.", CONTENT_MODIFIED)
        first, last = params.range.start.line, params.range.end.line
        hints = (server.speaker.hint(source, each) for each in inlays.results(view))
        return [hint for hint in hints if first <= hint.position.line <= last]


def _names(server: Server) -> None:
    """From a name to its places, and its renaming."""

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def definition(params: types.DefinitionParams) -> list[types.Location]:
        return [
            server.speaker.location(each)
            for each in navigation.definitions(*server.place(params.text_document, params.position))
        ]

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def references(params: types.ReferenceParams) -> list[types.Location]:
        view, offset = server.place(params.text_document, params.position)
        given = params.context.include_declaration
        found = navigation.references(server.bench, view, offset, server.folder, given)
        return [server.speaker.location(each) for each in found]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT)
    def highlights(params: types.DocumentHighlightParams) -> list[types.DocumentHighlight]:
        view, offset = server.place(params.text_document, params.position)
        found = view.at(offset)
        if found is None:
            return []
        return [
            types.DocumentHighlight(server.speaker.range(each.span))
            for each in view.symbols.by_symbol.get(found.symbol, ())
            if each.span.source.name == view.source.name
        ]

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepared(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder:
        try:
            span = navigation.renamable(*server.place(params.text_document, params.position))
        except navigation.CannotRename as fault:
            raise JsonRpcException(str(fault), REQUEST_FAILED) from None
        return types.PrepareRenamePlaceholder(server.speaker.range(span), span.text)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def renamed(params: types.RenameParams) -> types.WorkspaceEdit:
        view, offset = server.place(params.text_document, params.position)
        try:
            made = navigation.rename(server.bench, view, offset, params.new_name, server.folder)
        except navigation.CannotRename as fault:
            raise JsonRpcException(str(fault), REQUEST_FAILED) from None
        if made.note:
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, made.note))
        changes = {name: [(span, params.new_name) for span in places] for name, (_, places) in made.places.items()}
        if _knows_versions(server):
            return server.speaker.edit(changes, {name: server.version_of(name) for name in changes})
        return server.speaker.plain_edit(changes)


def _shape(server: Server) -> None:
    """The shape of a text, and its layout."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        view = server.view(params.text_document.uri)
        return [server.speaker.symbol(each) for each in outline.outline(view.tree)]

    @server.feature(types.TEXT_DOCUMENT_FOLDING_RANGE)
    def folds(params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        source = server.view(params.text_document.uri).source
        return [
            types.FoldingRange(first, last, kind=types.FoldingRangeKind(kind) if kind else None)
            for first, last, kind in outline.folds(source)
        ]

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def formatted(params: types.DocumentFormattingParams) -> Sequence[types.TextEdit]:
        view = server.view(params.text_document.uri)
        try:
            text = laid_out(view.opened)
        except Refused as fault:
            message = render(fault.problem).message
            server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
            return []
        return server.speaker.rewritten(view.source, text)


def _fills_in(server: Server) -> bool:
    """Whether the editor knows forms with places to fill in."""
    text = server.client_capabilities.text_document
    item = text.completion.completion_item if text and text.completion else None
    return bool(item and item.snippet_support)


def _knows_versions(server: Server) -> bool:
    workspace = server.client_capabilities.workspace
    return bool(workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes)
