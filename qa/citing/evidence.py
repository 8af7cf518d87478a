"""The sentence behind an answer's own, where it is the one that says what was asked."""

from qa.citing.unnamed import Unnamed, unnamed_subject
from qa.language.function_words import content_stems

_PRONOUNS = (Unnamed.HE, Unnamed.SHE, Unnamed.IT, Unnamed.THEY)


def says_more(sentence: str, quote: str, *, question: str, answer: str) -> bool:
    """Return whether a sentence goes on about the subject of the quote before and says more.

    "Ada Moss is an actress. She speaks the part of the fox." to "Who speaks the fox?": the
    second names the first one's subject by a pronoun only, and holds more words of the question.
    Where the quote has another pronoun for its own subject ("It won"), that is somebody else.
    Words of the answer do not count.
    """
    pronoun, own = unnamed_subject(sentence), unnamed_subject(quote)
    if pronoun is None or (own in _PRONOUNS and pronoun in _PRONOUNS and own is not pronoun):
        return False
    asked = content_stems(question) - content_stems(answer)
    before, after = asked & content_stems(quote), asked & content_stems(sentence)
    return len(after) > len(before)
