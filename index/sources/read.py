"""Reading one source file, whatever its kind."""

from collections.abc import Iterator

from index.sources.fields_beside import path_beside, shown_name_beside, with_fields_beside
from index.sources.jsonl import read_json_lines
from index.sources.markdown.read import read_markdown
from index.sources.pdf.read import read_pdf
from index.sources.plain_text import read_plain_text
from index.sources.source_file import (
    KIND_OF_EXTENSION,
    Kind,
    NotInstalledError,
    Skipped,
    SourceFile,
)
from index.sources.stored_text import MAX_ARTICLE_BYTES, check_is_regular
from index.sources.web_page.read import read_web_page
from index.sources.word.read import read_word
from qa.errors import SourceError
from qa.values import Article


def read_articles(
    file: SourceFile, *, max_article_bytes: int = MAX_ARTICLE_BYTES
) -> Iterator[Article | Skipped]:
    """Yield the articles of the file and what was skipped, one at a time, in the file's order.

    Bad content never raises: a file or row that cannot be used is yielded as `Skipped`. Ids are
    distinct within the file; two files may still state the same id.
    """
    try:
        if file.path.is_dir():
            yield _unread(file.shown_name, "is a folder that cannot be listed")
            return
        check_is_regular(file.path, where=file.shown_name)
        yield from _read(file, max_bytes=max_article_bytes)
    except SourceError as error:
        yield Skipped(error.where, error.reason)
    except NotInstalledError as missing:
        reason = (
            f"is {missing.kind}, and what reads these is not installed, so that nothing leaves the "
            f"index; install Quoth with its extra {missing.extra} "
            f"(pip install 'quoth[{missing.extra}]')"
        )
        yield Skipped(file.shown_name, reason, is_unread=True)
    except (FileNotFoundError, NotADirectoryError) as error:
        reason = f"cannot be read ({error.strerror}); check that it exists"
        yield Skipped(_where(file, error), reason)
    except OSError as error:
        yield _unread(_where(file, error), f"cannot be read ({error.strerror})")


def _where(file: SourceFile, error: OSError) -> str:
    """Return the name of what cannot be read: the file's, or that of its fields."""
    is_beside = str(error.filename) == str(path_beside(file.path))
    return shown_name_beside(file) if is_beside else file.shown_name


def _unread(where: str, problem: str) -> Skipped:
    reason = f"{problem}, so that nothing leaves the index; check its permissions, or leave it out"
    return Skipped(where, reason, is_unread=True)


def _read(file: SourceFile, *, max_bytes: int) -> Iterator[Article | Skipped]:
    if file.kind is Kind.JSON_LINES:
        yield from read_json_lines(file, max_bytes=max_bytes)
    else:
        yield with_fields_beside(_only_article(file, max_bytes=max_bytes), file)


def _only_article(file: SourceFile, *, max_bytes: int) -> Article:
    match file.kind:
        case Kind.PLAIN_TEXT:
            return read_plain_text(file, max_bytes=max_bytes)
        case Kind.MARKDOWN:
            return read_markdown(file, max_bytes=max_bytes)
        case Kind.WEB_PAGE:
            return read_web_page(file, max_bytes=max_bytes)
        case Kind.WORD:
            return read_word(file, max_bytes=max_bytes)
        case Kind.PDF:
            return read_pdf(file, max_bytes=max_bytes)
        case _:
            known = ", ".join(KIND_OF_EXTENSION)
            raise SourceError(file.shown_name, f"unknown kind of file; known are {known}")
