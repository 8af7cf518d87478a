"""Passes: which page a link from an answer opens without a key, and what it does not open."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.callers.passes import LIFETIME_S, link_with_pass, pass_opens
from api.formats.names import Format
from qa.answers import Citation
from qa.values import Article, Sentence
from tests.api.conftest import Open

KEY = "first-key-0123456789"
PAGE = "https://news.example"
WITH_KEY = {"Authorization": f"Bearer {KEY}"}
ASK = "/v1/ask?q=How many on the ship?&explain=true"


@pytest.fixture
def keyed(open_service: Open, small_index: Path) -> Iterator[TestClient]:
    """The service with a key, which lets no visitors in."""
    with open_service(small_index, api_keys=KEY, allowed_origins=PAGE) as client:
        yield client


def with_token(client: TestClient) -> dict[str, str]:
    """Return the headers that the widget on a page sends."""
    given = client.post("/v1/tokens", headers={"Origin": PAGE, **WITH_KEY}).json()
    return {"Authorization": f"Bearer {given['token']}", "Origin": PAGE}


def first_link(client: TestClient, headers: dict[str, str]) -> str:
    response = client.get(ASK, headers=headers)
    assert response.status_code == 200, response.text
    link: str = response.json()["answers"][0]["citations"][0]["viewer_link"]
    return link


def citation(article_id: str) -> Citation:
    article = Article(article_id=article_id, title="t", text="Yes.")
    return Citation(article, Sentence(0, 0, 4), "Yes.", 0, 3, "Yes", prefix="", suffix="")


def parts(link: str) -> tuple[str, str]:
    """Return path and query of a link to an id that needs no escapes."""
    path, _, query = link.partition("#")[0].partition("?")
    return path, query


def test_a_source_of_an_answer_to_a_token_opens_without_a_key(keyed: TestClient) -> None:
    link = first_link(keyed, with_token(keyed))
    address, _, fragment = link.partition("#")
    assert fragment.startswith("char=")
    page = keyed.get(address)
    assert page.status_code == 200
    assert "The ship carries 42 sailors" in page.text
    # It leads nowhere where a key is asked for.
    assert 'href="/"' not in page.text
    assert 'class="keys"' not in page.text
    assert keyed.head(address).status_code == 200
    assert page.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("question", ["How many on the ship?", "Who wrote Hamlet?"])
def test_in_every_format_our_links_open_without_a_key(
    keyed: TestClient, format_: Format, question: str
) -> None:
    asked = {"question": question, "format": format_}
    told = keyed.post("/v1/ask", json=asked, headers=with_token(keyed)).text
    links = set(re.findall(r"/articles/[^\s\"<>\\#]*", told))
    shows_reading = format_ not in (Format.QUOTH, Format.WEB_ANNOTATION)
    assert links or not (shows_reading or "ship" in question)
    for link in links:
        assert keyed.get(link).status_code == 200, link


def test_a_pass_opens_one_page_and_asks_nothing(keyed: TestClient) -> None:
    path, query = parts(first_link(keyed, with_token(keyed)))
    for more in ("char=0,3", "utm_source=mail&utm_medium=a", "fbclid=IwAR0"):
        assert keyed.get(f"{path}?{query}&{more}").status_code == 200, more
    for other in (
        f"/articles/town?{query}",
        f"/articles/town/?{query}",
        f"{path}/?{query}",
        f"{path}?{query}&q=ship",
        f"{path}?{query}&q=",
        f"{path}?{query}&source=Harbour",
        f"{path}?{query}&from=2020-01-01",
        f"{path}?{query}&to=2020-01-01",
        f"{path}?{query}&{query}",
    ):
        assert keyed.get(other).status_code == 403, other
    assert path != "/articles/town"
    for other in ("/v1" + path, "/", "/v1/ask", "/v1/articles"):
        assert keyed.get(f"{other}?{query}").status_code == 401, other
    assert keyed.delete(f"/v1{path}?{query}").status_code == 401


def test_what_else_opens_articles_gets_plain_links(
    keyed: TestClient, open_service: Open, small_index: Path
) -> None:
    assert "pass=" not in keyed.get(ASK, headers=WITH_KEY).text
    with open_service(small_index, api_keys=KEY, allowed_origins=PAGE, visitors=True) as client:
        assert "?pass=" not in first_link(client, with_token(client))


def test_the_same_answer_within_an_hour_has_the_same_links_and_tag(
    keyed: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers, hour = with_token(keyed), int(time.time()) // 3_600 * 3_600
    links: list[Any] = []
    for now in (hour + 1, hour + 500):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        links.append(keyed.get(ASK, headers=headers))
    assert links[0].json()["answers"] == links[1].json()["answers"]
    assert links[0].headers["etag"] == links[1].headers["etag"]
    assert links[0].headers["etag"] != keyed.get(ASK, headers=WITH_KEY).headers["etag"]


def test_an_expired_link_says_so_and_asks_for_no_password(
    keyed: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, _, _ = first_link(keyed, with_token(keyed)).partition("#")
    later = time.time() + LIFETIME_S
    monkeypatch.setattr(time, "time", lambda: later)
    response = keyed.get(address)
    assert response.status_code == 403
    assert "This link has expired" in response.text
    assert "www-authenticate" not in response.headers
    assert response.headers["cache-control"] == "no-store"
    # Who has a key needs no pass.
    assert keyed.get(address, headers=WITH_KEY).status_code == 200


def test_a_pass_is_good_for_a_day_of_full_hours_and_dies_with_its_key() -> None:
    path, query = parts(link_with_pass(citation("a"), KEY, now=7_199))
    assert pass_opens(path, query, [KEY], now=3_600 + LIFETIME_S - 1)
    assert not pass_opens(path, query, [KEY], now=3_600 + LIFETIME_S)
    assert pass_opens(path, query, ["another-key-0123456", KEY], now=0)
    assert not pass_opens(path, query, ["another-key-0123456"], now=0)


def test_an_id_of_any_characters_is_signed_as_the_path_that_is_asked_for() -> None:
    link = link_with_pass(citation("a b/ä?#%2F⚓"), KEY, now=0)
    address, _, _ = link.partition("#")
    assert address.startswith("/articles/a%20b/%C3%A4%3F%23%252F%E2%9A%93?pass=")
    assert pass_opens("/articles/a b/ä?#%2F⚓", address.partition("?")[2], [KEY], now=0)


@given(st.text(max_size=40), st.integers(0, 90), st.characters(codec="ascii"))
@example("²", 0, "0").via("a digit that is no number")
@example("9" * 5000, 0, "0").via("a number that Python does not read")
def test_a_pass_that_was_changed_or_made_up_is_none(text: str, place: int, other: str) -> None:
    path, query = parts(link_with_pass(citation("a"), KEY, now=0))
    pass_ = query.removeprefix("pass=")
    assert not pass_opens(path, urlencode({"pass": text}), [KEY], now=0)
    changed = pass_[:place] + other + pass_[place + 1 :]
    if changed != pass_:
        assert not pass_opens(path, urlencode({"pass": changed}), [KEY], now=0)
