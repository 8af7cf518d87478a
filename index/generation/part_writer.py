"""Writing one part of a generation, a base or a delta, from articles of the record."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from index.dense.building import write_vectors
from index.dense.kinds import Exact, VectorsEntry, VectorSettings
from index.disk_errors import naming_database
from index.encoding.encoder import PassageEncoder, Vectors
from index.file_names import TABLES_NAME
from index.generation.tables import Tables, TableWriter
from index.keywords import KeywordEntry
from index.passage_rows import PassageIds
from index.progress import Progress
from index.record.record import Record
from index.splitting.passages import PassageBudget, cut_passages
from index.splitting.sentences import split_sentences
from index.splitting.tokens import token_ranges
from qa.values import Article, Passage, Sentence

_ENCODED_AT_ONCE = 64

Cut = tuple[list[Sentence], list[Passage]]
FindCut = Callable[[Article], Cut | None]


class PartWriter:
    """Cuts articles and encodes passages; of `written` vectors `reused` were known before."""

    def __init__(
        self,
        record: Record,
        encoder: PassageEncoder,
        budget: PassageBudget,
        progress: Progress,
        find_cut: FindCut,
    ) -> None:
        """`find_cut` knows how a former generation has cut an article, if its text is the same."""
        self._record = record
        self._encoder = encoder
        self.budget = budget
        self._progress = progress
        self._find_cut = find_cut
        self.written = 0
        self.reused = 0

    def write_tables(
        self,
        part: Path,
        articles: Iterable[Article],
        *,
        total: int,
        first_row: int = 1,
        hidden: Sequence[int] = (),
    ) -> Tables:
        """Write the tables of articles, whose rows are numbered from `first_row`, and open them."""
        part.mkdir(parents=True, exist_ok=True)
        self._progress.advance("split", done=0, total=total)
        path = part / TABLES_NAME
        with naming_database(path), TableWriter(path) as tables:
            tables.hide(hidden)
            for done, article in enumerate(articles, start=1):
                sentences, passages = self._find_cut(article) or self._cut(article)
                tables.add(first_row + done - 1, article, sentences, passages)
                self._progress.advance("split", done=done, total=total)
        return Tables(path)

    def keyword_entries(self, tables: Tables) -> Iterator[KeywordEntry]:
        """Yield what the keyword index needs to know of every passage."""
        total, done = tables.counts().passages, 0
        self._progress.advance("keywords", done=done, total=total)
        for row, article, passages in tables.articles_with_passages():
            for passage in passages:
                yield KeywordEntry(passage.passage_id, row, article.title, passage.text)
            done += len(passages)
            self._progress.advance("keywords", done=done, total=total)

    def write_vectors(
        self, part: Path, tables: Tables, settings: VectorSettings | None = None
    ) -> VectorsEntry:
        """Write the vectors of all passages, those encoded before from the record's cache.

        The kind of search is chosen by size and `settings`; without these it is exact. Returns
        what was built.
        """
        count = tables.counts().passages
        return write_vectors(
            part,
            self._batches(tables),
            count=count,
            dimension=self._encoder.dimension,
            settings=settings or VectorSettings(),
            kind=Exact() if settings is None else None,
            advance=lambda done: self._progress.advance("vectors", done=done, total=count),
        )

    def _batches(self, tables: Tables) -> Iterator[tuple[PassageIds, Vectors]]:
        total, done = tables.counts().passages, 0
        self._progress.advance("encode", done=done, total=total)
        passages = (passage for _, _, found in tables.articles_with_passages() for passage in found)
        while batch := list(islice(passages, _ENCODED_AT_ONCE)):
            ids = np.array([passage.passage_id for passage in batch], dtype=np.int64)
            yield ids, self._vectors([passage.text for passage in batch])
            done += len(batch)
            self._progress.advance("encode", done=done, total=total)

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        known = self._record.vectors(self._encoder.fingerprint, digests)
        missing = {d: t for d, t in zip(digests, texts, strict=True) if d not in known}
        fresh: dict[bytes, Vectors] = {}
        if missing:
            vectors = self._encoder.encode(list(missing.values()))
            fresh = dict(zip(missing, vectors, strict=True))
            self._record.add_vectors(self._encoder.fingerprint, fresh.items())
        self.written += len(texts)
        self.reused += len(texts) - len(fresh)
        return np.stack([fresh[d] if d in fresh else known[d] for d in digests])

    def _cut(self, article: Article) -> Cut:
        tokenizer = self._encoder.tokenizer
        sentences = split_sentences(article.text)
        passages = cut_passages(
            article,
            sentences,
            tokenize=lambda text: token_ranges(tokenizer, text),
            budget=self.budget,
        )
        return sentences, passages
