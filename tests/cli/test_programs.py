"""Policies kept between runs: what is recalled is what would be read, and nothing that has changed is recalled."""

import pytest

from policy_dsl.cli.cache import Programs
from policy_dsl.files import read_bytes
from policy_dsl.pipeline import check_policy, decide, document, open_file, read_case

POLICY = "docs/example/lake.policy"
CASE = "docs/example/lake.yaml"


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("POLICY_NO_CACHE", raising=False)
    return tmp_path


def kept(path):
    data = read_bytes(str(path))
    opened = open_file(str(path), data)
    policy = check_policy(opened)
    Programs().keep(str(path), data, opened.load, policy)
    return policy


def recalled(path):
    data = read_bytes(str(path))
    return Programs().recall(str(path), data, open_file(str(path), data).load)


def decided(policy):
    read = read_case(policy.checked, open_file(CASE))
    return document(decide(policy.checked, read.case), "json")


def test_a_policy_recalled_decides_as_the_policy_read(place):
    read = kept(POLICY)
    again = recalled(POLICY)
    assert again is not None
    assert decided(again) == decided(read)


def test_nothing_is_recalled_after_a_change(place):
    model, own = place / "model.policy", place / "own.policy"
    with open(POLICY, encoding="utf-8") as file:
        model.write_text(file.read(), "utf-8")
    own.write_text(
        'policy own "Own"\n  language 1\n  version "1"\n  authority "x"\n  in force from 2026-07-01\n  currency USD\n'
        '  based on "model.policy"\n',
        "utf-8",
    )
    kept(own)
    assert recalled(own) is not None
    model.write_text(model.read_text("utf-8") + "\n", "utf-8")
    assert recalled(own) is None
    kept(own)
    own.write_text(own.read_text("utf-8") + "# more\n", "utf-8")
    assert recalled(own) is None


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"not json", b'{"for": 1, "uses": {}}\nrubbish'])
def test_what_is_damaged_is_not_recalled(place, damage):
    kept(POLICY)
    (file,) = (place / "cache").rglob("*.program")
    file.write_bytes(damage)
    assert recalled(POLICY) is None
    kept(POLICY)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert recalled(POLICY) is None


def test_nothing_is_kept_where_that_is_turned_off(place, monkeypatch):
    monkeypatch.setenv("POLICY_NO_CACHE", "1")
    kept(POLICY)
    assert not (place / "cache").exists()
    assert recalled(POLICY) is None
