"""A web site on this machine, for what fetches."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """What a site answers at a path."""

    body: str | bytes = ""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, handler: BaseHTTPRequestHandler) -> None:
        """Send it, or nothing but its head if the client has it."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        tag = self.headers.get("ETag")
        same = tag is not None and handler.headers.get("If-None-Match") == tag
        handler.send_response(304 if same else self.status)
        for name, value in {"Content-Length": str(len(body)), **self.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Type", self.kind)
        handler.end_headers()
        if not same:
            handler.wfile.write(body)


Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine; `asked` has the paths and heads of the requests it got."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                missing = Page("nothing here", status=404)
                with suppress(ConnectionError):
                    site.answers.get(self.path, missing.send)(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def put(self, path: str, body: str | bytes = "", **rest: Any) -> str:
        """Have a page at a path; return its address."""
        self.answers[path] = Page(body, **rest).send
        return self.url + path

    def paths(self) -> list[str]:
        """Return what was asked for but the rules, and forget it."""
        paths = [path for path, _ in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return paths
