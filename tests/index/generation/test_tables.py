"""The tables of a generation: articles, sentences, passages and filters."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.generation.layers import LayeredTables
from index.generation.manifest import Counts
from index.generation.tables import Tables, TableWriter
from qa.errors import ArticleNotFoundError
from qa.filters import Filters
from qa.values import Article, Passage, Sentence

TEXT = "One. Two. Three."
SENTENCES = [Sentence(0, 0, 4), Sentence(1, 5, 9), Sentence(2, 10, 16)]
ARTICLES = [
    Article("b", "B", TEXT, published=date(2021, 1, 1), source="AP", tags=("war", "war", "É")),
    Article("a", "A", TEXT, published=date(2022, 12, 31), source="ap", tags=("peace",)),
    Article("ç'); --", "C", TEXT, tags=("war", "peace")),
]


def passages_of(row: int, article: Article) -> list[Passage]:
    ranges = {100 - row: (0, 9), 200 + row: (5, 16)}
    return [
        Passage(one, article.article_id, start, end, TEXT[start:end], article)
        for one, (start, end) in ranges.items()
    ]


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Tables]:
    path = tmp_path / "ta?b#les %41.sqlite"
    with TableWriter(path) as writer:
        for row, article in enumerate(ARTICLES, start=1):
            writer.add(row, article, SENTENCES, passages_of(row, article))
    opened = Tables(path)
    yield opened
    opened.close()


@pytest.fixture
def layered(tables: Tables) -> LayeredTables:
    """The same tables as the base of a generation without a delta."""
    return LayeredTables((tables,))


def ids(articles: list[Article]) -> list[str]:
    return [article.article_id for article in articles]


def test_an_article_comes_back_by_its_id(layered: LayeredTables) -> None:
    assert [layered.article(article.article_id) for article in ARTICLES] == ARTICLES


@pytest.mark.parametrize("unknown", ["", "B", "b ", "b' OR '1'='1", "b\0"])
def test_an_unknown_id_is_an_error_that_names_it(layered: LayeredTables, unknown: str) -> None:
    with pytest.raises(ArticleNotFoundError) as caught:
        layered.article(unknown)
    assert caught.value.article_id == unknown


def test_articles_are_listed_by_id_in_pages(layered: LayeredTables) -> None:
    assert ids(layered.articles(after=None, limit=2)) == ["a", "b"]
    assert ids(layered.articles(after="b", limit=2)) == ["ç'); --"]
    assert ids(layered.articles(after="ç'); --", limit=2)) == []


@pytest.mark.parametrize("after", [None, "b"])
def test_a_page_of_articles_is_sought_and_not_counted_up_to(
    tables: Tables, after: str | None
) -> None:
    statements: list[str] = []
    tables._connection.set_trace_callback(statements.append)
    tables.ids_after(after, limit=2)
    tables._connection.set_trace_callback(None)
    [statement] = statements
    plan = str(tables._connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall())
    assert "SEARCH articles USING COVERING INDEX" in plan


def test_listing_articles_leaves_in_memory_what_questions_need(layered: LayeredTables) -> None:
    [passage] = layered.passages([201])
    [tables] = layered.parts
    kept = tables.article_at(1)
    assert len(layered.articles(after=None, limit=9)) == 3
    assert tables.article_at(1) is kept
    assert layered.passages([201])[0].text == passage.text
    assert tables._article_at.cache_info().currsize == 1


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        pytest.param(0, 16, SENTENCES, id="all"),
        pytest.param(5, 9, SENTENCES[1:2], id="exactly-one"),
        pytest.param(3, 6, SENTENCES[:2], id="parts-of-two"),
        pytest.param(4, 5, [], id="between-two"),
        pytest.param(16, 99, [], id="behind-the-text"),
    ],
)
def test_sentences_that_share_a_character_with_a_range_are_found(
    layered: LayeredTables, start: int, end: int, expected: list[Sentence]
) -> None:
    assert layered.sentences("a", start, end) == expected


def test_passages_come_in_the_order_of_their_ids(layered: LayeredTables) -> None:
    wanted = [202, 97, 201]
    found = layered.passages(wanted)
    assert [passage.passage_id for passage in found] == wanted
    assert [passage.article_id for passage in found] == ["a", "ç'); --", "b"]
    assert [passage.text for passage in found] == ["Two. Three.", "One. Two.", "Two. Three."]


def test_a_passage_that_is_missing_is_an_error(layered: LayeredTables) -> None:
    with pytest.raises(KeyError):
        layered.passages([97, 5])


def test_no_passages_can_be_asked_for(layered: LayeredTables) -> None:
    assert layered.passages([]) == []


def test_all_articles_come_with_their_passages_in_reading_order(tables: Tables) -> None:
    expected = [(row, a, passages_of(row, a)) for row, a in enumerate(ARTICLES, start=1)]
    assert list(tables.articles_with_passages()) == expected


def test_passage_ids_are_ascending_for_all_or_some_articles(tables: Tables) -> None:
    assert tables.passage_ids().tolist() == [97, 98, 99, 201, 202, 203]
    assert tables.passage_ids([3, 1]).tolist() == [97, 99, 201, 203]
    assert tables.passage_ids([]).tolist() == []


def test_the_counts_are_of_articles_sentences_and_passages(tables: Tables) -> None:
    assert tables.counts() == Counts(articles=3, sentences=9, passages=6)


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        pytest.param(Filters(), [1, 2, 3], id="none"),
        pytest.param(Filters(published_from=date(2021, 1, 1)), [1, 2], id="from-is-included"),
        pytest.param(Filters(published_from=date(2021, 1, 2)), [2], id="from"),
        pytest.param(Filters(published_to=date(2022, 12, 31)), [1, 2], id="to-is-included"),
        pytest.param(Filters(published_to=date(2022, 12, 30)), [1], id="to"),
        pytest.param(
            Filters(published_from=date(2021, 6, 1), published_to=date(2022, 6, 1)), [], id="range"
        ),
        pytest.param(Filters(source="AP"), [1], id="source-is-case-sensitive"),
        pytest.param(Filters(tags=("war",)), [1, 3], id="tag"),
        pytest.param(Filters(tags=("É", "peace")), [1, 2, 3], id="any-of-the-tags"),
        pytest.param(Filters(tags=()), [], id="no-tag-is-met-by-none"),
        pytest.param(Filters(tags=("wa", "%", "E")), [], id="part-of-a-tag"),
        pytest.param(Filters(article_ids=("ç'); --", "a", "zzz")), [2, 3], id="ids"),
        pytest.param(Filters(article_ids=()), [], id="no-id"),
        pytest.param(Filters(tags=("war",), article_ids=("a", "b")), [1], id="combined"),
        pytest.param(Filters(source="AP", tags=("peace",)), [], id="combined-without-result"),
    ],
)
def test_an_article_passes_if_it_meets_all_conditions(
    tables: Tables, filters: Filters, rows: list[int]
) -> None:
    assert tables.article_rows(filters) == rows


def test_several_threads_can_read_at_once(layered: LayeredTables) -> None:
    with ThreadPoolExecutor(8) as threads:
        texts = threads.map(lambda n: layered.passages([97, 201 + n % 3])[1].text, range(200))
        assert set(texts) == {"Two. Three."}


def test_published_tables_cannot_be_written(tables: Tables) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        tables._connection.execute("DELETE FROM articles")


def test_tables_that_are_left_with_an_error_hold_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tables.sqlite"

    def write_and_stop() -> None:
        with TableWriter(path) as writer:
            writer.add(1, ARTICLES[0], SENTENCES, [])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_stop()
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        Tables(path).counts()


NEW = Article("d", "D", "4\n\nFour.")
NEW_SENTENCES = [Sentence(0, 0, 1), Sentence(1, 3, 8)]


@pytest.fixture
def two_parts(tmp_path: Path) -> LayeredTables:
    """A base of `ARTICLES`, over which a delta has "a" with another title, and "d"."""
    renamed = replace(ARTICLES[1], title="Renamed")
    base, delta = tmp_path / "base.sqlite", tmp_path / "delta.sqlite"
    with TableWriter(base) as writer:
        for row, article in enumerate(ARTICLES, start=1):
            writer.add(row, article, SENTENCES, passages_of(row, article))
    with TableWriter(delta) as writer:
        writer.hide([2])
        # Of the same text the passages keep their ids.
        writer.add(4, renamed, SENTENCES, passages_of(2, renamed))
        writer.add(5, NEW, NEW_SENTENCES, [Passage(50, "d", 0, 8, NEW.text, NEW)])
    return LayeredTables((Tables(base), Tables(delta)), frozenset([2]))


def test_what_a_delta_replaces_is_there_once_as_it_is_now(two_parts: LayeredTables) -> None:
    assert two_parts.article("a").title == "Renamed"
    assert two_parts.rows_of(["a", "b", "none"]) == {"a": 4, "b": 1}
    assert ids(two_parts.articles(after=None, limit=9)) == ["a", "b", "d", "ç'); --"]
    titles = [one.article and one.article.title for one in two_parts.passages([98, 50, 202])]
    assert titles == ["Renamed", "D", "Renamed"]
    assert [row for row, *_ in two_parts.articles_with_passages()] == [1, 3, 4, 5]
    assert two_parts.article_rows(Filters(tags=("peace",))) == [3, 4]
    assert two_parts.passage_ids().tolist() == [50, 97, 98, 99, 201, 202, 203]
    assert two_parts.passage_ids([2, 4, 5]).tolist() == [50, 98, 202]
    assert [two_parts.hidden_ids(part).tolist() for part in two_parts.parts] == [[98, 202], []]
    assert two_parts.counts() == Counts(articles=4, sentences=11, passages=7)


def test_what_is_deleted_of_a_delta_does_not_come_back_from_its_base(
    two_parts: LayeredTables,
) -> None:
    without = two_parts.without([4])
    with pytest.raises(ArticleNotFoundError):
        without.article("a")
    assert without.rows_of(["a"]) == {}
    assert without.sentences("a", 0, 99) == []
    assert without.cut_of(ARTICLES[1]) is None
    assert without.passage_ids().tolist() == [50, 97, 99, 201, 203]
    assert two_parts.rows_of(["a"]) == {"a": 4}
    with pytest.raises(KeyError):
        without.passages([98])


def test_a_text_that_is_here_need_not_be_cut_again(two_parts: LayeredTables) -> None:
    renamed = replace(ARTICLES[1], title="Renamed")
    assert two_parts.cut_of(renamed) == (SENTENCES, passages_of(2, renamed))
    assert two_parts.cut_of(NEW) == (NEW_SENTENCES, [Passage(50, "d", 0, 8, NEW.text, NEW)])
    assert two_parts.cut_of(replace(ARTICLES[1], text=TEXT + " ")) is None
    assert two_parts.cut_of(Article("none", "N", TEXT)) is None


def test_a_page_of_articles_is_full_however_many_before_it_are_hidden(tmp_path: Path) -> None:
    path = tmp_path / "tables.sqlite"
    with TableWriter(path) as writer:
        for row in range(1, 451):
            writer.add(row, Article(f"{row:03}", "T", TEXT), [], [])
    layered = LayeredTables((Tables(path),), frozenset(range(2, 420)))
    assert ids(layered.articles(after=None, limit=3)) == ["001", "420", "421"]
    assert ids(layered.articles(after="448", limit=3)) == ["449", "450"]


def test_the_sources_of_most_articles_are_listed_by_name(tmp_path: Path) -> None:
    base, delta = tmp_path / "base.sqlite", tmp_path / "delta.sqlite"
    sources: dict[Path, list[str | None]] = {
        base: ["Z", "Q", "Z", None, "B", "A"],
        delta: ["Q", "Q", "Z"],
    }
    row = 0
    for path, names in sources.items():
        with TableWriter(path) as writer:
            for name in names:
                row += 1
                writer.add(row, Article(f"{row}", "T", TEXT, source=name), [], [])
    layered = LayeredTables((Tables(base), Tables(delta)))
    assert layered.sources(limit=9) == ["A", "B", "Q", "Z"]
    assert layered.sources(limit=2) == ["Q", "Z"]
    # Of equal ones the first by name.
    assert layered.sources(limit=3) == ["A", "Q", "Z"]
    hiding = layered.without([2, 7, 8])
    assert hiding.sources(limit=9) == ["A", "B", "Z"]
    assert layered.sources(limit=9) == ["A", "B", "Q", "Z"]


def test_sources_are_counted_without_reading_texts(tables: Tables, tmp_path: Path) -> None:
    (path,) = tmp_path.iterdir()
    query = "SELECT source, count(*) FROM articles WHERE source IS NOT NULL GROUP BY source"
    with sqlite3.connect(path) as connection:
        plan = str(connection.execute(f"EXPLAIN QUERY PLAN {query}").fetchall())
    assert "COVERING INDEX articles_of_source" in plan
