"""Which index an evaluation may rebuild: one that an evaluation has made, and no other."""

from contextlib import closing
from pathlib import Path

from index.file_names import CURRENT_NAME, RECORD_NAME
from index.generation.folders import EVALUATION_MARK_NAME
from index.record.record import Record
from qa.errors import QuothError


class ForeignIndexError(QuothError):
    """The folder holds an index that no evaluation made, and that one would empty."""


def check_may_rebuild(index_dir: Path) -> None:
    """Raise ForeignIndexError if there is an index that no evaluation has made."""
    if not (index_dir / EVALUATION_MARK_NAME).exists() and _holds_articles(index_dir):
        raise ForeignIndexError(
            f"{index_dir} holds an index that no evaluation has made, and measuring would replace "
            f"its articles; name a folder of its own with --index-dir, which may be a new one"
        )


def mark_as_made(index_dir: Path) -> None:
    """Let later evaluations rebuild the index."""
    (index_dir / EVALUATION_MARK_NAME).touch()


def _holds_articles(index_dir: Path) -> bool:
    if (index_dir / CURRENT_NAME).exists():
        return True
    path = index_dir / RECORD_NAME
    if not path.exists():
        return False
    # A first build that was interrupted leaves vectors in the record, and no articles.
    with closing(Record(path)) as record:
        return record.count() > 0
