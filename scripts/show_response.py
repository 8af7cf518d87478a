"""Show responses of /v1/ask, one a line on standard input, as `quoth ask` prints them.

`--svg FILE` also draws them, for the README.
"""

import argparse
import re
import sys
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console

from api.responses import AskResponse
from qa.errors import first_mistake
from scripts.command_line.failing import fail
from scripts.command_line.print_response import print_response


def main() -> None:
    """Read, check and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--svg", type=Path, help="file to draw the output into")
    options = parser.parse_args()
    console = Console(highlight=False, record=options.svg is not None)
    for number, line in enumerate(sys.stdin):
        if number:
            console.print()
        try:
            response = AskResponse.model_validate_json(line)
        except ValidationError as error:
            mistake = first_mistake(error, whole="the line")
            fail(f"line {number + 1} is no response of /v1/ask: {mistake}")
        print_response(response, console)
    if options.svg is not None:
        # rich's drawing loads its font from a CDN; any monospaced one will do.
        drawing = re.sub(
            r"@font-face \{.*?\}\s*", "", console.export_svg(title="quoth ask"), flags=re.S
        )
        options.svg.write_text(drawing, encoding="utf-8")


if __name__ == "__main__":
    main()
