"""The example's worker, with the handler of the others."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
from gateway_worker import serve

serve(lambda request: (200, [("content-type", "application/json")], [b'{"hello":"world"}']))
