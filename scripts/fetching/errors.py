"""What can go wrong with one address; the others are fetched all the same."""

from qa.errors import QuothError


class FetchError(QuothError):
    """An address cannot be fetched; the message continues a line that begins with the address."""
