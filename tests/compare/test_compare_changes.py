"""What changed between two policies, in words: exact for each edit, and nothing where nothing changed."""

from __future__ import annotations

import random
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from changing import ROOT, between, checked, edited, header, opened, said
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_dsl.compare.changes import ORDER, PLACE, RULES, WORDS, changes
from policy_dsl.compare.changes.forms import ELSEWHERE, FORMS, rows_of
from policy_dsl.compare.changes.sides import side
from policy_dsl.layout import laid_out
from policy_dsl.receipts.rules import rules_digest, seals, words_digest
from policy_dsl.render.changes.texts import CHANGES, PARTS
from policy_dsl.syntax import parse, tree
from policy_dsl.trial.alterations import alterations

EDITS = tomllib.loads((Path(__file__).parent / "edits.toml").read_text("utf-8"))["edit"]
POLICIES = sorted(
    path.relative_to(ROOT).as_posix() for path in ROOT.glob("policies/*/*.policy") if path.name.count(".") == 1
)
POLICIES += ["docs/example/lake.policy", "tests/compare/bench.policy"]


@cache
def original(policy):
    of = opened(policy)
    return of, checked(of), header(of)


# ---- one edit, one statement ---------------------------------------------------------------------------------------


def test_there_are_at_least_fifty_edits():
    assert len(EDITS) >= 50
    assert len({(each["policy"], each["old"], each["new"]) for each in EDITS}) == len(EDITS)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: f"{edit['old'].strip()[:40]}-{edit['new'].strip()[:40]}")
def test_each_single_edit_gives_exactly_the_stated_lines(edit):
    _, program, head = original(edit["policy"])
    new = edited(edit["policy"], (edit["old"], edit["new"]))
    found = changes(program.program, checked(new).program, (head, header(new)))
    assert said(found) == edit["said"]
    # The digests know nothing of statements: they tell whether rules and words are the same.
    before, after = seals(program.program), seals(checked(new).program)
    assert bool(found.of(RULES, ORDER)) == (rules_digest(before) != rules_digest(after))
    if words_digest(before) != words_digest(after):
        assert found.of(WORDS, RULES)


def test_the_edits_reach_every_kind_of_provision():
    reached = set()
    for edit in EDITS:
        _, program, head = original(edit["policy"])
        new = edited(edit["policy"], (edit["old"], edit["new"]))
        found = changes(program.program, checked(new).program, (head, header(new)))
        names = {each.of.name for each in found.found if each.of is not None}
        reached |= {type(item.node) for item in found.pairs.old.items if item.name in names}
    assert reached >= set(FORMS) - {tree.Procedure}


# ---- nothing changed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_and_itself_are_the_same(policy):
    of, program, head = original(policy)
    again = opened(policy)
    assert said(changes(program.program, checked(again).program, (head, header(again)))) == []
    assert said(changes(program.program, program.program, (head, head))) == []
    assert of.source.text == again.source.text


@pytest.mark.parametrize("policy", POLICIES)
def test_layout_and_comments_are_no_changes(policy):
    of, program, head = original(policy)
    for text in (laid_out(parse(of.source)), disarranged(of.source.text)):
        other = opened(policy, text)
        assert said(changes(program.program, checked(other).program, (head, header(other)))) == []


def disarranged(text):
    """A text laid out in another way, with other comments."""
    rng = random.Random(7)
    lines = []
    for line in text.split("\n"):
        bare = line.lstrip(" ")
        if bare.startswith("#"):
            lines.append(line + " and more")
            continue
        deeper = " " * (2 * (len(line) - len(bare)))
        tail = "  # seen" if bare and not bare.startswith((">", "(")) and rng.random() < 0.3 else ""
        lines.append(deeper + bare + tail)
        if not bare.startswith((">", "(")) and rng.random() < 0.1 and not tail:
            lines += ["", "# here"] if not bare else []
    return "\n".join(lines).replace("1_000 ", "1000 ")


# ---- the statements and the digests say the same -------------------------------------------------------------------


@cache
def alterable(policy):
    return tuple(alterations(original(policy)[1].program))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_rules_differ_exactly_where_a_change_of_them_is_stated(data):
    policy = data.draw(st.sampled_from([each for each in POLICIES if alterable(each)]))
    of, program, head = original(policy)
    chosen = data.draw(st.lists(st.sampled_from(alterable(policy)), max_size=3, unique_by=lambda each: each.span))
    edits = [edit for each in chosen for edit in each.edits]
    text = of.source.text
    last = len(text)
    for edit in sorted(edits, key=lambda each: (each.span.start, each.span.end), reverse=True):
        if edit.span.end <= last:
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
            last = edit.span.start
    new = opened(policy, text)
    other = checked(new, sound=False)
    found = changes(program.program, other.program, (head, header(new)))
    assert bool(found.of(RULES, ORDER)) == (rules_digest(seals(program.program)) != rules_digest(seals(other.program)))
    assert not any(each.says == "other" for each in found.found)
    assert all(said(found))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(POLICIES), st.randoms(use_true_random=False))
def test_the_order_of_articles_changes_no_rule(policy, rng):
    of, program, head = original(policy)
    blocks = re.split(r"^(?=(?:article|replace|add|delete|part|example) )", of.source.text, flags=re.MULTILINE)
    first = next((at for at, block in enumerate(blocks) if block.startswith(("article", "replace"))), None)
    if first is None or any(block.startswith("part") for block in blocks):
        return
    articles = [block for block in blocks[first:] if not block.startswith("example")]
    rest = [block for block in blocks[first:] if block.startswith("example")]
    rng.shuffle(articles)
    text = "".join([*blocks[:first], *(f"{block.rstrip()}\n\n" for block in articles), *rest])
    new = opened(policy, text)
    found = changes(program.program, checked(new, sound=False).program, (head, header(new)))
    assert {each.sort for each in found.found} <= {PLACE}
    assert rules_digest(seals(program.program)) == rules_digest(seals(checked(new, sound=False).program))


# ---- names, numbers and places -------------------------------------------------------------------------------------


def test_a_name_that_changes_wherever_it_stands_is_one_change():
    text = opened("BENCH").source.text
    new = opened("BENCH", re.sub(r"\bcapacity\b", "means_to_pay", text))
    found = between(opened("BENCH"), new)
    assert said(found) == ["Capacity: now called “means_to_pay” wherever it stands, before “capacity” (Art. 3(2))"]
    assert [each.sort for each in found.found] == [RULES]


def test_a_name_and_a_figure_that_change_together_are_two_changes():
    text = (
        opened("BENCH")
        .source.text.replace("capacity", "means_to_pay")
        .replace("by gnp\n    ties", "by population\n    ties")
    )
    text = text.replace("rounding webster to 1 USD", "rounding webster to 10 USD")
    assert said(between(opened("BENCH"), opened("BENCH", text))) == [
        "Capacity: now called “means_to_pay” wherever it stands, before “capacity” (Art. 3(2))",
        "Bill: step of the rounding raised from USD 1 to USD 10 (Art. 4(1))",
    ]


def test_articles_that_move_up_by_one_are_told_as_such():
    text = opened("MODEL").source.text
    more = (
        '\narticle 7 "Observers"\n  > Observers may be heard.\n  participant observers "Observers"\n    as guests\n\n'
    )
    for number in range(17, 6, -1):
        text = re.sub(rf"(?<=^article ){number}(?= \")", str(number + 1), text, flags=re.MULTILINE)
        text = text.replace(f"Art. {number}", f"Art. {number + 1}")
    # A source that is cited has articles of its own.
    text = text.replace("28 July 1951, Art. 34", "28 July 1951, Art. 33").replace(
        'article 8 "Sup', more.strip("\n") + '\n\narticle 8 "Sup'
    )
    text = re.sub(r"(?<=28 July 1951, )Art\. 3\d", lambda found: found[0], text)
    found = between(opened("MODEL"), opened("MODEL", text), sound=False)
    told = [each for each in said(found) if "example" not in each.lower() and "source" not in each]
    assert told[0] == "Article 7 added: “Observers”, with “Observers”"
    assert told[1:] == [f"Article {number} is now article {number + 1}, unchanged" for number in range(7, 18)]


def test_an_article_that_moves_in_the_text_is_told_as_moved_and_unchanged():
    text = opened("BENCH").source.text
    first, rest = text.split("article 6 ")
    sixth, examples = rest.split("example ", 1)
    moved = first.replace('article 2 "Facts"', f'article 6 {sixth.rstrip()}\n\narticle 2 "Facts"')
    found = between(opened("BENCH"), opened("BENCH", f"{moved.rstrip()}\n\nexample {examples}"))
    assert said(found) == [
        "Article 6 moved to another place in the text, unchanged",
        "Article 6 moved to part I, before in part II, unchanged",
    ]
    assert [each.sort for each in found.found] == [PLACE, WORDS]


def test_a_provision_that_goes_to_another_article_is_told_as_moved():
    line = '  define repaid "Repaid" for each member = hosted * 100 USD per person\n'
    text = (
        opened("BENCH")
        .source.text.replace(line, "")
        .replace("  > The members state the facts.\n", f"  > The members state the facts.\n{line}")
    )
    assert said(between(opened("BENCH"), opened("BENCH", text))) == [
        "Repaid: moved from Art. 4(2) to Art. 2, unchanged (Art. 2)"
    ]


def test_provisions_in_another_order_are_told_as_moved():
    old, new = (
        '  parameter rate "Rate"',
        '  parameter margin "Margin" = left to vote between 5% and 15%, otherwise 10%\n',
    )
    text = opened("BENCH").source.text.replace(new, "").replace(old, new + old)
    found = between(opened("BENCH"), opened("BENCH", text))
    assert said(found) == ["“Rate”: at another place in the article, unchanged (Art. 3)"]
    assert [each.sort for each in found.found] == [ORDER]


def test_a_change_of_the_model_shows_in_the_policy_that_adopts_it(tmp_path):
    for name, rate in (("old", "2%"), ("new", "3%")):
        folder = tmp_path / name
        folder.mkdir()
        model = opened("MODEL").source.text.replace("max(2% of population", f"max({rate} of population")
        model = model.replace("at least 5\n", f"at least {5 if name == 'old' else 6}\n")
        (folder / "model_rules.policy").write_text(re.sub(r'  translation \w+ +"[^"]+"\n', "", model), "utf-8")
        group = opened("GROUP").source.text.replace("../model_rules/", "")
        (folder / "group.policy").write_text(group, "utf-8")
    old, new = (opened(str(tmp_path / name / "group.policy")) for name in ("old", "new"))
    # The article on places is replaced in the group, so that the other change of the model does not reach it.
    assert said(between(old, new)) == [
        "Criteria of responsibility: least physical security raised from 5 to 6 (Art. 9(1)-(4))"
    ]


def test_a_change_of_a_used_instrument_names_it(tmp_path):
    for name, codes in (("old", "BDI, RWA"), ("new", "BDI, RWA, UGA")):
        folder = tmp_path / name
        folder.mkdir()
        head = 'policy {}\n  language 1\n  version "1"\n  authority "x"\n  in force from 2026-01-01\n  currency USD\n'
        (folder / "groups.policy").write_text(
            head.format('groups "Groups"')
            + f'\narticle 1 "Groups"\n  > They are listed.\n  tier region "Region"\n    {codes}\n',
            "utf-8",
        )
        (folder / "levy.policy").write_text(
            head.format('levy "Levy"')
            + '  use "groups.policy"\n\narticle 1 "Levy"\n  > All pay.\n  apportion levy "Levy"\n'
            "    total    30_000 USD\n"
            "    among    region\n    equally\n    rounding largest_remainder to 1 USD\n    ties     by lot\n",
            "utf-8",
        )
    old, new = (opened(str(tmp_path / name / "levy.policy")) for name in ("old", "new"))
    assert said(between(old, new)) == ["Region: seat added: UGA (Art. 1 of groups)"]


# ---- whole and complete --------------------------------------------------------------------------------------------


def test_every_field_of_every_provision_has_a_statement():
    kinds = {kind for kind in vars(tree).values() if isinstance(kind, type) and issubclass(kind, tree.Provision)}
    assert set(FORMS) == kinds - {tree.Provision}
    for kind, fields in FORMS.items():
        named = {field.name for field in fields}
        assert named | set(ELSEWHERE[""]) | set(ELSEWHERE.get(kind.__name__, ())) == set(kind._fields)


def test_every_field_of_every_row_is_compared():
    seen = set()
    for policy in POLICIES:
        for item in items(policy):
            for field in FORMS[type(item.node)]:
                for row in rows_of(getattr(item.node, field.name)) if field.rows is not None else ():
                    own = {each.name for each in field.rows.fields} | {field.rows.value} - {""}
                    # A name is another row: it is told as renamed, or as taken out and added.
                    assert own | {"name", "title", "code", "by", "what", "holder", "word", "notes"} >= set(
                        type(row)._inner
                    )
                    seen.add((type(item.node).__name__, field.name))
    rows = {(kind.__name__, field.name) for kind, fields in FORMS.items() for field in fields if field.rows is not None}
    assert seen == rows


def items(policy):
    program, head = original(policy)[1:]
    return side(program.program, head).items


def test_every_part_that_a_table_names_has_words():
    def ids(fields, inner=False):
        for field in fields:
            if field.rows is None:
                if field.sort != "flag":
                    yield field.id
                continue
            yield field.id
            if inner:
                continue
            yield f"{field.id}.of"
            if field.rows.ordered:
                yield f"{field.id}.all"
            yield from ids(field.rows.fields, inner=True)

    for fields in FORMS.values():
        lacking = [each for each in ids(fields) if each not in PARTS.english]
        assert not lacking
    flags = [field.id for fields in FORMS.values() for field in fields if field.sort == "flag"]
    assert all(f"{each}.{way}" in CHANGES.english for each in flags for way in ("on", "off"))
