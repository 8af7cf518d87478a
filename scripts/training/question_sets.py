"""Training questions, read from the question sets and paired with near-miss passages."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import tantivy

from qa.squad_metrics import normalize_answer
from scripts.evaluation.question_file import KnownQuestion, read_questions_of


@dataclass(frozen=True, slots=True)
class TrainingQuestion:
    """A question, the passage it was asked about, and passages that look alike but do not answer.

    `answers` holds (start, text) pairs with `context[start:start + len(text)] == text`; it is
    empty when the context does not answer.
    """

    question: str
    context: str
    answers: tuple[tuple[int, str], ...]
    near_misses: tuple[str, ...] = ()


class _Row(KnownQuestion):
    multi_span: bool = False


def read_training_questions(path: Path) -> list[TrainingQuestion]:
    """Return the questions of a set, without those whose answer is a list and not one span.

    Raises QuestionFileError if the file cannot be read or a line is not a question.
    """
    return [
        TrainingQuestion(
            row.question.strip(),
            row.context,
            tuple((answer.answer_start, answer.text) for answer in row.answers if answer.text),
        )
        for row in read_questions_of(path, _Row)
        if not row.multi_span
    ]


def with_near_misses(
    questions: Sequence[TrainingQuestion], *, per_question: int, depth: int
) -> list[TrainingQuestion]:
    """Give each answerable question the best BM25 passages of the whole pool that lack its answer.

    The pool is the set of all contexts of `questions`; `depth` hits are looked at for each.
    A passage that contains any reference answer (normalised as SQuAD does) is never a near miss.
    """
    contexts = list(dict.fromkeys(question.context for question in questions))
    normalized = [f" {normalize_answer(context)} " for context in contexts]
    search = _Bm25(contexts)
    return [
        question
        if not question.answers
        else TrainingQuestion(
            question.question,
            question.context,
            question.answers,
            tuple(
                contexts[hit]
                for hit in search.top(question.question, depth)
                if contexts[hit] != question.context
                and not any(
                    f" {normalize_answer(text)} " in normalized[hit] for _, text in question.answers
                )
            )[:per_question],
        )
        for question in questions
    ]


class _Bm25:
    def __init__(self, texts: Sequence[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", tokenizer_name="en_stem")
        builder.add_unsigned_field("row", stored=True)
        self._index = tantivy.Index(builder.build())
        writer = self._index.writer(heap_size=200_000_000, num_threads=1)
        for row, text in enumerate(texts):
            writer.add_document(tantivy.Document(text=text, row=row))
        writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def top(self, question: str, limit: int) -> list[int]:
        words = "".join(c if c.isalnum() else " " for c in question.lower())
        if not words.strip():
            return []
        query = self._index.parse_query(words, ["text"])
        hits = self._searcher.search(query, limit).hits
        return [self._searcher.doc(address)["row"][0] for _, address in hits]


def endless(questions: Sequence[TrainingQuestion], seed: int) -> Iterator[TrainingQuestion]:
    """Yield the questions again and again, each pass in a new order that `seed` fixes."""
    order = list(range(len(questions)))
    generator = random.Random(seed)
    while True:
        generator.shuffle(order)
        for position in order:
            yield questions[position]
