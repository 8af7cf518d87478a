"""Known questions asked of the whole product, and what came back."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qa.answers import Citation, Outcome
from qa.filters import Filters
from qa.question import MAX_ANSWERS, Question
from qa.squad_metrics import exact_match, f1
from scripts.evaluation.product import Product
from scripts.evaluation.question_file import KnownQuestion

RECALL_DEPTHS = (1, 5, 20, 100)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question asked, scored by its first answer, whether that was given or held back.

    Ranks count from 1 and are None where the question's own article is not among the first 100
    passages (`retrieved_rank`) or not among the articles that answers were read in
    (`read_rank`). `em` and `f1` are 0 to 1; of a question that the collection does not answer
    every answer is wrong. `cites_gold` says that a citation of the first answer stands in the
    question's own article and contains a reference answer.
    """

    question: KnownQuestion
    answerable: bool
    answer: str
    citations: tuple[Citation, ...]
    confidence: float
    answerable_probability: float
    answered: bool
    em: float
    f1: float
    best_of_3_em: float
    best_of_3_f1: float
    retrieved_rank: int | None
    read_rank: int | None
    cites_gold: bool
    milliseconds: float


def ask_all(
    questions: Sequence[KnownQuestion],
    product: Product,
    *,
    passages: int,
    unanswerable: Callable[[KnownQuestion], bool],
    within_article: bool = False,
    on_result: Callable[[], None],
) -> list[AskedQuestion]:
    """Ask every question; with `within_article` only the question's own article may answer."""
    asked = []
    for question in questions:
        own = product.collection.article_ids.get(question.context)
        filters = Filters(article_ids=(own,)) if within_article and own else Filters()
        asked.append(
            _ask(question, own, product, filters, passages, answerable=not unanswerable(question))
        )
        on_result()
    return asked


def _ask(
    question: KnownQuestion,
    own: str | None,
    product: Product,
    filters: Filters,
    passages: int,
    *,
    answerable: bool,
) -> AskedQuestion:
    retrieved = product.serving.retriever.retrieve(
        question.question, filters=filters, limit=RECALL_DEPTHS[-1]
    ).passages
    began = time.perf_counter()
    outcome = product.serving.road.ask(
        Question(question.question, top_k=MAX_ANSWERS, passages=passages, filters=filters)
    )
    spent = 1000 * (time.perf_counter() - began)
    first = outcome.considered[0] if outcome.considered else None
    references = question.references
    scores = [
        (exact_match(answer.text, references), f1(answer.text, references))
        for answer in (outcome.considered[:3] if answerable else ())
    ] or [(0.0, 0.0)]
    return AskedQuestion(
        question=question,
        answerable=answerable,
        answer=first.text if first else "",
        citations=first.citations if first else (),
        confidence=first.confidence if first else 0.0,
        answerable_probability=outcome.answerable_probability,
        answered=outcome.answered,
        em=scores[0][0],
        f1=scores[0][1],
        best_of_3_em=max(em for em, _ in scores),
        best_of_3_f1=max(f1 for _, f1 in scores),
        retrieved_rank=_rank(own, (found.passage.article_id for found in retrieved)),
        read_rank=_rank(own, _read_articles(outcome)),
        cites_gold=first is not None and _cites_gold(first.citations, own, question),
        milliseconds=spent,
    )


def _read_articles(outcome: Outcome) -> Iterable[str]:
    """Return the articles that answers stand in, best answer first."""
    return dict.fromkeys(
        citation.article.article_id
        for answer in outcome.considered
        for citation in answer.citations
    )


def _rank(wanted: str | None, found: Iterable[str]) -> int | None:
    return next((rank for rank, one in enumerate(found, start=1) if one == wanted), None)


def _cites_gold(citations: Sequence[Citation], own: str | None, question: KnownQuestion) -> bool:
    return any(
        citation.article.article_id == own
        and any(reference in citation.quote for reference in question.references)
        for citation in citations
    )
