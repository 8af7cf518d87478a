"""Which sentences need the one before them, and which sentence that is."""

import pytest

from index.sentences import split_sentences
from qa.context import (
    attributing_sentence,
    context_finder,
    has_unnamed_speaker,
    has_unnamed_subject,
    names_somebody,
    naming_sentence,
)
from qa.values import Article, Sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "He has threatened to cut off power supplies.",
        "It was also unclear whether Biden would try.",
        "Her mantra from the beginning has been stability.",
        "“They left,” he said.",
        "In that case, she had to weigh the interests of Germany.",
        "But it has not changed.",
        "This requires a balancing act.",
        "The official told Politico so.",
        "The pair held a summit in Geneva in June.",
        "The former adviser declined to comment.",
    ],
)
def test_a_subject_without_a_name_needs_the_sentence_before(sentence: str) -> None:
    assert has_unnamed_subject(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The longtime dictator of Belarus, Alexander Lukashenko, faces sanctions.",
        "In that case, Biden had to weigh the interests of Germany.",
        "The Kremlin took thousands of troops near the border.",
        "This past spring, the Kremlin took thousands of troops.",
        "That said, of course, Russia is testing Biden.",
        "The demand for caution stems from the notion that Washington must work with Moscow.",
        "Johann von Staupitz, his superior, pointed Luther’s mind away.",
        "Italy won.",
        "Heather said so.",
        "I think it is clear.",
        "",
    ],
)
def test_a_named_subject_needs_no_sentence_before(sentence: str) -> None:
    assert not has_unnamed_subject(sentence)


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("Russian leader Vladimir Putin is gathering troops.", True),
        ("Officials said on Friday that I would in May.", False),
        ("Developments have added to frustration.", False),
        ("“Sanctions work,” said Biden’s adviser.", True),
    ],
)
def test_a_capital_names_somebody_where_it_is_not_there_by_position(
    sentence: str, does: bool
) -> None:
    assert names_somebody(sentence) is does


def naming(text: str) -> str | None:
    """Return what names the subject of the last sentence."""
    *before, _ = split_sentences(text)
    found = naming_sentence(text, before)
    return None if found is None else text[found.start : found.end]


def test_the_nearest_sentence_with_a_name_and_its_own_subject_is_taken() -> None:
    text = "Erna Solberg led Norway. Jens Stoltenberg followed. He told Politico so. He left."
    assert naming(text) == "Jens Stoltenberg followed."


def speaker_named_in(text: str) -> str | None:
    """Return what names who speaks in the last sentence."""
    *before, last = split_sentences(text)
    assert has_unnamed_speaker(text[last.start : last.end])
    found = attributing_sentence(text, before)
    return None if found is None else text[found.start : found.end]


def test_who_speaks_is_named_by_the_nearest_sentence_that_says_so(seed_article: Article) -> None:
    text = seed_article.text[: seed_article.text.index("That confrontation could take")]
    assert "said Andrea Kendall-Taylor, director of" in (speaker_named_in(text.rstrip()) or "")
    assert speaker_named_in("Ada Moss grew up in Leeds. “We were poor.") is None
    assert speaker_named_in("It was cold, he said. We were poor.") is None
    assert speaker_named_in("That said, Russia is testing us. We must be aware.") is None


@pytest.mark.parametrize(
    "sentence",
    ["“I think so,” said Ada Moss.", "He thinks so.", "Iona thinks so.", "Weather matters."],
)
def test_a_sentence_that_says_who_speaks_or_does_not_speak_needs_none(sentence: str) -> None:
    assert not has_unnamed_speaker(sentence)


@pytest.mark.parametrize("item", ["- Casa Verde", "2. Ann Ray opens", "Club | Rovers | 4"])
def test_an_item_of_a_list_or_table_names_nobody_behind_it(item: str) -> None:
    text = f"{item}\n\nHe left."
    before = [Sentence(0, 0, len(item))]
    assert naming_sentence(text, before) is None
    assert naming_sentence("Ann Ray opens. He left.", [Sentence(0, 0, 14)]) is not None


def test_a_sentence_more_than_three_before_is_too_far() -> None:
    filler = "Much was said then. "
    assert naming(f"Jens Stoltenberg came. {filler * 2}He left.") == "Jens Stoltenberg came."
    assert naming(f"Jens Stoltenberg came. {filler * 3}He left.") is None


def test_in_the_seed_article_he_is_lukashenko(seed_article: Article) -> None:
    text = seed_article.text[: seed_article.text.index(" Lukashenko has also sent")]
    assert (naming(text) or "").startswith("The longtime dictator of Belarus, Alexander Lukashenko")


CLUB = """The club signed three players.

New players:

- Ada Berg, from Hamburg
- Bo Dahl, from Lund. He is a striker.
- She was there before

Top scorers
Player | Goals
Ada Berg | 21
Bo Dahl | 17

Team | Points
Rovers | 50

She scored twice. Ada Berg | 2"""


@pytest.mark.parametrize(
    ("quote", "context"),
    [
        pytest.param("- Ada Berg, from Hamburg", "New players:", id="item"),
        pytest.param("- She was there before", None, id="behind-another-sentence"),
        pytest.param("Player | Goals", None, id="head"),
        pytest.param("Bo Dahl | 17", "Player | Goals", id="row"),
        pytest.param("Team | Points", None, id="head-of-the-next-table"),
        pytest.param("Rovers | 50", "Team | Points", id="row-of-the-next-table"),
        pytest.param("The club signed three players.", None, id="sentence"),
    ],
)
def test_items_and_rows_are_shown_with_what_stands_above_them(
    quote: str, context: str | None
) -> None:
    sentences = split_sentences(CLUB)
    at = CLUB.index(quote)
    find = context_finder(quote)
    before = [one for one in sentences if one.end <= at]
    found = find(CLUB, before) if find else None
    assert (CLUB[found.start : found.end] if found else None) == context


def test_a_finished_sentence_introduces_no_list() -> None:
    text = "The club signed two players.\n\n- Ada Berg\n- Bo Dahl"
    find = context_finder("- Bo Dahl")
    assert find is not None
    assert find(text, split_sentences(text)[:2]) is None
