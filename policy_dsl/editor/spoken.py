"""From what the modules here know to what the protocol says (LSP 3.17)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from lsprotocol import types
from pygls import uris

from policy_dsl.diagnostics.problem import Problem, Related, Severity
from policy_dsl.diagnostics.rendered import render
from policy_dsl.editor import completion, inlays, outline
from policy_dsl.editor.hover import Told
from policy_dsl.editor.mends import Mend
from policy_dsl.editor.positions import Positions
from policy_dsl.source import Source, Span
from policy_dsl.syntax import tree

SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.ADVICE: types.DiagnosticSeverity.Information,
}
UNUSED = frozenset({"PD237", "PD255", "PD256"})
ITEMS = {
    "form": types.CompletionItemKind.Snippet,
    "word": types.CompletionItemKind.Keyword,
    "name": types.CompletionItemKind.Variable,
    "unit": types.CompletionItemKind.Unit,
    "code": types.CompletionItemKind.EnumMember,
    "citation": types.CompletionItemKind.Reference,
    "function": types.CompletionItemKind.Function,
    "value": types.CompletionItemKind.Value,
}
KINDS = {
    "policy": types.SymbolKind.Module,
    "translation": types.SymbolKind.Module,
    "part": types.SymbolKind.Namespace,
    "article": types.SymbolKind.Class,
    "alternative": types.SymbolKind.Enum,
    "paragraph": types.SymbolKind.String,
    "tier": types.SymbolKind.Array,
    "set": types.SymbolKind.Array,
    "indicators": types.SymbolKind.Struct,
    "indicator": types.SymbolKind.Field,
    "parameter": types.SymbolKind.Constant,
    "step": types.SymbolKind.Event,
    "example": types.SymbolKind.Method,
    "criterion": types.SymbolKind.EnumMember,
    "broken": types.SymbolKind.Null,
}
_PLACE = re.compile(r"\$\{[0-9]+(?::([^}]*)|\|([^,|}]*)[^}]*)\}|\$[0-9]+")


class Speaker:
    """Says things in the protocol, in the encoding that was agreed. `address` gives the URI of a text by its name."""

    def __init__(self, positions: Positions, addresses: dict[str, str]) -> None:
        self.positions = positions
        self._addresses = addresses

    def address(self, name: str) -> str:
        """The URI of a text: as the editor wrote it, or that of its path."""
        return self._addresses.get(name) or uris.from_fs_path(name) or name

    def range(self, span: Span) -> types.Range:
        """A stretch of text."""
        start, end = self.positions.extent(span)
        return types.Range(types.Position(*start), types.Position(*end))

    def location(self, span: Span) -> types.Location:
        """A stretch of a text that may be another one."""
        return types.Location(self.address(span.source.name), self.range(span))

    # ---- what is wrong -----------------------------------------------------------------------------------------------

    def diagnostics(self, source: Source, file: tree.Node, problems: Iterable[Problem]) -> list[types.Diagnostic]:
        """What is wrong with a text; what is wrong with a file that it names stands where that is named."""
        return [self._diagnostic(source, file, problem) for problem in problems]

    def _diagnostic(self, source: Source, file: tree.Node, problem: Problem) -> types.Diagnostic:
        told = render(problem)
        span, related = problem.span, problem.related
        message = told.message
        if span is None:
            span = source.span(0, 0)
        elif span.source.name != source.name:
            message = f"in {span.source.name}: {message}"
            related = (Related(span, told.message), *related)
            span = _naming(file, source)
        return types.Diagnostic(
            range=self.range(span),
            message=f"{message}\n{told.help}" if told.help else message,
            severity=SEVERITIES[told.severity],
            code=told.code,
            source="policy",
            tags=[types.DiagnosticTag.Unnecessary] if told.code in UNUSED else None,
            related_information=[
                types.DiagnosticRelatedInformation(self.location(each.span), each.label) for each in related
            ]
            or None,
        )

    def action(
        self, mend: Mend, source: Source, version: int | None, context: Iterable[types.Diagnostic]
    ) -> types.CodeAction:
        """A mend as an action, with the message that it answers."""
        where = self.range(mend.problem.span) if mend.problem.span is not None else None
        answered = [each for each in context if each.code == mend.problem.code and each.range == where]
        edit = self.edit({source.name: [(mend.fix.span, mend.fix.text)]}, {source.name: version})
        return types.CodeAction(
            title=mend.title,
            kind=types.CodeActionKind.QuickFix,
            diagnostics=answered or None,
            edit=edit,
            is_preferred=True,
        )

    def edit(self, changes: dict[str, list[tuple[Span, str]]], versions: dict[str, int | None]) -> types.WorkspaceEdit:
        """Changes of texts, by their names."""
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(uri=self.address(name), version=versions.get(name)),
                    [types.TextEdit(self.range(span), text) for span, text in edits],
                )
                for name, edits in changes.items()
            ]
        )

    def plain_edit(self, changes: dict[str, list[tuple[Span, str]]]) -> types.WorkspaceEdit:
        """The same for an editor that knows no versions."""
        return types.WorkspaceEdit(
            changes={
                self.address(name): [types.TextEdit(self.range(span), text) for span, text in edits]
                for name, edits in changes.items()
            }
        )

    # ---- what is offered ---------------------------------------------------------------------------------------------

    def completions(self, offer: completion.Offer, filled_in: bool) -> types.CompletionList:
        """What could be written; forms with places to fill in only for an editor that knows such."""
        place = self.range(offer.place)
        return types.CompletionList(
            is_incomplete=False, items=[self._completion(item, place, filled_in) for item in offer.items]
        )

    def _completion(self, item: completion.Item, place: types.Range, filled_in: bool) -> types.CompletionItem:
        form = item.filled_in and filled_in
        text = item.insert or item.label
        return types.CompletionItem(
            label=item.label,
            kind=ITEMS[item.kind],
            detail=item.detail or None,
            documentation=types.MarkupContent(types.MarkupKind.Markdown, item.says) if item.says else None,
            sort_text=f"{item.rank:03}{item.label}",
            filter_text=f"{item.label} {item.found_by}" if item.found_by else None,
            insert_text_format=types.InsertTextFormat.Snippet if form else types.InsertTextFormat.PlainText,
            text_edit=types.TextEdit(place, text if form or not item.filled_in else bare(text)),
        )

    def hover(self, told: Told) -> types.Hover:
        """What is said of a word."""
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, told.text), self.range(told.span))

    def hint(self, source: Source, result: inlays.Result) -> types.InlayHint:
        """What came of an expectation."""
        return types.InlayHint(
            position=types.Position(*self.positions.position(source, result.offset)),
            label=("✗ " if result.problem is not None else "✓ ") + result.says,
            tooltip=result.more or None,
            padding_left=True,
        )

    # ---- the shape of a text -----------------------------------------------------------------------------------------

    def symbol(self, item: outline.Item) -> types.DocumentSymbol:
        """An article, a provision, a line with what stands in it."""
        return types.DocumentSymbol(
            name=item.name,
            detail=item.detail or item.kind,
            kind=KINDS.get(item.kind, types.SymbolKind.Property),
            range=self.range(item.span),
            selection_range=self.range(item.place),
            children=[self.symbol(each) for each in item.items],
        )

    def rewritten(self, source: Source, text: str) -> list[types.TextEdit]:
        """The edits that make a text another one, line by line, so that what is the same stays in its place."""
        before, after = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
        offsets = [0]
        for line in before:
            offsets.append(offsets[-1] + len(line))
        edits = []
        for tag, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if tag != "equal":
                span = source.span(offsets[first], offsets[last])
                edits.append(types.TextEdit(self.range(span), "".join(after[start:end])))
        return edits


def bare(form: str) -> str:
    """A form without its places: the words that stand in them stay."""
    return _PLACE.sub(lambda found: found.group(1) or found.group(2) or "", form)


def _naming(file: tree.Node, source: Source) -> Span:
    """The first line of the header that names another policy; else the beginning of the text."""
    header = file.header if isinstance(file, tree.PolicyFile | tree.TranslationFile) else None
    for line in header.lines if header is not None else ():
        if line.word in ("use", "based on", "of"):
            return line.value.span
    return source.span(0, 0)
