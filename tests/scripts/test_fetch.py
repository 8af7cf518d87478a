"""`quoth fetch` against real servers: what is saved, what is asked for, and what is told."""

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from index.sources import find_source_files, read_articles
from qa.values import Article
from scripts.command_line.exit_code import ExitCode
from scripts.fetching.command import run_fetching
from scripts.fetching.naming import stem_of
from scripts.fetching.packed import MAX_UNPACKED_BYTES
from tests.index.sources.made_pdf import made_pdf, prose
from tests.scripts.fetched_site import Answer, Page, Site

ROOT = Path(__file__).parent.parent.parent

VOTE = """<!DOCTYPE html><html><head><title>Council backs footbridge</title></head><body><article>
<h1>Council backs steel footbridge</h1>
<p>The council voted nine to two on Tuesday for a steel footbridge over the River Sele, which will
cost £412,000. Work on it begins in June, said Odile Ferrant, the harbour engineer.</p>
<p>Two councillors had asked for a wooden one, which would have cost half of that.</p>
</article></body></html>"""
MARKET = VOTE.replace("footbridge", "market hall")
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Echo</title>
<item><title>Footbridge &amp; harbour</title><link>/vote</link><dc:creator>Nora Fields</dc:creator>
<pubDate>Tue, 12 Mar 2024 23:30:00 -0500</pubDate></item>
<item><title>Market hall</title><link>/market#top</link></item>
<item><title>The old mill</title><link>/mill</link><dc:creator>Ed Poe</dc:creator>
<content:encoded><![CDATA[<p>The old mill of Pellworth was sold to <b>Ida Quill</b>, who has run
the bakery beside it for thirty years and wants to grind her own flour there from next spring.</p>
<p>She paid £95,000 for the building, its wheel and the pond behind it.</p>]]></content:encoded>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Echo</title>
<entry><title>Footbridge</title><link href="vote"/><author><name>Nora Fields</name></author>
<published>2024-03-12T23:30:00-05:00</published><updated>2024-05-01T00:00:00Z</updated></entry>
</feed>"""


Fetch = Callable[..., dict[str, Any]]


@pytest.fixture
def fetch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Fetch:
    """Fetches into one folder; returns the summary, with the exit code in it."""

    def fetched(
        *urls: str, limit: int | None = None, allows_private: bool = False
    ) -> dict[str, Any]:
        code = run_fetching(
            urls,
            tmp_path / "pages",
            limit=limit,
            pause_s=0,
            allows_private=allows_private,
            as_json=True,
        )
        summary: dict[str, Any] = json.loads(capsys.readouterr().out)
        return {"code": code, **summary}

    return fetched


def counts(summary: dict[str, Any]) -> tuple[int, int, int, int]:
    return summary["new"], summary["changed"], summary["unchanged"], summary["failed"]


def reason(summary: dict[str, Any]) -> str:
    (failed,) = (one for one in summary["addresses"] if one["status"] == "failed")
    return str(failed["reason"])


def articles(folder: Path) -> dict[str, Article]:
    found = [one for file in find_source_files([folder]) for one in read_articles(file)]
    assert all(isinstance(one, Article) for one in found), found
    return {one.text.split("\n")[0]: one for one in found if isinstance(one, Article)}


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_a_page_is_saved_under_its_address_and_says_where_it_came_from(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    url = site.put("/news/vote.html", VOTE)
    summary = fetch(url)
    assert (summary["code"], counts(summary)) == (ExitCode.OK, (1, 0, 0, 0))
    (name,) = files(tmp_path / "pages")
    assert name == f"{stem_of(url)}.html"
    assert name.startswith("127-0-0-1-")
    assert "-news-vote-" in name
    (article,) = articles(tmp_path / "pages").values()
    assert article.url == url
    assert "£412,000" in article.text


def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_replaces_its_file(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    url = site.put("/vote", VOTE, headers={"ETag": '"1"', "Last-Modified": "yesterday"})
    fetch(url)
    (name,) = files(tmp_path / "pages")
    before = (tmp_path / "pages" / name).stat().st_mtime_ns
    site.asked.clear()
    assert counts(fetch(url)) == (0, 0, 1, 0)
    _, (_, head) = site.asked
    assert (head["If-None-Match"], head["If-Modified-Since"]) == ('"1"', "yesterday")
    assert (tmp_path / "pages" / name).stat().st_mtime_ns == before

    site.put("/vote", MARKET, headers={"ETag": '"2"'})
    assert counts(fetch(url)) == (0, 1, 0, 0)
    assert files(tmp_path / "pages") == [name]
    assert "market hall" in (tmp_path / "pages" / name).read_text()


def test_a_page_that_is_not_in_the_folder_any_more_is_fetched_anew(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    url = site.put("/vote", VOTE, headers={"ETag": '"1"'})
    fetch(url)
    (name,) = files(tmp_path / "pages")
    (tmp_path / "pages" / name).unlink()
    assert counts(fetch(url)) == (1, 0, 0, 0)


def test_a_page_without_validators_that_is_the_same_is_unchanged(site: Site, fetch: Fetch) -> None:
    url = site.put("/vote", VOTE)
    fetch(url)
    assert counts(fetch(url)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("feed", "kind"),
    [
        pytest.param(RSS, "application/rss+xml", id="rss"),
        pytest.param(RSS, "text/html", id="rss-said-to-be-a-page"),
        pytest.param(ATOM, "application/atom+xml", id="atom"),
        pytest.param(ATOM, "text/xml", id="atom-as-xml"),
    ],
)
def test_the_pages_of_a_feed_have_the_day_and_the_author_that_it_states(
    site: Site, fetch: Fetch, tmp_path: Path, feed: str, kind: str
) -> None:
    site.put("/vote", VOTE)
    assert fetch(site.put("/feed", feed, kind=kind), limit=1)["code"] is ExitCode.OK
    (article,) = articles(tmp_path / "pages").values()
    assert article.url == f"{site.url}/vote"
    # As written, in the time zone of who wrote it.
    assert (article.published, article.authors) == (date(2024, 3, 12), ("Nora Fields",))
    assert article.title == "Council backs steel footbridge"


def test_what_a_page_states_counts_before_what_its_feed_states(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    head = """<link rel="canonical" href="https://echo.example/footbridge">
    <meta name="author" content="Jo Lee">
    <meta property="article:published_time" content="2024-03-11"></head>"""
    site.put("/vote", VOTE.replace("</head>", head))
    fetch(site.put("/feed", RSS, kind="application/rss+xml"), limit=1)
    (article,) = articles(tmp_path / "pages").values()
    assert article.url == "https://echo.example/footbridge"
    assert (article.published, article.authors) == (date(2024, 3, 11), ("Jo Lee",))


def sitemap(*pages: str, name: str = "url") -> str:
    listed = "".join(
        f"<{name}><loc>\n{page}\n</loc><priority>1</priority></{name}>" for page in pages
    )
    root = "urlset" if name == "url" else "sitemapindex"
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{space}">{listed}</{root}>'


def test_the_pages_that_a_sitemap_lists_are_fetched_and_asked_for_again(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    pages = [
        site.put(
            f"/{number}?a=1&b={number}", VOTE.replace("nine", str(number)), headers={"ETag": '"1"'}
        )
        for number in range(60)
    ]
    listed = site.put(
        "/map", sitemap(*(page.replace("&", "&amp;") for page in pages)), kind="text/xml"
    )
    summary = fetch(listed)
    assert (summary["code"], counts(summary)) == (ExitCode.OK, (60, 0, 0, 0))
    assert len(articles(tmp_path / "pages")) == 1
    assert len(files(tmp_path / "pages")) == 60
    site.put("/7?a=1&b=7", MARKET, headers={"ETag": '"2"'})
    assert counts(fetch(listed)) == (0, 1, 59, 0)


def test_of_a_sitemap_of_sitemaps_each_is_read_and_one_that_is_broken_stops_nothing(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    news = site.put("/news", VOTE)
    about = site.put("/about", MARKET)
    packed = gzip.compress(sitemap(news, about).encode())
    parts = [
        site.put("/broken.xml", "<urlset><url>", kind="text/xml"),
        site.put("/gone.xml", "", status=404),
        site.put("/pages.xml.gz", packed, kind="application/gzip"),
        site.put("/more.xml", sitemap(about), kind="text/xml"),
    ]
    index = site.put("/index.xml", sitemap(*parts, name="sitemap"), kind="text/xml")
    summary = fetch(index)
    assert (summary["code"], counts(summary)) == (ExitCode.SOME_SKIPPED, (2, 0, 0, 2))
    told = {one["url"]: one["reason"] for one in summary["addresses"] if one["reason"]}
    assert told[parts[0]].startswith("is a sitemap with mistakes (")
    assert told[parts[1]].startswith("is not there (404)")
    assert {article.url for article in articles(tmp_path / "pages").values()} == {news, about}


def test_a_limit_holds_for_sitemaps_and_what_is_not_needed_is_not_asked_for(
    site: Site, fetch: Fetch
) -> None:
    pages = [site.put(f"/{number}", VOTE) for number in range(4)]
    part = site.put("/part.xml", sitemap(*pages), kind="text/xml")
    index = site.put(
        "/index.xml", sitemap(part, f"{site.url}/next.xml", name="sitemap"), kind="text/xml"
    )
    assert counts(fetch(index, limit=3)) == (3, 0, 0, 0)
    assert site.paths() == ["/index.xml", "/part.xml", "/0", "/1", "/2"]


def test_a_packed_file_that_is_damaged_or_huge_is_told(site: Site, fetch: Fetch) -> None:
    damaged = site.put(
        "/a.xml.gz", gzip.compress(b"<urlset/>")[:-12] + b"?", kind="application/gzip"
    )
    huge = site.put(
        "/b.xml.gz", gzip.compress(b" " * (MAX_UNPACKED_BYTES + 1)), kind="application/gzip"
    )
    summary = fetch(damaged, huge)
    assert counts(summary) == (0, 0, 0, 2)
    assert [one["reason"].split(" (")[0] for one in summary["addresses"]] == [
        "is application/gzip, not a page, a feed, a sitemap or a PDF file; leave it out",
        f"unpacks to more than {MAX_UNPACKED_BYTES} bytes; leave it out",
    ]


def test_a_packed_page_is_saved_as_it_was_before(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    packed = gzip.compress(VOTE.encode())
    fetch(site.put("/vote.html.gz", packed, kind="application/octet-stream"))
    [article] = articles(tmp_path / "pages").values()
    assert "£412,000" in article.text


def test_an_entry_whose_page_cannot_be_fetched_is_saved_from_the_feed_where_that_has_its_text(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    site.put("/market", MARKET)
    feed = site.put("/feed", RSS, kind="application/rss+xml")
    summary = fetch(feed)
    assert (summary["code"], counts(summary)) == (ExitCode.SOME_SKIPPED, (2, 0, 0, 1))
    assert reason(summary) == "is not there (404); correct the address, or leave it out"
    mill = articles(tmp_path / "pages")["The old mill"]
    assert (mill.url, mill.authors) == (f"{site.url}/mill", ("Ed Poe",))
    assert "sold to Ida Quill" in mill.text

    # A page that came back takes the place of the feed's text.
    site.put("/mill", VOTE.replace("footbridge", "mill"))
    site.put("/vote", VOTE)
    assert counts(fetch(feed)) == (1, 1, 1, 0)
    assert "Council backs steel mill" in articles(tmp_path / "pages")


def test_a_feed_is_read_again_until_all_of_its_pages_are_there(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    for path in ("/market", "/mill"):
        site.put(path, VOTE.replace("footbridge", path[1:]))
    feed = site.put("/feed", RSS, kind="text/xml", headers={"ETag": '"1"'})
    assert counts(fetch(feed)) == (2, 0, 0, 1)
    site.put("/vote", VOTE)
    assert counts(fetch(feed)) == (1, 0, 2, 0)
    site.asked.clear()
    assert counts(fetch(feed)) == (0, 0, 1, 0)
    assert site.paths() == ["/feed"]
    fetch(feed, limit=2)
    assert site.paths() == ["/feed", "/vote", "/market"]


def test_what_left_a_feed_or_the_web_stays_in_the_folder(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    url = site.put("/vote", VOTE)
    feed = site.put("/feed", RSS, kind="text/xml")
    fetch(feed)
    (vote, *_) = (name for name in files(tmp_path / "pages") if "vote" in name)
    del site.answers["/vote"]
    summary = fetch(url)
    assert summary["code"] is ExitCode.SOME_SKIPPED
    assert reason(summary).endswith(
        f"(404); correct the address, or leave it out; {vote}, fetched before, stays"
    )
    site.put("/feed", ATOM.replace("vote", "market"), kind="text/xml")
    fetch(feed)
    assert vote in files(tmp_path / "pages")


def test_a_feeds_text_does_not_replace_a_page_that_was_fetched(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    site.put("/mill", VOTE)
    feed = site.put("/feed", RSS, kind="text/xml")
    fetch(feed)
    del site.answers["/mill"]
    fetch(feed)
    assert "The old mill" not in articles(tmp_path / "pages")


def test_a_page_that_two_feeds_link_to_is_fetched_once(site: Site, fetch: Fetch) -> None:
    site.put("/vote", VOTE)
    rss, atom = site.put("/rss", RSS, kind="text/xml"), site.put("/atom", ATOM, kind="text/xml")
    summary = fetch(rss, atom, f"{site.url}/vote#again", limit=1)
    assert counts(summary) == (1, 0, 0, 0)
    assert site.paths() == ["/rss", "/vote", "/atom"]


def test_addresses_that_differ_in_the_query_alone_have_files_of_their_own(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    fetch(site.put("/page?id=1", VOTE), site.put("/page?id=2", MARKET))
    assert len(articles(tmp_path / "pages")) == 2


def test_the_rules_of_a_host_are_followed(site: Site, fetch: Fetch) -> None:
    site.put("/robots.txt", "User-agent: Quoth\nDisallow: /private/\n", kind="text/plain")
    summary = fetch(site.put("/private/vote", VOTE), site.put("/vote", MARKET))
    assert counts(summary) == (1, 0, 0, 1)
    assert reason(summary).startswith("is not for programs (robots.txt); ask who runs the site")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/vote"]
    agents = {head["User-Agent"] for _, head in site.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("Quoth/")


def test_a_host_that_cannot_say_its_rules_is_left_for_later(site: Site, fetch: Fetch) -> None:
    site.put("/robots.txt", status=500)
    summary = fetch(site.put("/vote", VOTE))
    assert reason(summary).startswith("is on a host that cannot say now what may be fetched")
    assert [path for path, _ in site.asked] == ["/robots.txt"]


def test_redirects_are_followed_and_the_file_is_named_for_what_was_asked(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    site.put("/new", VOTE)
    url = site.put("/old", status=301, headers={"Location": "/new"})
    assert counts(fetch(url)) == (1, 0, 0, 0)
    assert files(tmp_path / "pages") == [f"{stem_of(url)}.html"]
    (article,) = articles(tmp_path / "pages").values()
    assert article.url == f"{site.url}/new"


def test_redirects_end(site: Site, fetch: Fetch) -> None:
    summary = fetch(site.put("/round", status=302, headers={"Location": "/round"}))
    assert reason(summary).startswith("leads on and on, more than 5 times")


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("http://169.254.169.254/latest/meta-data/", id="metadata-of-a-cloud"),
        pytest.param("http://10.0.0.1/", id="private-network"),
        pytest.param("http://[::ffff:10.0.0.1]/", id="wrapped-in-ipv6"),
        pytest.param("file:///etc/passwd", id="file"),
    ],
)
def test_neither_links_nor_redirects_lead_to_other_networks(
    site: Site, fetch: Fetch, tmp_path: Path, target: str
) -> None:
    hostile = RSS.replace("<link>/vote</link>", f"<link>{target}</link>")
    feed = site.put("/feed", hostile, kind="text/xml")
    page = site.put("/page", status=302, headers={"Location": target})
    summary = fetch(feed, page, limit=1)
    assert counts(summary) == (0, 0, 0, 2)
    for one in summary["addresses"]:
        assert "not public" in one["reason"] or "no address of the web" in one["reason"]
    assert files(tmp_path / "pages") == []


def break_off(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(VOTE[:200].encode())


def never_end(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<p>and so on</p>" * 10_000)


def zip_bomb(handler: BaseHTTPRequestHandler) -> None:
    packed = gzip.compress(b"\0" * 50_000_000)
    Page(packed, headers={"Content-Encoding": "gzip"}).send(handler)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(break_off, "broke off", id="truncated"),
        pytest.param(never_end, "has more than 20,000,000 bytes", id="endless"),
        pytest.param(zip_bomb, "has more than 20,000,000 bytes", id="endless-when-unpacked"),
        pytest.param(
            Page("not gzip", headers={"Content-Encoding": "gzip"}).send, "broke off", id="no-gzip"
        ),
        pytest.param(Page("GIF", kind="image/gif").send, "is image/gif", id="image"),
        pytest.param(Page("a", kind="text/plain").send, "is text/plain, not a page", id="text"),
        pytest.param(Page("<rss>", kind="text/xml").send, "is a feed with mistakes", id="no-feed"),
        pytest.param(Page(status=403).send, "is not given to Quoth (403)", id="forbidden"),
        pytest.param(Page(status=502).send, "is not to be had now (502)", id="trouble"),
        pytest.param(
            Page(status=304).send, "has an answer that is no page (304)", id="304-unasked"
        ),
    ],
)
def test_what_cannot_be_used_is_told_and_stops_nothing(
    site: Site, fetch: Fetch, tmp_path: Path, answer: Answer, told: str
) -> None:
    site.answers["/first"] = answer
    summary = fetch(f"{site.url}/first", site.put("/vote", VOTE))
    assert (summary["code"], counts(summary)) == (ExitCode.SOME_SKIPPED, (1, 0, 0, 1))
    assert reason(summary).startswith(told)
    assert len(files(tmp_path / "pages")) == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        pytest.param("http://127.0.0.1:1/", "cannot be reached", id="nobody-there"),
        pytest.param("http://nowhere.invalid/", "has a host that is not known", id="no-host"),
        pytest.param("ftp://example.org/", "is no address of the web", id="ftp"),
        pytest.param("example.org", "is no address of the web", id="no-scheme"),
        pytest.param("http://a:b@127.0.0.1/", "holds a name or password", id="password"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(fetch: Fetch, url: str, told: str) -> None:
    summary = fetch(url)
    assert summary["code"] is ExitCode.SOME_SKIPPED
    assert reason(summary).startswith(told)


def test_who_asks_to_come_later_is_asked_once_more(site: Site, fetch: Fetch) -> None:
    busy = Page(status=503, headers={"Retry-After": "0"})

    def busy_once(handler: BaseHTTPRequestHandler) -> None:
        (busy if site.paths() == ["/vote"] else Page(VOTE)).send(handler)
        site.asked.append(("/twice", {}))

    site.answers["/vote"] = busy_once
    assert counts(fetch(f"{site.url}/vote")) == (1, 0, 0, 0)
    site.paths()
    site.put("/busy", status=429, headers={"Retry-After": "86400"})
    assert reason(fetch(f"{site.url}/busy")).startswith("is not to be had now (429)")
    assert site.paths() == ["/busy"]
    # A site that is down must not be waited for with each of its pages.
    urls = [site.put(f"/down/{n}", status=503, headers={"Retry-After": "0"}) for n in (1, 2)]
    fetch(*urls)
    assert site.paths() == ["/down/1", "/down/1", "/down/2"]


def test_a_page_keeps_the_encoding_that_only_its_server_states(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    text = VOTE.replace("Odile Ferrant", "Одиль Ферран").replace("£", "")
    site.put("/cp1251", text.encode("cp1251"), kind="text/html; charset=windows-1251")
    site.put("/utf16", text.encode("utf-16"), kind="text/html")
    site.put("/wrong", text, kind="text/html; charset=iso-8859-1")
    site.put("/unknown", text, kind='text/html; charset="utf-9"')
    fetch(*(site.url + path for path in site.answers))
    found = [one for file in find_source_files([tmp_path / "pages"]) for one in read_articles(file)]
    assert len(found) == 4
    for article in found:
        assert isinstance(article, Article)
        assert "Одиль Ферран" in article.text


def test_a_pdf_file_is_saved_as_one(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    url = site.put("/paper", b"%PDF-1.4 ...", kind="application/pdf")
    fetch(url)
    assert files(tmp_path / "pages") == [f"{stem_of(url)}.pdf", f"{stem_of(url)}.pdf.yaml"]
    site.put("/paper", VOTE)
    assert counts(fetch(url)) == (0, 1, 0, 0)
    assert files(tmp_path / "pages") == [f"{stem_of(url)}.html"]


def test_a_pdf_file_is_cited_by_its_address_and_what_its_feed_says(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    told = made_pdf([prose(["The council backed a steel footbridge."])], {"Title": "scan_0041"})
    url = site.put("/vote", told, kind="application/pdf")
    fetch(url)
    [article] = articles(tmp_path / "pages").values()
    assert article.url == url
    site.put("/feed", RSS.replace("&amp; harbour", "&amp; Häfen: 1"), kind="application/rss+xml")
    fetch(site.url + "/feed", limit=1)
    [article] = articles(tmp_path / "pages").values()
    assert (article.url, article.title) == (url, "Footbridge & Häfen: 1")
    assert (article.published, article.authors) == (date(2024, 3, 12), ("Nora Fields",))
    assert counts(fetch(site.url + "/feed", limit=1)) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param("# checked\ntitle: Ours", ("Ours", "2024-03-12"), id="a-field"),
        pytest.param("date: 2020-01-02\n", ("Footbridge & harbour", "2020-01-02"), id="an-alias"),
        pytest.param("published:\ntitle:\n", ("scan_0041", None), id="nothing"),
    ],
)
def test_what_a_person_wrote_beside_a_pdf_file_stays(
    site: Site, fetch: Fetch, tmp_path: Path, written: str, kept: tuple[str, str | None]
) -> None:
    told = made_pdf([prose(["The council backed a steel footbridge."])], {"Title": "scan_0041"})
    url = site.put("/vote", told, kind="application/pdf")
    feed = site.put("/feed", RSS, kind="application/rss+xml")
    beside = tmp_path / "pages" / f"{stem_of(url)}.pdf.yaml"
    beside.parent.mkdir()
    beside.write_text(written)
    fetch(feed, limit=1)
    [article] = articles(tmp_path / "pages").values()
    published = None if article.published is None else article.published.isoformat()
    assert (article.url, article.title, published) == (url, *kept)
    assert beside.read_text().startswith(written)
    assert counts(fetch(feed, limit=1)) == (0, 0, 1, 0)


def test_a_file_beside_that_cannot_be_read_is_left_to_who_wrote_it(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    url = site.put("/vote", b"%PDF-1.4 ...", kind="application/pdf")
    beside = tmp_path / "pages" / f"{stem_of(url)}.pdf.yaml"
    beside.parent.mkdir()
    beside.write_text("title: [a, b")
    assert counts(fetch(url)) == (1, 0, 0, 0)
    assert beside.read_text() == "title: [a, b"


def test_requests_to_a_host_are_spread_out(site: Site, tmp_path: Path) -> None:
    urls = [site.put(f"/{number}", VOTE) for number in range(3)]
    started = time.monotonic()
    run_fetching(urls, tmp_path / "pages", limit=1, pause_s=0.2, allows_private=False, as_json=True)
    assert time.monotonic() - started >= 0.6


def quoth(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "scripts.quoth", *map(str, arguments)]


def test_interrupted_it_leaves_whole_files_alone(site: Site, tmp_path: Path) -> None:
    reached = threading.Event()

    def hang(handler: BaseHTTPRequestHandler) -> None:
        break_off(handler)
        reached.set()
        time.sleep(2)

    site.answers["/slow"] = hang
    vote = site.put("/vote", VOTE, headers={"ETag": '"1"'})
    command = quoth("fetch", vote, f"{site.url}/slow", "--into", tmp_path, "--pause", "0")
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        # What runs in the background ignores Ctrl-C, and so would what it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert reached.wait(60)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "1 new, 0 changed" in told
    assert files(tmp_path) == [f"{stem_of(vote)}.html"]
    assert not list(tmp_path.glob("*.new"))
    known = json.loads((tmp_path / ".quoth-fetched.json").read_text())
    assert known["known"][vote]["etag"] == '"1"'


def test_two_runs_do_not_write_to_one_folder(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held = threading.Event()
    ended = threading.Event()

    def hold(handler: BaseHTTPRequestHandler) -> None:
        held.set()
        ended.wait(60)
        Page(VOTE).send(handler)

    site.answers["/vote"] = hold
    command = quoth("fetch", f"{site.url}/vote", "--into", tmp_path)
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        assert held.wait(60)
        code = run_fetching(
            [f"{site.url}/vote"],
            tmp_path,
            limit=1,
            pause_s=0,
            allows_private=False,
            as_json=False,
        )
        ended.set()
        assert process.wait(60) == ExitCode.OK
    assert code is ExitCode.FAILED
    assert "error: another `quoth fetch` is writing to" in capsys.readouterr().err


def test_a_damaged_memory_is_named_with_the_cure(fetch: Fetch, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / ".quoth-fetched.json").write_text('{"version": 1, "kno')
    summary = fetch("http://127.0.0.1:1/")
    assert summary["code"] is ExitCode.FAILED
    assert "is damaged" in summary["error"]
    assert "remove it, and all is fetched anew" in summary["error"]


def test_what_is_not_installed_is_named_with_the_cure(tmp_path: Path) -> None:
    code = "import sys; sys.modules['feedparser'] = None; from scripts.quoth import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "fetch", "http://127.0.0.1:1/", "--into", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: what fetches (feedparser) is not installed; install")


def test_what_was_fetched_is_answered_from_with_its_address_and_day(
    site: Site, tmp_path: Path
) -> None:
    site.put("/vote", VOTE)
    feed = site.put("/feed", RSS, kind="application/rss+xml")
    pages, index_dir = tmp_path / "pages", tmp_path / "index"

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            quoth(*arguments),
            cwd=ROOT,
            env=os.environ | {"NO_COLOR": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=240,
            check=False,
        )

    fetched = run("fetch", feed, "--into", pages, "--pause", "0")
    assert fetched.returncode == ExitCode.SOME_SKIPPED, fetched.stderr
    assert "2 new, 0 changed, 0 unchanged, 1 failed" in fetched.stdout
    assert f"failed {site.url}/market: is not there (404)" in fetched.stdout
    indexed = run("index", pages, "--index-dir", index_dir)
    assert indexed.returncode == ExitCode.OK, indexed.stdout + indexed.stderr
    asked = run("ask", "How much will the footbridge cost?", "--index-dir", index_dir, "--json")
    answer = json.loads(asked.stdout)["answers"][0]
    assert answer["text"] == "£412,000"
    cited = answer["citations"][0]["article"]
    assert (cited["url"], cited["published"]) == (f"{site.url}/vote", "2024-03-12")
