"""The fields that YAML states, in a block of its own or in a file: plain values, no aliases."""

import math
import re
from datetime import date
from typing import cast

import yaml

from index.sources.article_fields import ArticleFields
from qa.errors import SourceError
from qa.values import Json

MAX_CHARACTERS = 100_000

_FIELD_OF_ALIAS = {"date": "published", "author": "authors"}
_FIELDS_OF_TEXT = {*ArticleFields.model_fields, *_FIELD_OF_ALIAS}
_ONE_LINE_FIELD = re.compile(r"([\w-]+):[ \t]+(\S.*)")
# Each is found by reading all of the text once more.
_MOST_QUOTED = 20
_CLOSING = {'"': '"', "'": "'", "[": "]", "{": "}"}


class _Loader(yaml.SafeLoader):
    """Plain values only, and no aliases: a few of them can stand for billions of values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not read; write the value out")
        return super().compose_node(parent, index)


def parse_yaml_fields(
    text: str, *, where: str, what: str, first_line: int = 1
) -> dict[str, Json] | None:
    """Return the fields, or None if the text is no mapping.

    The fields with a meaning of their own hold strings as they are written (`title: 1984` is a
    title, `language: no` is Norwegian); the others hold what YAML makes of them, dates as ISO
    strings. `date` stands for `published` and `author` for `authors`, unless those are there too.
    A value on the line of its name that is no YAML (`title: Quoth: a guide`) is text as it stands.

    Raises SourceError if the YAML is malformed or holds what JSON cannot say; its message calls
    the text `what` ("the front matter"), and counts lines from `first_line`, that of its first.
    """
    check_length(text, where=where, what=what)
    try:
        fields = _load_as_meant(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = "" if mark is None else f" in line {mark.line + first_line}"
        raise SourceError(
            where,
            f"{what} is not YAML{line}: {error.problem}; "
            "values with a colon or another sign of YAML need quotes",
        ) from error
    except (
        yaml.YAMLError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        # Values with a wrong explicit tag (`!!int x`) fail with whatever error the conversion has.
        raise SourceError(where, f"{what} is not usable YAML, correct it: {error}") from error
    except RecursionError as error:
        raise SourceError(where, f"{what} is nested too deep; make it flatter") from error
    return None if fields is None else under_own_names(fields)


def check_length(text: str, *, where: str, what: str) -> None:
    """Raise SourceError if the text that states fields is longer than any should be."""
    if len(text) > MAX_CHARACTERS:
        raise SourceError(where, f"{what} has more than {MAX_CHARACTERS} characters; shorten it")


def under_own_names(fields: dict[str, Json]) -> dict[str, Json]:
    """Return the fields with `date` and `author` as `published` and `authors`."""
    return {
        name
        if _FIELD_OF_ALIAS.get(name, name) in fields
        else _FIELD_OF_ALIAS.get(name, name): value
        for name, value in fields.items()
    }


def as_json(value: object) -> Json:
    """Return a value of YAML or TOML as JSON can say it, dates as ISO strings; or ValueError."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [as_json(entry) for entry in cast(list[object], value)]
    if isinstance(value, set):
        return [as_json(entry) for entry in sorted(value, key=str)]
    if isinstance(value, dict):
        return {str(name): as_json(entry) for name, entry in value.items()}
    raise ValueError(f"a value of type {type(value).__name__} ({value!r:.60}) has no form in JSON")


def _load_as_meant(text: str) -> dict[str, Json] | None:
    # At all ends of a line that YAML counts.
    lines = text.splitlines(keepends=True)
    quoted: set[int] = set()
    while True:
        try:
            return _load_fields("".join(lines))
        except (yaml.scanner.ScannerError, yaml.parser.ParserError) as error:
            number = -1 if error.problem_mark is None else error.problem_mark.line
            in_quotes = _quoted(lines[number].rstrip()) if 0 <= number < len(lines) else None
            if in_quotes is None or number in quoted or len(quoted) == _MOST_QUOTED:
                raise
            lines[number] = f"{in_quotes}\n"
            quoted.add(number)


def _quoted(line: str) -> str | None:
    """Return a line `name: value` with quotes around all of the value, or None if it is none.

    Where a list or a quotation begins in the value, it must end there, too: one that goes on below
    is not text as it stands.
    """
    field = _ONE_LINE_FIELD.fullmatch(line)
    if field is None:
        return None
    name, value = field.groups()
    if _CLOSING.get(value[0], "") not in value[1:]:
        return None
    doubled = value.replace("'", "''")
    return f"{name}: '{doubled}'"


def _load_fields(text: str) -> dict[str, Json] | None:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return {}
        if not isinstance(root, yaml.MappingNode):
            return None
        fields: dict[str, Json] = {}
        for key, node in root.value:
            name = _name_of(key)
            if name in fields:
                raise ValueError(f"field {name!r} is there twice")
            fields[name] = (
                _as_written(node, loader)
                if name in _FIELDS_OF_TEXT
                else as_json(loader.construct_object(node, deep=True))
            )
        return fields
    finally:
        loader.dispose()


def _name_of(key: yaml.Node) -> str:
    if not isinstance(key, yaml.ScalarNode):
        raise ValueError("a field's name is not a plain word")
    return str(key.value)


def _as_written(node: yaml.Node, loader: _Loader) -> Json:
    if isinstance(node, yaml.SequenceNode):
        return [_as_written(entry, loader) for entry in node.value]
    if isinstance(node, yaml.ScalarNode) and node.tag != "tag:yaml.org,2002:null":
        return str(node.value)
    return as_json(loader.construct_object(node, deep=True))
