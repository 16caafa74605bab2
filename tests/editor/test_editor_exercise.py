"""A whole drafting exercise, replayed: the policy of the tutorial, written in an editor from an empty file.

The drafter types as the tutorial does, mistakes included, and makes some more. What the tutorial mends by hand is here
mended by what the editor offers. In the end the policy is sound, its examples hold, and it says the same.
"""

import re

import pytest
import pytest_lsp
from benches import ROOT
from drafting import CONFIG, Client, Editor
from lsprotocol import types

from policy_dsl.files import Loader
from policy_dsl.pipeline import Opened, check_text
from policy_dsl.source import Source
from policy_dsl.syntax import parse, tree

TUTORIAL = ROOT / "docs" / "tutorial" / "first-policy.md"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_lsp.fixture(config=CONFIG, scope="module")
async def drafter(lsp_client: Client, tmp_path_factory: pytest.TempPathFactory):
    await lsp_client.begin(tmp_path_factory.mktemp("exercise"))
    yield
    await lsp_client.shutdown_session()


def steps() -> list[tuple[str, str]]:
    """What the tutorial has one do to the file up to its examples: write, append, find, replace, each with its text."""
    form = r"<!-- (write|append|find|replace): lake\.policy -->\n```policy\n(.*?)```"
    found = re.findall(form, TUTORIAL.read_text("utf-8"), re.DOTALL)
    last = next(at for at, (_, text) in enumerate(found) if text.startswith("example "))
    return found[: last + 1]


def codes(found: list[types.Diagnostic]) -> list[object]:
    return sorted(str(each.code) for each in found if each.severity is types.DiagnosticSeverity.Error)


async def follow(editor: Editor, kind: str, text: str) -> None:
    """Carry out a step of the tutorial at the keyboard."""
    if kind in ("write", "append"):
        editor.type(("\n" if kind == "append" else "") + text)
        await editor.told()


async def test_the_policy_of_the_tutorial_is_written_in_an_editor(drafter: Client):
    todo = steps()
    written = [text for kind, text in todo if kind in ("write", "append")]
    header, members, facts, sharing, hosts, meeting, cost, examples = written
    editor = await drafter.open("lake.policy", "")

    # The header comes from a form that is offered in an empty file; its places are then filled in.
    assert await editor.take("policy") != []
    assert editor.text.startswith("policy name ")
    editor.change(0, len(editor.text), header)
    assert codes(await editor.told()) == ["PD405"]  # nobody is a member yet

    # A tab in the place of blanks, and no quotes at the end: both are mended by the editor.
    editor.type(
        "\n" + members.replace('"Members of the Lake Group"', '"Members of the Lake Group').replace("    BDI", "\tBDI")
    )
    for _ in range(3):
        found = [each for each in await editor.told() if each.severity is types.DiagnosticSeverity.Error]
        if not found:
            break
        (action, *_) = await editor.actions(found[0])
        assert action.edit is not None
        source = Source(editor.uri, editor.text)
        for edit in editor.edits(action.edit):
            editor.change(editor.offset(edit.range.start, source), editor.offset(edit.range.end, source), edit.new_text)
    assert codes(await editor.told()) == []
    assert "UGA" in {item.label for item in await editor.offered(editor.find("BDI, RWA", 0))}

    await follow(editor, "append", facts)
    assert codes(list(drafter.said[editor.uri].diagnostics)) == ["PD255"] * 3  # nothing uses them yet

    # Article 3 with its two mistakes: a letter, and a percentage of nothing. Between the two, a name is offered.
    head, _, tail = sharing.partition("    2/3 : share of populaton\n")
    editor.type("\n" + head + "    2/3 : share of ")
    await editor.told()
    assert [item.label for item in await editor.offered()][:2] == ["area", "population"]
    editor.type("populaton\n" + tail)
    left = await editor.told()
    assert codes(left) == ["PD201", "PD330"]
    while found := [each for each in left if each.code in ("PD201", "PD330")]:
        left = await editor.mend(found[0])
    assert codes(left) == []
    assert "share of population\n" in editor.text
    assert "at most  40% of total\n" in editor.text

    # Article 4 takes a while to be whole: while it is torn, the articles above are served.
    editor.type("\n" + hosts.partition("    similar")[0] + "    similar wthin 20%\n")
    assert len(codes(await editor.told())) >= 1
    told = await drafter.text_document_hover_async(types.HoverParams(editor.document, editor.find("by       size", 10)))
    assert told is not None
    assert "a key “Size”" in told.contents.value  # type: ignore[union-attr]
    at = editor.text.index("wthin")
    editor.change(at, at + len("wthin"), "within")
    await editor.told()

    for at, (kind, text) in enumerate(todo):
        if kind == "find" and "populaton" not in text and text.strip() != "at most  40%":
            start = editor.text.index(text)
            editor.change(start, start + len(text), todo[at + 1][1])
            await editor.told()
    for text in (meeting, cost, examples):
        await follow(editor, "append", text)
    assert codes(list(drafter.said[editor.uri].diagnostics)) == []
    assert await editor.results() == ["✓ holds"] * 5

    # Another name for the key, everywhere; then a look from a use to where it is given.
    change = await editor.rename(editor.find("by       size", 10), "claims")
    assert codes(await editor.apply(editor.edits(change))) == []
    assert "size" not in re.sub(r'".*?"', "", editor.text)
    (given,) = (
        await drafter.text_document_definition_async(
            types.DefinitionParams(editor.document, editor.find("by       claims", 10))
        )
        or []
    )
    assert given.range.start == editor.find("key claims", 4)  # type: ignore[union-attr]

    # An untidy line is laid out; a second time there is nothing to do.
    at = editor.text.index("among    members where")
    editor.change(at, at + len("among    "), "among ")
    await editor.told()
    await editor.lay_out()
    tidy = editor.text
    assert await editor.lay_out() == []
    assert editor.text == tidy

    # The shape of what was written, article by article.
    found = await drafter.text_document_document_symbol_async(types.DocumentSymbolParams(editor.document))
    assert [each.name for each in found or []] == [
        "lake", *(f"Article {number}" for number in range(1, 7)), "One member is not safe",
        "Two thirds of those that vote",
    ]  # fmt: skip
    check_the_end(editor.text, todo)
    assert await editor.results() == ["✓ holds"] * 5


def check_the_end(text: str, todo: list[tuple[str, str]]) -> None:
    """What was written is sound by the tool itself, and says what the tutorial's policy says."""
    source = Source("lake.policy", text)
    assert [each.code for each in check_text(Opened(source, Loader(source)))] == []
    expected = "\n".join(text for kind, text in todo if kind in ("write", "append"))
    for at, (kind, words) in enumerate(todo):
        if kind == "find":
            expected = expected.replace(words, todo[at + 1][1])
    renamed = re.sub(r"\bsize\b", "claims", expected).replace('"claims"', '"size"')
    assert tree.same(parse(source).tree, parse(Source("lake.policy", renamed)).tree)
