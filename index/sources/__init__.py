"""Reading source files (text, Markdown, web pages, PDFs, Word, JSON Lines) as articles.

`find_source_files` lists the files of the given sources, `read_articles` turns one of them into
articles, and `AllArticles` all of them. What cannot be used is never dropped in silence: it comes
back as `Skipped`, with the reason.
"""

from index.sources.discover import find_source_files
from index.sources.read import read_articles
from index.sources.read_all import AllArticles, NothingToIndexError
from index.sources.source_file import Kind, Skipped, SourceFile
from index.sources.stored_text import MAX_ARTICLE_BYTES

__all__ = [
    "MAX_ARTICLE_BYTES",
    "AllArticles",
    "Kind",
    "NothingToIndexError",
    "Skipped",
    "SourceFile",
    "find_source_files",
    "read_articles",
]
