"""A group's own templates: read from its folder alone, and filled within bounds.

A template that never comes to an end is stopped after so many steps, and so much printed, on every machine alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, Template, TemplateNotFound, TemplateSyntaxError, nodes

from policy_dsl.diagnostics.problem import Problem
from policy_dsl.render.document import Document
from policy_dsl.render.forms.faults import Endless, NotHad, Unreadable, fault
from policy_dsl.render.forms.markup import Folder, TemplateFault
from policy_dsl.render.forms.sandbox import Anchors, Sandbox
from policy_dsl.source import Source

OURS = "policy/"
STEPS = 1_000_000
"""So many turns of loops, macros and blocks may a document take."""
LONGEST = 64 * 1024 * 1024
"""So many characters may a document have."""


def filled(form: str, document: Document, own: Folder) -> str | None:
    """A document in a form, by the group's template; none where the group has none. Raises TemplateFault."""
    main = f"document.{form}.j2"
    found = own(main)
    if found is None:
        return None
    if isinstance(found, Problem):
        raise TemplateFault(found)
    loader = _Loader(own)
    environment = _Bounded(form, loader)
    environment.globals["doc"] = replace(document, anchors=Anchors(document.anchors))
    try:
        return str(environment.get_template(main).render())
    except Exception as error:
        raise TemplateFault(fault(error, loader.read, own.names, environment)) from None


class _Loader(BaseLoader):
    """Gives the tool's own templates under `policy/`, and from the group's folder the rest."""

    def __init__(self, own: Folder) -> None:
        self.own, self.ours = own, PackageLoader("policy_dsl.render")
        self.read: dict[str, Source] = {}

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool] | None]:
        """The text of a template. Raises TemplateNotFound, and NotHad where it is there but not to be had."""
        if template.startswith(OURS):
            try:
                text, _, _ = self.ours.get_source(environment, template.removeprefix(OURS))
            except TemplateNotFound:
                raise TemplateNotFound(template) from None
            self.read[template] = Source(template, text)
            return text, template, None
        found = self.own(template)
        if found is None:
            raise TemplateNotFound(template)
        if isinstance(found, Problem):
            raise NotHad(template, found)
        self.read[template] = found
        return found.text, template, None

    def load(self, environment: Environment, name: str, globals: Any = None) -> Template:  # noqa: A002
        """A template made ready. Raises Unreadable where that can't be done for another reason than its syntax."""
        try:
            return super().load(environment, name, globals)
        except (TemplateNotFound, TemplateSyntaxError):
            raise
        except Exception as error:
            raise Unreadable(name, error) from None


class _Bounded(Sandbox):
    """A sandbox that counts what is done in it and stops at a bound."""

    def __init__(self, form: str, loader: BaseLoader) -> None:
        super().__init__(form, loader)
        self.steps = self.signs = 0

    def step(self) -> None:
        """One turn of a loop, a macro or a block. Raises Endless beyond the bound."""
        self.steps += 1
        if self.steps > STEPS:
            raise Endless(f"it has taken more than {STEPS:,} steps".replace(",", " "))

    def printed(self, value: Any) -> str:
        """As in the sandbox. Raises Endless beyond the bound."""
        made = super().printed(value)
        self._count(len(made))
        return made

    def concat(self, parts: Iterable[str]) -> str:
        """As in the sandbox. Raises Endless beyond the bound."""
        held = list(parts)
        self._count(sum(map(len, held)), whole=False)
        return super().concat(held)

    def _count(self, signs: int, whole: bool = True) -> None:
        self.signs += signs if whole else 0
        if max(self.signs, signs) > LONGEST:
            raise Endless(f"it has printed more than {LONGEST // 2**20} million signs")

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for each in tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block)):
            assert isinstance(each, nodes.For | nodes.Macro | nodes.CallBlock | nodes.Block)
            call = nodes.Call(nodes.EnvironmentAttribute("step"), [], [], None, None, lineno=each.lineno)
            each.body.insert(0, nodes.ExprStmt(call, lineno=each.lineno))
        tree.set_environment(self)
        return tree
