"""What routes have in common: what they are given, what they refuse, and what that is described as.

What is trivial is `async`, and needs none of the threads that requests share. What a generation is
without the articles that were just deleted is not: `get_serving` is left to a thread.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from api.links import LinkOf, SourceLinks, viewer_link
from api.middleware.generation_header import note_generation
from api.problem_document import Responses, problem
from api.problems.mistakes import shown
from api.public_address import base_url
from api.serving.answering import Answered
from api.serving.live_index import LiveIndex
from api.serving.seen import note_seen
from api.serving.serving import Serving
from api.settings import Settings
from qa.question import Question

V1_PROBLEMS: Responses = {
    401: problem("The service has keys, and none was sent."),
    422: problem("The request cannot be used as it is."),
    500: problem("The service failed; its log says why."),
    503: problem("The index cannot be used."),
}
JSON_BODY_PROBLEMS: Responses = {
    413: problem("The body is too large."),
    415: problem("The body is not JSON."),
}


async def get_settings(request: Request) -> Settings:
    """Return the app's settings."""
    settings: Settings = request.app.state.settings
    return settings


def get_serving(request: Request) -> Serving:
    """Return the generation that the request sees from its first step to its last."""
    live_index: LiveIndex = request.app.state.live_index
    serving = live_index.serving()
    note_generation(request.scope, serving.generation.name)
    note_seen(serving.generation.manifest.sequence, serving.deleted)
    return serving


async def get_turns(request: Request) -> CapacityLimiter:
    """Return what lets questions take their turns at the reader."""
    turns: CapacityLimiter = request.app.state.turns
    return turns


def media_type_of(request: Request) -> str:
    """Return what the request says its body is, in small letters, without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def require_json(request: Request) -> None:
    """Refuse bodies that do not say they are JSON."""
    if media_type_of(request) != "application/json":
        raise HTTPException(
            415,
            "the header Content-Type does not say that the body is JSON; send JSON with "
            "Content-Type: application/json",
        )


async def refuse_parameters(request: Request) -> None:
    """Refuse parameters in the address where there are none, so that none is ignored."""
    if request.query_params:
        raise HTTPException(
            422, "this address takes no query parameters; leave out what follows the '?'"
        )


class GivenOnce:
    """Refuses parameters that are repeated where one value is meant; all but one would be lost."""

    def __init__(self, *, lists: Collection[str] = ()) -> None:
        self._lists = frozenset(lists)

    async def __call__(self, request: Request) -> None:
        """Look at the request's address."""
        for name in dict.fromkeys(request.query_params):
            count = len(request.query_params.getlist(name))
            if count > 1 and name not in self._lists:
                raise HTTPException(422, f"{shown(name)}: is given {count:,} times; give it once")


SettingsDep = Annotated[Settings, Depends(get_settings)]
ServingDep = Annotated[Serving, Depends(get_serving)]
TurnsDep = Annotated[CapacityLimiter, Depends(get_turns)]


@dataclass(frozen=True, slots=True)
class Asking:
    """What a route answers a question with."""

    request: Request
    serving: Serving
    settings: Settings
    turns: CapacityLimiter

    async def answer(self, question: Question) -> Answered:
        """Answer a question in its turn, unless the caller goes away, as `Serving.answer` does."""
        return await self.serving.answer(question, self.turns, receive=self.request.receive)

    def links(self, viewer_of: LinkOf = viewer_link) -> SourceLinks:
        """Return where citations lead, under the address that the request came to."""
        return SourceLinks(base_url(self.request, self.settings), viewer_of)


async def get_asking(
    request: Request, serving: ServingDep, settings: SettingsDep, turns: TurnsDep
) -> Asking:
    """Return what a route answers a question with."""
    return Asking(request, serving, settings, turns)


AskingDep = Annotated[Asking, Depends(get_asking)]
ONCE = [Depends(GivenOnce())]
JSON_BODY = [Depends(refuse_parameters), Depends(require_json)]
