"""From OpenAI's request to an answer's text: the same road as /v1/ask, and the way back."""

from collections.abc import Sequence
from functools import partial

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from api.links import SourceLinks
from api.replies.cited_reply import CitedReply, cited_reply
from api.serving import Serving
from qa.question import Question


async def reply(
    question: Question,
    request: Request,
    serving: Serving,
    turns: CapacityLimiter,
    *,
    links: SourceLinks,
    max_tokens: int | None,
    stops: Sequence[str] = (),
) -> CitedReply:
    """Answer in text, or abstain; the wait for a turn ends when the client goes away.

    The text ends before `max_tokens` are exceeded, and before any of `stops`.
    """
    answered = await serving.answer(question, turns, receive=request.receive)
    render = partial(cited_reply, links=links, max_tokens=max_tokens, stops=stops)
    return await to_thread.run_sync(render, answered.outcome, serving)
