"""The pages as the server sends them: what they say in each state, what they refuse to run."""

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from starlette.testclient import TestClient

from api.pages.marked_text import Mark, marked_text
from api.pages.result import in_words, percent
from qa.answers import Outcome
from qa.ask import QuestionRoad
from qa.question import Question
from tests.api.conftest import Open, Publish

QUESTION = "How many on the ship?"
TEXT = "The ship carries 42 sailors. <b>not bold</b> & <script>document.title = 'run'</script>"


def text_of(page: str) -> str:
    """Return what a page says, without its tags."""
    body = page.partition("<body")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def ask(client: TestClient, **parameters: str) -> str:
    response = client.get("/", params=parameters)
    assert response.status_code == 200, response.text
    return response.text


def test_the_start_says_how_many_articles_there_are(client: TestClient) -> None:
    assert "3 articles to ask. What they do not say," in text_of(ask(client))


def test_one_article_is_spoken_of_as_one(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    publish(tmp_path / "index", [{"id": "a", "text": "The ship carries 42 sailors."}])
    with open_service(tmp_path / "index") as client:
        assert "1 article to ask. What it does not say," in text_of(ask(client))


def test_an_answer_is_marked_in_its_sentence_with_its_source(client: TestClient) -> None:
    page = ask(client, q=QUESTION)
    assert "The ship carries <mark>42</mark> sailors and a cat.</p>" in page
    said = text_of(page)
    assert "A ship Harbour News 15 November 2021" in said
    assert "1 source" in said
    assert "Other answers 7 " in said


def test_confidence_is_told_in_words_and_in_percent(client: TestClient) -> None:
    confidence = client.get("/v1/ask", params={"q": QUESTION}).json()["answers"][0]["confidence"]
    assert f"{in_words(confidence)} {percent(confidence)} %" in text_of(ask(client, q=QUESTION))


@pytest.mark.parametrize(
    ("probability", "words", "number"),
    [
        (1.0, "Very likely right", 99),
        (0.9, "Very likely right", 90),
        (0.7, "Likely right", 70),
        (0.4, "Possibly right", 40),
        (0.0, "Unlikely, but possible", 1),
    ],
)
def test_nothing_is_certain(probability: float, words: str, number: int) -> None:
    assert (in_words(probability), percent(probability)) == (words, number)


def test_sources_of_all_articles_are_suggested_but_not_of_deleted_ones(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    articles = [
        {"id": f"{number:04}", "text": "The ship.", "source": f"Paper {number // 2}"}
        for number in range(240)
    ]
    publish(tmp_path / "index", [*articles, {"id": "~", "text": "No.", "source": "Single"}])
    with open_service(tmp_path / "index") as client:
        first = re.findall('<option value="([^"]*)">', client.get("/").text)
        assert len(first) == 100
        assert "Single" not in first
        for number in range(240 - 42):
            assert client.delete(f"/v1/articles/{number:04}").status_code == 200
        left = re.findall('<option value="([^"]*)">', client.get("/").text)
    assert left == [*(f"Paper {number}" for number in sorted(range(99, 120), key=str)), "Single"]


def test_articles_that_differ_are_said_to(client: TestClient) -> None:
    assert "The articles disagree." in text_of(ask(client, q=QUESTION))
    assert "disagree" not in text_of(ask(client, q=QUESTION, source="Town Crier"))


def read_out(page: str) -> str:
    """Return what the page has a screen reader say."""
    return html.unescape(page.partition('data-said="')[2].partition('"')[0])


def test_what_is_said_against_an_answer_is_read_out_too(client: TestClient) -> None:
    assert "The articles disagree." in read_out(ask(client, q=QUESTION))
    assert "yes-or-no question" in read_out(ask(client, q="Is anything counted?"))


def test_words_of_an_article_are_in_its_language(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    article = {"id": "a", "title": "כותרת", "text": "בספינה יש 42 מלחים.", "language": "he"}
    publish(tmp_path / "index", [article])
    with open_service(tmp_path / "index") as client:
        asked, opened = ask(client, q=QUESTION), client.get("/articles/a").text
    for tag in ("h2 ", "blockquote", "a class"):
        assert re.search(rf'<{tag}[^>]* lang="he">', asked), tag
    for tag in ("h1", "article"):
        assert re.search(rf'<{tag}[^>]* lang="he">', opened), tag


def test_articles_that_agree_are_counted(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    articles = [{"id": name, "text": f"{name} says 42 on the ship."} for name in ("one", "two")]
    publish(tmp_path / "index", articles)
    with open_service(tmp_path / "index") as client:
        said = text_of(ask(client, q=QUESTION))
    assert "2 sources agree" in said
    assert "1 more place says so" in said


def test_abstaining_offers_the_nearest_passages(client: TestClient) -> None:
    page = ask(client, q="Is anything counted?", to="", source="")
    with_note = text_of(page)
    assert "yes-or-no question" in with_note
    response = client.get("/", params={"q": "Who?", "from": "2030-01-01"})
    assert "No article is left to answer from." in text_of(response.text)


def test_the_nearest_passages_open_in_their_article(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    publish(tmp_path / "index", [{"id": "mute", "title": "M", "text": "Nothing is counted."}])
    with open_service(tmp_path / "index") as client:
        page = ask(client, q="Who?")
        assert "The articles do not answer this." in text_of(page)
        (link,) = re.findall(r'<a class="open" href="([^"]*)"', page)
        article = client.get(html.unescape(link)).text
    assert '<mark class="current" id="quote" tabindex="-1">Nothing is counted.</mark>' in article
    assert "1 of 1" in text_of(article)


def test_the_nearest_passages_waste_no_line(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    publish(tmp_path / "index", [{"id": "m", "title": "M", "text": "Nothing here.\n\nNor here."}])
    with open_service(tmp_path / "index") as client:
        assert '<p class="quote" dir="auto">Nothing here.\nNor here.</p>' in ask(client, q="Who?")


def test_the_note_of_a_question_that_counts_stands_where_the_answer_would(
    client: TestClient,
) -> None:
    said = text_of(ask(client, q="How many articles mention the ship?"))
    assert "no quotation can answer it" in said
    assert "Nearest passages" in said


def test_what_was_left_undone_is_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = QuestionRoad.ask

    def ask_in_haste(road: QuestionRoad, question: Question) -> Outcome:
        return replace(whole(road, question), degraded="the time budget allowed reading 1 of 9")

    monkeypatch.setattr(QuestionRoad, "ask", ask_in_haste)
    said = text_of(ask(client, q="How many on the old ship?"))
    assert "Not all was looked at: the time budget allowed reading 1 of 9." in said
    assert "Not all was looked at" in read_out(ask(client, q="How many on the old ship?"))


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"q": "x" * 2_001}, "The question has 2,001 characters; shorten it"),
        ({"q": "a\x07b"}, "The question has the control character U+0007"),
        ({"q": "who?", "from": "yesterday"}, "The first day: write a day as YYYY-MM-DD"),
        ({"q": "who?", "to": "2021"}, "The last day: write a day as YYYY-MM-DD"),
        ({"from": "2022-01-02", "to": "2022-01-01"}, "the first day is later than the last one"),
        ({"q": "who?", "source": "x" * 513}, "The source:"),
    ],
)
def test_what_cannot_be_asked_is_told_on_a_page_that_keeps_it(
    client: TestClient, parameters: dict[str, str], told: str
) -> None:
    response = client.get("/", params=parameters)
    assert response.status_code == 422
    assert told in text_of(response.text)
    for value in parameters.values():
        assert f'value="{html.escape(value)}"' in response.text


def test_blank_and_foreign_parameters_are_passed_over(client: TestClient) -> None:
    plain = text_of(ask(client, q=QUESTION))
    assert text_of(ask(client, q=QUESTION, to="", source=" ", utm_source="x")) == plain


@pytest.mark.parametrize("path", ["/", f"/?q={QUESTION}", "/articles/town"])
def test_a_service_without_an_index_says_so_to_people(
    open_service: Open, tmp_path: Path, path: str
) -> None:
    with open_service(tmp_path / "none", ready=False) as client:
        response = client.get(path)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is no index at" in text_of(response.text)


def test_markup_in_questions_titles_texts_and_sources_is_shown_as_text(
    open_service: Open, publish: Publish, tmp_path: Path
) -> None:
    hostile = "<i>T</i>\"'><script>alert(1)</script>"
    article = {"id": "a", "title": hostile, "text": TEXT, "source": hostile, "authors": [hostile]}
    publish(tmp_path / "index", [article])
    with open_service(tmp_path / "index") as client:
        asked = ask(client, q=f"ship {hostile}")
        pages = [asked, client.get(f"/articles/a?q={hostile}").text]
        pages.append(client.get("/", params={"q": "ship", "source": hostile, "from": hostile}).text)
    for page in pages:
        scripts = re.findall(r"<script[^>]*>", page)
        assert all(re.search(r' src="(\./|\.\./)static/', script) for script in scripts)
        assert not re.search(r"<[ib]>|onerror=|style=", page)
    assert escape(hostile) in asked


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://example.org/a?b=1&c", True), ("/relative", False), (None, False)],
)
def test_only_web_addresses_are_linked(
    open_service: Open, publish: Publish, tmp_path: Path, url: str | None, shown: bool
) -> None:
    publish(tmp_path / "index", [{"id": "a", "text": TEXT, "url": url}])
    with open_service(tmp_path / "index") as client:
        page = client.get("/articles/a").text
    assert (">Original</a>" in page) is shown


@pytest.mark.parametrize(
    "path", ["/", f"/?q={QUESTION}", "/articles/town", "/docs", "/articles/no"]
)
def test_nothing_may_run_or_load_but_our_own(client: TestClient, path: str) -> None:
    response = client.get(path)
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', response.text)


def test_an_unknown_article_is_a_page_that_says_so(client: TestClient) -> None:
    response = client.get("/articles/nowhere")
    assert response.status_code == 404
    assert "There is no such article" in text_of(response.text)


@pytest.mark.parametrize("path", ["/nope", "/docs/", "/static/none.css"])
def test_at_a_wrong_address_people_find_a_page_and_programs_a_problem(
    client: TestClient, path: str
) -> None:
    page = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is nothing at this address" in text_of(page.text)
    assert client.get(path).headers["content-type"] == "application/problem+json"


def test_keys_are_promised_where_they_lead_somewhere(client: TestClient) -> None:
    assert "next hit" not in client.get("/articles/town").text
    assert "next hit" in client.get("/articles/town", params={"q": QUESTION}).text


STATIC = {
    "/static/quoth.css": "text/css; charset=utf-8",
    "/static/ask.js": "text/javascript; charset=utf-8",
    "/static/article.js": "text/javascript; charset=utf-8",
    "/static/keys.js": "text/javascript; charset=utf-8",
    "/static/icon.svg": "image/svg+xml",
    "/widget.js": "text/javascript; charset=utf-8",
}
PAGES = ["/", f"/?q={QUESTION}", "/articles/town", "/docs"]


@pytest.mark.parametrize(("path", "media_type"), STATIC.items())
def test_static_files_have_their_types(client: TestClient, path: str, media_type: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type


def test_the_widget_may_be_loaded_by_any_page_and_kept_for_an_hour(client: TestClient) -> None:
    headers = client.get("/widget.js").headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize("path", [*STATIC, *PAGES])
def test_what_a_client_has_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(path)
    etag = first.headers["etag"]
    assert first.headers["cache-control"]
    for known in (etag, etag.removeprefix("W/"), f'"other", {etag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize("path", [*STATIC, *PAGES])
def test_head_has_the_headers_of_get_and_no_body(client: TestClient, path: str) -> None:
    head, get = client.head(path), client.get(path)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("etag", "content-type", "content-length"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("name", ["none.js", "..%2Fapp.py", "%2e%2e/app.py", "widget", ""])
def test_no_other_file_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404


def test_the_documentation_names_every_route_and_loads_nothing_foreign(client: TestClient) -> None:
    page = client.get("/docs").text
    said = text_of(page)
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for method in methods:
            assert f"{method.upper()} {path}" in said
    assert "<script" not in page
    assert "`" not in page


def test_the_documentation_tells_bounds_and_kinds_and_sets_code_as_code(
    client: TestClient,
) -> None:
    page = client.get("/docs").text
    assert "<code>article.text[start:end] == quote</code>" in page
    said = text_of(page)
    assert "top_k integer from 1 to 20" in said
    assert "time_budget_ms number over 0 to 600,000" in said
    assert "history list of TurnBody" in said


pieces = st.text(st.sampled_from("ab <&\n\r\t😀é"), max_size=40)


@given(text=pieces, data=st.data())
def test_marks_leave_the_text_as_it_is_and_cover_their_ranges(
    text: str, data: st.DataObject
) -> None:
    offsets = st.integers(0, len(text) + 3)
    ranges = data.draw(st.lists(st.tuples(offsets, offsets), max_size=4))
    marks = [Mark((min(r), max(r)), current=number == 0) for number, r in enumerate(ranges)]
    page = str(marked_text(text, marks))
    plain = html.unescape(re.sub(r"<[^>]*>", "", page))
    assert plain == text
    if marks:
        current = re.findall(r'<mark class="current"[^>]*>(.*?)</mark>', page, re.DOTALL)
        assert html.unescape("".join(current)) == text[slice(*marks[0].quote)]
    covered = {place for mark in marks for place in range(*mark.quote) if place < len(text)}
    inside = re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.DOTALL)
    assert html.unescape("".join(inside)) == "".join(text[place] for place in sorted(covered))


def test_a_mark_over_several_paragraphs_has_one_target() -> None:
    page = str(marked_text("One.\n\nTwo.\n\nThree.", [Mark((0, 10), ((6, 9),), current=True)]))
    assert page == (
        '<p dir="auto"><mark class="current" id="quote" tabindex="-1">One.</mark></p>'
        '<mark class="current">\n\n</mark>'
        '<p dir="auto"><mark class="current"><strong>Two</strong>.</mark></p>'
        '\n\n<p dir="auto">Three.</p>'
    )
