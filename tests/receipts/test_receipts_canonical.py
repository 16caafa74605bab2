"""The canonical texts: the packed one against a library for RFC 8785, the laid-out one against the standard library."""

from __future__ import annotations

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from policy_dsl.receipts.canonical import canonical, digest, packed

KEYS = st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs"]), max_size=6)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=4),
    max_leaves=20,
)


@given(PLAIN)
def test_what_is_packed_for_a_digest_is_what_rfc_8785_asks_for(data: object) -> None:
    assert packed(data).encode("utf-8") == rfc8785.dumps(data)  # type: ignore[arg-type]
    assert digest(data) == "sha256:" + hashlib.sha256(rfc8785.dumps(data)).hexdigest()  # type: ignore[arg-type]


@given(PLAIN)
def test_what_is_laid_out_is_what_the_standard_library_gives(data: object) -> None:
    assert canonical(data) == json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)


@pytest.mark.parametrize("data", [{"a": {1, 2}}, [b"x"], object()])
def test_what_is_no_plain_data_is_refused(data: object) -> None:
    for write in (canonical, packed, digest):
        with pytest.raises(TypeError):
            write(data)


def test_half_a_sign_has_a_digest_too() -> None:
    assert digest("\ud800") != digest("\ud801")
