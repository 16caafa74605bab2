"""Makes the short ways from texts to decisions, which the tests of the engine use, importable here."""

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "evaluate")]
