"""A YAML file beside a document states what that cannot say of itself, or says wrongly."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.sources import Skipped, find_source_files, read_articles
from qa.values import Article
from tests.index.sources.made_pdf import made_pdf, prose

PAGE = "<html><head><title>Saved</title></head><body><article><p>Ida bakes.</p></article></html>"
Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A function that writes files into a folder, and returns it."""

    def write(**files: str | bytes) -> Path:
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return tmp_path

    return write


def found_in(folder: Path) -> list[Article | Skipped]:
    return [one for file in find_source_files([folder]) for one in read_articles(file)]


def article_in(folder: Path) -> Article:
    [article] = found_in(folder)
    assert isinstance(article, Article), article
    return article


def test_a_document_is_what_the_file_beside_it_states(folder: Folder) -> None:
    says = {"Title": "Entwurf_final_3", "Author": "CN=srv12", "CreationDate": "D:20191231"}
    report = made_pdf([prose(["Sales rose to 41 million euros."])], says)
    stated = """title: Annual report
date: 2024-03-01
author: Nora Fields
url: https://example.org/reports/2023
source: Example plc
tags: [annual, finance]
department: Finance
"""
    article = article_in(folder(report_pdf=report, report_pdf_yaml=stated))
    assert article.text == "Sales rose to 41 million euros."
    assert article.article_id == "report"
    assert article.title == "Annual report"
    assert article.published == date(2024, 3, 1)
    assert article.authors == ("Nora Fields",)
    assert article.url == "https://example.org/reports/2023"
    assert article.source == "Example plc"
    assert article.tags == ("annual", "finance")
    assert article.metadata["department"] == "Finance"
    assert article.metadata["page_starts"] == [0]


def test_what_it_does_not_state_is_what_the_document_says(folder: Folder) -> None:
    note = "---\ntitle: Mine\nauthor: Ida Quill\nshelf: 3\n---\nIda bakes."
    article = article_in(folder(note_md=note, note_md_yaml="published: 2024-03-01\nroom: 7"))
    assert (article.title, article.authors) == ("Mine", ("Ida Quill",))
    assert article.metadata == {"shelf": 3, "room": 7}


def test_what_it_states_as_nothing_is_taken_away(folder: Folder) -> None:
    article = article_in(
        folder(note_txt="date 2021-11-15 Ida bakes.", note_txt_yaml="published:\ntitle: ''")
    )
    assert (article.published, article.title) == (None, "Note")


@pytest.mark.parametrize("name", ["page.html", "page.txt", "page.md", "page.markdown"])
def test_it_may_stand_beside_every_file_that_holds_one_article(folder: Folder, name: str) -> None:
    article = article_in(folder(**{name: PAGE, f"{name}.yaml": "id: bakery\ntitle: Her bakery"}))
    assert (article.article_id, article.title) == ("bakery", "Her bakery")


def test_it_is_found_where_only_its_document_is_named(folder: Folder) -> None:
    path = folder(note_txt="Ida bakes.", note_txt_yaml="title: Her bakery") / "note.txt"
    [file] = find_source_files([path])
    [article] = read_articles(file)
    assert isinstance(article, Article)
    assert article.title == "Her bakery"


def test_it_is_no_document_of_its_own_where_both_are_named(folder: Folder) -> None:
    path = folder(note_txt="Ida bakes.", note_txt_yaml="title: Her bakery")
    files = find_source_files([path / "note.txt", path / "note.txt.yaml"])
    assert [file.name for file in files] == ["note.txt"]


def test_beside_rows_and_beside_nothing_it_is_a_file_of_unknown_kind(folder: Folder) -> None:
    rows = '{"id": "a", "text": "Ida bakes."}'
    found = found_in(folder(rows_jsonl=rows, rows_jsonl_yaml="title: A", gone_txt_yaml="title: B"))
    skipped = {one.where: one.reason for one in found if isinstance(one, Skipped)}
    assert skipped.keys() == {"rows.jsonl.yaml", "gone.txt.yaml"}
    assert all(reason.startswith("unknown kind of file") for reason in skipped.values())


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ("a: b\n  c: d", "the text is not YAML in line 2: mapping values are not allowed here"),
        ("title: A\ntitle: B", "the text is not usable YAML, correct it: field 'title' is there"),
        ("- title", "has no fields; write one a line, such as `title: Annual report`"),
        ("published: soon", "field 'published': met 'soon' (a string), expected an ISO date"),
        ("id: ..", "the id '..' is a step in a path, and no address can hold it"),
        ("a: " + "b" * 100_000, "the text has more than 100000 characters; shorten it"),
        ("a: " + "b" * 400_000, "the article is longer than 400000 bytes"),
    ],
)
def test_one_that_cannot_be_used_is_named_with_the_reason(
    folder: Folder, stated: str, reason: str
) -> None:
    [skipped] = found_in(folder(note_txt="Ida bakes.", note_txt_yaml=stated))
    assert isinstance(skipped, Skipped)
    assert skipped.where == "note.txt.yaml"
    assert skipped.reason.startswith(reason)


def test_an_empty_one_states_nothing(folder: Folder) -> None:
    assert article_in(folder(note_txt="Ida bakes.", note_txt_yaml="# later\n")).title == "Note"


def test_one_that_may_not_be_read_lets_nothing_leave_the_index(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(note_txt="Ida bakes.", note_txt_yaml="title: Her bakery")
    opened = Path.open

    def refused(self: Path, *arguments: object, **named: object) -> object:
        if self.suffix == ".yaml":
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    [skipped] = found_in(path)
    assert isinstance(skipped, Skipped)
    assert (skipped.where, skipped.is_unread) == ("note.txt.yaml", True)


def test_one_that_is_a_broken_link_is_named(folder: Folder) -> None:
    path = folder(note_txt="Ida bakes.")
    (path / "note.txt.yaml").symlink_to("nowhere")
    [skipped] = found_in(path)
    assert isinstance(skipped, Skipped)
    assert skipped.where == "note.txt.yaml"
    assert "check that it exists" in skipped.reason
