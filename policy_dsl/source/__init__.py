"""Texts and places in them: the ground that every message and every node stands on."""

from policy_dsl.source.digest import blake2b
from policy_dsl.source.text import Place, Source, Span

__all__ = ["Place", "Source", "Span", "blake2b"]
