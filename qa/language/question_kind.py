"""Questions that no quotation can answer, told by how they begin."""

import re
from enum import Enum

from qa.language.function_words import AUXILIARIES, QUESTION_WORDS
from qa.language.question_parts import without_openers

_AUXILIARY = "|".join(sorted(AUXILIARIES - {"may"}))
_YES_NO = re.compile(
    rf"(?:{_AUXILIARY}|(?:{_AUXILIARY}|ca|wo)n[’']t)\b"
    # "May 5" and "May was" are no permission.
    r"|may (?:i|we|you|one|he|she|it|they|the|an?|my|our|this|these)\b"
    r"|(?:(?:can|could|would|will) you (?:please )?)?tell me (?:if|whether)\b(?! possible)",
    re.IGNORECASE,
)
_YOU = r"(?:can|could|will|would) (?:you|any(?:one|body)|some(?:one|body)) (?:please )?"
# "Do you know who ...", "Will Smith was born in what year", "Is it Oslo or Bergen?"
_ASKS_FOR_WORDS = re.compile(
    rf"\b(?:{'|'.join(sorted(QUESTION_WORDS))}|or)\b"
    rf"|^{_YOU}(?:tell(?! me (?:if|whether))|name|list|show|give|identify|provide|find|explain)\b",
    re.IGNORECASE,
)
_MORE = (
    r"(?:better|worse|older|younger|taller|bigger|larger|smaller|longer|shorter|higher|lower"
    r"|richer|poorer|stronger|cheaper|earlier|later)"
)
_OF_THESE = r"(?:of )?(?:the|these|your) "
_SOURCES = (
    rf"(?:(?:{_OF_THESE})?(?:articles?|sources?|documents?|passages?)"
    rf"|{_OF_THESE}(?:stories|texts|reports))"
)
_SAY = r"(?:mention|name|cite|quote|discuss|describe|say|report|talk|speak)"
# "How many articles are there in the Constitution?" does not count over articles.
_COUNTING = re.compile(
    rf"how many (?:different )?{_SOURCES} (?:here )?"
    rf"(?:(?:that |which )?{_SAY}s?\b|are (?:there )?(?:about|on|that|which)\b)"
    rf"|in how many (?:different )?{_SOURCES} (?:is|are|was|were|do|does|did)\b.*\b{_SAY}"
    r"|how (?:often|many times) (?:is|are|was|were) .*\b(?:mentioned|named|cited|quoted)\b",
    re.IGNORECASE,
)
_COMPARING = re.compile(
    r"(?:compare|contrast)\b"
    r"|(?:what(?:['’]s| (?:is|are|was|were)) )?(?:the )?(?:differences?|similarities) between\b"
    r"|what do(?:es)? .*\bhave in common\b"
    r"|how do(?:es)? .*\bcompare\b"
    rf"|(?:who|which|what)\b.*\b(?:more|less|fewer|{_MORE})\b.*[,:] .*\bor\b"
    rf"|(?:who|which|what) (?:is|was|are|were) {_MORE} (?!than\b)(?:\S+ ){{1,3}}or\b",
    re.IGNORECASE,
)


class QuestionKind(Enum):
    """What a question asks for; `note` tells what Quoth does where no quotation can answer."""

    QUOTABLE = ""
    YES_NO = (
        "This is a yes-or-no question: Quoth can quote the sentence that bears on it, but does not "
        "judge."
    )
    COUNTING = "This question counts over articles: no quotation can answer it, so Quoth abstains."
    COMPARING = (
        "This question compares: Quoth can quote the sentence that bears on it, but does not "
        "compare."
    )

    @property
    def note(self) -> str | None:
        """What to tell who asked."""
        return str(self.value) or None


def question_kind(question: str) -> QuestionKind:
    """Return what a question asks for, by its first words.

    Yes or no: it begins with a form of be, do or have, a modal verb or "tell me whether", no
    question word and no "or" stands in it, and it is no request. Counting: how many articles,
    sources and so on mention something. Comparing: it asks for the difference between things, how
    they compare, or which of two is more.
    All other questions can be answered by quoting, as far as their words tell.
    """
    text = " ".join(question.split()).lstrip("“\"'‘(¿ ")
    text = without_openers(text)
    if _COUNTING.match(text):
        return QuestionKind.COUNTING
    if _COMPARING.match(text):
        return QuestionKind.COMPARING
    if _YES_NO.match(text) and not _ASKS_FOR_WORDS.search(text):
        return QuestionKind.YES_NO
    return QuestionKind.QUOTABLE
