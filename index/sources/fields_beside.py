"""What a file cannot say of itself, or says wrongly: the fields in a YAML file beside it.

`report.pdf.yaml` is about `report.pdf`. What it states stands in place of what the document says
of itself, which programs fill in: a title that is a file's name, the day on which it was printed.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from index.sources.article_fields import ArticleFields, checked_id, parse_fields
from index.sources.source_file import SourceFile
from index.sources.stored_text import check_is_regular, read_text
from index.sources.titles import one_line
from index.sources.yaml_fields import MAX_CHARACTERS, parse_yaml_fields
from qa.errors import SourceError
from qa.values import Article, Json

_SUFFIX = ".yaml"
_MAX_BYTES_A_CHARACTER = 4


def with_fields_beside(article: Article, file: SourceFile) -> Article:
    """Return a file's only article with the fields that the YAML file beside it states, if any.

    A field that is stated as null or blank counts as absent; id and title stay then as they are.
    Raises SourceError if the YAML file cannot be used, OSError if it cannot be read.
    """
    path, where = path_beside(file.path), shown_name_beside(file)
    if not os.path.lexists(path):
        return article
    return _with_fields(article, _stated(path, where=where), where=where)


def path_beside(path: Path) -> Path:
    """Return where the fields of a file stand, if anything states them."""
    return path.with_name(path.name + _SUFFIX)


def shown_name_beside(file: SourceFile) -> str:
    """Return what messages call the file with a file's fields."""
    return f"{file.shown_name}{_SUFFIX}"


def is_beside(path: Path, others: set[Path]) -> bool:
    """Return whether a file holds the fields of one of the others."""
    return path.suffix == _SUFFIX and path.with_suffix("") in others


def _stated(path: Path, *, where: str) -> dict[str, Json]:
    check_is_regular(path, where=where)
    text = read_text(path, where=where, max_bytes=_MAX_BYTES_A_CHARACTER * MAX_CHARACTERS)
    fields = parse_yaml_fields(text, where=where, what="the text")
    if fields is None:
        raise SourceError(where, "has no fields; write one a line, such as `title: Annual report`")
    return fields


def _with_fields(article: Article, stated: Mapping[str, Json], *, where: str) -> Article:
    fields, metadata = parse_fields(ArticleFields, stated, where=where)
    return replace(
        article,
        article_id=article.article_id if fields.id is None else checked_id(fields.id, where=where),
        title=article.title if fields.title is None else one_line(fields.title),
        url=fields.url if "url" in stated else article.url,
        published=fields.published if "published" in stated else article.published,
        authors=tuple(fields.authors) if "authors" in stated else article.authors,
        source=fields.source if "source" in stated else article.source,
        language=fields.language if "language" in stated else article.language,
        tags=tuple(fields.tags) if "tags" in stated else article.tags,
        metadata={**article.metadata, **metadata},
    )
