"""Titles for articles that come without one."""

import re

MAX_TITLE_CHARACTERS = 80
# Of a headline; what is longer is a paragraph.
_LEAST_WORDS, _MOST_CHARACTERS = 3, 160


def title_from_name_or_text(stem: str, text: str) -> str:
    """Return the file's stem if it reads like a title, else the text's first line, shortened.

    A stem reads like a title if one of its words (split at spaces, `-`, `_` and `.`) is made of
    three letters or more, and none mixes letters with digits as ids do: `annual-report_2021` is
    a title, `000_751be9ff2f0701a9` is not. One of a single word (`recipe`) tells little: the first
    line wins over it where that is a headline, of three words or more, above a blank line, and no
    sentence.
    """
    words = re.split(r"[\s._-]+", stem.strip())
    has_name = any(word.isalpha() and len(word) >= 3 for word in words)
    if not has_name or any(_mixes_letters_and_digits(word) for word in words):
        return title_from_text(text)
    title = " ".join(word for word in words if word)
    if not title.isprintable() or (" " not in title and _begins_with_headline(text)):
        return title_from_text(text)
    return title[:1].upper() + title[1:]


def title_from_text(text: str) -> str:
    """Return the first line, cut after a word to at most 80 characters with the ellipsis."""
    line = one_line(text.strip().partition("\n")[0])
    if len(line) <= MAX_TITLE_CHARACTERS:
        return line
    cut = line[:MAX_TITLE_CHARACTERS]
    whole_words = cut.rpartition(" ")[0].rstrip(" ,;:-\u2013\u2014")
    return (whole_words or cut[:-1]) + "…"


def one_line(title: str) -> str:
    """Return the title with every run of white space made a single space."""
    return " ".join(title.split())


def _begins_with_headline(text: str) -> bool:
    line, _, below = text.strip().partition("\n")
    words = line.split()
    if len(words) < _LEAST_WORDS or len(line) > _MOST_CHARACTERS or line.rstrip()[-1] in ".,;:":
        return False
    return not below.partition("\n")[0].strip() and below.strip() != ""


def _mixes_letters_and_digits(word: str) -> bool:
    return any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
