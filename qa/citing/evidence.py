"""The sentences behind an answer's own, where one of them is what says what was asked."""

import re
from collections.abc import Sequence

from qa.citing.unnamed import Unnamed, unnamed_subject
from qa.language.function_words import content_stems

_PRONOUNS = frozenset((Unnamed.HE, Unnamed.SHE, Unnamed.IT, Unnamed.THEY))
# What introduces somebody in a sentence says of him in one of the next what he is known for.
FARTHEST = 3
"""Of so many sentences behind a quote one may be its evidence."""
_POINTS_BACK = re.compile(r"\b(?:he|she|his|her|its?|they|their)\b")
_OPENING = re.compile(r"[\W_]*(?:(?:[Tt]he|[Aa]n?) )?")
_FIRST_WORD = re.compile(rf"{_OPENING.pattern}([^\W_][\w-]*)")
_NAME = re.compile(r"\b[A-Z][\w-]{2,}")


def evidence_behind(quote: str, following: Sequence[str], *, question: str, answer: str) -> int:
    """Return how many of the following sentences to quote, too, for the last says what was asked.

    "Ada Moss is an actress. She speaks the part of the fox." to "Who speaks the fox?": the second
    names the first one's subject by a pronoun or a word of the answer only ("Moss speaks"), and
    holds more words of the question than those before it. Words of the answer do not count. Where
    the quote or a sentence between has another pronoun for its subject ("It won"), "she" is
    somebody else.

    Farther than the next one it is looked for where the answer is what the quote is about, and all
    between goes on about it.
    """
    asked = content_stems(question) - content_stems(answer)
    names = frozenset(_NAME.findall(answer))
    most, evidence, pronoun = len(asked & content_stems(quote)), 0, unnamed_subject(quote)
    for count, sentence in enumerate(following[: FARTHEST if _opens(quote, answer) else 1], 1):
        subject = unnamed_subject(sentence)
        is_another = {subject, pronoun} <= _PRONOUNS and subject is not pronoun
        is_about = (subject is not None and not is_another) or _first_word(sentence) in names
        said = len(asked & content_stems(sentence))
        if is_about and said > most:
            most, evidence = said, count
        if not is_about and _POINTS_BACK.search(sentence) is None:
            break
        pronoun = subject if pronoun not in _PRONOUNS else pronoun
    return evidence


def _opens(quote: str, answer: str) -> bool:
    """Return whether the quote begins with the answer, but for articles and quotation marks."""
    return _OPENING.sub("", quote, count=1).startswith(_OPENING.sub("", answer, count=1))


def _first_word(sentence: str) -> str:
    found = _FIRST_WORD.match(sentence)
    return found[1] if found else ""
