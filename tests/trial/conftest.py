"""The texts that these tests try stand in `trying`, beside them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
