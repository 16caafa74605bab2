"""The digest by which a text is known again.

`hashlib` loads OpenSSL beside it, which takes longer than many a check; the interpreter has the function of its own,
and `hashlib` gives this same one.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b
else:
    try:
        from _blake2 import blake2b
    except ImportError:  # an interpreter that keeps it elsewhere
        from hashlib import blake2b

__all__ = ["blake2b"]
