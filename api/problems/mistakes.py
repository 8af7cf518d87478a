"""What a validator found wrong in a request, as sentences that say what to change."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

# Where the validator's own words do not say what to change.
_CURES = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not known here; correct its name or leave it out",
    "string_unicode": "is not valid Unicode (a lone surrogate?); correct it",
    "model_attributes_type": "must be a JSON object, such as {}",
}
# What pydantic calls the kinds that a value of several may have; no field is named so.
_ONE_OF_SEVERAL = re.compile(r"str|(?:list|function-after)\[.*\]", re.DOTALL)
# A body may hold thousands of mistakes, and names of any length.
_SHOWN_PROBLEMS = 5
_SHOWN_CHARACTERS = 100


def what_to_change(problems: Sequence[Mapping[str, Any]]) -> str:
    """Return the first of a validator's mistakes as text: where each is, and what to change."""
    details = list(dict.fromkeys(_sentence(problem) for problem in problems))
    more = len(details) - _SHOWN_PROBLEMS
    listed = [*details[:_SHOWN_PROBLEMS], *([f"and {more:,} more like these"] if more > 0 else [])]
    return "; ".join(listed)


def _sentence(problem: Mapping[str, Any]) -> str:
    """Return where the mistake is and what to change; the value met is not repeated."""
    kind, parts = problem["type"], problem["loc"]
    if kind == "json_invalid":
        return f"the body is not valid JSON at character {parts[-1]}: {problem['ctx']['error']}"
    names = [str(part) for part in parts if part not in ("body", "query")]
    if kind != "extra_forbidden":
        names = [name for name in names if not _ONE_OF_SEVERAL.fullmatch(name)]
    place = ".".join(names)
    message = _CURES.get(kind, problem["msg"]).removeprefix("Value error, ")
    if not place:
        return f"the body {message}" if kind in _CURES else message
    return f"{shown(place)}: {message}".encode("utf-8", "backslashreplace").decode()


def shown(name: str) -> str:
    """Return a name as a message repeats it: of a long one the beginning."""
    return name if len(name) <= _SHOWN_CHARACTERS else f"{name[:_SHOWN_CHARACTERS]}…"
