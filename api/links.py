"""Links that open at the quote."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import quote, urlsplit

from api.article_path import path_of
from api.recent import Recent
from qa.answers import Citation
from qa.layout.lines import stretches

# A longer quote is named by its first and last words; browsers find the text between them.
_LONGEST_WHOLE_QUOTE = 160
# Fewer words may be unique in the stored text, but the page has menus and headlines besides.
_LEAST_EDGE_WORDS = 3
# A first cell such as "1" is found there, too, unless the word before goes with it.
_SHORTEST_BEGINNING = 12
_CONTEXT_CHARACTERS = 200
# No address holds them, but people write them in one; Markdown and JSON-LD end it there.
_NOT_IN_ADDRESS = re.compile(r'[\s<>"{}|\\^`]')
# The rule below a head, and the frame of a row: "|---|---|", "| Italy | 45% |".
_FRAME = re.compile(r"^[ \t|]*:?-{3}[ \t|:-]*$|^[ \t]*\|[ \t]|[ \t]\|[ \t]*$", re.MULTILINE)
# Here no browser begins or ends a match; where words of other scripts end, they know better.
_INSIDE_WORD = re.compile(r"(?<=[a-z0-9])(?=[a-z0-9])")
_ACCENT = re.compile("[\u0300-\u036f]")


@dataclass(frozen=True, slots=True)
class TextDirective:
    """What a browser looks for: `[prefix-,]start[,end][,-suffix]`; "" stands for nothing."""

    start: str
    end: str = ""
    prefix: str = ""
    suffix: str = ""

    def __str__(self) -> str:
        parts = [
            *([f"{_encoded(self.prefix)}-"] if self.prefix else []),
            _encoded(self.start),
            *([_encoded(self.end)] if self.end else []),
            *([f"-{_encoded(self.suffix)}"] if self.suffix else []),
        ]
        return ",".join(parts)


def web_address(url: str | None) -> str | None:
    """Return the address if it is a web address: one of the scheme `javascript:` would run.

    Characters that no address holds are encoded, as browsers do by themselves.
    """
    if url is None or urlsplit(url).scheme not in ("http", "https"):
        return None
    return _well_formed(url)


def _well_formed(url: str) -> str:
    return _NOT_IN_ADDRESS.sub(lambda found: quote(found.group()), url)


# The same answers are given again and again, and in a long article it takes a while to see that no
# other words match; a text's digest and the range say which quote it is.
_DIRECTIVES: Recent[tuple[str, int, int], str] = Recent(4_096)


def deep_link(citation: Citation) -> str | None:
    """Return the article's URL with a text fragment that marks the quote, or None without a URL.

    Source: WICG Scroll To Text Fragment, `#:~:text=[prefix-,]textStart[,textEnd][,-suffix]`. That
    of a PDF opens at the page, if it is known (RFC 8118, `#page=`).
    """
    url = citation.article.url
    return _at_quote(url, citation) if url else None


def viewer_link(citation: Citation) -> str:
    """Return the path of Quoth's own page of the article, at the quote (RFC 5147 `char=`)."""
    path = path_of(citation.article.article_id)
    return f"{path}#char={citation.sentence.start},{citation.sentence.end}"


LinkOf = Callable[[Citation], str]
"""Gives the path at which a citation opens in our viewer."""


@dataclass(frozen=True, slots=True)
class SourceLinks:
    """Where citations lead a reader: `base_url` is this service's, `viewer_of` gives a path."""

    base_url: str
    viewer_of: LinkOf = viewer_link

    def source(self, citation: Citation) -> str:
        """Return the address of the quote: in the article on the web, if it is there, or ours."""
        url = web_address(citation.article.url)
        return self.viewer(citation) if url is None else _at_quote(url, citation)

    def viewer(self, citation: Citation) -> str:
        """Return the address of our own page of the article, at the quote."""
        return self.base_url.rstrip("/") + self.viewer_of(citation)


def _at_quote(url: str, citation: Citation) -> str:
    base, _, fragment = _well_formed(url).partition("#")
    if citation.page is not None and urlsplit(base).path.lower().endswith(".pdf"):
        return f"{base}#page={citation.page}"
    return f"{base}#{fragment}:~:text={_directive(citation)}"


def _directive(citation: Citation) -> str:
    article, sentence = citation.article, citation.sentence
    key = (article.sha256, sentence.start, sentence.end)
    directive = _DIRECTIVES.find(key)
    if directive is None:
        directive = str(text_directive(article.text, sentence.start, sentence.end))
        _DIRECTIVES.keep(key, directive)
    return directive


def text_directive(text: str, start: int, end: int) -> TextDirective:
    """Return the shortest directive that matches `[start, end)` of the text and nothing else.

    A short quote is named whole, a long one by as few words of its beginning and its end as lead
    to it. Where the same words stand elsewhere too, as few words around the quote are added as
    tell it apart, and one in any case where the quote begins with a short line or cell. If nothing
    does (the text repeats itself over and over), it is the shortest whose first match, which
    browsers take, is the quote; else the longest that was tried.

    No part of it runs over the end of a line, which may be one of a block on the page, nor over
    the marker of a list's item or the border of a cell, which the page draws and has no text for.
    """
    page = _in_lines(text)
    if not page[start:end].strip():
        page = text
    quoted = page[start:end].strip()
    start = page.index(quoted, start)
    end = start + len(quoted)
    before, plain = _plain(page[:start]), _plain(quoted)
    whole = before + plain + _plain(page[end:])
    wanted = (len(before), len(before) + len(plain))
    # Within the quote, its last words must not stand before its end.
    in_full = (0, len(plain))
    lines = _lines(quoted)
    names = [name for name in _names(lines) if next(matches(name, plain), None) == in_full]
    names = names or [_longest_name(lines)]
    with_context = list(_with_context(names[0], page, start, end))
    is_vague = len(lines) > 1 and len(names[0].start) < _SHORTEST_BEGINNING
    tried = [*(with_context[:1] if is_vague else []), *names, *with_context]
    leading = []
    for directive in tried:
        found = list(islice(matches(directive, whole), 2))
        if found == [wanted]:
            return directive
        if found[:1] == [wanted]:
            leading.append(directive)
    return leading[0] if leading else tried[-1]


def _in_lines(text: str) -> str:
    """Return a text as long, with line ends for the markers of items and the borders of cells."""
    unframed = _FRAME.sub(lambda frame: "\n" * len(frame[0]), text)
    parts, last = [], 0
    for begin, end in stretches(unframed):
        parts += ["\n" * (begin - last), unframed[begin:end]]
        last = end
    return "".join(parts)


def _lines(text: str) -> list[list[str]]:
    """Return the words of each line that has some."""
    return [words for line in text.splitlines() if (words := line.split())]


def matches(directive: TextDirective, plain: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of a plain text that a browser could take for a directive, in order.

    Browsers know more about the borders of words and blocks: they find no more than this.
    """
    parts = (directive.start, directive.end, directive.prefix, directive.suffix)
    start, end, prefix, suffix = (_plain(part) for part in parts)
    first = plain.find(start)
    while first >= 0:
        gap = first - plain.endswith(" ", 0, first) if prefix else first
        if plain.endswith(prefix, 0, gap) and not _is_in_word(plain, gap - len(prefix)):
            last = _match_end(plain, first + len(start), end, suffix)
            if last is not None:
                yield first, last
        first = plain.find(start, first + 1)


def _match_end(plain: str, start_end: int, end: str, suffix: str) -> int | None:
    """Return where a match ends whose first words end at `start_end`, or None if none does."""
    last = start_end
    if end and _is_in_word(plain, last):
        return None
    while end:
        found = plain.find(end, last)
        if found < 0:
            return None
        last = found + len(end)
        if not _is_in_word(plain, found) and _is_followed(plain, last, suffix):
            return last
    return last if _is_followed(plain, last, suffix) else None


def _is_followed(plain: str, at: int, suffix: str) -> bool:
    """Return whether a match may end at `at`: with a word, or before the suffix if there is one."""
    if not suffix:
        return not _is_in_word(plain, at)
    return plain.startswith((suffix, f" {suffix}"), at)


def _is_in_word(plain: str, at: int) -> bool:
    return _INSIDE_WORD.match(plain, at) is not None


def _names(lines: Sequence[Sequence[str]]) -> Iterator[TextDirective]:
    """Yield ways to name a quote: whole, or by more and more words of its two edges."""
    first, last = lines[0], lines[-1]
    most = max(len(first), len(last))
    if len(lines) == 1:
        whole = " ".join(first)
        if len(whole) <= _LONGEST_WHOLE_QUOTE or len(first) < 2 * _LEAST_EDGE_WORDS:
            yield TextDirective(whole)
            return
        # The edges must not meet.
        most = len(first) // 2
    for count in range(min(_LEAST_EDGE_WORDS, most), most + 1):
        yield TextDirective(" ".join(first[:count]), " ".join(last[-count:]))


def _longest_name(lines: Sequence[Sequence[str]]) -> TextDirective:
    first, last = " ".join(lines[0]), " ".join(lines[-1])
    return TextDirective(first, last if len(lines) > 1 else "")


def _with_context(named: TextDirective, page: str, start: int, end: int) -> Iterator[TextDirective]:
    """Yield the name of a quote with more and more of the words that stand around it."""
    before = _lines(page[max(0, start - _CONTEXT_CHARACTERS) : start])
    after = _lines(page[end : end + _CONTEXT_CHARACTERS])
    left, right = before[-1] if before else [], after[0] if after else []
    # A word may be cut where the context begins or ends.
    if len(before) == 1 and start > _CONTEXT_CHARACTERS:
        left = left[1:]
    if len(after) == 1 and end + _CONTEXT_CHARACTERS < len(page):
        right = right[:-1]
    for count in range(1, max(len(left), len(right)) + 1):
        prefix, suffix = " ".join(left[-count:]), " ".join(right[:count])
        yield from (
            replace(named, prefix=one, suffix=other)
            for one, other in ((prefix, ""), ("", suffix), (prefix, suffix))
            if one or other
        )


def _plain(text: str) -> str:
    """Return a text as browsers compare it: without case and accents, with single spaces."""
    # Splitting takes a fifth of the time of a regular expression; an article may be long.
    words = " ".join(text.split())
    if not words.isascii():
        words = _ACCENT.sub("", unicodedata.normalize("NFD", words))
    left = " " if text[:1].isspace() else ""
    right = " " if words and text[-1:].isspace() else ""
    return f"{left}{words.casefold()}{right}"


def _encoded(text: str) -> str:
    """Percent-encode all that has a meaning inside a text directive: `-`, `,` and `&` too."""
    return quote(text, safe="").replace("-", "%2D")
