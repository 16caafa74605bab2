"""A module that is imported when something of it is asked for: what most texts never need."""

from __future__ import annotations

from importlib import import_module


class Later:
    """Stands for a module until then."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> object:
        return getattr(import_module(self._name), name)
