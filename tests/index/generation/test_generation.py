"""Opening an index checks that it is whole, and says what is wrong and what to do."""

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.dense.kinds import Exact
from index.file_identity import sha256_of
from index.file_names import RECORD_NAME
from index.generation.folders import current_name
from index.generation.generation import Generation, open_generation
from qa.errors import ArticleNotFoundError, IndexUnavailableError
from qa.values import Sentence
from tests.index.fake_encoder import build, write_files

BUILD = "build it with: quoth index SOURCE... --index-dir "
CURE = "build it anew from its record with: quoth repair "


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index that nobody may change."""
    folder = tmp_path_factory.mktemp("whole")
    write_files(folder / "sources", {"cat.txt": "The cat sleeps. It is red.", "a.txt": "A ship."})
    build(folder / "sources", folder / "index")
    return folder / "index"


@pytest.fixture
def damaged(whole: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return shutil.copytree(whole, tmp_path / "index")


def generation_of(index_dir: Path) -> Path:
    [folder] = (index_dir / "generations").iterdir()
    return folder


def fault_of(index_dir: Path) -> str:
    """Return the message with which the index is refused."""
    with pytest.raises(IndexUnavailableError) as caught:
        open_generation(index_dir)
    message = str(caught.value)
    assert "\n" not in message
    return message


def change_manifest(index_dir: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = generation_of(index_dir) / "manifest.json"
    manifest = json.loads(path.read_bytes())
    change(manifest)
    path.write_text(json.dumps(manifest))


def forge(index_dir: Path, name: str, content: bytes) -> None:
    """Replace a file and correct its size and checksum in the manifest."""
    path = generation_of(index_dir) / name
    path.write_bytes(content)

    def correct(manifest: dict[str, Any]) -> None:
        [entry] = [entry for entry in manifest["files"] if entry["path"] == name]
        entry |= {"size": len(content), "sha256": sha256_of(path)}

    change_manifest(index_dir, correct)


def test_a_whole_generation_gives_articles_and_sentences(whole: Path) -> None:
    generation = open_generation(whole)
    assert isinstance(generation, Generation)
    assert generation.name == current_name(whole) == generation_of(whole).name
    assert generation.article("cat").text == "The cat sleeps. It is red."
    assert [article.article_id for article in generation.articles(after=None, limit=9)] == [
        "a",
        "cat",
    ]
    assert generation.sentences("cat", 16, 17) == [Sentence(1, 16, 26)]
    with pytest.raises(ArticleNotFoundError):
        generation.article("dog")


def test_opening_changes_no_file(whole: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("*")}
    open_generation(whole)
    assert {path: path.stat().st_mtime_ns for path in whole.rglob("*")} == before


def test_a_copied_index_can_be_opened_elsewhere(whole: Path, tmp_path: Path) -> None:
    place = shutil.copytree(whole, tmp_path / "an índex?#%41")
    assert open_generation(place).name == current_name(whole)


def test_a_missing_directory_is_named_with_the_cure(tmp_path: Path) -> None:
    place = tmp_path / "none"
    assert fault_of(place) == f"there is no index at {place}; {BUILD}{place}"


def test_an_empty_directory_is_an_empty_index(tmp_path: Path) -> None:
    assert fault_of(tmp_path) == f"the index at {tmp_path} is empty; {BUILD}{tmp_path}"


@pytest.mark.parametrize(
    "left",
    [
        "record.sqlite",
        "record.sqlite-wal",
        "build.lock",
        "generations/.staging-x/base/y",
        "CURRENT.new",
    ],
)
def test_what_a_first_build_left_when_it_was_killed_is_an_empty_index(
    tmp_path: Path, left: str
) -> None:
    write_files(tmp_path, {left: b""})
    assert f"the index at {tmp_path} is empty; {BUILD}" in fault_of(tmp_path)


def test_an_index_that_has_lost_its_pointer_is_not_called_empty(tmp_path: Path) -> None:
    write_files(tmp_path / "sources", {"cat.txt": "The cat sleeps."})
    for _ in range(2):
        build(tmp_path / "sources", tmp_path / "index")
    (tmp_path / "index" / "CURRENT").unlink()
    assert fault_of(tmp_path / "index").endswith(f"with: quoth repair {tmp_path / 'index'}")


def test_a_foreign_directory_is_not_taken_for_an_index(tmp_path: Path) -> None:
    write_files(tmp_path, {"holiday.jpg": b"x"})
    message = fault_of(tmp_path)
    assert "is not an index directory of Quoth (it holds 'holiday.jpg')" in message
    assert "name one that is, or a new folder" in message


def test_a_file_is_not_taken_for_an_index(tmp_path: Path) -> None:
    place = write_files(tmp_path, {"index": b"x"}) / "index"
    assert f"{place} is a file, not an index directory" in fault_of(place)


@pytest.mark.parametrize(
    "name", ["20200101T000000.000000Z", "../../x", "..", ".", "/etc", "a\0b", "x" * 5000, "a\nb"]
)
def test_a_pointer_to_no_generation_is_refused(damaged: Path, name: str) -> None:
    (damaged / "CURRENT").write_text(name)
    message = fault_of(damaged)
    assert f"names the generation {name!r}, which is not there" in message
    assert CURE in message


def test_a_damaged_index_without_a_record_is_built_from_its_sources(damaged: Path) -> None:
    (generation_of(damaged) / "manifest.json").write_text("{")
    (damaged / RECORD_NAME).unlink()
    assert fault_of(damaged).endswith(f"; {BUILD}{damaged}")


def test_a_pointer_cannot_lead_out_of_the_index(damaged: Path, whole: Path) -> None:
    (damaged / "CURRENT").write_text(str(generation_of(whole)))
    assert "which is not there" in fault_of(damaged)


def test_a_pointer_that_is_not_utf_8_is_refused(damaged: Path) -> None:
    (damaged / "CURRENT").write_bytes(b"\xff\xfe")
    assert "cannot read" in fault_of(damaged)


def test_a_flipped_bit_in_the_pointer_is_refused(damaged: Path) -> None:
    content = (damaged / "CURRENT").read_bytes()
    for bit in range(8):
        (damaged / "CURRENT").write_bytes(bytes([content[0] ^ (1 << bit)]) + content[1:])
        assert CURE in fault_of(damaged)


def _parts(index_dir: Path) -> list[Path]:
    manifest = json.loads((generation_of(index_dir) / "manifest.json").read_bytes())
    parts = [generation_of(index_dir) / entry["path"] for entry in manifest["files"]]
    assert {"tables.sqlite", "vectors.faiss", "meta.json"} <= {path.name for path in parts}
    return parts


def test_a_file_that_may_not_be_read_is_named_with_the_right_cure(
    damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> str:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("index.generation.generation.sha256_of", refuse)
    with pytest.raises(IndexUnavailableError, match=r"may not be read; give the user") as raised:
        open_generation(damaged)
    assert "build it" not in str(raised.value)


def test_a_missing_file_is_named(damaged: Path) -> None:
    for path in _parts(damaged):
        content = path.read_bytes()
        path.unlink()
        message = fault_of(damaged)
        assert f"{path.name} is missing; {CURE}" in message
        path.write_bytes(content)


def test_a_truncated_file_is_named(damaged: Path) -> None:
    for path in _parts(damaged):
        content = path.read_bytes()
        path.write_bytes(content[:-1])
        size = len(content)
        assert f"{path.name} has {size - 1} bytes instead of {size}; {CURE}" in fault_of(damaged)
        path.write_bytes(content)


def test_a_flipped_bit_in_a_file_is_noticed(damaged: Path) -> None:
    for path in _parts(damaged):
        content = path.read_bytes()
        for place in (0, len(content) // 2, len(content) - 1):
            flipped = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
            path.write_bytes(flipped)
            assert f"{path.name} does not match its checksum; {CURE}" in fault_of(damaged)
        path.write_bytes(content)
    assert open_generation(damaged).name


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        pytest.param(b"", "Invalid JSON", id="empty"),
        pytest.param(b'{"schema_version": 1', "Invalid JSON", id="truncated"),
        pytest.param(b"\xff", "Invalid JSON", id="not-utf-8"),
        pytest.param(b"[]", "Input should be an object", id="no-object"),
        pytest.param(b"{}", "schema_version: Field required", id="without-version"),
        pytest.param(b'{"schema_version": 3}', "generation: Field required", id="without-fields"),
        pytest.param(b'{"schema_version": 2}', "generation: Field required", id="2-without-fields"),
        pytest.param(b'{"schema_version": 1}', "generation: Field required", id="1-without-fields"),
        pytest.param(b"[" * 100_000, "Invalid JSON", id="nested-too-deep"),
    ],
)
def test_a_damaged_manifest_is_refused_by_its_fault(
    damaged: Path, content: bytes, fault: str
) -> None:
    (generation_of(damaged) / "manifest.json").write_bytes(content)
    message = fault_of(damaged)
    assert f"manifest.json is damaged ({fault}" in message
    assert CURE in message


def test_a_missing_manifest_is_refused(damaged: Path) -> None:
    (generation_of(damaged) / "manifest.json").unlink()
    assert "manifest.json is damaged (No such file or directory)" in fault_of(damaged)


def test_a_generation_of_a_newer_quoth_is_refused_by_its_version(damaged: Path) -> None:
    change_manifest(damaged, lambda manifest: manifest.update(schema_version=4, something_new=1))
    message = fault_of(damaged)
    assert "has schema version 4, but this Quoth reads versions up to 3; upgrade Quoth" in message


def test_a_generation_of_version_2_opens_as_it_is(damaged: Path) -> None:
    def age(manifest: dict[str, Any]) -> None:
        manifest["schema_version"] = 2
        del manifest["base"]["vectors"]

    change_manifest(damaged, age)
    generation = open_generation(damaged)
    assert generation.manifest.base.vectors.kind == Exact()
    assert generation.article("cat").text == "The cat sleeps. It is red."
    assert len(generation.vectors.search(np.eye(4, dtype=np.float32)[0], limit=9)) == 2


def test_vectors_of_another_kind_than_the_manifest_says_are_refused(damaged: Path) -> None:
    kind = {"kind": "hnsw", "neighbours": 8, "construction": 10, "breadth": 10}
    change_manifest(damaged, lambda manifest: manifest["base"]["vectors"].update(kind=kind))
    assert "holds no graph of vectors" in fault_of(damaged)


def test_a_manifest_of_another_generation_is_refused(damaged: Path) -> None:
    change_manifest(damaged, lambda manifest: manifest.update(generation="other"))
    assert "it names the generation 'other'" in fault_of(damaged)


@pytest.mark.parametrize("outside", ["../../../secret", "base/../../../../secret"])
def test_a_file_outside_of_the_generation_is_refused_unread(damaged: Path, outside: str) -> None:
    write_files(damaged.parent, {"secret": b"x"})
    change_manifest(damaged, lambda manifest: manifest["files"][0].update(path=outside))
    assert f"{outside} lies outside the generation" in fault_of(damaged)


def test_a_link_out_of_the_generation_is_refused(damaged: Path) -> None:
    path = generation_of(damaged) / "base" / "vectors.faiss"
    path.rename(damaged.parent / "moved")
    path.symlink_to(damaged.parent / "moved")
    assert "base/vectors.faiss lies outside the generation" in fault_of(damaged)


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000], ids=["nul", "too-long"])
def test_a_path_that_no_file_can_have_is_refused(damaged: Path, path: str) -> None:
    change_manifest(damaged, lambda manifest: manifest["files"][0].update(path=path))
    assert CURE in fault_of(damaged)


@pytest.mark.parametrize(
    "name", ["base/tables.sqlite", "base/vectors.faiss", "base/keywords/meta.json"]
)
@pytest.mark.parametrize("content", [b"", b"garbage " * 999], ids=["empty", "garbage"])
def test_garbage_with_the_right_checksum_is_refused(
    damaged: Path, name: str, content: bytes
) -> None:
    forge(damaged, name, content)
    message = fault_of(damaged)
    assert f"cannot open the index at {damaged}: " in message
    assert CURE in message


@pytest.mark.parametrize("count", ["articles", "sentences", "passages"])
def test_counts_that_are_not_those_of_the_tables_are_refused(damaged: Path, count: str) -> None:
    change_manifest(damaged, lambda manifest: manifest["counts"].update({count: 77}))
    assert "its tables hold other counts than its manifest says" in fault_of(damaged)


def test_another_dimension_than_the_encoders_is_refused(damaged: Path) -> None:
    change_manifest(damaged, lambda manifest: manifest["encoder"].update(dimension=5))
    assert "its vectors have another dimension than its manifest says" in fault_of(damaged)


def test_vectors_of_other_passages_are_refused(damaged: Path, tmp_path: Path) -> None:
    write_files(tmp_path / "other", {"b.txt": "Tax. The cat sleeps.", "c.txt": "A dog."})
    build(tmp_path / "other", tmp_path / "index2")
    name = "base/vectors.faiss"
    forge(damaged, name, (generation_of(tmp_path / "index2") / name).read_bytes())
    assert "its vectors and its tables disagree about the passages" in fault_of(damaged)
