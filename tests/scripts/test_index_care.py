"""`quoth verify`, `repair` and `rollback` as a shell sees them."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index.file_identity import sha256_of
from index.generation.folders import current_folder
from index.publishing.current import budget_of, serving_manifest
from index.splitting.passages import PassageBudget
from scripts.commands.index_care import repair, rollback, verify
from tests.index.fake_encoder import AxisEncoder, build, write_files
from tests.scripts.conftest import EndsWithLine

ROOT = Path(__file__).parent.parent.parent


def _index_with_moved_sentences(folder: Path, *, articles: int) -> Path:
    """Return an index whose checksums are right, and of whose articles each has a fault."""
    write_files(folder / "sources", {f"{n:02}.txt": f"The cat {n}." for n in range(articles)})
    build(folder / "sources", folder / "index")
    generation = current_folder(folder / "index")
    tables = generation / "base" / "tables.sqlite"
    former = sha256_of(tables)
    with closing(sqlite3.connect(tables)) as connection:
        connection.execute("UPDATE sentences SET last = last - 1")
        connection.commit()
    manifest = generation / "manifest.json"
    manifest.write_text(manifest.read_text().replace(former, sha256_of(tables)))
    return folder / "index"


@pytest.mark.parametrize(("articles", "more"), [(20, []), (23, ["and 3 more faults"])])
def test_of_many_faults_the_first_twenty_are_shown_and_all_are_counted(
    tmp_path: Path, articles: int, more: list[str]
) -> None:
    index_dir = _index_with_moved_sentences(tmp_path, articles=articles)
    # A process of its own, since it gives way to services for good.
    command = [sys.executable, "-m", "scripts.quoth", "verify", str(index_dir), "--sample", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    *shown, last = done.stdout.splitlines()
    assert [line.startswith("fault: ") for line in shown[:20]] == [True] * 20
    assert shown[20:] == more
    assert last.endswith(f": {articles} faults")


@pytest.mark.parametrize("end", [False, True], ids=["back", "end"])
def test_a_rollback_of_what_is_no_index_leaves_it_as_it_is(
    tmp_path: Path, ends_with_line: EndsWithLine, end: bool
) -> None:
    write_files(tmp_path, {"cat.txt": "The cat."})
    with ends_with_line("is not an index directory of Quoth"):
        rollback(tmp_path, end=end)
    assert [path.name for path in tmp_path.iterdir()] == ["cat.txt"]


def test_what_is_no_index_is_not_told_to_be_repaired(
    tmp_path: Path, ends_with_line: EndsWithLine
) -> None:
    with ends_with_line("there is no index at .*build it with: quoth index"):
        verify(tmp_path / "nothing", sample=0)


def test_what_is_damaged_is_repaired_with_passages_of_the_same_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path / "sources", {"cat.txt": "The cat."})
    budget = PassageBudget(max_tokens=40, overlap=7)
    build(tmp_path / "sources", tmp_path / "index", budget=budget)
    (current_folder(tmp_path / "index") / "base" / "vectors.faiss").write_bytes(b"torn")
    monkeypatch.setattr("scripts.commands.index_care.load_bulk_encoder", lambda _: AxisEncoder())
    monkeypatch.setattr("scripts.commands.index_care.let_service_go_first", lambda _: None)
    repair(tmp_path / "index")
    served = serving_manifest(tmp_path / "index")
    assert served is not None
    assert budget_of(served) == budget
