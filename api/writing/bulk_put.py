"""One bulk request: articles, a line each, and what became of each."""

import sqlite3

import structlog

from api.article_bodies import BulkLine, BulkSummary, Refresh
from api.article_stream import Lines
from api.writing.writes import WRITE_RESULTS, Writes
from index.record.record import Change
from index.sources.jsonl import read_line
from qa.errors import QuothError, SourceError
from qa.values import Article

_log = structlog.get_logger("quoth")


class BulkPut:
    """Takes the lines of one bulk request, and counts what became of them."""

    def __init__(self, writes: Writes, max_bytes: int, refresh: Refresh) -> None:
        self._writes = writes
        self._max_bytes = max_bytes
        self._refresh = refresh
        self._counts = dict.fromkeys(Change, 0)
        self._failed = 0
        self._sequence = 0

    def take(self, lines: Lines) -> bytes:
        """Put the articles of some lines, in one transaction, and return their results."""
        results: dict[int, BulkLine] = {}
        articles: dict[int, Article] = {}
        for number, line in lines:
            try:
                articles[number] = self._article(number, line)
            except SourceError as error:
                results[number] = BulkLine(line=number, error=error.reason)
        try:
            written = self._writes.writer.put(list(articles.values())) if articles else []
        except (sqlite3.Error, QuothError) as error:
            _log.warning("cannot do that", reason=str(error))
            reason = f"could not be stored ({error}); send this line again"
            results |= {
                n: BulkLine(line=n, id=a.article_id, error=reason) for n, a in articles.items()
            }
            written = []
        for number, one in zip(articles, written, strict=False):
            self._counts[one.change] += 1
            self._sequence = max(self._sequence, one.sequence)
            results[number] = BulkLine(
                line=number,
                id=one.article_id,
                result=WRITE_RESULTS[one.change],
                sequence=one.sequence,
            )
        self._failed += sum(result.error is not None for result in results.values())
        return b"".join(
            results[number].model_dump_json(exclude_none=True).encode() + b"\n"
            for number, _ in lines
        )

    async def finish(self, lines: int) -> bytes:
        """Return the last line, after waiting for the changes to be searchable if wanted."""
        summary = BulkSummary(
            lines=lines,
            created=self._counts[Change.ADDED],
            changed=self._counts[Change.CHANGED],
            unchanged=self._counts[Change.UNCHANGED],
            failed=self._failed,
            searchable=await self._writes.settle(self._sequence, self._refresh),
        )
        return summary.model_dump_json().encode() + b"\n"

    def _article(self, number: int, line: bytes | None) -> Article:
        where = f"line {number}"
        if line is None:
            raise SourceError(
                where, f"the article is longer than {self._max_bytes} bytes; split it"
            )
        return read_line(line, where=where, id_prefix="article", max_bytes=self._max_bytes)
