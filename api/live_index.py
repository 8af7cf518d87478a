"""The generation that serves, and the move to a newer one while requests run."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from api.answering import AnswerCache
from index.encoder import QuestionEncoder
from index.generation import Generation, current_name, open_generation
from index.retriever import HybridRetriever
from qa.ask import QuestionRoad
from qa.calibration import Calibration
from qa.errors import IndexUnavailableError, QuothError
from qa.reader import Reader

_log = structlog.get_logger("quoth")


@dataclass(frozen=True, slots=True)
class Models:
    """What is loaded once and serves every generation."""

    encoder: QuestionEncoder
    reader: Reader
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Serving:
    """One generation with the road that its questions take; a request holds one to its end."""

    generation: Generation
    retriever: HybridRetriever
    road: QuestionRoad
    answers: AnswerCache = field(default_factory=AnswerCache)


def serve_generation(generation: Generation, models: Models) -> Serving:
    """Join a generation and the models.

    Raises IndexUnavailableError if the generation was built with another encoder.
    """
    built_with = generation.manifest.encoder
    if built_with.fingerprint != models.encoder.fingerprint:
        raise IndexUnavailableError(
            f"the index was built with encoder {built_with.name!r} ({built_with.fingerprint}), "
            f"but {models.encoder.name!r} ({models.encoder.fingerprint}) is loaded; set "
            f"QUOTH_ENCODER to the former, or rebuild the index with the latter"
        )
    retriever = HybridRetriever(generation, models.encoder)
    road = QuestionRoad(retriever, models.reader, generation, models.calibration)
    return Serving(generation, retriever, road)


class LiveIndex:
    """Opens the index in the background and follows the generations that are published.

    A newer generation is opened beside the old one and takes over for new requests; the old one
    goes when the last request that holds it ends. If the newer one cannot be opened, the old one
    goes on serving.
    """

    def __init__(
        self, index_dir: Path, load_models: Callable[[], Models], *, poll_seconds: float
    ) -> None:
        self._index_dir = index_dir
        self._load_models = load_models
        self._poll_seconds = poll_seconds
        self._serving: Serving | None = None
        self._problem: QuothError = IndexUnavailableError(
            "the service is starting; try again in a few seconds"
        )
        self._unusable: str | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="live-index", daemon=True)

    def start(self) -> None:
        """Begin to load and follow, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._stop.set()
        self._thread.join()

    def serving(self) -> Serving:
        """Return what serves now; raises the QuothError that explains why nothing does."""
        serving = self._serving
        if serving is None:
            raise self._problem
        return serving

    def _follow(self) -> None:
        models: Models | None = None
        while not self._stop.is_set():
            try:
                if models is None:
                    models = self._load_models()
                self._refresh(models)
            except QuothError as error:
                self._note(error)
            except Exception as error:  # noqa: BLE001  # the thread must outlive whatever a library raises
                _log.error("cannot open the index", exc_info=error)
                self._note(IndexUnavailableError(f"cannot open the index: {error}"))
            self._stop.wait(self._poll_seconds)

    def _refresh(self, models: Models) -> None:
        name = current_name(self._index_dir)
        serving = self._serving
        if serving is not None and name in (serving.generation.name, None):
            return
        if name is not None and name == self._unusable:
            return
        try:
            fresh = serve_generation(open_generation(self._index_dir), models)
        except QuothError:
            # While nothing serves, every poll tries again.
            self._unusable = None if serving is None else name
            raise
        self._serving = fresh
        _log.info("generation serves", generation=fresh.generation.name)

    def _note(self, error: QuothError) -> None:
        if str(error) != str(self._problem):
            _log.warning("index not available", reason=str(error))
        self._problem = error
