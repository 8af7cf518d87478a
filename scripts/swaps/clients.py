"""Clients that ask one question after the other and keep what they were answered."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from scripts.performance.numbering import numbered

_TIMEOUT_S = 300
_SAID_EVERY_S = 10


@dataclass(frozen=True, slots=True)
class Quoted:
    """One citation of a response."""

    article_id: str
    sha256: str
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reply:
    """One response: when it came (monotonic seconds), what it says, or what was wrong with it."""

    came: float
    milliseconds: float
    generation: str = ""
    header: str | None = None
    quoted: tuple[Quoted, ...] = ()
    problem: str | None = None


class Asking:
    """Asks questions in turn, and again from the first, each time as a different text.

    The service keeps its last answers; white space at the end makes each question a new one.
    """

    def __init__(
        self, base: str, questions: Sequence[tuple[str, str]], *, clients: int, passages: int
    ) -> None:
        # One of each article before the second of any, so that all are asked about.
        by_article: dict[str, list[str]] = {}
        for article, question in questions:
            by_article.setdefault(article, []).append(question)
        rounds = itertools.zip_longest(*by_article.values())
        in_turn = [question for one in rounds for question in one if question is not None]
        self._base = base
        self._questions = itertools.cycle(in_turn)
        self._numbers = itertools.count()
        self._taking = threading.Lock()
        self._clients = clients
        self._passages = passages

    def until(
        self, enough: Callable[[int], bool], *, say: Callable[[int], None] = lambda _: None
    ) -> list[Reply]:
        """Let all clients ask until `enough` is true of the number of questions answered."""
        replies: list[Reply] = []
        said = time.monotonic()

        def run(_: int) -> None:
            nonlocal said
            with httpx.Client(base_url=self._base, timeout=_TIMEOUT_S) as http:
                while not enough(len(replies)):
                    replies.append(self._ask(http))
                    if time.monotonic() - said > _SAID_EVERY_S:
                        said = time.monotonic()
                        say(len(replies))

        with ThreadPoolExecutor(self._clients) as pool:
            list(pool.map(run, range(self._clients)))
        return replies

    def _ask(self, http: httpx.Client) -> Reply:
        with self._taking:
            question, number = next(self._questions), next(self._numbers)
        text = numbered(question, number)
        began = time.perf_counter()
        try:
            response = http.post("/v1/ask", json={"question": text, "passages": self._passages})
        except httpx.HTTPError as error:
            problem = f"{question!r}: {error!r}"
            return Reply(time.monotonic(), 1000 * (time.perf_counter() - began), problem=problem)
        spent, came = 1000 * (time.perf_counter() - began), time.monotonic()
        if response.status_code != httpx.codes.OK:
            return Reply(came, spent, problem=f"{question!r}: {response.text}")
        body = response.json()
        quoted = tuple(
            Quoted(
                citation["article"]["id"],
                citation["article"]["sha256"],
                citation["quote"],
                citation["sentence"]["start"],
                citation["sentence"]["end"],
            )
            for answer in body["answers"]
            for citation in answer["citations"]
        )
        header = response.headers.get("x-index-generation")
        return Reply(came, spent, body["generation"], header, quoted)
