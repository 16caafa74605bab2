"""Typst as this tool uses it: with the types that come along and none of the machine's."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from policy_dsl.render.document import Figure
from policy_dsl.render.forms.missing import FormMissing

if TYPE_CHECKING:
    import typst

DOTS = 180
"""Dots to an inch of the picture's own size, 640 points; printed 170 mm wide that is 239 dots to an inch."""


@cache
def compiler(form: str) -> typst.Compiler:
    """The compiler, for a form. Raises FormMissing for the form where Typst or its type for Arabic is not installed."""
    try:
        import typst

        arabic = files("fontpkg_amiri")
    except ImportError:
        raise FormMissing(form) from None
    types = typst.Fonts(include_system_fonts=False, font_paths=[str(arabic)])
    return typst.Compiler(template("document"), font_paths=types, ignore_system_fonts=True)


@cache
def template(name: str) -> bytes:
    """A template for Typst by its name."""
    return (files("policy_dsl.render") / "templates" / f"{name}.typ").read_bytes()


def pixels(figure: Figure) -> bytes:
    """The picture of a figure as PNG, for forms that hold no SVG. Raises FormMissing as `compiler`."""
    made = compiler("docx").compile(template("picture"), sys_inputs=_inputs(figure), format="png", ppi=DOTS)
    assert isinstance(made, bytes)
    return made


def outlined(figure: Figure) -> str:
    """The picture of a figure as SVG in which letters are mere outlines. Raises FormMissing as `compiler`."""
    made = compiler("pdf").compile(template("picture"), sys_inputs=_inputs(figure), format="svg")
    assert isinstance(made, bytes)
    return made.decode("utf-8")


def _inputs(figure: Figure) -> dict[str, str]:
    return {"picture": figure.picture, "width": str(figure.width), "height": str(figure.height)}
