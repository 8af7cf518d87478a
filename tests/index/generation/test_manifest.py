"""What a generation says of itself."""

import hashlib
from pathlib import Path

import pytest
from pydantic import ValidationError

from index.file_identity import sha256_of
from index.generation.manifest import FileEntry, Manifest, describe_files
from tests.index.fake_encoder import write_files

VALID = """{
  "schema_version": 3, "generation": "g", "created": "2026-01-01T00:00:00+00:00",
  "counts": {"articles": 1, "sentences": 2, "passages": 1}, "sequence": 3,
  "base": {"name": "g", "sequence": 3, "counts": {"articles": 4, "sentences": 5, "passages": 6}},
  "encoder": {"name": "axes", "fingerprint": "f", "dimension": 4},
  "passages": {"max_tokens": 180, "overlap": 45},
  "files": [{"path": "base/x", "size": 0, "sha256": "%s"}]
}""" % ("0" * 64)


def test_every_file_is_described_by_path_size_and_checksum(tmp_path: Path) -> None:
    write_files(tmp_path, {"base/b": b"\0\xff", "base/a/.c": b"", "manifest.json": b"{}"})
    assert describe_files(tmp_path) == (
        FileEntry(path="base/a/.c", size=0, sha256=hashlib.sha256(b"").hexdigest()),
        FileEntry(path="base/b", size=2, sha256=hashlib.sha256(b"\0\xff").hexdigest()),
    )


def test_locks_are_no_part_of_a_generation(tmp_path: Path) -> None:
    write_files(tmp_path, {"base/.writer.lock": b""})
    assert describe_files(tmp_path) == ()


def test_the_checksum_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    write_files(tmp_path, {"large": b"x" * 1_000_001})
    assert sha256_of(tmp_path / "large") == hashlib.sha256(b"x" * 1_000_001).hexdigest()


def test_a_manifest_comes_back_from_json_as_it_was() -> None:
    manifest = Manifest.model_validate_json(VALID)
    assert manifest.parts == ("base",)
    assert Manifest.model_validate_json(manifest.model_dump_json()) == manifest


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param('"articles": 1', '"articles": -1', id="negative-count"),
        pytest.param('"size": 0', '"size": -1', id="negative-size"),
        pytest.param('"sha256": "0', '"sha256": "g', id="no-checksum"),
        pytest.param('"sha256": "0', '"sha256": "', id="short-checksum"),
        pytest.param('"dimension": 4', '"dimension": 0', id="no-dimension"),
        pytest.param('"overlap"', '"over_lap"', id="misspelt-field"),
        pytest.param('"generation": "g", ', "", id="missing-field"),
    ],
)
def test_a_manifest_that_cannot_be_right_is_refused(right: str, wrong: str) -> None:
    assert right in VALID
    with pytest.raises(ValidationError):
        Manifest.model_validate_json(VALID.replace(right, wrong))
