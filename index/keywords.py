"""Keyword search: BM25 over titles and passages, by tantivy."""

import contextlib
import copy
import os
import shutil
import tempfile
import unicodedata
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

_ANALYZER = "quoth_english"
_WRITER_BYTES = 64_000_000
# Of a delta, which is small; the least that tantivy takes.
_EXTENDING_BYTES = 15_000_000
_TITLE_BOOST = 0.5
_WRITER_LOCK = ".tantivy-writer.lock"
# Soft hyphens and joiners stand unseen inside words; in small letters İ would be two characters.
_LEFT_BY_NFKC = {0xAD: None, 0x200D: None, 0x2060: None, 0xFEFF: None, ord("İ"): "I"}


@dataclass(frozen=True, slots=True)
class KeywordEntry:
    """What is searched for one passage. `article_row` is the article's row in the tables."""

    passage_id: int
    article_row: int
    title: str
    text: str


class KeywordIndex:
    """BM25 search; question words that stand in nearly every text do not count."""

    def __init__(self, index: tantivy.Index) -> None:
        index.reload()
        self._index = index
        self._searcher = index.searcher()
        self._asking = _analyzer(without_stopwords=True)
        self._plain = _analyzer()
        self._withheld: tuple[int, ...] = ()

    @classmethod
    def build(cls, folder: Path, entries: Iterator[KeywordEntry]) -> "KeywordIndex":
        """Write a new index of all entries into the empty folder `folder`.

        Raises OSError if the disk fails.
        """
        folder.mkdir(parents=True)
        with _disk_errors(folder):
            index = tantivy.Index(_schema(), path=str(folder))
            index.register_tokenizer(_ANALYZER, _analyzer())
            # One thread and one commit give one layout of segments, so the same scores each time.
            writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        _write(folder, writer, entries)
        return cls(index)

    @classmethod
    def extend(
        cls, folder: Path, entries: Iterator[KeywordEntry], *, without: Sequence[int]
    ) -> "KeywordIndex":
        """Add entries to the index in `folder`, and take the passages of some articles out of it.

        tantivy writes the new ones into files of their own, and beside the others what is out;
        the files that are there are never changed. Word statistics are of the whole, as if the
        index had been built at once, except that what is out still counts in them.

        Raises OSError if the disk fails.
        """
        with _disk_errors(folder):
            index = tantivy.Index.open(str(folder))
            index.register_tokenizer(_ANALYZER, _analyzer())
            writer = index.writer(heap_size=_EXTENDING_BYTES, num_threads=1)
            if without:
                # By query: a term made of a number is a signed one, which no row is.
                writer.delete_documents_by_query(_of_articles(index.schema, without))
        _write(folder, writer, entries)
        return cls(index)

    @classmethod
    def read(cls, folder: Path) -> "KeywordIndex":
        """Open an index that `build` has written; the caller has checked its checksums."""
        if not _needs_links(folder):
            return cls(tantivy.Index.open(str(folder)))
        links = _links_to(folder)
        opened = cls(tantivy.Index.open(str(links)))
        weakref.finalize(opened, shutil.rmtree, links, ignore_errors=True)
        return opened

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def without(self, article_rows: Sequence[int]) -> "KeywordIndex":
        """Return the same index, which does not find the passages of some articles."""
        other = copy.copy(self)
        other._withheld = tuple(sorted({*self._withheld, *article_rows}))
        return other

    def search(
        self, question: str, *, limit: int, article_rows: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return at most `limit` (passage id, BM25 score), best first, equal scores by id.

        With `article_rows`, only passages of these articles are found.
        """
        asked = _as_searched(question)
        terms = self._asking.analyze(asked) or self._plain.analyze(asked)
        if not terms or limit == 0:
            return []
        query = self._query(list(dict.fromkeys(terms)))
        if article_rows is not None:
            query = self._within(query, article_rows)
        if self._withheld:
            query = self._outside(query, self._withheld)
        hits = self._searcher.search(query, limit).hits
        found = [
            (int(self._searcher.doc(address)["passage_id"][0]), float(score))
            for score, address in hits
        ]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def passages_with(self, word: str) -> int:
        """Return how many passages or titles have the word, in any inflection.

        Those of articles that are out, or no longer found, may still count.
        """
        terms = self._plain.analyze(_as_searched(word))
        return max(
            (self._searcher.doc_freq(field, t) for t in terms for field in ("text", "title")),
            default=0,
        )

    def _query(self, terms: Sequence[str]) -> tantivy.Query:
        schema = self._index.schema
        should = [
            (tantivy.Occur.Should, query)
            for term in terms
            for query in (
                tantivy.Query.term_query(schema, "text", term),
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(schema, "title", term), _TITLE_BOOST
                ),
            )
        ]
        return tantivy.Query.boolean_query(should)

    def _within(self, query: tantivy.Query, article_rows: Sequence[int]) -> tantivy.Query:
        rows = _of_articles(self._index.schema, article_rows)
        return tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, query),
                (tantivy.Occur.Must, tantivy.Query.const_score_query(rows, 0.0)),
            ]
        )

    def _outside(self, query: tantivy.Query, article_rows: Sequence[int]) -> tantivy.Query:
        rows = _of_articles(self._index.schema, article_rows)
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, rows)]
        )


def _of_articles(schema: tantivy.Schema, article_rows: Sequence[int]) -> tantivy.Query:
    return tantivy.Query.term_set_query(schema, "article_row", list(article_rows))


def _write(folder: Path, writer: tantivy.IndexWriter, entries: Iterator[KeywordEntry]) -> None:
    for entry in entries:
        document = tantivy.Document()
        document.add_unsigned("passage_id", entry.passage_id)
        document.add_unsigned("article_row", entry.article_row)
        document.add_text("title", _as_searched(entry.title))
        document.add_text("text", _as_searched(entry.text))
        with _disk_errors(folder):
            writer.add_document(document)
    with _disk_errors(folder):
        writer.commit()
        writer.wait_merging_threads()
    # These alone tantivy makes for its own user, whatever the umask; the service may be another's.
    mode = (folder / _WRITER_LOCK).stat().st_mode
    for path in folder.glob("*.json"):
        path.chmod(mode)


def _needs_links(folder: Path) -> bool:
    """Tell whether tantivy cannot open a folder: it makes lock files even where it only reads."""
    return not all(os.access(path, os.W_OK) for path in (folder, *folder.glob("*.lock")))


def _links_to(folder: Path) -> Path:
    """Return a new folder with links to all files but the locks."""
    place = Path(tempfile.mkdtemp(prefix="quoth-"))
    for path in folder.resolve().iterdir():
        if path.suffix != ".lock":
            (place / path.name).symlink_to(path)
    return place


def _as_searched(text: str) -> str:
    """Return the text in one encoding of what looks the same: Unicode's NFKC, and what it leaves.

    An accent may stand behind its letter, or a soft hyphen where a line once ended.
    """
    return unicodedata.normalize("NFKC", text).translate(_LEFT_BY_NFKC)


@contextlib.contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    """Turn the ValueError that tantivy raises when it cannot write into an OSError."""
    try:
        yield
    except ValueError as error:
        raise OSError(f"cannot write the keyword index {folder}: {error}") from error


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("passage_id", stored=True)
    builder.add_unsigned_field("article_row", indexed=True)
    for name in ("title", "text"):
        builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


def _analyzer(*, without_stopwords: bool = False) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(64))
        .filter(tantivy.Filter.lowercase())
    )
    if without_stopwords:
        builder = builder.filter(tantivy.Filter.stopword("english"))
    return (
        builder.filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
