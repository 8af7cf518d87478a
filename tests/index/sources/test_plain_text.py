"""Plain text files become one article each; the seed article is the measure."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sources import Skipped, SourceFile, find_source_files, read_articles
from qa.values import Article

Read = Callable[..., list[Article | Skipped]]

SEED = Path(__file__).parents[3] / "seeds" / "000_751be9ff2f0701a9.txt"


def test_the_seed_article_is_read_with_its_date_as_metadata() -> None:
    [file] = find_source_files([SEED])
    [article] = read_articles(file)
    assert isinstance(article, Article)
    assert article.article_id == "000_751be9ff2f0701a9"
    assert article.published == date(2021, 11, 15)
    assert article.text.startswith("To the alarm of the United States, other members of NATO")
    assert article.title == (
        "To the alarm of the United States, other members of NATO and the European…"
    )


def test_the_seed_text_is_stored_unchanged_after_the_date_marker() -> None:
    [article] = read_articles(SourceFile(path=SEED, name=SEED.name))
    assert isinstance(article, Article)
    raw = SEED.read_bytes().decode()
    assert raw.removeprefix(" date 2021-11-15 ").strip() == article.text


@pytest.mark.parametrize(
    ("raw", "published", "text"),
    [
        pytest.param("date 2021-11-15 Hello.", date(2021, 11, 15), "Hello.", id="marker"),
        pytest.param(" date 2021-11-15\n\nHello.", date(2021, 11, 15), "Hello.", id="own-line"),
        pytest.param(
            "Minutes\ndate 2021-11-15\n\nHello.",
            date(2021, 11, 15),
            "Minutes\n\nHello.",
            id="below-the-title",
        ),
        pytest.param(
            "Minutes\r\n\r\nDate: 2021-11-15\r\nHello.",
            date(2021, 11, 15),
            "Minutes\n\nHello.",
            id="below-an-empty-line",
        ),
        pytest.param(
            "Minutes\nThe date 2021-11-15\nHello.",
            None,
            "Minutes\nThe date 2021-11-15\nHello.",
            id="in-a-line-of-text",
        ),
        pytest.param(
            "One\nTwo\nThree\ndate 2021-11-15",
            None,
            "One\nTwo\nThree\ndate 2021-11-15",
            id="too-far-below",
        ),
        pytest.param("date 2021-13-45 Hello.", None, "date 2021-13-45 Hello.", id="no-such-day"),
        pytest.param("date 2021-11-15th", None, "date 2021-11-15th", id="no-word-border"),
        pytest.param("A date 2021-11-15 x", None, "A date 2021-11-15 x", id="not-in-front"),
        pytest.param("a\r\nb\rc\n", None, "a\nb\nc", id="newlines"),
        pytest.param(" \n a  b \n\n\n c \t\n", None, "a  b \n\n\n c", id="inner-space-is-kept"),
        pytest.param("\ufeffHello.", None, "Hello.", id="byte-order-mark"),
        pytest.param("e\u0301 \ufb01 \u00a0x", None, "e\u0301 \ufb01 \u00a0x", id="not-normalised"),
    ],
)
def test_text_is_stored_as_it_is_up_to_marker_newlines_and_ends(
    read: Read, raw: str, published: date | None, text: str
) -> None:
    [article] = read("a.txt", raw)
    assert isinstance(article, Article)
    assert (article.published, article.text) == (published, text)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "the text is empty", id="empty"),
        pytest.param(b" \r\n\t ", "the text is empty", id="white-space"),
        pytest.param(b"date 2021-11-15 \n", "the text is empty", id="only-a-date"),
        pytest.param(b"abc\0def", "is binary, with a NUL at byte 3", id="binary"),
        pytest.param(b"caf\xe9 x", "is not UTF-8 at byte 3 (0xe9)", id="latin-1"),
        pytest.param(b"abc\xf0\x9f", "is not UTF-8 at byte 3 (0xf0)", id="cut-off"),
        pytest.param("hé".encode("utf-16"), "is in UTF-16, not UTF-8", id="utf-16"),
        pytest.param("hé".encode("utf-32"), "is in UTF-32, not UTF-8", id="utf-32"),
        pytest.param(b"x" * 10_001, "is longer than 10000 bytes", id="too-long"),
    ],
)
def test_a_file_without_usable_text_is_skipped_with_the_reason(
    read: Read, content: bytes, reason: str
) -> None:
    [skipped] = read("notes/a.txt", content)
    assert isinstance(skipped, Skipped)
    assert skipped.where == "notes/a.txt"
    assert reason in skipped.reason


@pytest.mark.parametrize(
    ("name", "title"),
    [
        pytest.param("annual-report_2021.txt", "Annual report 2021", id="words"),
        pytest.param("000_751be9ff2f0701a9.txt", "First line.", id="looks-like-an-id"),
        pytest.param("2021-11-15.txt", "First line.", id="only-digits"),
        pytest.param("a.txt", "First line.", id="too-short"),
        pytest.param("報告書.txt", "報告書", id="another-script"),
    ],
)
def test_the_title_is_the_file_name_if_it_reads_like_one(read: Read, name: str, title: str) -> None:
    [article] = read(name, "First line.\nSecond line.")
    assert isinstance(article, Article)
    assert article.title == title


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        pytest.param("recipe.txt", "Haddock pie with leek\n\nIt is good.", None, id="headline"),
        pytest.param("recipe.txt", "Pies are good to eat.\n\nIt is.", "Recipe", id="sentence"),
        pytest.param("recipe.txt", "Haddock pie with leek\nand cider.", "Recipe", id="goes-on"),
        pytest.param("recipe.txt", "Haddock pie with leek", "Recipe", id="nothing-below"),
        pytest.param("alice.txt", "CHAPTER I\n\nAlice was tired.", "Alice", id="two-words"),
        pytest.param(
            "haddock-pie.txt", "A pie of mine\n\nGood.", "Haddock pie", id="two-word-name"
        ),
    ],
)
def test_a_headline_tells_more_than_a_file_name_of_one_word(
    read: Read, name: str, text: str, title: str | None
) -> None:
    [article] = read(name, text)
    assert isinstance(article, Article)
    assert article.title == (title or text.partition("\n")[0])


def test_a_first_line_without_spaces_is_cut_to_80_characters(read: Read) -> None:
    [article] = read("a.txt", "漢" * 100)
    assert isinstance(article, Article)
    assert article.title == "漢" * 79 + "…"


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@settings(max_examples=200)
def test_any_text_comes_back_up_to_newlines_and_ends(read: Read, text: str) -> None:
    expected = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip()
    [result] = read("a.txt", text)
    if expected:
        assert isinstance(result, Article)
        assert result.text == expected
        assert 0 < len(result.title) <= 80
    else:
        assert isinstance(result, Skipped)


@given(content=st.binary(max_size=300))
@settings(max_examples=200)
@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
def test_random_bytes_never_raise(read: Read, name: str, content: bytes) -> None:
    for result in read(name, content):
        assert isinstance(result, Article | Skipped)
