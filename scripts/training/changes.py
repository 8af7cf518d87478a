"""Training questions changed by rule: unanswerable, with a list to quote, or as people type them.

An unanswerable question made by rule looks like the passage and still has no answer in it. A rule
can be wrong (a name was changed that did not matter), so only a small part is made this way.
"""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from index.splitting.sentences import split_sentences
from qa.language.corrections import without_corrections
from qa.squad_metrics import normalize_answer
from scripts.evaluation.altered import FUNCTION_WORDS
from scripts.evaluation.other_names import other_year, spliced
from scripts.training.question_sets import TrainingQuestion

Change = Callable[[TrainingQuestion, random.Random], TrainingQuestion | None]
"""Returns the changed question, or nothing where the rule does not apply."""

_NAME = re.compile(r"\b[A-Z][\w'-]+(?:(?: of| the| de)* [A-Z][\w'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_WORD = re.compile(r"\b[\w'-]+")
_PLAIN_RUN = re.compile(r"\b[a-z]{4,}(?: [a-z]{4,}){0,2}\b")
_AUXILIARY = re.compile(
    r"\b(did|does|do|was|were|is|are|has|had|can|could|would|should|will)\b(?! not\b)",
    re.IGNORECASE,
)
_NEGATED = {"can": "can't", "will": "won't"}
_OPPOSITES = (
    ("first", "last"), ("most", "least"), ("more", "fewer"), ("before", "after"),
    ("largest", "smallest"), ("biggest", "smallest"), ("highest", "lowest"), ("higher", "lower"),
    ("oldest", "youngest"), ("earliest", "latest"), ("longest", "shortest"), ("best", "worst"),
    ("north", "south"), ("northern", "southern"), ("east", "west"), ("eastern", "western"),
    ("increase", "decrease"), ("increased", "decreased"), ("rise", "fall"), ("rose", "fell"),
    ("start", "end"), ("started", "ended"), ("begin", "end"), ("began", "ended"),
    ("win", "lose"), ("won", "lost"), ("open", "close"), ("opened", "closed"),
    ("allow", "forbid"), ("allowed", "forbidden"), ("accept", "reject"),
    ("accepted", "rejected"), ("support", "oppose"), ("supported", "opposed"),
    ("major", "minor"), ("majority", "minority"), ("public", "private"), ("old", "new"),
    ("male", "female"), ("men", "women"), ("husband", "wife"), ("father", "mother"),
    ("son", "daughter"), ("brother", "sister"), ("king", "queen"), ("born", "buried"),
    ("above", "below"), ("inside", "outside"), ("same", "different"), ("positive", "negative"),
    ("strong", "weak"), ("early", "late"), ("import", "export"), ("imported", "exported"),
    ("buy", "sell"), ("bought", "sold"),
    ("cause", "prevent"), ("caused", "prevented"), ("built", "destroyed"), ("join", "leave"),
    ("joined", "left"), ("arrive", "depart"), ("add", "remove"), ("added", "removed"),
)  # fmt: skip
_OPPOSITE = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}
# What is said most often stands there most often.
_CORRECTIONS = (
    "no", "no", "no", "no", "no", "no sorry", "no sorry", "no wait", "no wait", "or rather",
    "or rather", "I mean", "I mean", "no I mean", "um no", "er I mean", "actually no", "or", "er",
    "scratch that", "no make that", "oh sorry", "uh or actually", "well I meant", "no not that but",
)  # fmt: skip
_BEGINNINGS = (
    "what is", "what was the", "what are the", "how many", "how much", "how did", "who was",
    "who is", "when did", "when was the", "where is", "where did", "why did", "why is the",
    "which of the", "what does", "what year did", "what kind of", "in what", "what happened to",
)  # fmt: skip
_TITLES = (
    "adviser", "ambassador", "bishop", "chairman", "chief economist", "commander", "deputy",
    "director", "economist", "editor", "engineer", "envoy", "finance minister", "founder",
    "foreign secretary", "general", "governor", "historian", "judge", "lawyer", "mayor",
    "national security adviser", "negotiator", "president", "professor", "secretary of state",
    "senator", "spokeswoman", "top aide", "trade representative", "vice president",
)  # fmt: skip
_OWNERS = ("the", "its", "his", "her", "their", "a former", "the country's", "the city's")


def with_listed_names(
    question: TrainingQuestion, generator: random.Random
) -> TrainingQuestion | None:
    """Put one or two more people beside the person who is the answer: the answer is them all."""
    if not question.question.lower().startswith(("who ", "whom ")) or not question.answers:
        return None
    start, answer = generator.choice(question.answers)
    if not _NAME.fullmatch(answer):
        return None
    sources = (question.context, *question.near_misses)
    others = [
        name
        for source in sources
        for name in _inside_sentences(_NAME, source)
        if " " in name and not _share_a_word(name, f"{question.question} {answer}")
    ]
    count = generator.choice((1, 2, 2, 2, 3))
    if len(others) < count:
        return None
    titled = generator.random() < 0.5
    people = [
        _with_title(name, generator) if titled and generator.random() < 0.8 else name
        for name in (answer, *generator.sample(others, count))
    ]
    generator.shuffle(people)
    end = generator.choice((" and ", ", and ")) if count > 1 or titled else " and "
    listed = ", ".join(people[:-1]) + end + people[-1]
    before, after = question.context[:start], question.context[start + len(answer) :]
    if titled and not after.startswith((",", ".", ";")) and people[-1].count(","):
        after = "," + after
    return replace(question, context=before + listed + after, answers=((start, listed),))


def _with_title(name: str, generator: random.Random) -> str:
    title = generator.choice(_TITLES)
    if generator.random() < 0.4:
        return f"{title.title()} {name}"
    return f"{generator.choice(_OWNERS)} {title}, {name}"


def without_answer_sentence(
    question: TrainingQuestion, generator: random.Random
) -> TrainingQuestion | None:
    """Cut the sentences that hold an answer out of the context: same subject, no answer."""
    sentences = split_sentences(question.context)
    kept = [
        question.context[sentence.start : sentence.end]
        for sentence in sentences
        if not any(
            start < sentence.end and start + len(text) > sentence.start
            for start, text in question.answers
        )
    ]
    context = " ".join(kept)
    if len(kept) < 2 or _contains_answer(context, question):
        return None
    return replace(question, context=context, answers=(), near_misses=())


def with_other_name(
    question: TrainingQuestion, generator: random.Random
) -> TrainingQuestion | None:
    """Put another name of the context where the question has one."""
    return _swapped(question, _NAME, generator)


def with_other_number(
    question: TrainingQuestion, generator: random.Random
) -> TrainingQuestion | None:
    """Put another number of the same length, from the context or near it, into the question."""
    changed = _swapped(question, _NUMBER, generator)
    years = [m for m in _NUMBER.finditer(question.question) if re.fullmatch(r"[12]\d{3}", m[0])]
    if changed is not None or not years:
        return changed
    year = generator.choice(years)
    moved = other_year(year[0], generator)
    if moved in question.context:
        return None
    return _unanswerable(question, spliced(question.question, year, moved))


def with_opposite_word(
    question: TrainingQuestion, generator: random.Random
) -> TrainingQuestion | None:
    """Turn one word of the question into its opposite."""
    words = [m for m in re.finditer(r"\w+", question.question) if m[0].lower() in _OPPOSITE]
    if not words:
        return None
    word = generator.choice(words)
    return _unanswerable(question, spliced(question.question, word, _OPPOSITE[word[0].lower()]))


def negated(question: TrainingQuestion, generator: random.Random) -> TrainingQuestion | None:
    """Negate the question's first auxiliary verb."""
    verb = _AUXILIARY.search(question.question)
    if verb is None:
        return None
    short = _NEGATED.get(verb[0].lower(), verb[0] + "n't")
    return _unanswerable(question, spliced(question.question, verb, short))


def as_keywords(question: TrainingQuestion, generator: random.Random) -> TrainingQuestion | None:
    """Leave the function words out, as in a search box, at times with the question word last."""
    words = question.question.rstrip("? ").split()
    kept = [word for word in words if word.lower() not in FUNCTION_WORDS]
    if len(kept) < 3:
        return None
    if generator.random() < 0.5:
        kept = [*kept[1:], kept[0]]
    return replace(question, question=" ".join(kept))


def with_typo(question: TrainingQuestion, generator: random.Random) -> TrainingQuestion | None:
    """Swap, drop or double one letter inside one longer word."""
    words = list(re.finditer(r"[A-Za-z]{5,}", question.question))
    if not words:
        return None
    word = generator.choice(words)
    at = generator.randint(1, len(word[0]) - 2)
    before, first, second, after = word[0][:at], word[0][at], word[0][at + 1], word[0][at + 2 :]
    typed = generator.choice((second + first, second, first + first + second))
    return replace(question, question=spliced(question.question, word, before + typed + after))


def spoken(question: TrainingQuestion, generator: random.Random) -> TrainingQuestion | None:
    """Let the speaker say a wrong name, wrong words or a wrong beginning, and then what was meant.

    What the road takes back by rule is taken back: the reader learns from what is left.
    """
    correct = generator.choice((_wrong_name, _wrong_words, _wrong_beginning))
    said = correct(question, generator) or _wrong_beginning(question, generator)
    return replace(question, question=without_corrections(said))


def _wrong_name(question: TrainingQuestion, generator: random.Random) -> str | None:
    names = list(_NAME.finditer(question.question, pos=1))
    mistaken = _other_names(question)
    if not names or not mistaken:
        return None
    name, wrong = generator.choice(names), generator.choice(mistaken)
    return spliced(question.question, name, f"{wrong} {generator.choice(_CORRECTIONS)} {name[0]}")


def _wrong_words(question: TrainingQuestion, generator: random.Random) -> str | None:
    """Return the question with words of the context said first, at times from a small word on."""
    places = [word for word in _WORD.finditer(question.question, pos=1) if _is_plain(word[0])]
    mistaken = [run[0] for run in _PLAIN_RUN.finditer(question.context) if _is_plain(run[0])]
    if not places or not mistaken:
        return None
    place = generator.choice(places)
    before, after = question.question[: place.start()], question.question[place.start() :]
    said = [*generator.choice(mistaken).split(), generator.choice(_CORRECTIONS)]
    last = (before.split() or [""])[-1]
    if last.lower() in FUNCTION_WORDS and generator.random() < 0.4:
        said.append(last)
    return f"{before}{' '.join(said)} {after}"


def _wrong_beginning(question: TrainingQuestion, generator: random.Random) -> str:
    mistaken = _other_names(question)
    topic = generator.choice(mistaken).split() if mistaken else []
    begun = [generator.choice(_BEGINNINGS), *topic, generator.choice(_CORRECTIONS)]
    return " ".join([*begun, question.question])


def _other_names(question: TrainingQuestion) -> list[str]:
    names = _inside_sentences(_NAME, question.context)
    return [name for name in names if name not in question.question]


def _is_plain(words: str) -> bool:
    return words.islower() and FUNCTION_WORDS.isdisjoint(words.split())


def changed(
    question: TrainingQuestion, rates: Mapping[Change, float], generator: random.Random
) -> TrainingQuestion:
    """Return the question changed by the first rule that is drawn, at its rate, and applies."""
    for rule, rate in rates.items():
        if generator.random() < rate:
            result = rule(question, generator)
            if result is not None:
                return result
    return question


def _swapped(
    question: TrainingQuestion, kind: re.Pattern[str], generator: random.Random
) -> TrainingQuestion | None:
    # The first word is a capital by position only.
    asked = list(kind.finditer(question.question, pos=1))
    if not asked:
        return None
    old = generator.choice(asked)
    answers = " ".join(text for _, text in question.answers)
    for source in (question.context, *question.near_misses):
        others = [
            found
            for found in _inside_sentences(kind, source)
            if (kind is _NAME or len(found) == len(old[0]))
            # A name that an answer holds may be the right one.
            and not _share_a_word(found, f"{question.question} {answers}")
        ]
        if others:
            new = generator.choice(others)
            return _unanswerable(question, spliced(question.question, old, new))
    return None


def _inside_sentences(kind: re.Pattern[str], text: str) -> list[str]:
    found = (m for m in kind.finditer(text) if m.start() > 1 and text[m.start() - 2] not in '.?!"')
    return sorted({match[0] for match in found})


def _share_a_word(one: str, other: str) -> bool:
    return not {word.lower() for word in one.split()}.isdisjoint(
        re.findall(r"[\w'-]+", other.lower())
    )


def _unanswerable(question: TrainingQuestion, asked: str) -> TrainingQuestion:
    return replace(question, question=asked, answers=(), near_misses=())


def _contains_answer(context: str, question: TrainingQuestion) -> bool:
    words = f" {normalize_answer(context)} "
    return any(f" {normalize_answer(text)} " in words for _, text in question.answers)
