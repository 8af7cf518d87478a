"""Questions asked in other forms: as they are typed in haste, into a search box, or spoken."""

import random
from collections.abc import Callable, Mapping
from enum import StrEnum

from scripts.evaluation.question_file import KnownQuestion

FUNCTION_WORDS = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "been", "by", "did", "do", "does", "for", "from",
     "had", "has", "have", "in", "is", "it", "its", "of", "on", "or", "that", "the", "there",
     "this", "to", "was", "were", "with")
)  # fmt: skip


def without_question_mark(question: KnownQuestion) -> str:
    """Return the question without its mark."""
    return question.question.rstrip("? ")


def in_capitals(question: KnownQuestion) -> str:
    """Return the question in capitals."""
    return question.question.upper()


def in_small_letters(question: KnownQuestion) -> str:
    """Return the question without capitals."""
    return question.question.lower()


def keywords(question: KnownQuestion) -> str:
    """Return the question without its function words, as in a search box."""
    words = without_question_mark(question).split()
    return " ".join([w for w in words if w.lower() not in FUNCTION_WORDS] or words)


def one_typo(question: KnownQuestion) -> str:
    """Return the question with two neighbouring letters of its longest word swapped."""
    generator = random.Random(question.question)
    longest = max(question.question.split(), key=len)
    if len(longest) < 4:
        return question.question
    at = generator.randint(1, len(longest) - 3)
    swapped = longest[:at] + longest[at + 1] + longest[at] + longest[at + 2 :]
    return question.question.replace(longest, swapped, 1)


def fluent(question: KnownQuestion) -> str:
    """Return the question before it was made disfluent, where the file tells."""
    return question.original_question or question.question


class Form(StrEnum):
    """Ways to ask a question otherwise, by their names in tables and commands."""

    NO_QUESTION_MARK = "without question mark"
    CAPITALS = "in capitals"
    SMALL_LETTERS = "in small letters"
    KEYWORDS = "keywords"
    ONE_TYPO = "one typo"


ALTERATIONS: Mapping[str, Callable[[KnownQuestion], str]] = {
    Form.NO_QUESTION_MARK: without_question_mark,
    Form.CAPITALS: in_capitals,
    Form.SMALL_LETTERS: in_small_letters,
    Form.KEYWORDS: keywords,
    Form.ONE_TYPO: one_typo,
}


def altered(question: KnownQuestion, form: Callable[[KnownQuestion], str]) -> KnownQuestion:
    """Return the question asked in another form."""
    return question.model_copy(update={"question": form(question)})
