"""What `quoth fetch` decides without asking anyone: addresses, names, kinds, entries, rules."""

import threading
from datetime import date
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.fetching.addressing import Network, network_of, reach_from, web_address
from scripts.fetching.errors import FetchError
from scripts.fetching.feeds import read_feed
from scripts.fetching.kinds import Kind, kind_of
from scripts.fetching.marking import marked
from scripts.fetching.naming import stem_of
from scripts.fetching.robots import AGENT, delay_s, rules_of
from scripts.fetching.web import Bounds, ToCheckedAddresses, open_web
from tests.scripts.fetched_site import Site

SAVED = b"<!-- saved from url=(0023)https://echo.example/a/ -->\n"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("8.8.8.8", Network.PUBLIC),
        ("2606:4700::1111", Network.PUBLIC),
        ("64:ff9b::808:808", Network.PUBLIC),
        ("127.0.0.1", Network.THIS_MACHINE),
        ("0.0.0.0", Network.THIS_MACHINE),  # noqa: S104 - nothing listens here
        ("::1", Network.THIS_MACHINE),
        ("169.254.169.254", Network.THIS_LINK),
        ("fe80::1%eth0", Network.THIS_LINK),
        ("64:ff9b::a9fe:a9fe", Network.THIS_LINK),
        ("2002:a9fe:a9fe::", Network.THIS_LINK),
        ("10.0.0.1", Network.PRIVATE),
        ("::ffff:10.0.0.1", Network.PRIVATE),
        ("100.64.0.1", Network.PRIVATE),
        ("224.0.0.1", Network.PRIVATE),
        ("fd00::1", Network.PRIVATE),
        ("fec0::1", Network.PRIVATE),
        ("::127.0.0.1", Network.PRIVATE),
    ],
)
def test_addresses_are_told_apart_by_where_they_lead(address: str, network: Network) -> None:
    assert network_of(address) is network


@pytest.mark.parametrize(
    ("host", "target", "may"),
    [
        pytest.param(["8.8.8.8"], "1.1.1.1", True, id="public-to-public"),
        pytest.param(["8.8.8.8"], "127.0.0.1", False, id="public-to-this-machine"),
        pytest.param(["8.8.8.8", "127.0.0.1"], "127.0.0.1", False, id="says-to-be-both"),
        pytest.param(["10.0.0.1"], "10.9.9.9", True, id="within-the-private-network"),
        pytest.param(["10.0.0.1"], "8.8.8.8", True, id="private-to-public"),
        pytest.param(["10.0.0.1"], "169.254.169.254", False, id="private-to-metadata"),
        pytest.param(["127.0.0.1"], "10.0.0.1", False, id="this-machine-to-private"),
    ],
)
def test_a_host_leads_to_the_public_and_to_its_own_network(
    host: list[str], target: str, may: bool
) -> None:
    if may:
        reach_from(host).check([target])
    else:
        with pytest.raises(FetchError, match="use --allow-private"):
            reach_from(host).check(["1.1.1.1", target])


def test_a_request_goes_to_the_addresses_that_were_checked_whatever_the_name_means(
    site: Site,
) -> None:
    site.put("/vote", "nine to two")
    port = site.server.server_address[1]
    with httpx.Client(transport=ToCheckedAddresses()) as client:
        # Nobody is at the first.
        checked = {"addresses": ["127.0.0.2", "127.0.0.1"]}
        response = client.get(f"http://nowhere.invalid:{port}/vote", extensions=checked)
    assert response.text == "nine to two"
    ((_, head),) = site.asked
    assert head["Host"] == f"nowhere.invalid:{port}"


def test_an_answer_that_drips_is_left_before_it_ends(site: Site) -> None:
    ended = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not ended.wait(0.05):
            handler.wfile.write(b".")

    site.answers["/drip"] = drip
    bounds = Bounds(pause_s=0, timeout_s=20, whole_answer_s=0.2)
    with (
        open_web("Quoth/test", bounds) as web,
        pytest.raises(FetchError, match="was not there as a whole"),
    ):
        web.fetch(f"{site.url}/drip", reach=None, known=None)
    ended.set()


@pytest.mark.parametrize(
    ("written", "url"),
    [
        (" HTTPS://Echo.Example:443#top", "https://echo.example/"),
        ("http://bücher.example/ä b?q=ü", "http://xn--bcher-kva.example/%C3%A4%20b?q=%C3%BC"),
        ("https://echo.example?q=1", "https://echo.example/?q=1"),
        ("https://echo.example/a/../b", "https://echo.example/b"),
    ],
)
def test_an_address_has_one_form(written: str, url: str) -> None:
    assert web_address(written) == url
    assert web_address(url) == url


@pytest.mark.parametrize("url", ["http://xn--", "http://xn--a.example/", "//a", ""])
def test_what_is_no_address_of_the_web_is_told(url: str) -> None:
    with pytest.raises(FetchError):
        web_address(url)


@given(st.text(), st.text())
def test_no_two_addresses_have_one_file(one: str, other: str) -> None:
    urls = {f"https://echo.example/{one}", f"https://echo.example/{other}"}
    assert len({stem_of(url) for url in urls}) == len(urls)


@given(st.text())
def test_every_address_has_a_file_that_can_be_written(path: str) -> None:
    stem = stem_of(f"https://echo.example/{path}")
    assert stem.startswith("echo-example-")
    assert "/" not in stem
    assert stem.isprintable()
    assert len(stem.encode()) < 200


@pytest.mark.parametrize(
    ("media_type", "content", "kind"),
    [
        pytest.param("text/html", b"<p>Text", Kind.PAGE, id="page-in-part"),
        pytest.param("text/html", b"<?xml version='1.0'?><rss>", Kind.FEED, id="feed-as-page"),
        pytest.param("text/plain", b"<!-- <html> --> <feed>", Kind.FEED, id="feed-as-text"),
        pytest.param("text/xml", "<rss>".encode("utf-16"), Kind.FEED, id="feed-in-utf-16"),
        pytest.param("application/rdf+xml", b"<rdf:RDF>", Kind.FEED, id="rss-1"),
        pytest.param("application/xml", b"<html>", Kind.PAGE, id="page-as-xml"),
        pytest.param("", b"\xef\xbb\xbf<!DOCTYPE html>\n<html>", Kind.PAGE, id="page-as-nothing"),
        pytest.param("text/html", b"%PDF-1.7", Kind.PDF, id="pdf-as-page"),
        pytest.param("application/pdf", b"<html>Log in", None, id="page-as-pdf"),
        pytest.param("application/json", b"{}", None, id="json"),
        pytest.param("text/xml", b"<!--" * 2_000, None, id="comment-without-end"),
        pytest.param("", b" " * 5_000, None, id="blank"),
    ],
)
def test_what_it_holds_tells_more_than_what_it_is_said_to_be(
    media_type: str, content: bytes, kind: Kind | None
) -> None:
    assert kind_of(media_type, content) is kind


RSS = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<item><title>Bread &amp;amp; &lt;i&gt;cake&lt;/i&gt;</title><link>/a?b=1&amp;c=2</link>
<author>nora@echo.example (Nora Fields)</author><pubDate>nonsense</pubDate></item>
<item><guid isPermaLink="true">https://echo.example/g</guid><author>nora@echo.example</author>
<dc:date>2024-03-12T23:30:00-05:00</dc:date><description>A few words.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><author><name>Ed Poe</name></author>
<entry><title>Bread &lt; cake</title><link rel="enclosure" href="a.mp3"/>
<link rel="alternate" href="a"/><updated>2024-05-01T00:00:00Z</updated>
<content type="text">One &lt; two.

Three.</content></entry></feed>"""


def test_entries_have_what_the_feed_states_of_them_and_no_more() -> None:
    bread, guid = read_feed(RSS.encode(), url="https://echo.example/rss", content_type="text/xml")
    assert (bread.url, bread.title) == ("https://echo.example/a?b=1&c=2", "Bread & cake")
    assert (bread.authors, bread.published) == (["Nora Fields"], None)
    assert (guid.url, guid.published) == ("https://echo.example/g", date(2024, 3, 12))
    # An address is no name, and a summary is not the text.
    assert (guid.authors, guid.text) == ([], None)
    (entry,) = read_feed(ATOM.encode(), url="https://echo.example/f/x", content_type="text/xml")
    assert (entry.url, entry.title) == ("https://echo.example/f/a", "Bread < cake")
    assert (entry.authors, entry.published) == (["Ed Poe"], None)
    assert entry.text == "<p>One &lt; two.</p><p>Three.</p>"


def test_scripts_in_a_feeds_text_are_left_out() -> None:
    content = "<content type='html'>&lt;script&gt;x&lt;/script&gt;&lt;p&gt;Text&lt;/p&gt;</content>"
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{content}</entry></feed>"
    (entry,) = read_feed(feed.encode(), url="https://echo.example/", content_type="text/xml")
    assert entry.text == "<p>Text</p>"


def test_a_host_without_rules_allows_all_and_one_that_fails_says_nothing() -> None:
    assert rules_of(404, b"Disallow: /").can_fetch("https://echo.example/a", AGENT)
    rules = rules_of(200, b"\xef\xbb\xbfUser-agent: *\nCrawl-delay: 99\nDisallow: /a")
    assert not rules.can_fetch("https://echo.example/a", AGENT)
    assert delay_s(rules) == 30.0
    with pytest.raises(FetchError, match="fetch it again later"):
        rules_of(429, b"")


def test_rules_may_have_wild_cards_and_the_longest_counts() -> None:
    rules = rules_of(
        200, b"User-agent: *\nDisallow: /*?print=\nDisallow: /archive\nAllow: /archive/$"
    )
    assert not rules.can_fetch("https://echo.example/vote?print=1", AGENT)
    assert rules.can_fetch("https://echo.example/archive/", AGENT)
    assert not rules.can_fetch("https://echo.example/archive/1999", AGENT)


@pytest.mark.parametrize("line", ["Disallow: //[x", "Crawl-delay: ²", "Request-rate: ²/1", "\0"])
def test_a_line_that_is_no_rule_spoils_no_other(line: str) -> None:
    rules = rules_of(200, f"User-agent: *\n{line}\nDisallow: /a".encode())
    assert not rules.can_fetch("https://echo.example/a", AGENT)


@pytest.mark.parametrize(
    ("page", "charset", "saved"),
    [
        pytest.param(b"<p>a", None, b"<p>a", id="nothing"),
        pytest.param(
            b"<!DOCTYPE html>\n<html lang=en><HEAD class=a><title>",
            "Windows-1251",
            b'<!DOCTYPE html>\n<html lang=en><HEAD class=a><meta charset="Windows-1251"><title>',
            id="in-the-head",
        ),
        pytest.param(
            b"<!DOCTYPE html><html lang=en><p>a",
            "utf-8",
            b'<!DOCTYPE html><html lang=en><meta charset="utf-8"><p>a',
            id="without-a-head",
        ),
        pytest.param(b"<head>a", "utf-9", b"<head>a", id="no-encoding"),
        pytest.param(b"<head>a", 'utf-8"><b>', b"<head>a", id="no-name-of-an-encoding"),
        pytest.param(b"<head>a", "base64", b"<head>a", id="no-encoding-of-text"),
        pytest.param(
            "<head>ä".encode("utf-16"), "latin-1", '<head><meta charset="utf-8">ä'.encode(), id="16"
        ),
    ],
)
def test_a_saved_page_says_what_only_its_server_said(
    page: bytes, charset: str | None, saved: bytes
) -> None:
    found = marked(page, url="https://echo.example/a/", charset=charset, entry=None)
    assert found == SAVED + saved
