"""A list of any length on a terminal: its first lines, and how many more there are."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

SHOWN = 20


def print_first(lines: Sequence[str], console: Console) -> None:
    """Print the first lines, indented; the command's `--json` lists all."""
    for line in lines[:SHOWN]:
        console.print(Text(f"  {line}"), soft_wrap=True)
    if len(lines) > SHOWN:
        console.print(f"  and {len(lines) - SHOWN:,} more; --json lists all")
