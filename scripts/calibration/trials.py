"""Known questions asked of collections that hold the answer and of ones that do not."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from qa.calibration import Calibration
from qa.deciding.decide import Decision, RankedAnswer, decide
from qa.deciding.stopping import end_of_reading
from qa.filters import Filters
from qa.question import DEFAULT_PASSAGES
from qa.reading.promise import by_promise
from qa.reading.read import ReadPassage, read_passages
from qa.reading.reader import READ_AT_ONCE, Reader
from qa.retrieval import RetrievedPassage, Retriever
from qa.squad_metrics import exact_match, f1, normalize_answer
from qa.values import Passage
from scripts.evaluation.collection import Collection
from scripts.evaluation.question_file import KnownQuestion

# A candidate that shares this much of a reference is worth being ordered first.
_GOOD_F1 = 0.6


class AskedOf(StrEnum):
    """Which articles a trial may be answered from: large and small, with and without the answer."""

    ALL = "all"
    OTHERS = "all but those of its title"
    ALL_BUT_OWN = "all but its own"
    OWN = "those of its title"
    FEW_OTHERS = "those of three other titles"

    @property
    def holds_answer(self) -> bool:
        """Whether the question's own article is among them."""
        return self in (AskedOf.ALL, AskedOf.OWN)


# How many other passages a small collection has.
_FEWEST_OTHERS, _MOST_OTHERS = 3, 14

# How often each is asked.
_WEIGHTS = {
    AskedOf.ALL: 40,
    AskedOf.OTHERS: 15,
    AskedOf.ALL_BUT_OWN: 15,
    AskedOf.OWN: 15,
    AskedOf.FEW_OTHERS: 15,
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One question asked once: what was read, and whether the answer was there to find.

    `unread` are the passages that come behind those read, where it ended early. `scattered` is
    whether it was asked of articles that the sentences of contexts are scattered in.
    """

    question: KnownQuestion
    answerable: bool
    found: tuple[ReadPassage, ...]
    unread: tuple[RetrievedPassage, ...] = ()
    scattered: bool = False

    def decide(self, calibration: Calibration) -> Decision:
        """Return what the product decides after reading this."""
        return decide(self.found, calibration, question=self.question.question)

    def read_by_promise(self, calibration: Calibration) -> "Trial":
        """Return the trial with its passages in the order in which the calibration reads them."""
        spans = {passage.passage.passage_id: (passage, found) for passage, found in self.found}
        ordered = by_promise([passage for passage, _ in self.found], calibration)
        return replace(self, found=tuple(spans[one.passage.passage_id] for one in ordered))

    def among_few(self, generator: random.Random) -> "Trial":
        """Return the trial as if a few of the passages that it found were the whole collection.

        The question's own passages are among them, if they were found: those that hold an answer.
        """
        own = {p.passage for p, _ in self.found if self._is_own(p.passage)}
        others = [p.passage for p, _ in self.found if p.passage not in own]
        count = generator.randint(_FEWEST_OTHERS, _MOST_OTHERS)
        few = own.union(generator.sample(others, min(count, len(others))))
        kept = [(p, spans) for p, spans in self.found if p.passage in few]
        greatest = max((p.keyword_share for p, _ in kept), default=0.0) or 1.0
        found = [(replace(p, keyword_share=p.keyword_share / greatest), s) for p, s in kept]
        return replace(self, found=tuple(found), answerable=self.answerable and bool(own))

    def _is_own(self, passage: Passage) -> bool:
        """Return whether the passage is of the question's context, and where an answer stands."""
        start = self.question.context.find(passage.text)
        return start >= 0 and (
            not self.question.answers
            or any(
                start <= answer.answer_start < start + len(passage.text)
                for answer in self.question.answers
            )
        )

    def parts(self) -> Iterator["Trial"]:
        """Yield the trial as it was at each point where reading could have ended."""
        for count in range(READ_AT_ONCE, len(self.found), READ_AT_ONCE):
            unread = tuple(passage for passage, _ in self.found[count:])
            yield replace(self, found=self.found[:count], unread=unread)

    def read_until(self, calibration: Calibration) -> "Trial":
        """Return the trial as it was where the calibration ends reading."""
        ends = (part for part in self.parts() if part.may_end(calibration))
        return next(ends, self)

    def may_end(self, calibration: Calibration) -> bool:
        """Return whether the calibration ends reading here."""
        question = self.question.question
        return end_of_reading(self.found, self.unread, calibration, question=question) is not None

    def is_answered_by(self, decision: Decision) -> bool:
        """Return whether the best answer of the decision is a right one."""
        return bool(decision.ranking) and self.is_right(decision.ranking[0])

    def is_good(self, text: str) -> bool:
        """Return whether a candidate's text is worth being ordered first."""
        return self.answerable and f1(text, self.question.references) >= _GOOD_F1

    def is_right(self, ranked: RankedAnswer) -> bool:
        """Return whether the answer's text is a reference answer."""
        text = ranked.places[0].text
        return self.answerable and exact_match(text, self.question.references) == 1.0


def run_trials(
    questions: Sequence[KnownQuestion],
    collection: Collection,
    retriever: Retriever,
    reader: Reader,
    *,
    seed: int,
    on_result: Callable[[], None],
) -> list[Trial]:
    """Ask each question once, of articles that the seed chooses.

    A question without an answer is asked of all, where what is nearest to an answer stands. Where
    others than its own article were asked, and what was found says the same as an answer, nobody
    knows whether it answers: such a trial is left out.
    """
    generator = random.Random(seed)
    titles = sorted(set(collection.titles.values()))
    trials = []
    for question in questions:
        asked_of = generator.choices(list(_WEIGHTS), weights=list(_WEIGHTS.values()))[0]
        others = [title for title in titles if title != question.title]
        if not question.answers or (not others and not asked_of.holds_answer):
            asked_of = AskedOf.ALL
        ids = _article_ids(asked_of, question, others, collection, generator)
        retrieval = retriever.retrieve(
            question.question, filters=Filters(article_ids=ids), limit=DEFAULT_PASSAGES
        )
        on_result()
        if asked_of is AskedOf.ALL_BUT_OWN and _say_an_answer(retrieval.passages, question):
            continue
        trials.append(
            Trial(
                question,
                asked_of.holds_answer and bool(question.answers),
                read_passages(retrieval.asked, retrieval.passages, reader).found,
            )
        )
    return trials


def _article_ids(
    asked_of: AskedOf,
    question: KnownQuestion,
    others: Sequence[str],
    collection: Collection,
    generator: random.Random,
) -> tuple[str, ...] | None:
    if asked_of is AskedOf.ALL:
        return None
    if asked_of is AskedOf.ALL_BUT_OWN:
        own = collection.article_ids[question.context]
        return tuple(one for one in collection.article_ids.values() if one != own)
    titles = {
        AskedOf.OTHERS: others,
        AskedOf.OWN: [question.title],
        AskedOf.FEW_OTHERS: generator.sample(others, min(3, len(others))),
    }[asked_of]
    return collection.under_titles(titles)


def _say_an_answer(passages: Sequence[RetrievedPassage], question: KnownQuestion) -> bool:
    """Return whether an answer's words stand in any of the passages, in this order."""
    answers = [f" {normalize_answer(text)} " for text in question.references]
    texts = [f" {normalize_answer(found.passage.text)} " for found in passages]
    return any(answer in text for answer in answers for text in texts)
