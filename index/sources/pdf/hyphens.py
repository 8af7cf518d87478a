"""Whether the hyphen at the end of a printed line belongs to the word, or only breaks it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_BROKEN = re.compile(r"(?:[^\W\d_]+[-\u2010])*([^\W\d_]+)[-\u2010\u00ad]$")
_REST = re.compile(r"([^\W\d_]+)(?:[-\u2010][^\W\d_]+)*")
_WORD = re.compile(r"[^\W\d_]+")
_COMPOUND = re.compile(r"(?=(?<![^\W\d_])([^\W\d_]+)[-\u2010]([^\W\d_]+))")
_SOFT = "\u00ad"
# Of what may be one word without end.
_LOOKED_AT = 100
# "Short- and long-term".
_BETWEEN = frozenset({"and", "or", "to"})
# A dash between two words, a range, or an address that was broken.
_NO_BLANK = re.compile(r"(?:\w—|\d–|\w[-\u2010]|https?://\S*[/_=&?.])$")


@dataclass(frozen=True, slots=True)
class HyphenRule:
    """The words that a document has within its lines, and whether it breaks words at their ends.

    A hyphen goes where the document has the word without it, and stays where it has it with it.
    Where it has neither, the hyphen goes if the document is known to break words, the rest begins
    with a small letter, and the rest is no word of the document. In doubt it stays.
    """

    words: frozenset[str]
    compounds: frozenset[tuple[str, str]]
    breaks_words: bool = False

    @classmethod
    def of(cls, lines: Sequence[str]) -> "HyphenRule":
        """Learn from the lines of a document."""
        words: set[str] = set()
        compounds: set[tuple[str, str]] = set()
        for broken, line in zip(["", *lines], lines, strict=False):
            # The halves of a broken word are none.
            whole = line[:-_LOOKED_AT] + _BROKEN.sub("", line[-_LOOKED_AT:])
            if _BROKEN.search(broken[-_LOOKED_AT:]):
                whole = _REST.sub("", whole, count=1) if _REST.match(whole) else whole
            words.update(word.casefold() for word in _WORD.findall(whole))
            for first, second in _COMPOUND.findall(whole):
                compounds.add((first.casefold(), second.casefold()))
        known = cls(frozenset(words), frozenset(compounds))
        told = [known._told(*halves) for halves in _broken_words(lines)]
        return cls(known.words, known.compounds, told.count(True) > told.count(False) // 2)

    def joint(self, line: str, below: str) -> str:
        """Return a line as it goes on with the one below: without its hyphen, or with a blank."""
        halves = _halves(line, below)
        if halves is not None and halves[1] in _BETWEEN:
            return f"{line} "
        if line.endswith(_SOFT) or (halves is not None and self._goes(*halves)):
            return line[:-1]
        return line if _NO_BLANK.search(line[-_LOOKED_AT:]) else f"{line} "

    def _goes(self, first: str, rest: str) -> bool:
        told = self._told(first, rest)
        if told is not None:
            return told
        return self.breaks_words and rest.casefold() not in self.words

    def _told(self, first: str, rest: str) -> bool | None:
        """Return whether the document's other words say that a hyphen goes; None if nothing."""
        if (first + rest).casefold() in self.words:
            return True
        if not rest[0].islower():
            return False
        return False if (first.casefold(), rest.casefold()) in self.compounds else None


def _halves(line: str, below: str) -> tuple[str, str] | None:
    broken, rest = _BROKEN.search(line[-_LOOKED_AT:]), _REST.match(below)
    return None if broken is None or rest is None else (broken[1], rest[1])


def _broken_words(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line, below in zip(lines, lines[1:], strict=False):
        halves = _halves(line, below)
        if halves is not None:
            yield halves
