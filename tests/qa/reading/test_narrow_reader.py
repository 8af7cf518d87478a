"""The second reader in the repository: it opens, reads, and has a calibration of its own."""

import pytest

from qa.calibration import Calibration
from qa.reading.reader import OnnxReader
from qa.reading.reader_folder import SHIPPED_READER

NARROW_READER = SHIPPED_READER.with_name("narrow_reader")
# 25 MB, as a download counts them.
MOST_BYTES = 25_000_000


@pytest.fixture(scope="module")
def narrow() -> OnnxReader:
    return OnnxReader.load(NARROW_READER, threads=1)


def test_it_finds_the_answer_and_not_one_where_there_is_none(narrow: OnnxReader) -> None:
    passages = [
        "The town of Arlen lies on the river Oste. Its mill was built in 1764 by Piet Hoek.",
        "The river Oste rises in the hills and ends in the grey sea.",
    ]
    found, other = narrow.read("Who built the mill of Arlen?", passages)
    assert passages[0][found[0].start : found[0].end] == "Piet Hoek"
    assert found[0].margin > 0 > other[0].margin


def test_its_calibration_was_fitted_for_it(narrow: OnnxReader) -> None:
    path = NARROW_READER / "calibration.json"
    assert Calibration.load(path, reader_sha256=narrow.fingerprint).min_margin > -5


def test_it_has_room_in_a_small_file() -> None:
    assert (NARROW_READER / "reader.onnx.gz").stat().st_size <= MOST_BYTES
