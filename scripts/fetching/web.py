"""Asking web servers, with the manners that these expect of programs.

One request at a time, a pause between two to the same host, nothing that its robots.txt forbids,
nothing again that has not changed, and a bound on everything that a server could make endless.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from protego import Protego

from index.sources.stored_text import MAX_ARTICLE_BYTES
from scripts.fetching.addressing import Reach, led_to, origin, reach_from, resolved
from scripts.fetching.errors import FetchError
from scripts.fetching.folder import Known
from scripts.fetching.kinds import has_no_text
from scripts.fetching.packed import unzipped
from scripts.fetching.robots import AGENT, MAX_ROBOTS_BYTES, delay_s, rules_of

_MAX_REDIRECTS = 5
_OK, _NOT_MODIFIED = 200, 304
_COME_LATER = frozenset({429, 503})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PROXIED = frozenset({"http", "https", "all"})
_ACCEPTED = (
    "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, "
    "application/xml;q=0.9, application/pdf;q=0.9, */*;q=0.1"
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long and how much; `pause_s` lies between two requests to a host."""

    pause_s: float = 1.0
    timeout_s: float = 20.0
    whole_answer_s: float = 120.0
    longest_wait_s: float = 60.0
    usual_wait_s: float = 5.0
    max_bytes: int = MAX_ARTICLE_BYTES


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was found at `url`, which redirects may have led to, and where it may lead itself.

    A packed file is unpacked in `content`.
    """

    url: str
    content: bytes
    headers: Mapping[str, str]
    reach: Reach

    @property
    def media_type(self) -> str:
        """The type that the server names, such as text/html; "" if it names none."""
        return _media_type(self.headers)

    @property
    def charset(self) -> str | None:
        """The encoding that the server names."""
        message = Message()
        message["content-type"] = self.headers.get("content-type", "")
        return message.get_content_charset()


@dataclass(frozen=True, slots=True)
class _Answer:
    url: str
    addresses: Sequence[str]
    status: int
    headers: Mapping[str, str]
    content: bytes


class Web:
    """Fetches addresses, one after another."""

    def __init__(self, client: httpx.Client, bounds: Bounds) -> None:
        self._client = client
        self._bounds = bounds
        self._rules: dict[str, Protego | FetchError] = {}
        self._asked_at: dict[str, float] = {}
        self._waited_for: set[str] = set()

    def fetch(self, url: str, *, reach: Reach | None, known: Known | None) -> Fetched | None:
        """Return what is at the address, or None if that is as `known`; raises FetchError.

        Without a `reach` the address may be anywhere, and lead as far as its host may.
        """
        answer = self._followed(url, reach, known)
        if answer.status == _NOT_MODIFIED and known is not None:
            return None
        if answer.status != _OK:
            raise FetchError(_why_not(answer.status))
        content = unzipped(answer.content)
        return Fetched(answer.url, content, answer.headers, reach_from(answer.addresses))

    def _followed(
        self, url: str, reach: Reach | None, known: Known | None, *, is_robots: bool = False
    ) -> _Answer:
        """Return the answer where redirects end."""
        for _ in range(_MAX_REDIRECTS + 1):
            addresses = self._addresses(url)
            # Not asked for before: by then the name could stand for other addresses.
            reach = reach_from(addresses) if reach is None else reach
            reach.check(addresses)
            if not is_robots:
                self._check_is_allowed(url, reach)
            answer = self._asked(url, addresses, known, is_robots=is_robots)
            target = answer.headers.get("location")
            if answer.status not in _REDIRECTS or target is None:
                return answer
            url = led_to(url, target)
        raise FetchError(
            f"leads on and on, more than {_MAX_REDIRECTS} times; name the address that a browser "
            "shows in the end"
        )

    def _addresses(self, url: str) -> list[str]:
        try:
            return resolved(url)
        except FetchError:
            if _is_behind_proxy():
                # A proxy may know hosts that this machine does not, and decides what it reaches.
                return []
            raise

    def _check_is_allowed(self, url: str, reach: Reach) -> None:
        rules = self._rules_for(url, reach)
        if isinstance(rules, FetchError):
            raise rules
        if not rules.can_fetch(url, AGENT):
            raise FetchError(
                "is not for programs (robots.txt); ask who runs the site, or save the page with a "
                "browser"
            )

    def _rules_for(self, url: str, reach: Reach) -> Protego | FetchError:
        site = origin(url)
        if site not in self._rules:
            try:
                answer = self._followed(f"{site}/robots.txt", reach, None, is_robots=True)
                self._rules[site] = rules_of(answer.status, answer.content)
            except FetchError as error:
                self._rules[site] = error
        return self._rules[site]

    def _asked(
        self, url: str, addresses: Sequence[str], known: Known | None, *, is_robots: bool
    ) -> _Answer:
        """Ask, and once more where the server says when to come again: one wait a site and run."""
        answer = self._asked_once(url, addresses, known, is_robots=is_robots)
        if answer.status not in _COME_LATER:
            return answer
        wait_s = self._wait_s(answer.headers.get("retry-after", ""))
        if wait_s > self._bounds.longest_wait_s or origin(url) in self._waited_for:
            return answer
        self._waited_for.add(origin(url))
        time.sleep(wait_s)
        return self._asked_once(url, addresses, known, is_robots=is_robots)

    def _wait_s(self, retry_after: str) -> float:
        if retry_after.strip().isdecimal():
            return float(retry_after)
        try:
            at = parsedate_to_datetime(retry_after)
        except ValueError:
            return self._bounds.usual_wait_s
        at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        return max(0.0, (at - datetime.now(UTC)).total_seconds())

    def _asked_once(
        self, url: str, addresses: Sequence[str], known: Known | None, *, is_robots: bool
    ) -> _Answer:
        headers = {"Accept": _ACCEPTED}
        if known is not None and known.url == url:
            if known.etag is not None:
                headers["If-None-Match"] = known.etag
            if known.last_modified is not None:
                headers["If-Modified-Since"] = known.last_modified
        self._wait_for_turn(url)
        asked = self._client.stream(
            "GET", url, headers=headers, extensions={"addresses": addresses}
        )
        with self._failures_told(), asked as response:
            content = b""
            if response.status_code == _OK:
                content = self._content(response, is_robots=is_robots)
            return _Answer(url, addresses, response.status_code, response.headers, content)

    def _wait_for_turn(self, url: str) -> None:
        rules = self._rules.get(origin(url))
        asked_for = delay_s(rules) if isinstance(rules, Protego) else 0.0
        host = urlsplit(url).hostname or ""
        since = time.monotonic() - self._asked_at.get(host, float("-inf"))
        time.sleep(max(0.0, max(self._bounds.pause_s, asked_for) - since))
        self._asked_at[host] = time.monotonic()

    def _content(self, response: httpx.Response, *, is_robots: bool) -> bytes:
        media_type = _media_type(response.headers)
        if has_no_text(media_type) and not is_robots:
            raise FetchError(f"is {media_type}, in which Quoth reads nothing; leave it out")
        max_bytes = MAX_ROBOTS_BYTES if is_robots else self._bounds.max_bytes
        until = time.monotonic() + self._bounds.whole_answer_s
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > max_bytes:
                if is_robots:
                    break
                raise FetchError(
                    f"has more than {max_bytes:,} bytes, the most that Quoth reads; leave it out"
                )
            if time.monotonic() > until:
                raise FetchError(
                    f"was not there as a whole after {self._bounds.whole_answer_s:g} s; fetch it "
                    "again later"
                )
        return bytes(content)

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            raise FetchError(
                f"did not answer within {self._bounds.timeout_s:g} s; fetch it again later"
            ) from error
        except httpx.ConnectError as error:
            raise FetchError(
                f"cannot be reached ({error}); check the address and this machine's network"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(f"broke off ({error}); fetch it again later") from error


class ToCheckedAddresses(httpx.BaseTransport):
    """Connects to the addresses that were checked: a name can mean another one the next moment."""

    def __init__(self) -> None:
        # A connection that is kept would serve all hosts at its address, and know one of them.
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the first of its addresses that can be reached."""
        *others, last = request.extensions["addresses"]
        for address in others:
            try:
                return self._inner.handle_request(_sent_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return self._inner.handle_request(_sent_to(last, request))

    def close(self) -> None:
        """Close what is open."""
        self._inner.close()


def _sent_to(address: str, request: httpx.Request) -> httpx.Request:
    """Return the request as one to an IP address, for the host that it is meant for."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode()},
    )


@contextmanager
def open_web(agent: str, bounds: Bounds) -> Iterator[Web]:
    """Give access to the web under a name; behind a proxy, that one connects."""
    transport = None if _is_behind_proxy() else ToCheckedAddresses()
    headers = {"User-Agent": agent}
    with httpx.Client(headers=headers, transport=transport, timeout=bounds.timeout_s) as client:
        yield Web(client, bounds)


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_behind_proxy() -> bool:
    return not _PROXIED.isdisjoint(getproxies())


def _why_not(status: int) -> str:
    if status in {401, 403}:
        return f"is not given to Quoth ({status}); ask who runs it, or save it with a browser"
    if status in {404, 410}:
        return f"is not there ({status}); correct the address, or leave it out"
    if status in _COME_LATER or status >= 500:
        return f"is not to be had now ({status}); fetch it again later"
    return f"has an answer that is no page ({status}); look at it with a browser"
