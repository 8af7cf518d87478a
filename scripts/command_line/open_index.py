"""Opening an index with its models, and asking it, as commands do."""

from dataclasses import replace
from pathlib import Path

from api.responses import AskResponse
from api.serving.loading import Models, load_models
from api.serving.serving import Serving, serve_generation
from api.settings import Settings
from index.generation.generation import open_generation
from qa.question import Question


def open_index(index_dir: Path, settings: Settings, *, read_all: bool = False) -> Serving:
    """Open the index in `index_dir` and the models, to ask as often as one likes.

    With `read_all` reading never ends before the last passage. Raises QuothError.
    """
    generation = open_generation(index_dir)  # a wrong folder is refused before models are loaded
    models = load_models(settings)
    return serve_generation(generation, reading_all(models) if read_all else models)


def reading_all(models: Models) -> Models:
    """Return the models with a calibration by which reading ends at the last passage."""
    endless = {"enough_lead": None, "hope": None}
    return replace(models, calibration=models.calibration.model_copy(update=endless))


def ask(question: Question, serving: Serving) -> AskResponse:
    """Answer one question."""
    outcome = serving.road.ask(question)
    return AskResponse.of(outcome, generation=serving.generation.name, explain=False)
