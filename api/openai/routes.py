"""The routes that OpenAI's clients call: each translates, and nothing more."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from api.dependencies import ServingDep, SettingsDep, TurnsDep, require_json
from api.links import SourceLinks
from api.openai.answering import reply
from api.openai.chat import ChatCompletion, chunks, completion
from api.openai.errors import ErrorBody
from api.openai.models import ModelBody, ModelList, check_model
from api.openai.requests import ChatBody, ResponsesBody
from api.openai.responses import FinishedResponse, response, response_events
from api.problem_document import Responses
from api.public_address import base_url
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


def get_links(request: Request, settings: SettingsDep) -> SourceLinks:
    """Return where citations lead, under the address that the request came to."""
    return SourceLinks(base_url(request, settings))


LinksDep = Annotated[SourceLinks, Depends(get_links)]

openai_routes = APIRouter(prefix="/v1", tags=["openai"], responses=_ERRORS)


@openai_routes.post(
    "/chat/completions",
    summary="Complete a chat",
    dependencies=[Depends(require_json)],
    responses={200: {"model": ChatCompletion, "content": _STREAM}},
)
async def complete_chat(
    body: ChatBody,
    request: Request,
    serving: ServingDep,
    settings: SettingsDep,
    turns: TurnsDep,
    links: LinksDep,
) -> Response:
    """Answer the last message with quotations; earlier turns complete it."""
    check_model(body.model)
    question = body.to_question(passages=settings.passages)
    answered = await reply(
        question,
        request,
        serving,
        turns,
        links=links,
        max_tokens=body.token_limit,
        stops=body.stops,
    )
    if body.stream:
        return event_stream(chunks(body, answered), last="[DONE]")
    return JSONResponse(completion(body, answered).model_dump(mode="json"))


@openai_routes.post(
    "/responses",
    summary="Respond",
    dependencies=[Depends(require_json)],
    responses={200: {"model": FinishedResponse, "content": _STREAM}},
)
async def respond(
    body: ResponsesBody,
    request: Request,
    serving: ServingDep,
    settings: SettingsDep,
    turns: TurnsDep,
    links: LinksDep,
) -> Response:
    """Answer the last input with quotations; earlier turns complete it. Nothing is stored."""
    check_model(body.model)
    question = body.to_question(passages=settings.passages)
    answered = await reply(
        question, request, serving, turns, links=links, max_tokens=body.max_output_tokens
    )
    if body.stream:
        return event_stream(response_events(body, answered))
    return JSONResponse(response(body, answered).model_dump(mode="json"))


@openai_routes.get("/models", summary="List models")
def list_models() -> ModelList:
    """Return the one model that there is."""
    return ModelList(data=[ModelBody()])


@openai_routes.get("/models/{model_id}", summary="Look at a model")
def read_model(model_id: str) -> ModelBody:
    """Return the model, if it is ours."""
    check_model(model_id)
    return ModelBody()
