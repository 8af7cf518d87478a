"""What `cut_passages` promises: whole sentences, within the budget, nothing lost."""

import re
import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.splitting.passages import PassageBudget, cut_passages, passage_id
from index.splitting.sentences import split_sentences
from index.splitting.tokens import Tokenize, TokenRanges, token_ranges
from qa.values import Article, Passage
from tests.index.fake_encoder import wordpiece_tokenizer


def words(text: str) -> TokenRanges:
    return [match.span() for match in re.finditer(r"\S+", text)]


def pairs(text: str) -> TokenRanges:
    """Tokens of at most two letters, as a tokenizer cuts words that it does not know."""
    return [match.span() for match in re.finditer(r"\w{1,2}|[^\w\s]", text)]


def cut(text: str, max_tokens: int, overlap: int, tokenize: Tokenize = words) -> list[str]:
    return [passage.text for passage in _cut(text, PassageBudget(max_tokens, overlap), tokenize)]


def _cut(text: str, budget: PassageBudget, tokenize: Tokenize = words) -> list[Passage]:
    article = Article("a", "Title", text)
    return cut_passages(article, split_sentences(text), tokenize=tokenize, budget=budget)


def assert_covers(text: str, passages: Sequence[Passage]) -> None:
    cursor = 0
    for passage in passages:
        assert not text[cursor : passage.start].strip(), "visible text lies in no passage"
        assert text[passage.start : passage.end] == passage.text != ""
        cursor = passage.end
    assert not text[cursor:].strip(), "visible text lies behind the last passage"


def test_passages_hold_as_many_whole_sentences_as_fit() -> None:
    assert cut("One two. Three four. Five six. Seven.", 4, 0) == [
        "One two. Three four.",
        "Five six. Seven.",
    ]


def test_a_sentence_that_fits_exactly_is_not_cut() -> None:
    assert cut("One, two, three, four. Five.", 4, 0) == ["One, two, three, four.", "Five."]


def test_neighbours_share_the_whole_sentences_that_fit_in_the_overlap() -> None:
    assert cut("He ran far. Stop. Wait. She has come back. So have we.", 6, 2) == [
        "He ran far. Stop. Wait.",
        "Stop. Wait. She has come back.",
        "So have we.",
    ]


def test_neighbours_share_nothing_if_the_last_sentence_is_longer_than_the_overlap() -> None:
    assert cut("He ran. She ran too. They ran home.", 6, 2) == [
        "He ran. She ran too.",
        "They ran home.",
    ]


def test_the_overlap_gives_way_to_the_sentence_that_follows() -> None:
    assert cut("He ran far away. She ran. They ran home at noon.", 6, 2) == [
        "He ran far away. She ran.",
        "They ran home at noon.",
    ]


def test_passages_run_over_paragraphs() -> None:
    assert cut("One.\n\nTwo.\n\nThree.", 2, 0) == ["One.\n\nTwo.", "Three."]


def test_a_passage_ends_with_a_paragraph_rather_than_in_the_next_one() -> None:
    assert cut("He ran.\n\nShe ran. They ran home. We stayed.", 7, 0) == [
        "He ran.",
        "She ran. They ran home. We stayed.",
    ]


def test_a_paragraph_over_the_budget_is_cut_between_sentences() -> None:
    assert cut("He ran far. Stop. Wait. She has come back.\n\nSo have we.", 6, 2) == [
        "He ran far. Stop. Wait.",
        "Stop. Wait. She has come back.",
        "So have we.",
    ]


def test_neighbours_share_the_whole_paragraphs_that_fit_in_the_overlap() -> None:
    assert cut("He ran. Stop.\n\nWait.\n\nShe has come back. So have we.", 8, 3) == [
        "He ran. Stop.\n\nWait.",
        "Wait.\n\nShe has come back. So have we.",
    ]


def test_the_overlap_gives_way_to_the_paragraph_that_follows() -> None:
    assert cut("He ran. Stop.\n\nWait.\n\nShe has come back. So have we two.", 8, 3) == [
        "He ran. Stop.\n\nWait.",
        "She has come back. So have we two.",
    ]


@pytest.mark.parametrize("headline", ["Who ran home", "They are:", "Who ran home?"])
def test_a_headline_stays_with_what_it_is_over(headline: str) -> None:
    assert cut(f"He ran. She ran.\n\n{headline}\n\nThey ran. We all ran.", 8, 0) == [
        "He ran. She ran.",
        f"{headline}\n\nThey ran. We all ran.",
    ]


def test_a_headline_above_all_does_not_stand_alone() -> None:
    assert cut("Who ran home\n\nThey ran. We all ran.", 7, 0) == [
        "Who ran home\n\nThey ran.",
        "We all ran.",
    ]


@pytest.mark.parametrize("paragraph", ["We ran.", "We ran!", "“We ran.”", "(We ran.)", "We ran…"])
def test_a_paragraph_of_one_sentence_is_no_headline(paragraph: str) -> None:
    assert cut(f"She ran.\n\n{paragraph}\n\nThey ran. We all ran.", 8, 0) == [
        f"She ran.\n\n{paragraph}",
        "They ran. We all ran.",
    ]


def test_a_colon_within_a_sentence_introduces_no_other_paragraph() -> None:
    assert cut("She ran. It is so: we ran.\n\nThey ran. We all ran.", 11, 0) == [
        "She ran. It is so: we ran.",
        "They ran. We all ran.",
    ]


def test_a_caption_of_several_sentences_is_no_headline() -> None:
    assert cut("She ran.\n\nHe runs in Leeds. Photo of ours\n\nThey ran. We ran.", 10, 0) == [
        "She ran.\n\nHe runs in Leeds. Photo of ours",
        "They ran. We ran.",
    ]


def test_where_there_are_no_blank_lines_a_line_is_a_paragraph() -> None:
    assert cut("He ran.\nShe ran. They ran home.", 5, 0) == ["He ran.", "She ran. They ran home."]
    assert cut("He ran.\nShe ran. They ran home.\n\nSo.", 5, 0) == [
        "He ran.\nShe ran.",
        "They ran home.\n\nSo.",
    ]


def test_a_text_without_sentences_has_no_passages() -> None:
    assert cut(" \n ", 8, 2) == []


@pytest.mark.parametrize(
    ("sentence", "pieces"),
    [
        pytest.param(
            "a b c d; e f g h i.", ["a b c d;", "e f g h i."], id="behind-a-punctuation-mark"
        ),
        pytest.param(
            "a b c d e; f g h i.", ["a b c d e;", "f g h i."], id="at-the-last-border-that-fits"
        ),
        pytest.param("a b c d and e f g h.", ["a b c d", "and e f g h."], id="before-and"),
        pytest.param(
            "a b c d e f g h i j.", ["a b c d e f", "g h i j."], id="between-words-without-clauses"
        ),
        pytest.param("a b c, d e f g h i.", ["a b c, d e f", "g h i."], id="not-in-the-first-half"),
        pytest.param(
            "a b c d andes f g h.", ["a b c d andes f", "g h."], id="not-before-a-word-like-and"
        ),
    ],
)
def test_a_sentence_over_the_budget_is_cut_at_clause_borders(
    sentence: str, pieces: list[str]
) -> None:
    assert cut(sentence, 6, 0) == pieces


def test_the_pieces_of_a_long_sentence_overlap() -> None:
    assert cut("a b c d e f g h i j.", 6, 2) == ["a b c d e f", "e f g h i j."]


@pytest.mark.parametrize(
    ("text", "overlap", "pieces"),
    [
        pytest.param("abcd efgh ijkl.", 0, ["abcd efgh", "ijkl."], id="between-words"),
        pytest.param("abcdefghijklmn.", 0, ["abcdefghijkl", "mn."], id="a-word-without-end"),
        pytest.param("abcd ef gh ijkl.", 1, ["abcd ef gh", "gh ijkl."], id="sharing-a-word"),
        pytest.param(
            "ab cd efgh ijkl.", 2, ["ab cd efgh", "efgh ijkl."], id="sharing-a-longer-one"
        ),
        pytest.param("ab efgh cdef ijkl.", 1, ["ab efgh cdef", "ijkl."], id="sharing-no-half-word"),
    ],
)
def test_a_long_sentence_is_cut_between_words_where_there_are_any(
    text: str, overlap: int, pieces: list[str]
) -> None:
    assert cut(text, 6, overlap, pairs) == pieces


def test_a_short_sentence_shares_a_passage_with_the_end_of_a_long_one() -> None:
    text = "a b c d e f go home. We ran."
    assert len(split_sentences(text)) == 2
    assert cut(text, 6, 0) == ["a b c d e f", "go home. We ran."]


@pytest.mark.parametrize("overlap", [-1, 90, 200])
def test_an_overlap_that_is_not_less_than_half_of_a_passage_is_refused(overlap: int) -> None:
    with pytest.raises(ValueError, match=f"an overlap of {overlap} tokens must be less than half"):
        PassageBudget(180, overlap)


# What is in a text decides where it is cut, so the parts are more telling than single characters.
PARTS = st.sampled_from(
    [*"abc.,;:!?()中文。，—’\u200b\u0301\0각🎉\n", " ", "  ", "\n\n", " and ", "word ", "x" * 120]
)
TEXTS = st.one_of(
    st.lists(PARTS, max_size=120).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
)
BUDGETS = st.integers(2, 40).flatmap(
    lambda longest: st.builds(
        PassageBudget,
        max_tokens=st.just(longest),
        overlap=st.integers(0, max(longest // 2 - 1, 0)),
    )
)


@pytest.fixture(scope="module")
def wordpiece() -> Tokenizer:
    return wordpiece_tokenizer()


@settings(max_examples=300)
@given(TEXTS, BUDGETS)
@example("각각각각", PassageBudget(2, 0))
@example("a and 각", PassageBudget(2, 0))
@example("\u200b" * 50, PassageBudget(2, 0))
def test_whatever_the_text_nothing_is_lost_and_passages_only_move_on(
    wordpiece: Tokenizer, text: str, budget: PassageBudget
) -> None:
    passages = cut_passages(
        Article("a", "Title", text),
        split_sentences(text),
        tokenize=lambda piece: token_ranges(wordpiece, piece),
        budget=budget,
    )
    assert_covers(text, passages)
    assert len({passage.passage_id for passage in passages}) == len(passages)
    for before, after in pairwise(passages):
        assert before.start < after.start
        assert before.end < after.end


@settings(max_examples=300)
@given(TEXTS, BUDGETS)
def test_passages_fit_the_budget_and_overlap_by_no_more_than_allowed(
    text: str, budget: PassageBudget
) -> None:
    passages = _cut(text, budget)
    assert all(len(words(passage.text)) <= budget.max_tokens for passage in passages)
    for before, after in pairwise(passages):
        assert len(words(text[after.start : before.end])) <= budget.overlap


@settings(max_examples=300)
@given(TEXTS, BUDGETS)
def test_only_a_sentence_over_the_budget_is_ever_cut(text: str, budget: PassageBudget) -> None:
    cuts = {cut for passage in _cut(text, budget) for cut in (passage.start, passage.end)}
    for sentence in split_sentences(text):
        if any(sentence.start < place < sentence.end for place in cuts):
            assert len(words(text[sentence.start : sentence.end])) > budget.max_tokens


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("word " * 300 + " " * 100_000 + "end.", id="white-space-without-end"),
        pytest.param("word " * 100_000, id="sentence-without-end"),
        pytest.param("x" * 300_000, id="word-without-end"),
        pytest.param(", " * 50_000, id="nothing-but-commas"),
    ],
)
def test_a_hostile_text_is_cut_in_reasonable_time(wordpiece: Tokenizer, text: str) -> None:
    began = time.process_time()
    passages = cut_passages(
        Article("a", "Title", text),
        split_sentences(text),
        tokenize=lambda piece: token_ranges(wordpiece, piece),
        budget=PassageBudget(),
    )
    assert_covers(text, passages)
    assert time.process_time() - began < 5


def test_an_id_depends_on_article_text_and_place_alone() -> None:
    first = passage_id("a", "00ff", 3, 9)
    # The same in every version, as what an index holds is compared by it.
    assert first == passage_id("a", "00ff", 3, 9) == 7755363835919558122
    others = [("b", "00ff", 3, 9), ("a", "00fe", 3, 9), ("a", "00ff", 2, 9), ("a", "00ff", 3, 8)]
    assert first not in {passage_id(*other) for other in others}


def test_ids_are_positive_and_fit_in_63_bits() -> None:
    ids = [passage_id("a", "00ff", 0, end) for end in range(1, 1000)]
    assert all(0 <= one < 2**63 for one in ids)
    assert len(set(ids)) == 999
