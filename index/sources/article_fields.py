"""What a source may state about an article: the fields of a JSON row or of YAML front matter."""

import re
import reprlib
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from index.sources.source_file import SourceFile
from index.sources.stored_text import problem_with_characters
from index.sources.titles import one_line, title_from_name_or_text
from qa.errors import SourceError
from qa.values import Article, Json

MAX_ID_CHARACTERS = 512
MAX_NESTING = 64

_EXPECTED: Mapping[str, str] = {
    "id": "a string or a whole number",
    "published": "an ISO date such as 2021-11-15, a date with time, or null",
    "authors": "a string or a list of strings",
    "tags": "a string or a list of strings",
    "url": "an address that begins with http:// or https://, a relative one, or null",
    "text": "a string with the article's text",
}


def _id_as_string(value: object) -> object:
    is_whole_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_whole_number else value


def blank_as_none(value: object) -> object:
    """Return None for a text of nothing but space, and anything else as it is."""
    return None if isinstance(value, str) and not value.strip() else value


def _day(value: object) -> object:
    """Read a date, or the date as written in a date with time, whatever its time zone."""
    if not isinstance(value, str) or not value.strip():
        return blank_as_none(value)
    without_gap = re.sub(r" (?=[+-][0-9])", "", value.strip())
    return datetime.fromisoformat(without_gap).date()


def _web_address(value: object) -> object:
    """Refuse schemes that a browser would run (`javascript:`) or that lead nowhere on the web."""
    if not isinstance(value, str):
        return value
    address = value.strip()
    if not address.isprintable() or urlsplit(address).scheme not in {"", "http", "https"}:
        raise ValueError("not a web address")
    return address or None


def _listed(value: object) -> object:
    """Return a single name as a list of one, and leave out blank ones."""
    names = [] if value is None else value if isinstance(value, list) else [value]
    return [name for name in names if blank_as_none(name) is not None or name is None]


_OptionalText: TypeAlias = Annotated[str | None, BeforeValidator(blank_as_none)]
_Names: TypeAlias = Annotated[list[str], BeforeValidator(_listed)]


class ArticleFields(BaseModel):
    """The fields that have a meaning here; a blank optional field counts as absent."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    id: Annotated[str | None, BeforeValidator(_id_as_string)] = None
    title: _OptionalText = None
    url: Annotated[str | None, BeforeValidator(_web_address)] = None
    published: Annotated[date | None, BeforeValidator(_day)] = None
    authors: _Names = []
    source: _OptionalText = None
    language: _OptionalText = None
    tags: _Names = []


_Fields = TypeVar("_Fields", bound=ArticleFields)


def build_article(
    fields: ArticleFields,
    *,
    where: str,
    default_id: str,
    default_title: str,
    text: str,
    metadata: Mapping[str, Json] | None = None,
) -> Article:
    """Return the article; raises SourceError if its id cannot be used as one."""
    return Article(
        article_id=checked_id(default_id if fields.id is None else fields.id, where=where),
        title=one_line(fields.title or default_title),
        text=text,
        url=fields.url,
        published=fields.published,
        authors=tuple(fields.authors),
        source=fields.source,
        language=fields.language,
        tags=tuple(fields.tags),
        metadata=dict(metadata or {}),
    )


def article_of_file(
    file: SourceFile,
    fields: ArticleFields,
    text: str,
    *,
    title_in_text: str | None = None,
    metadata: Mapping[str, Json] | None = None,
) -> Article:
    """Return the only article of a file, whose id and title are the file's if none is stated.

    `title_in_text` is a title that stands in the text, marked as one. Raises SourceError if the id
    cannot be used as one.
    """
    return build_article(
        fields,
        where=file.shown_name,
        default_id=file.article_id,
        default_title=title_in_text or title_from_name_or_text(file.stem, text),
        text=text,
        metadata=metadata,
    )


def parse_fields(
    model: type[_Fields], values: Mapping[str, Json], *, where: str
) -> tuple[_Fields, dict[str, Json]]:
    """Return the fields that `model` knows, checked, and the others, which become metadata.

    Raises SourceError that names each wrong field, what was met and what is expected.
    """
    for name, value in values.items():
        problem = _problem_with_value([name, value])
        if problem is not None:
            raise SourceError(where, f"field {_shown(name)} {problem}")
    known = {name: value for name, value in values.items() if name in model.model_fields}
    try:
        fields = model.model_validate(known)
    except ValidationError as error:
        raise SourceError(where, _reason_of(error)) from error
    return fields, {name: value for name, value in values.items() if name not in known}


def _reason_of(error: ValidationError) -> str:
    return "; ".join(_reason_of_one(details) for details in error.errors())


def _reason_of_one(details: ErrorDetails) -> str:
    field = str(details["loc"][0])
    expected = _EXPECTED.get(field, "a string")
    if details["type"] == "missing":
        return f"field {field!r} is missing; add {expected}"
    met = f"{_shown(details['input'])} ({_json_type(details['input'])})"
    if len(details["loc"]) > 1:
        met = f"{met} as entry {details['loc'][1]}"
    return f"field {field!r}: met {met}, expected {expected}"


def checked_id(article_id: str, *, where: str) -> str:
    """Return the id; raises SourceError if it cannot be used as one."""
    if not article_id.strip():
        problem = "is blank"
    elif article_id in {".", ".."}:
        problem = f"{_shown(article_id)} is a step in a path, and no address can hold it"
    elif len(article_id) > MAX_ID_CHARACTERS:
        problem = f"has {len(article_id)} characters, more than {MAX_ID_CHARACTERS}"
    elif any(unicodedata.category(c) == "Cc" for c in article_id):
        problem = f"{_shown(article_id)} holds a control character"
    elif any(unicodedata.category(c) == "Cs" for c in article_id):
        problem = f"{_shown(article_id)} is not valid Unicode"
    else:
        return article_id
    raise SourceError(where, f"the id {problem}; give the article another id or file name")


def _problem_with_value(value: Json) -> str | None:
    """Look at every string in the value, however deep; a stack, since recursion could run out."""
    waiting: list[tuple[Json, int]] = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > MAX_NESTING:
            return f"is nested more than {MAX_NESTING} deep; make it flatter"
        if isinstance(part, str):
            problem = problem_with_characters(part)
            if problem is not None:
                return problem
        elif isinstance(part, dict):
            waiting.extend((inner, depth + 1) for pair in part.items() for inner in pair)
        elif isinstance(part, list):
            waiting.extend((inner, depth + 1) for inner in part)
    return None


def _shown(value: object) -> str:
    """Return the value on one line, shortened, as it may be quoted in a message."""
    shortened = reprlib.Repr()
    shortened.maxstring = shortened.maxlong = shortened.maxother = 60
    return shortened.repr(value)


def _json_type(value: object) -> str:
    names = {str: "a string", bool: "true or false", dict: "an object", list: "a list"}
    return "null" if value is None else names.get(type(value), "a number")
