"""The encoders that the quality gate asks generations with."""

from functools import cache

from index.encoding.encoder import TextEncoder
from index.encoding.question_encoder import load_question_encoder
from index.generation.manifest import EncoderEntry
from qa.errors import ModelError


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


@cache
def _loaded(name: str) -> TextEncoder:
    return load_question_encoder(name)
