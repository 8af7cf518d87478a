"""A dialogue: its turns, and the questions in them with their answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from qa.language.question_parts import without_mark, without_openers
from qa.markdown import unescaped

# Quoth's own chat answers begin with a quotation in Markdown, and a dash or a mark follows it.
_QUOTED_FIRST = re.compile(r"“(.+?)”(?=\s*(?:—|\[|$))", re.S)
_LONGEST_PLAIN_ANSWER = 300
_THANKS = re.compile(r"thank(?:s| you)\b[^?]*", re.I)
_SMALL_TALK = re.compile(
    r"(?:ok|okay|(?:hello|hi|hey)(?: there)?|yes|yeah|yep|no|nope|bye|goodbye|please|sure"
    r"|good (?:morning|afternoon|evening|night)|great|cool|nice|perfect|really|wow|right|i see"
    r"|got it|never ?mind|\W*)",
    re.I,
)


class Role(StrEnum):
    """Who said a turn."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a dialogue."""

    role: Role
    text: str


class ReferentKind(Enum):
    """What a word that points back can mean, named by one of its words."""

    HE = "he"
    SHE = "she"
    THING = "it"
    SEVERAL = "they"
    PLACE = "there"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was asked, as it was typed or in a form that stands alone, and its answer.

    `pointed` are the kinds of the words that pointed back as it was typed, and what they are taken
    to mean: (ReferentKind.SHE, "Ann Ray").
    """

    question: str
    answer: str | None
    pointed: tuple[tuple[ReferentKind, str], ...] = ()


def exchanges_of(history: Sequence[Turn]) -> list[Exchange]:
    """Return the questions and what was answered, in order; other turns are left out.

    The answer is the quotation that the assistant's turn begins with, or the turn if it is short.
    """
    exchanges: list[Exchange] = []
    for turn in history:
        if turn.role is Role.USER and turn.text.strip():
            exchanges.append(Exchange(" ".join(turn.text.split()), None))
        elif turn.role is Role.ASSISTANT and exchanges and exchanges[-1].answer is None:
            exchanges[-1] = Exchange(exchanges[-1].question, _answer_in(turn.text))
    return [exchange for exchange in exchanges if not is_small_talk(exchange.question)]


def is_small_talk(text: str) -> bool:
    """Return whether a text is said between questions and asks for nothing: "Thanks!"."""
    said = without_openers(text)
    return any((_THANKS.fullmatch(said), _SMALL_TALK.fullmatch(without_mark(said))))


def _answer_in(text: str) -> str | None:
    quoted = _QUOTED_FIRST.match(text.strip())
    if quoted is not None:
        return unescaped(quoted[1]).strip() or None
    plain = text.strip()
    return plain if 0 < len(plain) <= _LONGEST_PLAIN_ANSWER and "\n" not in plain else None
