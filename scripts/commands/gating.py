"""The quality gate as commands use it: which one, and how it is shown."""

from rich.console import Console
from rich.text import Text

from api.settings import Settings
from index.publishing.gate import Comparison, Gate
from index.publishing.known_items import KnownItemGate
from scripts.command_line.first_lines import print_first
from scripts.command_line.telling import how_many
from scripts.commands.gating_encoder import encoder_of


def gate_of(settings: Settings) -> Gate:
    """Return the gate that the settings name: the operator's questions, or known items.

    Raises QuestionFileError if the questions cannot be read.
    """
    if settings.gate is None:
        return KnownItemGate(encoder_of, margin=settings.gate_margin)
    # The whole product is imported only where it is asked.
    from scripts.commands.gating_answers import AnswersGate, read_gate_questions

    return AnswersGate(read_gate_questions(settings.gate), settings.gate.name, settings)


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print the totals, and each question that found something else than before."""
    count = how_many(len(comparison.questions), "question")
    heading = f"{count} ({comparison.asked}), at {comparison.served} and now"
    console.print(Text(heading), soft_wrap=True)
    for measure, (before, now) in comparison.totals.items():
        told = "" if measure not in comparison.deciding else f"  may fall by {comparison.margin:g}"
        worse = ", and did by more" if measure in comparison.worse else ""
        line = f"  {measure:<14} {before:.3f}  {now:.3f}{told}{worse}"
        console.print(Text(line), soft_wrap=True)
    print_first(
        [
            f"{one.question} ({one.expected}): {one.before.shown} → {one.now.shown}"
            for one in comparison.changed
        ],
        console,
    )
