"""Word files (.docx): one article each, stored as the plain text that a reader sees."""

from index.sources.article_fields import ArticleFields, article_of_file, parse_fields
from index.sources.source_file import SourceFile
from index.sources.stored_text import stored_text
from index.sources.word.package import open_word
from index.sources.word.properties import stated_fields
from index.sources.word.text import render_word
from qa.errors import SourceError
from qa.values import Article


def read_word(file: SourceFile, *, max_bytes: int) -> Article:
    """Return the file's article, with the title, day, authors and so on that the file states.

    The title is that which the file states, else that which stands in the text, else as for plain
    text. What is stated in a form that cannot be used, such as a day that is none, is left out.

    Raises SourceError or OSError if there is no article to be had, NotInstalledError if what
    reads Word files is not installed.
    """
    where = file.shown_name
    parts = open_word(file.path, where=where)
    try:
        rendered = render_word(parts)
    except RecursionError as error:
        raise SourceError(where, "is nested too deep for a Word file; make it flatter") from error
    text = stored_text(rendered.text, where=where, max_bytes=max_bytes)
    fields, _ = parse_fields(ArticleFields, stated_fields(parts.properties), where=where)
    return article_of_file(file, fields, text, title_in_text=rendered.title)
