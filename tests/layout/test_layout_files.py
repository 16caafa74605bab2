"""Laid out, every policy of the project says what it said: the tree, the comments, the digests; and stays as it is."""

from __future__ import annotations

import re
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_dsl.files import Loader
from policy_dsl.layout import Unkept, formatted, printed, read, setting, whole
from policy_dsl.receipts.untouched import digests
from policy_dsl.source import Source
from policy_dsl.syntax import tree
from tests.docs import pages

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("policies", "docs/example", "tests")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.policy"))
FENCES = [fence for page in pages.pages() for fence in pages.fences(page) if fence.kind == "policy"]
SETUPS = {path.name.removesuffix(".policy") for path in pages.SETUPS.iterdir()}
TEXTS = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in FILES} | {
    str(fence): pages.whole(fence) for fence in FENCES if fence.order in ("", "in", "write")
}
SHORT = [name for name in sorted(TEXTS) if len(TEXTS[name]) < 6000]


@cache
def laid(name: str, text: str) -> str:
    return formatted(read(Source(name, text)))


@pytest.mark.parametrize("name", TEXTS)
def test_a_layout_changes_nothing_that_is_said_and_a_second_one_nothing_at_all(name: str):
    before = read(Source(name, TEXTS[name]))
    text = laid(name, TEXTS[name])
    after = read(Source(name, text))
    assert tree.same(before.tree, after.tree)
    assert [each.text for each in before.tree.comments] == [each.text for each in after.tree.comments]
    assert [each.code for each in before.problems] == [each.code for each in after.problems]
    assert laid(name, text) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_digests_of_rules_and_words_stay(path: Path):
    before = Source(str(path), path.read_text("utf-8"))
    after = Source(str(path), laid(str(path), before.text))
    assert digests(before, Loader(before)) == digests(after, Loader(after))


@pytest.mark.parametrize("name", TEXTS)
def test_a_tree_is_printed_as_it_would_be_laid_out(name: str):
    before = read(Source(name, TEXTS[name]))
    text = printed(before.tree) + "\n"
    assert tree.same(before.tree, read(Source(name, text)).tree)
    assert laid(name, text) == text


@pytest.mark.parametrize("name", TEXTS)
def test_legal_words_keep_every_word(name: str):
    def words(text: str) -> list[str]:
        return [word for line in re.findall(r"^ *(?:\(\d+\) )?> ?(.*)$", text, re.M) for word in line.split()]

    assert words(TEXTS[name]) == words(laid(name, TEXTS[name]))


def remarked(draw: st.DataObject, text: str) -> tuple[str, int]:
    """A text with comments on lines of their own and at the ends of lines; how many they are."""
    lines = text.split("\n")
    made: list[str] = []
    count = 0
    chosen = draw.draw(st.lists(st.integers(0, len(lines) - 1), min_size=1, max_size=12, unique=True))
    for number, line in enumerate(lines):
        if number not in chosen:
            made.append(line)
            continue
        words = re.match(r"\s*(?:\(\d+\)\s*)?>|.*#", line)
        kind = draw.draw(st.sampled_from(["above"] if words or not line.strip() else ["above", "beside", "both"]))
        if kind != "beside":
            made += [""] * draw.draw(st.integers(0, 2))
            made.append(" " * draw.draw(st.integers(0, 9)) + f"# remark {count}")
            made += [""] * draw.draw(st.integers(0, 1))
            count += 1
        if kind != "above":
            line += draw.draw(st.sampled_from([" ", "", "   "])) + f'#beside {count} "x" > (  '.rstrip(" ")
            count += 1
        made.append(line)
    return "\n".join(made), count


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHORT), st.data())
def test_a_comment_survives_wherever_it_stands(name: str, data: st.DataObject):
    text, count = remarked(data, TEXTS[name])
    before = read(Source(name, text))
    after = formatted(before)
    kept = [comment.text for comment in read(Source(name, after)).tree.comments]
    assert kept == [comment.text for comment in before.tree.comments]
    assert sum(comment.startswith(("# remark ", "#beside ")) for comment in kept) == count
    assert formatted(read(Source(name, after))) == after


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SHORT), st.data())
def test_a_text_with_faults_is_laid_out_around_them(name: str, data: st.DataObject):
    text = TEXTS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        gone = data.draw(st.integers(0, 3))
        text = text[:at] + data.draw(st.text('()"#:,= \n>+-%A1x', max_size=2)) + text[at + gone :]
    before = read(Source(name, text))
    after = formatted(before)
    again = read(Source(name, after))
    assert [each.code for each in before.problems] == [each.code for each in again.problems]
    assert formatted(again) == after


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SHORT), st.data())
def test_blanks_and_ends_of_lines_leave_no_trace(name: str, data: st.DataObject):
    """However a text is spaced, its layout is the same, where its lines and the empty ones between are the same."""
    loose = re.sub(r"(?m)^( +)", lambda found: found[1] * 2, TEXTS[name])
    if data.draw(st.booleans()):
        loose = re.sub(r"(?m)^(?! *(?:\(\d+\) *)?>)([^#]*?) ([a-z0-9]+)$", r"\1    \2", loose)
    if data.draw(st.booleans()):
        loose = re.sub(r"\n\n+", "\n\n\n\n", loose)
    loose = re.sub(r"(?m)$", " " * data.draw(st.integers(0, 3)), loose)
    if read(Source(name, TEXTS[name])).problems:
        return
    if tree.same(read(Source(name, loose)).tree, read(Source(name, TEXTS[name])).tree):
        assert laid(name, loose) == laid(name, TEXTS[name])


TIMES = count()
FAULTS = {
    "rules and words": (setting, "_words", lambda real: lambda *asked: [line + "x" for line in real(*asked)]),
    "comments": (whole, "remarks", lambda real: lambda found, depth: real(found[:-1], depth)),
    "layout": (whole, "_written", lambda real: lambda found: [*real(found), *[""] * next(TIMES)]),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_planted_fault_breaks_the_promise_and_is_told(monkeypatch: pytest.MonkeyPatch, what: str):
    module, part, fault = FAULTS[what]
    monkeypatch.setattr(module, part, fault(getattr(module, part)))
    text = (ROOT / "docs/example/lake.policy").read_text("utf-8")
    text = text.replace("article 1", "# one\narticle 1").replace("  language  1", "  language 1")
    with pytest.raises(Unkept) as unkept:
        formatted(read(Source("lake.policy", text)))
    assert unkept.value.what == what


@pytest.mark.parametrize("path", [*(ROOT / "policies").rglob("*.policy"), *(ROOT / "docs/example").glob("*.policy")])
def test_the_policies_of_the_project_are_in_the_canonical_layout(path: Path):
    text = path.read_text("utf-8")
    assert laid(str(path), text) == text
