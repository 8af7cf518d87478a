"""What can go wrong, one class for each thing that a caller may do about it."""

from quoth.models import Problem


class ClientError(Exception):
    """Base of all errors of the client; `problem` is what the service said, if it said anything."""

    def __init__(self, message: str, *, problem: Problem | None = None) -> None:
        self.problem = problem
        super().__init__(message)


class InvalidRequestError(ClientError):
    """The request cannot be used as it is: change what the message says."""


class UnauthorizedError(ClientError):
    """The service has keys, and none of them was sent: pass one as `api_key`."""


class NotFoundError(ClientError):
    """There is no such article, or nothing at this address."""


class UnavailableError(ClientError):
    """Nothing serves, after all retries: try again later, or see what the message says."""


class ServiceFailedError(ClientError):
    """The service failed: its log has the reason under `problem.request_id`."""


class UnreachableError(ClientError):
    """No response came: the address is wrong, nothing listens, or it took too long."""


class UnexpectedResponseError(ClientError):
    """What answers there is no Quoth, or one too old or too new for this client."""
