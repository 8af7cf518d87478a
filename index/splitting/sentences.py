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

from qa.layout.lines import read_lines, visible
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
LONGEST_ADDRESS = 100

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
NUMERAL = r"(?:\d{1,3}|[A-Za-z]|[ivx]{2,4})"
ITEM_NUMBER = re.compile(
    rf"\(?{NUMERAL}[.)]|P\.S\."
    r"|(?:Article|Art\.|Section|Sec\.|Chapter|Part|Rule|Clause|Step|Lesson|Figure|Table|§) ?\d+\."
)
BRACKETED_NUMBER = re.compile(rf"[ ]*\({NUMERAL}\)[ ]+")
WORD = re.compile(r"\w")
FOOTNOTE_MARK = re.compile(r"(?<=[^ ])[¹²³⁰-⁹*†‡]+(?=[ ]|$)")
EMOJI_AFTER_END = re.compile("[\u2600-\u26ff\u200c\u200d\ufe0f\U0001f000-\U0001faff]+(?=[ ]|$)")
ADDRESS = re.compile(r"[a-z]://|\bwww\.|@", re.IGNORECASE)
# Abbreviations that the library does not know, with the blanks behind them. Those of the second
# kind may end a sentence where no number follows ("Vol. II", "5 kg approx.").
TITLE = re.compile(r"\b(?:M[sS]|Ft|Atty|Cllr|Ald|Amb|Dep|Bp|Abp)\.[ ]+$")
NUMBERED = re.compile(r"\b(?:vol|ch|approx|est|tel|fax|apt|rm|para|max|incl)\.[ ]+$", re.IGNORECASE)
NUMBER = re.compile(r"[$€£+(]{0,2}\d|[IVXLC]+\b")
LONGEST_ABBREVIATION = 20
# "Oliver! was first staged", "Alive! (1975)", "“Come in!” he said": who begins sentences with
# capitals has not ended one.
EXCLAMATION = re.compile("[!?][\"'”’»]*[ ]+$")
GOES_ON = re.compile(r"[a-z]+\b|\(\d{3,4}\b")
LETTER = re.compile(r"[^\W\d_]")
# What the library always takes for an abbreviation: a month, a unit behind a number, "no", and "No"
# where no number and no table's next column follows.
MAYBE_MISSED_END = re.compile(r"(?<=[a-z])\.[ ]+(?=[\"“‘]?[^\W\d_a-z])")
MISSED_END = re.compile(
    r"(?:\bMay|\d[ ]?(?:min|hrs?|g|h|l|m|s|t|[a-z]{1,4}/[a-z])|\bno"
    r"|(?:\d|\b(?:[iI]n|[sS]ince|[uU]ntil|[bB]y|[lL]ast)) (?:Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec))$"
)
ANSWER_NO = re.compile(r"(?<![\w,;(] )(?<!\()\bNo$")
SENTENCE_BEHIND_NO = re.compile(r"[\w’']+,?[ ]+[a-z]")
BRACKETED_SENTENCE = re.compile(r"[ ]*\([^()]*[.!?][\"”’]?\)(?=[ ]+[\"“‘(]?[^\W\d_a-z])")
# In the rows of tables, only full stops end sentences.
CELL_BORDER = re.compile(r"[|\t]")
FULL_STOP = re.compile("[.!?…。！？।؟][\"'”’»)\\]]*$")
LONGEST_ENDING = 8
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
    # UTF-8, which libraries want, cannot hold a lone surrogate.
    seen = LONE_SURROGATE.sub("\ufffd", visible(text))
    starts = []
    for paragraph in paragraphs(text):
        has_cells = CELL_BORDER.search(text, *paragraph) is not None
        found = _starts(segment, seen, paragraph)
        starts += [at for at in found if at == paragraph[0] or not has_cells or _ends(seen, at)]
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


def paragraphs(text: str) -> Iterator[Range]:
    """Yield the ranges that the layout separates: paragraphs, list items, rows and headlines."""
    first = end = 0
    for line in read_lines(text):
        if line.begins:
            if end:
                yield first, end
            first = line.start
        end = line.end
    if end:
        yield first, end


def _starts(segment: Segment, seen: str, paragraph: Range) -> list[int]:
    """Return where the sentences of one paragraph begin, its own start first."""
    first, end = paragraph
    # The library takes what begins with a number in brackets for one sentence.
    number = BRACKETED_NUMBER.match(seen, first, end)
    starts = _library_starts(segment, seen, (number.end() if number else first, end))
    starts = [
        start
        for piece in _between(starts, end)
        for start in [
            *_inside_long(segment, seen, piece),
            *_after_brackets(seen, piece),
            *_missed(seen, piece),
        ]
    ]
    moved = (_after_marks(seen, start, end) for start in sorted(set(starts)) if start > first)
    kept = [
        start
        for start in moved
        if not (
            _is_in_address(seen, start)
            or _is_abbreviated(seen, start)
            or _goes_on(seen, first, start)
        )
    ]
    return _joined(seen, [first, *kept], end)


def _ends(seen: str, start: int) -> bool:
    """Return whether a sentence has ended before `start`: in a row, "Fat (g)" is no two."""
    return FULL_STOP.search(seen[max(0, start - LONGEST_ENDING) : start].rstrip()) is not None


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


def _missed(seen: str, piece: Range) -> Iterator[int]:
    """Yield the starts behind ends that the library takes for those of abbreviations."""
    for end in MAYBE_MISSED_END.finditer(seen, *piece):
        before = seen[max(end.start() - LONGEST_ABBREVIATION, piece[0]) : end.start()]
        if MISSED_END.search(before) or (
            ANSWER_NO.search(before) and SENTENCE_BEHIND_NO.match(seen, end.end())
        ):
            yield end.end()


def _after_marks(seen: str, start: int, end: int) -> int:
    """Return the start without the emoji or footnote marks that belong to the sentence before."""
    marks = EMOJI_AFTER_END.match(seen, start, end) or FOOTNOTE_MARK.match(seen, start, end)
    return marks.end() if marks else start


def _is_in_address(seen: str, start: int) -> bool:
    """Tell whether the border lies inside a URL or an email address."""
    before = seen[max(start - LONGEST_ADDRESS, 0) : start]
    return ADDRESS.search(before.rpartition(" ")[2]) is not None


def _is_abbreviated(seen: str, start: int) -> bool:
    """Tell whether the full stop before the border is one of an abbreviation."""
    before = seen[max(start - LONGEST_ABBREVIATION, 0) : start]
    if TITLE.search(before):
        return seen[start].isupper()
    return NUMBERED.search(before) is not None and NUMBER.match(seen, start) is not None


def _goes_on(seen: str, first: int, start: int) -> bool:
    """Tell whether the mark before the border ends no sentence of the paragraph from `first` on."""
    if GOES_ON.match(seen, start) is None:
        return False
    letter = LETTER.search(seen, first)
    before = seen[max(start - LONGEST_ENDING, first) : start]
    return letter is not None and letter[0].isupper() and EXCLAMATION.search(before) is not None


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
