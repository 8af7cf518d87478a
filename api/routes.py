"""The routes under /v1 and the two probes: each translates, and nothing more.

Answers are rendered in a thread, for links to quotes of a long article take a while.
"""

import time
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from api.article_bodies import ArticleBody, ArticleListing
from api.article_path import ARTICLE_PATH
from api.callers.came_by import CameBy, came_by
from api.callers.passes import link_with_pass
from api.dependencies import (
    JSON_BODY,
    JSON_BODY_PROBLEMS,
    ONCE,
    V1_PROBLEMS,
    Asking,
    AskingDep,
    GivenOnce,
    ServingDep,
    refuse_parameters,
)
from api.formats.description import OTHER_MEDIA_TYPES
from api.formats.names import Format
from api.formats.rendering import Dialect, JsonDialect, sent, told
from api.links import LinkOf, viewer_link
from api.middleware.entity_tags import Conditional, get_conditional
from api.problem_document import Responses, problem
from api.requests import AskBody, AskQuery, ListQuery, SearchBody
from api.responses import (
    ArticleReference,
    AskResponse,
    Health,
    Readiness,
    SearchResponse,
)
from api.serving import searching
from api.settings import Settings
from qa.question import Question

# Said by the HTTP parser, before any route is found. A thousand article ids can be that long.
_LONG_ADDRESS: Responses = {
    400: {
        "description": "The address is too long (some 64 KiB are sure to be read); use POST.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}

router = APIRouter(prefix="/v1", responses=V1_PROBLEMS)
probes = APIRouter(tags=["probes"])


ConditionalDep = Annotated[Conditional, Depends(get_conditional)]
_HELD: Responses = {304: {"description": "What `If-None-Match` names is still right."}}
_OTHER_FORMATS: Responses = {200: {"content": OTHER_MEDIA_TYPES}}


@router.post(
    "/ask",
    tags=["questions"],
    summary="Ask a question",
    dependencies=JSON_BODY,
    responses={**JSON_BODY_PROBLEMS, **_OTHER_FORMATS},
    response_model=AskResponse | JsonDialect,
)
async def ask(body: AskBody, asking: AskingDep) -> BaseModel | Response:
    """Answer from the articles, with quotations alone; abstain where they do not answer."""
    return sent(await _told(body, asking), {})


async def _told(body: AskBody, asking: Asking) -> AskResponse | Dialect:
    answered = await asking.answer(body.to_question(passages=asking.settings.passages))
    links = asking.links(_viewer_of(asking.request, asking.settings))
    if body.format is not Format.QUOTH:
        return await to_thread.run_sync(
            partial(told, answered.outcome, asking.serving, body.format, links=links)
        )
    return await to_thread.run_sync(
        partial(
            AskResponse.of,
            answered.outcome,
            generation=asking.serving.generation.name,
            explain=body.explain,
            cached=answered.cached,
            link_of=links.viewer_of,
        )
    )


def _viewer_of(request: Request, settings: Settings) -> LinkOf:
    """Who asks by a token has no key to open a page with: each link brings its pass."""
    if came_by(request) is not CameBy.TOKEN or settings.visitors:
        return viewer_link
    return partial(link_with_pass, key=settings.keys[0], now=time.time())


@router.get(
    "/ask",
    tags=["questions"],
    summary="Ask in the address bar",
    dependencies=[Depends(GivenOnce(lists=("tag", "article_id")))],
    responses={**_HELD, **_OTHER_FORMATS, **_LONG_ADDRESS},
    response_model=AskResponse | JsonDialect,
)
async def ask_by_address(
    query: Annotated[AskQuery, Query()],
    asking: AskingDep,
    conditional: ConditionalDep,
    response: Response,
) -> BaseModel | Response:
    """Do the same as `POST /v1/ask`."""
    said = await _told(query.to_body(), asking)
    return sent(conditional.tagged(said), response.headers)


@router.post(
    "/search",
    tags=["questions"],
    summary="Find passages",
    dependencies=JSON_BODY,
    responses=JSON_BODY_PROBLEMS,
)
def search(body: SearchBody, serving: ServingDep) -> SearchResponse:
    """Return the passages that bear on the question, best first, without reading them."""
    question = Question(body.question, filters=body.filters.to_filters(), passages=body.top_k)
    return searching.search(question, serving)


@router.get(
    "/articles",
    tags=["articles"],
    summary="List articles",
    dependencies=ONCE,
    responses=_HELD,
)
def list_articles(
    query: Annotated[ListQuery, Query()], serving: ServingDep, conditional: ConditionalDep
) -> ArticleListing:
    """Return a page of articles in the order of their ids, without their texts."""
    articles = serving.generation.articles(after=query.after, limit=query.limit + 1)
    more = len(articles) > query.limit
    listing = ArticleListing(
        articles=[ArticleReference.of(article) for article in articles[: query.limit]],
        next=articles[query.limit - 1].article_id if more else None,
        generation=serving.generation.name,
    )
    return conditional.tagged(listing)


@router.get(
    ARTICLE_PATH,
    tags=["articles"],
    summary="Read an article",
    dependencies=[Depends(refuse_parameters)],
    responses={404: problem("There is no such article."), **_HELD},
)
def read_article(article_id: str, serving: ServingDep, conditional: ConditionalDep) -> ArticleBody:
    """Return an article with the stored text that all offsets refer to."""
    article = serving.generation.article(article_id)
    return conditional.tagged(ArticleBody.of(article, generation=serving.generation.name))


@probes.get("/healthz", summary="Is the process up?")
async def healthz() -> Health:
    """Answer as soon as the process listens."""
    return Health()


@probes.get(
    "/readyz",
    summary="Can questions be answered?",
    responses={503: problem("Not yet, or not with this index.")},
)
def readyz(serving: ServingDep) -> Readiness:
    """Answer 200 once an index is open, and 503 with the reason and the cure until then."""
    counts = serving.generation.manifest.counts
    return Readiness(
        generation=serving.generation.name, articles=counts.articles, passages=counts.passages
    )
