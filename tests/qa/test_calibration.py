"""From features to probabilities, and what a calibration file must be."""

import json
import math
from pathlib import Path

import pytest

from qa.calibration import (
    CALIBRATION_NAME,
    Calibration,
    CandidateFeatures,
    LogisticModel,
)
from qa.errors import ModelError
from qa.reading.reader import OnnxReader
from qa.reading.reader_folder import SHIPPED_READER

SHA256 = "0" * 64
FILE: dict[str, object] = {
    "reader_sha256": SHA256,
    "fitted_on": "nothing",
    "order": {"weights": {"span_score": 1, "cosine": 3}, "bias": 0.5},
    "right_if_answerable": {"weights": {"order": 1}, "bias": 0},
    "answerable": {"weights": {"margin": 1}, "bias": 0},
    "min_answerable": 0.5,
    "min_margin": 1.0,
}


def write(folder: Path, content: dict[str, object]) -> Path:
    path = folder / "calibration.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_a_logit_is_the_bias_plus_each_weight_times_its_feature() -> None:
    model = LogisticModel(weights={"cosine": 3, "span_score": 1, "margin": 2}, bias=0.5)
    features = CandidateFeatures(span_score=10, margin=-1, cosine=0.5, keyword_share=7)
    assert model.logit(features) == pytest.approx(0.5 + 10 - 2 + 1.5)


@pytest.mark.parametrize(
    ("logit", "probability"),
    [(0.0, 0.5), (math.log(3), 0.75), (-math.log(3), 0.25), (1e6, 1.0), (-1e6, 0.0)],
)
def test_a_probability_is_the_logistic_function_of_the_logit_however_large(
    logit: float, probability: float
) -> None:
    model = LogisticModel(weights={"span_score": 1}, bias=0)
    assert model.probability(CandidateFeatures(logit, 0, 0, 0)) == pytest.approx(probability)


def test_a_calibration_is_read_from_its_file(tmp_path: Path) -> None:
    write(tmp_path, FILE)
    calibration = Calibration.load(tmp_path / CALIBRATION_NAME, reader_sha256=SHA256)
    assert calibration.order.weights == {"span_score": 1, "cosine": 3}
    assert calibration.min_margin == 1.0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({"min_answerable": 1.5}, "less than or equal to 1", id="not-a-probability"),
        pytest.param({"threshold": 1}, "Extra inputs are not permitted", id="unknown-key"),
        pytest.param(
            {"order": {"weights": {"span_score": 1, "fusion": 2}, "bias": 0}},
            "order weighs fusion, but the features are span_score, margin, cosine, keyword_share",
            id="a-feature-that-is-no-more",
        ),
        pytest.param(
            {"order": {"weights": {"lead": 1}, "bias": 0}},
            "order weighs lead",
            id="a-feature-of-another-model",
        ),
        pytest.param(
            {"answerable": {"weights": [1] * 7, "bias": 0}},
            "answerable.weights: Input should be an object",
            id="weights-without-names",
        ),
        pytest.param(
            {"reader_sha256": "1" * 64}, "was fitted for another reader", id="another-reader"
        ),
    ],
)
def test_a_wrong_calibration_file_is_refused_with_file_problem_and_cure(
    tmp_path: Path, change: dict[str, object], problem: str
) -> None:
    path = write(tmp_path, FILE | change)
    with pytest.raises(ModelError) as caught:
        Calibration.load(tmp_path / CALIBRATION_NAME, reader_sha256=SHA256)
    message = str(caught.value)
    assert str(path) in message
    assert problem in message
    assert "fit it with: quoth calibrate" in message


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]"])
def test_a_damaged_calibration_file_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "calibration.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"calibration\.json: .*quoth calibrate"):
        Calibration.load(tmp_path / CALIBRATION_NAME, reader_sha256=SHA256)


def test_a_missing_calibration_file_is_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot read .*calibration\.json: No such file.*fit it"):
        Calibration.load(tmp_path / CALIBRATION_NAME, reader_sha256=SHA256)


def test_the_shipped_calibration_was_fitted_for_the_shipped_reader(reader: OnnxReader) -> None:
    calibration = Calibration.load(
        SHIPPED_READER / CALIBRATION_NAME, reader_sha256=reader.fingerprint
    )
    assert calibration.reader_sha256 == reader.fingerprint
