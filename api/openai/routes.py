"""The routes that OpenAI's clients call: each translates, and nothing more."""

from collections.abc import Sequence
from functools import partial

from anyio import to_thread
from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from api.dependencies import Asking, AskingDep, require_json
from api.openai.chat import ChatCompletion, chunks, completion
from api.openai.errors import ErrorBody
from api.openai.models import ModelBody, ModelList, check_model
from api.openai.requests import ChatBody, ResponsesBody
from api.openai.responses import FinishedResponse, response, response_events
from api.problem_document import Responses
from api.replies.cited_reply import CitedReply, cited_reply
from api.sse import EVENTS, event_stream

_ERRORS: Responses = {
    400: {"model": ErrorBody, "description": "The request cannot be used as it is."},
    401: {"model": ErrorBody, "description": "The service has keys, and none was sent."},
    404: {"model": ErrorBody, "description": "There is no such model."},
    413: {"model": ErrorBody, "description": "The body is too large."},
    415: {"model": ErrorBody, "description": "The body is not JSON."},
    500: {"model": ErrorBody, "description": "The service failed; its log says why."},
    503: {"model": ErrorBody, "description": "The index cannot be used."},
}
_STREAM = {"text/event-stream": EVENTS}

openai_routes = APIRouter(prefix="/v1", tags=["openai"], responses=_ERRORS)


@openai_routes.post(
    "/chat/completions",
    summary="Complete a chat",
    dependencies=[Depends(require_json)],
    responses={200: {"model": ChatCompletion, "content": _STREAM}},
)
async def complete_chat(body: ChatBody, asking: AskingDep) -> Response:
    """Answer the last message with quotations; earlier turns complete it."""
    answered = await _reply(body, asking, max_tokens=body.token_limit, stops=body.stops)
    if body.stream:
        return event_stream(chunks(body, answered), last="[DONE]")
    return JSONResponse(completion(body, answered).model_dump(mode="json"))


@openai_routes.post(
    "/responses",
    summary="Respond",
    dependencies=[Depends(require_json)],
    responses={200: {"model": FinishedResponse, "content": _STREAM}},
)
async def respond(body: ResponsesBody, asking: AskingDep) -> Response:
    """Answer the last input with quotations; earlier turns complete it. Nothing is stored."""
    answered = await _reply(body, asking, max_tokens=body.max_output_tokens)
    if body.stream:
        return event_stream(response_events(body, answered))
    return JSONResponse(response(body, answered).model_dump(mode="json"))


async def _reply(
    body: ChatBody | ResponsesBody,
    asking: Asking,
    *,
    max_tokens: int | None,
    stops: Sequence[str] = (),
) -> CitedReply:
    """Answer in text, or abstain; the text ends before either limit, as `cited_reply` says."""
    check_model(body.model)
    question = body.to_question(passages=asking.settings.passages)
    answered = await asking.answer(question)
    render = partial(cited_reply, links=asking.links(), max_tokens=max_tokens, stops=stops)
    return await to_thread.run_sync(render, answered.outcome, asking.serving)


@openai_routes.get("/models", summary="List models")
def list_models() -> ModelList:
    """Return the one model that there is."""
    return ModelList(data=[ModelBody()])


@openai_routes.get("/models/{model_id}", summary="Look at a model")
def read_model(model_id: str) -> ModelBody:
    """Return the model, if it is ours."""
    check_model(model_id)
    return ModelBody()
