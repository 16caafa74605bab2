"""The editor's side of the bench: what is known of a policy while it is written, and a language server that tells it.

The modules here know texts, offsets and names; `spoken` and `server` alone know the protocol. Whoever starts the server
calls `serve`.
"""

from __future__ import annotations

from typing import BinaryIO

__all__ = ["MissingPart", "serve"]


class MissingPart(Exception):
    """The library that speaks with editors is not installed."""


def serve(reads: BinaryIO, writes: BinaryIO) -> None:
    """Serve one editor, until it goes. Raises MissingPart where pygls is missing."""
    try:
        from policy_dsl.editor.server import serve as run
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("pygls", "lsprotocol", "cattrs", "attrs"):
            raise
        raise MissingPart from None
    run(reads, writes)
