"""Show a response of /v1/ask, read from standard input, as `quoth ask` prints it."""

import sys

from rich.console import Console

from api.schemas import AskResponse
from scripts.asking import print_response


def main() -> None:
    """Read, check and print."""
    response = AskResponse.model_validate_json(sys.stdin.read())
    print_response(response, Console(highlight=False))


if __name__ == "__main__":
    main()
