"""The files of the sources are listed in a fixed order, under names and ids of their own."""

import os
from pathlib import Path

import pytest

from index.sources import Skipped, find_source_files, read_articles
from qa.errors import SourceError
from qa.values import Article


def _write(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Text.")
    return folder


def _names(*sources: Path) -> list[str]:
    return [file.name for file in find_source_files(sources)]


def _ids(*sources: Path) -> list[str]:
    return [file.article_id for file in find_source_files(sources)]


def test_a_folder_gives_its_files_and_those_of_inner_folders_by_name(tmp_path: Path) -> None:
    _write(tmp_path, "b.txt", "a/z.md", "a/b/c.jsonl", "B.TXT")
    assert _names(tmp_path) == ["B.TXT", "a/b/c.jsonl", "a/z.md", "b.txt"]


def test_hidden_files_and_folders_are_left_out_unless_named(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", ".hidden.txt", ".git/b.txt")
    assert _names(tmp_path) == ["a.txt"]
    assert _names(tmp_path / ".hidden.txt", tmp_path / ".git") == [".hidden.txt", "b.txt"]


def test_a_source_that_does_not_exist_is_an_error_with_a_cure(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no such file or folder .* correct the path"):
        find_source_files([tmp_path / "missing"])


def test_an_id_is_the_name_without_its_extension(tmp_path: Path) -> None:
    assert _ids(_write(tmp_path, "v1.2/a.b.txt")) == ["v1.2/a.b"]


def test_ids_do_not_depend_on_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path, "old/a.txt", "new/a.txt")
    monkeypatch.chdir(tmp_path)
    from_above = _ids(Path("old"), Path("new"))
    monkeypatch.chdir(tmp_path / "old")
    assert _ids(Path(), Path("../new")) == from_above == ["new/a", "old/a"]


def test_equal_names_get_as_many_folders_in_front_as_make_them_distinct(tmp_path: Path) -> None:
    _write(tmp_path, "x/en/a.txt", "y/en/a.txt", "y/en/b.txt")
    assert _names(tmp_path / "x/en", tmp_path / "y/en") == ["b.txt", "x/en/a.txt", "y/en/a.txt"]


def test_a_longer_name_is_not_taken_from_another_file(tmp_path: Path) -> None:
    _write(tmp_path, "old/a.txt", "new/a.txt", "more/old/a.txt")
    names = _names(tmp_path / "old", tmp_path / "new", tmp_path / "more")
    assert len(set(names)) == 3


def test_files_that_would_share_an_id_keep_their_extension_in_it(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "a.md", "a.pdf", "b.txt", "b.jsonl")
    ids = {file.name: file.article_id for file in find_source_files([tmp_path])}
    assert (ids["a.txt"], ids["a.md"], ids["b.txt"]) == ("a.txt", "a.md", "b")


def test_ids_stay_distinct_where_a_kept_extension_meets_a_double_one(tmp_path: Path) -> None:
    ids = _ids(_write(tmp_path, "a.txt", "a.md", "a.txt.md"))
    assert ids == ["a.md", "a.txt", "a.txt.md"]


def test_a_file_that_is_reached_twice_is_listed_once(tmp_path: Path) -> None:
    _write(tmp_path, "a/b.txt")
    assert _names(tmp_path, tmp_path / "a", tmp_path / "a/b.txt", tmp_path) == ["a/b.txt"]


def test_links_are_followed_once_and_loops_are_harmless(tmp_path: Path) -> None:
    _write(tmp_path, "in/z/a.txt", "out/b.txt")
    root = tmp_path / "in"
    (root / "again").symlink_to(root / "z")
    (root / "z/up").symlink_to(root)
    (root / "c.txt").symlink_to(root / "z/a.txt")
    (root / "other").symlink_to(tmp_path / "out")
    assert _names(root) == ["other/b.txt", "z/a.txt"]


def test_what_is_no_readable_article_is_listed_and_reported(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "b.zip", "c")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "missing")
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    results = [result for file in find_source_files([tmp_path]) for result in read_articles(file)]
    assert [type(result) for result in results] == [Article] + [Skipped] * 5
    reasons = {r.where: r.reason for r in results if isinstance(r, Skipped)}
    assert reasons["b.zip"].startswith("unknown kind of file; known are .txt, .text, .md")
    assert reasons["c"].startswith("unknown kind of file")
    assert reasons["broken.txt"].startswith("cannot be read (No such file or directory)")
    assert reasons["self.txt"].startswith("cannot be read (Too many levels of symbolic links)")
    assert reasons["pipe.txt"].startswith("is not a regular file")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_reported(tmp_path: Path) -> None:
    _write(tmp_path, "a.txt", "closed/b.txt", "listed/c.txt")
    modes = {"a.txt": 0, "closed": 0, "listed": 0o400}
    for name, mode in modes.items():
        (tmp_path / name).chmod(mode)
    results = [result for file in find_source_files([tmp_path]) for result in read_articles(file)]
    for name in modes:
        (tmp_path / name).chmod(0o700)
    skipped = [result.where for result in results if isinstance(result, Skipped)]
    assert skipped == ["a.txt", "closed", "listed/c.txt"]


def test_a_file_that_the_system_refuses_to_open_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [file] = find_source_files([_write(tmp_path, "a.txt")])

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    [skipped] = read_articles(file)
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("cannot be read (Permission denied)")


def test_a_file_name_that_is_not_unicode_is_reported_on_one_printable_line(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9\n.txt")
    [file] = find_source_files([_write(tmp_path, name)])
    [skipped] = read_articles(file)
    assert isinstance(skipped, Skipped)
    assert skipped.where == "caf\\udce9\\n.txt"
    assert "the id" in skipped.reason


def test_reading_streams_so_that_a_growing_file_is_read_to_its_later_end(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "A."}\n')
    [file] = find_source_files([path])
    results = read_articles(file)
    first = next(results)
    with path.open("a") as stream:
        stream.write('{"text": "B."}\n')
    assert [article.text for article in (first, *results) if isinstance(article, Article)] == [
        "A.",
        "B.",
    ]
