"""The move from one generation to the next while requests run."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from tests.api.conftest import Publish

CLIENTS = 4
REBUILDS = 5


def news(number: int) -> list[dict[str, object]]:
    """Articles in which every number is that of the edition, at an offset of its own."""
    text = f"{'A' * number} harbour. The ship carries {number} sailors."
    articles: list[dict[str, object]] = [{"id": "ship", "text": text}]
    for place in range(number % 7):
        articles.append({"id": f"other-{place}", "text": f"The ship met {number} others."})
    return articles


class Client(threading.Thread):
    """Asks again and again, and keeps what it was answered and what went wrong."""

    def __init__(self, url: str, stop: threading.Event) -> None:
        super().__init__()
        self._url = url
        self._stop_asking = stop
        self.answered: list[dict[str, Any]] = []
        self.failed: list[str] = []

    def run(self) -> None:
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self._stop_asking.is_set():
                try:
                    response = client.get("/v1/ask", params={"q": "How many on the ship?"})
                except httpx.HTTPError as error:
                    self.failed.append(repr(error))
                    continue
                if response.status_code == 200:
                    self.answered.append(response.json())
                else:
                    self.failed.append(response.text)


def test_clients_never_see_a_failure_or_a_mixture_while_the_index_is_rebuilt(
    tmp_path: Path,
    publish: Publish,
    make_app: Callable[..., FastAPI],
    listen: Callable[[FastAPI], AbstractContextManager[str]],
    wait_until: Callable[..., None],
) -> None:
    index_dir = tmp_path / "index"
    editions = {publish(index_dir, news(100)): 100}
    stop = threading.Event()
    with listen(make_app(index_dir)) as url:

        def serves(generation: str) -> bool:
            response = httpx.get(f"{url}/readyz")
            return response.status_code == 200 and response.json()["generation"] == generation

        wait_until(lambda: serves(next(iter(editions))), what="the first edition serves")
        clients = [Client(url, stop) for _ in range(CLIENTS)]

        def wait_until_asked() -> None:
            """Wait until each client was answered twice: what it had asked before, and now."""
            asked = [len(client.answered) for client in clients]
            wait_until(
                lambda: all(
                    len(client.answered) > count + 1 or client.failed
                    for client, count in zip(clients, asked, strict=True)
                ),
                what="each client was answered by the edition that serves",
            )

        for client in clients:
            client.start()
        try:
            wait_until_asked()
            for number in range(101, 101 + REBUILDS):
                newest = publish(index_dir, news(number))
                editions[newest] = number
                wait_until(lambda name=newest: serves(name), what="the newest edition serves")
                wait_until_asked()
        finally:
            stop.set()
            for client in clients:
                client.join()
    assert [failure for client in clients for failure in client.failed] == []
    published = set(editions)
    for client in clients:
        seen = [response["generation"] for response in client.answered]
        assert set(seen) >= published
        assert seen == sorted(seen), "a client went back to an older generation"
        for response in client.answered:
            # The service may publish an edition as a delta before the rebuild has a base of it.
            answer = int(response["answers"][0]["text"])
            number = editions.setdefault(response["generation"], answer)
            assert [answer["text"] for answer in response["answers"]] == [str(number)]
            citations = response["answers"][0]["citations"]
            assert len(citations) == 1 + number % 7
            ship = next(c for c in citations if c["article"]["id"] == "ship")
            assert ship["quote"] == f"The ship carries {number} sailors."
            assert ship["sentence"]["start"] == number + len(" harbour. ")
