"""Lists: the members of "Poland, Lithuania and Latvia" that the reader found one by one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from qa.language.function_words import content_stems
from qa.language.one_or_several import asks_for_one, asks_for_several, may_ask_for_items
from qa.language.same_answer import comparable_words
from qa.layout.item_lists import ListItem, item_lists
from qa.reading.borders import tidy
from qa.reading.spans import TextRange


@dataclass(frozen=True, slots=True)
class _Bounds:
    """How much worse than its neighbour, and than "no answer", a member may be, in logits."""

    gap: float
    lowest_margin: float


# The reader marks one of several members and is shy of the others.
_OF_SEVERAL = _Bounds(gap=8.0, lowest_margin=-6.0)
_OF_ONE = _Bounds(gap=4.0, lowest_margin=0.0)
# Items have no glue that says that they belong together, so that they must speak for themselves.
_OF_ITEMS = _Bounds(gap=6.0, lowest_margin=0.0)
# A list of more letters than this is a text.
_LONGEST_LIST = 500

_SPACE = r"[ \t\xa0]"
_AND = r"(?:and|or|as\ well\ as|&)"
_GLUE = re.compile(
    rf"""
    (?: {_SPACE}*\([^()\n]{{1,60}}\) )?                                 # (drums)
    (?: {_SPACE}*[,;]{_SPACE}* (?:{_AND}{_SPACE}+)? | {_SPACE}+{_AND}{_SPACE}+ )
    (?: (?:the|a|an){_SPACE}+ )?
    """,
    re.VERBOSE,
)
# "Karađorđević, or Black George, ..." gives a second name; of three, ", or" ends a choice.
_ALIAS = re.compile(r",\s*or\s")
_CAPITALISED = re.compile(r"\b[A-Z][\w’'-]*")
_BEFORE_HEAD = re.compile(r"(?:(?:the|a|an)\s)?[\"“‘'(\[*_]*", re.IGNORECASE)
_BRACKET = re.compile(r"\(([^()\n]*)\)")
_ASKS_FOR_VALUE = re.compile(r"\W*(?:how|when)\b", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class FoundList(Generic[M]):
    """A list that is quoted as `[start, end)`, with the members that were found of it."""

    members: tuple[M, ...]
    start: int
    end: int


def possible_members(candidates: Sequence[M], *, question: str) -> list[M]:
    """Return the candidates that may be one of several answers.

    They are not much worse than "no answer", better than it where the question asks for the one
    ("the largest island", "who is the spokesman"), and not named in it: who asks for the other
    river does not want both.
    """
    asked = f" {' '.join(comparable_words(question))} "
    lowest = _bounds(question).lowest_margin
    return [
        candidate
        for candidate in candidates
        if candidate.margin > lowest
        and f" {' '.join(comparable_words(candidate.text))} " not in asked
    ]


def lists_in(
    text: str, candidates: Sequence[M], *, offset: int, question: str
) -> list[FoundList[M]]:
    """Return the lists of `text` that candidates are members of: of a sentence, and of items.

    Candidates do not overlap; their offsets, and those of the lists, count from `offset` before
    the text.
    """
    members = possible_members(candidates, question=question)
    runs = _runs(text, members, offset=offset, question=question)
    in_sentences = [FoundList(tuple(run), run[0].start, run[-1].end) for run in runs]
    return in_sentences + list(_of_items(text, candidates, offset=offset, question=question))


def _runs(text: str, members: Sequence[M], *, offset: int, question: str) -> list[list[M]]:
    """Return the runs of two or more members, in reading order, that are one list in a sentence.

    Neighbours are joined where one is not far better than the other, or about as good where the
    question asks for the one, and nothing stands between them but the glue of a list: a comma, a
    semicolon, "and", "or", "as well as", before it at most a bracket, behind it at most an article.
    Outside brackets glue has no line break and no full stop, so that a list never runs over a
    sentence's end. One "and", "or" or semicolon must be there, or three members and a question for
    several: "Geneva, Switzerland" is one place. Two with ", or" between them are two names of one
    thing. What a bracket says and `question` names tells who is meant: who asks for the MVP does
    not want both of "Bart Starr (MVP of Super Bowls I and II) and Chuck Howley".
    """
    gap = _bounds(question).gap
    runs: list[list[M]] = []
    for member in sorted(members, key=lambda member: member.start):
        homes = [
            run
            for run in runs
            if abs(run[-1].score - member.score) <= gap
            and _has_glue_between(text, run[-1], member, offset, question)
        ]
        if homes:
            # What was found inside the glue, such as an office, is less likely than who has it.
            max(homes, key=lambda run: run[-1].score).append(member)
        else:
            runs.append([member])
    return [run for run in runs if len(run) > 1 and _is_list(text, run, offset, question)]


def _of_items(
    text: str, members: Sequence[M], *, offset: int, question: str
) -> Iterator[FoundList[M]]:
    """Yield the lists whose items answer, to be quoted whole, the first marker too.

    They do where at least half of them, and no fewer than two, begin with a member or are part of
    one that does, each better than "no answer" and not far worse than the best; or where what
    stands above the list is what the question asks several of, and one of them answers. A member
    over several items of any other list is widened to the whole of these.
    """
    if not may_ask_for_items(question):
        return
    for items in item_lists(text):
        headed = [(m, of) for m in members if (of := _headed_items(text, items, m, offset))]
        likely = _likely(headed)
        held = sum(len(of) for _, of in likely)
        is_half = held > 1 and 2 * held >= len(items)
        is_asked_for = likely and asks_for_several(question) and _heads(text, items, question)
        if (is_half or is_asked_for) and items[-1].end - items[0].marker <= _LONGEST_LIST:
            yield _quoted(text, items, [m for m, _ in likely], offset)
        else:
            yield from (_quoted(text, of, [m], offset) for m, of in headed if len(of) > 1)


def _likely(headed: Sequence[tuple[M, list[ListItem]]]) -> list[tuple[M, list[ListItem]]]:
    """Return the members that may count; that one holds several items says that they do."""
    best = max((m.score for m, _ in headed), default=0.0)
    return [
        (m, of)
        for m, of in headed
        if m.score >= best - _OF_ITEMS.gap and (m.margin > _OF_ITEMS.lowest_margin or len(of) > 1)
    ]


def _heads(text: str, items: Sequence[ListItem], question: str) -> bool:
    """Return whether the line above a list has a word of the question."""
    above = text[: items[0].marker].rstrip().rpartition("\n")[2]
    return not content_stems(question).isdisjoint(content_stems(above))


def _quoted(
    text: str, items: Sequence[ListItem], members: Sequence[M], offset: int
) -> FoundList[M]:
    _, end = tidy(text, items[0].start, items[-1].end)
    return FoundList(tuple(members), offset + items[0].marker, offset + end)


def _headed_items(
    text: str, items: Sequence[ListItem], member: Member, offset: int
) -> list[ListItem]:
    """Return the items that a member holds a part of, if it begins where one of them does."""
    start, end = member.start - offset, member.end - offset
    touched = [item for item in items if item.start < end and start < item.end]
    if not touched or _BEFORE_HEAD.fullmatch(text, touched[0].start, start) is None:
        return []
    return touched


def _bounds(question: str) -> _Bounds:
    return _OF_ONE if asks_for_one(question) else _OF_SEVERAL


def _is_list(text: str, run: Sequence[Member], offset: int, question: str) -> bool:
    if len(run) == 2 and _ALIAS.match(text, run[0].end - offset, run[1].start - offset):
        return False
    if len(run) > 2 and asks_for_several(question):
        return True
    return _CONJUNCTION.search(text, run[0].start - offset, run[-1].end - offset) is not None


def _has_glue_between(text: str, one: Member, other: Member, offset: int, question: str) -> bool:
    glue = text[one.end - offset : other.start - offset]
    if _GLUE.fullmatch(glue) is None or _tells_who_is_meant(glue, question):
        return False
    # Behind a semicolon may be a clause: "by the end of June; days beyond that lapse".
    return ";" not in glue or _ASKS_FOR_VALUE.match(question) is None


def _tells_who_is_meant(glue: str, question: str) -> bool:
    """Return whether a bracket tells who has what the question names, and so who has not.

    Of a question for several, all may have it: "Ann (drums), Bo (drums)".
    """
    named = (word.casefold() for word in _CAPITALISED.findall(glue))
    if not set(comparable_words(question)).isdisjoint(named):
        return True
    label = _BRACKET.search(glue)
    if label is None or asks_for_several(question):
        return False
    return not content_stems(question).isdisjoint(content_stems(label[1]))
