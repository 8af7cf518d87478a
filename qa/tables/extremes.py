"""The row of a table that a superlative means: that with the least or greatest number of a column.

"Which pump is the cheapest?" compares prices. What cannot surely be compared is not: numbers of
several units, two that are equal, and a question that may be about some of the rows only.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.language.function_words import AUXILIARIES, is_function_word, word_set
from qa.tables.table import Table
from qa.tables.words import Words, all_words, meant_words, words_of

_SIGNS = {
    **dict.fromkeys(word_set("most highest largest biggest greatest"), 1),
    **dict.fromkeys(word_set("least fewest lowest smallest"), -1),
}
# Superlatives that say themselves what is compared.
_PRICE, _LENGTH, _WEIGHT = word_set("price cost fare fee"), word_set("length"), word_set("weight")
_OWN_HEADS = {
    "cheapest": (-1, _PRICE),
    "dearest": (1, _PRICE),
    "lightest": (-1, _WEIGHT),
    "heaviest": (1, _WEIGHT),
    "shortest": (-1, _LENGTH),
    "longest": (1, _LENGTH),
    "tallest": (1, word_set("height")),
    "deepest": (1, word_set("depth")),
    "widest": (1, word_set("width")),
    "fastest": (1, word_set("speed")),
    "youngest": (-1, word_set("age")),
    "oldest": (1, word_set("age")),
}
_SUPERLATIVES = frozenset([*_SIGNS, *_OWN_HEADS])
_ONE_WORD = {"most expensive": "dearest", "least expensive": "cheapest"}
_ASKS = word_set("who which what")
# Of ranks, the highest is 1.
_RANKS = word_set("place position pos rank no number")
_TOTALS = word_set("total all sum average mean overall")
_NUMBER = re.compile(
    r"(?P<sign>[^\w\s.-]?) ?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r" ?(?P<unit>[^\d,.:-]*)"
)
# Words before a superlative and behind it: what asks (w), auxiliaries (a), "the" (d), other small
# words (f), words of the heads and the title (t), and others (x) that no cell has, which may be a
# noun or a verb: "which brand sold the most", but not "which Scottish brand".
_BEFORE = re.compile(r"[adft]*w(?:t*x?a[adft]*|t*x{1,2}d?|[adft]*)")
_BEHIND = re.compile(r"(?:x(?!t))?[adft]*")
_MONEY = re.compile(r"[$€£]")


def has_superlative(question: str) -> bool:
    """Return whether a question may mean the least or the greatest number of a column."""
    return (
        not _SUPERLATIVES.isdisjoint(re.findall(r"[a-z]+", question.lower()))
        or "expensive" in question
    )


def extreme_row(
    table: Table, question: str, column: int | None, title: Words
) -> tuple[int, int] | None:
    """Return the row that a superlative means and the column it compares, or None.

    `column` is the one that the question names, if there is one.
    """
    for words, word in _ONE_WORD.items():
        question = question.replace(words, word)
    asked = all_words(question)
    superlatives = [at for at, word in enumerate(asked) if word in _SUPERLATIVES]
    if len(superlatives) != 1 or _ASKS.isdisjoint(asked):
        return None
    (at,) = superlatives
    sign = _SIGNS[asked[at]] if asked[at] in _SIGNS else _OWN_HEADS[asked[at]][0]
    by = _compared(table, asked, at, column)
    if by is None or by == table.names or not _is_of_all_rows(table, asked, at, by, title):
        return None
    row = _extreme(table, by, sign)
    return None if row is None else (row, by)


def _compared(table: Table, asked: Sequence[str], at: int, named: int | None) -> int | None:
    """Return the column that the superlative, the `at`-th word, compares, if it is clear."""
    superlative, *behind = asked[at:]
    if superlative in _OWN_HEADS:
        meant = _OWN_HEADS[superlative][1]
        fits = [meant & words_of(cell.text) for cell in table.head]
        is_named = meant is _PRICE and named is not None and _is_of_money(table, named)
    else:
        noun = next((word for word in behind if word not in ("number", "amount", "of")), "of")
        meant = frozenset([noun])
        fits = [meant_words(meant, words_of(cell.text)) for cell in table.head]
        is_named = is_function_word(noun)
    columns = [column for column, words in enumerate(fits) if words]
    if named in columns or (is_named and not columns):
        return named
    return columns[0] if len(columns) == 1 else None


def _is_of_money(table: Table, column: int) -> bool:
    return all(_MONEY.match(row[column].text) for row in table.rows)


def _is_of_all_rows(table: Table, asked: Sequence[str], at: int, by: int, title: Words) -> bool:
    """Return whether the question has no word that may mean some of the rows only."""
    told = title.union(*(words_of(table.head[column].text) for column in (by, table.names)))
    cells = frozenset(word for row in table.rows for cell in row for word in words_of(cell.text))
    kinds = "".join(_kind(word, told, cells) for word in asked)
    return (
        _BEFORE.fullmatch(kinds, 0, at) is not None and _BEHIND.fullmatch(kinds, at + 1) is not None
    )


def _kind(word: str, told: Words, cells: Words) -> str:
    """Return what a word of the question may be, as `_BEFORE` and `_BEHIND` have it."""
    if word in _ASKS:
        return "w"
    if word in AUXILIARIES:
        return "a"
    if is_function_word(word) or word in ("number", "amount"):
        return "d" if word == "the" else "f"
    if meant_words(frozenset([word]), told):
        return "t"
    return "c" if word in cells or any(map(str.isdigit, word)) else "x"


def _extreme(table: Table, by: int, sign: int) -> int | None:
    """Return the row with the greatest number of a column times `sign`, if all have one unit."""
    if words_of(table.head[by].text) & _RANKS:
        return None
    if any(words_of(row[table.names].text) & _TOTALS for row in table.rows):
        return None
    found = [_NUMBER.fullmatch(row[by].text) for row in table.rows]
    numbers = [match for match in found if match is not None]
    if len(numbers) < len(found) or len({(match["sign"], match["unit"]) for match in numbers}) > 1:
        return None
    values = [sign * Decimal(match["number"].replace(",", "")) for match in numbers]
    best = max(values)
    return values.index(best) if values.count(best) == 1 else None
