"""From OpenAI's request to an answer's text: the same road as /v1/ask, and the way back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from api.links import SourceLinks
from api.openai.answer_text import AnswerText, answer_text
from api.openai.further_reading import further_reading
from api.openai.records import Records, records_of
from api.serving import Serving
from qa.answers import Outcome
from qa.question import Question


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer's text with its marks, and the full records behind them."""

    text: AnswerText
    records: Records


@dataclass(frozen=True, slots=True)
class Limits:
    """Where the text is to end: before `max_tokens` are exceeded, and before any of `stops`."""

    max_tokens: int | None = None
    stops: Sequence[str] = ()


async def reply(
    question: Question,
    request: Request,
    serving: Serving,
    turns: CapacityLimiter,
    *,
    limits: Limits,
    links: SourceLinks,
) -> Reply:
    """Answer in text, or abstain; the wait for a turn ends when the client goes away."""
    answered = await serving.answer(question, turns, receive=request.receive)
    return await to_thread.run_sync(
        partial(_rendered, answered.outcome, serving, limits=limits, links=links)
    )


def _rendered(outcome: Outcome, serving: Serving, *, limits: Limits, links: SourceLinks) -> Reply:
    reading = further_reading(outcome, serving.road.store)
    text = answer_text(
        outcome, reading, links=links, max_tokens=limits.max_tokens, stops=limits.stops
    )
    generation = serving.generation.name
    return Reply(text, records_of(outcome, reading, generation=generation, links=links))
