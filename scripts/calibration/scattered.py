"""Articles that tell of many things in a few sentences each, as contracts and handbooks do.

In the contexts of question sets everything around an answer is about what is asked. Elsewhere a
sentence answers between others that do not: its passage is less like the question, and answers none
the less.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.splitting.sentences import split_sentences
from scripts.evaluation.collection import in_calibration_half
from scripts.evaluation.question_file import KnownQuestion, Reference

# Of how many contexts sentences are shuffled together at least; one title may have more.
_FEWEST_CONTEXTS = 8
# Sentences that stay together: what "it" stands for is mostly told in the sentence before.
_RUN_LENGTHS = (1, 2, 2, 3)
_BETWEEN_RUNS = "\n\n"


@dataclass(frozen=True, slots=True)
class _Run:
    """Sentences that follow each other: the context they are of, and their range in it."""

    context: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ScatteredArticle:
    """Runs of sentences of several contexts, in the order of its text, and where each begins."""

    title: str
    text: str
    places: Mapping[_Run, int]

    def ask(self, question: KnownQuestion) -> KnownQuestion | None:
        """Return the question with this article as its context.

        None if each of its answers goes over a place where its context was cut.
        """
        answers = tuple(
            Reference(text=answer.text, answer_start=place + answer.answer_start - run.start)
            for answer in question.answers
            for run, place in self.places.items()
            if run.context == question.context
            and run.start <= answer.answer_start
            and answer.answer_start + len(answer.text) <= run.end
        )
        if question.answers and not answers:
            return None
        update = {"title": self.title, "context": self.text, "answers": answers, "evidence": ()}
        return question.model_copy(update=update)


def scatter(questions: Iterable[KnownQuestion], *, seed: int) -> dict[str, ScatteredArticle]:
    """Return the article that the sentences of each context are in, by context.

    An article has all contexts of its titles: of one title, or of several of the same half where
    each has few, and then it has the first one's title.
    """
    generator = random.Random(seed)
    contexts: dict[str, dict[str, None]] = {}
    for question in questions:
        contexts.setdefault(question.title, {})[question.context] = None
    titles = sorted(contexts)
    generator.shuffle(titles)
    articles: dict[str, ScatteredArticle] = {}
    for half in (True, False):
        own = [title for title in titles if in_calibration_half(title) is half]
        for together in _together(own, contexts):
            among = [context for title in together for context in contexts[title]]
            article = _shuffled(together[0], among, generator)
            articles.update(dict.fromkeys(among, article))
    return articles


def _together(
    titles: Sequence[str], contexts: Mapping[str, Mapping[str, None]]
) -> Iterator[list[str]]:
    """Yield the titles in groups that have enough contexts, but for the last one."""
    group: list[str] = []
    for title in titles:
        group.append(title)
        if sum(len(contexts[one]) for one in group) >= _FEWEST_CONTEXTS:
            yield group
            group = []
    if group:
        yield group


def _shuffled(title: str, contexts: Sequence[str], generator: random.Random) -> ScatteredArticle:
    runs = [run for context in contexts for run in _runs(context, generator)]
    generator.shuffle(runs)
    places: dict[_Run, int] = {}
    texts: list[str] = []
    end = 0
    for run in runs:
        places[run] = end
        texts.append(run.context[run.start : run.end])
        end += len(texts[-1]) + len(_BETWEEN_RUNS)
    return ScatteredArticle(title, _BETWEEN_RUNS.join(texts), places)


def _runs(context: str, generator: random.Random) -> Iterator[_Run]:
    sentences = split_sentences(context)
    while sentences:
        count = generator.choice(_RUN_LENGTHS)
        yield _Run(context, sentences[0].start, sentences[min(count, len(sentences)) - 1].end)
        sentences = sentences[count:]
