"""Follow-up questions: which full questions they may stand for, told from the turns before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.dialogue.ellipsis import completed, is_bare, stated
from qa.dialogue.fragments import (
    begins_with_preposition,
    is_fragment,
    with_fragment,
    with_what_belongs,
)
from qa.dialogue.references import Meant, may_point_inside, meanings, resolved
from qa.dialogue.turns import Exchange, ReferentKind, is_small_talk
from qa.language.function_words import QUESTION_WORDS
from qa.language.question_parts import without_mark, without_openers

MAX_FORMS = 3
"""How many forms of a question are asked at most."""

_ELSE = re.compile(
    r"\s*\b(?:else|other|others|besides (?:him|her|it|that|them))\b|^besides [^,]+$", re.I
)
_ASKS_FOR_MORE = re.compile(
    r"(?:(?:(?:is|are|was|were) there )?(?:(?:the |any )?(?:others?|more)"
    r"|(?:who|what|where|which|anyone|anybody|anything|anywhere|someone) (?:else|others?))"
    r"|else|besides(?: [\w’'-]+){1,3}|which ones)$",
    re.I,
)
# A longer question, or one that names something, says itself what it is about.
_LONGEST_DEPENDENT = 8
_NAME_INSIDE = re.compile(r"\s[“\"(]?[A-Z0-9]")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The forms of a question, the likeliest first; one that stands alone has itself alone.

    `said` are answers that the question asks not to hear again ("who else?"). `pointed` is what its
    words that point back most likely mean, as in `Exchange`.
    """

    forms: tuple[str, ...]
    said: tuple[str, ...] = ()
    pointed: tuple[tuple[ReferentKind, str], ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= len(self.forms) <= MAX_FORMS:
            raise ValueError(f"{len(self.forms)} forms; there must be from 1 to {MAX_FORMS}")


def standing_alone(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Return the same exchanges with each question in the likeliest form that stands alone."""
    standing: list[Exchange] = []
    for exchange in exchanges:
        meant = follow_up(without_openers(exchange.question), standing)
        standing.append(Exchange(meant.forms[0], exchange.answer, meant.pointed))
    return standing


def follow_up(question: str, earlier: Sequence[Exchange]) -> FollowUp:
    """Return the forms that a question may stand for behind `earlier`, which stand alone.

    A question word alone ("and when?") is completed from the question before, a fragment ("and in
    Belarus?", "and her cousin?") takes its likeliest place in it, and what points back ("he", "it",
    "there") becomes what it may point to. A short question without a name may depend on the one
    before though no word shows it: it is asked as it is, and behind the earlier question's
    statement. What may point to a name in the question itself ("Did Merkel keep her promise?") is
    first asked as it is. Any other question, and what is no question ("thanks!"), is its only form.
    """
    text = without_mark(without_openers(" ".join(question.split()))) or question
    if not earlier or is_small_talk(question):
        return FollowUp((question,))
    asks_for_more = _ASKS_FOR_MORE.match(text) is not None
    asks_for_others = _ELSE.search(text) or (asks_for_more and text.lower().endswith("more"))
    said = tuple(item.answer for item in earlier if item.answer) if asks_for_others else ()
    rest = _ELSE.sub("", text).strip() if said else text
    if asks_for_more or not rest:
        return FollowUp((_asked_likewise(text, earlier),), said)
    meant = meanings(rest, earlier)
    forms = [_with_mark(form, question) for form in _forms(question, rest, earlier, meant)]
    pointed = tuple((kind, referent) for kind, referent in meant[0].items() if referent)
    return FollowUp(tuple(dict.fromkeys(forms))[:MAX_FORMS], said, pointed)


def _forms(
    question: str, text: str, earlier: Sequence[Exchange], meant: Sequence[Meant]
) -> list[str]:
    """Return the forms of a question, whose `text` has neither openers nor "else" or a mark."""
    last = earlier[-1]
    if is_bare(text):
        return completed(text, last.question, last.answer)
    if is_fragment(text):
        return _of_fragment(text, earlier, meant)
    if meant[0]:
        forms = resolved(text, earlier, meant)
        return [question, *forms] if may_point_inside(text) else forms
    statement = stated(last.question, last.answer) if _may_depend(text) else None
    return [question] if statement is None else [question, f"{statement}. {text}"]


def _of_fragment(text: str, earlier: Sequence[Exchange], meant: Sequence[Meant]) -> list[str]:
    pointed = resolved(text, earlier, meant)[0]
    if pointed != text and "’s " in pointed and not begins_with_preposition(text):
        return with_what_belongs(pointed, earlier[-1].question)
    return with_fragment(pointed, [exchange.question for exchange in earlier])


def _with_mark(form: str, question: str) -> str:
    """Return a form with a question mark.

    An own full stop stays; that of "Inc." at the end of a completed form is no mark.
    """
    is_marked = form.endswith("?") or (form == question and form[-1] in ".!")
    return form if is_marked else f"{form}?"


def _asked_likewise(text: str, earlier: Sequence[Exchange]) -> str:
    """Return the question that "who else" asks again: the last "who", if any, else the last."""
    word = text.split()[0].lower()
    questions = [exchange.question for exchange in reversed(earlier)]
    if word not in QUESTION_WORDS:
        return questions[0]
    return next(
        (asked for asked in questions if asked.lower().startswith(f"{word} ")), questions[0]
    )


def _may_depend(text: str) -> bool:
    return len(text.split()) <= _LONGEST_DEPENDENT and _NAME_INSIDE.search(text) is None
