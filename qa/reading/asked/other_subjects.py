"""Whether a statement tells of somebody else that he did what the question asks about.

Asked when Olof Berg died, "Her daughter Karin died in 2004" does not answer. Of the training sets'
12,485 questions for what somebody did 13 are answered so, and of 262 without an answer in SQuAD
2.0 ten would be.
"""

import re
from functools import lru_cache

from qa.language.function_words import is_function_word, word_set
from qa.language.same_answer import folded
from qa.reading.statements import statement_at

_NAME = r"(?:[A-Z]\.\s|[A-Z][\w’'-]*\s)*[A-Z][\w’'-]*"
_PRONOUNS = word_set("I He She It We They You")
_ASKED = re.compile(rf"(?P<aux>did|was|were|had)\s(?P<name>{_NAME})\s(?P<verb>[a-z]{{3,}})\b")
_ASKS_BEFORE = re.compile(r"\b(?:when|where|why|how|what|which|who|whom)\b", re.IGNORECASE)
# The past of verbs that do not end in "ed".
_PAST = dict(
    pair.split("/")
    for pair in word_set(
        """
    become/became begin/began break/broke bring/brought build/built buy/bought choose/chose
    come/came die/died draw/drew drive/drove fall/fell fight/fought find/found fly/flew
    forbid/forbade get/got give/gave go/went grow/grew have/had hold/held keep/kept know/knew
    lead/led leave/left lose/lost make/made meet/met pay/paid rise/rose run/ran say/said see/saw
    sell/sold send/sent shoot/shot sing/sang speak/spoke spend/spent stand/stood steal/stole
    strike/struck swim/swam take/took teach/taught tell/told think/thought throw/threw win/won
    write/wrote
    """
    )
)
_BETWEEN = r"(?:(?:also|first|later|then|finally|once|never|only|had)\s)*"
_PASSIVE = r"(?:was|were|been|be|being)\s(?:(?:also|first|later|then|finally|once)\s)*"
_SHARED_LETTERS = 4


def is_of_other_subject(text: str, start: int, question: str) -> bool:
    """Return whether the statement around a span has another name before the question's verb.

    It does not have the name that the question has there, which the text tells of elsewhere.
    """
    asked = _asked(question)
    if asked is None:
        return False
    names, pattern = asked
    begin, stop = statement_at(text, start)
    statement = text[begin:stop]
    if names & _beginnings(statement) or not names & _beginnings(text):
        return False
    subjects = list(pattern.finditer(statement))
    # "He wrote two books, and Tor Haugen wrote three": he may be the one.
    if any(subject["name"] in _PRONOUNS for subject in subjects):
        return False
    return any(_is_name(subject, text) for subject in subjects)


# The same question is asked of every passage that is read.
@lru_cache(maxsize=16)
def _asked(question: str) -> tuple[frozenset[str], re.Pattern[str]] | None:
    """Return the words of the subject's name, and the pattern of another's with the verb."""
    asked = _ASKED.search(question)
    if asked is None or not _ASKS_BEFORE.search(question[: asked.start()]):
        return None
    verb = asked["verb"]
    if is_function_word(verb) or verb.endswith("ly"):
        return None
    if asked["aux"] == "did":
        forms = {_PAST.get(verb, ""), f"{verb}ed", f"{verb}d", f"{verb[:-1]}ied"} - {""}
        between = _BETWEEN
    else:
        forms, between = {verb}, _PASSIVE
    return _beginnings(asked["name"]), re.compile(
        rf"(?P<name>{_NAME})\s{between}(?:{'|'.join(map(re.escape, sorted(forms)))})\b"
    )


# Of one passage, several spans are looked at.
@lru_cache(maxsize=64)
def _beginnings(text: str) -> frozenset[str]:
    """Return what the words of a text begin with, which the forms of a name share."""
    return frozenset(folded(word)[:_SHARED_LETTERS] for word in re.findall(r"\w{2,}", text))


def _is_name(match: re.Match[str], text: str) -> bool:
    words = match["name"].split()
    if is_function_word(words[-1].lower()):
        return False
    if len(words) > 1 or match.start() > 0:
        return True
    # At the beginning of a sentence any word has a capital.
    return re.search(rf"[a-z,]\s{re.escape(words[0])}\b", text) is not None
