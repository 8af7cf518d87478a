"""Front matter, the fields at the top of a Markdown file: YAML between dashes, TOML between +++."""

import tomllib
from collections.abc import Collection

from index.sources.yaml_fields import as_json, check_length, parse_yaml_fields, under_own_names
from qa.errors import SourceError
from qa.values import Json

_WHAT = "the front matter"
# Behind the line that opens it.
_FIRST_LINE = 2


def split_front_matter(
    text: str, *, opening: str = "---", closings: Collection[str] = ("---", "...")
) -> tuple[str | None, str]:
    """Return what stands between a first line `opening` and the next closing one, and the rest.

    Without such a block the first is None and the second the whole text. Lines end with LF.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != opening:
        return None, text
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in closings:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
    return None, text


def parse_toml_front_matter(text: str, *, where: str) -> dict[str, Json]:
    """Return the fields of TOML, under names and as values such as `parse_front_matter` gives.

    Raises SourceError if the TOML is malformed or holds what JSON cannot say.
    """
    check_length(text, where=where, what=_WHAT)
    try:
        # The first line is that of the plus signs, so that the error's line is the file's.
        fields = {name: as_json(value) for name, value in tomllib.loads(f"\n{text}").items()}
    except RecursionError as error:
        raise SourceError(where, f"{_WHAT} is nested too deep; make it flatter") from error
    except ValueError as error:
        raise SourceError(where, f"{_WHAT} is not usable TOML, correct it: {error}") from error
    return under_own_names(fields)


def parse_front_matter(text: str, *, where: str) -> dict[str, Json] | None:
    """Return the fields, or None if the block is no mapping but text between two rules.

    Raises SourceError if the YAML is malformed or holds what JSON cannot say.
    """
    return parse_yaml_fields(text, where=where, what=_WHAT, first_line=_FIRST_LINE)
