"""Repair: from the record, which is the truth, a whole new index; without it, the other way."""

import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from index.encoding.encoder import PassageEncoder
from index.file_names import RECORD_NAME
from index.generation.folder_moves import remove
from index.generation.folders import check_is_index, kept_names
from index.generation.generation import Generation, open_generation, open_kept
from index.generation.locks import building_lock, publishing_lock
from index.progress import Progress
from index.publishing.publish import Publisher
from index.record.database import record_cure
from index.record.record import Record
from index.splitting.passages import PassageBudget
from qa.errors import IndexUnavailableError


@dataclass(frozen=True, slots=True)
class Repair:
    """The generation that serves now; whether the record had to be made from the former one."""

    generation: str
    articles: int
    record_was_made: bool


def repair_index(
    index_dir: Path, *, encoder: PassageEncoder, budget: PassageBudget, progress: Progress
) -> Repair:
    """Build everything that derives from the record anew, whatever state it is in.

    A record that is missing is made from the articles of the generation that serves; what was
    written and never published is lost with it, and so is what was deleted before. Kept generations
    that cannot be opened, and so not be gone back to, are removed.

    Raises IndexUnavailableError where there is neither, or where the record cannot be read: that
    is for a person to decide. BuildInProgressError if another process builds.
    """
    check_is_index(index_dir)
    path = index_dir / RECORD_NAME
    former = None if path.exists() else open_generation(index_dir)
    with building_lock(index_dir), ExitStack() as stack:
        if former is not None:
            _make_record(path, former)
        record = stack.enter_context(closing(Record(path)))
        if record.count() == 0:
            raise IndexUnavailableError(
                f"the record {path} holds no article; index the sources again with: "
                f"quoth index SOURCE... --index-dir {index_dir}"
            )
        publisher = Publisher(index_dir, record, encoder, progress=progress)
        try:
            published = publisher.build_base(budget, reuse_cuts=False, even_if_held=True)
        except sqlite3.DatabaseError as error:
            raise IndexUnavailableError(
                f"the record {path} is damaged ({error}); {record_cure(path)}"
            ) from error
    with publishing_lock(index_dir):
        remove(index_dir, [name for name in kept_names(index_dir) if not _opens(index_dir, name)])
    return Repair(
        published.manifest.generation, published.manifest.counts.articles, former is not None
    )


def _make_record(path: Path, former: Generation) -> None:
    """Make the record elsewhere, so that a killed repair leaves none rather than an empty one."""
    made = path.with_name(f"{path.name}.new")
    for left in path.parent.glob(f"{made.name}*"):
        left.unlink()
    with closing(Record(made)) as record:
        record.put([article for _, article, _ in former.tables.articles_with_passages()])
    made.rename(path)


def _opens(index_dir: Path, name: str) -> bool:
    try:
        open_kept(index_dir, name)
    except IndexUnavailableError:
        return False
    return True
