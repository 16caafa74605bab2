"""From a name to its places, and its renaming."""

import re

import pytest
from benches import HEADER, POLICIES, WHOLE, codes, marked, viewed

from policy_dsl.editor import navigation
from policy_dsl.editor.bench import Bench
from policy_dsl.editor.navigation import CannotRename, definitions, references, renamable, rename, renamed
from policy_dsl.editor.symbols import RENAMED, Symbol
from policy_dsl.source import Span

MODEL = HEADER.replace("policy t", "policy m") + WHOLE.removeprefix(HEADER)
BASED = HEADER + '  based on  "m.policy"\n\nadd article 9 "More"\n  > More.\n  define half "Half" = 50% of arrivals\n'
FRENCH = 'translation fr "T"\n  of "t.policy"\n  version "1"\n\narticle 1 "Partage"\n  name ceiling "Plafond"\n'


def lines(spans: list[Span]) -> list[tuple[str, int]]:
    return sorted((span.source.name, span.begins.line) for span in spans)


class TestDefinitions:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (WHOLE.replace("by       size", "by       s‸ize"), "size"),
            (WHOLE.replace("among    big", "among    bi‸g"), "big"),
            (WHOLE.replace("wanted of request", "wan‸ted of request"), "wanted"),
            (WHOLE.replace("wanted of request", "wanted of req‸uest"), "request"),
            (WHOLE.replace("because Art. 1(2)", "because Art‸. 1(2)"), "1"),
            (WHOLE.replace("given arrivals", "given arr‸ivals"), "arrivals"),
        ],
    )
    def test_the_place_that_gives_the_name(self, text: str, words: str):
        whole, at = marked(text)
        _, view = viewed(whole)
        (found,) = definitions(view, at)
        assert found.text == words
        assert view.source.text.index(words, found.start) == found.start

    def test_in_another_file(self):
        whole, at = marked(BASED.replace("of arrivals", "of arr‸ivals"))
        _, view = viewed(whole, m=MODEL)
        (found,) = definitions(view, at)
        assert found.source.name.endswith("m.policy")
        assert found.text == "arrivals"

    def test_the_file_that_the_header_names(self):
        whole, at = marked(BASED.replace('"m.policy"', '"m.p‸olicy"'))
        _, view = viewed(whole, m=MODEL)
        (found,) = definitions(view, at)
        assert (found.source.name, found.start) == ("m.policy", 0)

    def test_from_a_translation(self):
        whole, at = marked(FRENCH.replace("name ceiling", "name cei‸ling"))
        policy = WHOLE.replace("  periods   plain\n", '  periods   plain\n  translation fr "fr.policy"\n')
        _, view = viewed(whole, "fr.policy", t=policy)
        (found,) = definitions(view, at)
        assert (found.source.name, found.text) == ("t.policy", "ceiling")

    @pytest.mark.parametrize("text", ["> Pla‸ces", "ti‸er core", "BD‸I, RWA"])
    def test_what_no_place_gives(self, text: str):
        whole, at = marked(WHOLE.replace(text.replace("‸", ""), text, 1))
        _, view = viewed(whole)
        assert definitions(view, at) == []


class TestReferences:
    def test_in_one_file(self):
        whole, at = marked(WHOLE.replace("among    big", "among    bi‸g"))
        bench, view = viewed(whole)
        assert [line for _, line in lines(references(bench, view, at, ""))] == [14, 26]
        assert [line for _, line in lines(references(bench, view, at, "", given=False))] == [26]

    def test_in_whatever_draws_on_the_file(self):
        whole, at = marked(MODEL.replace("    arrivals : persons", "    arri‸vals : persons"))
        bench, view = viewed(whole, "m.policy", based=BASED)
        bench.view("based.policy")
        found = lines(references(bench, view, at, ""))
        assert {name for name, _ in found} == {"m.policy", "based.policy"}
        assert found == lines(references(bench, bench.view("based.policy"), BASED.index("arrivals"), ""))  # type: ignore[arg-type]

    def test_the_places_of_an_article(self):
        whole, at = marked(WHOLE.replace("article 1", "article ‸1"))
        bench, view = viewed(whole)
        assert [span.text for span in references(bench, view, at, "")] == ["1", "Art. 1(2)"]


class TestRename:
    def test_all_places_and_nothing_else(self):
        whole, at = marked(WHOLE.replace("by       size", "by       si‸ze"))
        bench, view = viewed(whole)
        assert renamable(view, at).text == "size"
        made = rename(bench, view, at, "weight_of_each", "")
        assert renamed(*made.places["t.policy"], "weight_of_each") == view.source.text.replace(
            "key size", "key weight_of_each"
        ).replace("by       size", "by       weight_of_each")
        assert made.note == ""

    def test_a_fact_is_named_in_case_files_too(self):
        whole, at = marked(WHOLE.replace("total    arrivals", "total    arr‸ivals"))
        bench, view = viewed(whole)
        assert (
            rename(bench, view, at, "arriving", "").note == "Case files that state `arrivals` must be changed by hand."
        )

    def test_in_translations(self):
        policy = WHOLE.replace("  periods   plain\n", '  periods   plain\n  translation fr "fr.policy"\n')
        whole, at = marked(policy.replace("parameter ceiling", "parameter cei‸ling"))
        bench, view = viewed(whole, fr=FRENCH)
        made = rename(bench, view, at, "lid", "")
        assert renamed(*made.places["fr.policy"], "lid") == FRENCH.replace("name ceiling", "name lid")
        assert set(made.places) == {"t.policy", "fr.policy"}

    def test_from_a_policy_to_its_model_and_back(self):
        bench, view = viewed(BASED, m=MODEL)
        bench.view("m.policy")
        made = rename(bench, view, BASED.index("arrivals"), "arriving", "")
        assert set(made.places) == {"t.policy", "m.policy"}
        assert "arrivals" not in renamed(*made.places["m.policy"], "arriving")

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("ti‸er core", "is a word of the language"),
            ("by mem‸bers", "is a word of the language"),
            ("> Pla‸ces follow", "words of the instrument"),
            ("article ‸1", "renumbered by hand"),
            ("BD‸I, RWA", "no name that the policy gives"),
        ],
    )
    def test_what_is_no_name_is_refused(self, text: str, says: str):
        whole, at = marked(WHOLE.replace(text.replace("‸", ""), text, 1))
        _, view = viewed(whole)
        with pytest.raises(CannotRename, match=says):
            renamable(view, at)

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("Size", "is no name"),
            ("2nd", "is no name"),
            ("", "is no name"),
            ("share", "is a word of the language"),
            ("members", "is a word of the language"),
            ("arrivals", "already the name of something else"),
            ("size", "is called `size` already"),
        ],
    )
    def test_a_name_that_can_not_be_is_refused(self, name: str, says: str):
        whole, at = marked(WHOLE.replace("by       size", "by       si‸ze"))
        bench, view = viewed(whole)
        with pytest.raises(CannotRename, match=says):
            rename(bench, view, at, name, "")

    def test_a_file_that_can_not_be_written_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(navigation, "writable", lambda path: False)  # root may write everything
        (tmp_path / "m.policy").write_text(MODEL, "utf-8")
        bench = Bench()
        bench.put(str(tmp_path / "t.policy"), BASED)
        view = bench.view(str(tmp_path / "t.policy"))
        assert view is not None
        with pytest.raises(CannotRename, match=r"can't be written"):
            rename(bench, view, BASED.index("arrivals"), "arriving", str(tmp_path))

    @pytest.mark.parametrize("file", POLICIES[::5], ids=lambda file: file.name)
    def test_a_renamed_policy_says_the_same(self, file):
        """Of every kind of name one is renamed: afterwards the same is wrong as before, and the old name is gone."""
        bench, view = viewed(file.read_text("utf-8"), str(file))
        done: set[str] = set()
        for symbol, found in list(view.symbols.by_symbol.items()):
            kind = view.entries(symbol)[0].kind if view.entries(symbol) else symbol.kind
            given = [each for each in found if each.gives and each.span.source is view.source]
            if symbol.kind not in RENAMED or kind in done or not given:
                continue
            done.add(kind)
            made = rename(bench, view, given[0].span.start, "another_name", str(file.parent))
            later = Bench()
            for name, places in made.places.items():
                later.put(name, renamed(*places, "another_name"))
            after = later.view(str(file))
            assert after is not None
            assert codes(after) == codes(view)
            assert Symbol(symbol.kind, symbol.name, symbol.within) not in after.symbols.by_symbol


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.name)
def test_every_name_in_a_policy_is_known_as_such(file):
    """Wherever a name of the policy stands outside words and comments, it is one of its places."""
    _, view = viewed(file.read_text("utf-8"), str(file))
    found = view.symbols.by_text[view.source.name]
    places = {(each.span.start, each.span.end) for each in found}
    names = {each.symbol.name for each in found if each.symbol.kind in RENAMED}
    bare = re.sub(
        r'"[^"\n]*"|^[ \t]*(?:\([0-9]+\)[ \t]*)?>[^\n]*|#[^\n]*|^ *(?:may|as)\b.*|^policy.*',
        lambda words: " " * len(words.group()),
        view.source.text,
        flags=re.MULTILINE,
    )
    for each in re.finditer(r"\b[a-z][a-z0-9_]*\b", bare):
        if (
            each.group() in names
            and view.tree.header is not None
            and not file.name.endswith((".fr.policy", ".ar.policy"))
        ):
            assert each.span() in places, view.source.line(view.source.place(each.start()).line)


def test_the_places_of_a_repository(tmp_path):
    """A policy on the disk that draws on the open one is found in the folder of the editor."""
    (tmp_path / "t.policy").write_text(BASED, "utf-8")
    bench = Bench()
    bench.put(str(tmp_path / "m.policy"), MODEL)
    view = bench.view(str(tmp_path / "m.policy"))
    assert view is not None
    found = lines(references(bench, view, MODEL.index("arrivals"), str(tmp_path)))
    assert {name.rpartition("/")[2] for name, _ in found} == {"m.policy", "t.policy"}
