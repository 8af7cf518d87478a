"""What the fuzzer is told in Python: how JSON lines are written. Loaded by schemathesis alone."""

import json
from typing import Any

import schemathesis  # type: ignore[import-not-found]  # it is installed apart from the project


@schemathesis.serializer("application/x-ndjson")  # type: ignore[untyped-decorator]
def ndjson(_: Any, value: Any) -> bytes:
    """Write a list as a line an item, and anything else as one line."""
    lines = value if isinstance(value, list) else [value]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
