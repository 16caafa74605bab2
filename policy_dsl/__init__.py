"""A declarative language for rules of burden-sharing, and the engine that decides by them.

For programs: `load` gives a policy, its `decide` a decision, its `sweep` the results of many cases. What they need is
imported when one of these names is first asked for.
"""

# As `typing` has it, which nobody needs who asks for the version: type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from policy_dsl.library import Decided, Policy, PolicyError, Swept, load, load_text

__version__ = "0.1.0"

__all__ = ["Decided", "Policy", "PolicyError", "Swept", "__version__", "load", "load_text"]


def __getattr__(name: str) -> object:
    """The names of the library, imported when they are asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module("policy_dsl.library"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """What there is to ask for."""
    return sorted({*globals(), *__all__})
