"""numpy by hand, timed as every peer."""

from __future__ import annotations

from by_hand import PARTS, w3_at_once
from harness import main

if __name__ == "__main__":
    main(lambda part: {**PARTS, "w3_at_once": w3_at_once}[part], chunk=512)
