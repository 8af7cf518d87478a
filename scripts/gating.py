"""The quality gate as commands use it: which one, with which encoders, and how it is shown."""

from functools import cache

from rich.console import Console
from rich.text import Text

from api.settings import Settings
from index.encoder import TextEncoder
from index.gate import Comparison, Gate
from index.known_items import KnownItemGate
from index.manifest import EncoderEntry
from index.question_encoder import load_question_encoder
from qa.errors import ModelError
from scripts.first_lines import print_first


def gate_of(settings: Settings) -> Gate:
    """Return the gate that the settings name: the operator's questions, or known items.

    Raises QuestionFileError if the questions cannot be read.
    """
    if settings.gate is None:
        return KnownItemGate(encoder_of, margin=settings.gate_margin)
    # The whole product is imported only where it is asked.
    from scripts.gating_answers import AnswersGate, read_gate_questions

    return AnswersGate(read_gate_questions(settings.gate), settings.gate.name, settings)


def encoder_of(entry: EncoderEntry) -> TextEncoder:
    """Load the encoder that a generation was built with; raises ModelError."""
    encoder = _loaded(entry.name)
    if encoder.fingerprint != entry.fingerprint:
        raise ModelError(
            f"a generation was built with encoder {entry.name!r} ({entry.fingerprint}), but under "
            f"this name there is another one now ({encoder.fingerprint}), so that it cannot be "
            f"asked; put the former back, or publish without comparing: --no-gate"
        )
    return encoder


def print_comparison(comparison: Comparison, console: Console) -> None:
    """Print the totals, and each question that found something else than before."""
    count = len(comparison.questions)
    heading = f"{count} questions ({comparison.asked}), at {comparison.served} and now"
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


@cache
def _loaded(name: str) -> TextEncoder:
    return load_question_encoder(name)
