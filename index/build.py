"""The article's road from sources to a published generation: where it begins.

`build_run.py` has its steps in order.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.dense.kinds import VectorSettings
from index.encoding.encoder import PassageEncoder
from index.file_names import ASIDE_NAME
from index.generation.folder_moves import remove_aside
from index.generation.folders import KEPT_GENERATIONS, check_is_index
from index.generation.generation import Generation, open_aside
from index.generation.locks import BuildInProgressError, building_lock
from index.progress import Progress, Silent
from index.publishing.build_report import BuildReport, Mode
from index.publishing.build_run import BuildRun
from index.publishing.current import budget_of, check_has_record
from index.publishing.gate import Gate
from index.publishing.removal import RemovalLimit
from index.record.record import Record
from index.sources import AllArticles, NothingToIndexError, find_source_files
from index.splitting.passages import PassageBudget
from qa.errors import ModelError
from qa.values import Article

__all__ = [
    "BuildInProgressError",
    "BuildReport",
    "Mode",
    "NothingToIndexError",
    "Progress",
    "Silent",
    "build_index",
    "publish_aside",
]

# A service that folds a small index in the background has done so by then.
_PATIENCE_S = 5


def build_index(
    sources: Sequence[Path],
    index_dir: Path,
    *,
    encoder: PassageEncoder,
    budget: PassageBudget | None,
    progress: Progress,
    mode: Mode = Mode.REBUILD,
    keep: int = KEPT_GENERATIONS,
    dry_run: bool = False,
    limit: RemovalLimit | None = None,
    gate: Gate | None = None,
    vectors: VectorSettings | None = None,
) -> BuildReport:
    """Read the sources into the record, and publish a generation of it.

    Vectors of passages that were encoded before are reused. An index directory inside of a source
    is no source itself. Whatever happens before the last step, the generation that served goes on
    serving. With no `budget` passages are cut as they are in the index, and with no `vectors` dense
    search is chosen as it was. With `dry_run` nothing is written, and the report says what would
    be.

    With a `limit` a run that would remove more articles changes nothing. With a `gate` what serves
    is compared with what will, before the record is changed: where that is worse, the index and
    the record stay as they are, and the new generation lies aside until the next run that
    publishes.

    Raises TooMuchRemovedError and QualityGateError for these, IndexUnavailableError where
    something else than an index is, or one without its record, SourceError for a source that does
    not exist, NothingToIndexError if no article could be read, BuildInProgressError if another
    process builds the same index, OSError or sqlite3.Error if the disk fails.
    """
    _check_can_be_built(index_dir)
    own = index_dir.resolve()
    files = [
        file for file in find_source_files(sources) if not file.path.resolve().is_relative_to(own)
    ]
    articles = AllArticles(files, progress)
    run = BuildRun(
        index_dir,
        encoder,
        budget,
        progress,
        mode=mode,
        keep=keep,
        limit=limit,
        gate=gate,
        vectors=vectors,
        skipped=articles.skipped,
    )
    if dry_run:
        return run.rehearse(lambda _: articles)
    index_dir.mkdir(parents=True, exist_ok=True)
    if mode is Mode.REBUILD:
        with building_lock(index_dir, patience_s=_PATIENCE_S):
            return run.run(lambda _: articles)
    return run.run(lambda _: articles)


def publish_aside(
    index_dir: Path,
    name: str,
    *,
    encoder: PassageEncoder,
    progress: Progress,
    keep: int = KEPT_GENERATIONS,
) -> BuildReport:
    """Publish what a generation holds that the quality gate has refused, as it was cut.

    Its articles take the place of the record's, but for those that were put, changed or deleted
    after it was built: these stay as they are. Vectors that were encoded for it are reused.

    Raises IndexUnavailableError if it cannot be opened or the record is missing, ModelError if it
    was built with another encoder, and as `build_index`.
    """
    check_has_record(index_dir)
    aside = open_aside(index_dir, name)
    built_with = aside.manifest.encoder
    if built_with.fingerprint != encoder.fingerprint:
        raise ModelError(
            f"the generation {name} was built with encoder {built_with.name!r} "
            f"({built_with.fingerprint}), but this is {encoder.name!r} ({encoder.fingerprint}); "
            f"put the former back, or build again with: quoth index SOURCE... --index-dir "
            f"{index_dir} --publish-anyway"
        )
    run = BuildRun(
        index_dir,
        encoder,
        budget_of(aside.manifest),
        progress,
        mode=Mode.SYNC,
        keep=keep,
        vectors=aside.manifest.base.vectors.settings,
    )
    report = run.run(lambda record: _brought_up_to_date(aside, record))
    # A service may have published it from the record before this run could.
    remove_aside(index_dir / ASIDE_NAME / name)
    return report


def _check_can_be_built(index_dir: Path) -> None:
    """Raise IndexUnavailableError before anything is written where no index is, or half of one."""
    if index_dir.exists():
        check_is_index(index_dir)
    check_has_record(index_dir)


def _brought_up_to_date(aside: Generation, record: Record) -> Iterator[Article]:
    """Yield the articles of a generation, and instead of them those that were written later."""
    after = aside.manifest.sequence
    later = {*record.changed_ids(after=after), *record.gone(after=after)}
    for _, article, _ in aside.tables.articles_with_passages():
        if article.article_id not in later:
            yield article
    yield from record.articles(after=after)
