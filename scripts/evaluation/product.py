"""The whole product over a collection: built as an operator builds it, asked as a user asks it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from api.serving.loading import load_models
from api.serving.serving import Serving, serve_generation
from api.settings import Settings
from index.build import Progress, build_index
from index.encoding.bulk_encoder import load_bulk_encoder
from index.generation.generation import Generation, open_generation
from index.splitting.passages import PassageBudget
from scripts.command_line.open_index import reading_all
from scripts.command_line.telling import say
from scripts.evaluation.collection import Collection
from scripts.evaluation.own_index import check_may_rebuild, mark_as_made


@dataclass(frozen=True, slots=True)
class Product:
    """An index of a collection with the models that answer from it."""

    collection: Collection
    serving: Serving
    reader_sha256: str


def build_product(
    collection: Collection,
    settings: Settings,
    index_dir: Path,
    *,
    read_all: bool = False,
    progress: Progress,
) -> Product:
    """Index the collection in `index_dir`, which may hold vectors to use again, and open it.

    With `read_all` reading never ends before the last passage. Raises ForeignIndexError if
    `index_dir` holds an index that no evaluation made.
    """
    check_may_rebuild(index_dir)
    models = load_models(settings)
    if read_all:
        models = reading_all(models)
    generation = index_collection(collection, settings, index_dir, progress=progress)
    mark_as_made(index_dir)
    serving = serve_generation(generation, models)
    return Product(collection, serving, models.calibration.reader_sha256)


def index_collection(
    collection: Collection, settings: Settings, index_dir: Path, *, progress: Progress
) -> Generation:
    """Build the index as `quoth index` does, say what was skipped, and open it."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "collection.jsonl"
        collection.write(source)
        encoder = load_bulk_encoder(settings.encoder)
        built = build_index(
            [source], index_dir, encoder=encoder, budget=PassageBudget(), progress=progress
        )
    if built.skipped:
        say(
            f"{len(built.skipped)} articles are not in the index, so that their questions count "
            f"as not answered; the first: {built.skipped[0]}"
        )
    return open_generation(index_dir)
