"""Tables looked up: which row of a table a question names by its words, and which column.

"How much is an adult ticket in the high season?" names the row that has "Adult" and the column
"High season", and no other. What it does not name clearly is not guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.language.function_words import is_function_word, stem
from qa.language.names import names_in_question
from qa.language.quantities import in_one_spelling
from qa.language.same_answer import folded
from qa.layout.tables import Cell, Row, Table, tables_in

# What asks for the name of a row, where a value tells which one it is.
_ASKS_FOR_NAME = re.compile(r"\b(?:who|whom|which)\b", re.IGNORECASE)
_WORD = re.compile(r"\w(?:[\w.,:'’-]*\w)?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_QUARTER = re.compile(r"\b([1-4])(?:st|nd|rd|th) quarter\b")
# What people ask with, and what heads the column.
_HEADS = {
    "cost": "price",
    "pay": "price",
    "weigh": "weight",
    "heavy": "weight",
    "deep": "depth",
    "long": "length",
    "wide": "width",
    "tall": "height",
    "high": "height",
    "fast": "speed",
    "old": "age",
    "win": "won",
    "lose": "lost",
    "draw": "drawn",
}
_SHORTEST_STEM = 4

_Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Named:
    """What a question names of a table: a row, by the cell in column `by`, a column, or both.

    Where no row is named, `by` is the column that names them.
    """

    table: Table
    row: Row | None
    by: int
    column: int | None

    @property
    def cell(self) -> Cell | None:
        """The cell that is asked for, where row and column are clear."""
        return None if self.row is None or self.column is None else self.row[self.column]


@lru_cache(maxsize=64)
def named_in(text: str, question: str, title: str = "") -> tuple[Named, ...]:
    """Return the tables of a text of which a question names a row or a column, in order.

    A row is named by a cell that shares words with the question that no other row has in this
    column, or that the question has whole ("K2", not "K2 Pro"); a column by its head, likewise. A
    word of a head names no row, nor does one of the article's `title` if another word does.
    """
    asked = _asked(question)
    names = [_words(name) for name in names_in_question(question)]
    asks_for_name = _ASKS_FOR_NAME.search(question) is not None
    found = (
        _named(table, asked, names, _words(title), asks_for_name=asks_for_name)
        for table in tables_in(text)
    )
    return tuple(named for named in found if named is not None)


def _named(
    table: Table,
    asked: _Words,
    names: Sequence[_Words],
    title: _Words,
    *,
    asks_for_name: bool,
) -> Named | None:
    heads = [_words(cell.text) for cell in table.head]
    by_head = [_meant(asked, head) for head in heads]
    in_rows = asked.difference(*heads)
    found = _row(table, in_rows, by_head, names) or _row(table, in_rows - title, by_head, names)
    row, by = found or (None, table.names)
    used = in_rows & _words(row[by].text) if row is not None else _Words()
    shares = [_Words() if at == by else words - used for at, words in enumerate(by_head)]
    column = _best(shares, [head <= asked for head in heads])
    if column is None and by != table.names and asks_for_name:
        column = table.names
    return None if row is None and column is None else Named(table, row, by, column)


def _row(
    table: Table, asked: _Words, by_head: Sequence[_Words], names: Sequence[_Words]
) -> tuple[Row, int] | None:
    """Return the row that is named and the column of the cell that names it, if all agree."""
    matches = []
    in_names = asked.intersection(
        word for row in table.rows for word in _words(row[table.names].text)
    )
    for column, head in enumerate(by_head):
        cells = [_words(row[column].text) for row in table.rows]
        shares = [cell & asked for cell in cells]
        if column == table.names and not any(shares):
            shares = [_meant(asked, cell) for cell in cells]
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


def _best(shares: Sequence[_Words], are_whole: Sequence[bool]) -> int | None:
    """Return which one shares all that the others do with the question, and more, if one does."""
    best = max(range(len(shares)), key=lambda at: (len(shares[at]), are_whole[at]))
    is_clear = shares[best] and all(
        at == best
        or shares[at] < shares[best]
        or (shares[at] == shares[best] and are_whole[best] > are_whole[at])
        for at in range(len(shares))
    )
    return best if is_clear else None


def _is_of_other_name(cell: _Words, shared: _Words, head: _Words, names: Sequence[_Words]) -> bool:
    """Return whether the question means another by the words: "Old Harbour", not "Harbour List"."""
    return any(name & shared and not name <= cell | head for name in names)


def _meant(asked: _Words, head: _Words) -> _Words:
    """Return the words of the question that a head has, in whatever form."""
    return _Words(
        word
        for word in asked
        if any(_is_form(word, other) or _HEADS.get(word) == other for other in head)
    )


def _is_form(word: str, other: str) -> bool:
    # Of the words of a long table most differ in these letters, and need no further look.
    if word == other or word[:_SHORTEST_STEM] != other[:_SHORTEST_STEM]:
        return word == other
    if min(len(word), len(other)) < _SHORTEST_STEM or not (word + other).isalpha():
        return False
    return word.startswith(other) or other.startswith(word) or stem(word) == stem(other)


def _asked(question: str) -> _Words:
    """Return the words of a question, "Q3" for "third quarter", too."""
    quarters = _QUARTER.findall(in_one_spelling(folded(question)))
    return _words(question) | {f"q{number}" for number in quarters}


# Of all questions, the same tables are looked at.
@lru_cache(maxsize=16384)
def _words(text: str) -> _Words:
    found = _WORD.findall(_THOUSANDS.sub("", folded(text)))
    return _Words(_singular(word) for word in found if not is_function_word(word))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word
