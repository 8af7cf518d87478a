"""What is counted while the service runs: requests, questions, and how long they took.

The counts are the process's, as Prometheus has them. They hold nothing of what was asked, and no
ids: a request counts for its route, not for its address.
"""

from prometheus_client import Counter, Histogram, disable_created_metrics
from starlette.types import Scope

from qa.answers import Outcome

_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
# What clients make up (addresses, methods) must not make up a time series each.
_OTHER = "other"

disable_created_metrics()  # type: ignore[no-untyped-call]
_REQUESTS = Counter("quoth_requests", "Requests answered.", ("method", "route", "status"))
_REQUEST_SECONDS = Histogram(
    "quoth_request_duration_seconds", "Time from a request to the end of its response.", ("route",)
)
_QUESTIONS = Counter(
    "quoth_questions",
    "Questions, by whether they were answered, and by what: reading, or the cache.",
    ("outcome", "by"),
)
_CUT_SHORT = Counter("quoth_questions_cut_short", "Questions whose time budget ended the reading.")
_STEP_SECONDS = Histogram(
    "quoth_question_step_duration_seconds",
    "Time that a step of a question took that was read: the wait for its turn, retrieve, read.",
    ("step",),
)


def count_request(scope: Scope, *, status: int, seconds: float) -> None:
    """Count a request that was answered; `scope` has the route that answered it, if one did."""
    method = scope["method"] if scope["method"] in _METHODS else _OTHER
    # /mcp has an endpoint, but is none of the framework's own routes.
    plain = scope["path"] if "endpoint" in scope else _OTHER
    route = getattr(scope.get("route"), "path_format", plain)
    _REQUESTS.labels(method, route, str(status)).inc()
    _REQUEST_SECONDS.labels(route).observe(seconds)


def count_read(outcome: Outcome, *, waited_ms: float) -> None:
    """Count a question for which passages were read, and what its time went into."""
    _QUESTIONS.labels(_name(outcome), "reading").inc()
    if outcome.degraded is not None:
        _CUT_SHORT.inc()
    steps_ms = {"wait": waited_ms} | {s: outcome.timings_ms[s] for s in ("retrieve", "read")}
    for step, ms in steps_ms.items():
        _STEP_SECONDS.labels(step).observe(ms / 1000)


def count_kept(outcome: Outcome) -> None:
    """Count a question that was answered from the cache."""
    _QUESTIONS.labels(_name(outcome), "cache").inc()


def _name(outcome: Outcome) -> str:
    return "answered" if outcome.answers else "abstained"
