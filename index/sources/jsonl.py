"""JSON Lines files: one article a line."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator
from typing import IO, TypeAlias, cast

from index.sources.article_fields import ArticleFields, build_article, parse_fields
from index.sources.source_file import Skipped, SourceFile
from index.sources.stored_text import check_encoding_mark, decode, stored_text, too_long
from index.sources.titles import title_from_text
from qa.errors import SourceError
from qa.values import Article, Json

_BOM = b"\xef\xbb\xbf"
_Row: TypeAlias = dict[str, Json]


class _ArticleRow(ArticleFields):
    """A line of the file, without the fields that are not known here."""

    text: str


def read_json_lines(file: SourceFile, *, max_bytes: int) -> Iterator[Article | Skipped]:
    """Yield an article, or the reason why there is none, for every line that is not blank.

    Raises SourceError if the whole file is of no use, OSError if it cannot be read.
    """
    line_of_id: dict[str, int] = {}
    has_rows = False
    for number, line in _numbered_lines(file, max_bytes=2 * max_bytes):
        where = f"{file.shown_name} line {number}"
        has_rows = True
        try:
            if line is None:
                raise too_long(where, max_bytes=max_bytes)
            article = read_line(line, where=where, id_prefix=file.name, max_bytes=max_bytes)
            first = line_of_id.setdefault(article.article_id, number)
            if first != number:
                raise _same_id(where, article.article_id, first_line=first)
        except SourceError as error:
            yield Skipped(error.where, error.reason)
        else:
            yield article
    if not has_rows:
        raise SourceError(file.shown_name, "the file is empty; add a JSON object a line")


def _same_id(where: str, article_id: str, *, first_line: int) -> SourceError:
    return SourceError(
        where,
        f"the id {article_id!r} is that of line {first_line} already; "
        "give each article an id of its own, or remove the copy",
    )


def _numbered_lines(file: SourceFile, *, max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    r"""Yield the lines that are not blank, counted from 1; None stands for one that is too long.

    A line may be twice as long as an article: written as `\u4e2d`, a character takes twice the
    bytes that it has in UTF-8.
    """
    with file.path.open("rb") as stream:
        number = 0
        while line := stream.readline(max_bytes + 1):
            number += 1
            if number == 1:
                check_encoding_mark(line, where=file.shown_name)
                line = line.removeprefix(_BOM)
            if len(line) > max_bytes:
                _skip_rest_of_line(stream, line)
                yield number, None
            elif line.strip():
                yield number, line


def _skip_rest_of_line(stream: IO[bytes], beginning: bytes) -> None:
    part = beginning
    while part and not part.endswith(b"\n"):
        part = stream.readline(1 << 20)


def read_line(
    line: bytes, *, where: str, id_prefix: str, max_bytes: int, article_id: str | None = None
) -> Article:
    """Return the article of a line; raises SourceError.

    One that states no id gets `article_id`, or else one that is made of `id_prefix` and its text.
    With `article_id` it may state no other.
    """
    # Where files were joined, or one is sent line by line, a mark may open any line.
    row = _parse_object(decode(line, where=where).removeprefix("\ufeff"), where=where)
    fields, metadata = parse_fields(_ArticleRow, row, where=where)
    if article_id is not None and fields.id not in (None, article_id):
        raise SourceError(
            where,
            f"the id {fields.id!r} is not {article_id!r}, the one in the address; leave it out",
        )
    text = stored_text(fields.text, where=where, max_bytes=max_bytes)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return build_article(
        fields,
        where=where,
        default_id=article_id or f"{id_prefix}-{digest[:12]}",
        default_title=title_from_text(text),
        text=text,
        metadata=metadata,
    )


def read_plain(content: bytes, *, where: str, article_id: str, max_bytes: int) -> Article:
    """Return the article that has this text and nothing else; raises SourceError."""
    text = stored_text(
        decode(content, where=where).removeprefix("\ufeff"), where=where, max_bytes=max_bytes
    )
    return build_article(
        ArticleFields(),
        where=where,
        default_id=article_id,
        default_title=title_from_text(text),
        text=text,
    )


def _parse_object(line: str, *, where: str) -> _Row:
    cure = "write one whole JSON object a line"
    try:
        value = json.loads(
            line,
            object_pairs_hook=_object_without_doubles,
            parse_constant=_refuse_constant,
            parse_float=_finite_float,
        )
    except json.JSONDecodeError as error:
        raise SourceError(
            where, f"is not JSON at column {error.colno}: {error.msg}; {cure}"
        ) from error
    except ValueError as error:
        raise SourceError(where, f"is not usable JSON: {error}") from error
    except RecursionError as error:
        raise SourceError(where, "is JSON nested too deep; make it flatter") from error
    if not isinstance(value, dict):
        raise SourceError(where, f"is JSON, but not an object; {cure}")
    return cast(_Row, value)


def _object_without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        [(double, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"field {double[:60]!r} is there twice; keep one of them")
    return values


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON number; write null instead")


def _finite_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"the number {digits[:60]} is too large; write it as a string")
    return number
