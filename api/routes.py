"""The routes under /v1 and the two probes: each translates, and nothing more."""

from typing import Annotated

from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, Query, Request
from starlette.exceptions import HTTPException

from api.answering import answer
from api.live_index import LiveIndex, Serving
from api.requests import AskBody, AskQuery, ListQuery, SearchBody
from api.responses import (
    PROBLEM_MEDIA_TYPE,
    ArticleBody,
    ArticleListing,
    ArticleReference,
    AskResponse,
    Health,
    PassageBody,
    Problem,
    Readiness,
    SearchResponse,
)
from api.settings import Settings
from qa.question import Question

_PROBLEM = {"model": Problem, "content": {PROBLEM_MEDIA_TYPE: {}}}
router = APIRouter(
    prefix="/v1",
    responses={
        422: {**_PROBLEM, "description": "The request cannot be used as it is."},
        500: {**_PROBLEM, "description": "The service failed; its log says why."},
        503: {**_PROBLEM, "description": "There is no index to answer from."},
    },
)
probes = APIRouter(tags=["probes"])


def get_settings(request: Request) -> Settings:
    """Return the app's settings."""
    settings: Settings = request.app.state.settings
    return settings


def get_serving(request: Request) -> Serving:
    """Return the generation that the request sees from its first step to its last."""
    live_index: LiveIndex = request.app.state.live_index
    return live_index.serving()


def get_turns(request: Request) -> CapacityLimiter:
    """Return what lets questions take their turns at the reader."""
    turns: CapacityLimiter = request.app.state.turns
    return turns


def require_json(request: Request) -> None:
    """Refuse bodies that do not say they are JSON."""
    content_type = request.headers.get("content-type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(
            415,
            "the header Content-Type does not say that the body is JSON; send JSON with "
            "Content-Type: application/json",
        )


def refuse_parameters(request: Request) -> None:
    """Refuse parameters in the address where there are none, so that none is ignored."""
    if request.query_params:
        raise HTTPException(
            422, "this address takes no query parameters; leave out what follows the '?'"
        )


SettingsDep = Annotated[Settings, Depends(get_settings)]
ServingDep = Annotated[Serving, Depends(get_serving)]
TurnsDep = Annotated[CapacityLimiter, Depends(get_turns)]
_JSON_BODY = [Depends(refuse_parameters), Depends(require_json)]
_JSON_BODY_PROBLEMS: dict[int | str, dict[str, object]] = {
    413: {**_PROBLEM, "description": "The body is too large."},
    415: {**_PROBLEM, "description": "The body is not JSON."},
}


@router.post(
    "/ask",
    tags=["questions"],
    summary="Ask a question",
    dependencies=_JSON_BODY,
    responses=_JSON_BODY_PROBLEMS,
)
async def ask(
    body: AskBody, serving: ServingDep, settings: SettingsDep, turns: TurnsDep
) -> AskResponse:
    """Answer from the articles, with quotations alone; abstain where they do not answer."""
    question = body.to_question(passages=settings.passages)
    answered = await answer(question, serving.road, serving.answers, turns)
    return AskResponse.of(
        answered.outcome,
        generation=serving.generation.name,
        explain=body.explain,
        cached=answered.cached,
    )


@router.get("/ask", tags=["questions"], summary="Ask in the address bar")
async def ask_by_address(
    query: Annotated[AskQuery, Query()],
    serving: ServingDep,
    settings: SettingsDep,
    turns: TurnsDep,
) -> AskResponse:
    """Do the same as `POST /v1/ask`."""
    return await ask(query.to_body(), serving, settings, turns)


@router.post(
    "/search",
    tags=["questions"],
    summary="Find passages",
    dependencies=_JSON_BODY,
    responses=_JSON_BODY_PROBLEMS,
)
def search(body: SearchBody, serving: ServingDep) -> SearchResponse:
    """Return the passages that bear on the question, best first, without reading them."""
    question = Question(body.question, filters=body.filters.to_filters(), passages=body.top_k)
    found = serving.retriever.retrieve(
        question.text, filters=question.filters, limit=question.passages
    )
    return SearchResponse(
        question=body.question,
        passages=[
            PassageBody.of(item, serving.generation.article(item.passage.article_id))
            for item in found
        ],
        generation=serving.generation.name,
    )


@router.get("/articles", tags=["articles"], summary="List articles")
def list_articles(query: Annotated[ListQuery, Query()], serving: ServingDep) -> ArticleListing:
    """Return a page of articles in the order of their ids, without their texts."""
    articles = serving.generation.articles(after=query.after, limit=query.limit + 1)
    more = len(articles) > query.limit
    return ArticleListing(
        articles=[ArticleReference.of(article) for article in articles[: query.limit]],
        next=articles[query.limit - 1].article_id if more else None,
        generation=serving.generation.name,
    )


@router.get(
    "/articles/{article_id:path}",
    tags=["articles"],
    summary="Read an article",
    dependencies=[Depends(refuse_parameters)],
    responses={404: {**_PROBLEM, "description": "There is no such article."}},
)
def read_article(article_id: str, serving: ServingDep) -> ArticleBody:
    """Return an article with the stored text that all offsets refer to."""
    article = serving.generation.article(article_id)
    return ArticleBody.of(article, generation=serving.generation.name)


@probes.get("/healthz", summary="Is the process up?")
def healthz() -> Health:
    """Answer as soon as the process listens."""
    return Health()


@probes.get(
    "/readyz",
    summary="Can questions be answered?",
    responses={503: {**_PROBLEM, "description": "Not yet, or not with this index."}},
)
def readyz(serving: ServingDep) -> Readiness:
    """Answer 200 once an index is open, and 503 with the reason and the cure until then."""
    counts = serving.generation.manifest.counts
    return Readiness(
        generation=serving.generation.name, articles=counts.articles, passages=counts.passages
    )
