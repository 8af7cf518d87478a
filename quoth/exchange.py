"""From a response to a value or an error, and how long to wait before asking again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from quoth.calls import Call
from quoth.errors import (
    ClientError,
    InvalidRequestError,
    NotFoundError,
    ServiceFailedError,
    UnauthorizedError,
    UnavailableError,
    UnexpectedResponseError,
    UnreachableError,
)
from quoth.models import Problem

Gives = TypeVar("Gives", bound=BaseModel)
_UNAVAILABLE = 503
_VISIBLE = re.compile(r"[!-~]+")
_KINDS: dict[int, type[ClientError]] = {
    401: UnauthorizedError,
    404: NotFoundError,
    413: InvalidRequestError,
    415: InvalidRequestError,
    422: InvalidRequestError,
    500: ServiceFailedError,
    _UNAVAILABLE: UnavailableError,
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to ask again where nothing serves yet, and how long to wait before at most."""

    retries: int
    longest_wait_s: float

    def wait_s(self, response: httpx.Response, *, tried: int) -> float | None:
        """Return how long to wait before the next try, or None to give up.

        The service says how long in `Retry-After`; one that does not is given a second, and twice
        as long after each try.
        """
        if response.status_code != _UNAVAILABLE or tried > self.retries:
            return None
        said = response.headers.get("retry-after", "")
        wait = float(said) if said.isascii() and said.isdigit() else 2.0 ** (tried - 1)
        return min(wait, self.longest_wait_s)


def sent_headers(headers: Mapping[str, str] | None, api_key: str | None) -> dict[str, str]:
    """Return what every request is sent with; raises InvalidRequestError for what is no key."""
    if api_key is not None and not _VISIBLE.fullmatch(api_key):
        raise InvalidRequestError(
            "api_key is empty, or has white space or a character that is not ASCII in it, such as "
            "the end of the line that it was read from: pass the key alone"
        )
    key = {} if api_key is None else {"Authorization": f"Bearer {api_key}"}
    return {**(headers or {}), **key}


def value_of(response: httpx.Response, call: Call[Gives]) -> Gives:
    """Return what the response holds; raises the ClientError that it stands for."""
    if not response.is_success:
        raise _error_of(response)
    try:
        return call.gives.model_validate_json(response.content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UnexpectedResponseError(
            f"{response.url} did not respond as Quoth does ({place}: {first['msg']}); check the "
            "address and the versions of service and client"
        ) from error


def unreachable(call: Call[Gives], base_url: str, error: httpx.RequestError) -> UnreachableError:
    """Return the error of a request that got no response."""
    kind = "took too long" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
    return UnreachableError(f"{call.method} {base_url}{call.path} {kind}: {error}")


def unsendable(call: Call[Gives], error: Exception) -> InvalidRequestError:
    """Return the error of a request that cannot be written as JSON."""
    return InvalidRequestError(f"{call.method} {call.path} cannot be sent: {error}")


def _error_of(response: httpx.Response) -> ClientError:
    kind = _KINDS.get(response.status_code, UnexpectedResponseError)
    try:
        problem = Problem.model_validate_json(response.content)
    except ValidationError:
        said = f"{response.url} answered {response.status_code}"
        if response.has_redirect_location:
            leads_to = response.headers["location"]
            return UnexpectedResponseError(f"{said} and leads to {leads_to}; give its address")
        # A proxy says so of a service that does not run, and that was asked again like any other.
        unsaid = UnavailableError if kind is UnavailableError else UnexpectedResponseError
        return unsaid(
            f"{said} without saying why as Quoth does; check the address, and what stands between"
        )
    return kind(f"{problem.title}: {problem.detail}", problem=problem)
