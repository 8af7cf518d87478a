"""Many articles in one request: lines of JSON in, a line of JSON out for each, in order.

What was read is spooled to a file until the caller takes the result: a caller that sends all it
has before it reads anything would otherwise wait for a service that waits for it. So memory
holds a few articles, however many are sent.
"""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import IO

import anyio
from anyio import to_thread
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Lines = list[tuple[int, bytes | None]]
_LINES_AT_ONCE = 100
_BYTES_AT_ONCE = 1_000_000
_SENT_AT_ONCE = 65_536


class BulkResponse(Response):
    """Reads the request while it answers it.

    `take` gets numbered lines (None for one that is too long) and returns their results; `finish`
    returns the last line. `take` may block. What was taken stays if the caller goes away.
    """

    media_type = "application/x-ndjson"

    def __init__(
        self,
        *,
        max_line_bytes: int,
        take: Callable[[Lines], bytes],
        finish: Callable[[int], Awaitable[bytes]],
    ) -> None:
        # Said to be compressed already, or the results would be held back to be compressed.
        super().__init__(headers={"content-encoding": "identity"})
        del self.headers["content-length"]
        self._max_line_bytes = max_line_bytes
        self._take = take
        self._finish = finish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take lines in one task, and send results in another."""
        with tempfile.TemporaryFile() as file:
            spool = _Spool(file)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._read, Request(scope, receive), spool)
                start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
                await send(start)
                async for part in spool.parts():
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _read(self, request: Request, spool: "_Spool") -> None:
        count = 0
        try:
            async for lines in _batches(request, self._max_line_bytes):
                spool.add(await to_thread.run_sync(self._take, lines))
                count = lines[-1][0]
            spool.add(await self._finish(count))
        except ClientDisconnect:
            pass  # nobody reads the rest
        finally:
            spool.close()


class _Spool:
    """Bytes that were written and not sent yet, in a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._written = 0
        self._changed = anyio.Event()
        self._closed = False

    def add(self, content: bytes) -> None:
        self._file.seek(self._written)
        self._file.write(content)
        self._written += len(content)
        self._wake()

    def close(self) -> None:
        self._closed = True
        self._wake()

    async def parts(self) -> AsyncIterator[bytes]:
        sent = 0
        while True:
            changed = self._changed
            if sent < self._written:
                self._file.seek(sent)
                part = self._file.read(min(_SENT_AT_ONCE, self._written - sent))
                sent += len(part)
                yield part
            elif self._closed:
                return
            else:
                await changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


async def _batches(request: Request, max_line_bytes: int) -> AsyncIterator[Lines]:
    """Yield the lines that are not blank, a few at a time, numbered from 1."""
    waiting: Lines = []
    size = 0
    number = 0
    async for line in _lines(request, max_line_bytes):
        number += 1
        if line is None or line.strip():
            waiting.append((number, line))
            size += len(line or b"")
        if len(waiting) >= _LINES_AT_ONCE or size >= _BYTES_AT_ONCE:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


async def _lines(request: Request, max_line_bytes: int) -> AsyncIterator[bytes | None]:
    """Yield the body's lines without their ends; None for one that is too long."""
    rest = bytearray()
    too_long = False
    async for chunk in request.stream():
        *ended, begun = chunk.split(b"\n")
        for part in ended:
            rest += part
            yield None if too_long or len(rest) > max_line_bytes else bytes(rest)
            rest, too_long = bytearray(), False
        if too_long or len(rest) + len(begun) > max_line_bytes:
            rest, too_long = bytearray(), True
        else:
            rest += begun
    if rest or too_long:
        yield None if too_long else bytes(rest)
