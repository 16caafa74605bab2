"""A form whose part of the tool was not installed."""

from __future__ import annotations


class FormMissing(Exception):
    """A form can't be made: the part of the tool that makes it, named as its form, is not installed."""

    def __init__(self, form: str) -> None:
        super().__init__(form)
        self.form = form
