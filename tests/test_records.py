"""Records are dataclasses: what the standard ones give, these give."""

import dataclasses
import pickle
from dataclasses import field

import pytest

from policy_dsl.records import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A record with values of its own."""

    name: str
    persons: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seat(Place):
    """A record that adds a field to another."""

    tier: str = "core"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A record that is only equal to itself."""

    text: str


@dataclass(slots=True)
class Work:
    """A record that changes."""

    done: int = 0

    def __post_init__(self) -> None:
        self.done += 1


@dataclass(frozen=True, slots=True)
class Nothing:
    """A record without fields."""


def test_constructors_take_fields_in_order_by_name_and_by_default():
    assert (Place("a", 1).persons, Place(name="a").persons, Place("a").notes) == (1, 0, [])
    assert Place("a").notes is not Place("a").notes
    assert Seat("a", 2, [], "outer").tier == "outer"
    assert Work().done == 1


@pytest.mark.parametrize("wrong", [lambda: Place(), lambda: Place("a", other=1), lambda: Nothing(1)])
def test_wrong_fields_are_refused(wrong):
    with pytest.raises(TypeError):
        wrong()


def test_records_compare_by_value_within_their_class_unless_said_otherwise():
    assert Place("a", 1) == Place("a", 1) != Place("a", 2)
    assert Place("a") != Seat("a")
    assert Nothing() == Nothing()
    assert Node("a") != Node("a")
    assert hash(Nothing()) == hash(Nothing())
    with pytest.raises(TypeError):
        hash(Work())


@pytest.mark.parametrize("name", ["name", "other"])
def test_a_frozen_record_can_not_be_changed(name):
    with pytest.raises(AttributeError):
        setattr(Place("a"), name, "b")
    with pytest.raises(AttributeError):
        del Place("a").name


def test_the_functions_of_dataclasses_know_records():
    assert dataclasses.is_dataclass(Place)
    assert [each.name for each in dataclasses.fields(Seat)] == ["name", "persons", "notes", "tier"]
    assert [each.type for each in dataclasses.fields(Node)] == [str]
    assert dataclasses.replace(Place("a", 1), persons=2) == Place("a", 2)
    assert dataclasses.asdict(Seat("a")) == {"name": "a", "persons": 0, "notes": [], "tier": "core"}


def test_records_show_themselves_match_and_are_kept():
    assert repr(Place("a", 1)) == "Place(name='a', persons=1, notes=[])"
    match Seat("a", 3):
        case Place(name, persons):
            assert (name, persons) == ("a", 3)
    for one in (Place("a", 1), Nothing()):
        assert pickle.loads(pickle.dumps(one)) == one
    assert pickle.loads(pickle.dumps(Node("a"))).text == "a"
