"""A list of any length on a terminal: its first lines, and how many more there are."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

_SHOWN = 20


def print_first(lines: Sequence[str], console: Console) -> None:
    """Print the first lines, indented; the command's `--json` lists all."""
    for line in lines[:_SHOWN]:
        console.print(Text(f"  {line}"), soft_wrap=True)
    if len(lines) > _SHOWN:
        console.print(f"  and {len(lines) - _SHOWN:,} more; --json lists all")
