"""The language server, asked by a real client: each thing that it offers, through the protocol."""

import pytest
import pytest_lsp
from benches import HEADER, WHOLE
from drafting import CONFIG, Client
from lsprotocol import types
from pygls.exceptions import JsonRpcException

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def served(lsp_client: Client, tmp_path_factory: pytest.TempPathFactory):
    await lsp_client.begin(tmp_path_factory.mktemp("drafts"))
    yield
    await lsp_client.shutdown_session()


def codes(found: list[types.Diagnostic]) -> list[object]:
    return [each.code for each in found]


async def test_what_it_says_that_it_can_do(served: Client):
    can = served.can
    assert can.position_encoding == types.PositionEncodingKind.Utf16
    assert isinstance(can.text_document_sync, types.TextDocumentSyncOptions)
    assert can.text_document_sync.change is types.TextDocumentSyncKind.Incremental
    assert isinstance(can.rename_provider, types.RenameOptions)
    assert can.rename_provider.prepare_provider
    for each in (
        can.hover_provider, can.completion_provider, can.definition_provider, can.references_provider,
        can.document_symbol_provider, can.folding_range_provider, can.document_formatting_provider,
        can.code_action_provider, can.inlay_hint_provider, can.document_highlight_provider,
    ):  # fmt: skip
        assert each


async def test_messages_as_one_types(served: Client):
    editor = await served.open("typed.policy", WHOLE)
    at = editor.text.index("by       size") + len("by       size")
    editor.change(at, at, "s")
    (problem,) = [each for each in await editor.told() if each.severity is types.DiagnosticSeverity.Error]
    assert (problem.code, problem.source) == ("PD201", "policy")
    assert problem.message == "nothing in this policy is called `sizes`\ndid you mean `size`?"
    assert problem.range == types.Range(editor.find("by       sizes", 9), editor.find("by       sizes", 14))
    editor.change(at, at + 1, "")
    assert await editor.told() == []


async def test_a_message_that_leads_to_another_place(served: Client):
    editor = await served.open(
        "twice.policy", WHOLE + '\narticle 1 "Again"\n  > W.\n  guarantee g : arrivals > 0 persons\n'
    )
    (problem,) = [each for each in served.said[editor.uri].diagnostics if each.code == "PD211"]
    (related,) = problem.related_information or []
    assert related.location.uri == editor.uri
    assert related.location.range.start == editor.find("article 1", 8)


async def test_what_nothing_uses_is_shown_faintly(served: Client):
    editor = await served.open("unused.policy", WHOLE.replace("    arrivals :", "    spare : persons\n    arrivals :"))
    (problem,) = served.said[editor.uri].diagnostics
    assert (problem.code, problem.tags) == ("PD255", (types.DiagnosticTag.Unnecessary,))


async def test_places_are_counted_in_units_of_utf_16(served: Client):
    editor = await served.open("wide.policy", WHOLE.replace('"Ceiling" = 40%', '"𝄞é" = nought'))
    (problem,) = [each for each in served.said[editor.uri].diagnostics if each.code == "PD201"]
    line = '  parameter ceiling "𝄞é" = nought'
    assert problem.range.start.character == len(line.encode("utf-16-le")) // 2 - len("nought")
    editor.change(editor.text.index("é"), editor.text.index("é") + 1, "ee")
    await editor.told()
    assert 'ceiling "𝄞ee" = nought' in editor.text
    found = await served.text_document_definition_async(
        types.DefinitionParams(editor.document, editor.find("ceiling * arrivals"))
    )
    assert isinstance(found, (list, tuple))
    assert found[0].range.start == editor.find("ceiling", 0)  # type: ignore[union-attr]


async def test_completion(served: Client):
    editor = await served.open("offered.policy", WHOLE + '\narticle 2 "More"\n  apportion more "More"\n    total ')
    items = await editor.offered()
    assert [item.label for item in items][:2] == ["arrivals", "ceiling"]
    assert items[0].detail == "an indicator · a figure in persons · Art. 1(1)"
    editor.type("arrivals\n    ")
    await editor.told()
    form = next(item for item in await editor.offered() if item.label == "rounding")
    assert form.insert_text_format is types.InsertTextFormat.Snippet
    assert form.text_edit.new_text == "rounding ${1:largest_remainder}"  # type: ignore[union-attr]
    assert "docs/reference/language-sharing.md" in form.documentation.value  # type: ignore[union-attr]


async def test_hover(served: Client):
    editor = await served.open("told.policy", WHOLE)
    found = await served.text_document_hover_async(types.HoverParams(editor.document, editor.find("ceiling * arr")))
    assert found is not None
    assert isinstance(found.contents, types.MarkupContent)
    assert "**ceiling** — a parameter “Ceiling”, Art. 1(1)" in found.contents.value
    assert "- from 2027-01-01: `50%` (Decision 2)" in found.contents.value.replace(" — **in force**", "")
    assert found.range == types.Range(editor.find("ceiling * arr", 0), editor.find("ceiling * arr", 7))
    nothing = types.HoverParams(editor.document, editor.find("> Places follow", 4))
    assert await served.text_document_hover_async(nothing) is None


async def test_definition_references_and_highlights(served: Client):
    (served.folder / "model.policy").write_text(WHOLE.replace("policy t", "policy m"), "utf-8")
    text = HEADER + '  based on  "model.policy"\n\nadd article 9 "M"\n  > W.\n  define half "Half" = 50% of arrivals\n'
    editor = await served.open("based.policy", text)
    model = (served.folder / "model.policy").as_uri()
    place = editor.find("of arrivals", 4)
    (given,) = await served.text_document_definition_async(types.DefinitionParams(editor.document, place)) or []
    assert given.uri == model  # type: ignore[union-attr]
    asked = types.ReferenceParams(types.ReferenceContext(include_declaration=True), editor.document, place)
    found = await served.text_document_references_async(asked) or []
    assert {each.uri for each in found} == {editor.uri, model}
    assert sum(each.uri == model for each in found) == 4
    asked = types.DocumentHighlightParams(editor.document, place)
    (own,) = await served.text_document_document_highlight_async(asked) or []
    assert own.range.start == editor.find("of arrivals", 3)
    (model_file,) = (
        await served.text_document_definition_async(
            types.DefinitionParams(editor.document, editor.find("model.policy", 3))
        )
        or []
    )
    assert (model_file.uri, model_file.range.start) == (model, types.Position(0, 0))  # type: ignore[union-attr]


async def test_rename(served: Client):
    editor = await served.open("renamed.policy", WHOLE)
    place = editor.find("by       size", 10)
    prepared = await served.text_document_prepare_rename_async(types.PrepareRenameParams(editor.document, place))
    assert isinstance(prepared, types.PrepareRenamePlaceholder)
    assert prepared.placeholder == "size"
    change = await editor.rename(place, "weight_of_each")
    assert await editor.apply(editor.edits(change)) == []
    assert editor.text == WHOLE.replace("key size", "key weight_of_each").replace("   size\n", "   weight_of_each\n")


async def test_rename_of_what_a_case_states_is_told(served: Client):
    editor = await served.open("fact.policy", WHOLE)
    await editor.rename(editor.find("total    arrivals", 12), "arriving")
    assert served.messages[-1].message == "Case files that state `arrivals` must be changed by hand."


@pytest.mark.parametrize(
    ("words", "name", "says"),
    [
        ("tier core", "x", "is a word of the language"),
        ("> Places", "x", "words of the instrument"),
        ("by       size", "arrivals", "already the name of something else"),
        ("by       size", "Two words", "is no name"),
    ],
)
async def test_a_rename_that_is_refused_says_why(served: Client, words: str, name: str, says: str):
    editor = await served.open("refused.policy", WHOLE)
    into = 10 if words.startswith("by") else 3
    with pytest.raises(JsonRpcException, match=says):
        await editor.rename(editor.find(words, into), name)


async def test_a_rename_reaches_files_that_are_not_open(served: Client):
    (served.folder / "used.policy").write_text(WHOLE.replace("policy t", "policy used"), "utf-8")
    text = HEADER + '  use "used.policy"\n\narticle 9 "M"\n  > W.\n  define half "Half" = 50% of ceiling\n'
    editor = await served.open("using.policy", text)
    change = await editor.rename(editor.find("of ceiling", 4), "lid")
    used = (served.folder / "used.policy").as_uri()
    assert len(editor.edits(change)) == 1
    assert len(editor.edits(change, used)) == 2


async def test_document_symbols_by_article(served: Client):
    editor = await served.open("shape.policy", WHOLE)
    found = await served.text_document_document_symbol_async(types.DocumentSymbolParams(editor.document))
    assert found is not None
    assert [each.name for each in found] == ["t", "Article 1", "Two members"]
    article = found[1]
    assert isinstance(article, types.DocumentSymbol)
    assert [each.name for each in article.children or []][:3] == ["(1)", "core", "big"]
    assert article.selection_range.start == editor.find("article 1", 8)


async def test_folding(served: Client):
    editor = await served.open("folded.policy", WHOLE)
    found = await served.text_document_folding_range_async(types.FoldingRangeParams(editor.document))
    assert found is not None
    assert (found[0].start_line, found[0].end_line) == (0, 7)
    assert len(found) == 12


async def test_formatting(served: Client):
    untidy = WHOLE.replace("total    arrivals", "total arrivals").replace("> Places", ">  Places")
    editor = await served.open("untidy.policy", untidy)
    await editor.lay_out()
    tidy = editor.text
    assert tidy != untidy
    assert "total    arrivals" in tidy
    assert await editor.lay_out() == []
    assert editor.text == tidy


async def test_mends(served: Client):
    editor = await served.open(
        "mended.policy", WHOLE.replace("by       size", "by       sice").replace("= 40%", "= 40 %")
    )
    first, second = sorted(served.said[editor.uri].diagnostics, key=lambda each: each.range.start.line)[:2]
    assert (first.code, second.code) == ("PD107", "PD201")
    (action,) = await editor.actions(first)
    assert (action.title, action.kind, action.is_preferred) == ("Write `40%`", types.CodeActionKind.QuickFix, True)
    assert action.diagnostics == (first,)
    left = await editor.mend(first)
    assert codes(left) == ["PD201"]
    assert await editor.mend(left[0]) == []
    assert editor.text == WHOLE


async def test_results_of_examples(served: Client):
    editor = await served.open("results.policy", WHOLE + "  expect places of RWA = 5 persons\n")
    assert await editor.results() == ["✓ holds", "✗ does not hold: places of RWA is 4 persons"]


async def test_open_texts_count_and_those_that_draw_on_them_are_told(served: Client):
    model = await served.open("base.policy", WHOLE.replace("policy t", "policy b"))
    text = HEADER + '  use "base.policy"\n\narticle 9 "M"\n  > W.\n  define half "Half" = 50% of ceiling\n'
    user = await served.open("user.policy", text)
    assert codes(list(served.said[user.uri].diagnostics)) == []
    served.said.pop(user.uri)
    for words in ("ceiling * arrivals", "parameter ceiling"):
        at = model.text.index(words) + words.index("ceiling")
        model.change(at, at + len("ceiling"), "lid")
    await model.told()
    assert codes(await user.told()) == ["PD201"]


async def test_a_fault_of_a_file_that_is_named_stands_where_it_is_named(served: Client):
    (served.folder / "torn.policy").write_text(
        WHOLE.replace("policy t", "policy b").replace("key size", "key"), "utf-8"
    )
    editor = await served.open(
        "above.policy", HEADER + '  use "torn.policy"\n\narticle 9 "M"\n  > W.\n  guarantee g : 1 > 0\n'
    )
    found = [each for each in served.said[editor.uri].diagnostics if "torn.policy" in each.message]
    assert found
    assert found[0].range.start == editor.find('"torn.policy"', 0)
    assert found[0].related_information[0].location.uri.endswith("torn.policy")  # type: ignore[index]


async def test_a_torn_article_leaves_the_others_served(served: Client):
    text = WHOLE + '\narticle 2 "Torn"\n  > W.\n  define = = (\n'
    editor = await served.open("torn_article.policy", text)
    assert len(served.said[editor.uri].diagnostics) == 1
    change = await editor.rename(editor.find("by       size", 10), "weight")
    assert len(editor.edits(change)) == 2
    found = await served.text_document_hover_async(types.HoverParams(editor.document, editor.find("arrivals", 2)))
    assert found is not None


async def test_a_translation(served: Client):
    await served.open("law.policy", WHOLE.replace("plain\n", 'plain\n  translation fr "law.fr.policy"\n', 1))
    text = 'translation fr "T"\n  of "law.policy"\n  version "1"\n\n'
    text += 'article 1 "Partage"\n  (1) > Mots.\n  name ceiling "Plafond"\n'
    editor = await served.open("law.fr.policy", text)
    assert codes(list(served.said[editor.uri].diagnostics)) == ["PD277"]
    (given,) = (
        await served.text_document_definition_async(
            types.DefinitionParams(editor.document, editor.find("name ceiling", 8))
        )
        or []
    )
    assert given.uri.endswith("law.policy")  # type: ignore[union-attr]
    found = await served.text_document_document_symbol_async(types.DocumentSymbolParams(editor.document))
    assert [each.name for each in found or []] == ["fr", "Article 1"]


async def test_a_text_that_is_not_saved(served: Client):
    editor = await served.open("untitled:Untitled-1", WHOLE.replace("by       size", "by       sice"))
    assert codes(list(served.said[editor.uri].diagnostics)) == ["PD201"]
    (action, *_) = await editor.actions(served.said[editor.uri].diagnostics[0])
    assert editor.edits(action.edit)[0].new_text == "size"  # type: ignore[arg-type]


async def test_a_text_that_is_closed_has_no_messages_left(served: Client):
    editor = await served.open("closed.policy", "nothing")
    assert served.said[editor.uri].diagnostics
    served.text_document_did_close(types.DidCloseTextDocumentParams(editor.document))
    other = await served.open("other.policy", WHOLE)
    assert served.said[other.uri].diagnostics == ()
    assert served.said[editor.uri].diagnostics == ()


async def test_the_whole_text_at_once(served: Client):
    editor = await served.open("replaced.policy", "")
    editor.change(0, 0, WHOLE)
    assert await editor.told() == []
    editor.change(0, len(WHOLE), "")
    assert codes(await editor.told()) == ["PD120"]
