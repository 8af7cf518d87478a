"""Tables looked up: which row of a table a question names by its words, and which column.

"How much is an adult ticket in the high season?" names the row that has "Adult" and the column
"High season", and no other. What it does not name clearly is not guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from qa.language.function_words import is_function_word, word_set
from qa.language.names import names_in_question
from qa.tables.extremes import extreme_row, has_superlative
from qa.tables.table import Cell, Row, Table, tables_in
from qa.tables.words import (
    Numbers,
    Words,
    all_words,
    asked_words,
    have_other_number,
    meant_words,
    numbers_asked,
    words_of,
)

# What asks for the name of a row, where a value tells which one it is.
_ASKS_FOR_NAME = re.compile(r"\b(?:who|whom|which)\b", re.IGNORECASE)
# Before what heads share they tell no column.
_QUANTIFIERS = word_set("many much more most less least every each all any both other")


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names of a table: a row, by the cell in column `by`, a column, or both.

    Where no row is named, `by` is the column that names them. With neither, what is named is not in
    the table. `is_compared` if the row is that of the least or the greatest number in column `by`.
    """

    table: Table
    row: Row | None
    by: int
    column: int | None
    is_compared: bool = False

    @property
    def cell(self) -> Cell | None:
        """The cell that is asked for, where row and column are clear."""
        return None if self.row is None or self.column is None else self.row[self.column]


@lru_cache(maxsize=64)
def named_in(text: str, question: str, title: str = "") -> tuple[Named, ...]:
    """Return the tables of a text of which a question names a row or a column, in order.

    A row is named by a cell that shares words with the question that no other row has in this
    column, or that the question has whole ("K2", not "K2 Pro"); a column by its head, likewise. A
    word of a head names no row, nor does one of the article's `title` if another word does. Where
    the question is about another ("Q3 2025", of Q3 2024 and Q2 2025), nothing is named.
    """
    asked = _Asked(
        question,
        asked_words(question),
        numbers_asked(question),
        [words_of(name) for name in names_in_question(question)],
        words_of(title),
    )
    found = (_meant(table, asked) for table in tables_in(text))
    return tuple(named for named in found if named is not None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, its words, numbers and names, and the words of the article's title."""

    question: str
    words: Words
    numbers: Numbers
    names: Sequence[Words]
    title: Words


def _meant(table: Table, asked: _Asked) -> Named | None:
    """Return the row that a superlative of the question means, or else what its words name."""
    named = _named(table, asked)
    if not has_superlative(asked.question):
        return named
    column = named.column if named is not None and named.row is None else None
    for one, at in ((table, column), (table.turned, None)):
        extreme = extreme_row(one, asked.question, at, asked.title)
        if extreme is not None:
            row, by = extreme
            return Named(one, one.rows[row], by, one.names, is_compared=True)
    return named


def _named(table: Table, asked: _Asked) -> Named | None:
    heads = [words_of(cell.text) for cell in table.head]
    by_head = [meant_words(asked.words, head) for head in heads]
    in_rows = asked.words.difference(*heads)
    found = _row(table, in_rows, by_head, asked.names) or _row(
        table, in_rows - asked.title, by_head, asked.names
    )
    row, by = found or (None, table.names)
    used = in_rows & words_of(row[by].text) if row is not None else Words()
    shares = [Words() if at == by else words - used for at, words in enumerate(by_head)]
    column = _best(shares, [head <= asked.words for head in heads])
    cells = [one[by].text for one in ([row] if row is not None else table.rows)]
    head = [table.head[column].text] if column is not None else []
    is_of_other = any(have_other_number(texts, asked.numbers) for texts in (cells, head))
    if is_of_other or (column is None and _is_of_other_column(table, shares, asked)):
        return Named(table, None, by, None)
    if column is None and by != table.names and _ASKS_FOR_NAME.search(asked.question):
        column = table.names
    return None if row is None and column is None else Named(table, row, by, column)


def _row(
    table: Table, asked: Words, by_head: Sequence[Words], names: Sequence[Words]
) -> tuple[Row, int] | None:
    """Return the row that is named and the column of the cell that names it, if all agree."""
    matches = []
    in_names = asked.intersection(
        word for row in table.rows for word in words_of(row[table.names].text)
    )
    for column, head in enumerate(by_head):
        cells = [words_of(row[column].text) for row in table.rows]
        shares = [cell & asked for cell in cells]
        if column == table.names and not any(shares):
            shares = [meant_words(asked, cell) for cell in cells]
        best = _best(shares, [cell <= asked for cell in cells])
        if best is None or _is_of_other_name(cells[best], shares[best], head, names):
            continue
        # The "35" of "Aquila 35" is no flow of 35.
        if column == table.names or not shares[best] | head <= in_names:
            matches.append((shares[best], shares[best] | head, table.rows[best], column))
    if not matches:
        return None
    share, words, row, by = max(matches, key=lambda match: (len(match[0]), len(match[1])))
    for other_share, other_words, other, _ in matches:
        if other is not row and not (other_share < share or other_words <= words):
            return None
    return row, by


def _best(shares: Sequence[Words], are_whole: Sequence[bool]) -> int | None:
    """Return which one shares all that the others do with the question, and more, if one does."""
    best = max(range(len(shares)), key=lambda at: (len(shares[at]), are_whole[at]))
    is_clear = shares[best] and all(
        at == best
        or shares[at] < shares[best]
        or (shares[at] == shares[best] and are_whole[best] > are_whole[at])
        for at in range(len(shares))
    )
    return best if is_clear else None


def _is_of_other_column(table: Table, shares: Sequence[Words], asked: _Asked) -> bool:
    """Return whether the question has another word before what heads share: "the mid season"."""
    shared = [words for words in shares if words]
    if len(shared) < 2:
        return False
    told = asked.title.union(
        *(words_of(cell.text) for row in (table.head, *table.rows) for cell in row)
    )
    return any(
        word in shared[0].intersection(*shared[1:])
        and not (
            is_function_word(before) or before in _QUANTIFIERS or meant_words(Words([before]), told)
        )
        for before, word in pairwise(all_words(asked.question))
    )


def _is_of_other_name(cell: Words, shared: Words, head: Words, names: Sequence[Words]) -> bool:
    """Return whether the question means another by the words: "Old Harbour", not "Harbour List"."""
    return any(name & shared and not name <= cell | head for name in names)
