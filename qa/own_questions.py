"""Questions that a text asks itself: none of their words is the answer."""

import re

from qa.evidence import content_stems

# "MS." ends none.
_SENTENCE_END = re.compile(r"(?:(?<![A-Z])\.|[!?…])(?=[\"'”’)\]]*(?:\s|$))|\n|$")


def is_asked_at(text: str, position: int, question: str) -> bool:
    """Return whether `position` lies in a question of `text` that asks the same as `question`.

    It does where it has two of the words that say what is asked about, and half of them.
    """
    end = _SENTENCE_END.search(text, position)
    if end is None or end[0] != "?":
        return False
    start = max(text.rfind(mark, 0, position) for mark in ".!?…\n") + 1
    asked = content_stems(question)
    same = asked & content_stems(text[start : end.start()])
    return len(same) >= 2 and 2 * len(same) >= len(asked)
