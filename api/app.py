"""The service: `create_app` chooses every part and puts them together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import CapacityLimiter
from fastapi import FastAPI

from api.body_limit import BodyLimitMiddleware
from api.live_index import LiveIndex, Models
from api.pages import pages
from api.problems import add_problem_handlers
from api.request_id import RequestIdMiddleware
from api.routes import probes, router
from api.settings import Settings
from index.question_encoder import load_question_encoder
from qa.calibration import Calibration
from qa.reader import OnnxReader

_DESCRIPTION = """Answers questions from a collection of articles; every answer is a quotation.

All offsets count Unicode code points of the article's stored text, half-open:
`article.text[start:end] == quote`. Errors are problem details (RFC 9457).
"""


def load_models(settings: Settings) -> Models:
    """Load encoder, reader and calibration as the settings name them; raises ModelError."""
    reader = OnnxReader.load(settings.reader_dir, threads=settings.threads)
    calibration = Calibration.load(settings.calibration_path, reader_sha256=reader.fingerprint)
    if settings.target_precision is not None:
        calibration = calibration.for_precision(settings.target_precision)
    return Models(load_question_encoder(settings.encoder), reader, calibration)


def create_app(settings: Settings, *, load: Callable[[Settings], Models] = load_models) -> FastAPI:
    """Return the service; `load` gives the models, once, in the background of the start."""
    live_index = LiveIndex(
        settings.index_dir, lambda: load(settings), poll_seconds=settings.poll_seconds
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        live_index.start()
        yield
        live_index.stop()

    app = FastAPI(
        title="Quoth",
        version=version("quoth"),
        description=_DESCRIPTION,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.state.settings = settings
    app.state.live_index = live_index
    app.state.turns = CapacityLimiter(1)
    app.include_router(probes)
    app.include_router(router)
    app.include_router(pages)
    add_problem_handlers(app)
    app.add_middleware(BodyLimitMiddleware, max_bytes=settings.max_body_bytes)
    app.add_middleware(RequestIdMiddleware)
    return app
