"""Front matter, the fields at the top of a Markdown file: YAML between dashes, TOML between +++."""

import math
import tomllib
from collections.abc import Collection
from datetime import date
from typing import cast

import yaml

from index.sources.article_fields import ArticleFields
from qa.errors import SourceError
from qa.values import Json

MAX_FRONT_MATTER_CHARACTERS = 100_000

_FIELD_OF_ALIAS = {"date": "published", "author": "authors"}
_FIELDS_OF_TEXT = {*ArticleFields.model_fields, *_FIELD_OF_ALIAS}


class _Loader(yaml.SafeLoader):
    """Plain values only, and no aliases: a few of them can stand for billions of values."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not read; write the value out")
        return super().compose_node(parent, index)


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
    _check_length(text, where=where)
    try:
        # The first line is that of the plus signs, so that the error's line is the file's.
        fields = {name: _as_json(value) for name, value in tomllib.loads(f"\n{text}").items()}
    except RecursionError as error:
        raise SourceError(where, "the front matter is nested too deep; make it flatter") from error
    except ValueError as error:
        raise SourceError(
            where, f"the front matter is not usable TOML, correct it: {error}"
        ) from error
    return _under_own_names(fields)


def parse_front_matter(text: str, *, where: str) -> dict[str, Json] | None:
    """Return the fields, or None if the block is no mapping but text between two rules.

    The fields with a meaning of their own hold strings as they are written (`title: 1984` is a
    title, `language: no` is Norwegian); the others hold what YAML makes of them, dates as ISO
    strings. `date` stands for `published` and `author` for `authors`, unless those are there too.

    Raises SourceError if the YAML is malformed or holds what JSON cannot say.
    """
    _check_length(text, where=where)
    try:
        fields = _load_fields(text)
    except yaml.MarkedYAMLError as error:
        line = "" if error.problem_mark is None else f" in line {error.problem_mark.line + 2}"
        raise SourceError(
            where,
            f"the front matter is not YAML{line}: {error.problem}; "
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
        raise SourceError(
            where, f"the front matter is not usable YAML, correct it: {error}"
        ) from error
    except RecursionError as error:
        raise SourceError(where, "the front matter is nested too deep; make it flatter") from error
    return None if fields is None else _under_own_names(fields)


def _check_length(text: str, *, where: str) -> None:
    if len(text) > MAX_FRONT_MATTER_CHARACTERS:
        limit = MAX_FRONT_MATTER_CHARACTERS
        raise SourceError(where, f"the front matter has more than {limit} characters; shorten it")


def _under_own_names(fields: dict[str, Json]) -> dict[str, Json]:
    return {
        name
        if _FIELD_OF_ALIAS.get(name, name) in fields
        else _FIELD_OF_ALIAS.get(name, name): value
        for name, value in fields.items()
    }


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
                else _as_json(loader.construct_object(node, deep=True))
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
    return _as_json(loader.construct_object(node, deep=True))


def _as_json(value: object) -> Json:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_as_json(entry) for entry in cast(list[object], value)]
    if isinstance(value, set):
        return [_as_json(entry) for entry in sorted(value, key=str)]
    if isinstance(value, dict):
        return {str(name): _as_json(entry) for name, entry in value.items()}
    raise ValueError(f"a value of type {type(value).__name__} ({value!r:.60}) has no form in JSON")
