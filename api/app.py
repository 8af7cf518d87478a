"""The service: `create_app` chooses every part and puts them together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from api.access import add_access
from api.mcp.first_call import PATH, StartedAtFirstCall, context_protocol
from api.metrics_route import metrics_routes
from api.middleware.body_limit import BodyLimitMiddleware
from api.middleware.deleted_meanwhile import DeletedMeanwhileMiddleware
from api.middleware.entity_tags import NotModifiedError, not_modified
from api.middleware.generation_header import GenerationHeaderMiddleware
from api.middleware.head_requests import HeadMiddleware
from api.openai.errors import add_openai_errors
from api.openai.routes import openai_routes
from api.pages import pages
from api.pages.failures import add_failure_pages
from api.problems.problem_details import add_problem_handlers
from api.problems.unexpected_errors import UnexpectedErrorMiddleware
from api.request_id import RequestIdMiddleware
from api.routes import probes, router
from api.serving.live_index import LiveIndex
from api.serving.loading import Models, load_models
from api.settings import Settings
from api.token_routes import tokens
from api.verify_routes import verifying
from api.writing.article_routes import body_limits, writing
from api.writing.index_routes import index_routes
from api.writing.index_writer import IndexWriter
from api.writing.writes import MOST_WAITS

_DESCRIPTION = """Answers questions from a collection of articles; every answer is a quotation.

All offsets count Unicode code points of the article's stored text, half-open:
`article.text[start:end] == quote`. Errors are problem details (RFC 9457).
"""


def create_app(settings: Settings, *, load: Callable[[Settings], Models] = load_models) -> FastAPI:
    """Return the service; `load` gives the models, once, in the background of the start."""
    writer = IndexWriter(
        settings.index_dir, keep=settings.keep_generations, poll_seconds=settings.poll_seconds
    )
    live_index = LiveIndex(
        settings.index_dir,
        lambda: load(settings),
        poll_seconds=settings.poll_seconds,
        on_models=lambda models, published: (
            writer.start(models.encoder, published) if settings.takes_writes else None
        ),
    )

    turns = CapacityLimiter(1)
    mcp = context_protocol(
        live_index.serving, settings, turns=turns, shows_deleted=live_index.shows_deleted
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        live_index.start()
        try:
            async with mcp.running():
                yield
        finally:
            live_index.stop()
            writer.stop()

    app = FastAPI(
        title="Quoth",
        version=version("quoth"),
        description=_DESCRIPTION,
        # Without any, programs that read the description take the root of its host.
        servers=None if settings.public_url is None else [{"url": settings.public_url}],
        lifespan=lifespan,
        redirect_slashes=False,
        # FastAPI's own pages load scripts from elsewhere; `api.pages` has one that does not.
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.live_index = live_index
    app.state.index_writer = writer
    app.state.turns = turns
    app.state.waits = CapacityLimiter(MOST_WAITS)
    _add_routes(app, mcp)
    _add_layers(app, settings, live_index)
    return app


def _add_routes(app: FastAPI, mcp: StartedAtFirstCall) -> None:
    app.include_router(probes)
    app.include_router(metrics_routes)
    app.include_router(router)
    app.include_router(writing)
    app.include_router(index_routes)
    app.include_router(verifying)
    app.include_router(tokens)
    app.include_router(openai_routes)
    app.include_router(pages)
    app.router.routes.append(Route(PATH, mcp, methods=["POST"], include_in_schema=False))


def _add_layers(app: FastAPI, settings: Settings, live_index: LiveIndex) -> None:
    """Add what requests pass on their way to the routes; what is added last comes first."""
    # Nearest to the routes: what a dropped response was, nobody else sees.
    app.add_middleware(
        DeletedMeanwhileMiddleware,
        shows_deleted=live_index.shows_deleted,
        body_limit=body_limits(settings),
    )
    add_problem_handlers(app)
    app.add_middleware(UnexpectedErrorMiddleware)
    add_failure_pages(app)
    app.add_exception_handler(NotModifiedError, not_modified)
    app.add_middleware(BodyLimitMiddleware, limit_of=body_limits(settings))
    app.add_middleware(GenerationHeaderMiddleware)
    # Inside of CORS, so that a page can read why it was refused.
    add_access(app, settings)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.allowed_origins,
            allow_methods=["GET", "POST"],
            # Clients of OpenAI's API send many of their own; cookies are never taken.
            allow_headers=["*"],
            expose_headers=["ETag", "Retry-After", "X-Index-Generation", "X-Request-ID"],
        )
    # It reads the body of an error: not yet compressed, and not yet left out for HEAD.
    add_openai_errors(app)
    # Events reach their readers one by one: what is text/event-stream is not compressed.
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=6)
    app.add_middleware(HeadMiddleware)
    app.add_middleware(RequestIdMiddleware)
