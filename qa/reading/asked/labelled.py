"""Of names in a row, the one with what is asked for in brackets: "Ada Cole (chair), Bo Ruiz"."""

import re

from qa.language.function_words import content_stems

# A label has a few words in small letters: "vice-chair", "captain of the team".
_LABELLED = re.compile(
    r"(?P<name>[^\W\d_a-z][^,;:()\n]{1,60}?)\s"
    r"\((?P<label>[^\W\dA-Z_][\w-]{2,}(?: [\w-]+){0,3})\)(?=[,;.]|\sand\b|$)"
)
_ASKS_WHO = re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE)
_LONGEST_LABEL = 45


def name_asked_for(text: str, start: int, end: int, question: str) -> tuple[int, int]:
    """Return the name whose label a question who asks for, of a range of several names.

    Any other range is returned as it is.
    """
    if "," not in text[start:end] or not _ASKS_WHO.search(question):
        return start, end
    asked = content_stems(question)
    names = [
        labelled.span("name")
        for labelled in _LABELLED.finditer(text, start, end + _LONGEST_LABEL)
        if labelled.end("name") <= end
        and asked & content_stems(labelled["label"])
        and not asked & content_stems(labelled["name"])
    ]
    return names[0] if len(names) == 1 else (start, end)
