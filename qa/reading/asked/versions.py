"""Sections under the number of a version: "3.0 (18 June 2024)" in release notes, "2.1 Rent".

The reader takes what other versions have for what the question's version has.
"""

import re
from functools import lru_cache

from qa.language.function_words import content_stems
from qa.language.question_parts import asked_parts

_VERSION = re.compile(r"(?<![\w.,])v?(\d+(?:\.\d+)+)(?!\w|[.,]\d)")
# "2.1 Rent", "Harrow 3.0 (18 June 2024)", but not "Version 4.1.3 and all before sent the number."
_HEADING = re.compile(
    r"^(?:[-*] |(?=[^\n]{1,60}$)(?![^\n]*\.$)(?:[^\W\d]\w* ){1,2})?"
    r"v?(?P<version>\d+(?:\.\d+)+)(?= |\)|:|$)",
    re.MULTILINE,
)
_ASKED = re.compile(r"\b(?:version|release)\b")
_FEWEST_WORDS = 2


def is_of_other_version(text: str, start: int, question: str) -> bool:
    """Return whether a span stands where a text tells of another version than the question's."""
    return any(start in part for part in parts_of_other_versions(text, question))


# Of one passage, several spans are looked at.
@lru_cache(maxsize=16)
def parts_of_other_versions(text: str, question: str) -> tuple[range, ...]:
    """Return the parts of `text` that cannot answer a question about a version.

    They are the sections of all other versions than the one that the question names; where the text
    names it, but has no section of it, only their headings. "In which version was FTP removed?" is
    answered in the section that has most of the question's words.
    """
    asks_for_version, named = _asked(question)
    if not asks_for_version and len(named) != 1:
        return ()
    sections = _sections(text)
    if not sections:
        return ()
    if asks_for_version:
        return tuple(_all_but_most_words(text, question, [part for _, part in sections]))
    others = [part for version, part in sections if version not in named]
    # "Python 3.8" may be named in any section.
    if len(others) < len(sections) or not named & set(_VERSION.findall(text)):
        return tuple(others)
    return tuple(range(part.start, text.find("\n", part.start) + 1) for part in others)


# The same question is asked of every passage that is read.
@lru_cache(maxsize=16)
def _asked(question: str) -> tuple[bool, frozenset[str]]:
    """Return whether a question asks for a version, and the versions that it names."""
    parts = asked_parts(question)
    asks_for_version = parts is not None and _ASKED.search(parts.noun) is not None
    return asks_for_version, frozenset(_VERSION.findall(question))


def _sections(text: str) -> list[tuple[str, range]]:
    """Return the version and the range of each section."""
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings), len(text)][1:]
    return [
        (heading["version"], range(heading.start(), end))
        for heading, end in zip(headings, ends, strict=True)
    ]


def _all_but_most_words(text: str, question: str, sections: list[range]) -> list[range]:
    """Return the sections without the one that has a line with more words of the question."""
    asked = content_stems(question)
    counts = [
        max(len(asked & content_stems(line)) for line in text[part.start : part.stop].splitlines())
        for part in sections
    ]
    most = max(counts)
    if most < _FEWEST_WORDS or counts.count(most) > 1:
        return []
    return [part for part, count in zip(sections, counts, strict=True) if count < most]
