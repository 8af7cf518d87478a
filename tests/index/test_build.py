"""A build publishes a whole generation or leaves the index as it was."""

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import index.generation.folders
import index.publishing.publish
from index.build import (
    BuildInProgressError,
    BuildReport,
    Mode,
    NothingToIndexError,
    Silent,
    build_index,
)
from index.dense.flat import FlatIndex
from index.encoding.encoder import SentenceTransformerEncoder, Vectors
from index.file_names import BUILD_LOCK_NAME
from index.generation.folders import current_name
from index.generation.generation import open_generation
from index.generation.tables import TableWriter
from index.keywords import KeywordIndex
from index.publishing.current import roll_back
from index.publishing.publish import Publisher
from index.record.record import Record
from index.repair import repair_index
from index.retriever import HybridRetriever
from index.sources import Skipped
from index.splitting.passages import PassageBudget
from qa.errors import IndexUnavailableError, SourceError
from qa.filters import Filters
from qa.values import Article
from tests.index.fake_encoder import AxisEncoder, build, write_files

ROOT = Path(__file__).parent.parent.parent


def texts_of(index_dir: Path) -> dict[str, str]:
    """Return the text of each article that the index serves."""
    articles = open_generation(index_dir).articles(after=None, limit=1000)
    return {article.article_id: article.text for article in articles}


def answers_of(index_dir: Path) -> list[tuple[int, str, float]]:
    retriever = HybridRetriever(open_generation(index_dir), AxisEncoder())
    hits = retriever.retrieve("red cat on a ship", filters=Filters(), limit=99).passages
    return [(hit.passage.passage_id, hit.passage.text, hit.fused_score) for hit in hits]


def generations_of(index_dir: Path) -> list[str]:
    return sorted(path.name for path in (index_dir / "generations").iterdir())


def run(sources: Path, index_dir: Path, mode: Mode, *, dry_run: bool = False) -> BuildReport:
    return build_index(
        [sources],
        index_dir,
        encoder=AxisEncoder(),
        budget=PassageBudget(max_tokens=8, overlap=2),
        progress=Silent(),
        mode=mode,
        dry_run=dry_run,
    )


def passage_ids_of(index_dir: Path) -> list[int]:
    ids: list[int] = open_generation(index_dir).tables.passage_ids().tolist()
    return ids


# What a build does


def test_a_build_reports_what_it_did(sources: Path, tmp_path: Path) -> None:
    report = build(sources, tmp_path / "index")
    assert (report.articles, report.sentences, report.passages) == (2, 3, 2)
    assert (report.encoded, report.reused, report.skipped) == (2, 0, ())
    assert list(report.stage_seconds) == ["read", "split", "keywords", "encode", "publish"]
    assert 0 < sum(report.stage_seconds.values()) <= report.seconds
    assert report.generation is not None
    assert report.generation == current_name(tmp_path / "index")
    folder = tmp_path / "index" / "generations" / report.generation / "base"
    locks = {".tantivy-meta.lock", ".tantivy-writer.lock"}
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in locks]
    assert report.size == sum(path.stat().st_size for path in files)


def test_progress_is_told_up_to_the_end_of_every_stage(sources: Path, tmp_path: Path) -> None:
    class Log:
        def __init__(self) -> None:
            self.last: dict[str, tuple[int, int | None]] = {}

        def advance(self, stage: str, *, done: int, total: int | None) -> None:
            self.last[stage] = (done, total)

    log = Log()
    build_index(
        [sources], tmp_path / "i", encoder=AxisEncoder(), budget=PassageBudget(), progress=log
    )
    assert log.last == {"read": (2, 2), "split": (2, 2), "keywords": (2, 2), "encode": (2, 2)}


def test_dates_titles_and_tags_of_the_sources_are_served(tmp_path: Path) -> None:
    row = {"id": "r", "text": "A cat.", "title": "T", "tags": ["x"], "url": "http://a.b", "k": [1]}
    files = {"rows.jsonl": json.dumps(row), "dated.txt": "date 2021-11-15 A ship."}
    build(write_files(tmp_path / "sources", files), tmp_path / "index")
    generation = open_generation(tmp_path / "index")
    assert generation.article("r") == Article(
        "r", "T", "A cat.", url="http://a.b", tags=("x",), metadata={"k": [1]}
    )
    assert str(generation.article("dated").published) == "2021-11-15"


def test_the_manifest_names_encoder_and_budget(index_dir: Path) -> None:
    manifest = open_generation(index_dir).manifest
    assert (manifest.encoder.name, manifest.encoder.fingerprint) == ("axes", "axes-1")
    assert (manifest.passages.max_tokens, manifest.passages.overlap) == (8, 2)


def test_passages_keep_their_ids_through_a_rebuild(sources: Path, index_dir: Path) -> None:
    before, answers = passage_ids_of(index_dir), answers_of(index_dir)
    build(sources, index_dir)
    assert passage_ids_of(index_dir) == before
    assert answers_of(index_dir) == answers


def test_a_new_article_changes_no_id_of_the_others(sources: Path, index_dir: Path) -> None:
    before = set(passage_ids_of(index_dir))
    write_files(sources, {"a-first.txt": "A tax."})
    build(sources, index_dir)
    assert before < set(passage_ids_of(index_dir))


def test_what_the_sources_hold_no_more_leaves_the_index(sources: Path, index_dir: Path) -> None:
    (sources / "cat.txt").unlink()
    build(sources, index_dir)
    assert list(texts_of(index_dir)) == ["ship"]


def test_an_unchanged_article_is_not_encoded_again(
    sources: Path, index_dir: Path, encoder: AxisEncoder
) -> None:
    write_files(sources, {"cat.txt": "The cat woke."})
    report = build(sources, index_dir, encoder=encoder)
    assert encoder.encoded == ["The cat woke."]
    assert (report.encoded, report.reused) == (1, 1)


def test_equal_passages_of_two_articles_are_encoded_once(
    tmp_path: Path, encoder: AxisEncoder
) -> None:
    sources = write_files(tmp_path / "sources", {"a.txt": "A cat.", "b.txt": "A cat."})
    report = build(sources, tmp_path / "index", encoder=encoder)
    assert encoder.encoded == ["A cat."]
    assert (report.passages, report.encoded, report.reused) == (2, 1, 1)
    assert len(answers_of(tmp_path / "index")) == 2


def test_another_encoder_encodes_everything_again(sources: Path, index_dir: Path) -> None:
    other = AxisEncoder("axes-2")
    build(sources, index_dir, encoder=other)
    assert len(other.encoded) == 2
    assert open_generation(index_dir).manifest.encoder.fingerprint == "axes-2"


def test_more_passages_than_one_batch_are_all_encoded_and_found(tmp_path: Path) -> None:
    rows = [json.dumps({"id": f"n{n}", "text": f"Number {n}."}) for n in range(600)]
    write_files(tmp_path, {"rows.jsonl": "\n".join([*rows, '{"id": "c", "text": "The cat."}'])})
    report = build(tmp_path / "rows.jsonl", tmp_path / "index")
    assert report.encoded == 601
    assert answers_of(tmp_path / "index")[0][1] == "The cat."


# What is skipped


def test_an_index_inside_its_own_source_is_no_source(sources: Path) -> None:
    for _ in range(2):
        report = build([sources], sources / "index")
    assert report.skipped == ()
    assert open_generation(sources / "index").manifest.counts.articles == report.articles


def test_an_id_that_two_files_state_is_served_once_and_reported(tmp_path: Path) -> None:
    sources = write_files(
        tmp_path / "sources",
        {"a.jsonl": '{"id": "x", "text": "First."}', "b.md": "---\nid: x\n---\nSecond."},
    )
    report = build(sources, tmp_path / "index")
    assert texts_of(tmp_path / "index") == {"x": "First."}
    reason = "the id 'x' is taken by a.jsonl; give each article an id of its own"
    assert report.skipped == (Skipped("b.md", reason),)


@pytest.mark.parametrize("content", [b"", b" \n", b"a\0b", b"caf\xe9", b"\xff\xfea\0"])
def test_a_file_that_cannot_be_used_is_skipped_and_the_others_are_served(
    sources: Path, tmp_path: Path, content: bytes
) -> None:
    write_files(sources, {"bad.txt": content, "image.png": b"\x89PNG"})
    report = build(sources, tmp_path / "index")
    assert [skip.where for skip in report.skipped] == ["bad.txt", "image.png"]
    assert list(texts_of(tmp_path / "index")) == ["cat", "ship"]


def test_files_of_no_known_kind_are_named_behind_lost_articles(
    sources: Path, tmp_path: Path
) -> None:
    write_files(sources, {"a.png": b"\x89PNG", "b/c.css": "a {}", "z.txt": b"caf\xe9"})
    report = build(sources, tmp_path / "index")
    assert [skip.where for skip in report.skipped] == ["z.txt", "a.png", "b/c.css"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param({}, "unchanged; add files of a kind that is known: .txt, ", id="empty-folder"),
        pytest.param(
            {"a.txt": b"", "b": b"x"}, "unchanged: a.txt: the text is empty", id="unusable"
        ),
        pytest.param({f"{n}.txt": b"" for n in range(9)}, "; and 6 more", id="many-unusable"),
    ],
)
def test_nothing_to_index_leaves_the_index_unchanged_and_says_why(
    index_dir: Path, tmp_path: Path, files: dict[str, bytes], message: str
) -> None:
    before = answers_of(index_dir)
    (tmp_path / "nothing").mkdir()
    with pytest.raises(NothingToIndexError) as caught:
        build(write_files(tmp_path / "nothing", files), index_dir)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert answers_of(index_dir) == before
    with closing(Record(index_dir / "record.sqlite")) as record:
        assert record.count() == 2


def test_a_source_that_is_missing_makes_no_index(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        build(tmp_path / "missing", tmp_path / "index")
    assert not (tmp_path / "index").exists()


# Where an index may be built


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("left", [{}, {"build.lock": "", "record.sqlite": ""}], ids=["", "half"])
def test_a_folder_of_articles_is_not_made_an_index(
    sources: Path, mode: Mode, left: dict[str, str]
) -> None:
    """By mistake it is the source, too; an earlier mistake may have left files there."""
    write_files(sources, left)
    before = sorted(path.name for path in sources.iterdir())
    with pytest.raises(IndexUnavailableError) as caught:
        run(sources, sources, mode)
    assert f"{sources} is not an index directory of Quoth (it holds 'cat.txt')" in str(caught.value)
    assert "name one that is, or a new folder" in str(caught.value)
    assert sorted(path.name for path in sources.iterdir()) == before


def test_a_file_is_not_made_an_index(sources: Path, tmp_path: Path) -> None:
    place = write_files(tmp_path, {"notes": "Mine."}) / "notes"
    message = f"{place} is a file, not an index directory; name one that is, or a new folder"
    with pytest.raises(IndexUnavailableError, match=re.escape(message)):
        build(sources, place)
    assert place.read_text() == "Mine."


@pytest.mark.parametrize(
    "left",
    [
        {"build.lock": b"", "publish.lock": b"", "CURRENT.new": b""},
        {"build.lock": b"", "generations/.building/base/tables.sqlite": b"half"},
        {"record.sqlite": b"", "record.sqlite-wal": b"", "record.sqlite-shm": b""},
        {"aside/20200101T000000.000000Z/manifest.json": b"{"},
        {"made-by-evaluation": b""},
        {"lost+found/inode": b"", ".DS_Store": b"x"},
    ],
    ids=lambda left: next(iter(left)),
)
def test_what_an_earlier_build_or_the_file_system_left_hinders_no_build(
    sources: Path, tmp_path: Path, left: dict[str, bytes]
) -> None:
    build(sources, write_files(tmp_path / "index", left))
    assert list(texts_of(tmp_path / "index")) == ["cat", "ship"]


@pytest.mark.parametrize("dry_run", [False, True])
@pytest.mark.parametrize("mode", list(Mode))
def test_without_its_record_an_index_is_not_built_from_its_sources_alone(
    sources: Path, index_dir: Path, mode: Mode, dry_run: bool
) -> None:
    with closing(Record(index_dir / "record.sqlite")) as record:
        record.put([Article("over-http", "H", "A tax.")])
        Publisher(index_dir, record, AxisEncoder()).publish_delta()
    for path in index_dir.glob("record.sqlite*"):
        path.unlink()
    with pytest.raises(IndexUnavailableError, match=r"record\.sqlite is missing") as caught:
        run(sources, index_dir, mode, dry_run=dry_run)
    assert f"make it from what serves with: quoth repair {index_dir}" in str(caught.value)
    assert not (index_dir / "record.sqlite").exists()
    budget = PassageBudget(max_tokens=8, overlap=2)
    repair_index(index_dir, encoder=AxisEncoder(), budget=budget, progress=Silent())
    run(sources, index_dir, Mode.ADD)
    assert list(texts_of(index_dir)) == ["cat", "over-http", "ship"]


# Publishing


def test_the_former_generation_is_kept_and_older_ones_are_removed(
    sources: Path, index_dir: Path
) -> None:
    first = current_name(index_dir)
    second = build(sources, index_dir).generation
    assert generations_of(index_dir) == [first, second]
    third = build(sources, index_dir).generation
    assert generations_of(index_dir) == [second, third]


def test_an_open_generation_answers_the_same_while_another_is_published(
    sources: Path, index_dir: Path
) -> None:
    opened = open_generation(index_dir)
    retriever = HybridRetriever(opened, AxisEncoder())
    before = retriever.retrieve("red cat", filters=Filters(), limit=9).passages
    write_files(sources, {"cat.txt": "Gone."})
    for _ in range(3):
        build(sources, index_dir)
    assert opened.name not in generations_of(index_dir)
    assert retriever.retrieve("red cat", filters=Filters(), limit=9).passages == before
    assert opened.article("cat").text == "The cat sleeps. It is a red cat."


def test_a_damaged_generation_is_cured_by_the_build_that_its_message_asks_for(
    sources: Path, index_dir: Path
) -> None:
    before = answers_of(index_dir)
    for damaged in ["CURRENT", "generations/*/base/*.*", "generations/*/manifest.json"]:
        for path in index_dir.glob(damaged):
            path.write_bytes(b"\xff\xff")
        with pytest.raises(IndexUnavailableError):
            open_generation(index_dir)
        build(sources, index_dir)
        assert answers_of(index_dir) == before


def _change(sources: Path) -> None:
    write_files(sources, {"cat.txt": "A dog.", "new.txt": "A red ship with a cat."})


def _after_failed_build(
    sources: Path, index_dir: Path, before: list[tuple[int, str, float]]
) -> None:
    """The former generation serves, and the next build succeeds and leaves nothing behind."""
    assert answers_of(index_dir) == before
    build(sources, index_dir)
    assert "dog" in texts_of(index_dir)["cat"]
    assert len(generations_of(index_dir)) == 2
    assert not list(index_dir.rglob(".staging*"))
    assert not (index_dir / "CURRENT.new").exists()


_STEPS: list[tuple[Any, str]] = [
    (os, "open"),
    (Path, "mkdir"),
    (Path, "write_text"),
    (Path, "rename"),
    (Path, "replace"),
    (index.generation.folders, "current_name"),
    (index.publishing.publish, "describe_files"),
]


class _Tripwire:
    """Lets calls of `_STEPS` pass and raises at the `fatal`-th; notes the last rename.

    Calls of other threads, of a service that another test has left running, are none of a build's.
    """

    def __init__(self, fatal: int) -> None:
        self.fatal, self.calls, self.published_at = fatal, 0, 0
        self.building = threading.current_thread()

    def guard(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if threading.current_thread() is not self.building:
                return real(*args, **kwargs)
            self.calls += 1
            if name == "replace":
                self.published_at = self.calls
            if self.calls == self.fatal:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*args, **kwargs)

        return guarded

    def build(self, sources: Path, index_dir: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            for owner, name in _STEPS:
                patch.setattr(owner, name, self.guard(name, getattr(owner, name)))
            build(sources, index_dir)


def test_a_failure_at_any_step_before_the_last_rename_leaves_the_former_generation(
    sources: Path, index_dir: Path, tmp_path: Path
) -> None:
    before = answers_of(index_dir)
    _change(sources)
    rehearsal = _Tripwire(fatal=0)
    rehearsal.build(sources, shutil.copytree(index_dir, tmp_path / "rehearsal"))
    assert rehearsal.published_at > 15
    for step in range(1, rehearsal.published_at + 1):
        with pytest.raises(OSError, match="No space left"):
            _Tripwire(fatal=step).build(sources, index_dir)
        assert answers_of(index_dir) == before, f"step {step} has changed the answers"
    _after_failed_build(sources, index_dir, before)


def test_a_failure_of_the_first_build_leaves_an_empty_index(sources: Path, tmp_path: Path) -> None:
    rehearsal = _Tripwire(fatal=0)
    rehearsal.build(sources, tmp_path / "rehearsal")
    index_dir = tmp_path / "index"
    with pytest.raises(OSError, match="No space left"):
        _Tripwire(fatal=rehearsal.published_at).build(sources, index_dir)
    with pytest.raises(IndexUnavailableError, match="is empty; build it with"):
        open_generation(index_dir)
    build(sources, index_dir)
    assert len(texts_of(index_dir)) == 2


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize(
    ("owner", "name"),
    [
        pytest.param(Record, "add_vectors", id="keeping-vectors"),
        pytest.param(TableWriter, "add", id="writing-tables"),
        pytest.param(KeywordIndex, "build", id="writing-keywords"),
        pytest.param(FlatIndex, "write", id="writing-vectors"),
        pytest.param(AxisEncoder, "encode", id="encoding"),
    ],
)
def test_a_stage_that_fails_leaves_the_former_generation(
    sources: Path,
    index_dir: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    name: str,
    error: BaseException,
) -> None:
    before = answers_of(index_dir)
    _change(sources)

    def fail(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        with pytest.raises(type(error)):
            build(sources, index_dir)
    assert len(generations_of(index_dir)) == 1
    _after_failed_build(sources, index_dir, before)


def test_what_was_encoded_before_an_interruption_is_not_encoded_again(tmp_path: Path) -> None:
    class Interrupted(AxisEncoder):
        def encode(self, texts: Sequence[str]) -> Vectors:
            if self.encoded:
                raise KeyboardInterrupt
            return super().encode(texts)

    rows = "\n".join(json.dumps({"text": f"Number {n}."}) for n in range(300))
    write_files(tmp_path, {"rows.jsonl": rows})
    interrupted = Interrupted()
    with pytest.raises(KeyboardInterrupt):
        build(tmp_path / "rows.jsonl", tmp_path / "index", encoder=interrupted)
    report = build(tmp_path / "rows.jsonl", tmp_path / "index")
    assert report.reused == len(interrupted.encoded) > 0
    assert report.encoded == 300 - report.reused


def test_where_the_clock_was_set_back_the_way_back_leads_to_the_one_before(
    sources: Path, index_dir: Path
) -> None:
    build(sources, index_dir)
    former = "20991231T235959.999999Z"
    folder = index_dir / "generations" / str(current_name(index_dir))
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "generation": former}))
    folder.rename(folder.with_name(former))
    (index_dir / "CURRENT").write_text(f"{former}\n")
    assert build(sources, index_dir).generation == "21000101T000000.000000Z"
    assert roll_back(index_dir) == former


_FULL_DISK = """
import resource, sqlite3, sys
from pathlib import Path
from index.generation.generation import open_generation
from qa.errors import QuothError
from tests.index.fake_encoder import build

sources, index_dir = Path(sys.argv[1]), Path(sys.argv[2])
former = open_generation(index_dir).name
failures = 0
for limit in [0, 100, 1000, 2000, 3000, 5000, 10_000, 20_000, 30_000, 40_000]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        build(sources, index_dir)
    except (OSError, sqlite3.Error, QuothError) as error:
        failures += 1
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, resource.RLIM_INFINITY))
        assert str(index_dir) in str(error), error
        assert open_generation(index_dir).name == former, limit
    else:
        break
resource.setrlimit(resource.RLIMIT_FSIZE, (-1, resource.RLIM_INFINITY))
open_generation(index_dir)
print("failures", failures)
"""


def test_where_no_file_may_grow_the_error_names_one_and_the_former_generation_serves(
    sources: Path, index_dir: Path
) -> None:
    write_files(sources, {"long.txt": "The cat sleeps. " * 1000})
    done = _python(_FULL_DISK, sources, index_dir)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) >= 6


_KILLED = """
import os, signal, sys
from pathlib import Path
from index.build import build_index
from index.splitting.passages import PassageBudget
from tests.index.fake_encoder import AxisEncoder

instant = sys.argv[3]

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

class KillingProgress:
    def advance(self, stage, *, done, total):
        if stage == instant:
            kill()

def killing(real):
    return lambda *args: kill() if len(args) and instant == real.__name__ else real(*args)

os.fsync, Path.rename, Path.replace = map(killing, (os.fsync, Path.rename, Path.replace))
build_index([Path(sys.argv[1])], Path(sys.argv[2]), encoder=AxisEncoder(),
            budget=PassageBudget(8, 2), progress=KillingProgress())
"""


@pytest.mark.parametrize(
    "instant", ["read", "split", "keywords", "encode", "fsync", "rename", "replace"]
)
def test_a_build_that_is_killed_leaves_the_former_generation(
    sources: Path, index_dir: Path, instant: str
) -> None:
    before = answers_of(index_dir)
    _change(sources)
    done = _python(_KILLED, sources, index_dir, instant)
    assert done.returncode == -signal.SIGKILL, done.stderr
    _after_failed_build(sources, index_dir, before)


def _python(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def locked(index_dir: Path) -> Iterator[Path]:
    """An index that another process builds, as far as its lock tells."""
    with FileLock(index_dir / BUILD_LOCK_NAME):
        yield index_dir


def test_two_builds_of_one_index_exclude_each_other(sources: Path, locked: Path) -> None:
    before = answers_of(locked)
    _change(sources)
    with pytest.raises(BuildInProgressError, match="another process is building the index at"):
        build(sources, locked)
    assert answers_of(locked) == before


def test_the_lock_of_a_dead_build_does_not_matter(sources: Path, index_dir: Path) -> None:
    (index_dir / BUILD_LOCK_NAME).write_text("12345")
    assert build(sources, index_dir).articles == 2


# Offsets

_TEXT = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(list(" \n.!?,#*_-`'\"é🎉中。")),
    max_size=120,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(_TEXT, min_size=1, max_size=6))
def test_all_that_is_stored_is_a_piece_of_its_article_whatever_the_format(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("offsets")
    files: dict[str, str | bytes] = {"sure.txt": "A cat."}
    for number, text in enumerate(texts):
        files |= {f"p{number}.txt": text, f"m{number}.md": text}
    files["rows.jsonl"] = "\n".join(json.dumps({"text": text}) for text in texts)
    build(write_files(folder / "sources", files), folder / "index")
    generation = open_generation(folder / "index")
    for _, article, passages in generation.tables.articles_with_passages():
        sentences = generation.sentences(article.article_id, 0, len(article.text))
        ranges = [(sentence.start, sentence.end) for sentence in sentences]
        assert "".join(article.text.split()) == "".join(
            "".join(article.text[start:end].split()) for start, end in ranges
        )
        for passage in passages:
            assert article.text[passage.start : passage.end] == passage.text
            assert passage.article_id == article.article_id
        covered = {n for passage in passages for n in range(passage.start, passage.end)}
        assert all(n in covered for start, end in ranges for n in range(start, end))


# The seed article and the real encoder


@pytest.fixture(scope="module")
def seed_report(
    real_encoder: SentenceTransformerEncoder, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, BuildReport]:
    path = tmp_path_factory.mktemp("seed") / "index"
    report = build(ROOT / "seeds", path, encoder=real_encoder, budget=PassageBudget())
    return path, report


def test_the_seed_article_is_served_with_its_date(seed_report: tuple[Path, BuildReport]) -> None:
    path, report = seed_report
    assert (report.articles, report.skipped) == (1, ())
    article = open_generation(path).article("000_751be9ff2f0701a9")
    assert article.text.startswith("To the alarm of the United States, ")
    assert str(article.published) == "2021-11-15"


def test_the_passage_with_the_more_cautious_line_is_first_for_who_favors_it(
    seed_report: tuple[Path, BuildReport], real_encoder: SentenceTransformerEncoder
) -> None:
    retriever = HybridRetriever(open_generation(seed_report[0]), real_encoder)
    [first, *_] = retriever.retrieve(
        "who favors a cautious line?", filters=Filters(), limit=5
    ).passages
    assert "more cautious line" in first.passage.text
    assert "Jake Sullivan" in first.passage.text


def test_no_passage_of_the_seed_article_is_cut_off_by_the_encoder(
    seed_report: tuple[Path, BuildReport], real_encoder: SentenceTransformerEncoder
) -> None:
    for _, _, passages in open_generation(seed_report[0]).tables.articles_with_passages():
        for passage in passages:
            tokens = real_encoder.tokenizer.encode(passage.text).tokens
            assert len(tokens) <= 180 + 2  # it reads 256
