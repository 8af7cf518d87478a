"""Reading tables: what a question names of one is read in sentences, each cell with its head.

The reader has learned from prose alone: in a table it takes a value of the right kind from any row.
"For Ticket Adult, High season is £8.20" it reads well.
"""

import math
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.language.mentions import unmentioned
from qa.reading.reader import PassageSpan, Reader, best_apart
from qa.retrieval import RetrievedPassage
from qa.tables.lookup import Named, named_in
from qa.tables.table import Cell
from qa.values import Passage

_MAY_BE_TABLE = re.compile(r"[|\t]|[^\s.!?] {2,}\S")
_ASKS_FOR_VALUE = re.compile(r"\W*(?:how|when|where)\b", re.IGNORECASE)
# Longer cells hold texts, such as a caption beside its photographer.
_LONGEST_VALUE = 40
# Of longer articles, in characters, a question would wait for seconds.
_LONGEST_ARTICLE = 500_000


@dataclass(frozen=True, slots=True)
class _Told:
    """What is named of a table in sentences, and the range of the passage that is of the table.

    `cells` has the range of each cell in `text`, and that in the passage. None answers if the best
    is below `least_margin`.
    """

    text: str
    cells: tuple[tuple[range, range], ...]
    table: range
    least_margin: float


def read_with_tables(
    question: str, passages: Iterable[Passage], reader: Reader
) -> Iterator[list[PassageSpan]]:
    """Yield the spans of each passage, in order, best first, as the reader does.

    Where a question names a row or a column of a table, the spans in that table are cells of it, as
    they were read in sentences: whole ones, but of a cell that holds a text what answers. All else
    is as the reader says.
    """
    told: deque[list[_Told]] = deque()

    def texts() -> Iterator[str]:
        for passage in passages:
            tables = list(_told(question, passage))
            told.append(tables)
            yield passage.text
            yield from (table.text for table in tables if table.cells)

    read = iter(reader.read(question, texts()))
    for spans in read:
        tables = [(table, next(read) if table.cells else []) for table in told.popleft()]
        yield _with_cells(spans, tables) if tables else spans


def with_named_cells(
    question: str, retrieved: Sequence[RetrievedPassage]
) -> list[RetrievedPassage]:
    """Return the passages, those that hold a cell that is asked for with the full keyword share.

    The question's words name its row and its column. BM25 cannot see that: a table is long to it,
    and says each word but once.
    """
    return [
        replace(found, keyword_share=1.0) if _holds_named_cell(question, found.passage) else found
        for found in retrieved
    ]


def is_found_by_comparing(question: str, passage: Passage, start: int, end: int) -> bool:
    """Return whether a place in the article is the cell of a row that a superlative means."""
    cells = [named.cell for named in _named(question, passage) if named.is_compared]
    return any(cell is not None and (cell.start, cell.end) == (start, end) for cell in cells)


def _holds_named_cell(question: str, passage: Passage) -> bool:
    cells = [named.cell for named in _named(question, passage)]
    return any(cell is not None and _is_in(passage, cell) for cell in cells)


def _named(question: str, passage: Passage) -> Iterator[Named]:
    """Yield what a question names of the tables that the passage has rows of, or a part of.

    A long table is in several passages: it is looked up in the article, if that is no data set.
    """
    if not _MAY_BE_TABLE.search(passage.text):
        return
    text = _text(passage)
    if len(text) > _LONGEST_ARTICLE:
        return
    title = passage.article.title if passage.article else ""
    for named in named_in(text, question, title):
        if _overlap(passage, named) and _names_nothing_else(question, _with_heading(passage)):
            yield named


# A long table is in many passages of one article.
@lru_cache(maxsize=16)
def _names_nothing_else(question: str, text: str) -> bool:
    return not unmentioned(question, text).names


def _text(passage: Passage) -> str:
    """Return the text that the passage's offsets refer to, as far as it is at hand."""
    return passage.article.text if passage.article else " " * passage.start + passage.text


def _with_heading(passage: Passage) -> str:
    return passage.article.with_heading if passage.article else passage.text


def _overlap(passage: Passage, named: Named) -> range:
    start, end = max(named.table.start, passage.start), min(named.table.end, passage.end)
    return range(start - passage.start, end - passage.start)


def _is_in(passage: Passage, cell: Cell) -> bool:
    return passage.start <= cell.start < cell.end <= passage.end


def _told(question: str, passage: Passage) -> Iterator[_Told]:
    for named in _named(question, passage):
        text = f"{passage.article.title}." if passage.article else ""
        cells: list[tuple[range, range]] = []
        for piece in _sentences(named, passage, question):
            if isinstance(piece, Cell) and _is_in(passage, piece):
                start = piece.start - passage.start
                said = range(len(text), len(text) + len(piece.text))
                cells.append((said, range(start, start + len(piece.text))))
            text += piece.text if isinstance(piece, Cell) else piece
        # Of several cells, one is the likeliest even if what is asked for is in none.
        least_margin = 0.0 if named.cell is None else -math.inf
        yield _Told(text, tuple(cells), _overlap(passage, named), least_margin)


def _sentences(named: Named, passage: Passage, question: str) -> Iterator[str | Cell]:
    """Yield what is read: the cells that may answer, and what stands between them.

    In a row of which no column is named, a head may answer, too: "Which camera costs £54?". When,
    where or how something is, no head tells.
    """
    head, names = named.table.head, named.table.names
    if named.row is None and named.column is None:
        return
    if named.row is None:
        rows = [row for row in named.table.rows if any(_is_in(passage, cell) for cell in row)]
    else:
        rows = [named.row]
    if named.column is None:
        subject = names if named.row is None else named.by
        columns = [at for at in range(len(head)) if at != subject]
    else:
        subject, *columns = sorted({named.column, named.by})
    may_be_head = named.column is None and not _ASKS_FOR_VALUE.match(question)
    for row in rows:
        yield f" For {head[subject].text} " if head[subject].text else " "
        yield row[subject]
        for column in columns:
            if head[column].text:
                yield ", "
                yield head[column] if may_be_head else head[column].text
                yield " is "
            else:
                yield ": "
            yield row[column]
        yield "."


def _with_cells(
    spans: Sequence[PassageSpan], told: Sequence[tuple[_Told, Sequence[PassageSpan]]]
) -> list[PassageSpan]:
    outside = [
        span
        for span in spans
        if not any(_touch(range(span.start, span.end), table.table) for table, _ in told)
    ]
    cells = (
        cell
        for table, read in told
        if read and read[0].margin >= table.least_margin
        for span in read
        for cell in _cell_of(span, table)
    )
    return best_apart([*outside, *cells])


def _cell_of(span: PassageSpan, told: _Told) -> Iterator[PassageSpan]:
    """Yield the cell that a span of the sentences lies in, or its part of a long cell."""
    read = range(span.start, span.end)
    touched = [(said, place) for said, place in told.cells if _touch(read, said)]
    if len(touched) != 1:
        return
    (said, place), *_ = touched
    start, end = place.start, place.stop
    if len(place) > _LONGEST_VALUE:
        start += max(read.start - said.start, 0)
        end -= max(said.stop - read.stop, 0)
    yield replace(span, start=start, end=end)


def _touch(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop
