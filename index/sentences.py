"""Cut a text into sentences with exact offsets, losing no character.

The text is first cut where its layout says so (blank lines, list items, rows, headlines), then a
library finds the ends of sentences in each paragraph. The library never decides about offsets: it
is shown a copy of the same length, only the places where its pieces begin are used, and whatever it
drops or alters stays with the piece before. `docs/sentence-segmentation.md` compares the libraries.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import sentencex  # it has no py.typed marker

from qa.layout import are_apart
from qa.values import Sentence

Segment: TypeAlias = Callable[[str], Sequence[str]]
"""A library's way to cut one paragraph into sentences; it returns their texts in order."""

Range: TypeAlias = tuple[int, int]

# A window bounds the work where the library is not linear: unclosed “ marks take it quadratic time.
WINDOW = 4096
# What is longer than this is looked at again with its quotation marks and brackets hidden, because
# the library keeps a whole quotation together, be it ten sentences long.
LONG_SENTENCE = 400
# Nobody writes longer ones, and a citation quotes a whole sentence: what has no full stop, such as
# speech as it was recognized, is quoted in parts.
LONGEST_SENTENCE = 8_000
# Nobody wraps prose wider than this, so in a wider block each line break was put there on purpose.
WIDEST_WRAPPED_LINE = 120
# Two lines say too little about the width that they were wrapped to.
USUAL_WRAPPED_LINE = 60
LONGEST_WRAPPED_WORD = 24
LONGEST_ADDRESS = 100

LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
PARAGRAPH_SEPARATOR = "\u2029"
UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
ITEM_NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z])[.)]")
NEW_SENTENCE = re.compile(r"[\"'“‘«„(\[¿¡]*([^\W\d_])")
UNFINISHED_LINE = re.compile(
    r"[.!?…。！？।؟:,;–—([{-][\"'”’»)\]]*$"
    r"|\b(?:a|an|and|are|as|at|be|but|by|for|from|had|has|have|in|into|is|its|nor|of|on|or|over|said"
    r"|than|that|the|their|to|under|was|were|which|who|with)$",
    re.IGNORECASE,
)
WORD = re.compile(r"\w")
FIRST_WORD = re.compile(r"[ ]*([^ ]*)")
EMOJI_AFTER_END = re.compile("[\u2600-\u26ff\u200c\u200d\ufe0f\U0001f000-\U0001faff]+(?=[ ]|$)")
ADDRESS = re.compile(r"^[\"'“‘(<\[]*(?:[a-z]+://|www\.)|@", re.IGNORECASE)
# Abbreviations that the library does not know, with the blanks behind them. Those of the second
# kind may end a sentence where no number follows ("Vol. II", "5 kg approx.").
TITLE = re.compile(r"\b(?:M[sS]|Ft|Atty|Cllr|Ald|Amb|Dep|Bp|Abp)\.[ ]+$")
NUMBERED = re.compile(r"\b(?:vol|ch|approx|est|tel|fax|apt|rm|para|max|incl)\.[ ]+$", re.IGNORECASE)
NUMBER = re.compile(r"[$€£+(]{0,2}\d|[IVXLC]+\b")
LONGEST_ABBREVIATION = 20
BRACKETED_SENTENCE = re.compile(r"[ ]*\([^()]*[.!?][\"”’]?\)(?=[ ]+[\"“‘(]?[^\W\d_a-z])")
MARKS_IN_PAIRS = re.compile('["“”„«»‘()\\[\\]]|’(?!\\w)')


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of `text` in reading order, without white space at their ends.

    Each character that is not white space lies in exactly one sentence, so a headline, a list item
    or a line of punctuation counts as one too. Blank lines always separate, and so do line breaks
    before list items, between rows and after headlines; other line breaks are taken as wrapping.
    No text is refused: control characters and lone surrogates are kept where they stand.
    """
    return split_with(english_sentences, text)


def split_with(segment: Segment, text: str) -> list[Sentence]:
    """Return the sentences as `split_sentences` does, but with `segment` as the library."""
    seen = visible(text)
    starts = [
        start for paragraph in paragraphs(text, seen) for start in _starts(segment, seen, paragraph)
    ]
    if starts:
        starts[0] = 0  # what nobody sees before the first sentence belongs to it
    ranges = (
        _trimmed(text, *part)
        for whole in _between(starts or [0], len(text))
        for part in _parts(seen, *whole)
    )
    kept = [(start, end) for start, end in ranges if start < end]
    return [Sentence(index, start, end) for index, (start, end) in enumerate(kept)]


def english_sentences(text: str) -> Sequence[str]:
    """Return the sentences that sentencex finds with its rules for English."""
    found: list[str] = sentencex.segment("en", text)
    return found


def visible(text: str) -> str:
    """Return a copy of the same length, plain enough for any library.

    White space, control characters and zero-width marks become blanks; a lone surrogate, which
    UTF-8 cannot hold, becomes U+FFFD.
    """
    return LONE_SURROGATE.sub("\ufffd", UNSEEN.sub(" ", text))


def paragraphs(text: str, seen: str) -> Iterator[Range]:
    """Yield the ranges that the layout separates: paragraphs, list items, rows and headlines."""
    for block in _blocks(text, seen):
        width = max(len(seen[start:end].strip()) for start, end in block)
        first = block[0][0]
        for above, below in zip(block, block[1:], strict=False):
            if are_apart(text[slice(*above)], text[slice(*below)]) or _is_headline(
                seen[slice(*above)].strip(),
                seen[slice(*below)].strip(),
                _wrap_width(width, len(block)),
            ):
                yield first, above[1]
                first = below[0]
        yield first, block[-1][1]


def _blocks(text: str, seen: str) -> Iterator[list[Range]]:
    """Yield runs of lines that no blank line interrupts."""
    block: list[Range] = []
    for start, end, separates in _lines(text):
        if seen[start:end].isspace() or start == end:
            separates = True
        else:
            block.append((start, end))
        if separates and block:
            yield block
            block = []
    if block:
        yield block


def _lines(text: str) -> Iterator[tuple[int, int, bool]]:
    start = 0
    for line_break in LINE_BREAK.finditer(text):
        yield start, line_break.start(), line_break[0] == PARAGRAPH_SEPARATOR
        start = line_break.end()
    yield start, len(text), True


def _wrap_width(longest: int, lines: int) -> int:
    return max(longest, USUAL_WRAPPED_LINE) if lines == 2 else longest


def _is_headline(line: str, below: str, width: int) -> bool:
    """Tell whether `line` ends on purpose, though nothing marks its end.

    A line that was wrapped had no room for the next word; where there was room, and what follows
    looks like the start of a sentence, the break was meant.
    """
    if UNFINISHED_LINE.search(line[-40:]):
        return False
    opening = NEW_SENTENCE.match(below[:40])
    if opening is None or opening[1].islower():
        return False
    next_word = min(len(_first_word(below)), LONGEST_WRAPPED_WORD)
    return width > WIDEST_WRAPPED_LINE or len(line) + 1 + next_word <= width


def _first_word(line: str) -> str:
    word = FIRST_WORD.match(line)
    return word[1] if word else ""


def _starts(segment: Segment, seen: str, paragraph: Range) -> list[int]:
    """Return where the sentences of one paragraph begin, its own start first."""
    first, end = paragraph
    starts = _library_starts(segment, seen, paragraph)
    starts = [
        start
        for piece in _between(starts, end)
        for start in [*_inside_long(segment, seen, piece), *_after_brackets(seen, piece)]
    ]
    moved = (_after_emoji(seen, start, end) for start in sorted(set(starts)) if start > first)
    kept = [
        start
        for start in moved
        if start < end and not _is_in_address(seen, start) and not _is_abbreviated(seen, start)
    ]
    return _joined(seen, [first, *kept], end)


def _library_starts(segment: Segment, seen: str, within: Range) -> list[int]:
    """Return where the library lets sentences begin, reading window by window.

    The last sentence of a window may go on behind it, so the next window begins with that sentence,
    unless this would mean reading most of the window again.
    """
    first, end = within
    starts = [first]
    while first < end:
        window_end = min(first + WINDOW, end)
        starts += (found := _aligned(segment, seen, first, window_end))
        if window_end < end and found and found[-1] > first + WINDOW // 2:
            first = found[-1]
        else:
            first = window_end
    return sorted(set(starts))


def _aligned(segment: Segment, seen: str, start: int, end: int) -> list[int]:
    """Return where the library's pieces begin, found by searching forward, but for the first.

    From the first piece that is not found in its place on, the rest is one piece.
    """
    found, cursor = [], start
    for piece in segment(seen[start:end]):
        if not (content := piece.strip()):
            continue
        at = seen.find(content, cursor, end)
        if at < 0:
            break
        found.append(at)
        cursor = at + len(content)
    return found[1:]


def _inside_long(segment: Segment, seen: str, piece: Range) -> list[int]:
    """Return where sentences begin in a piece, also within quotations if the piece is long."""
    start, end = piece
    if end - start <= LONG_SENTENCE:
        return [start]
    marked = seen[start:end]
    bare = MARKS_IN_PAIRS.sub(" ", marked)
    if bare == marked:
        return [start]
    inner = _library_starts(segment, bare, (0, len(bare)))
    return [start, *(start + _before_opening(marked, at) for at in inner[1:])]


def _before_opening(text: str, at: int) -> int:
    """Return where the quotation marks and brackets begin that open the sentence at `at`."""
    while at > 0 and (
        text[at - 1] in "“„«‘([" or (text[at - 1] in "\"'" and text[at - 2 : at - 1] == " ")
    ):
        at -= 1
    return at


def _after_brackets(seen: str, piece: Range) -> list[int]:
    bracketed = BRACKETED_SENTENCE.match(seen, *piece)
    return [bracketed.end()] if bracketed else []


def _after_emoji(seen: str, start: int, end: int) -> int:
    """Return the start without the emoji that belong to the sentence before."""
    emoji = EMOJI_AFTER_END.match(seen, start, end)
    return emoji.end() if emoji else start


def _is_in_address(seen: str, start: int) -> bool:
    """Tell whether the border lies inside a URL or an email address."""
    before = seen[max(start - LONGEST_ADDRESS, 0) : start]
    return before[-1] != " " and ADDRESS.search(before.rpartition(" ")[2]) is not None


def _is_abbreviated(seen: str, start: int) -> bool:
    """Tell whether the full stop before the border is one of an abbreviation."""
    before = seen[max(start - LONGEST_ABBREVIATION, 0) : start]
    if TITLE.search(before):
        return seen[start].isupper()
    return NUMBERED.search(before) is not None and NUMBER.match(seen, start) is not None


def _joined(seen: str, starts: list[int], end: int) -> list[int]:
    """Leave out the starts of pieces that are no sentences.

    A piece without a letter or digit belongs to the one before, and a lone item number ("2.") to
    the one behind it.
    """
    joined: list[int] = []
    number_waits = False
    for start, stop in _between(starts, end):
        piece = seen[start:stop].strip()
        if not joined or (WORD.search(piece) and not number_waits):
            joined.append(start)
        number_waits = ITEM_NUMBER.fullmatch(piece) is not None and joined[-1] == start
    return joined


def _parts(seen: str, start: int, end: int) -> Iterator[Range]:
    """Yield the range, or parts of it that are no longer than a sentence may be.

    They end with a word, unless there is none so short.
    """
    while end - start > LONGEST_SENTENCE:
        limit = start + LONGEST_SENTENCE
        cut = seen.rfind(" ", start + LONGEST_SENTENCE // 2, limit) + 1 or limit
        yield start, cut
        start = cut
    yield start, end


def _between(starts: Sequence[int], end: int) -> Iterator[Range]:
    yield from zip(starts, [*starts[1:], end], strict=True)


def _trimmed(text: str, start: int, end: int) -> Range:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return start, start + len(piece.strip())
