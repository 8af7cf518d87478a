"""Several processes read and write one index at once: nobody is locked out, nothing is torn."""

import multiprocessing
import re
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from index.file_names import RECORD_NAME
from index.generation.folders import current_name
from index.generation.generation import Generation, open_generation
from index.generation.locks import BuildInProgressError, building_lock
from index.publishing.publish import Publisher
from index.record.deletions import Deletions
from index.record.record import Record
from index.retriever import HybridRetriever
from index.splitting.passages import PassageBudget
from index.verify import verify_index
from qa.errors import ArticleNotFoundError, IndexUnavailableError
from qa.filters import Filters
from qa.values import Article
from tests.index.fake_encoder import AxisEncoder

SECONDS = 4
PATIENCE_S = 60
BUDGET = PassageBudget(max_tokens=16, overlap=2)
_Work = Callable[[Path, float], int]
"""Works on an index until a time, and returns how often it did."""
_VERSION = re.compile(r"version (\d+)")


def pair(writer: str, version: int) -> list[Article]:
    """Two articles that are always written together and say the same number in each sentence."""
    text = f"A cat, version {version}. A ship of {writer}, version {version}."
    return [Article(f"{writer}-{side}", side, text) for side in ("left", "right")]


def write_left_and_right(index_dir: Path, until: float) -> int:
    name = multiprocessing.current_process().name
    version = 0
    with closing(Record(index_dir / RECORD_NAME)) as record:
        publisher = Publisher(index_dir, record, AxisEncoder())
        while time.monotonic() < until:
            version += 1
            record.put(pair(name, version))
            record.put([Article(f"{name}-passing", "P", "A tax.")])
            record.delete(f"{name}-passing")
            publisher.publish_delta()
    return version


def fold(index_dir: Path, until: float) -> int:
    folds = 0
    with closing(Record(index_dir / RECORD_NAME)) as record:
        publisher = Publisher(index_dir, record, AxisEncoder())
        while time.monotonic() < until:
            try:
                with building_lock(index_dir):
                    publisher.build_base(BUDGET, reuse_cuts=True)
                    folds += 1
            except BuildInProgressError:  # another folds; that is what is said, not an error
                time.sleep(0.01)
    return folds


def read(index_dir: Path, until: float) -> int:
    deletions = Deletions(index_dir / RECORD_NAME)
    seen: set[str] = set()
    newest: dict[str, int] = {}
    generation: Generation | None = None
    while time.monotonic() < until:
        generation = opened(index_dir, generation)
        if generation is not None:
            deleted = deletions.after(generation.manifest.sequence)
            check(generation.without(deleted), newest)
            seen.add(generation.name)
    deletions.close()
    return len(seen)


def opened(index_dir: Path, former: Generation | None) -> Generation | None:
    """Open what serves as a service does: where it was removed meanwhile, another serves."""
    name = current_name(index_dir)
    try:
        return open_generation(index_dir, former=former)
    except IndexUnavailableError:
        if current_name(index_dir) == name:
            raise
        return former


def check(generation: Generation, newest: dict[str, int]) -> None:
    """One state: both of a pair in one version, never older than before, all found as they say."""
    for writer in ("one", "two"):
        try:
            left, right = (generation.article(f"{writer}-{side}") for side in ("left", "right"))
        except ArticleNotFoundError:
            assert writer not in newest, f"{writer} was gone at {generation.name}"
            continue
        versions = set(_VERSION.findall(left.text) + _VERSION.findall(right.text))
        assert len(versions) == 1, f"{writer} is torn at {generation.name}: {versions}"
        version = int(versions.pop())
        assert version >= newest.get(writer, 0)
        newest[writer] = version
    for hit in (
        HybridRetriever(generation, AxisEncoder())
        .retrieve("cat ship", filters=Filters(), limit=20)
        .passages
    ):
        passage = hit.passage
        article = generation.article(passage.article_id)
        assert article.text[passage.start : passage.end] == passage.text


def run(
    work: _Work, index_dir: Path, start: Barrier, results: "Queue[tuple[str, int, str]]"
) -> None:
    done, error = 0, ""
    try:
        start.wait(PATIENCE_S)  # until all have imported what they need
        done = work(index_dir, time.monotonic() + SECONDS)
    except BaseException:  # noqa: BLE001  # told to the test, which fails with it
        error = traceback.format_exc()
    results.put((multiprocessing.current_process().name, done, error))


def test_processes_that_put_delete_publish_fold_and_read_do_not_harm_each_other(
    tmp_path: Path,
) -> None:
    with closing(Record(tmp_path / RECORD_NAME)) as record:
        record.put([Article("first", "F", "A cat.")])
        Publisher(tmp_path, record, AxisEncoder()).build_base(BUDGET, reuse_cuts=False)
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    jobs: dict[str, _Work] = {
        "one": write_left_and_right,
        "two": write_left_and_right,
        "folder": fold,
        "reader": read,
        "other reader": read,
    }
    start = context.Barrier(len(jobs))
    processes = [
        context.Process(target=run, name=name, args=(work, tmp_path, start, results))
        for name, work in jobs.items()
    ]
    for process in processes:
        process.start()
    told = [results.get(timeout=2 * PATIENCE_S) for _ in processes]
    for process in processes:
        process.join(PATIENCE_S)
    assert [error for _, _, error in told if error] == []
    done = {name: count for name, count, _ in told}
    assert min(done.values()) >= 1, done
    assert done["reader"] > 1

    with closing(Record(tmp_path / RECORD_NAME)) as record:
        Publisher(tmp_path, record, AxisEncoder()).publish_delta()
    texts = {a.article_id: a.text for a in open_generation(tmp_path).articles(after=None, limit=9)}
    expected = [a for name in ("one", "two") for a in pair(name, done[name])]
    assert texts == {"first": "A cat."} | {a.article_id: a.text for a in expected}
    assert verify_index(tmp_path, encoder=AxisEncoder(), sample=64).faults == ()
