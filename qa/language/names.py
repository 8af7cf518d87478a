"""Names of people: with a title, with a first name, or by the last name alone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from qa.language.function_words import word_set

Name: TypeAlias = tuple[str, ...]
"""The words of a name as they are written."""

# Words that stand before a name and are not part of it.
_TITLES = word_set(
    """
    adm admiral adviser advisor ambassador archbishop attorney bishop capt captain cardinal ceo
    chairman chairwoman chancellor chief cllr coach col colonel commander commissioner congressman
    congresswoman councillor dame deputy director doctor dr emperor empress fr gen general gov
    governor hon judge justice king lady lieutenant lord lt madam major mayor minister miss mr mrs
    ms officer pope president prince princess principal prof professor queen rabbi rep
    representative rev reverend sec secretary sen senator sergeant sgt sheriff sir spokesman
    spokesperson spokeswoman sultan treasurer undersecretary
    """
)
# Titles that open the names of things, too: "General Motors", "Prince Edward Island".
_TITLES_OF_THINGS = word_set(
    "captain chief coach dame doctor general king lady lord major prince princess queen"
)
PARTICLES = word_set(
    "von vom zu van der den ter ten de del della di da dos du la le bin ibn bint al el"
)
"""Small words inside a name, before the last name: "Ursula von der Leyen"."""
_PERSONS = _TITLES | word_set(
    """
    actor actress architect artist author boy couple farmer girl lawyer leader man official pair
    player poet scientist singer witness woman writer
    """
)
CALLED_HE = word_set(
    "husband father son brother uncle nephew grandfather grandson widower king prince sir lord mr"
)
"""What only men are called."""
CALLED_SHE = word_set(
    "wife mother daughter sister aunt niece grandmother granddaughter widow queen princess dame "
    "lady mrs ms miss"
)
"""What only women are called."""
_COURTESY = frozenset(["Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Miss"])
# Words that make another name of the word behind them: "North Korea", "White House", "New York".
_NO_FIRST_NAMES = word_set(
    """
    ancient baja black blue british central county democratic east eastern eastside equatorial
    federal fort french german grand great greater green gulf high imperial inner lake las little
    los lower middle mid mount national new north northeast northeastern northern northwest
    northwestern old outer papua people's port real red republic royal russian saint san santa
    south southeast southeastern southern southwest southwestern soviet st supreme the united upper
    west western white
    """
)
# A capital on one of these at the beginning of a sentence makes no name of it.
_SENTENCE_OPENERS = word_set(
    """
    a according after again all also although an and another are as at because before both but by
    can could despite did do does during even every for from had has have he her here his how
    however i if in instead is it its just last later like many may meanwhile more most my nor not
    now of on once one only or other our over perhaps she should since so some still than that the
    their then there these they this those though through thus to today under unlike until was we
    were what when where whether which while who whose why will with without would yet you your
    """
)
# The point of these does not end a name.
_SHORT = re.compile(
    r"[\"“‘'(\[]*(?:[^\W\d_]"
    r"|Mrs?|Ms|Dr|St|Prof|Gen|Sen|Rep|Gov|Rev|Sec|Lt|Sgt|Col|Capt|Cllr|Adm|Fr|Hon|Rt)\."
)
_NAME_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_ARTICLE_INSIDE = re.compile(r"(?:al|el)-(?=[^\W\d_])")
_POSSESSIVE = re.compile(r"[’']s?$")
_PUNCTUATION = ".,;:!?…()[]{}\"“”„«»‘’'—–|/*"
_LONGEST_NAME = 4


def name_words(text: str) -> Name:
    """Return the words of a person's name as it may be, without titles; nothing for other texts.

    All words begin with a capital and hold no digit; the last title and all before it are left
    out, if a name is left. "National Security Adviser Jake Sullivan" gives ("Jake", "Sullivan").
    Particles go with the word behind them: ("Ursula", "von der Leyen"), ("Bashar", "al-Assad").
    Two people ("Joe Biden and President Putin") are no name.
    """
    words = _POSSESSIVE.sub("", text.strip()).split()
    titles = [at for at, word in enumerate(words) if _folded(word) in _TITLES]
    name = _with_particles(words[titles[-1] + 1 :] if titles else words)
    if any(word.endswith(",") or word in ("and", "or", "&") for word in words):
        return ()
    if not 1 <= len(name) <= _LONGEST_NAME or not all(map(_is_name_word, name)):
        return ()
    return tuple(name)


def is_office(name: str) -> bool:
    """Return whether a name is an office, as "CEO" and "Prime Minister" are: it ends in a title."""
    return _folded(name.split()[-1]) in _TITLES


def is_titled(name: str) -> bool:
    """Return whether a name is a person's with a title: "Mayor Ann Ray", not "General Motors"."""
    person = len(name_words(name))
    titles = name.split()[:-person] if person else []
    return any(_folded(word) in _TITLES - _TITLES_OF_THINGS for word in titles)


def is_full_name(text: str) -> bool:
    """Return whether a text is a first and a last name, most likely: not "Fort Belling"."""
    name = name_words(text)
    return len(name) > 1 and not any(_folded(word) in _NO_FIRST_NAMES for word in name[:-1])


def is_person_noun(noun: str) -> bool:
    """Return whether a noun in small letters is what a person is called: "minister", "pair"."""
    return noun in _PERSONS


# What was read is looked at anew after every few passages.
@lru_cache(maxsize=256)
def capitalised_runs(text: str) -> frozenset[Name]:
    """Return the runs of words with capitals, as long as they go, without sentence openers.

    "But President Joe Biden said" has the run ("President", "Joe", "Biden"). A possessive ’s and
    punctuation behind a word end its run, except for the point of "J." and "Mr.".
    """
    return frozenset(run.words for run in _runs(text))


def names_in(text: str) -> list[str]:
    """Return the `capitalised_runs` as they are written, in the text's order, each once."""
    return list(dict.fromkeys(run.written for run in _runs(text)))


def names_in_question(question: str) -> list[str]:
    """Return the names in a question, whose first word has a capital by its place alone."""
    return names_in(question[:1].lower() + question[1:])


@dataclass(frozen=True, slots=True)
class _Run:
    """Words with capitals, without the marks at their borders; `written` keeps the inner ones."""

    words: Name
    written: str


def _runs(text: str) -> Iterator[_Run]:
    bare_words: list[str] = []
    typed: list[str] = []
    particles: list[str] = []
    for word in [*text.split(), ""]:
        if not bare_words and word[:1].islower():  # as most words are
            continue
        if word in PARTICLES:
            particles.append(word)
            continue
        plain = word.strip(_PUNCTUATION)
        bare = _POSSESSIVE.sub("", plain)
        has_capital = _has_capital(bare)
        if has_capital and (bare_words or _folded(bare) not in _SENTENCE_OPENERS):
            bare_words.append(" ".join([*particles, bare]))
            typed.append(" ".join([*particles, word.lstrip(_PUNCTUATION)]))
        particles = []
        goes_on = has_capital and bare == plain and _ends_no_name(word)
        if bare_words and not goes_on:
            yield _Run(tuple(bare_words), " ".join([*typed[:-1], bare_words[-1]]))
            bare_words, typed = [], []


def _ends_no_name(word: str) -> bool:
    return word[-1] not in _PUNCTUATION or _SHORT.fullmatch(word) is not None


def full_name_of(last_name: str, runs: Iterable[Name]) -> Name | None:
    """Return the full name that a last name alone stands for in an article, or None.

    It is the only full name that ends in it, among the `capitalised_runs` of the article. "Obama"
    is nobody in particular beside "Barack Obama" and "Michelle Obama", nor beside "President
    Obama" and "Michelle Obama", unless "President Michelle Obama" is there too. Of "North Korea",
    "New York" and "White House" the last word is no last name.
    """
    names = {run: name_words(" ".join(run)) for run in runs if run[-1] == last_name}
    full_names = {name for name in names.values() if len(name) > 1}
    if len(full_names) != 1:
        return None
    (full,) = full_names
    titles = {run[-2] for run, name in names.items() if len(name) == 1 < len(run)}
    known_titles = {word for run, name in names.items() if name == full for word in run}
    if _folded(full[-2]) in _NO_FIRST_NAMES or not titles <= known_titles | _COURTESY:
        return None
    return full


def _with_particles(words: Iterable[str]) -> list[str]:
    """Return the words, particles as one with the word behind them."""
    joined: list[str] = []
    particles: list[str] = []
    for word in words:
        particles.append(word)
        if word not in PARTICLES:
            joined.append(" ".join(particles))
            particles = []
    return [*joined, *particles]


def _is_name_word(word: str) -> bool:
    last = word.split()[-1]
    plain = _SHORT.fullmatch(last) or _NAME_WORD.fullmatch(last)
    return _has_capital(last) and plain is not None


def _has_capital(word: str) -> bool:
    return _ARTICLE_INSIDE.sub("", word, count=1)[:1].isupper()


def _folded(word: str) -> str:
    return word.casefold().rstrip(".,")
