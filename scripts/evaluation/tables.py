"""Runs as tables for people."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from scripts.evaluation.measures import Interval
from scripts.evaluation.runs import Run


def print_run(run: Run, console: Console) -> None:
    """Print a run's figures, and those of its groups of questions where it has some."""
    table = Table("figure", title=run.command, title_justify="left")
    table.add_column("value", justify="right")
    for name, value in run.summary.items():
        table.add_row(name, shown(value))
    console.print(table)
    if run.groups:
        (first, *columns), *rows = group_rows(run)
        groups = Table(first, title_justify="left")
        for column in columns:
            groups.add_column(column, justify="right")
        for cells in rows:
            groups.add_row(*cells)
        console.print(groups)


def group_rows(run: Run) -> list[list[str]]:
    """Return the figures of a run's groups as rows of cells, their names first."""
    columns = list(dict.fromkeys(name for group in run.groups.values() for name in group))
    rows = [[name, *(shown(group[c]) for c in columns)] for name, group in run.groups.items()]
    return [["questions", *columns], *rows]


def print_comparison(
    before: Run, after: Run, changes: Mapping[str, Interval], console: Console
) -> None:
    """Print two runs side by side, and how sure the change of EM and F1 is."""
    table = Table("figure", title="compared", title_justify="left")
    for column in ("before", "after", "change", "95 % interval on shared questions"):
        table.add_column(column, justify="right")
    for name, value in after.summary.items():
        if name not in before.summary:
            continue
        interval = changes.get(name)
        sure = "" if interval is None else f"{interval.low:+.2f} to {interval.high:+.2f}"
        was = before.summary[name]
        table.add_row(name, shown(was), shown(value), f"{value - was:+.4g}", sure)
    console.print(table)


def shown(value: bool | int | float) -> str:
    """Return a figure with as many digits as it deserves."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.0f}" if float(value).is_integer() and value > 100 else f"{value:,.4g}"
