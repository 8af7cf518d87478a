"""Tables in a text: rows of cells that stand one below the other, below a head."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.language.function_words import word_set
from qa.layout.lines import BAR, cell_borders

_FRAME = " \t\r|"
_FEWEST_ROWS = 2
_WORD = re.compile(r"\w")
_DIGIT = re.compile(r"\d")
# What heads a column, and is no value itself.
_MEASURES = word_set(
    """
    age ages amount area capacity charge charges cost costs date dates deadline depth distance dose
    duration fare fares fee fees height hours length limit number percentage population price
    prices rate rates rent salary score share size speed tariff temperature time times total
    turnover value volume wage weight width
    """
)
_QUANTITY = re.compile(r"\d[\d.,:/–-]*\s?(?:[a-zµ]{1,3}|[AP]M)\.?")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table in a text, `text[start:end]`, without the blanks around it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a text: its head, and the rows below it, all of as many cells.

    `names` is the column whose cells name the rows: the first that has other words in each. Of two
    columns that no rule parts from a head, such as "Born | 1815", the head has no words, unless the
    first row names a measure: "Ticket | Price".
    """

    head: Row
    rows: tuple[Row, ...]
    names: int

    @property
    def start(self) -> int:
        """Where its head begins."""
        return self.head[0].start

    @property
    def end(self) -> int:
        """Where its last row ends."""
        return self.rows[-1][-1].end

    @property
    def turned(self) -> "Table":
        """The same with its columns for rows, named by their heads."""
        head, *rows = zip(self.head, *self.rows, strict=True)
        return Table(head, tuple(rows), 0)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text that is a row, from `start` on, and what parts its cells."""

    start: int
    text: str
    border: re.Pattern[str]


@lru_cache(maxsize=64)
def tables_in(text: str) -> tuple[Table, ...]:
    """Return the tables of a text that have two rows or more below their head, in order.

    All their rows have as many cells.
    """
    return tuple(table for lines in _runs(text) if (table := _table(lines)) is not None)


def _runs(text: str) -> Iterator[list[_Line]]:
    """Yield the rows that stand one below the other."""
    run: list[_Line] = []
    start = 0
    lines = text.split("\n")
    for line, border in zip([*lines, ""], [*cell_borders(lines), None], strict=True):
        if border is not None:
            run.append(_Line(start, line, border))
        elif run:
            yield run
            run = []
        start += len(line) + 1


def _table(lines: Sequence[_Line]) -> Table | None:
    said = [line for line in lines if _WORD.search(line.text)]
    if len(said) < _FEWEST_ROWS:
        return None
    is_ruled = lines.index(said[1]) > lines.index(said[0]) + 1
    head, *rows = map(_cells, said)
    if len(head) == 2 and not is_ruled and not _names_a_measure(head[1].text):
        rows = [head, *rows]
        head = (Cell(head[0].start, ""), Cell(head[0].start, ""))
    if len(head) < 2 or len(rows) < _FEWEST_ROWS or {len(row) for row in rows} != {len(head)}:
        return None
    return Table(head, tuple(rows), _names(rows))


def _names_a_measure(text: str) -> bool:
    return not _DIGIT.search(text) and not _MEASURES.isdisjoint(text.lower().split())


def _is_name(text: str) -> bool:
    """Return whether a cell has a letter, and not only as the unit of a number: "9 pm"."""
    return _LETTER.search(text) is not None and _QUANTITY.fullmatch(text) is None


def _names(rows: Sequence[Row]) -> int:
    for column, cells in enumerate(zip(*rows, strict=True)):
        texts = {cell.text for cell in cells}
        if len(texts) == len(rows) and all(map(_is_name, texts)):
            return column
    return 0


def _cells(row: _Line) -> Row:
    line = row.text
    framed = line.strip(" \t\r")
    is_framed = len(framed) > 1 and framed.startswith("|") and framed.endswith("|")
    begin, end = (line.index("|") + 1, line.rindex("|")) if is_framed else (0, len(line))
    border = BAR if is_framed else row.border
    cells = []
    for found in [*border.finditer(line, begin, end), None]:
        said = line[begin : found.start() if found else end]
        text = said.strip(_FRAME)
        cells.append(Cell(row.start + begin + len(said) - len(said.lstrip(_FRAME)), text))
        begin = found.end() if found else end
    return tuple(cells)
