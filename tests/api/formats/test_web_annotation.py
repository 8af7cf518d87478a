"""Web Annotations: what the W3C's model demands, and selectors that find the quote."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.formats.names import Format
from api.formats.web_annotation import AnnotationCollection, PositionSelector, QuoteSelector
from qa.answers import Answer
from qa.values import Article
from tests.api.formats.golden_files import path_of
from tests.api.formats.replies import REPLIES, cited, reply

ANSWERED = ["answered", "beyond-the-bmp"]


def collection(case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path_of(Format.WEB_ANNOTATION, case).read_text("utf-8"))
    return found


@pytest.mark.parametrize("case", ANSWERED)
def test_a_collection_has_what_the_model_demands(case: str) -> None:
    found = collection(case)
    assert found["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert found["type"] == "AnnotationCollection"
    page = found["first"]
    assert (page["type"], page["startIndex"]) == ("AnnotationPage", 0)
    assert found["total"] == len(page["items"]) == len(REPLIES[case].sources)
    for annotation in page["items"]:
        assert annotation["type"] == "Annotation"
        assert {"id", "body", "target", "motivation"} <= annotation.keys()
    ids = [annotation["id"] for annotation in page["items"]]
    assert len(set(ids)) == len(ids)
    for iri in [found["id"], *ids]:
        assert iri == uuid.UUID(iri.removeprefix("urn:uuid:")).urn


@pytest.mark.parametrize("case", ANSWERED)
def test_both_selectors_find_the_quote_in_the_stored_text(case: str) -> None:
    annotations = collection(case)["first"]["items"]
    for annotation, source in zip(annotations, REPLIES[case].sources, strict=True):
        by_quote, by_position = annotation["target"]["selector"]
        text = source.citation.article.text
        start, end = by_position["start"], by_position["end"]
        exact, prefix, suffix = (by_quote[name] for name in ("exact", "prefix", "suffix"))
        assert text[start:end] == exact == source.citation.quote
        assert text.index(prefix + exact + suffix) + len(prefix) == start


def test_the_body_is_the_question_and_the_answer_and_no_other_word() -> None:
    for annotation, source in zip(
        collection("answered")["first"]["items"], REPLIES["answered"].sources, strict=True
    ):
        said = [(body["purpose"], body["value"]) for body in annotation["body"]]
        question = REPLIES["answered"].outcome.question
        assert said == [("questioning", question), ("replying", source.citation.answer)]


def test_positions_refer_to_the_copy_that_is_stored_here() -> None:
    on_the_web, only_here = (
        collection("beyond-the-bmp")["first"]["items"][n]["target"] for n in (0, 1)
    )
    assert on_the_web["source"] == "https://example.org/songs"
    stored = "https://quoth.example/articles/songs/the%20%C3%85lesund%20%E2%9A%93"
    assert on_the_web["state"] == {"type": "TimeState", "cached": stored}
    assert only_here["source"] == only_here["state"]["cached"]


def test_where_nothing_answers_nothing_is_marked() -> None:
    found = collection("abstaining")
    assert found["total"] == 0
    assert "first" not in found


@given(st.text(), st.text(min_size=1), st.text())
def test_positions_are_code_points_of_any_text(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    citation = cited(Article("any", "Any", text), quote, quote, index=0)
    said = AnnotationCollection.of(reply("?", Answer(quote, 0.9, (citation,))))
    assert said.first is not None
    by_quote, by_position = said.first.items[0].target.selector
    assert isinstance(by_quote, QuoteSelector)
    assert isinstance(by_position, PositionSelector)
    assert text[by_position.start : by_position.end] == by_quote.exact == quote
    before_it = text[: by_position.start]
    assert before_it.endswith(by_quote.prefix)
