"""Makes what the tests of this folder share importable by them, and watches the engine while they run."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def agreement(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """In every test: each value that the engine finds is of the type that the checker told from the text."""
    if "planted" in request.node.name:
        yield
        return
    from agreement import watched

    with watched(monkeypatch) as disagreements:
        yield
    assert not disagreements, disagreements[:5]
