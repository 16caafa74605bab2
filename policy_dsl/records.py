"""Records: what `dataclasses` gives, ready sooner.

To a type checker these are the standard dataclasses, and they behave as such. The standard ones write and compile the
methods of every class when it is defined, and each start of the tool defines some two hundred. Here a class gets its
constructor when its first object is made; what compares, hashes and shows an object is the same for all classes.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, make_dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen=False, slots=True, eq=True, repr=True):  # noqa: A002
        """As `dataclasses.dataclass`; the class always has slots."""

        def decorate(cls):
            own = tuple(cls.__annotations__)
            space = {name: what for name, what in cls.__dict__.items() if name not in ("__dict__", "__weakref__")}
            defaults = {name: space.pop(name) for name in own if name in space}
            for base in reversed(cls.__mro__[1:]):
                defaults = getattr(base, "__record_defaults__", {}) | defaults
            every = tuple(dict.fromkeys((*getattr(cls.__bases__[0], "__record_fields__", ()), *own)))
            space |= {"__slots__": own, "__record_defaults__": defaults, "__record_fields__": every}
            space["__dataclass_fields__"] = _Fields()
            space.setdefault("__match_args__", every)
            space |= {name: method for name, method in _methods(every, frozen, eq, repr).items() if name not in space}
            made = type(cls)(cls.__name__, cls.__bases__, space)
            made.__init__ = _first(made, every, defaults)
            return made

        return decorate


class _Fields:
    """The fields as the functions of `dataclasses` want them, made when the first of them asks."""

    def __get__(self, _: object, cls: Any) -> dict[str, Field[Any]]:
        kinds = {name: kind for base in reversed(cls.__mro__) for name, kind in _annotations(base).items()}
        given = cls.__record_defaults__
        listed: list[Any] = [
            (name, kinds[name], given[name]) if name in given else (name, kinds[name]) for name in cls.__record_fields__
        ]
        made: dict[str, Field[Any]] = vars(make_dataclass(cls.__name__, listed))["__dataclass_fields__"]
        setattr(cls, "__dataclass_fields__", made)  # noqa: B010
        return made


def _annotations(base: type) -> dict[str, Any]:
    return base.__annotations__ if hasattr(base, "__record_fields__") else {}


def _first(cls: type, every: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    """A constructor that makes the real one when it is called for the first time."""

    def __init__(self: Any, *values: object, **named: object) -> None:  # noqa: N807
        cls.__init__ = _constructor(cls, every, defaults)  # type: ignore[misc]
        cls.__init__(self, *values, **named)  # type: ignore[misc]

    return __init__


def _constructor(cls: type, every: tuple[str, ...], defaults: dict[str, Any]) -> Any:
    """The constructor of a class: it takes the fields in their order and fills each slot."""
    space: dict[str, Any] = {"__made__": _made}
    taken, lines = [], []
    for name in every:
        space[f"_set_{name}"] = getattr(cls, name).__set__
        value = name
        if name in defaults:
            given = defaults[name]
            if isinstance(given, Field):
                given, value = _Factory(given), f"__made__({name})"
            space[f"_default_{name}"] = given
            taken.append(f"{name}=_default_{name}")
        else:
            taken.append(name)
        lines.append(f"    _set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    exec(f"def __init__(self, {', '.join(taken)}):\n" + "\n".join(lines or ["    pass"]), space)
    return space["__init__"]


class _Factory:
    """Stands for a value that is made anew for each object."""

    __slots__ = ("make",)

    def __init__(self, given: Field[Any]) -> None:
        assert given.default_factory is not MISSING
        self.make = given.default_factory


def _made(value: object) -> object:
    return value.make() if type(value) is _Factory else value


def _methods(every: tuple[str, ...], frozen: bool, eq: bool, shown: bool) -> dict[str, Any]:
    """What compares, hashes, shows, keeps and protects an object."""
    values = attrgetter(*every) if every else _nothing
    found: dict[str, Any] = {"__getstate__": _state, "__setstate__": _restore}
    if frozen:
        found |= {"__setattr__": _refuse, "__delattr__": _refuse}
    if shown:
        found["__repr__"] = _repr
    if eq:

        def __eq__(self: object, other: object) -> bool:  # noqa: N807
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        def __hash__(self: object) -> int:  # noqa: N807
            return hash(values(self))

        found |= {"__eq__": __eq__, "__hash__": __hash__ if frozen else None}
    return found


def _nothing(_: object) -> tuple[()]:
    return ()


def _state(self: Any) -> list[object]:
    return [getattr(self, name) for name in self.__record_fields__]


def _restore(self: Any, state: list[object]) -> None:
    for name, value in zip(self.__record_fields__, state, strict=True):
        object.__setattr__(self, name, value)


def _refuse(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__} is immutable: {name}")


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__record_fields__)
    return f"{type(self).__qualname__}({shown})"
