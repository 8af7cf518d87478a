"""Where an answer begins and ends: at whole words, numbers, quotations and brackets."""

import re
import unicodedata

# What stands at a border but says nothing. A minus, a leading point and a per cent sign do.
_LEADING = re.compile(r"(?:[\s,;:!?…–—|/*•&\u200b\ufeff]|\.(?!\d)|-(?!\d))+")
_TRAILING = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029,;:.!?…–—|/*•&-\u200b\ufeff"

_LETTER = r"[^\W\d_]"
_FEW = r"(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en)"
# "She won one in 90 minutes" is no ratio.
_TIMES = r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|seasons?|games?|matches)\b"
_UNBREAKABLE = re.compile(
    rf"""
      (?:https?://|\bwww\.)[^\s<>()\[\]{{}}"“”]*[\w/]          # https://news.example/a
    | (?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++           # desk@news.example
    | (?:\+|(?<![\w.,+-])(?=0|\(0\d*\)))(?=[(]?\d(?:[ \xa0()/-]{{0,2}}\d){{5}})  # (021) 300-77
      (?:\(\d++\)|\d++)(?:[ \xa0/-]?(?:\(\d++\)|\d++)){{0,6}}
    | (?<![\w-])(?:--[a-z][\w-]*\w(?:=[\w./:-]*\w)?|-[a-zA-Z](?![\w-]))  # --port=8000, -v
    | (?<![\w./-])(?:~|\.\.?)?/[\w.-]*\w(?:/[\w.-]*\w)*       # /etc/quoth.toml
    | (?<![\w.])[^\W\d]\w++(?:\.[a-z_]\w*+)++(?:\(\))?       # cache.size
    | (?<!\w)[^\W_]\w*_\w+                                  # max_tokens
    | \$\{{?[A-Z_][A-Z_\d]++\}}?                              # $HOME
    | (?<!\w)[CF](?:\+\+|\#)                                # C++
    | (?<![\w-])(?!\d{{4}}-\d\d-\d\d\b)\d++(?:-\d++){{2,}}+(?![\w-])  # 800-555-0199
    | (?<![\w-])(?=[A-Z\d-]*[A-Z])(?=[A-Z-]*\d)[A-Z\d]++(?:-[A-Z\d]++)++(?![\w-])  # 22-CV-1187
    | (?<![\w.,])\d{{1,3}}(?:[ \xa0]\d{{3}})+(?![\w]|[ \xa0.,]\d)  # 10 000
    | [€$£]\d++(?:[.,]\d++)*+[–-][€$£]?\d++(?:[.,]\d++)*+  # €2,900–3,400
    | \d++(?:[.,]\d++)*+[ \xa0]?€                       # 5 €
    | \b[kmµ]?[mgl]/(?:h|s|kg|[md]?[lL]|m)\b             # km/h
    | \d++(?:[:.]\d\d)?[ \xa0]?(?:[ap]m|[AP]M)\b            # 10:30 am
    | \d++(?:[:.]\d\d)?[ \xa0]?(?:[ap]\.m|[AP]\.M)\b\.?    # 5 p.m.
    | \b(?:{_FEW}|\d\d?)[ ](?:in(?:[ ]every)?|out[ ]of)[ ](?:\d{{1,3}}(?:,\d{{3}})*+|{_FEW})\b
      (?![ ](?:{_TIMES})|[.:]\d)                            # one in 1,000
    | (?:(?<!\w)[-−])?[€$£¥₹]?\d++(?:[.,:/]\d++)*+%?        # 5,000 and -1.5 and $3 and 40% and 9/11
    | \b{_LETTER}(?:\.{_LETTER})++\.?                       # U.S.
    | \b{_LETTER}++(?:['’](?!s\b){_LETTER}++)++             # O’Brien; a possessive ’s is a border
    | \b(?:Jr|Sr|Inc|Ltd|Corp|Co|Bros|Mrs?|Ms|Dr|Prof|Gen|Sen|Gov|Lt|Col|Capt)\.
    """,
    re.VERBOSE,
)

# Telephone numbers hold the most white space of what is unbreakable.
_MOST_WORDS = 6

_MARKS = re.compile(r"[()\[\]{}“”«»‘’\"'\n]")
_CLOSING_OF = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»", "‘": "’"}
_BRACKETS = frozenset("([{")
_ALL_MARKS = frozenset("()[]{}“”„«»‘’\"'")
# Of straight marks the white space tells which opens and which closes, if one does.
_MAY_OPEN = re.compile(r"(?<![^\s(\[{“‘«—–/-])[\"'](?=\S)")
_MAY_CLOSE = re.compile(r"(?<=\S)[\"'](?![^\s)\]}”’»,.;:!?—–/-])")
# '90s, 'em, rock 'n' roll
_ELISION = re.compile(r"'(?:\d|(?:em|n|til|tis|twas|cause|bout)\b)", re.IGNORECASE)
# A quotation that goes on for longer than this is not part of the answer.
_FARTHEST_PARTNER = 60


def tidy(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the borders that a person would have given the answer at `[start, end)`.

    1. White space, commas, full stops, dashes and the like at the borders are left out.
    2. Cut words, numbers, times of day, abbreviations and addresses are completed
       (`whole_words`).
    3. A quotation mark or bracket at a border whose partner lies outside is left out; one inside
       is given its partner, if that is no more than 60 characters away. Brackets around all of the
       answer are left out.

    A leading article stays as the reader marked it: people mark answers both ways, scoring and
    grouping do not see it, and most names read better as they stand in their sentence. A range
    of nothing but punctuation stays as it is.
    """
    pairs = pairs_in(text)
    first, last = _stripped(text, start, end, pairs)
    if first == last:
        return start, end
    first, last = whole_words(text, first, last)
    while (wider := _with_partners(first, last, pairs)) != (first, last):
        first, last = whole_words(text, *wider)
    if (first, last - 1) in pairs and text[first] in _BRACKETS:
        inside = first + 1, last - 1
        return tidy(text, *inside) if says_something(text[slice(*inside)]) else (first, last)
    return first, last


def says_something(answer: str) -> bool:
    """Return whether an answer has a letter, a digit or another sign that is no punctuation."""
    return any(unicodedata.category(c)[0] in "LNS" for c in answer)


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen `[start, end)` so that it begins and ends at the border of a word or number.

    Combining marks belong to the word: tokenizers that drop accents leave them out. So do the
    apostrophe of O’Brien, the points of U.S. and Jr., the point and comma of 1,000.5, signs of
    currency, minus and per cent, the p.m. of 5 p.m., and all of a web or mail address. A possessive
    ’s and a hyphen are borders: people who mark answers take “German” out of “German-Swiss”.
    """
    before = None
    while before != (start, end):
        before = start, end
        while 0 < start < len(text) and _in_word(text[start - 1]) and _in_word(text[start]):
            start -= 1
        while 0 < end < len(text) and _in_word(text[end]) and _in_word(text[end - 1]):
            end += 1
        start, end = _unbroken(text, start)[0], _unbroken(text, end)[1]
    return start, end


def pairs_in(text: str) -> list[tuple[int, int]]:
    """Return where quotations and brackets open and close; none reaches over a line's end.

    A straight mark between two letters or two blanks closes the one before it, or else opens, if it
    is double; a single one is an apostrophe, as is a ’ before a letter.
    """
    pairs: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for match in _MARKS.finditer(text):
        at, mark = match.start(), match.group()
        if mark == "\n":
            opened = []
        elif mark in _CLOSING_OF:
            opened.append((_CLOSING_OF[mark], at))
        elif mark == "’" and text[at + 1 : at + 2].isalpha():
            continue
        elif mark in "\"'" and _opens(text, at, is_open=(mark in (m for m, _ in opened))):
            opened.append((mark, at))
        elif mark == "'" and _MAY_CLOSE.match(text, at) is None:
            continue
        elif mark in (closings := [closing for closing, _ in opened]):
            # What was opened since and never closed has no partner.
            depth = len(closings) - 1 - closings[::-1].index(mark)
            pairs.append((opened[depth][1], at))
            opened = opened[:depth]
    return sorted(pairs)


def _unbroken(text: str, border: int) -> tuple[int, int]:
    """Return the range of the number or abbreviation that the border cuts, or the border twice."""
    before = text[:border].rsplit(None, _MOST_WORDS)
    behind = text[border:].split(None, _MOST_WORDS)
    first = len(before[0]) if len(before) > _MOST_WORDS else 0
    last = len(text) - len(behind[-1]) if len(behind) > _MOST_WORDS else len(text)
    for match in _UNBREAKABLE.finditer(text, first, last):
        if match.start() < border < match.end():
            return match.span()
    return border, border


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _stripped(text: str, start: int, end: int, pairs: list[tuple[int, int]]) -> tuple[int, int]:
    """Leave out what says nothing at the borders, and marks that have no partner inside."""
    partners = dict(pairs) | {closing: opening for opening, closing in pairs}
    before = None
    while before != (start, end):
        before = start, end
        if (match := _LEADING.match(text, start, end)) is not None:
            start = match.end()
        end = start + len(text[start:end].rstrip(_TRAILING))
        if start < end and _is_lone(text, start, start, end, partners):
            start += 1
        if start < end and _is_lone(text, end - 1, start, end, partners):
            end -= 1
    return start, end


def _is_lone(text: str, at: int, start: int, end: int, partners: dict[int, int]) -> bool:
    return text[at] in _ALL_MARKS and not start <= partners.get(at, -1) < end


def _with_partners(start: int, end: int, pairs: list[tuple[int, int]]) -> tuple[int, int]:
    for opening, closing in pairs:
        if opening < start <= closing < end and start - opening <= _FARTHEST_PARTNER:
            start = opening
        if start <= opening < end <= closing and closing - end < _FARTHEST_PARTNER:
            end = closing + 1
    return start, end


def _opens(text: str, at: int, *, is_open: bool) -> bool:
    """Tell whether the straight mark at `at` opens a quotation; one like it `is_open` or not."""
    may_open = _MAY_OPEN.match(text, at) is not None
    may_close = _MAY_CLOSE.match(text, at) is not None
    if may_open != may_close or text[at] == "'":
        return may_open and not may_close and _ELISION.match(text, at) is None
    return not is_open
