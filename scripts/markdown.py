"""Tables in Markdown, for generated pages."""

from collections.abc import Sequence


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of one-line cells, see `markdown_row`."""
    return "\n".join(map(markdown_row, [head, ["---"] * len(head), *rows]))


def markdown_row(cells: Sequence[str]) -> str:
    """Return a row; white space inside a cell becomes one space, and a bar no border."""
    return "| " + " | ".join(" ".join(c.split()).replace("|", r"\|") for c in cells) + " |"
