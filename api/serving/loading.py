"""The models of the service, as its settings name them."""

from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from api.settings import Settings
from index.encoding.encoder import TextEncoder
from index.encoding.question_encoder import load_question_encoder
from qa.calibration import Calibration
from qa.reading.reader import OnnxReader, Reader


@dataclass(frozen=True, slots=True)
class Models:
    """What is loaded once and serves every generation."""

    encoder: TextEncoder
    reader: Reader
    calibration: Calibration


def load_models(settings: Settings) -> Models:
    """Load encoder, reader and calibration as the settings name them; raises ModelError.

    From then on, all of the process's BLAS runs in one thread: its threads wait by spinning, and
    would take the cores that the reader computes on.
    """
    threadpool_limits(limits=1, user_api="blas")
    reader = OnnxReader.load(settings.reader_dir, threads=settings.threads)
    calibration = Calibration.load(settings.calibration_path, reader_sha256=reader.fingerprint)
    if settings.target_precision is not None:
        calibration = calibration.for_precision(settings.target_precision)
    return Models(load_question_encoder(settings.encoder), reader, calibration)
