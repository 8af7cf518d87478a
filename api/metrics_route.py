"""`/metrics`: what a Prometheus server reads."""

from anyio import CapacityLimiter
from fastapi import APIRouter, Depends, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Gauge,
    generate_latest,
)

from api.article_bodies import IndexState
from api.dependencies import V1_PROBLEMS, SettingsDep, TurnsDep, refuse_parameters
from api.serving.live_index import LiveIndex
from api.settings import Settings
from api.writing.index_routes import index_state
from qa.errors import QuothError

metrics_routes = APIRouter(tags=["probes"])


@metrics_routes.get(
    "/metrics",
    summary="What Prometheus reads",
    dependencies=[Depends(refuse_parameters)],
    response_model=None,
    responses={
        200: {"model": str, "content": {CONTENT_TYPE_LATEST: {}}},
        **{status: V1_PROBLEMS[status] for status in (401, 422)},
    },
)
def metrics(request: Request, settings: SettingsDep, turns: TurnsDep) -> Response:
    """Return counts and times since the start, and the state of the index, in its text format.

    It holds nothing of questions and articles.
    """
    now = _gauges(_state(request, settings), turns)
    told = generate_latest(REGISTRY) + generate_latest(now)
    return Response(told, media_type=CONTENT_TYPE_LATEST)


def _state(request: Request, settings: Settings) -> IndexState | None:
    live_index: LiveIndex = request.app.state.live_index
    try:
        return index_state(request, live_index.serving(), settings)
    except QuothError:
        return None


def _gauges(state: IndexState | None, turns: CapacityLimiter) -> CollectorRegistry:
    """Return how things stand now; without an index, those of the index are left out."""
    told = {
        "quoth_questions_waiting": (
            "Questions that wait for their turn.",
            turns.statistics().tasks_waiting,
        ),
        "quoth_ready": ("Whether questions can be answered, as /readyz says.", state is not None),
    }
    if state is not None:
        told |= {
            "quoth_index_articles": ("Articles that serve.", state.articles),
            "quoth_index_passages": ("Passages that serve.", state.passages),
            "quoth_index_pending_articles": ("Changed articles that wait.", state.pending),
            "quoth_index_held": ("Whether changes wait since a rollback.", state.held),
            "quoth_index_aside": ("Whether a gate has refused an index.", state.aside is not None),
            "quoth_index_problem": (
                "Whether changes cannot be published at present.",
                state.problem is not None,
            ),
        }
    registry = CollectorRegistry()
    for name, (help_text, value) in told.items():
        Gauge(name, help_text, registry=registry).set(value)
    return registry
