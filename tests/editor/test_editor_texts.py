"""The shape of a text, mends of what is wrong, results of examples, and what is known where something is torn."""

import re
from contextlib import suppress

import pytest
from benches import HEADER, POLICIES, ROOT, WHOLE, codes, viewed
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.diagnostics.problem import Severity
from policy_dsl.editor.completion import complete
from policy_dsl.editor.hover import hover
from policy_dsl.editor.inlays import results
from policy_dsl.editor.mends import mends
from policy_dsl.editor.navigation import CannotRename, definitions, references, rename
from policy_dsl.editor.outline import Item, folds, outline
from policy_dsl.source import Source
from policy_dsl.syntax.words import listed

PAGES = ROOT / "policy_dsl" / "diagnostics" / "pages"
# The codes of which a page's wrong text is mended by one edit that the editor offers.
MENDED = listed(
    "PD101 PD105 PD106 PD107 PD108 PD109 PD110 PD112 PD113 PD114 PD115 PD116 PD117 PD118 PD123 PD124 PD126 PD127 PD129 "
    "PD134 PD136 PD141 PD142 PD143 PD144 PD146 PD147 PD148 PD149 PD150 PD151 PD152 PD201 PD202 PD207 PD211 PD217 PD220 "
    "PD224 PD226 PD233 PD278 PD281 PD304 PD317 PD320 PD330 PD335 PD336 PD340 PD423 PD453 PD454 PD517"
)


def wrong(code: str) -> str:
    """The wrong text of a page, with a header where it has none."""
    found = re.search(r"## Wrong.*?```policy[^\n]*\n(.*?)```", (PAGES / f"{code}.md").read_text("utf-8"), re.DOTALL)
    assert found is not None
    text = found.group(1)
    return text if text.startswith(("policy", "translation")) else f"{HEADER}\n{text}"


class TestMends:
    @pytest.mark.parametrize("code", MENDED)
    def test_the_wrong_text_of_a_page_is_mended(self, code: str):
        bench, view = viewed(wrong(code), f"{code}.policy")
        problem = next(each for each in view.problems if each.code == code and each.span is not None)
        assert problem.span is not None
        found = [each for each in mends(bench, view, problem.span.start, problem.span.end) if each.problem is problem]
        assert found
        for each in found:
            text, fix = view.source.text, each.fix
            _, after = viewed(text[: fix.span.start] + fix.text + text[fix.span.end :], f"{code}.policy")
            assert codes(after).count(code) < codes(view).count(code)
            assert each.title

    def test_the_nearest_spelling(self):
        bench, view = viewed(WHOLE.replace("by       size", "by       sice"))
        at = view.source.text.index("sice")
        assert [(each.title, each.fix.text) for each in mends(bench, view, at, at)] == [("Write `size`", "size")]

    def test_what_would_not_mend_is_not_offered(self):
        """The nearest spelling is that of a name which can't stand there."""
        bench, view = viewed(WHOLE.replace("among    big", "among    arrivalz"))
        at = view.source.text.index("arrivalz")
        assert "PD201" in codes(view)
        for each in mends(bench, view, at, at):
            _, after = viewed(WHOLE.replace("among    big", f"among    {each.fix.text}"))
            assert "PD201" not in codes(after)

    def test_elsewhere_nothing_is_offered(self):
        bench, view = viewed(WHOLE.replace("by       size", "by       sice"))
        assert mends(bench, view, 0, 5) == []


class TestOutline:
    def test_articles_with_what_stands_in_them(self):
        _, view = viewed(WHOLE)
        policy, article, example = outline(view.tree)
        assert (policy.kind, policy.name, policy.detail) == ("policy", "t", "T")
        assert (article.name, article.detail) == ("Article 1", "Sharing")
        assert [f"{item.kind} {item.name}" for item in article.items] == [
            "paragraph (1)", "tier core", "set big", "indicators indicators for each member",
            "indicators indicators for the case", "parameter ceiling", "key size", "paragraph (2)", "apportion places",
            "procedure exchange",
        ]  # fmt: skip
        assert [item.name for item in article.items[-1].items] == ["request", "reply"]
        assert (example.kind, example.name) == ("example", "Two members")

    def test_what_is_torn_stands_among_it(self):
        _, view = viewed(WHOLE.replace("key size", "key key size"))
        kinds = [item.kind for item in outline(view.tree)[1].items]
        assert kinds.count("broken") == 1
        assert {"tier", "parameter", "apportion", "procedure"} <= set(kinds)

    @pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.name)
    def test_each_holds_what_is_inside_it(self, file):
        _, view = viewed(file.read_text("utf-8"), str(file))

        def check(item: Item) -> None:
            assert item.name
            assert item.span.start <= item.place.start <= item.place.end <= item.span.end
            for inner in item.items:
                assert item.span.start <= inner.span.start <= inner.span.end <= item.span.end
                check(inner)

        found = outline(view.tree)
        assert len(found) > 1
        for item in found:
            check(item)


class TestFolds:
    def test_a_line_folds_what_is_indented_below_it(self):
        text = "policy t\n  a\n  b\n\narticle 1\n  x\n    y\n\n  z\n# one\n# two\n"
        assert folds(Source("t", text)) == [(0, 2, ""), (4, 8, ""), (5, 6, ""), (9, 10, "comment")]

    def test_a_torn_text_can_be_folded(self):
        found = folds(Source("t", WHOLE.replace("key size", "k?y size")))
        assert [WHOLE.split("\n")[first].split()[0] for first, _, _ in found] == [
            "policy", "article", "tier", "indicators", "indicators", "parameter", "key", "apportion", "procedure",
            "step", "step", "example",
        ]  # fmt: skip


class TestResults:
    def test_beside_each_expectation(self):
        text = WHOLE + "  expect places of RWA = 5 persons\n  expect places of RWA = 4 persons because Art. 2\n"
        text += '\nexample "A gap"\n  expect places of RWA = 5 persons\n'
        text += '\narticle 2 "Other"\n  > W.\n  guarantee some : arrivals > 0 persons\n'
        _, view = viewed(text)
        found = {view.source.place(each.offset).line: each for each in results(view)}
        said = [each.says for each in found.values()]
        assert said[0] == "holds"
        assert said[1] == "does not hold: places of RWA is 4 persons"
        assert said[2].startswith("does not rest on Art. 2, but on ")
        assert said[3].startswith("is not determined: ")
        assert all(view.source.line(line).lstrip().startswith("expect") for line in found)
        assert [each.more != "" for each in found.values()] == [False, True, True, True]

    def test_none_where_the_policy_has_a_fault(self):
        _, view = viewed(WHOLE.replace("by       size", "by       sice"))
        assert results(view) == []


class TestTornTexts:
    TORN = WHOLE + '\narticle 2 "T"\n  > W.\n  define = = (\n\narticle 3 "S"\n  > W.\n  define x "X" = arrivls\n'

    def test_a_torn_article_leaves_the_others_served(self):
        _, view = viewed(self.TORN)
        errors = [each.code for each in view.problems if each.severity is Severity.ERROR]
        assert "PD201" in errors
        assert any(code.startswith("PD1") for code in errors)
        places = view.source.text.index("by       size") + len("by       ")
        found = view.at(places)
        assert found is not None
        assert found.symbol.name == "size"

    def test_a_name_of_the_torn_article_is_not_missed(self):
        text = WHOLE + '\narticle 2 "Torn"\n  define lost = = (\n\narticle 3 "S"\n  > W.\n  define x "X" = lost\n'
        _, view = viewed(text)
        assert "PD201" not in codes(view)

    @pytest.mark.parametrize("end", range(0, len(WHOLE), 41))
    def test_a_text_that_ends_anywhere_is_served(self, end: int):
        bench, view = viewed(WHOLE[:end])
        outline(view.tree)
        results(view)
        for offset in range(0, end, 97):
            view.at(offset)
        mends(bench, view, max(0, end - 30), end)


class TestBench:
    def test_an_open_text_takes_the_place_of_the_file(self, tmp_path):
        (tmp_path / "m.policy").write_text(WHOLE.replace("policy t", "policy m"), "utf-8")
        text = HEADER + '  use "m.policy"\n\narticle 7 "M"\n  > W.\n  define x "X" = arrivals\n'
        own, model = str(tmp_path / "t.policy"), str(tmp_path / "m.policy")
        bench, view = viewed(text, own)
        assert "PD201" not in codes(view)
        bench.put(model, WHOLE.replace("policy t", "policy m").replace("arrivals", "arriving"))
        again = bench.view(own)
        assert again is not None
        assert "PD201" in codes(again)
        bench.close(model)
        after = bench.view(own)
        assert after is not None
        assert "PD201" not in codes(after)

    def test_a_view_is_kept_until_something_changes(self):
        bench, _ = viewed(WHOLE)
        bench.put("other.policy", HEADER)
        first = bench.view("t.policy")
        bench.put("other.policy", HEADER + "\n")
        assert bench.view("t.policy") is first
        bench.put("t.policy", WHOLE + "\n")
        assert bench.view("t.policy") is not first

    def test_what_is_nowhere(self):
        assert viewed(WHOLE)[0].view("nowhere.policy") is None


DRAFT = (
    WHOLE.replace(
        "  parameter ceiling",
        '  alternative A proposed by BDI\n    parameter quota "Quota" = 10%\n'
        '  alternative B proposed by RWA\n    parameter quota "Quota" = 20%\n  parameter ceiling',
    ).partition("\nexample")[0]
    + '\narticle 2 "More"\n  > W.\n  define piece "Piece" = quota * arrivals\n'
)


class TestDrafts:
    def test_a_draft_is_served_whichever_way_it_is_read(self):
        bench, view = viewed(DRAFT)
        assert len(view.ways) == 2
        assert [code for code in codes(view) if code != "PD188"] == []
        at = DRAFT.index("quota * arrivals")
        made = rename(bench, view, at, "part_of_each", "")
        assert len(made.places["t.policy"][1]) == 3
        found = hover(view, at)
        assert found is not None
        assert "`10%`" in found.text
        assert "`20%`" in found.text

    def test_its_shape(self):
        _, view = viewed(DRAFT)
        article = outline(view.tree)[1]
        assert [item.name for item in article.items if item.kind == "alternative"] == ["Alternative A", "Alternative B"]

    def test_inside_an_alternative_stands_what_stands_in_an_article(self):
        text = DRAFT + "  alternative C\n    "
        _, view = viewed(text)
        offer = complete(view, len(text))
        assert offer is not None
        assert {"parameter", "define", "apportion"} <= {item.label for item in offer.items}


SPLINTERS = [
    *' ()":=>#,%\t\n',
    "\n  ",
    "article 3 ",
    "tier ",
    "alternative A\n",
    'policy y "Y"\n',
    "\r\n",
    "é",
    "𝄞",
    "\x00",
]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(SPLINTERS)), max_size=5), st.floats(0, 1)
)
def test_whatever_the_text_everything_is_answered(edits: list[tuple[float, int, str]], place: float):
    text = WHOLE
    for at, drop, words in edits:
        start = int(at * len(text))
        text = text[:start] + words + text[start + drop :]
    bench, view = viewed(text)
    offset = int(place * len(text))
    for item in (*outline(view.tree), *folds(view.source)):
        assert item
    hover(view, offset)
    complete(view, offset)
    results(view)
    definitions(view, offset)
    references(bench, view, offset, "")
    mends(bench, view, offset, offset)
    with suppress(CannotRename):
        rename(bench, view, offset, "another_name", "")
