"""One generation with all that answers from it."""

from dataclasses import dataclass, field

from anyio import CapacityLimiter
from starlette.types import Receive

from api.gone import unless_gone
from api.serving.answering import AnswerCache, Answered, answer
from api.serving.loading import Models
from index.generation.generation import Generation
from index.retriever import HybridRetriever
from qa.ask import QuestionRoad
from qa.errors import IndexUnavailableError
from qa.question import Question


@dataclass(frozen=True, slots=True)
class Serving:
    """One generation with the road that its questions take; a request holds one to its end.

    `deleted` are the articles that were deleted since it was published, and are not in it.
    """

    generation: Generation
    retriever: HybridRetriever
    road: QuestionRoad
    deleted: frozenset[str] = frozenset()
    answers: AnswerCache = field(default_factory=AnswerCache)

    async def answer(
        self, question: Question, turns: CapacityLimiter, *, receive: Receive | None = None
    ) -> Answered:
        """Answer a question in its turn; with `receive`, give up when the caller has gone.

        Raises HTTPException if the caller has gone, as `unless_gone` does.
        """
        answering = answer(question, self.road, self.answers, turns)
        return await (answering if receive is None else unless_gone(receive, answering))


def serve_generation(
    generation: Generation, models: Models, *, deleted: frozenset[str] = frozenset()
) -> Serving:
    """Join the models and a generation, which is without what was `deleted` since.

    Raises IndexUnavailableError if the generation was built with another encoder.
    """
    built_with = generation.manifest.encoder
    if built_with.fingerprint != models.encoder.fingerprint:
        raise IndexUnavailableError(
            f"the index was built with encoder {built_with.name!r} ({built_with.fingerprint}), "
            f"but {models.encoder.name!r} ({models.encoder.fingerprint}) is loaded; set "
            f"QUOTH_ENCODER to the former, or rebuild the index with the latter"
        )
    retriever = HybridRetriever(generation, models.encoder)
    road = QuestionRoad(retriever, models.reader, generation, models.calibration)
    return Serving(generation, retriever, road, deleted)
