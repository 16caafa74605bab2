"""A drafter at an editor: types, takes what is offered, mends, renames, lays out; all through the protocol."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities
from pytest_lsp.client import DEFAULT_CLIENT_FEATURES, register_lsp_features

from policy_dsl.editor.positions import Positions
from policy_dsl.source import Source

COMMAND = [sys.executable, "-c", "import sys; sys.argv = ['policy', 'lsp']; from policy_dsl.cli import run; run()"]
PATIENCE = 60
_PLACE = re.compile(r"\$\{\d+(?::([^}]*)|\|([^,|}]*)[^}]*)\}|\$\d+")


class Client(LanguageClient):
    """A client that keeps the last that was said of each text, and tells when something is said."""

    def __init__(self) -> None:
        super().__init__(converter_factory=default_converter)
        self.said: dict[str, types.PublishDiagnosticsParams] = {}
        self.news = asyncio.Event()
        self.folder = Path()
        self.can = types.ServerCapabilities()

    async def begin(self, folder: Path) -> None:
        """Begin a session with a folder open in the editor."""
        asked = types.InitializeParams(capabilities=client_capabilities("visual-studio-code"), root_uri=folder.as_uri())
        self.folder, self.can = folder, (await self.initialize_session(asked)).capabilities

    async def open(self, name: str, text: str) -> Editor:
        """A text that is open in the editor."""
        editor = Editor(self, name if ":" in name else (self.folder / name).as_uri(), text)
        await editor.open()
        return editor


def _hear(client: Client, params: types.PublishDiagnosticsParams) -> None:
    client.said[params.uri] = params
    client.news.set()


def _made() -> Client:
    client = Client()
    register_lsp_features(client, {**DEFAULT_CLIENT_FEATURES, types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: _hear})
    return client


CONFIG = ClientServerConfig(server_command=COMMAND, client_factory=_made)


class Editor:
    """One text open in an editor: what the drafter sees, kept apart from what the server knows."""

    def __init__(self, client: Client, uri: str, text: str = "") -> None:
        self.client, self.uri, self.text, self.version = client, uri, text, 1
        self.positions = Positions()
        self.document = types.TextDocumentIdentifier(uri)

    async def open(self) -> None:
        """Open the text, and wait for what is wrong with it."""
        item = types.TextDocumentItem(self.uri, "policy", self.version, self.text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await self.told()

    async def told(self) -> list[types.Diagnostic]:
        """What is wrong with the text as it now stands."""
        async with asyncio.timeout(PATIENCE):
            while True:
                said = self.client.said.get(self.uri)
                if said is not None and said.version == self.version:
                    return list(said.diagnostics)
                self.client.news.clear()
                await self.client.news.wait()

    # ---- changing the text -------------------------------------------------------------------------------------------

    def change(self, start: int, end: int, words: str) -> None:
        """Replace a stretch of the text, as a keystroke does."""
        source = Source(self.uri, self.text)
        where = types.Range(self.at(start, source), self.at(end, source))
        self.text = self.text[:start] + words + self.text[end:]
        self.version += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.version, self.uri),
                [types.TextDocumentContentChangePartial(range=where, text=words)],
            )
        )

    def type(self, words: str) -> None:
        """Type at the end of the text, in pieces as the hand makes them."""
        for piece in re.findall(r".{1,9}|\n", words):
            self.change(len(self.text), len(self.text), piece)

    async def apply(self, edits: Sequence[types.TextEdit]) -> list[types.Diagnostic]:
        """Carry out edits that the server gave, and wait for what is then wrong."""
        source = Source(self.uri, self.text)
        found = [(self.offset(each.range.start, source), self.offset(each.range.end, source), each) for each in edits]
        for start, end, each in sorted(found, key=lambda one: one[0], reverse=True):
            self.change(start, end, each.new_text)
        return await self.told()

    # ---- places ------------------------------------------------------------------------------------------------------

    def at(self, offset: int, source: Source | None = None) -> types.Position:
        """The place of an offset."""
        return types.Position(*self.positions.position(source or Source(self.uri, self.text), offset))

    def offset(self, place: types.Position, source: Source | None = None) -> int:
        """The offset of a place."""
        return self.positions.offset(source or Source(self.uri, self.text), place.line, place.character)

    def find(self, words: str, into: int = 1) -> types.Position:
        """The place so many signs into the first of these words."""
        return self.at(self.text.index(words) + into)

    # ---- asking the server -------------------------------------------------------------------------------------------

    async def offered(self, place: types.Position | None = None) -> list[types.CompletionItem]:
        """What is offered at a place, or at the end of the text, in its order."""
        where = place or self.at(len(self.text))
        found = await self.client.text_document_completion_async(types.CompletionParams(self.document, where))
        items = found.items if isinstance(found, types.CompletionList) else found or []
        return sorted(items, key=lambda item: item.sort_text or item.label)

    async def take(self, label: str) -> list[types.Diagnostic]:
        """Take something that is offered at the end of the text; the places of a form keep their words."""
        item = next(each for each in await self.offered() if each.label == label)
        edit = item.text_edit
        assert isinstance(edit, types.TextEdit)
        words = _PLACE.sub(lambda found: found[1] or found[2] or "", edit.new_text)
        return await self.apply([types.TextEdit(edit.range, words)])

    async def actions(self, problem: types.Diagnostic) -> list[types.CodeAction]:
        """What could be done about a problem."""
        context = types.CodeActionContext([problem])
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(self.document, problem.range, context)
        )
        return [each for each in found or [] if isinstance(each, types.CodeAction)]

    async def mend(self, problem: types.Diagnostic) -> list[types.Diagnostic]:
        """Take the first mend of a problem."""
        action = (await self.actions(problem))[0]
        assert action.edit is not None
        return await self.apply(self.edits(action.edit))

    async def rename(self, place: types.Position, name: str) -> types.WorkspaceEdit:
        """Another name for what stands at a place."""
        found = await self.client.text_document_rename_async(types.RenameParams(self.document, place, name))
        assert found is not None
        return found

    async def lay_out(self) -> list[types.Diagnostic]:
        """Lay the text out."""
        options = types.FormattingOptions(tab_size=2, insert_spaces=True)
        edits = await self.client.text_document_formatting_async(types.DocumentFormattingParams(self.document, options))
        return await self.apply(edits) if edits else []

    async def results(self) -> list[str]:
        """What stands beside the lines of the examples."""
        whole = types.Range(types.Position(0, 0), self.at(len(self.text)))
        found = await self.client.text_document_inlay_hint_async(types.InlayHintParams(self.document, whole))
        return [str(hint.label) for hint in found or []]

    def edits(self, found: types.WorkspaceEdit, uri: str = "") -> list[types.TextEdit]:
        """The edits of this text, or of another one."""
        return [
            edit
            for change in found.document_changes or []
            if isinstance(change, types.TextDocumentEdit) and change.text_document.uri == (uri or self.uri)
            for edit in change.edits
            if isinstance(edit, types.TextEdit)
        ]
