"""All articles of some source files, each id once, and what of them could not be used."""

from collections.abc import Iterator, Sequence

from index.progress import Progress
from index.sources.read import read_articles
from index.sources.source_file import KIND_OF_EXTENSION, Skipped, SourceFile
from qa.errors import QuothError
from qa.values import Article

_SHOWN_REASONS = 3


class NothingToIndexError(QuothError):
    """The sources hold not one article."""


class AllArticles:
    """The articles of source files, read once; what is `skipped` is known when all are read."""

    def __init__(self, files: Sequence[SourceFile], progress: Progress) -> None:
        # Pictures and the like come last, so that the first reasons are those of lost articles.
        self._files = sorted(files, key=lambda file: file.kind is None)
        self._progress = progress
        self.skipped: list[Skipped] = []

    def __iter__(self) -> Iterator[Article]:
        """Yield them; raises NothingToIndexError in the end if there was none."""
        origins: dict[str, str] = {}
        self._progress.advance("read", done=0, total=len(self._files))
        for done, file in enumerate(self._files, start=1):
            for item in read_articles(file):
                if isinstance(item, Skipped):
                    self.skipped.append(item)
                elif item.article_id in origins:
                    self.skipped.append(_taken(item, file, origins[item.article_id]))
                else:
                    origins[item.article_id] = file.shown_name
                    yield item
            self._progress.advance("read", done=done, total=len(self._files))
        if not origins:
            raise NothingToIndexError(
                f"the sources hold no article that can be read, so the index is unchanged"
                f"{_first_reasons(self.skipped)}"
            )


def _taken(article: Article, file: SourceFile, origin: str) -> Skipped:
    return Skipped(
        file.shown_name,
        f"the id {article.article_id!r} is taken by {origin}; give each article an id of its own",
    )


def _first_reasons(skipped: Sequence[Skipped]) -> str:
    """Return why nothing was read, short enough for one line."""
    if not skipped:
        return f"; add files of a kind that is known: {', '.join(KIND_OF_EXTENSION)}"
    shown = "; ".join(map(str, skipped[:_SHOWN_REASONS]))
    more = len(skipped) - _SHOWN_REASONS
    return f": {shown}" + (f"; and {more} more" if more > 0 else "")
