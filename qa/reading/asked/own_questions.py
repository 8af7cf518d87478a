"""Questions that a text asks itself: none of their words is the answer."""

import re

from qa.language.function_words import AUXILIARIES, PREPOSITIONS, QUESTION_WORDS, content_stems

# "MS." ends none.
_SENTENCE_END = re.compile(r"(?:(?<![A-Z])\.|[!?…])(?=[\"'”’)\]]*(?:\s|$))|\n|$")
# "CHAIR: And at what time did it leave": a title with a question mark opens no question.
_OPENS_QUESTION = re.compile(
    rf"""
    (?:[^:?\n]{{1,40}}:)? \W*
    (?:(?:and|but|so|now|then|well|or)\b\W*)?
    (?:(?:{"|".join(sorted(PREPOSITIONS))})\s+)?
    (?:{"|".join(sorted(QUESTION_WORDS | AUXILIARIES))})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_asked_at(text: str, position: int, question: str) -> bool:
    """Return whether `position` lies in a question of `text` that asks the same as `question`.

    It does where it has two of the words that say what is asked about, and half of them.
    """
    end = _SENTENCE_END.search(text, position)
    if end is None or end[0] != "?":
        return False
    start = max(text.rfind(mark, 0, position) for mark in ".!?…\n") + 1
    if _OPENS_QUESTION.match(text, start, end.start()) is None:
        return False
    asked = content_stems(question)
    same = asked & content_stems(text[start : end.start()])
    return len(same) >= 2 and 2 * len(same) >= len(asked)
