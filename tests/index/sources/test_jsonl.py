"""JSON Lines files hold one article a line; every bad line is named with its cure."""

import hashlib
import json
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sources import Skipped
from qa.values import Article, Json

Read = Callable[..., list[Article | Skipped]]


def test_every_known_field_is_taken_and_the_others_are_metadata(read: Read) -> None:
    row = {
        "id": "a1",
        "title": " A  title ",
        "text": " First.\r\nSecond. ",
        "url": "https://example.org/a",
        "published": "2021-11-15T23:30:00-05:00",
        "authors": ["Ann", "Bob"],
        "source": "Gazette",
        "language": "en",
        "tags": "war",
        "score": {"x": [1, None, 2.5]},
    }
    assert read("a.jsonl", json.dumps(row)) == [
        Article(
            article_id="a1",
            title="A title",
            text="First.\nSecond.",
            url="https://example.org/a",
            published=date(2021, 11, 15),
            authors=("Ann", "Bob"),
            source="Gazette",
            language="en",
            tags=("war",),
            metadata={"score": {"x": [1, None, 2.5]}},
        )
    ]


def test_null_and_blank_fields_count_as_absent(read: Read) -> None:
    row = (
        '{"text": "T.", "title": "", "url": null, "published": "", "authors": null, "tags": [" "]}'
    )
    [article] = read("a.jsonl", row)
    assert isinstance(article, Article)
    assert (article.title, article.url, article.published) == ("T.", None, None)
    assert (article.authors, article.tags) == ((), ())


def test_a_row_without_id_gets_one_from_the_file_and_its_text(read: Read) -> None:
    [article] = read("notes/a.jsonl", '{"text": " T. "}')
    assert isinstance(article, Article)
    assert article.article_id == "notes/a.jsonl-" + hashlib.sha256(b"T.").hexdigest()[:12]


def test_a_whole_number_is_an_id(read: Read) -> None:
    [article] = read("a.jsonl", '{"id": 17, "text": "T."}')
    assert isinstance(article, Article)
    assert article.article_id == "17"


def test_a_byte_order_mark_may_open_any_line(read: Read) -> None:
    joined = b'\xef\xbb\xbf{"id": 1, "text": "T."}\n\xef\xbb\xbf{"id": 2, "text": "U."}\n'
    articles = read("a.jsonl", joined)
    assert [article.text for article in articles if isinstance(article, Article)] == ["T.", "U."]


def test_blank_lines_are_ignored_but_counted(read: Read) -> None:
    first, skipped = read("n/a.jsonl", b'\xef\xbb\xbf{"text": "T."}\r\n\r\n  \n[]')
    assert isinstance(first, Article)
    assert isinstance(skipped, Skipped)
    assert skipped.where == "n/a.jsonl line 4"


def test_a_bad_line_does_not_hide_the_good_ones_around_it(read: Read) -> None:
    results = read("a.jsonl", '{"text": "A."}\n{"text": \n{"text": "B."}\n')
    assert [type(result) for result in results] == [Article, Skipped, Article]


def test_the_second_row_with_an_id_is_skipped(read: Read) -> None:
    first, second = read("a.jsonl", '{"id": "x", "text": "A."}\n{"id": "x", "text": "B."}')
    assert isinstance(first, Article)
    assert isinstance(second, Skipped)
    assert first.text == "A."
    assert second.reason.startswith("the id 'x' is that of line 1 already")


def test_a_line_that_is_too_long_is_skipped_whole(read: Read) -> None:
    long_row = json.dumps({"text": "x" * 500})
    results = read("a.jsonl", f'{long_row}\n{{"text": "B."}}', max_article_bytes=100)
    assert [type(result) for result in results] == [Skipped, Article]


def test_escapes_do_not_count_against_the_length_of_a_text(read: Read) -> None:
    [article] = read("a.jsonl", json.dumps({"text": "中" * 30}), max_article_bytes=100)
    assert isinstance(article, Article)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('{"id": "q1"}', "field 'text' is missing", id="no-text"),
        pytest.param('{"text": " "}', "the text is empty", id="blank-text"),
        pytest.param(
            '{"text": 5}',
            "field 'text': met 5 (a number), expected a string with the article's text",
            id="text-number",
        ),
        pytest.param(
            '{"text": "T.", "title": ["x"]}',
            "field 'title': met ['x'] (a list), expected a string",
            id="title-list",
        ),
        pytest.param(
            '{"text": "T.", "tags": ["a", true]}',
            "field 'tags': met True (true or false) as entry 1",
            id="tag-boolean",
        ),
        pytest.param(
            '{"text": "T.", "published": "2021-13-45"}',
            "field 'published': met '2021-13-45' (a string), expected an ISO date",
            id="no-such-day",
        ),
        pytest.param(
            '{"text": "T.", "published": 1636934400}',
            "field 'published': met 1636934400 (a number)",
            id="date-number",
        ),
        pytest.param(
            '{"text": "T.", "url": "javascript:alert(1)"}', "field 'url': met", id="url-that-runs"
        ),
        pytest.param('{"text": "T.", "url": "http://["}', "field 'url': met", id="url-malformed"),
        pytest.param('{"text": "T.", "id": true}', "field 'id': met True", id="id-boolean"),
        pytest.param('{"text": "T.", "id": " "}', "the id is blank", id="id-blank"),
        pytest.param('{"text": "T.", "id": ".."}', "the id '..' is a step", id="id-step"),
        pytest.param('{"text": "T.", "id": "."}', "the id '.' is a step", id="id-stay"),
        pytest.param('{"text": "T.", "id": "a\\nb"}', "holds a control character", id="id-newline"),
        pytest.param(
            json.dumps({"text": "T.", "id": "x" * 513}), "has 513 characters", id="id-long"
        ),
        pytest.param('{"text": "a\\ud800b"}', "half of a surrogate pair (U+D800)", id="surrogate"),
        pytest.param(
            '{"text": "T.", "x": {"\\udfff": 1}}', "half of a surrogate pair", id="surrogate-inside"
        ),
        pytest.param('{"text": "a\\u0000b"}', "holds a NUL character", id="nul-escape"),
        pytest.param('{"text": "T.", "text": "U."}', "field 'text' is there twice", id="twice"),
        pytest.param('{"text": "T.", "x": NaN}', "NaN is no JSON number", id="nan"),
        pytest.param('{"text": "T.", "x": 1e999}', "1e999 is too large", id="infinite"),
        pytest.param(
            '{"text": "T.", "x": ' + "9" * 5000 + "}", "not usable JSON", id="endless-number"
        ),
        pytest.param('{"text": "T.", "x": ' + "[" * 4000, "nested too deep", id="bottomless"),
        pytest.param(
            '{"text": "T.", "x": ' + "[" * 80 + "]" * 80 + "}", "nested more than 64", id="deep"
        ),
        pytest.param("{'text': 'T.'}", "is not JSON at column 2", id="single-quotes"),
        pytest.param('["T."]', "is JSON, but not an object", id="list"),
        pytest.param('"T."', "is JSON, but not an object", id="string"),
    ],
)
def test_a_bad_row_is_skipped_with_its_line_and_reason(read: Read, line: str, reason: str) -> None:
    [skipped] = read("notes/a.jsonl", line)
    assert isinstance(skipped, Skipped)
    assert skipped.where == "notes/a.jsonl line 1"
    assert reason in skipped.reason


def test_bytes_that_are_not_utf_8_are_located_in_their_line(read: Read) -> None:
    [_, skipped] = read("a.jsonl", b'{"text": "T."}\n{"text": "caf\xe9"}')
    assert isinstance(skipped, Skipped)
    assert skipped.reason.startswith("is not UTF-8 at byte 13 (0xe9)")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"\n \n", "the file is empty", id="empty"),
        pytest.param('{"text": "T."}\n'.encode("utf-16"), "is in UTF-16", id="utf-16"),
    ],
)
def test_a_useless_file_is_skipped_once(read: Read, content: bytes, reason: str) -> None:
    [skipped] = read("a.jsonl", content)
    assert isinstance(skipped, Skipped)
    assert skipped.where == "a.jsonl"
    assert reason in skipped.reason


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))),
    escaped=st.booleans(),
)
@settings(max_examples=200)
def test_any_text_comes_back_up_to_newlines_and_ends(
    read: Read, texts: list[str], escaped: bool
) -> None:
    rows = [{"id": i, "text": text} for i, text in enumerate(texts)]
    content = "\n".join(json.dumps(row, ensure_ascii=escaped) for row in rows)
    stored = [text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in texts]
    articles = [result for result in read("a.jsonl", content) if isinstance(result, Article)]
    assert [article.text for article in articles] == [text for text in stored if text]


_JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_FIELDS = ["id", "title", "text", "url", "published", "authors", "source", "language", "tags", "x"]


@given(rows=st.lists(_JSON | st.dictionaries(st.sampled_from(_FIELDS), _JSON), max_size=4))
@settings(max_examples=200)
def test_random_json_never_raises_and_good_articles_can_be_stored(
    read: Read, rows: list[Json]
) -> None:
    for result in read("a.jsonl", "\n".join(json.dumps(row) for row in rows)):
        if isinstance(result, Article):
            stored = [result.article_id, result.title, result.text, result.url, *result.tags]
            json.dumps([*stored, dict(result.metadata)], ensure_ascii=False).encode()
        else:
            assert result.where.startswith("a.jsonl")
