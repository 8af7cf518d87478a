"""The routes that tell the state of the index, and move it."""

from collections.abc import Iterator
from contextlib import contextmanager

from anyio import to_thread
from fastapi import APIRouter, Depends, Request

from api.article_bodies import DeltaSize, IndexState, KeptAside, PointerMoved, RollbackBody
from api.dependencies import (
    JSON_BODY,
    JSON_BODY_PROBLEMS,
    V1_PROBLEMS,
    ServingDep,
    SettingsDep,
    refuse_parameters,
)
from api.problem_document import problem
from api.serving.live_index import LiveIndex
from api.writing.index_writer import IndexWriter
from api.writing.writes import PATIENCE_S, WRITES_REFUSED, WritesDep
from index.generation.folders import kept_names
from index.publishing import current
from index.publishing.aside import lying_aside
from qa.errors import IndexUnavailableError

index_routes = APIRouter(prefix="/v1", responses=V1_PROBLEMS)


@index_routes.get(
    "/index",
    tags=["index"],
    summary="The state of the index",
    dependencies=[Depends(refuse_parameters)],
)
def index_state(request: Request, serving: ServingDep, settings: SettingsDep) -> IndexState:
    """Return which generation serves, what waits to be published, and what was refused."""
    writer: IndexWriter = request.app.state.index_writer
    live_index: LiveIndex = request.app.state.live_index
    manifest = serving.generation.manifest
    record_sequence, pending = live_index.waiting(manifest.sequence)
    delta = manifest.delta
    aside = lying_aside(settings.index_dir)
    visible = serving.generation.tables.counts()
    return IndexState(
        generation=manifest.generation,
        sequence=manifest.sequence,
        articles=visible.articles,
        passages=visible.passages,
        deleted=manifest.counts.articles - visible.articles,
        delta=None
        if delta is None
        else DeltaSize(
            articles=delta.counts.articles,
            passages=delta.counts.passages,
            hidden_articles=delta.hidden.articles,
        ),
        record_sequence=record_sequence,
        pending=pending,
        held=writer.is_held(),
        kept=kept_names(settings.index_dir),
        aside=None if aside is None else KeptAside.of(aside),
        problem=writer.problem,
    )


@index_routes.post(
    "/index/rollback",
    tags=["index"],
    summary="Go back to a former generation",
    dependencies=JSON_BODY,
    responses={
        409: problem("There is no such generation."),
        **JSON_BODY_PROBLEMS,
        **WRITES_REFUSED,
    },
)
async def roll_back(body: RollbackBody, writes: WritesDep, settings: SettingsDep) -> PointerMoved:
    """Let a kept generation serve again, whole, and hold it: later changes wait in the record.

    What was deleted since stays deleted. `POST /v1/index/resume`, or a run of `quoth index`, ends
    the hold, and publishes what the record holds by then.
    """

    def move() -> str:
        with _moving_the_index():
            name = current.roll_back(settings.index_dir, body.generation)
        writes.live_index.wait_for_generation(name, timeout_s=PATIENCE_S)
        return name

    name = await to_thread.run_sync(move, limiter=writes.waits)
    return PointerMoved(generation=name, held=True)


@index_routes.post(
    "/index/resume",
    tags=["index"],
    summary="Publish changes again",
    dependencies=[Depends(refuse_parameters)],
    responses=WRITES_REFUSED,
)
async def resume(writes: WritesDep, serving: ServingDep) -> PointerMoved:
    """End the hold of a rollback; what waits in the record is published."""

    def end() -> None:
        with _moving_the_index():
            writes.writer.resume()

    await to_thread.run_sync(end, limiter=writes.waits)
    return PointerMoved(generation=serving.generation.name, held=False)


@contextmanager
def _moving_the_index() -> Iterator[None]:
    """Say what to do where the name of what serves cannot be written."""
    try:
        yield
    except OSError as error:
        raise IndexUnavailableError(
            f"the index cannot be moved ({error}), and what served goes on serving; see that its "
            f"folder may be written and its disk has room"
        ) from error
