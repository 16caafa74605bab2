"""Makes the short ways to sweeps, and those to cases with a figure moved, importable here."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "sensitivity"), str(HERE.parent / "evaluate")]
