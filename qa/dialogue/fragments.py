"""Parts of a question, put into the question before: "and in Belarus?", "what about Poland?"."""

import re
from collections.abc import Sequence

from qa.language.function_words import ARTICLES, AUXILIARIES, COPULAS, PREPOSITIONS, QUESTION_WORDS
from qa.language.names import CALLED_HE, CALLED_SHE, is_person_noun
from qa.language.noun_phrases import is_topic, phrase_end
from qa.language.quantities import ORDINALS
from qa.language.question_parts import asked_parts, is_past, without_mark

_BORDERS = "|".join(sorted(AUXILIARIES | PREPOSITIONS))
_POSSESSIVE = re.compile(r"[’']s?$")
_ABOUT = re.compile(r"(?:what|how) about\s+", re.I)
_THOSE = re.compile(r"(?:those|that|the ones?) (?=of|in|at|for|from)", re.I)
_ONE = re.compile(r"\bones?$", re.I)
# "in Bergen" stands for "at Oslo", too.
_WHERE = frozenset(["in", "at"])
_LONGEST_FRAGMENT = 7
# "the Safavids"
_NAME_BEHIND_ARTICLE = re.compile(r"(?:the|an?) [^\W\d_a-z]")
_TIME = r"((?:[\w-]+ ){0,4}?(?:1[5-9]|20)\d\d)\b"
_A_TIME, _IN_A_TIME = re.compile(rf"(?:in )?{_TIME}", re.I), re.compile(rf"\bin {_TIME}")
_NUMBER, _ORDINAL, _YEAR = r"\d+(?:\.\d+)*", "|".join(ORDINALS), r"(?:1[5-9]|20)\d\d"
# "3.0", "for 3.0", "the Tidemark 60", "the third one"
_NUMBERED = re.compile(
    rf"(?:(?:{'|'.join(PREPOSITIONS)}) )?(?:the )?(?P<named>(?:[^\W\d][\w’'-]* ){{0,3}}?)"
    rf"(?:(?P<number>{_NUMBER})|(?P<ordinal>{_ORDINAL}))(?: one)?",
    re.I,
)
# How old they are belongs to the children: "for babies" stands for all of it.
_AGED = re.compile(
    r"[\w-]+ (?:aged \d{1,2}(?: to \d{1,2})?"
    r"|(?:from \d{1,2} to|over|under) \d{1,2} (?:years|months))\b"
)
_GLUE = "\u00a0"
_PLURAL = {"is": "are", "was": "were"}


def begins_with_preposition(text: str) -> bool:
    """Return whether a fragment does: "and in Belarus"."""
    return _ABOUT.sub("", text).split()[0].lower() in PREPOSITIONS


def is_fragment(text: str) -> bool:
    """Return whether a text is a part of a question: "the middle arch", "what about Poland"."""
    if _ABOUT.match(text):
        return True
    words = text.lower().split()
    verbs = AUXILIARIES | QUESTION_WORDS | {"tell", "name", "list", "give", "explain", "show"}
    return len(words) <= _LONGEST_FRAGMENT and not verbs.intersection(words)


def with_fragment(text: str, questions: Sequence[str]) -> list[str]:
    """Return the last question that a fragment fits in, with it in the place of its own kind.

    A possessive ’s stays, and one that is a participle ("injured") stands for another. Where it
    fits in no question, it stands behind the last one if it begins with a preposition, else alone.
    """
    fragment = _THOSE.sub("", _ABOUT.sub("", text))
    first = fragment.split()[0]
    if (in_time := _in_the_same_time(fragment, questions[-1])) is not None:
        return [in_time]
    if (numbered := _with_number(fragment, questions[-1])) is not None:
        return [numbered]
    if first.lower() in PREPOSITIONS:
        fragment = f"{first.lower()}{fragment[len(first) :]}"
        return _in_place(fragment, questions[-1]) or [f"{without_mark(questions[-1])} {fragment}"]
    fitting = (_in_place(fragment, question) for question in reversed(questions))
    return next(filter(None, fitting), [fragment])


def _in_the_same_time(fragment: str, question: str) -> str | None:
    """Return the question with "2020" or "in May 2020" in the place of its "in 2021", or None."""
    named, time = _A_TIME.fullmatch(fragment), _IN_A_TIME.search(question)
    if named is None or time is None:
        return None
    return f"{question[: time.start()]}in {named[1]}{without_mark(question[time.end() :])}"


def _with_number(fragment: str, question: str) -> str | None:
    """Return the question with "3.0", "Harrow 3.0" or "the third" for its like, or None.

    A year stands for a year alone, and behind the same words a number for a number.
    """
    own = _NUMBERED.fullmatch(fragment)
    if own is None:
        return None
    number = own["number"] or own["ordinal"]
    like = _NUMBER if own["number"] else _ORDINAL
    alike = [
        found
        for found in re.finditer(
            rf"\b{re.escape(own['named'])}(?P<old>{like})(?![\w.]*\w)", question, re.I
        )
        if (re.fullmatch(_YEAR, found["old"]) is None) == (re.fullmatch(_YEAR, number) is None)
    ]
    if len(alike) != 1:
        return None
    return f"{question[: alike[0].start('old')]}{number}{question[alike[0].end('old') :]}"


def _in_place(fragment: str, question: str) -> list[str]:
    """Return the question with the fragment in each place of its own kind, the likeliest first."""
    aged = _AGED.sub(lambda found: found[0].replace(" ", _GLUE), without_mark(question))
    words = aged.split(" ")
    first = fragment.split()[0]
    if is_past(fragment):
        places = [at for at, word in enumerate(words) if is_past(word)]
        ends = [at + 1 for at in places]
    else:
        if first in PREPOSITIONS:
            alike = _WHERE if first in _WHERE else {first}
            places = [at for at, word in enumerate(words) if word.lower() in alike]
        else:
            places = [at for at, _ in enumerate(words) if _begins_phrase(words, at, like=fragment)]
        ends = [_end_like(words, at, like=fragment) for at in places]
    ranges = list(zip(places[::-1], ends[::-1], strict=True))
    if first in ARTICLES:
        ranges.sort(key=lambda phrase: not _is_what_is_asked_for(words, *phrase, like=fragment))
    forms = [
        " ".join([*words[:at], _put(fragment, words[at:end], words[end:]), *words[end:]])
        for at, end in ranges
    ]
    return [form.replace(_GLUE, " ") for form in forms]


def _is_what_is_asked_for(words: list[str], at: int, end: int, *, like: str) -> bool:
    """Return whether a phrase stands behind "who is" or "what is" and can be asked for likewise.

    "the secretary" stands for the treasurer in "Who is the treasurer of the club", and "the kettle"
    not for the price in "What is the price of the lamp".
    """
    asked = [word.lower() for word in words[:2]]
    behind = at == 2 or _POSSESSIVE.search(words[at - 1]) is not None
    if asked[0] not in ("who", "what") or asked[-1] not in COPULAS or not behind:
        return False
    named = like.split()[1][0].isupper()
    return not named and (is_topic(words[end - 1]) or not is_topic(like))


def with_what_belongs(fragment: str, question: str) -> list[str]:
    """Return the earlier question about what belongs to somebody: "Did Ann Ray’s cousin resign?".

    The fragment ("what about Ann Ray’s cousin") stands for its owner, or for what the question asks
    of that one; where the owner is not in it, for all that "who is" is asked of, else alone.
    """
    plain = _ABOUT.sub("", fragment)
    owner = re.escape(plain.split("’s ")[0])
    words = without_mark(question)
    asked = re.search(
        rf"\b(?:the (?:[\w-]+ )+of )?{owner}(?:[’']s?(?: (?!(?:{_BORDERS})\b)[\w-]+)+|(?![\w’'-]))",
        words,
    )
    if asked is not None:
        return [f"{words[: asked.start()]}{plain}{words[asked.end() :]}"]
    parts = asked_parts(question)
    is_asked = parts is not None and parts.question_word in ("who", "what") and not parts.noun
    if parts is None or not is_asked or not parts.asks_what_one_is:
        return [plain]
    noun = plain.split()[-1].lower()
    is_several = noun == "children" or (noun.endswith("s") and not noun.endswith("ss"))
    is_person = noun == "children" or noun in CALLED_HE | CALLED_SHE or is_person_noun(noun)
    asked_for = "Who" if is_person else parts.asked_for[0]
    copula = _PLURAL[parts.rest[0]] if is_several else parts.rest[0]
    return [" ".join([asked_for, copula, plain])]


def _put(fragment: str, phrase: Sequence[str], following: Sequence[str]) -> str:
    """Return a fragment as it stands for a phrase, before what follows it.

    It owns what the phrase owned, and "the yellow one" is a light as "the red light" was.
    """
    owns = _POSSESSIVE.search(phrase[-1]) is not None and _POSSESSIVE.search(fragment) is None
    if owns and following and following[0].lower() not in PREPOSITIONS:
        return f"{fragment}’s"
    is_lone = fragment.split()[0] in ARTICLES and phrase[0].lower() not in ARTICLES
    if is_lone and _NAME_BEHIND_ARTICLE.match(fragment) is None:
        fragment = fragment.split(maxsplit=1)[1]
    return _ONE.sub(phrase[-1], fragment)


def _begins_phrase(words: list[str], at: int, *, like: str) -> bool:
    """Return whether a phrase begins at a word that a fragment `like` can stand in for."""
    if at == 0:
        return False
    begins_with_article = like.split()[0] in ARTICLES
    if begins_with_article and words[at - 1].lower() in ARTICLES:
        return False
    is_named = like[0].isupper() or _NAME_BEHIND_ARTICLE.match(like) is not None
    if is_named and words[at].lower() not in ARTICLES:
        opens = at == 1 and words[0].lower() in AUXILIARIES | QUESTION_WORDS | PREPOSITIONS
        return words[at][0].isupper() and (opens or not words[at - 1][0].isupper())
    if words[at].lower() in ARTICLES:
        return True
    # "the loss" in "What was Acme’s revenue": nothing else is owned that is asked for.
    owned = _POSSESSIVE.search(words[at - 1]) is not None and begins_with_article
    return owned and _is_what_is_asked_for(words, at, _end_like(words, at, like=like), like=like)


def _end_like(words: list[str], at: int, *, like: str) -> int:
    """Return where the phrase ends whose first word, or preposition, is at `at`.

    "the capital" ends behind "of Luxembourg", where "the capital of Belgium" stands in for it.
    """
    end = _end(words, at)
    if end < len(words) and words[end].lower() in like.lower().split()[1:]:
        return _end(words, end)
    return end


def _end(words: list[str], at: int) -> int:
    if words[at].lower() in ARTICLES:
        return phrase_end(words, at)
    end = at + 1
    if end < len(words) and words[at].lower() in PREPOSITIONS and words[end] in ARTICLES:
        return phrase_end(words, end)
    named = end < len(words) and words[end - 1].lower() in PREPOSITIONS and words[end][0].isupper()
    named = named or words[at][0].isupper()
    while end < len(words) and words[end].lower() not in PREPOSITIONS | AUXILIARIES:
        if named and not words[end][0].isupper():
            break
        end += 1
    return end
