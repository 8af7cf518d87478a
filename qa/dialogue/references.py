"""Words that point back, such as "he", "its" and "there", in the place of what they point to."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import TypeAlias

from qa.dialogue.ellipsis import stated
from qa.dialogue.referents import KIND_OF_WORD, bare, referents
from qa.dialogue.turns import Exchange, ReferentKind
from qa.language.function_words import AUXILIARIES, COPULAS, PREPOSITIONS, QUESTION_WORDS

Meant: TypeAlias = Mapping[ReferentKind, str]
"""What words that point back mean by their kind; "" is what nothing was found for."""

_MOST_REFERENTS = 3
_POSSESSIVES = frozenset(["his", "its", "their"])


def may_point_inside(text: str) -> bool:
    """Return whether the first word that points back may mean a name before it in the question.

    "Why did Tesla move its headquarters?" may stand alone; "What did Biden say to him?" does not.
    """
    words = text.split()
    at = next((at for at in range(len(words)) if _kind_at(words, at) is not None), len(words))
    if not any(word.strip("“\"'(")[:1].isupper() and word != "I" for word in words[1:at]):
        return False
    following = bare(words[at + 1]) if at + 1 < len(words) else ""
    is_subject = bare(words[at]) in ("he", "she", "they") or (
        bare(words[at]) == "it" and following not in PREPOSITIONS | QUESTION_WORDS | {""}
    )
    return is_subject or _is_possessive(words, at)


def resolved(text: str, earlier: Sequence[Exchange], meant: Sequence[Meant]) -> list[str]:
    """Return the question with what its words may mean in their places, the likeliest first.

    Nearer turns come before earlier ones. A word that nothing is found for stays.
    """
    words = text.split()
    if words[-1].lower() == "that":
        statement = stated(earlier[-1].question, earlier[-1].answer)
        if statement is not None:
            return [f"{text} {statement}"]
    return [_replaced(words, one) for one in meant]


def meanings(text: str, earlier: Sequence[Exchange]) -> list[Meant]:
    """Return what the words that point back may mean together, the likeliest first.

    Where no word does, the only one is empty.
    """
    words = text.split()
    kinds = {kind for at in range(len(words)) if (kind := _kind_at(words, at)) is not None}
    ordered = sorted(kinds, key=lambda kind: kind.value)
    choices = [referents(kind, text, earlier)[:_MOST_REFERENTS] or [""] for kind in ordered]
    # "Did she marry him?" is about two.
    picks = sorted(
        product(*[list(enumerate(choice)) for choice in choices]),
        key=lambda pick: (
            len({referent for _, referent in pick}) < len(pick),
            sum(number for number, _ in pick),
        ),
    )
    return [dict(zip(ordered, [referent for _, referent in pick], strict=True)) for pick in picks]


def _kind_at(words: Sequence[str], at: int) -> ReferentKind | None:
    word = bare(words[at])
    if _is_part_of_a_name(words, at):
        return None
    if word in ("that", "this"):
        alone = at == len(words) - 1 or bare(words[at - 1]) in AUXILIARIES
        return ReferentKind.THING if at and alone else None
    if word == "there" and at and bare(words[at - 1]) in COPULAS:
        return None
    if word in ("these", "those") and at < len(words) - 1:
        return None
    return KIND_OF_WORD.get(word)


def _is_part_of_a_name(words: Sequence[str], at: int) -> bool:
    """Return whether a word has capitals that it owes to a name: "IT", "Her Majesty"."""
    word = words[at].strip("“\"'(")
    capital = word[:1].isupper() and (at > 0 or word[1:2].isupper())
    return capital and not " ".join(words).isupper()


def _replaced(words: Sequence[str], meant: Meant) -> str:
    shown = []
    for at, word in enumerate(words):
        kind = _kind_at(words, at)
        referent = "" if kind is None else meant[kind]
        if not referent:
            shown.append(word)
        elif kind is ReferentKind.PLACE:
            shown.append(f"at {referent}")
        elif _is_possessive(words, at):
            shown.append(f"{referent}’s")
        else:
            shown.append(referent)
    return " ".join(shown)


def _is_possessive(words: Sequence[str], at: int) -> bool:
    word = bare(words[at])
    if word != "her":
        return word in _POSSESSIVES
    following = bare(words[at + 1]) if at + 1 < len(words) else ""
    return bool(following) and following not in PREPOSITIONS | AUXILIARIES
