"""A run whose sources lack much of the index changes nothing, unless it is told to."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.build import BuildReport, Mode, Silent, build_index
from index.generation.folders import current_name
from index.generation.generation import open_generation
from index.publishing.removal import RemovalLimit, TooMuchRemovedError
from index.publishing.staged import Difference
from index.splitting.passages import PassageBudget
from tests.index.fake_encoder import AxisEncoder, write_files

COUNT = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `sources`, 40 articles, and their `index`."""
    write_files(tmp_path / "sources", {f"a{n:02}.txt": f"A cat, number {n}." for n in range(COUNT)})
    build(tmp_path, limit=None)
    return tmp_path


def build(
    folder: Path,
    *,
    limit: RemovalLimit | None,
    mode: Mode = Mode.REBUILD,
    dry_run: bool = False,
) -> BuildReport:
    return build_index(
        [folder / "sources"],
        folder / "index",
        encoder=AxisEncoder(),
        budget=PassageBudget(max_tokens=16, overlap=2),
        progress=Silent(),
        mode=mode,
        limit=limit,
        dry_run=dry_run,
    )


def lose(folder: Path, count: int) -> None:
    for n in range(count):
        (folder / "sources" / f"a{n:02}.txt").unlink()


def articles(folder: Path) -> int:
    return len(open_generation(folder / "index").articles(after=None, limit=100))


@pytest.mark.parametrize("mode", [Mode.REBUILD, Mode.SYNC])
def test_a_run_that_removes_more_than_it_may_changes_nothing_and_says_what(
    folder: Path, mode: Mode
) -> None:
    served = current_name(folder / "index")
    lose(folder, 11)
    with pytest.raises(TooMuchRemovedError) as caught:
        build(folder, limit=RemovalLimit(), mode=mode)
    said = str(caught.value)
    assert "11 of the 40 articles of the index ('a00', 'a01', 'a02' and 8 more)" in said
    assert "20% of them, or 10" in said
    assert "--most-removed 1" in said
    assert current_name(folder / "index") == served
    assert articles(folder) == COUNT
    assert build(folder, limit=None, mode=mode).removed == 11
    assert articles(folder) == COUNT - 11


def test_the_files_that_could_not_be_read_are_named_as_the_likely_cause(folder: Path) -> None:
    write_files(folder / "sources", {f"a{n:02}.txt": b"\xff" for n in range(20)})
    with pytest.raises(TooMuchRemovedError) as caught:
        build(folder, limit=RemovalLimit())
    assert "20 were skipped: a00.txt: is not UTF-8 at byte 0 (0xff)" in str(caught.value)


def test_a_run_that_removes_what_it_may_names_what_it_removed(folder: Path) -> None:
    lose(folder, 10)
    report = build(folder, limit=RemovalLimit())
    assert report.removed_ids == tuple(f"a{n:02}" for n in range(10))
    assert articles(folder) == COUNT - 10


@pytest.mark.parametrize("mode", [Mode.REBUILD, Mode.SYNC])
def test_while_a_source_cannot_be_read_nothing_leaves_the_index(
    folder: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode
) -> None:
    lose(folder, 1)
    closed = folder / "sources" / "a05.txt"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", _refusing(closed, Path.open))
        report = build(folder, limit=RemovalLimit(), mode=mode)
    [skip] = report.skipped
    assert skip.where == "a05.txt"
    assert skip.reason.startswith("cannot be read (Input/output error), so that nothing leaves")
    assert (report.removed, report.removed_ids) == (0, ())
    assert articles(folder) == COUNT
    assert build(folder, limit=RemovalLimit(), mode=mode).removed_ids == ("a00",)


def _refusing(closed: Path, open_file: Callable[..., Any]) -> Callable[..., Any]:
    def opened(path: Path, *arguments: Any, **options: Any) -> Any:
        if path == closed:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return open_file(path, *arguments, **options)

    return opened


def test_adding_removes_nothing_and_has_no_limit(folder: Path) -> None:
    lose(folder, 39)
    assert build(folder, limit=RemovalLimit(), mode=Mode.ADD).removed == 0
    assert articles(folder) == COUNT


def test_a_dry_run_tells_that_the_run_would_be_refused(folder: Path) -> None:
    lose(folder, 30)
    report = build(folder, limit=RemovalLimit(), dry_run=True)
    assert (report.removed, len(report.removed_ids)) == (30, 30)
    assert report.refused is not None
    assert "30 of the 40 articles" in report.refused
    assert build(folder, limit=None, dry_run=True).refused is None


@pytest.mark.parametrize(
    ("removed", "held", "exceeded"),
    [(10, 10, False), (11, 11, True), (20, 100, False), (21, 100, True)],
)
def test_a_share_may_leave_or_a_few(removed: int, held: int, exceeded: bool) -> None:
    found = Difference(removed=removed, unchanged=held - removed, added=50)
    assert RemovalLimit(share=0.2, least=10).is_exceeded(found) is exceeded
