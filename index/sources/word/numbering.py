"""The numbers and bullets that Word shows before paragraphs, counted as Word counts them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.sources.word.styles import Style, W, as_number, number, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

BULLET = "-"
_NUMBER_OF_LEVEL = re.compile(r"%([1-9])")
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)
_MOST_SHOWN = 5_000


@dataclass(frozen=True, slots=True)
class _Level:
    """How the paragraphs of a level are numbered: "%1.%2" shows the numbers of two levels."""

    shown: str
    number_format: str
    start: int
    style_id: str | None


@dataclass(frozen=True, slots=True)
class _List:
    """A list's levels; lists of the same `abstract_id` go on counting where the other ended."""

    abstract_id: str
    levels: Mapping[int, _Level]
    restarts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document by their ids, and how far each is counted."""

    lists: Mapping[str, _List]
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def marker_of_next(self, style: Style, style_id: str) -> tuple[str, int]:
        """Return what stands before the next paragraph of a style ("" for nothing), and its level.

        Whoever asks has met the paragraph: it is counted.
        """
        found = self.lists.get(style.numbering or "")
        if found is None:
            return "", 0
        level_number = style.list_level
        if level_number is None:
            of_style = (n for n, level in found.levels.items() if level.style_id == style_id)
            level_number = next(of_style, 0)
        level = found.levels.get(level_number)
        if level is None:
            return "", 0
        counts = self._counted(found, style.numbering or "", level_number, level)
        if level.number_format == "bullet":
            return BULLET, level_number
        return _shown(level, found.levels, counts), level_number

    def _counted(
        self, found: _List, list_id: str, level_number: int, level: _Level
    ) -> dict[int, int]:
        counts = self.counts.setdefault(found.abstract_id, {})
        if (list_id, level_number) not in self.begun and level_number in found.restarts:
            counts[level_number] = found.restarts[level_number] - 1
        self.begun.add((list_id, level_number))
        counts[level_number] = counts.get(level_number, level.start - 1) + 1
        for inner in [other for other in counts if other > level_number]:
            del counts[inner]
        return counts


def read_numbering(root: "Element | None", styles: Mapping[str, Style]) -> Numbering:
    """Return the lists of a document, none of which has begun."""
    if root is None:
        return Numbering({})
    abstracts = {
        found.get(f"{W}abstractNumId", ""): found for found in root.iter(f"{W}abstractNum")
    }
    nums = {num.get(f"{W}numId", ""): num for num in root.findall(f"{W}num")}
    lists = {}
    for list_id, num in nums.items():
        abstract_id = value(num, "abstractNumId") or ""
        linked = styles.get(value(abstracts.get(abstract_id), "numStyleLink") or "", Style())
        if linked.numbering in nums:
            abstract_id = value(nums[linked.numbering], "abstractNumId") or ""
        if abstract_id in abstracts:
            lists[list_id] = _list(abstract_id, abstracts[abstract_id], num)
    return Numbering(lists)


def _list(abstract_id: str, abstract: "Element", num: "Element") -> _List:
    changed = num.findall(f"{W}lvlOverride")
    of_abstract = abstract.findall(f"{W}lvl")
    own = [level for change in changed for level in change.findall(f"{W}lvl")]
    restarts = {
        _level_of(change): start
        for change in changed
        if (start := number(change, "startOverride")) is not None
    }
    levels = {_level_of(level): _level(level) for level in [*of_abstract, *own]}
    return _List(abstract_id, levels, restarts)


def _level_of(element: "Element") -> int:
    return as_number(element.get(f"{W}ilvl")) or 0


def _level(level: "Element") -> _Level:
    start = number(level, "start")
    return _Level(
        shown=value(level, "lvlText") or "",
        number_format=value(level, "numFmt") or "decimal",
        start=1 if start is None else start,
        style_id=value(level, "pStyle"),
    )


def _shown(level: _Level, levels: Mapping[int, _Level], counts: Mapping[int, int]) -> str:
    def number_of(match: re.Match[str]) -> str:
        other = int(match[1]) - 1
        of_level = levels.get(other, level)
        return _written(counts.get(other, of_level.start), of_level.number_format)

    return _NUMBER_OF_LEVEL.sub(number_of, level.shown).strip()


def _written(count: int, number_format: str) -> str:
    if count > _MOST_SHOWN or count < 1:
        return str(count)
    match number_format:
        case "lowerLetter":
            return _letters(count)
        case "upperLetter":
            return _letters(count).upper()
        case "lowerRoman":
            return _roman(count)
        case "upperRoman":
            return _roman(count).upper()
        case "decimalZero":
            return f"{count:02}"
        case "none":
            return ""
        case _:
            return str(count)


def _letters(count: int) -> str:
    """Return a, b, … z, aa, bb, … zz, aaa: as Word counts, not as the columns of sheets."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)


def _roman(count: int) -> str:
    digits = []
    for worth, digit in _ROMAN:
        digits.append(digit * (count // worth))
        count %= worth
    return "".join(digits)
