"""The widget on a page of another origin: it asks, shows the quote in its context, leads to it."""

import gzip
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from api.callers.tokens import LIFETIME_S
from api.pages.static_files import WIDGET_FILE
from tests.browser.conftest import ARTICLES, looks_of, serving

ROOT = Path(__file__).parents[2]
POLICY = "default-src 'none'; script-src {origin}; connect-src {origin}; style-src 'none'"
Host = Callable[..., str]


KEY = "a-key-0123456789"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder, gives the tokens that Quoth gives it, and says nothing."""

    tokens_from = ""

    def do_POST(self) -> None:
        """Answer as the backend of a site: it knows the key, and its pages do not."""
        origin = self.headers["Origin"]
        headers = {"Authorization": f"Bearer {KEY}", "Origin": origin}
        given = httpx.post(f"{self.tokens_from}/v1/tokens", headers=headers)
        self.send_response(given.status_code)
        self.end_headers()
        self.wfile.write(given.content)

    def end_headers(self) -> None:
        """Have nothing kept: a page that is written again within a second looks unchanged."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the other origin serves."""
    return tmp_path_factory.mktemp("host")


@pytest.fixture(scope="module")
def other_origin(folder: Path) -> Iterator[str]:
    """A server of somebody's pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def quoth(tmp_path_factory: pytest.TempPathFactory, other_origin: str) -> Iterator[str]:
    """The service, which lets pages of the other origin ask."""
    index_dir = tmp_path_factory.mktemp("widget") / "index"
    with serving(index_dir, ARTICLES, allowed_origins=other_origin) as address:
        yield address


@pytest.fixture(scope="module", params=[True, False], ids=["visitors", "backend"])
def with_keys(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, other_origin: str
) -> Iterator[tuple[str, str]]:
    """A service that has keys, and the attribute by which pages of the other origin may ask it."""
    index_dir = tmp_path_factory.mktemp("keys") / "index"
    settings = {"api_keys": KEY, "visitors": request.param, "allowed_origins": other_origin}
    with serving(index_dir, ARTICLES, **settings) as address:
        QuietHandler.tokens_from = address
        yield address, "" if request.param else 'token-from="/token"'


@pytest.fixture
def host(folder: Path, quoth: str, other_origin: str) -> Host:
    """A function that puts the widget on somebody's page, with a strict policy, and says where."""

    def put(attributes: str, origin: str = other_origin) -> str:
        policy = POLICY.format(origin=quoth)
        (folder / "page.html").write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>News</title>'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            f'<script src="{quoth}/widget.js" defer></script></head>'
            f"<body><main><h1>News</h1><quoth-ask {attributes}></quoth-ask></main></body></html>"
        )
        return f"{origin}/page.html"

    return put


def ask(page: Page, question: str) -> None:
    page.get_by_role("searchbox").fill(question)
    page.keyboard.press("Enter")


def test_the_widget_answers_and_its_source_opens_at_the_quote(
    host: Host, quoth: str, page: Page
) -> None:
    page.goto(host(""))
    ask(page, "How many sail on the ship?")
    link = page.get_by_role("link").first
    expect(link).to_contain_text("42")
    expect(page.get_by_role("status")).to_contain_text("42. ")
    said = page.locator("quoth-ask .said").first.text_content()
    assert said == "The ship carries 42 sailors and a cat."
    assert page.locator("quoth-ask mark").first.text_content() == "42"
    with page.expect_popup() as opened:
        link.click()
    viewer = opened.value
    expect(viewer.locator("mark.current")).to_have_text(said)
    expect(viewer.locator("mark.current")).to_be_in_viewport()
    assert viewer.url.startswith(f"{quoth}/articles/")
    assert viewer.evaluate("window.opener") is None


def test_every_answer_shows_its_quote_in_its_context_and_none_covers_another(
    host: Host, page: Page
) -> None:
    page.goto(host(""))
    ask(page, "How many sail on the ship?")
    answers = page.get_by_role("listitem")
    expect(answers).to_have_count(3)
    for answer in answers.all():
        quoted = answer.locator(".quote")
        expect(quoted).to_be_visible()
        said = quoted.locator(".said").text_content()
        assert said is not None
        assert said in (quoted.text_content() or "")
        described = answer.get_by_role("link").get_attribute("aria-describedby")
        assert described == quoted.get_attribute("id")
    answers.nth(1).hover()
    with page.expect_popup():
        answers.nth(2).get_by_role("link").click()


def test_what_stands_around_a_quote_is_whole_words_and_days_are_written_out(
    host: Host, page: Page
) -> None:
    page.goto(host('top-k="5" source="Harbour News"'))
    ask(page, "In what year had the ship been built by a family?")
    expect(page.get_by_role("listitem")).to_have_count(2)
    around = {
        tuple(item.locator(".around").all_text_contents())
        for item in page.get_by_role("listitem").all()
    }
    before_first, after_first = next(pair for pair in around if pair[0].startswith("Café"))
    assert before_first == "Café 😀 news.\n\n"
    assert after_first.endswith(" …")
    ((before, after),) = [pair for pair in around if not pair[0].startswith("Café")]
    assert before.startswith("… ")
    assert set(before.split()) <= {"…", "The", "wind", "is", "good."}
    assert after == ""
    assert page.locator("quoth-ask .facts").first.inner_text().endswith(" · November 15, 2021")


def test_a_quote_keeps_its_lines(host: Host, page: Page) -> None:
    page.goto(host('top-k="5" source="Harbour News"'))
    ask(page, "How many sail on the ship?")
    quoted = page.locator("quoth-ask .quote", has_text="The ship carries 42 sailors")
    assert quoted.inner_text().startswith("Café 😀 news.\n\nThe ship carries 42 sailors")


def test_attributes_choose_words_filters_and_where_sources_lead(host: Host, page: Page) -> None:
    page.goto(host('lang="de" placeholder="Fragt!" top-k="1" source="Harbour News" open="article"'))
    expect(page.get_by_role("button")).to_have_text("Fragen")
    assert page.get_by_role("searchbox").get_attribute("placeholder") == "Fragt!"
    ask(page, "How many sail on the ship?")
    expect(page.get_by_role("listitem")).to_have_count(1)
    href = page.get_by_role("link").get_attribute("href") or ""
    assert href.startswith("https://example.org/ships#:~:text=")


def test_a_page_of_an_origin_that_is_not_allowed_is_told_nothing(
    host: Host, other_origin: str, page: Page
) -> None:
    elsewhere = other_origin.replace("localhost", "127.0.0.1")
    page.goto(host("", elsewhere))
    ask(page, "How many sail on the ship?")
    expect(page.get_by_role("status")).to_contain_text("cannot answer at the moment")
    assert page.get_by_role("listitem").count() == 0


def put_page(folder: Path, name: str, address: str, attributes: str = "") -> None:
    """Put the widget of a service on a page of the other origin."""
    (folder / name).write_text(
        f'<!doctype html><title>News</title><script src="{address}/widget.js" defer></script>'
        f"<quoth-ask {attributes}></quoth-ask>"
    )


def test_where_there_are_keys_a_page_asks_with_a_token(
    with_keys: tuple[str, str], folder: Path, other_origin: str, page: Page
) -> None:
    address, attributes = with_keys
    put_page(folder, "keys.html", address, attributes)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url.partition("?")[0]))
    page.goto(f"{other_origin}/keys.html")
    tokens_from = f"{other_origin}/token" if attributes else f"{address}/v1/tokens"
    for _ in range(2):
        ask(page, "How many sail on the ship?")
        expect(page.get_by_role("status")).to_contain_text("42. ")
        expect(page.locator("quoth-ask [aria-busy=false]")).to_have_count(1)
    # The second question is sent with the first one's token.
    assert sent.count(tokens_from) == 1
    assert sent.count(f"{address}/v1/ask") == 3
    assert KEY not in page.content()


def test_where_there_are_keys_a_page_of_our_own_origin_asks_too(tmp_path: Path, page: Page) -> None:
    settings = {"api_keys": KEY, "visitors": True, "allowed_origins": "*"}
    with serving(tmp_path / "index", ARTICLES, **settings) as address:
        own = '<script src="/widget.js" defer></script><quoth-ask top-k="1"></quoth-ask>'
        page.route(
            f"{address}/own", lambda route: route.fulfill(body=own, content_type="text/html")
        )
        page.goto(f"{address}/own")
        ask(page, "How many sail on the ship?")
        expect(page.get_by_role("status")).to_contain_text("42. ")
        expect(page.get_by_role("listitem")).to_have_count(1)


def test_where_there_are_keys_a_source_opens_at_the_quote_for_who_has_none(
    with_keys: tuple[str, str], folder: Path, other_origin: str, page: Page
) -> None:
    address, attributes = with_keys
    put_page(folder, "keys.html", address, attributes)
    page.goto(f"{other_origin}/keys.html")
    ask(page, "How many sail on the ship?")
    said = page.locator("quoth-ask .said").first.text_content() or ""
    with page.expect_popup() as opened:
        page.get_by_role("link").first.click()
    expect(opened.value.locator("mark.current")).to_have_text(said)
    # Where there are visitors, the page leads on to their questions; else it is all they see.
    assert opened.value.get_by_role("link", name="Ask a question").count() == (not attributes)
    put_page(folder, "none.html", address, f'{attributes} source="Quiet Days"')
    page.goto(f"{other_origin}/none.html")
    ask(page, "How many?")
    expect(page.get_by_role("status")).to_have_text("The articles do not answer this.")
    assert page.get_by_role("link", name="Nearest passages").count() == (not attributes)


def test_a_token_that_no_longer_holds_is_replaced(
    with_keys: tuple[str, str],
    folder: Path,
    other_origin: str,
    page: Page,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    address, attributes = with_keys
    put_page(folder, "keys.html", address, attributes)
    page.goto(f"{other_origin}/keys.html")
    ask(page, "How many sail on the ship?")
    expect(page.get_by_role("status")).to_contain_text("42. ")
    later = time.time() + LIFETIME_S
    monkeypatch.setattr(time, "time", lambda: later)
    ask(page, "How many gates has the town with the ship?")
    expect(page.get_by_role("status")).to_contain_text(re.compile("(7|42)[.] "))
    expect(page.locator("quoth-ask [aria-busy=false]")).to_have_count(1)


def test_without_a_token_developers_are_told_what_is_missing_and_visitors_are_not(
    tmp_path: Path, folder: Path, other_origin: str, page: Page
) -> None:
    settings = {"api_keys": KEY, "allowed_origins": other_origin}
    with serving(tmp_path / "index", ARTICLES, **settings) as address:
        put_page(folder, "refused.html", address, 'lang="de"')
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{other_origin}/refused.html")
        page.evaluate(
            "addEventListener('quoth-answer', (event) => { window.told = event.detail.detail })"
        )
        ask(page, "How many sail on the ship?")
        failed = "Quoth kann gerade nicht antworten. Bitte versuchen Sie es später noch einmal."
        expect(page.get_by_role("status")).to_have_text(failed)
        assert page.locator("quoth-ask [part=results]").inner_text() == failed
        missing = "a token that has not expired"
        assert any(missing in text for text in said if text.startswith("quoth-ask:"))
        assert missing in page.evaluate("window.told")


def test_on_a_page_that_may_not_ask_developers_are_told_which_setting_lacks_it(
    tmp_path: Path, folder: Path, other_origin: str, page: Page
) -> None:
    with serving(tmp_path / "index", ARTICLES) as address:
        put_page(folder, "unnamed.html", address, "")
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"{other_origin}/unnamed.html")
        ask(page, "How many sail on the ship?")
        expect(page.get_by_role("status")).to_contain_text("Quoth cannot answer")
        hint = f"is {other_origin} in QUOTH_ALLOWED_ORIGINS of {address}?"
        assert any(hint in text for text in said if text.startswith("quoth-ask:"))


def test_a_blank_question_is_not_asked(host: Host, page: Page) -> None:
    page.goto(host('top-k="1"'))
    sent: list[object] = []
    page.on("request", lambda request: sent.append(request.post_data_json))
    ask(page, "  ")
    ask(page, "How many sail on the ship?")
    expect(page.get_by_role("listitem")).to_have_count(1)
    asked = [body["question"] for body in sent if isinstance(body, dict)]
    assert asked == ["How many sail on the ship?"]


def test_abstaining_leads_to_the_nearest_passages(host: Host, quoth: str, page: Page) -> None:
    page.goto(host('source="Quiet Days"'))
    ask(page, "How many?")
    expect(page.get_by_role("status")).to_have_text("The articles do not answer this.")
    link = page.get_by_role("link", name="Nearest passages")
    assert link.get_attribute("href") == f"{quoth}/?q=How+many%3F&source=Quiet+Days"


def test_forced_colours_show_the_focus_and_where_each_answer_ends(host: Host, page: Page) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(host(""))
    form = page.get_by_role("search")
    outline = "form => getComputedStyle(form).outlineStyle"
    assert form.evaluate(outline) == "none"
    ask(page, "How many sail on the ship?")
    assert form.evaluate(outline) == "solid"
    answer = page.get_by_role("listitem").first
    assert answer.evaluate("answer => getComputedStyle(answer).borderTopStyle") == "solid"


def test_the_button_keeps_its_shape_under_the_keyboard(host: Host, page: Page) -> None:
    page.goto(host(""))
    button = page.get_by_role("button")
    corner = "button => getComputedStyle(button).borderRadius"
    unfocused = button.evaluate(corner)
    page.get_by_role("searchbox").focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    assert button.evaluate(corner) == unfocused


@pytest.mark.parametrize("theme", ["", 'theme="auto"', 'theme="dark"'])
def test_axe_finds_nothing_in_the_widget(
    theme: str, host: Host, page: Page, faults: Callable[[Page], list[str]]
) -> None:
    say_against(page)
    page.goto(host(theme))
    ask(page, "How many sail on the ship?")
    expect(page.get_by_role("listitem").first).to_be_visible()
    for look in looks_of(page):
        assert faults(page) == [], look


NOTE = "This is a yes-or-no question: Quoth quotes, but does not judge."


def say_against(page: Page, *, answered: bool = True) -> None:
    """Let the service say all that it can say besides its answers, and cite two more places."""

    def changed(route: Route) -> None:
        response = route.fetch()
        body = response.json()
        first, *others = body["answers"]
        first["citations"] += [answer["citations"][0] for answer in others]
        first["citations"][0] |= {"context": {"quote": "The owner was Ada Holm."}, "page": 12}
        said = {"asked": "Is it a ship?", "agreement": "differ", "note": NOTE, "degraded": "2 of 9"}
        body |= said if answered else {"answers": [], "note": NOTE}
        route.fulfill(response=response, json=body)

    page.route("**/v1/ask", changed)


def test_what_the_service_says_against_an_answer_is_shown_and_read_out(
    host: Host, page: Page
) -> None:
    say_against(page)
    page.goto(host(""))
    ask(page, "How many sail on the ship?")
    remarks = [
        "Asked as: Is it a ship?",
        "The articles disagree: another one gives an answer that is likely too.",
        NOTE,
        "Not all passages were looked at.",
    ]
    expect(page.locator("quoth-ask .state p")).to_have_text(remarks)
    expect(page.get_by_role("status").locator("p")).to_have_text(remarks)
    expect(page.get_by_role("status")).to_contain_text("42. ")


def test_a_note_is_shown_where_nothing_answers(host: Host, page: Page) -> None:
    say_against(page, answered=False)
    page.goto(host(""))
    ask(page, "How many sail on the ship?")
    expect(page.locator("quoth-ask .state p")).to_contain_text(
        ["The articles do not answer this.", NOTE, "Nearest passages"]
    )
    expect(page.get_by_role("status")).to_contain_text(NOTE)


def test_a_note_is_said_in_the_language_of_the_page(host: Host, page: Page) -> None:
    page.goto(host('lang="fr" source="Nobody"'))
    ask(page, "Who sails on the ship?")
    shown = page.locator("quoth-ask .state p")
    expect(shown.nth(1)).to_have_text("Il n’y a pas d’article de cette date et de cette source.")
    page.goto(host('lang="de"'))
    ask(page, "Is Narnia a ship?")
    expect(page.locator("quoth-ask .state")).to_contain_text("Auf Ja oder Nein antwortet Quoth")


def test_other_places_that_say_so_are_led_to_and_a_pronoun_is_resolved(
    host: Host, quoth: str, page: Page
) -> None:
    say_against(page)
    page.goto(host(""))
    with page.expect_response("**/v1/ask") as answered:
        ask(page, "How many sail on the ship?")
    _, *others = (answer["citations"][0] for answer in answered.value.json()["answers"])
    item = page.get_by_role("list", name="Answers").locator("> li").first
    expect(item.locator(".context")).to_have_text("Earlier: The owner was Ada Holm.")
    links = item.locator(".also a")
    expect(links).to_contain_text([cited["article"]["title"] for cited in others])
    for link, cited in zip(links.all(), others, strict=True):
        assert link.get_attribute("href") == quoth + cited["viewer_link"]


def test_the_page_of_a_document_is_named_where_it_is_known(host: Host, page: Page) -> None:
    say_against(page)
    page.goto(host('lang="de"'))
    ask(page, "How many sail on the ship?")
    facts = page.locator("quoth-ask .facts")
    expect(facts.first).to_contain_text("S.\u00a012")
    expect(facts.nth(1)).not_to_contain_text("S.")


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_no_language_lacks_a_word(language: str, host: Host, page: Page) -> None:
    say_against(page)
    page.goto(host(f'lang="{language}"'))
    ask(page, "How many sail on the ship?")
    expect(page.locator("quoth-ask .also")).to_be_visible()
    shown = page.locator("quoth-ask [part=results]").inner_text()
    assert "undefined" not in shown
    assert ("The articles disagree" in shown) == (language == "en")


@pytest.mark.parametrize(("theme", "ground"), [("dark", "#fff"), ("light", "#111")])
def test_messages_can_be_read_on_a_page_of_another_ground_than_the_theme(
    theme: str, ground: str, host: Host, page: Page, faults: Callable[[Page], list[str]]
) -> None:
    page.goto(host(f'theme="{theme}" source="Quiet Days"'))
    page.evaluate("ground => { document.body.style.background = ground }", ground)
    page.get_by_role("heading").evaluate("heading => heading.style.color = '#777'")
    ask(page, "How many?")
    expect(page.get_by_role("link", name="Nearest passages")).to_be_visible()
    message = page.get_by_text("The articles do not answer this.").last
    # Axe does not look at what is hidden from screen readers.
    message.evaluate("message => message.removeAttribute('aria-hidden')")
    assert faults(page) == []


def test_markup_in_answers_and_titles_is_text_in_the_widget(
    tmp_path: Path, folder: Path, other_origin: str, page: Page
) -> None:
    hostile = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    article = {
        "id": "a",
        "title": hostile,
        "text": f"😀😀 The ship {hostile} carries 42 {hostile}.",
    }
    with serving(tmp_path / "index", [article], allowed_origins="*") as address:
        put_page(folder, "hostile.html", address)
        page.goto(f"{other_origin}/hostile.html")
        ask(page, "How many on the ship?")
        expect(page.locator("quoth-ask mark").first).to_have_text("42")
        assert page.locator("quoth-ask :is(img, script)").count() == 0
        assert page.title() == "News"
        said = page.locator("quoth-ask .said").first.text_content()
        answer = httpx.get(f"{address}/v1/ask?q={quote('How many on the ship?')}").json()
        assert said == answer["answers"][0]["citations"][0]["quote"]


def test_the_widget_is_small() -> None:
    assert len(gzip.compress(WIDGET_FILE.read_bytes())) < 25_000


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")
def test_the_package_for_npm_holds_the_script_and_its_types(tmp_path: Path) -> None:
    for name in ("widget", "api/static"):
        shutil.copytree(ROOT / name, tmp_path / name)
    packed = subprocess.run(
        ["npm", "pack", "--json"], cwd=tmp_path / "widget", capture_output=True, check=True
    )
    (package,) = json.loads(packed.stdout)
    names = {file["path"] for file in package["files"]}
    assert {"quoth-ask.js", "quoth-ask.d.ts", "package.json"} <= names
