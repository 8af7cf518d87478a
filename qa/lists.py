"""Lists: the members of "Poland, Lithuania and Latvia" that the reader found one by one."""

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from qa.same_answer import comparable_words
from qa.spans import TextRange

# A neighbour may be this much worse (in logits, start plus end), or e^4 times less likely.
_WIDEST_GAP = 4.0

_OWNER = r"(?:the|a|an|his|her|its|their|[^\W\d_][\w’'-]*[’']s?)"
_SPACE = r"[ \t\xa0]"
_AND = r"(?:and|or|as\ well\ as|&)"
_GLUE = re.compile(
    rf"""
    (?: {_SPACE}*[,;]{_SPACE}* (?:{_AND}{_SPACE}+)? | {_SPACE}+{_AND}{_SPACE}+ )
    (?: {_OWNER}(?:{_SPACE}+[\w’'-]+){{1,6}}{_SPACE}*,{_SPACE}*         # his top deputy,
      | (?:(?:the|a|an){_SPACE}+)?(?:[A-Z][\w’'-]*{_SPACE}+){{0,5}}     # Deputy Adviser
    )?
    """,
    re.VERBOSE,
)
# "Karađorđević, or Black George, ..." gives a second name; of three, ", or" ends a choice.
_ALIAS = re.compile(r",\s*or\s")
_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]*")
_CONJUNCTION = re.compile(r"\b(?:and|or)\b|&|;|\bas well as\b")


class Member(TextRange, Protocol):
    """A candidate that may be part of a list."""

    @property
    def text(self) -> str:
        """What it says."""
        ...

    @property
    def score(self) -> float:
        """How likely it answers, in logits (`PassageSpan.score`)."""
        ...

    @property
    def margin(self) -> float:
        """How far the score is above that of "no answer"."""
        ...


M = TypeVar("M", bound=Member)


def possible_members(candidates: Sequence[M], *, question: str) -> list[M]:
    """Return the candidates that are better than "no answer" and that the question does not name.

    Who asks for the other river does not want both.
    """
    asked = f" {' '.join(comparable_words(question))} "
    return [
        candidate
        for candidate in candidates
        if candidate.margin > 0 and f" {' '.join(comparable_words(candidate.text))} " not in asked
    ]


def lists_in(text: str, members: Sequence[M], *, offset: int, question: str) -> list[list[M]]:
    """Return the runs of two or more members, in reading order, that are one list in `text`.

    Neighbours are joined where they are about as good, and nothing stands between them but the
    glue of a list: a comma, a semicolon, "and", "or", "as well as", then at most an article, a
    title before a name, or an apposition between commas that begins with whose it is ("his top
    deputy,"). Glue has no full stop and no line break, so that a list never runs over a sentence's
    end. One "and", "or" or semicolon must be there: "Geneva, Switzerland" is one place. Two with
    ", or" between them are two names of one thing. A title that `question` names tells who is
    meant: who asks for the Russian president does not want both of "Joe Biden and Russian
    President Vladimir Putin".

    Members do not overlap; their offsets count from `offset` before the text.
    """
    asked = set(comparable_words(question))
    runs: list[list[M]] = []
    for member in sorted(members, key=lambda member: member.start):
        if runs and _are_neighbours(text, runs[-1][-1], member, offset, asked):
            runs[-1].append(member)
        else:
            runs.append([member])
    return [run for run in runs if len(run) > 1 and _is_list(text, run, offset)]


def _is_list(text: str, run: Sequence[Member], offset: int) -> bool:
    if len(run) == 2 and _ALIAS.match(text, run[0].end - offset, run[1].start - offset):
        return False
    return _CONJUNCTION.search(text, run[0].start - offset, run[-1].end - offset) is not None


def _are_neighbours(text: str, one: Member, other: Member, offset: int, asked: set[str]) -> bool:
    if abs(one.score - other.score) > _WIDEST_GAP:
        return False
    glue = text[one.end - offset : other.start - offset]
    title = (word.casefold() for word in _CAPITALISED.findall(glue))
    return _GLUE.fullmatch(glue) is not None and asked.isdisjoint(title)
