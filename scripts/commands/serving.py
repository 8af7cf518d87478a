"""What `quoth serve` does."""

import contextlib
import errno
import gc
import signal
import socket
import sys

import structlog
import uvicorn

from api.app import create_app
from api.logging import configure_logging
from api.serving.loading import Models, load_models
from api.settings import Settings

# Requests that run when the service is told to stop may take this long to finish; a client that
# never sends the rest of its body would keep the service up for ever.
_FINISH_REQUESTS_S = 5
_log = structlog.get_logger("quoth")


class CannotListenError(Exception):
    """The address to listen on does not exist or is taken."""


def run_service(settings: Settings) -> None:
    """Serve until the process is told to stop; raises CannotListenError."""
    configure_logging(settings)
    listeners = listeners_at(settings.host, settings.port)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings, load=load_for_good),
            log_config=None,  # `configure_logging` has said how
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=_FINISH_REQUESTS_S,
        )
    )
    for listener in listeners:
        _log.info("listening", url=_url(listener))
    # Once it has stopped, uvicorn repeats the signal, and being told to stop is not a failure.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=listeners)


def load_for_good(settings: Settings) -> Models:
    """Load the models, and spare the garbage collector all that is there: it stays to the end.

    Else it looks through it all after every few dozen questions, and one of them waits for it.
    """
    models = load_models(settings)
    gc.collect()
    gc.freeze()
    return models


def listeners_at(host: str, port: int) -> list[socket.socket]:
    """Return a socket for each address of the host: `localhost` may have two.

    Raises CannotListenError.
    """
    listeners: list[socket.socket] = []
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, _, _, _, address in infos:
            try:
                listener = socket.create_server(address[:2], family=family)
                # Else the body of a response waits 40 ms for the client's word that its head came:
                # asyncio sets this only for listeners that it has opened itself.
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                listeners.append(listener)
            except OSError as error:
                # A host may have the name of an IPv6 address without having the address.
                if error.errno != errno.EADDRNOTAVAIL or family == socket.AF_INET:
                    raise
    except OSError as error:
        for listener in listeners:
            listener.close()
        raise _cannot_listen(host, port, _reason(error)) from error
    if not listeners:
        raise _cannot_listen(host, port, "this machine does not have the address")
    return listeners


def _reason(error: OSError) -> str:
    """Return what is wrong without the address, which `create_server` writes behind it."""
    return (error.strerror or str(error)).partition(" (while attempting")[0]


def _cannot_listen(host: str, port: int, reason: str) -> CannotListenError:
    return CannotListenError(
        f"cannot listen on {host}, port {port}: {reason}; choose another with --host and --port "
        f"(QUOTH_HOST, QUOTH_PORT)"
    )


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return (
        f"http://[{host}]:{port}" if listener.family == socket.AF_INET6 else f"http://{host}:{port}"
    )
