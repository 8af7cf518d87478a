"""Asking again where nothing serves yet."""

from collections.abc import Callable

import anyio
import httpx
import pytest

from quoth import AsyncClient, Client, UnavailableError
from quoth.exchange import Patience

PROBLEM = {
    "type": "urn:problem-type:quoth:index-unavailable",
    "title": "The index cannot be used",
    "status": 503,
    "detail": "the service is starting; try again in a few seconds",
    "instance": "/v1/search",
    "request_id": "r1",
}
FOUND = {"question": "who?", "passages": [], "generation": "g"}


def starting(
    times: int, *, said: str | None = "0"
) -> tuple[Callable[..., httpx.Response], list[int]]:
    """Return a service that is not ready the first `times` times, and the count of requests."""
    requests = [0]

    def respond(_: httpx.Request) -> httpx.Response:
        requests[0] += 1
        if requests[0] > times:
            return httpx.Response(200, json=FOUND)
        headers = {} if said is None else {"retry-after": said}
        return httpx.Response(503, json=PROBLEM, headers=headers)

    return respond, requests


def test_a_service_that_starts_is_asked_again() -> None:
    respond, requests = starting(2)
    with Client("http://q", transport=httpx.MockTransport(respond)) as client:
        assert client.search("who?").generation == "g"
    assert requests == [3]


def test_the_asynchronous_client_asks_again_too() -> None:
    respond, requests = starting(2)

    async def search() -> str:
        async with AsyncClient("http://q", transport=httpx.MockTransport(respond)) as client:
            return (await client.search("who?")).generation

    assert anyio.run(search) == "g"
    assert requests == [3]


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_after_so_many_retries_the_reason_is_raised(retries: int) -> None:
    respond, requests = starting(99)
    transport = httpx.MockTransport(respond)
    with (
        Client("http://q", retries=retries, transport=transport) as client,
        pytest.raises(UnavailableError, match="the service is starting") as unavailable,
    ):
        client.search("who?")
    assert requests == [1 + retries]
    assert unavailable.value.problem is not None
    assert unavailable.value.problem.request_id == "r1"


@pytest.mark.parametrize(
    ("said", "tried", "wait"),
    [
        pytest.param("2", 1, 2.0, id="what-the-service-says"),
        pytest.param("3600", 1, 10.0, id="but-no-longer-than-this"),
        pytest.param(None, 1, 1.0, id="a-second-where-it-says-nothing"),
        pytest.param(None, 3, 4.0, id="and-twice-as-long-each-time"),
        pytest.param("Wed, 21 Oct 2026 07:28:00 GMT", 2, 2.0, id="a-date-is-not-read"),
        pytest.param("-1", 1, 1.0, id="no-time-is-negative"),
        pytest.param("2", 4, None, id="then-it-gives-up"),
    ],
)
def test_the_wait_is_bounded(said: str | None, tried: int, wait: float | None) -> None:
    respond, _ = starting(99, said=said)
    response = respond(httpx.Request("GET", "http://q"))
    assert Patience(retries=3, longest_wait_s=10.0).wait_s(response, tried=tried) == wait


def test_only_an_unavailable_service_is_asked_again() -> None:
    patience = Patience(retries=3, longest_wait_s=10.0)
    for status in (200, 404, 422, 429, 500, 502):
        assert patience.wait_s(httpx.Response(status), tried=1) is None
