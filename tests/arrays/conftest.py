"""What the tests of this folder share."""

import pytest


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder of the tests' own for what is compiled."""
    return str(tmp_path_factory.mktemp("compiled"))
