"""Both rankings of one generation, fused, of the articles that pass the filters."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from index.generation.generation import Generation, open_generation
from index.generation.layers import LayeredTables
from index.retriever import HybridRetriever
from qa.filters import Filters
from tests.index.fake_encoder import AxisEncoder, build, write_files

ROWS: list[dict[str, object]] = [
    {"id": "old", "text": "A cat.", "published": "2020-01-01", "source": "AP", "tags": ["pets"]},
    {"id": "new", "text": "One cat more.", "published": "2022-01-01", "source": "Ψ", "tags": "家"},
    {"id": "undated", "text": "Cat and ship.", "source": "AP", "tags": ["pets", "sea"]},
    {"id": "é/ü", "text": "The ship pays a tax.", "published": "2022-06-30", "tags": ["sea"]},
]


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder = tmp_path_factory.mktemp("retriever")
    write_files(folder, {"rows.jsonl": "\n".join(json.dumps(row) for row in ROWS)})
    build(folder / "rows.jsonl", folder / "index")
    return open_generation(folder / "index")


Found = Callable[..., list[str]]


@pytest.fixture
def found(generation: Generation, encoder: AxisEncoder) -> Found:
    def find(question: str, *, limit: int = 10, **filters: object) -> list[str]:
        hits = (
            HybridRetriever(generation, encoder)
            .retrieve(
                question,
                filters=Filters(**filters),  # type: ignore[arg-type]
                limit=limit,
            )
            .passages
        )
        return [hit.passage.article_id for hit in hits]

    return find


def test_what_both_rankings_put_first_is_first(found: Found) -> None:
    assert found("which ship must pay tax")[0] == "é/ü"


def test_a_passage_carries_the_evidence_of_both_rankings(
    generation: Generation, encoder: AxisEncoder
) -> None:
    retriever = HybridRetriever(generation, encoder)
    [first, *_] = retriever.retrieve("tax on a ship", filters=Filters(), limit=4).passages
    assert first.passage.text == "The ship pays a tax."
    assert (first.dense_rank, first.keyword_rank) == (1, 1)
    assert first.cosine == pytest.approx(1)
    assert first.keyword_score > 0
    assert first.keyword_share == 1
    assert first.fused_score == pytest.approx(2 / 61)


def test_a_passage_that_only_one_ranking_found_has_no_rank_in_the_other(
    generation: Generation, encoder: AxisEncoder
) -> None:
    hits = HybridRetriever(generation, encoder).retrieve("tax", filters=Filters(), limit=4).passages
    by_id = {hit.passage.article_id: hit for hit in hits}
    assert (by_id["old"].keyword_rank, by_id["old"].keyword_score) == (None, 0.0)
    assert by_id["old"].keyword_share == 0
    assert by_id["old"].dense_rank is not None
    assert by_id["old"].cosine == pytest.approx(0)


def test_a_passage_beyond_the_depth_of_dense_search_still_has_its_cosine(
    generation: Generation, encoder: AxisEncoder
) -> None:
    retriever = HybridRetriever(generation, encoder, depth=1)
    hits = retriever.retrieve("cat pays", filters=Filters(), limit=3).passages
    paying = next(hit for hit in hits if hit.passage.article_id == "é/ü")
    assert paying.dense_rank is None
    assert paying.cosine == pytest.approx(0)


def test_at_most_so_many_passages_are_given_as_asked_for(found: Found) -> None:
    assert found("cat", limit=2) == found("cat")[:2]
    assert len(found("cat", limit=99)) == 4


def test_the_same_question_gives_the_same_passages(found: Found) -> None:
    assert all(found("a cat on a ship") == found("a cat on a ship") for _ in range(5))


def test_a_question_without_words_still_finds_by_meaning(found: Found) -> None:
    assert len(found("?")) == 4


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"published_from": date(2022, 1, 1)}, {"new", "é/ü"}, id="from"),
        pytest.param({"published_to": date(2022, 1, 1)}, {"old", "new"}, id="to"),
        pytest.param(
            {"published_from": date(2021, 1, 1), "published_to": date(2022, 1, 1)},
            {"new"},
            id="between",
        ),
        pytest.param({"source": "AP"}, {"old", "undated"}, id="source"),
        pytest.param({"source": "Ψ"}, {"new"}, id="unicode-source"),
        pytest.param({"tags": ("sea", "家")}, {"new", "undated", "é/ü"}, id="any-tag"),
        pytest.param({"article_ids": ("é/ü", "old", "none")}, {"é/ü", "old"}, id="ids"),
        pytest.param({"source": "AP", "tags": ("sea",)}, {"undated"}, id="combined"),
        pytest.param({"source": "ap"}, set(), id="nobody-passes"),
        pytest.param({"article_ids": ()}, set(), id="no-id"),
        pytest.param(
            {"published_from": date(2023, 1, 1), "published_to": date(2022, 1, 1)},
            set(),
            id="range-turned-round",
        ),
    ],
)
def test_all_articles_that_pass_the_filters_and_no_others_are_found(
    found: Found, filters: dict[str, object], expected: set[str]
) -> None:
    assert set(found("a cat on a ship", **filters)) == expected


def test_what_passes_a_filter_is_looked_up_once_in_a_generation(
    generation: Generation, encoder: AxisEncoder
) -> None:
    asked: list[Filters] = []

    class Noting(LayeredTables):
        def article_rows(self, filters: Filters) -> list[int]:
            asked.append(filters)
            return super().article_rows(filters)

    noting = replace(generation, tables=Noting(generation.tables.parts))
    retriever = HybridRetriever(noting, encoder)
    source, tag = Filters(source="AP"), Filters(tags=("sea",))
    for filters in (source, tag, Filters(), Filters(source="AP"), tag):
        retriever.retrieve("cat", filters=filters, limit=9)
    assert asked == [source, tag]
    without = HybridRetriever(noting.without(["old"]), encoder)
    hits = without.retrieve("cat", filters=source, limit=9).passages
    assert [hit.passage.article_id for hit in hits] == ["undated"]


def test_filters_do_not_hide_what_lies_deeper_than_the_best_hits_without_them(
    generation: Generation, encoder: AxisEncoder
) -> None:
    retriever = HybridRetriever(generation, encoder, depth=1)
    hits = retriever.retrieve("cat", filters=Filters(article_ids=("é/ü",)), limit=1).passages
    assert [hit.passage.article_id for hit in hits] == ["é/ü"]


def test_a_keyword_share_is_the_score_over_the_best_one_of_the_question(
    generation: Generation, encoder: AxisEncoder
) -> None:
    retriever = HybridRetriever(generation, encoder)
    hits = retriever.retrieve("which ship must pay tax", filters=Filters(), limit=10).passages
    best = max(hit.keyword_score for hit in hits)
    shares = [hit.keyword_share for hit in hits]
    assert shares == pytest.approx([hit.keyword_score / best for hit in hits])
    assert any(0 < share < 1 for share in shares)


def test_without_a_single_word_in_common_no_passage_has_a_share(
    generation: Generation, encoder: AxisEncoder
) -> None:
    hits = (
        HybridRetriever(generation, encoder).retrieve("xyzzy", filters=Filters(), limit=10).passages
    )
    assert [hit.keyword_share for hit in hits] == [0.0] * len(hits)
