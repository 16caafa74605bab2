"""A declarative language for rules of burden-sharing, and the engine that decides by them."""

__version__ = "0.1.0"
