"""The ask page in a browser: asking, opening the source, the address bar, the keyboard."""

import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from api.serving.loading import Models
from qa.reading.reader import PassageSpan
from tests.api.conftest import FirstNumberReader, RunningService, fake_app, fake_models, listening
from tests.browser.conftest import ARTICLES, publish_articles

QUESTION = "How many sail on the ship?"
OpenPage = Callable[..., Page]


def ask(page: Page, question: str) -> None:
    page.get_by_role("searchbox").fill(question)
    page.keyboard.press("Enter")


def wait_for_keys(page: Page) -> None:
    """Wait until the page's script has run; it shows the list of keys."""
    expect(page.locator(".keys")).to_be_visible()


def is_in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).first.bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    return 0 <= box["y"] < size["height"]


def test_the_opened_source_has_the_quote_marked_and_in_view(
    service: RunningService, page: Page
) -> None:
    question = "Who is the longtime dictator of Belarus?"
    asked: dict[str, str | int] = {"q": question, "top_k": 5}
    answer = httpx.get(f"{service.url}/v1/ask", params=asked, timeout=60).json()["answers"][0]
    citation = answer["citations"][0]
    page.goto(service.url)
    ask(page, question)
    expect(page.locator(".first .text")).to_have_text(answer["text"])
    assert page.locator(".first .quote").text_content() == citation["quote"]
    assert page.locator(".first .quote mark").text_content() == answer["text"]
    page.locator(".first a.open").click()
    page.wait_for_url("**/articles/**")
    assert page.locator("mark.current").text_content() == citation["quote"]
    assert page.locator("mark.current strong").first.text_content() == answer["text"]
    assert is_in_view(page, "mark.current")
    page.get_by_role("link", name="Back to the question").click()
    expect(page.locator(".first .text")).to_have_text(answer["text"])


def test_back_and_forward_go_through_the_questions(site: str, page: Page) -> None:
    page.goto(site)
    ask(page, QUESTION)
    expect(page.locator(".first .text")).to_have_text("42")
    ask(page, "What does the town have?")
    expect(page.locator(".first .quote")).to_contain_text("gates")
    page.go_back()
    expect(page.locator(".first .text")).to_have_text("42")
    expect(page.get_by_role("searchbox")).to_have_value(QUESTION)
    page.go_back()
    expect(page.locator(".start")).to_be_visible()
    page.go_forward()
    expect(page.locator(".first .text")).to_have_text("42")
    assert page.title() == f"{QUESTION} · Quoth"


def test_the_address_of_a_filtered_view_reproduces_it(site: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(site)
    page.get_by_text("Date and source").click()
    page.get_by_label("Source").fill("Town Crier")
    page.get_by_label("From").fill("2022-01-01")
    ask(page, QUESTION)
    expect(page.locator(".first .text")).to_have_text("7")
    assert page.url.endswith("/?q=How+many+sail+on+the+ship%3F&from=2022-01-01&source=Town+Crier")
    other = open_page()
    other.goto(page.url)
    assert other.locator("#results").inner_html() == page.locator("#results").inner_html()
    assert other.get_by_label("Source").input_value() == "Town Crier"
    page.get_by_role("link", name="Clear").click()
    expect(page.locator(".first .text")).to_have_text("42")


def test_filters_that_no_article_meets_are_said_and_can_be_left(site: str, page: Page) -> None:
    page.goto(f"{site}/?q={QUESTION}&source=Nobody")
    expect(page.get_by_role("heading", name="No article is left")).to_be_visible()
    page.get_by_role("link", name="Ask all articles").click()
    expect(page.locator(".first .text")).to_have_text("42")


def test_all_can_be_done_with_the_keyboard(site: str, page: Page) -> None:
    page.goto(f"{site}/?q=ship")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(QUESTION)  # what stood there was selected
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("42.")
    page.keyboard.press("ArrowDown")
    first, second = page.locator("#results a.open").all()[:2]
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    assert page.locator("mark.current strong").first.text_content() == "42"
    wait_for_keys(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value(QUESTION)
    wait_for_keys(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_the_key_of_a_single_character_can_be_switched_off(site: str, page: Page) -> None:
    page.goto(f"{site}/?q=ship")
    page.get_by_text("Keyboard", exact=True).click()
    page.get_by_label("The key / works").uncheck()
    page.reload()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_previous_and_next_lead_through_the_hits_of_the_question(site: str, page: Page) -> None:
    page.goto(f"{site}/?q={QUESTION}")
    page.locator("a.open").first.click()
    page.wait_for_url("**/articles/**")
    seen = [page.locator("mark.current").text_content()]
    count = int((page.locator(".count").text_content() or "").split(" of ")[1])
    for number in range(2, count + 1):
        wait_for_keys(page)
        page.keyboard.press("n")
        expect(page.locator(".count")).to_have_text(f"{number} of {count}")
        expect(page.locator("mark.current").first).to_be_in_viewport()
        seen.append(page.locator("mark.current").text_content())
    assert count > 1
    assert len(set(seen)) == count
    assert page.get_by_role("link", name="Next hit").count() == 0
    page.get_by_role("link", name="Previous hit").click()
    expect(page.locator(".count")).to_have_text(f"{count - 1} of {count}")


def test_a_question_is_answered_and_its_source_marked_without_scripts(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site)
    page.get_by_role("searchbox").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    assert page.locator(".first .text").text_content() == "42"
    quote = page.locator(".first .quote").text_content()
    page.locator(".first a.open").click()
    assert page.locator("mark.current").text_content() == quote
    assert is_in_view(page, "mark.current")
    assert page.locator(".keys").is_hidden()


def test_the_page_waits_for_a_service_that_is_starting(page: Page, tmp_path: Path) -> None:
    with listening(fake_app(tmp_path / "index")) as address:
        page.goto(f"{address}/?q={QUESTION}")
        expect(page.get_by_role("heading", name="The index cannot be used")).to_be_visible()
        publish_articles(tmp_path / "index", ARTICLES)
        expect(page.locator(".first .text")).to_have_text("42")


def test_a_service_out_of_reach_is_said_and_the_question_is_kept(site: str, page: Page) -> None:
    page.goto(site)
    page.context.set_offline(True)
    ask(page, QUESTION)
    expect(page.get_by_role("heading", name="cannot be reached")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("The service cannot be reached.")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator(".first .text")).to_have_text("42")


def test_what_went_wrong_has_the_title_of_its_question(site: str, page: Page) -> None:
    page.goto(f"{site}/?q=ship")
    page.context.set_offline(True)
    ask(page, QUESTION)
    expect(page.get_by_role("heading", name="cannot be reached")).to_be_visible()
    expect(page).to_have_title(f"{QUESTION} · Quoth")
    page.get_by_role("link", name="Ask again").click()
    expect(page.locator("body")).not_to_have_class(re.compile("busy"))
    expect(page.get_by_role("heading", name="cannot be reached")).to_be_visible()
    expect(page.get_by_role("link", name="Ask again")).to_be_focused()
    page.context.set_offline(False)
    page.get_by_role("link", name="Ask again").click()
    expect(page.locator(".first .text")).to_have_text("42")


def test_a_service_that_fails_is_not_said_to_be_out_of_reach(site: str, page: Page) -> None:
    page.goto(site)
    page.route("**/?q=*", lambda route: route.fulfill(status=500, json={"title": "Quoth failed"}))
    ask(page, QUESTION)
    expect(page.get_by_role("heading", name="did not answer as it should")).to_be_visible()


def test_asking_from_a_filter_leaves_the_keyboard_there(site: str, page: Page) -> None:
    page.goto(f"{site}/?q={QUESTION}")
    page.get_by_text("Date and source").click()
    source = page.get_by_label("Source")
    source.fill("Town Crier")
    page.keyboard.press("Enter")
    expect(page.locator(".first .text")).to_have_text("7")
    expect(source).to_be_focused()
    expect(page.get_by_role("link", name="Clear")).to_be_visible()


def test_what_is_written_while_an_answer_is_awaited_stays(site: str, page: Page) -> None:
    held: list[Route] = []
    page.goto(site)
    page.get_by_text("Date and source").click()
    page.route("**/?q=*", lambda route: held.append(route))
    ask(page, QUESTION)
    page.get_by_label("Source").fill("Town Crier")
    page.get_by_role("searchbox").fill("What next?")
    page.get_by_label("From").focus()
    held[0].continue_()
    expect(page.locator(".first .text")).to_have_text("42")
    expect(page.get_by_label("Source")).to_have_value("Town Crier")
    expect(page.get_by_role("searchbox")).to_have_value("What next?")


def test_back_fills_every_field_from_the_address(site: str, page: Page) -> None:
    page.goto(f"{site}/?q={QUESTION}&source=Harbour+News")
    source = page.get_by_label("Source")
    source.fill("Town Crier")
    page.keyboard.press("Enter")
    expect(page.locator(".first .text")).to_have_text("7")
    page.get_by_label("To").fill("2024-01-01")
    source.focus()
    page.go_back()
    expect(page.locator(".first .text")).to_have_text("42")
    expect(source).to_have_value("Harbour News")
    expect(page.get_by_label("To")).to_have_value("")


def test_a_filter_that_holds_up_the_question_is_unfolded(site: str, page: Page) -> None:
    page.goto(site)
    page.get_by_text("Date and source").click()
    page.get_by_label("From").press_sequentially("01")
    page.get_by_text("Date and source").click()
    expect(page.get_by_label("From")).to_be_hidden()
    ask(page, QUESTION)
    expect(page.get_by_label("From")).to_be_focused()


def test_looking_again_leaves_the_focus(page: Page, tmp_path: Path) -> None:
    with listening(fake_app(tmp_path / "index")) as address:
        page.goto(f"{address}/?q={QUESTION}&source=Nobody")
        for name in ("Look again", "Clear"):
            page.get_by_role("link", name=name).focus()
            with page.expect_response("**/?q=*") as looked:
                pass
            looked.value.finished()
            with page.expect_response("**/?q=*"):  # the one before has been dealt with
                pass
            expect(page.get_by_role("link", name=name)).to_be_focused()


@pytest.mark.parametrize("keys", ["Shift+ArrowDown", "Alt+ArrowDown", "Control+ArrowDown"])
def test_an_arrow_with_another_key_does_not_leave_the_box(site: str, page: Page, keys: str) -> None:
    page.goto(f"{site}/?q={QUESTION}")
    wait_for_keys(page)
    page.get_by_role("searchbox").focus()
    page.keyboard.press(keys)
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_a_browser_of_2022_asks(site: str, page: Page) -> None:
    page.add_init_script("delete URLSearchParams.prototype.size")
    page.goto(site)
    ask(page, QUESTION)
    expect(page.locator(".first .text")).to_have_text("42")


class PatientReader(FirstNumberReader):
    """Waits with the answer to a question that says so until it is told to go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def read(self, question: str, passages: Iterable[str]) -> Iterable[list[PassageSpan]]:
        """Return what the other reader finds."""
        if "slow" in question:
            self.go_on.wait(20)
        return super().read(question, passages)


@pytest.fixture
def patient(tmp_path: Path) -> PatientReader:
    """A reader that waits, and an index to read."""
    publish_articles(tmp_path / "index", ARTICLES)
    return PatientReader()


def patient_models(reader: PatientReader) -> Models:
    models = fake_models()
    return Models(models.encoder, reader, models.calibration)


def test_waiting_is_shown_and_a_later_question_wins(
    patient: PatientReader, page: Page, tmp_path: Path
) -> None:
    app = fake_app(tmp_path / "index", models=lambda: patient_models(patient))
    with listening(app) as address:
        while httpx.get(f"{address}/readyz").status_code != 200:
            pass
        page.goto(address)
        ask(page, "Is the slow ship there?")
        expect(page.get_by_role("status")).to_have_text("Asking …")
        expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
        ask(page, QUESTION)
        patient.go_on.set()
        expect(page.locator(".first .text")).to_have_text("42")
        expect(page.locator("body")).not_to_have_class(re.compile("busy"))
        expect(page).to_have_title(f"{QUESTION} · Quoth")
