"""What a speaker meant who corrected themselves: "Who leads Poland no wait Belarus?".

A correction has three parts (Shriberg 1994, "Preliminaries to a Theory of Speech Disfluencies"):
words that are taken back, an editing phrase ("no wait", "or rather", "er"), and the repair. Which
words are taken back is told from the repair alone, by rules, in this order:

1. It is a question, or begins like one behind an editing phrase that cannot be anything else: all
   that was said before, but for what goes before the question ("In Poland, who").
2. It says a word again: all from there on; for the sake of a small word ("the") only a few words,
   or the name behind it.
3. It says a word again behind one or two others ("gas toxicity no sorry oxygen toxicity"): that
   word and as many before it.
4. It is a number, a thing with its article or preposition, or a name: the number, thing or name
   before it; a thing, if the editing phrase cannot be anything else.
5. Else the last word, if the editing phrase cannot be anything else.

Without any editing phrase a question that is followed by another one is taken back ("Where do some
first what is the distance?"), unless the second can be a clause of the first.

A filled pause ("er", "uh") is the least sign of all. Where nothing is begun anew, it takes back
only what the word behind it can stand for, or what is said again at length.
"""

import re
from dataclasses import dataclass
from itertools import islice

from qa.language.function_words import (
    ARTICLES,
    AUXILIARIES,
    PREPOSITIONS,
    QUESTION_WORDS,
    word_set,
)

_SAYING = frozenset(("say", "says", "said", "saying", "voted"))
_LINKS = frozenset(("and", "or", "that", "this", "much", "many", "not"))
_SMALL_WORDS = AUXILIARIES | PREPOSITIONS | ARTICLES | _LINKS
_NO_CONTENT = _SMALL_WORDS | QUESTION_WORDS
# Behind these an adjective or a noun stands, and no verb.
_BEFORE_NOUNS = PREPOSITIONS | ARTICLES | {"which", "what", "whose", "how"}

# Said for no other reason than to take words back.
_FILLER = r"(?-i:er+m?|uh+|u+m+|hm+|ur?gh)"
_SURE = (
    r"i mean(?:t)?(?: to (?:say|ask))?|or (?:make|change) that"
    r"|or (?:rather|actually|instead|wait|sorry)|let me (?:rephrase|ask|correct that)"
    rf"|(?:oh )?that['’]s (?:not right|wrong)|(?-i:oops|whoops|whoa|woah)|{_FILLER}"
)
# Other uses are common: "Which bird has no wings?", "Who can cancel that contract?", "Nevermind".
_DOUBTFUL = (
    r"(?-i:no)|sorry|wait|rather|or (?:like|better(?: yet)?|maybe)|(?:scratch|cancel) (?:that|this)"
    r"|(?-i:never ?mind|excuse me)"
)
_BESIDE = (
    r"or|and|but|oh|well|just|like|really|actually|instead|maybe|better|correction|i guess"
    r"|(?:make|change|swap) that(?: to)?|that should be|tell me(?: instead)?"
    r"|i(?: want|['’]d like) to know"
)
_EDITING = re.compile(
    rf"""(?<![\w'’"“-])(?:(?:{_BESIDE})[\s,.…–—-]+){{0,8}}(?:{_SURE}|{_DOUBTFUL})"""
    rf"""(?:[\s,.…–—-]+(?:{_SURE}|{_DOUBTFUL}|{_BESIDE}))*(?![\w'’"”-])""",
    re.IGNORECASE,
)
_WITHOUT_DOUBT = re.compile(
    rf"(?<![\w-])(?:{_SURE})(?![\w-])"
    r"|\b(?:no|sorry|wait|oh)[\s,.…–—-]+(?:no|sorry|wait|rather|actually|instead|correction"
    r"|(?:make|change|swap) that|(?:scratch|cancel) (?:that|this)|never ?mind|that should be)\b",
    re.IGNORECASE,
)
_SURE_BEHIND_A_COMMA = re.compile(r"\b(?:scratch that|never ?mind)\b")
_ONLY_FILLERS = re.compile(rf"(?:{_FILLER}|[\s,.…–—-])+")
# "No no in the 1600s rather?"
_LAST_OF_PHRASE = re.compile(r"[\s,]+(?:rather|instead)(\W*)$", re.IGNORECASE)
_DRAWN_TOGETHER = re.compile(r"(?:n['’]t|['’](?:s|re|d|ll|ve))$")
_BETWEEN = " \t\n,.…-–—"
_COMMAS = ",…–—-"
_FARTHEST_VERB = 4
# Words that are taken back for the sake of one small word that is said again.
_SHORT = 3
# Words before the one that is said again, with which they are what was meant in place of others.
_MOST_BEFORE = 2
_NO_MODIFIERS = AUXILIARIES | PREPOSITIONS | QUESTION_WORDS | _LINKS | {"longer"}
# "Who" and "which" make clauses of names, "when" those of what was asked.
_ASKS_ANEW = frozenset(("what", "when", "where", "why", "how"))
# "She learned when it began", "the man who sang what is love", "it joined what is now the union".
_BEFORE_CLAUSES = (
    PREPOSITIONS
    | AUXILIARIES
    | ARTICLES
    | QUESTION_WORDS
    | _LINKS
    | word_set(
        "but if than then called know knows knew tell say see show determine decide describe define"
        " understand learn explain discover find exactly"
    )
)
_OF_CLAUSES = word_set(
    "now usually today commonly currently often generally actually much been become meant found "
    "lost exceed being to"
)
_POINTS_BACK = word_set("it he she they him them her his its their")
_FEWEST_ANEW = 4
_BEFORE_PHRASES = AUXILIARIES | PREPOSITIONS | ARTICLES | {"as", "down", "up", "out", "off"}
# "Which bird has no wings?", "Who feels sorry for Ann?", "a rather large bird", "would rather go".
_NEVER_BEHIND_NO = (AUXILIARIES | PREPOSITIONS | ARTICLES) - {"of", "to"}
_NEVER_BEFORE_NO = _LINKS | {"of"}
_BEHIND_SORRY = word_set("about for that to")
_BEFORE_SORRY = AUXILIARIES | word_set("feel feels felt so than very")
_BEHIND_RATHER = word_set("than have has had")
_BEFORE_RATHER = AUXILIARIES | ARTICLES | word_set("but he i she they we")
_MOST_CORRECTIONS = 4
# Nobody speaks longer than that in one breath; each bounds what one question can cost.
_MOST_WORDS = 100
_MOST_PHRASES = 8
_LONGEST_RUN = 12


def without_corrections(question: str) -> str:
    """Return the question as the speaker meant it; one without corrections comes back as it is.

    So does one of more than 100 words. Of an uncorrected text, 8 editing phrases are looked at.
    """
    if len(question.split(maxsplit=_MOST_WORDS)) > _MOST_WORDS:
        return question
    # Among capitals alone no name is told from other words, nor "ER" from "er".
    said = question.lower() if question.isupper() else question
    meant = said
    for _ in range(_MOST_CORRECTIONS):
        corrected = _corrected(meant)
        if corrected is None:
            break
        meant = corrected
    meant = _asked_last(meant) or meant
    return question if meant == said else meant


def _asked_last(question: str) -> str | None:
    """Return the second question of two that no editing phrase parts, or None.

    A first one that asks who somebody is may name a song ("Who sings what is love?"), and a second
    one that points back ("where was it?") says too little.
    """
    words = question.split()
    bare = [_bare(word) for word in words]
    if not bare or bare[0] not in QUESTION_WORDS:
        return None
    if bare[0] in ("who", "when") and bare[1:2] and bare[1] not in AUXILIARIES:
        return None
    for at in range(1, len(words) - _FEWEST_ANEW + 1):
        if (
            bare[at] in _ASKS_ANEW
            and bare[at + 1] in AUXILIARIES
            and bare[at - 1] not in _BEFORE_CLAUSES
            and words[at - 1][-1] not in '?."”'
            and words[at][0].isalpha()
            and bare[at + 2] not in _OF_CLAUSES
            and not bare[at + 2].endswith("ed")
            and _POINTS_BACK.isdisjoint(bare[at:])
        ):
            return _written_as(question, words[at:])
    return None


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What an editing phrase tells by itself.

    `is_sure`: it has no other use. `is_apart`: a comma or a dash stands before it. `is_filler`: it
    may only fill a pause ("Who is er the leader?"). `says_no`: "no" is in it.
    """

    is_sure: bool
    is_apart: bool
    is_filler: bool
    says_no: bool

    @classmethod
    def of(cls, found: re.Match[str], said: list[str], repair: list[str]) -> "_Phrase":
        text = found[0]
        is_apart = found.string[: found.start()].rstrip()[-1:] in _COMMAS
        sure = (
            _WITHOUT_DOUBT.search(text)
            or (is_apart and _SURE_BEHIND_A_COMMA.search(text))
            or _has_no_other_use(text.split()[-1].lower(), said, repair)
        )
        return cls(
            bool(sure), is_apart, _ONLY_FILLERS.fullmatch(text) is not None, "no" in text.split()
        )


def _has_no_other_use(word: str, said: list[str], repair: list[str]) -> bool:
    """Return whether a doubtful word takes back what was said, as far as those beside it tell."""
    before, after = _bare(said[-1]), _bare(repair[0])
    if word == "no":
        return after in _NEVER_BEHIND_NO and before not in _NEVER_BEFORE_NO
    if word == "sorry":
        return after not in _BEHIND_SORRY and before not in _BEFORE_SORRY
    is_wish = "would" in map(_bare, said)
    is_degree = after in _BEHIND_RATHER or before in _BEFORE_RATHER
    return word == "rather" and not is_wish and not is_degree


def _corrected(question: str) -> str | None:
    for editing in islice(_EDITING.finditer(question), _MOST_PHRASES):
        said = question[: editing.start()].rstrip(_BETWEEN).split()
        repair = _LAST_OF_PHRASE.sub(r"\1", question[editing.end() :]).lstrip(_BETWEEN).split()
        if not said or not repair or _is_quoted(editing):
            continue
        words = _repaired(said, repair, phrase=_Phrase.of(editing, said, repair))
        if words is not None:
            return _written_as(question, words)
    return None


def _written_as(question: str, words: list[str]) -> str:
    """Return the words as a text that begins with a capital where the question does."""
    text = " ".join(words)
    return text[0].upper() + text[1:] if question[0].isupper() else text


def _is_quoted(editing: re.Match[str]) -> bool:
    """Return whether the phrase stands inside quotation marks, or in a title ("I Mean It")."""
    before = editing.string[: editing.start()]
    is_open = before.count('"') % 2 == 1 or before.rfind("“") > before.rfind("”")
    return is_open or any(map(_is_name, editing[0].split()[1:]))


def _repaired(said: list[str], repair: list[str], *, phrase: _Phrase) -> list[str] | None:
    """Return the words that were meant; None where nothing was taken back."""
    if _bare(said[-1]) in _SAYING and not phrase.is_filler:
        return None
    sure = phrase.is_sure
    if _begins_like_a_question(repair):
        # "Who said no when asked to join the party?" goes on with a clause.
        if not (sure or phrase.is_apart or phrase.says_no or _is_begun_anew(said, repair)):
            return None
        if len(repair) > 3:
            return said[: _before_what_is_asked(said)] + repair
    again = _said_again(said, repair)
    if phrase.is_filler:
        return _behind_a_pause(said, repair, again)
    if again is not None and _is_said_again_by_chance(said, repair, again):
        return _with_other_name_behind_article(said, repair, again)
    if again is not None and (sure or _bare(repair[0]) != "to"):  # "have to wait to be elected"
        meant = said[:again] + repair
        return meant if _asks(meant) or not _asks(said) else None
    beside = _with_words_before(said, repair, sure=sure) if again is None else None
    if beside is not None and _asks(beside):
        return beside
    if sure and _bare(repair[0]) in AUXILIARIES:
        verbs = [n for n, word in enumerate(said) if _bare(word) in AUXILIARIES]
        if verbs:
            return said[: verbs[0]] + repair
    if _is_number(repair[0]) and _is_number(said[-1]):
        return said[:-1] + repair
    if sure and _bare(repair[0]) in ARTICLES | PREPOSITIONS:
        return _without_last_phrase(said, repair)
    if _is_name(repair[0]):
        first, end = _last_names(said)
        if end == len(said):
            return said[:first] + repair
        if end and all(map(_is_name, repair)):
            return _replaced(said, first, end, repair)
    if not sure:
        return None
    if _bare(said[-1]) in AUXILIARIES:
        return None  # a question that lost its verb would be none
    return said[:-1] + repair


def _behind_a_pause(said: list[str], repair: list[str], again: int | None) -> list[str]:
    """Return the words that were meant where only a pause was filled."""
    if again is not None:
        is_at_length = list(map(_bare, said[again : again + 2])) == list(map(_bare, repair[:2]))
        if again == len(said) - 1 or is_at_length or _bare(repair[0]) not in _NO_CONTENT:
            return said[:again] + repair
    first, end = _last_names(said)
    if _is_name(repair[0]) and end == len(said):
        return said[:first] + repair
    if (_is_number(repair[0]) and _is_number(said[-1])) or _are_alike_in_place(said, repair):
        return said[:-1] + repair
    return said + repair


def _asks(words: list[str]) -> bool:
    return not QUESTION_WORDS.isdisjoint(map(_bare, words))


def _begins_like_a_question(words: list[str]) -> bool:
    first, second = (*map(_bare, words[:2]), "")[:2]
    return first in QUESTION_WORDS or (first in PREPOSITIONS and second in QUESTION_WORDS)


def _before_what_is_asked(said: list[str]) -> int:
    """Return how many words go before a question that ends with what it asks, or behind a comma.

    "The Rhine flows into which no make that what sea?", "In Poland, who leads, I mean, what is it?"
    """
    if _begins_like_a_question(said):
        return 0
    for at in range(len(said) - 1, 0, -1):
        if _bare(said[at]) in QUESTION_WORDS:
            return at if at == len(said) - 1 or said[at - 1][-1] in _COMMAS else 0
    return 0


def _is_begun_anew(said: list[str], repair: list[str]) -> bool:
    """Return whether a repair that begins like a question is one, not a clause of what was said.

    "When did the ship sink" has the order of a question, "when the ship sank" has not. "Who leads
    Poland" has the order of a clause, too, and is a question where who was asked before.
    """
    bare = [_bare(word) for word in repair[: _FARTHEST_VERB + 2]]
    asked, *following = bare if bare[0] in QUESTION_WORDS else bare[1:]
    if asked in map(_bare, said[:2]):
        return True
    nearest = _FARTHEST_VERB if asked in ("what", "which", "whose", "how") else 1
    return not AUXILIARIES.isdisjoint(following[:nearest])


def _said_again(said: list[str], repair: list[str]) -> int | None:
    """Return where what was said goes on as the repair does, the most words and then the latest."""
    before = [_bare(word) for word in said]
    after = [_bare(word) for word in repair[:_LONGEST_RUN]]
    best, length = None, 0
    for start in range(len(before)):
        same = 0
        for earlier, later in zip(before[start:], after, strict=False):
            if earlier != later:
                break
            same += 1
        if same and same >= length:
            best, length = start, same
    return best


def _is_said_again_by_chance(said: list[str], repair: list[str], again: int) -> bool:
    """Return whether only a small word is said again, and much more would be taken back than said.

    "Who did the Franks team up with in Anatolia no sorry the Normans?" would be "Who did the
    Normans?".
    """
    follows = said[again + 1 : again + 2]
    is_alone = [_bare(word) for word in follows] != [_bare(word) for word in repair[1:2]]
    is_small = _bare(repair[0]) in _SMALL_WORDS
    return is_alone and is_small and len(said) - again > max(_SHORT, len(repair))


def _with_other_name_behind_article(
    said: list[str], repair: list[str], again: int
) -> list[str] | None:
    """Return the words with another name behind the article that is said again; None without."""
    names = repair[1:]
    end = again + 1
    while end < len(said) and _is_name(said[end]):
        end += 1
    if end == again + 1 or not names or not all(map(_is_name, names)):
        return None
    if end == len(said):
        return said[:again] + repair
    return _replaced(said, again, end, repair)


def _with_words_before(said: list[str], repair: list[str], *, sure: bool) -> list[str] | None:
    """Return the words with others before the one that is said again; None without such.

    "Not" is in place of nothing: "called no not called". What is said again in the middle of the
    question is so behind a sure phrase alone, at the end of the repair: "How many small cells were
    seen no wait large cells?".
    """
    denied = 1 if _bare(repair[0]) == "not" else 0
    before = [_bare(word) for word in said]
    for count, word in enumerate(repair[denied : denied + _MOST_BEFORE + 1]):
        bare = _bare(word)
        if bare in _NO_MODIFIERS or (count and bare in ARTICLES):
            return None
        if count + denied and bare == before[-1]:
            return said[: max(1, len(said) - 1 - count)] + repair
        is_last = count + denied + 1 == len(repair)
        if count and is_last and sure and bare in before[1:] and not _is_name(word):
            at = len(before) - 1 - before[::-1].index(bare)
            return _replaced(said, max(1, at - count), at + 1, repair)
    return None


def _without_last_phrase(said: list[str], repair: list[str]) -> list[str]:
    """Return the words with another phrase in place of the last one, both with a preposition.

    "Where does Lake Constance no the delta begin?" takes back all words of a thing's name, and
    "What lies in Strasbourg no on the Rhine?" the preposition, too.
    """
    before = [_bare(word) for word in said]
    nearest = range(len(said) - 1, max(0, len(said) - 2 - _SHORT), -1)
    first = next((at for at in nearest if before[at - 1] in _BEFORE_PHRASES), len(said) - 1)
    if first > 1 and before[first - 1] in ARTICLES:
        first -= 1
    if _bare(repair[0]) in PREPOSITIONS:
        first = first - 1 if before[first - 1] in PREPOSITIONS else len(said) - 1
    return said[: max(1, first)] + repair


def _replaced(said: list[str], first: int, end: int, repair: list[str]) -> list[str]:
    """Return what was said with the repair, and its mark at the end, in place of a range."""
    *meant, last = repair
    return [*said[:first], *meant, last.rstrip("?!."), *said[end:-1], f"{said[-1]}?"]


def _are_alike_in_place(said: list[str], repair: list[str]) -> bool:
    """Return whether the last word and the repair's first can be two adjectives or two nouns.

    "Which old uh new law was passed?" has two, "Which country uh borders Poland?" goes on.
    """
    if len(said) < 2 or len(repair) < 2 or _bare(said[-2]) not in _BEFORE_NOUNS:
        return False
    goes_on = _is_plain(repair[1]) or _bare(repair[1]) in AUXILIARIES
    return goes_on and _is_plain(said[-1]) and _is_plain(repair[0])


def _last_names(words: list[str]) -> tuple[int, int]:
    """Return the range of the last names, but for the first word, which is a capital anyhow."""
    end = len(words)
    while end > 1 and not _is_name(words[end - 1]):
        end -= 1
    first = end
    while first > 1 and _is_name(words[first - 1]):
        first -= 1
    return (first, end) if first < end else (0, 0)


def _bare(word: str) -> str:
    """Return the word in small letters, without marks and what is drawn together with it."""
    return _DRAWN_TOGETHER.sub("", word.strip("?!.,;:\"'“”’()").lower())


def _is_number(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _is_plain(word: str) -> bool:
    return not (_is_name(word) or _is_number(word) or _bare(word) in _NO_CONTENT)


def _is_name(word: str) -> bool:
    return _bare(word) != "i" and word.strip("\"'“”(")[:1].isupper()
