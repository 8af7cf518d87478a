"""Markdown files: one article each, stored as the plain text that a reader sees."""

from index.sources.article_fields import ArticleFields, article_of_file, parse_fields
from index.sources.markdown.front_matter import (
    parse_front_matter,
    parse_toml_front_matter,
    split_front_matter,
)
from index.sources.markdown.text import render_markdown
from index.sources.source_file import SourceFile
from index.sources.stored_text import read_text, stored_text
from qa.errors import SourceError
from qa.values import Article, Json


def read_markdown(file: SourceFile, *, max_bytes: int) -> Article:
    """Return the file's article; raises SourceError or OSError if there is none to be had.

    The title is that of the front matter, else the first heading, else as for plain text.
    """
    where = file.shown_name
    raw = read_text(file.path, where=where, max_bytes=max_bytes)
    stated, body = _split(raw.replace("\r\n", "\n").replace("\r", "\n"), where=where)
    fields, metadata = parse_fields(ArticleFields, stated, where=where)
    try:
        rendered = render_markdown(body)
    except RecursionError as error:
        raise SourceError(where, "is nested too deep for Markdown; make it flatter") from error
    text = stored_text(rendered.text, where=where, max_bytes=max_bytes)
    return article_of_file(
        file, fields, text, title_in_text=rendered.first_heading, metadata=metadata
    )


def _split(text: str, *, where: str) -> tuple[dict[str, Json], str]:
    toml, body = split_front_matter(text, opening="+++", closings=["+++"])
    if toml is not None:
        return parse_toml_front_matter(toml, where=where), body
    front_matter, body = split_front_matter(text)
    if front_matter is None:
        return {}, text
    fields = parse_front_matter(front_matter, where=where)
    return ({}, text) if fields is None else (fields, body)
