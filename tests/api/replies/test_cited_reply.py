"""The record that all dialects render."""

import pytest

from api.replies.cited_reply import CitedReply
from tests.api.formats.replies import (
    ABSTAINING,
    ANSWERED,
    BEYOND_THE_BMP,
    REPLIES,
    WITHOUT_READING,
)


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_a_source_is_what_the_mark_with_its_number_stands_for(reply: CitedReply) -> None:
    text = reply.text
    marks = [text.text[mark.start : mark.end] for mark in text.marks]
    assert marks == [f"[{source.number}]" for source in reply.sources]
    assert [mark.url for mark in text.marks] == [source.url for source in reply.sources]


def test_sources_have_the_ids_of_the_citations() -> None:
    assert [source.source_id for source in BEYOND_THE_BMP.sources] == ["c1", "c2", "c3", "c4"]
    assert [source.source_id for source in ABSTAINING.sources] == ["r1"]
    assert WITHOUT_READING.sources == ()


def quoted(reply: CitedReply) -> list[tuple[str, list[str]]]:
    return [
        (reply.text.text[part.start : part.end], [source.source_id for source in part.sources])
        for part in reply.quoted()
    ]


def test_all_that_is_quoted_is_found_in_the_text_behind_emoji() -> None:
    founded = "🎵🎵 Anna Lind 😀 founded it."
    wrote = "She wrote 42 songs 𝄞 in 7 years."
    assert quoted(BEYOND_THE_BMP) == [
        ("42 songs", ["c1", "c2"]),
        (founded, ["c1"]),
        (wrote, ["c1"]),
        (founded, ["c3"]),
        ("7", ["c4"]),
        (founded, ["c4"]),
        (wrote, ["c4"]),
    ]


def test_the_answer_is_borne_out_by_all_its_sources_and_the_sentence_by_its_own() -> None:
    (answer, sources), (_, first) = quoted(ANSWERED)
    assert (answer, sources) == ("Alexander Lukashenko", ["c1", "c2"])
    assert first == ["c1"]


def test_reading_is_quoted_too() -> None:
    ((words, sources),) = quoted(ABSTAINING)
    assert words.startswith("He has threatened")
    assert sources == ["r1"]
    assert quoted(WITHOUT_READING) == []


def test_an_article_without_a_title_is_named_by_its_id() -> None:
    assert BEYOND_THE_BMP.sources[0].title == "songs/the Ålesund ⚓"
    assert BEYOND_THE_BMP.sources[1].title == "Notes"


OWN_WORDS = {
    "answered": "",
    "beyond-the-bmp": "",
    "abstaining": "The articles do not answer this question. Nearest passages, as further reading:",
    "differing": "The articles do not agree: another answer is likely too. This is a yes-or-no "
    "question: Quoth can quote the sentence that bears on it, but does not judge.",
}


@pytest.mark.parametrize("case", REPLIES)
def test_nothing_but_quoths_own_words_stands_outside_of_quotation_marks(case: str) -> None:
    reply = REPLIES[case]
    prose = reply.text.text.partition("\n\n[1]: ")[0]
    for part in reversed([*reply.quoted()]):
        prose = prose[: part.start] + prose[part.end :]
    for source in reply.sources:
        prose = prose.replace(f"[{source.number}]", "")
    said = " ".join(prose.replace("“”", "").replace("—", "").replace("…", "").split())
    assert said == OWN_WORDS[case]
