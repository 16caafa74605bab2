"""The sandbox in which templates are filled: what a template sees, which filters it has, and what it can't do.

A template sees the document and nothing else. Whatever it prints comes out as text of its form, by whatever name its
file goes; only the filters here and the template's own signs make marks. Nothing can take that back: there is no
filter `safe`, and `autoescape` can't be turned off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, NoReturn

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.filters import FILTERS
from jinja2.runtime import BlockReference, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Cycler, Joiner, Namespace, missing
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from policy_dsl.render import document as model
from policy_dsl.render.document import Figure, Line, Twig
from policy_dsl.render.escape import markdown_start, visible, visible_lines
from policy_dsl.render.marks import html_line, html_tree, md_line, md_text, md_tree

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from jinja2.runtime import Context

_FENCE = re.compile(r"`{3,}")

OPEN = (
    "capitalize", "count", "d", "default", "dictsort", "first", "groupby", "items", "last", "length", "list", "lower",
    "map", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "title", "trim", "unique", "upper",
)  # fmt: skip
"""The filters of jinja2 that templates have: none of them makes marks of text, counts up, or knows chance."""

_GLOBALS = ("cycler", "dict", "joiner", "namespace", "range")
_OF_VALUES: dict[type, frozenset[str]] = {
    dict: frozenset({"get", "items", "keys", "values"}),
    str: frozenset({"endswith", "startswith"}),
    tuple: frozenset({"grouper", "list"}),
    Fraction: frozenset({"denominator", "numerator"}),
    date: frozenset({"day", "month", "year"}),
}
_OF_TEMPLATES = (BlockReference, Cycler, Joiner, LoopContext, Namespace, TemplateModule)
LARGEST = 10**18


class Marked(str):
    """A text in Markdown that is not to be escaped again: made by a filter or a macro."""

    __slots__ = ()


class Anchors(frozenset[str]):
    """The anchors of a document, one after another in the same order everywhere."""

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(super().__iter__()))


class Unknown(UndefinedError):
    """A name that stands for nothing where it is looked up; `holder` is what was asked for it, or none."""

    def __init__(self, message: str, name: str, holder: object) -> None:
        super().__init__(message)
        self.name, self.holder = name, holder


class Closed(SecurityError):
    """Something that is there and not open to templates; `what` names it."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Turned(TemplateSyntaxError):
    """A template that would turn escaping off."""


class Unprintable(Exception):
    """A value that is no text; `kind` says what it is."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Unfit(Exception):
    """A filter that is given something that it is not for."""


class _Undefined(StrictUndefined):
    """What stands for nothing raises `Unknown` as soon as it is used, what is closed `Closed`."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: type = UndefinedError
    ) -> None:
        def fault(message: str) -> Exception:
            if issubclass(exc, SecurityError):
                return Closed(str(name))
            return Unknown(message, str(name), None if obj is missing else obj)

        super().__init__(hint, obj, name, fault)  # type: ignore[arg-type]


class Sandbox(ImmutableSandboxedEnvironment):
    """The environment of one form, `html` or `md`; all its templates are of that form."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, form: str, loader: BaseLoader) -> None:
        super().__init__(
            loader=loader,
            undefined=_Undefined,
            autoescape=form == "html",
            finalize=self.printed,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self.form = form
        self.marks: type[str] = Markup if form == "html" else Marked
        self.filters = {name: FILTERS[name] for name in OPEN} | filters(form)
        self.filters |= {"e": self.escaped, "escape": self.escaped, "join": self.listed}
        self.globals = {name: self.globals[name] for name in _GLOBALS}

    # ---- what comes out ---------------------------------------------------------------------------------------------

    def printed(self, value: Any) -> str:
        """What a template prints: marks as they are, all else as text. Raises Unprintable for what is no text."""
        if isinstance(value, self.marks):
            return value
        if isinstance(value, str):
            return visible_lines(value) if self.form == "html" else Marked(markdown_start(md_text(value)))
        if isinstance(value, _Undefined):
            return str(value)
        if isinstance(value, int | Fraction | date) and not isinstance(value, bool):
            return Marked(value) if self.form == "md" else str(value)
        raise Unprintable(_called(value))

    def escaped(self, value: Any) -> str:
        """A value as text of the form, with its marks escaped."""
        made = self.printed(value)
        return Markup.escape(made) if self.form == "html" else made

    def joined(self, *values: Any) -> str:
        """What `~` gives: text, or marks where one part is marks; then the others are escaped."""
        if any(isinstance(each, self.marks) for each in values):
            return self.marks(self.concat([self.escaped(each) for each in values]))
        return str(self.concat([each if isinstance(each, str) else self.printed(each) for each in values]))

    def listed(self, values: Iterable[Any], between: Any = "", attribute: str | None = None) -> str:
        """The filter `join`."""
        found = [self.getitem(each, attribute) if attribute else each for each in values]
        parts = [part for each in found for part in (between, each)]
        return self.joined(*parts[1:])

    def concat(self, parts: Iterable[str]) -> str:
        """Several texts as one. What macros and blocks give in Markdown is marks already."""
        return "".join(parts) if self.form == "html" else Marked("".join(parts))

    # ---- what is open ------------------------------------------------------------------------------------------------

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Is an attribute open? Those of the document's classes and of a template's own things are."""
        if attr in _readable(type(obj)):
            return True
        return not attr.startswith("_") and isinstance(obj, _OF_TEMPLATES)

    def wrap_str_format(self, value: Any) -> None:
        """`format` is not open: what it would fill in is not text of the form."""

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Templates number things and calculate nothing: whole numbers may be added, taken away and divided."""
        small = all(isinstance(each, int) and abs(each) < LARGEST for each in (left, right))
        if isinstance(left, _Undefined) or isinstance(right, _Undefined):
            str(left), str(right)
        if operator in ("/", "**") or not small:
            raise Closed(operator)
        return self.binop_table[operator](left, right)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for each in tree.find_all((nodes.EvalContextModifier,)):
            raise Turned("", each.lineno, name, filename)
        made: nodes.Template = _Joins().visit(tree)
        made.set_environment(self)
        return made

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Faults are raised as they are: whoever reports them finds the place itself."""
        raise


class _Joins(NodeTransformer):
    """Puts `Sandbox.joined` in the place of `~`."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Call:  # noqa: N802
        self.generic_visit(node)
        return nodes.Call(nodes.EnvironmentAttribute("joined"), node.nodes, [], None, None, lineno=node.lineno)


_known: dict[type, frozenset[str]] = {}


def _readable(kind: type) -> frozenset[str]:
    """The attributes of a class that templates may read."""
    if kind not in _known:
        ours = kind.__module__ == model.__name__
        of_values = (names for base, names in _OF_VALUES.items() if issubclass(kind, base))
        _known[kind] = attributes(kind) if ours else frozenset().union(*of_values)
    return _known[kind]


def classes() -> Mapping[str, type]:
    """The classes of the document by name, in the order in which they are written."""
    return {
        name: kind
        for name, kind in vars(model).items()
        if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == model.__name__
    }


def attributes(kind: type) -> frozenset[str]:
    """The public fields and properties of a class of the document."""
    found = {each.name for each in fields(kind)} if is_dataclass(kind) else set()
    found |= {name for name, value in vars(kind).items() if isinstance(value, property)}
    return frozenset(name for name in found if not name.startswith("_"))


def _called(value: object) -> str:
    """What a value is, for people: the name of its class in the document, or a plain word."""
    if type(value).__module__ == model.__name__:
        return f"a `{type(value).__name__}`"
    if isinstance(value, tuple) and value and all(isinstance(each, model.Span) for each in value):
        return "a line"
    if isinstance(value, str):
        return "a text"
    words = {bool: "yes or no", type(None): "nothing", tuple: "a list", list: "a list", dict: "a table of names"}
    return words.get(type(value), "no text")


# ---- filters ---------------------------------------------------------------------------------------------------------


def filters(form: str) -> dict[str, Callable[..., Any]]:
    """The filters of our own, for a form."""
    common: dict[str, Callable[..., Any]] = {
        "kind": _kind,
        "visible": _wanting("a text", visible),
        "visible_lines": _wanting("a text", visible_lines),
        "without": _wanting("the document", _without),
    }
    if form == "html":
        return common | {
            "html_line": _wanting("a line", _html_line),
            "html_tree": _wanting("the twigs of a `Tree`", _html_tree),
            "picture": _wanting("a `Figure`", _picture),
            "policy_text": _wanting("the text of a policy", _policy_text),
        }
    return common | {
        "fenced": _wanting("a text", _fenced),
        "hashes": _wanting("a depth", _hashes),
        "md": _wanting("a text", lambda text: Marked(md_text(text))),
        "md_line": _wanting("a line", lambda line, start=False: Marked(md_line(line, start))),
        "md_tree": _wanting("the twigs of a `Tree`", lambda twigs: Marked(md_tree(twigs))),
    }


def _wanting(what: str, made: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that says what it is for where it is given something else."""

    def applied(*values: Any, **named: Any) -> Any:
        try:
            return made(*values, **named)
        except (AttributeError, TypeError):
            if isinstance(values[0], _Undefined):
                str(values[0])
            raise Unfit(f"the filter is for {what}, and is given {_called(values[0])}") from None

    return applied


def _kind(block: object) -> str:
    """The kind of a block, as the name of a macro."""
    return type(block).__name__.lower()


def _html_line(line: Line, anchors: Iterable[str] = frozenset()) -> Markup:
    return Markup(html_line(line, anchors if isinstance(anchors, frozenset) else frozenset(anchors)))


def _html_tree(twigs: tuple[Twig, ...], anchors: Iterable[str] = frozenset()) -> Markup:
    return Markup(html_tree(twigs, anchors if isinstance(anchors, frozenset) else frozenset(anchors)))


def _picture(figure: Figure) -> Markup:
    """The picture as a part of the page, with its title and what it shows in words for those who hear the page."""
    if not isinstance(figure, Figure):
        # The picture stands in the page as it is; so it must be one that the tool drew.
        raise TypeError
    title, words = f"{figure.anchor}-title", f"{figure.anchor}-words"
    head, _, rest = figure.picture.partition(">")
    told = f'<title id="{title}">{escape(visible(figure.label))}</title>'
    told += f'<desc id="{words}">{escape(visible(figure.words))}</desc>'
    return Markup(f'{head} role="img" aria-labelledby="{title}" aria-describedby="{words}">{told}{rest}')


# How the signs of a policy are set off from each other; what is not listed stands as it is.
_SET_OFF = {
    "opening": "word",
    "provision": "word",
    "line": "word",
    "words": "said",
    "string": "said",
    "comment": "aside",
}


def _policy_text(text: str) -> Markup:
    """The text of rules, with what opens a line, the words in quotes and the comments told apart."""
    from itertools import groupby

    from policy_dsl.syntax.highlight import coloured

    # Provisions stand at the margin here, and are told from articles by being indented.
    deeper = "  " + visible_lines(text).replace("\n", "\n  ")
    made = []
    for mark, signs in groupby(coloured(deeper), lambda each: _SET_OFF.get(each[0], "")):
        safe = str(escape("".join(sign for _, sign in signs)))
        made.append(f'<span class="{mark}">{safe}</span>' if mark and safe.strip() else safe)
    return Markup("".join(made)[2:].replace("\n  ", "\n"))


def _hashes(depth: int) -> Marked:
    """The mark of a heading at a depth; Markdown knows six."""
    return Marked("#" * min(max(depth, 1), 6))


def _fenced(text: str) -> Marked:
    """Text as a code block whose fence is longer than any in the text."""
    safe = visible_lines(text)
    longest = max((len(found) for found in _FENCE.findall(safe)), default=2)
    fence = "`" * (longest + 1)
    return Marked(f"{fence}\n{safe}\n{fence}")


def _without(document: model.Document, *anchors: str) -> model.Document:
    """The document without some of its sections, and without the links that led into them."""
    from dataclasses import replace

    kept = tuple(each for each in document.sections if each.anchor not in anchors)
    return replace(document, sections=kept, anchors=Anchors(model.anchors_in(kept)))
