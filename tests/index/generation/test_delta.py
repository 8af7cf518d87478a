"""A delta over a base is searched as one index, and shares the base's files."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import Mode, Silent, build_index
from index.file_identity import sha256_of
from index.file_names import RECORD_NAME
from index.generation.delta import FoldRule
from index.generation.folders import current_name, kept_names
from index.generation.generation import Generation, open_generation
from index.generation.locks import building_lock
from index.generation.manifest import BaseEntry, Counts, DeltaEntry, Manifest
from index.publishing.current import end_rollback, roll_back
from index.publishing.publish import Publisher
from index.record.deletions import Deletions
from index.record.record import Change, Record
from index.repair import repair_index
from index.retriever import HybridRetriever
from index.splitting.passages import PassageBudget
from index.splitting.sentences import split_sentences
from index.verify import verify_index
from qa.errors import IndexUnavailableError
from qa.filters import Filters
from qa.values import Article, Sentence
from tests.index.fake_encoder import AxisEncoder, write_files

BUDGET = PassageBudget(max_tokens=8, overlap=2)


def articles(count: int, word: str = "cat") -> list[Article]:
    return [Article(f"{word} {n}", f"T{n}", f"{word} {'red ' * (n % 5)}{n}.") for n in range(count)]


class Index:
    """An index directory with its record, and what one does with it."""

    def __init__(self, folder: Path, held: list[Article]) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.encoder = AxisEncoder()
        self.record = Record(folder / "record.sqlite")
        self.publisher = Publisher(folder, self.record, self.encoder)
        self.record.put(held)
        self.fold()

    def fold(self) -> None:
        with building_lock(self.folder):
            self.publisher.build_base(BUDGET, reuse_cuts=True)

    def publish(self) -> Manifest:
        published = self.publisher.publish_delta()
        assert published is not None
        return published.manifest

    def found(self, question: str, limit: int = 500) -> list[tuple[str, float, float]]:
        generation = open_generation(self.folder)
        hits = (
            HybridRetriever(generation, self.encoder)
            .retrieve(question, filters=Filters(), limit=limit)
            .passages
        )
        return [(h.passage.article_id, round(h.keyword_score, 4), round(h.cosine, 4)) for h in hits]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    made = Index(tmp_path / "index", articles(40))
    yield made
    made.record.close()


def test_scores_are_those_of_one_index_of_the_same_articles(index: Index, tmp_path: Path) -> None:
    more = articles(15, "ship") + articles(5, "tax")
    index.record.put(more)
    assert index.publish().delta is not None
    whole = Index(tmp_path / "whole", articles(40) + more)
    for question in ["red cat", "ship 3", "tax red", "cat ship tax"]:
        assert index.found(question) == whole.found(question)
    whole.record.close()


def test_the_nearest_passages_of_both_parts_come_first(index: Index) -> None:
    index.record.put(articles(15, "ship") + [Article("both", "B", "A cat on a ship.")])
    index.publish()
    vectors = open_generation(index.folder).vectors
    asked = index.encoder.encode_question("cat ship")
    everything = vectors.search(asked, limit=500)
    assert everything == sorted(everything, key=lambda hit: (-hit[1], hit[0]))
    assert len({cosine for _, cosine in everything}) > 1
    nearest = vectors.search(asked, limit=5)
    assert [cosine for _, cosine in nearest] == [cosine for _, cosine in everything[:5]]


def test_hidden_passages_do_not_crowd_out_live_ones(index: Index) -> None:
    """The best hundred of the base are changed; what is found is what is left, at any depth."""
    index.record.put([Article(f"cat {n}", "T", "ship.") for n in range(38)])
    index.publish()
    retriever = HybridRetriever(open_generation(index.folder), index.encoder, depth=2)
    hits = retriever.retrieve("cat", filters=Filters(), limit=2).passages
    assert {hit.passage.article_id for hit in hits} == {"cat 38", "cat 39"}


def test_what_is_deleted_does_not_crowd_out_live_ones_before_it_is_published(index: Index) -> None:
    gone = frozenset(f"cat {n}" for n in range(38))
    seen = open_generation(index.folder).without(gone)
    hits = (
        HybridRetriever(seen, index.encoder, depth=2)
        .retrieve("cat", filters=Filters(), limit=2)
        .passages
    )
    assert {hit.passage.article_id for hit in hits} == {"cat 38", "cat 39"}
    assert seen.tables.counts().articles == 2


def test_word_statistics_with_hidden_passages_hardly_move(index: Index, tmp_path: Path) -> None:
    """What is hidden counts until the fold: at the fold's limit the order stays the same."""
    changed = [Article(f"cat {n}", f"T{n}", f"ship {n}.") for n in range(4)]
    index.record.put(changed)
    index.publish()
    whole = Index(tmp_path / "whole", changed + articles(40)[4:])
    for question in ["red cat", "ship", "cat 17"]:
        here, there = index.found(question, 10), whole.found(question, 10)
        assert len({a for a, *_ in here} & {a for a, *_ in there}) >= 9
        for article_id, score, _ in here:
            [other] = [s for a, s, _ in there if a == article_id] or [score]
            assert score == pytest.approx(other, rel=0.25, abs=0.2)
    whole.record.close()


def test_a_change_of_the_title_hides_the_former_title(index: Index) -> None:
    index.record.put([Article("cat 7", "Zanzibar", articles(40)[7].text)])
    index.publish()
    assert index.found("zanzibar", 1)[0][0] == "cat 7"
    index.record.put([articles(40)[7]])
    index.publish()
    assert index.found("zanzibar", 1)[0][1] == 0


def test_generations_share_the_files_of_their_base(index: Index) -> None:
    before = open_generation(index.folder)
    index.record.put([Article("new", "N", "A ship.")])
    index.publish()
    after = open_generation(index.folder, former=before)
    assert after.vectors.indexes[0] is before.vectors.indexes[0]
    assert after.tables.parts[0] is before.tables.parts[0]
    name = "base/vectors.faiss"
    one, other = (index.folder / "generations" / g / name for g in (before.name, after.name))
    assert one.samefile(other)


def test_a_base_that_cannot_be_linked_is_copied(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    index.record.put([Article("new", "N", "A ship.")])
    index.publish()
    assert open_generation(index.folder).article("new").text == "A ship."


def test_a_publish_without_changes_publishes_nothing(index: Index) -> None:
    assert index.publisher.publish_delta() is None
    assert index.record.put(articles(40))[0].change is Change.UNCHANGED
    assert index.publisher.publish_delta() is None


def test_changes_during_a_fold_are_in_the_generation_that_it_publishes(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The article comes after the base was split, and is published by a delta over the new one."""
    from index.keywords import KeywordIndex

    real = KeywordIndex.build

    def build_late(*args: Any) -> KeywordIndex:
        index.record.put([Article("late", "L", "A late ship.")])
        index.publish()
        return real(*args)

    monkeypatch.setattr(KeywordIndex, "build", build_late)
    index.fold()
    generation = open_generation(index.folder)
    assert generation.article("late").text == "A late ship."
    assert generation.manifest.delta is not None
    assert generation.manifest.base.counts.articles == 40


def test_a_fold_splits_nothing_that_was_split_before(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    split: list[str] = []

    def note(text: str) -> list[Sentence]:
        split.append(text)
        return split_sentences(text)

    monkeypatch.setattr("index.generation.part_writer.split_sentences", note)
    index.record.put([Article("new", "N", "A ship.")])
    index.publish()
    index.fold()
    assert split == ["A ship."]


def rule_met(*, base: int, changed: int) -> bool:
    counts = Counts(articles=1, sentences=1, passages=base)
    nothing = Counts(articles=0, sentences=0, passages=0)
    manifest = Manifest.model_construct(  # type: ignore[call-arg]  # what the rule looks at
        base=BaseEntry(name="b", sequence=1, counts=counts),
        delta=DeltaEntry(counts=counts.model_copy(update={"passages": changed}), hidden=nothing),
    )
    return FoldRule(share=0.1, least=200).is_due(manifest)


def test_a_delta_is_folded_over_a_tenth_of_the_base_and_two_hundred_passages() -> None:
    assert not rule_met(base=10, changed=200)
    assert rule_met(base=10, changed=201)
    assert not rule_met(base=20_000, changed=2_000)
    assert rule_met(base=20_000, changed=2_001)


# Deletions


def test_a_deletion_is_known_to_other_processes_until_a_generation_holds_it(index: Index) -> None:
    with closing(Deletions(index.folder / "record.sqlite")) as deletions:
        before = open_generation(index.folder).manifest.sequence
        assert deletions.after(before) == frozenset()
        index.record.delete("cat 3")
        assert deletions.after(before) == {"cat 3"}
        after = index.publish().sequence
        assert deletions.after(after) == frozenset()
        assert deletions.after(before) == {"cat 3"}


def test_an_article_that_was_deleted_does_not_come_back_by_a_rollback(index: Index) -> None:
    index.record.delete("cat 3")
    index.publish()
    roll_back(index.folder)
    generation = open_generation(index.folder)
    with closing(Deletions(index.folder / "record.sqlite")) as deletions:
        seen = generation.without(deletions.after(generation.manifest.sequence))
    assert len(seen.articles(after=None, limit=99)) == 39


@pytest.mark.parametrize("there", [True, False], ids=["articles", "nothing"])
def test_nothing_is_written_where_there_is_no_index_to_roll_back(
    tmp_path: Path, there: bool
) -> None:
    place = tmp_path / "articles"
    if there:
        write_files(place, {"cat.txt": "The cat."})
    before = list(tmp_path.rglob("*"))
    for attempt in (roll_back, end_rollback):
        with pytest.raises(IndexUnavailableError, match=str(place)):
            attempt(place)
        assert list(tmp_path.rglob("*")) == before


def test_a_rollback_that_ended_holds_nothing_back(index: Index) -> None:
    index.record.put([Article("new", "N", "A ship.")])
    index.publish()
    roll_back(index.folder)
    assert index.publisher.publish_delta() is None
    end_rollback(index.folder)
    assert index.publisher.publish_delta() is not None


def test_a_deletion_in_a_record_that_nobody_could_write_to_is_known(tmp_path: Path) -> None:
    path = tmp_path / "record.sqlite"
    with closing(Record(path)) as record:
        record.put(articles(2))
        before = record.sequence()
    # As in a folder that may not be written to, the shared memory cannot be made.
    no_memory = tmp_path / "record.sqlite-shm"
    no_memory.symlink_to(tmp_path / "no folder" / "memory")
    with closing(Deletions(path)) as deletions:
        assert deletions.after(before) == frozenset()
        no_memory.unlink()
        for gone in ({"cat 0"}, {"cat 0", "cat 1"}):
            delete_elsewhere(path, f"cat {len(gone) - 1}")
            assert deletions.after(before) == gone


def delete_elsewhere(record: Path, article_id: str) -> None:
    """Delete an article in another process: in one process SQLite's connections share locks."""
    code = (
        "import sys; from pathlib import Path; from index.record.record import Record;"
        "record = Record(Path(sys.argv[1])); record.delete(sys.argv[2]); record.close()"
    )
    subprocess.run([sys.executable, "-c", code, str(record), article_id], check=True)


def test_a_record_that_took_the_place_of_another_is_the_one_that_is_read(
    index: Index, tmp_path: Path
) -> None:
    index.record.delete("cat 3")
    index.record.close()
    before = open_generation(index.folder).manifest.sequence
    path = index.folder / "record.sqlite"
    with closing(Deletions(path)) as deletions:
        assert deletions.after(before) == {"cat 3"}
        for part in index.folder.glob("record.sqlite*"):
            part.rename(tmp_path / part.name)
        assert deletions.after(before) == {"cat 3"}
        repair_index(index.folder, encoder=index.encoder, budget=BUDGET, progress=Silent())
        after = open_generation(index.folder).manifest.sequence
        delete_elsewhere(path, "cat 5")
        assert deletions.after(after) == {"cat 5"}
        delete_elsewhere(path, "cat 6")
        assert deletions.after(after) == {"cat 5", "cat 6"}


def test_what_waits_to_be_published_is_each_article_that_a_generation_lacks(index: Index) -> None:
    with closing(Deletions(index.folder / "record.sqlite")) as deletions:
        before = open_generation(index.folder).manifest.sequence
        assert deletions.waiting(before) == (before, 0)
        index.record.put([Article("new", "N", "A ship."), Article("cat 3", "C", "A tax.")])
        index.record.delete("cat 5")
        now = index.record.sequence()
        assert deletions.waiting(before) == (now, 3)
        assert deletions.waiting(index.publish().sequence) == (now, 0)


def test_no_record_has_no_deletions(tmp_path: Path) -> None:
    assert Deletions(tmp_path / "record.sqlite").after(0) == frozenset()
    assert Deletions(tmp_path / "record.sqlite").waiting(0) == (0, 0)


def test_a_record_that_cannot_be_read_is_an_error_and_not_no_deletions(tmp_path: Path) -> None:
    write_files(tmp_path, {"record.sqlite": b"no database at all " * 99})
    with pytest.raises(IndexUnavailableError, match="which articles are deleted"):
        Deletions(tmp_path / "record.sqlite").after(0)


# Former versions


def test_an_index_of_version_1_serves_and_is_brought_up_to_date(
    index: Index, tmp_path: Path
) -> None:
    """Made of the present one by undoing what version 2 added."""
    place = shutil.copytree(index.folder, tmp_path / "old")
    [folder] = (place / "generations").iterdir()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for field in ("sequence", "base", "delta"):
        del manifest[field]
    (folder / "manifest.json").write_text(json.dumps(manifest | {"schema_version": 1}))
    with closing(sqlite3.connect(place / "record.sqlite")) as record:
        names = "article_id, title, text, url, published, authors, source, language, tags, metadata"
        record.executescript(
            f"CREATE TABLE old (sequence INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, "
            f"{', '.join(f'{n} TEXT' for n in names.split(', ')[1:])}) STRICT;"
            f"INSERT INTO old ({names}) SELECT {names} FROM articles ORDER BY position;"
            "DROP TABLE articles; DROP TABLE removed; DROP TABLE deleted; DROP TABLE counter;"
            "ALTER TABLE old RENAME TO articles; PRAGMA user_version = 1;"
        )
    assert len(open_generation(place).articles(after=None, limit=99)) == 40
    assert Deletions(place / "record.sqlite").after(0) == frozenset()
    encoder = AxisEncoder()
    with closing(Record(place / "record.sqlite")) as record_2:
        assert record_2.sequence() == 1
        assert list(record_2.articles()) == articles(40)
        assert {w.change for w in record_2.put(articles(40))} == {Change.UNCHANGED}
        publisher = Publisher(place, record_2, encoder)
        assert publisher.needs_base()
        with building_lock(place):
            publisher.build_base(BUDGET, reuse_cuts=True)
        assert not publisher.needs_base()
    assert encoder.encoded == []
    assert len(open_generation(place).articles(after=None, limit=99)) == 40


# Modes of indexing


def run(sources: Path, index_dir: Path, mode: Mode, **options: Any) -> Any:
    return build_index(
        [sources],
        index_dir,
        encoder=AxisEncoder(),
        budget=options.pop("budget", None),
        progress=Silent(),
        mode=mode,
        **options,
    )


def ids_of(index_dir: Path) -> list[str]:
    return [a.article_id for a in open_generation(index_dir).articles(after=None, limit=99)]


def test_adding_removes_nothing_and_syncing_removes_what_left(tmp_path: Path) -> None:
    place = tmp_path / "index"
    run(write_files(tmp_path / "a", {"x.txt": "A cat.", "y.txt": "A ship."}), place, Mode.SYNC)
    report = run(write_files(tmp_path / "b", {"y.txt": "Tax.", "z.txt": "New."}), place, Mode.ADD)
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 0, 0)
    assert ids_of(place) == ["x", "y", "z"]
    report = run(tmp_path / "b", place, Mode.SYNC)
    assert (report.added, report.changed, report.removed, report.unchanged) == (0, 0, 1, 2)
    assert ids_of(place) == ["y", "z"]


def test_a_sync_of_unchanged_sources_publishes_and_encodes_nothing(tmp_path: Path) -> None:
    place = tmp_path / "index"
    sources = write_files(tmp_path / "a", {"x.txt": "A cat.", "y.txt": "A ship."})
    first = run(sources, place, Mode.REBUILD, budget=BUDGET)
    again = run(sources, place, Mode.SYNC)
    assert (again.generation, again.unchanged, again.encoded) == (first.generation, 2, 0)
    assert kept_names(place) == [first.generation]


def test_a_dry_run_reports_and_writes_nothing(index: Index, tmp_path: Path) -> None:
    sources = write_files(tmp_path / "a", {"cat 1.txt": "Another cat.", "new.txt": "Ship."})
    before = (current_name(index.folder), index.record.sequence())
    report = run(sources, index.folder, Mode.SYNC, dry_run=True)
    assert (report.added, report.changed, report.removed, report.unchanged) == (1, 1, 39, 0)
    assert (current_name(index.folder), index.record.sequence()) == before
    report = run(sources, tmp_path / "nowhere", Mode.REBUILD, dry_run=True)
    assert (report.added, report.generation) == (2, None)
    assert not (tmp_path / "nowhere").exists()


def test_so_many_generations_are_kept_as_wanted(tmp_path: Path) -> None:
    sources = write_files(tmp_path / "a", {"x.txt": "A cat."})
    names = [run(sources, tmp_path / "i", Mode.REBUILD, keep=3).generation for _ in range(5)]
    assert kept_names(tmp_path / "i") == names[2:]


# Deep checks


def test_a_sound_index_has_no_faults(index: Index) -> None:
    index.record.put([Article("new", "N", "A ship. It sails.")])
    index.publish()
    found = verify_index(index.folder, encoder=index.encoder)
    assert found.faults == ()
    assert (found.articles, len(found.generations)) == (41, 2)
    assert found.vectors_compared == found.passages


def forge(index: Index, path: str, change: Any) -> None:
    """Change a file, and its checksum in the manifest, so that only a deep check can tell."""
    folder = index.folder / "generations" / str(current_name(index.folder))
    change(folder / path)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for entry in manifest["files"]:
        if entry["path"] == path:
            entry |= {"size": (folder / path).stat().st_size, "sha256": sha256_of(folder / path)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_an_index_that_may_only_be_read_is_verified_with_its_record(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise IndexUnavailableError("unable to open database file")

    monkeypatch.setattr("index.record.database.RecordDatabase.__init__", refuse)
    assert verify_index(index.folder).faults == ()
    with closing(sqlite3.connect(index.folder / RECORD_NAME)) as record:
        record.execute("UPDATE articles SET title = 'Another'")
        record.commit()
    assert verify_index(index.folder).faults
    assert all("is not what was put" in fault for fault in verify_index(index.folder).faults)


def test_a_record_with_damaged_pages_is_told_in_one_line_with_both_ways_on(index: Index) -> None:
    index.record.put([Article(f"a{n}", "T", f"A cat. {n} " * 300) for n in range(20)])
    index.record.close()
    path = index.folder / RECORD_NAME
    content = bytearray(path.read_bytes())
    place = len(content) // 2
    content[place : place + 8_192] = b"\x55" * 8_192
    path.write_bytes(content)
    faults = [f for f in verify_index(index.folder).faults if str(path) in f]
    assert len(faults) == 1
    assert "\n" not in faults[0]
    assert "is damaged" in faults[0]
    cure = f"or move it away and make it from what serves with: quoth repair {index.folder}"
    assert faults[0].endswith(cure)


def test_a_vector_of_another_text_is_found(index: Index) -> None:
    def turn(path: Path) -> None:
        content = bytearray(path.read_bytes())
        place = bytes(content).find(np.array([1, 0, 0, 0], dtype="<f4").tobytes())
        content[place : place + 16] = np.array([0, 1, 0, 0], dtype="<f4").tobytes()
        path.write_bytes(content)

    forge(index, "base/vectors.faiss", turn)
    [fault] = verify_index(index.folder, encoder=index.encoder).faults
    assert "is not that of its text" in fault


def test_a_sentence_that_is_not_where_it_was_is_found(index: Index) -> None:
    def move(path: Path) -> None:
        with closing(sqlite3.connect(path)) as tables:
            tables.execute("UPDATE sentences SET last = last - 1 WHERE article_row = 5")
            tables.commit()

    forge(index, "base/tables.sqlite", move)
    assert any("its sentences are not its text" in f for f in verify_index(index.folder).faults)


def test_all_faults_are_told(index: Index) -> None:
    def move(path: Path) -> None:
        with closing(sqlite3.connect(path)) as tables:
            tables.execute("UPDATE sentences SET last = last - 1")
            tables.commit()

    forge(index, "base/tables.sqlite", move)
    assert len(verify_index(index.folder).faults) == 40


def test_where_there_is_no_index_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailableError, match="there is no index at"):
        verify_index(tmp_path / "nothing")
    write_files(tmp_path / "articles", {"cat.txt": "The cat."})
    with pytest.raises(IndexUnavailableError, match="is not an index directory"):
        verify_index(tmp_path / "articles")


def test_an_empty_index_is_not_told_to_be_repaired(tmp_path: Path) -> None:
    [fault] = verify_index(tmp_path).faults
    assert f"the index at {tmp_path} is empty; build it with: quoth index" in fault


def test_a_damaged_generation_is_repaired_from_the_record(index: Index) -> None:
    for path in index.folder.glob("generations/*/base/vectors.faiss"):
        path.write_bytes(b"x")
    assert verify_index(index.folder).faults
    repair_index(index.folder, encoder=index.encoder, budget=BUDGET, progress=Silent())
    assert len(ids_of(index.folder)) == 40
    assert open_generation(index.folder).manifest.delta is None
    assert verify_index(index.folder, encoder=index.encoder).faults == ()


def test_a_missing_record_is_made_from_what_serves(index: Index) -> None:
    index.record.close()
    for path in index.folder.glob("record.sqlite*"):
        path.unlink()
    assert "is missing" in verify_index(index.folder).faults[0]
    done = repair_index(index.folder, encoder=index.encoder, budget=BUDGET, progress=Silent())
    assert done.record_was_made
    assert verify_index(index.folder, encoder=index.encoder).faults == ()
    index.record = Record(index.folder / "record.sqlite")
    assert list(index.record.articles()) == articles(40)


def test_a_repair_that_was_killed_while_it_made_the_record_can_be_run_again(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.record.close()
    for path in index.folder.glob("record.sqlite*"):
        path.unlink()

    def die(record: Record, articles: Sequence[Article]) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Record, "put", die)
        with pytest.raises(KeyboardInterrupt):
            repair_index(index.folder, encoder=index.encoder, budget=BUDGET, progress=Silent())
    done = repair_index(index.folder, encoder=index.encoder, budget=BUDGET, progress=Silent())
    assert done.record_was_made
    index.record = Record(index.folder / "record.sqlite")
    assert list(index.record.articles()) == articles(40)
    assert [path.name for path in index.folder.glob("record.sqlite.new*")] == []


def test_a_record_older_than_what_serves_is_not_published(index: Index, tmp_path: Path) -> None:
    index.record.close()
    shutil.copy(index.folder / "record.sqlite", tmp_path / "copy")
    index.record = Record(index.folder / "record.sqlite")
    index.publisher = Publisher(index.folder, index.record, index.encoder)
    index.record.put([Article("new", "N", "A ship.")])
    index.publish()
    index.record.close()
    shutil.copy(tmp_path / "copy", index.folder / "record.sqlite")
    index.record = Record(index.folder / "record.sqlite")
    index.publisher = Publisher(index.folder, index.record, index.encoder)
    with pytest.raises(IndexUnavailableError, match=r"is older than the generation .*quoth repair"):
        index.publisher.publish_delta()
    repair_index(index.folder, encoder=index.encoder, budget=BUDGET, progress=Silent())
    index.record.put([Article("newer", "N", "A ship.")])
    assert index.publish().sequence > 2


def test_an_open_generation_is_not_touched_by_what_is_published(index: Index) -> None:
    opened: Generation = open_generation(index.folder)
    before = opened.articles(after=None, limit=99)
    for n in range(4):
        index.record.put([Article("cat 1", "T", f"Ship {n}.")])
        index.publish()
    index.fold()
    assert opened.name not in kept_names(index.folder)
    assert opened.articles(after=None, limit=99) == before
