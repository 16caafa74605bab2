"""What is said of words, and what is offered at a place."""

import re
from datetime import date

import pytest
from benches import HEADER, POLICIES, ROOT, WHOLE, marked, viewed

from policy_dsl.editor.completion import complete
from policy_dsl.editor.hover import hover
from policy_dsl.editor.meanings import meanings
from policy_dsl.resolve.binding import FUNCTIONS
from policy_dsl.resolve.names import STATUSES
from policy_dsl.resolve.program import Builtin
from policy_dsl.resolve.provisions import ROUNDINGS
from policy_dsl.source import Source
from policy_dsl.syntax import parse
from policy_dsl.syntax.awaited import awaited
from policy_dsl.syntax.words import FILE, LINES, PROVISIONS, RESERVED
from policy_dsl.syntax.words import HEADER as HEADER_LINES
from policy_dsl.values.units import WORDS

EVERY = [(place, each) for place, words in meanings().items() for each in words.values()]


def told(text: str, today: date | None = None, **others: str) -> str:
    """What is said at the mark of a text."""
    words, at = marked(text)
    _, view = viewed(words, **others)
    found = hover(view, at, today)
    return "" if found is None else found.text


def offered(text: str, **others: str) -> list[str]:
    """What is offered at the mark of a text, in its order."""
    words, at = marked(text)
    _, view = viewed(words, **others)
    found = complete(view, at)
    return [] if found is None else [item.label for item in found.items]


class TestMeanings:
    def test_each_word_of_the_language_has_one(self):
        table = meanings()
        openings = {phrase.split()[0] for place in table if place.startswith("lines of") for phrase in table[place]}
        assert set(FILE) <= table["file"].keys()
        assert {line.replace("in force from", "in force") for line in HEADER_LINES} <= table["header"].keys()
        assert set(PROVISIONS) <= table["provision"].keys()
        assert set(LINES) <= openings | table["expression"].keys() | table["notes"].keys() | table["provision"].keys()
        assert set(RESERVED) <= table["expression"].keys()
        assert set(FUNCTIONS) == table["function"].keys()
        assert set(ROUNDINGS) == table["rounding"].keys()
        assert set(STATUSES) == table["status"].keys()
        assert {each.value for each in Builtin} == table["name"].keys()
        assert {word.split()[0] for word in WORDS} == table["unit"].keys()

    @pytest.mark.parametrize(("place", "each"), EVERY, ids=[f"{place}-{each.word}" for place, each in EVERY])
    def test_each_is_one_sentence_and_leads_to_its_heading(self, place, each):
        assert re.fullmatch(r"[A-Z0-9`].*[.]", each.says), each.says
        assert not re.search(r"\. [A-Z]", each.says), each.says
        page, _, heading = each.see.partition("#")
        text = (ROOT / "docs" / "reference" / page).read_text("utf-8")
        headings = {
            re.sub(r"[^\w\- ]", "", found.lower()).replace(" ", "-")
            for found in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        }
        assert not heading or heading in headings

    @pytest.mark.parametrize("word", PROVISIONS)
    def test_each_form_can_be_read(self, word: str):
        form = meanings()["provision"][word].form
        if not form:
            assert word == "alternative"
            return
        filled = re.sub(r"\$\{\d+(?::([^}]*)|\|([^,|}]*)[^}]*)\}", lambda found: found[1] or found[2], form)
        text = HEADER + '\narticle 1 "A"\n' + "".join(f"  {line}\n" for line in filled.split("\n"))
        assert [problem.code for problem in parse(Source("t", text)).problems] == []


class TestHover:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (
                WHOLE.replace("by       size", "by       s‸ize"),
                ["**size** — a key “Size”, Art. 1(1)", "for each member"],
            ),
            (WHOLE.replace("  key size", "  k‸ey size"), ["**key** — A distribution key"]),
            (WHOLE.replace("at most", "a‸t most"), ["**at most** — A ceiling"]),
            (WHOLE.replace("at most", "at mo‸st"), ["**at most** — A ceiling"]),
            (WHOLE.replace("not after", "not af‸ter"), ["**not after** — The end of a time limit"]),
            (
                WHOLE.replace("among    big", "among    b‸ig"),
                ["a set “Big members”", "`core where population > 10 persons`"],
            ),
            (WHOLE.replace("BDI, RWA", "BDI, R‸WA", 1), ["**RWA** — Rwanda"]),
            (WHOLE.replace("wanted of", "want‸ed of"), ["recorded by the step `request`", "`persons`"]),
            (WHOLE.replace("largest_remainder", "largest‸_remainder"), ["Hare, Hamilton"]),
            (WHOLE.replace("by members", "by mem‸bers", 1), ["**members** — Who holds a seat"]),
            (WHOLE.replace("because Art. 1(2)", "because Art.‸ 1(2)"), ["**Article 1** “Sharing”", "> Places follow"]),
            (WHOLE.replace(': persons "Pop', ': pers‸ons "Pop'), ["**persons** — Persons: a unit."]),
            (WHOLE.replace("share of", "sha‸re of"), ["**share** — The member's part of the sum"]),
            (WHOLE.replace("3 working", "3 work‸ing"), ["those of the calendar that the header names"]),
            (WHOLE.replace("periods   plain", "periods   pla‸in"), ["from date to date"]),
        ],
    )
    def test_words(self, text: str, says: list[str]):
        found = told(text)
        for each in says:
            assert each in found

    def test_a_figure_tells_which_value_is_in_force(self):
        text = WHOLE.replace("at most  ceiling", "at most  ceil‸ing")
        assert "- from 2026-01-01: `40%` — **in force**\n- from 2027-01-01: `50%` (Decision 2)" in told(
            text, date(2026, 7, 1)
        )
        assert "- from 2027-01-01: `50%` — **in force** (Decision 2)" in told(text, date(2027, 1, 1))
        assert "in force" not in told(text, date(2025, 1, 1))

    def test_a_name_tells_its_words_and_its_uses(self):
        found = told(WHOLE.replace("parameter ceiling", "parameter ceil‸ing"))
        assert "> Places follow population." in found
        assert "Used in Art. 1(2): `places`." in found
        assert "and in 1 example" in told(WHOLE.replace("    arrivals : persons", "    arri‸vals : persons"))

    @pytest.mark.parametrize("text", ["> Pla‸ces follow", "# a com‸ment", '"Siz‸e"'])
    def test_nothing_is_said_of_words_of_the_instrument(self, text: str):
        whole = WHOLE.replace("> Places follow", text) if text.startswith(">") else WHOLE.replace('"Size"', text)
        assert told(whole) == ""

    @pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.name)
    def test_every_word_of_the_language_is_known_wherever_it_stands(self, file):
        _, view = viewed(file.read_text("utf-8"), str(file))
        words = {*FILE, *PROVISIONS, *LINES, *RESERVED} - {"name"}
        bare = re.sub(
            r'"[^"\n]*"|^[ \t]*(?:\([0-9]+\)[ \t]*)?>[^\n]*|#[^\n]*|^ *(?:may|as)\b.*',
            lambda found: " " * len(found.group()),
            view.source.text,
            flags=re.MULTILINE,
        )
        seen = set()
        for found in re.finditer(r"\b[a-z][a-z0-9_]*\b", bare):
            line = view.source.line(view.source.place(found.start()).line).strip()
            if found.group() in words and (found.group(), line) not in seen:
                seen.add((found.group(), line))
                assert hover(view, found.start()) is not None, (found.group(), line)


class TestCompletion:
    BEFORE = WHOLE + '\narticle 2 "More"\n'

    @pytest.mark.parametrize(
        ("typed", "among", "not_among"),
        [
            ("‸", ["article", "part", "example"], ["tier", "arrivals"]),
            ("ar‸", ["article", "part"], ["tier"]),
            ("  ‸", ["apportion", "tier", "key", ">"], ["article", "total"]),
            ("  apportion x\n    ‸", ["total", "among", "at most", "rounding"], ["tier", "not after"]),
            ("  apportion x\n    at ‸", ["most", "least"], ["total"]),
            ("  apportion x\n    total ‸", ["arrivals", "sum", "min"], ["size_"]),
            ("  apportion x\n    rounding ‸", ["webster", "largest_remainder"], ["arrivals"]),
            ("  apportion x\n    adjusted by ‸", ["request", "reply"], ["arrivals", "exchange"]),
            ("  fund f\n    fed by ‸", ["places"], ["arrivals", "size"]),
            ("  procedure p\n    step s\n      ‸", ["by", "not after", "quorum", "adopted when"], ["total"]),
            ("  procedure p\n    step s\n      not ‸", ["after", "before"], ["arrivals"]),
            ("  procedure p\n    step s as ‸", ["request", "reply"], ["arrivals"]),
            ("  procedure p\n    step s\n      not after 3 ‸", ["days", "hours", "working days"], ["arrivals"]),
            ("  indicators for each member\n    gnp : ‸", ["USD", "persons", "percent"], ["arrivals"]),
            ("  define x = arrivals\n    notwithstanding ‸", ["Art. 1", "Art. 1(1)", "Art. 1(2)"], ["arrivals"]),
            ("  define x for ‸", ["each"], ["arrivals"]),
            ("  define x for each ‸", ["member", "cohort"], ["arrivals"]),
            ("  define x = if request is ‸", ["met", "pending"], []),
            ("  tier x\n    ‸", ["BDI", "RWA", "NOR", "requires"], ["arrivals"]),
            ("  key k\n    50% : share of ‸", ["population"], ["arrivals_"]),
            ("  define x = (arrivals\n    + ‸", ["arrivals", "sum"], ["tier"]),
            ("  transitional t\n    keeps ‸", ["ceiling"], ["arrivals", "size"]),
            ('example "E"\n  ‸', ["given", "expect", "at"], ["tier"]),
        ],
    )
    def test_what_may_stand_there_is_offered(self, typed: str, among: list[str], not_among: list[str]):
        found = offered(self.BEFORE + typed)
        assert set(among) <= set(found)
        assert not set(not_among) & set(found)

    @pytest.mark.parametrize("typed", ["  define ‸", "  tier ‸", "  > word‸", "  # a‸", '  define x "ti‸', "  key k‸"])
    def test_nothing_is_offered_for_what_is_new_and_for_words(self, typed: str):
        assert offered(self.BEFORE + typed) == []

    @pytest.mark.parametrize(
        ("typed", "first"),
        [
            ("  apportion x\n    among ‸", {"core", "big"}),
            ("  apportion x\n    total ‸", {"arrivals", "ceiling"}),
            ("  apportion x\n    by ‸", {"population", "places", "size"}),
            ("  define late = 3 days after ‸", {"request", "reply"}),
        ],
    )
    def test_what_fits_by_its_type_comes_first(self, typed: str, first: set[str]):
        assert set(offered(self.BEFORE + typed)[: len(first)]) == first

    def test_a_torn_line_elsewhere_takes_nothing_away(self):
        torn = self.BEFORE.replace("key size", "key key size") + "  apportion x\n    total ‸"
        assert "arrivals" in offered(torn)

    def test_names_of_the_step_around(self):
        inside = WHOLE.replace("requires wanted of request > 0 persons", "requires ‸")
        assert {"actor", "population", "request"} <= set(offered(inside))
        assert "wanted" in offered(
            WHOLE.replace("records wanted : persons", "records wanted : persons\n      requires ‸")
        )

    def test_the_header(self):
        assert {"currency", "based on", "use", "in force"} <= set(offered('policy t "T"\n  ‸'))
        assert offered('policy t "T"\n  periods ‸') == ["eu_1182_71", "plain"]
        assert {"USD", "EUR"} <= set(offered('policy t "T"\n  currency ‸'))

    def test_the_names_of_a_model(self):
        text = HEADER + '  based on  "model.policy"\n\nadd article 2 "M"\n  define x = ‸'
        assert "arrivals" in offered(text, model=WHOLE)

    @pytest.mark.parametrize("file", POLICIES[::4], ids=lambda file: file.name)
    def test_what_stands_in_a_policy_is_among_what_may_stand_there(self, file):
        """Each word that opens a line of a real policy is offered at its place."""
        text = file.read_text("utf-8")
        for found in re.finditer(r"^( +)([a-z]+)(?= )", text, re.MULTILINE):
            place = awaited(text, found.end(1))
            if place is None or "NAME" in place.kinds or found.group(2) in ("because", "and", "or", "else"):
                continue
            assert found.group(2) in place.words, text[found.start() : found.start() + 60]
