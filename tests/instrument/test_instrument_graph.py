"""What depends on what: complete, in layers, drawn without a line through a box, and the same in every form."""

import re
import xml.etree.ElementTree as ElementTree
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telling import checked

from policy_dsl.check import Checked
from policy_dsl.instrument import Unnamed, graph
from policy_dsl.instrument.drawn.graph import Graph, graph_of
from policy_dsl.instrument.drawn.lanes import HIGH, WIDE, planned
from policy_dsl.instrument.drawn.layers import layered, reduced
from policy_dsl.pipeline import check_policy, open_file
from policy_dsl.render.languages import telling

ROOT = Path(__file__).parents[2]
LAKE = ROOT / "docs" / "example" / "lake.policy"
MODEL = ROOT / "policies" / "model_rules" / "model_rules.policy"
SVG = "{http://www.w3.org/2000/svg}"


@cache
def policy(path: Path) -> Checked:
    found = check_policy(open_file(str(path))).checked
    assert found is not None
    return found


def found(path: Path, of: str = "") -> Graph:
    with telling(policy(path).program, "en"):
        return graph_of(policy(path).program, of)


def test_the_first_example() -> None:
    assert dict(found(LAKE).needs) == {
        "core": (),
        "population": (),
        "area": (),
        "arrivals": (),
        "size": ("population", "area"),
        "places": ("population", "arrivals", "size"),
        "bearable": ("population", "places"),
    }


def test_as_text() -> None:
    assert graph(policy(LAKE), "text") == (
        "Members: core (Tier of members, Art. 1(1))\n"
        "Bearable: bearable (Guarantee, Art. 1(2))\n"
        "  Population: population (Fact of the case, Art. 1(1))\n"
        "  Places: places (Sharing out, Art. 1(1))\n"
        "    Population: population (Fact of the case, Art. 1(1))\n"
        "    Persons who have arrived: arrivals (Fact of the case, Art. 1(1))\n"
        "    Size: size (Key, Art. 1(1))\n"
        "      Population: population (Fact of the case, Art. 1(1))\n"
        "      Land area: area (Fact of the case, Art. 1(1))\n"
    )


def test_around_one_provision() -> None:
    assert graph(policy(LAKE), "text", "size") == (
        "What it rests on:\n"
        "Size: size (Key, Art. 1(1))\n"
        "  Population: population (Fact of the case, Art. 1(1))\n"
        "  Land area: area (Fact of the case, Art. 1(1))\n"
        "\n"
        "What rests on it:\n"
        "Size: size (Key, Art. 1(1))\n"
        "  Places: places (Sharing out, Art. 1(1))\n"
        "    Bearable: bearable (Guarantee, Art. 1(2))\n"
    )
    assert {node.name for node in found(LAKE, "area").nodes} == {"area", "size", "places", "bearable"}


@pytest.mark.parametrize("name", ["places", "Places", "PLACES"])
def test_a_provision_goes_by_its_name_or_its_title(name: str) -> None:
    assert found(LAKE, name).of == "places"


def test_a_definition_inside_a_key_stands_for_the_key() -> None:
    of = checked(
        "key half\n  define size = share of gnp\n  100% : share of population\n"
        "apportion places\n  total arrivals\n  among members\n  by half\n  rounding largest_remainder\n  ties by lot"
    )
    with telling(of.program, "en"):
        needs = graph_of(of.program).needs
    assert needs["half"] == ("population", "gnp")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(Unnamed) as fault:
        graph(policy(LAKE), "text", "place")
    assert fault.value.near == ("places",)
    with pytest.raises(Unnamed) as fault:
        graph(policy(LAKE), "text", "Persons who have arived")
    assert fault.value.near == ("Persons who have arrived",)


def test_a_criterion_and_an_inner_definition_lead_to_what_they_stand_in() -> None:
    assert found(MODEL, "physical_security").of == "hosting"
    of = checked("key half\n  define size = share of gnp\n  100% : size\ndefine n for each member = half * 1 person")
    with telling(of.program, "en"):
        assert graph_of(of.program, "half.size").of == "half"


def test_what_has_no_value_stands_in_no_drawing() -> None:
    with pytest.raises(Unnamed):
        graph(policy(MODEL), "svg", "accession")
    assert not {"procedure", "calendar", "reservable"} & {node.kind for node in found(MODEL).nodes}


def test_who_reads_how_a_fund_stood_does_not_rest_on_what_it_does() -> None:
    needs = found(MODEL).needs
    assert "preparedness" not in needs["quiet_contributions"]
    assert "preparedness" not in needs["suspended"]
    assert {"contributions", "reimbursement"} <= set(needs["preparedness"])
    assert "decision" in needs["protection"]


@pytest.mark.parametrize("path", [LAKE, MODEL])
def test_as_dot_and_mermaid(path: Path) -> None:
    """Both hold each provision within its article, and each arrow, once."""
    shown = found(path)
    arrows = {(other, name) for name, needs in shown.needs.items() for other in needs}
    dot = graph(policy(path), "dot")
    assert set(re.findall(r'^  "(\w+)" -> "(\w+)";$', dot, re.MULTILINE)) == arrows
    assert re.findall(r'^    "(\w+)" \[', dot, re.MULTILINE) == [node.name for node in shown.nodes]
    assert dot.count("subgraph cluster_") == len(shown.articles)
    mermaid = graph(policy(path), "mermaid")
    places = {f"n{number}": node.name for number, node in enumerate(shown.nodes, 1)}
    found_here = re.findall(r"^  (n\d+) --> (n\d+)$", mermaid, re.MULTILINE)
    assert {(places[one], places[other]) for one, other in found_here} == arrows
    assert mermaid.count("subgraph ") == mermaid.count("  end\n") == len(shown.articles)


def test_marks_in_titles_are_text_in_every_form() -> None:
    title = "<b>&'; --> ] | # end"
    of = checked(f'define n "{title}" = 1\nguarantee g : n > 0')
    assert "&lt;b&gt;&amp;&#x27;; --&gt; ] | # end" in graph(of, "svg")
    assert '"n" [label="<b>&\'; --> ] | # end\\nDefinition"' in graph(of, "dot")
    assert '["#60;b#62;#38;#39;#59; --#62; #93; #124; #35; end"]' in graph(of, "mermaid")


def test_the_picture_has_a_title_and_words_and_leads_into_the_page() -> None:
    root = ElementTree.fromstring(graph(policy(LAKE), "svg", "", "en", "lake.html"))
    assert root.find(f"{SVG}title").text == "Rules of the Lake Group"  # type: ignore[union-attr]
    words = root.find(f"{SVG}desc").text or ""  # type: ignore[union-attr]
    assert "Size rests on Population and Land area." in words
    assert [each.get("href") for each in root.iter(f"{SVG}a")] == [
        f"lake.html#def-{name}" for name in ("core", "population", "area", "arrivals", "size", "places", "bearable")
    ]
    alone = ElementTree.fromstring(graph(policy(LAKE), "svg"))
    assert not list(alone.iter(f"{SVG}a"))


@pytest.mark.parametrize("of", ["", "protection"])
@pytest.mark.parametrize("path", sorted(ROOT.glob("policies/*/*.policy")), ids=lambda path: path.name)
def test_no_line_passes_through_a_box_and_no_box_lies_on_another(path: Path, of: str) -> None:
    if path.name.count(".") > 1 or (of and path != MODEL):
        return
    plan = planned(found(path, of))
    boxes = [(box.left, box.top, box.left + WIDE, box.top + HIGH) for box in plan.boxes.values()]
    for number, one in enumerate(boxes):
        assert one[2] <= plan.width
        assert one[3] <= plan.height
        for other in boxes[number + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    root = ElementTree.fromstring(graph(policy(path), "svg", of))
    for line in root.iter(f"{SVG}polyline"):
        points = [tuple(map(float, each.split(","))) for each in str(line.get("points")).split()]
        for (x, y), (to_x, to_y) in pairwise(points):
            for left, top, right, bottom in boxes:
                beside = max(x, to_x) <= left or min(x, to_x) >= right
                assert beside or max(y, to_y) <= top or min(y, to_y) >= bottom


def test_every_line_has_a_place_of_its_own() -> None:
    plan = planned(found(MODEL))
    assert len(set(plan.leaves.values())) == len(plan.leaves)
    assert len(set(plan.enters.values())) == len(plan.enters)


@pytest.mark.parametrize("form", ["svg", "dot", "mermaid", "text"])
def test_a_drawing_is_the_same_every_time(form: str) -> None:
    one = check_policy(open_file(str(MODEL))).checked
    assert one is not None
    assert graph(one, form) == graph(policy(MODEL), form)


def test_titles_in_another_language() -> None:
    assert "Clef démographique: demographic" not in graph(policy(MODEL), "text")
    assert "Clef démographique : demographic (Clé, Art. 10(1))" in graph(policy(MODEL), "text", "", "fr").replace(
        "\N{NO-BREAK SPACE}", " "
    )


EDGES = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


@given(EDGES)
def test_layers(edges: list[tuple[int, int]]) -> None:
    """Where nothing needs itself, all that a node needs stands in layers before its own."""
    nodes = [str(each) for each in range(8)]
    needs: dict[str, list[str]] = {each: [] for each in nodes}
    for low, high in edges:
        if low < high:
            needs[str(high)].append(str(low))
    found = layered(nodes, needs)
    assert set(found) == set(nodes)
    for node, below in needs.items():
        assert found[node] == max((found[each] + 1 for each in below), default=0)


@given(EDGES)
def test_layers_of_what_needs_itself_in_a_circle(edges: list[tuple[int, int]]) -> None:
    nodes = [str(each) for each in range(8)]
    needs = {each: [str(low) for low, high in edges if str(high) == each] for each in nodes}
    found = layered(nodes, needs)
    assert set(found) == set(nodes)
    assert found == layered(nodes, {each: needs[each] for each in reversed(nodes)})


@given(EDGES)
def test_what_is_left_out_is_reached_by_another_way(edges: list[tuple[int, int]]) -> None:
    nodes = [str(each) for each in range(8)]
    needs = {each: [str(low) for low, high in edges if str(high) == each] for each in nodes}
    kept = reduced(nodes, needs)
    for node in nodes:
        assert set(kept[node]) <= set(needs[node])
        assert reached(kept, node) | {node} == reached(needs, node) | {node}


def reached(steps: dict[str, list[str]], start: str) -> set[str]:
    """All that is reached from a node."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in steps[waiting.pop()]:
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
