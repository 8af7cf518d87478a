"""Whether a question asks for one thing, or may be answered by several."""

import re

from qa.language.function_words import AUXILIARIES
from qa.language.question_parts import asked_parts

_ASKS_FOR_ONE = re.compile(
    r"""
    \b (?: one | example | first | last | most | least | only | main | primary | best | worst
      | (?: bigg | bright | busi | clos | cold | dark | deadli | deep | earli | easi | farth
          | fast | fin | great | hard | heavi | high | hott | larg | lat | light | long | low | near
          | new | old | poor | quick | rich | short | simpl | slow | small | strong | tall | thick
          | thin | warm | weak | wealthi | wid | young ) est
    ) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "Who is the spokesman of the panel?", "What's the capital?"
_BEHIND_NOUN = r"(?:of|in|for|at|to|from|on|behind|who|that)\b"
_ASKS_FOR_THE_ONE = re.compile(
    rf"""
    \b (?:who | what) (?: \s+ (?:is|was) | ['’]s ) \s+ the
    (?: \s+ (?!{_BEHIND_NOUN}) [\w’'-]+ )*?
    \s+ [\w’'-]* (?: [^\Ws] | ss )
    (?= \s+ {_BEHIND_NOUN} | \W* $ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "What are the most common side effects?"; "Who were the first to go?" may have one answer.
_ASKS_FOR_THE_FEW = re.compile(
    r"\b(?:who|what|which)\s+(?:are|were)\s+the\s+(?:most|least|best|worst|main|primary|\w{2,}est)\s"
    r"(?!.*\b(?:one|example)\b)",
    re.IGNORECASE,
)
# A number, a time or somebody's only one is one item's.
_ASKS_FOR_AN_ITEM = re.compile(
    r"\b(?:when|how\s+(?:many|much|old|long|far|tall|high|big|large|deep|fast|often))\b"
    r"|\bwho(?:\s+(?:is|was)|['’]s)\s+(?:[\w-]+\s){0,3}[\w-]+['’]s?\s",
    re.IGNORECASE,
)
_ASKS_FOR_SEVERAL = re.compile(
    r"\b(?:who|what|which)\s+(?:are|were)\b|^\W*(?:please\s+)?(?:list|name)\b|\ball\s+(?:the|of)\b"
    r"|\bwhat\s+(?:do|should|must|can)\s+(?:i|we|you|one)\b|\bwho\s+(?:is|was|sits|serves)\s+(?:on|in)\b"
    r"|\bwho\s+(?:attended|took\s+part|(?:is|was)\s+(?:present|absent|there))\b",
    re.IGNORECASE,
)
_PLURAL = re.compile(r"people|men|women|children|\w*[^\Wsui]s", re.IGNORECASE)


def asks_for_one(question: str) -> bool:
    """Return whether a question asks for the one: "the largest island", "who is the spokesman".

    "What are the largest islands" asks for several.
    """
    return _ASKS_FOR_THE_FEW.search(question) is None and (
        _ASKS_FOR_ONE.search(question) is not None or _ASKS_FOR_THE_ONE.match(question) is not None
    )


def may_ask_for_items(question: str) -> bool:
    """Return whether several items of a list may answer a question.

    They do not where one, a number or a time does, nor "which bus".
    """
    if asks_for_one(question) or _ASKS_FOR_AN_ITEM.search(question) is not None:
        return False
    noun = _noun_asked_for(question)
    return not noun or _is_plural(noun)


def asks_for_several(question: str) -> bool:
    """Return whether a question asks for several: "which rivers", "who are", "what do I need"."""
    several = _ASKS_FOR_SEVERAL.search(question) is not None
    return may_ask_for_items(question) and (several or _is_plural(_noun_asked_for(question)))


def _noun_asked_for(question: str) -> list[str]:
    """Return the words of the noun behind "what" or "which", without what follows "of"."""
    parts = asked_parts(question)
    if parts is None or parts.question_word not in ("what", "which"):
        return []
    if parts.noun:
        return parts.noun.split(" of ")[0].split()
    return [word for word in parts.rest[:1] if word.lower() not in AUXILIARIES]


def _is_plural(noun: list[str]) -> bool:
    return any(map(_PLURAL.fullmatch, noun))
