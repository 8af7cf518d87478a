"""The page of an article, with the quote marked that the address names.

`?char=START,END` and a question in the address are marked here, by code points. `#char=START,END`
(RFC 5147), which no browser sends, is marked by the page's script.
"""

import re
from dataclasses import dataclass

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from starlette.types import Receive

from api.article_path import ARTICLE_PATH
from api.callers.came_by import CameBy, came_by
from api.dependencies import SettingsDep, TurnsDep, get_serving
from api.links import web_address
from api.pages.address import Address
from api.pages.failures import Failure
from api.pages.hits import Hit, Range, hits_of, place_of
from api.pages.marked_text import Mark, marked_text
from api.pages.rendering import html_page
from api.serving.seen import note_shown
from api.serving.serving import Serving
from qa.errors import InvalidQuestionError, QuothError
from qa.pages import page_of, page_starts
from qa.values import Article

# Twelve digits are more than any article has characters.
_CHAR = re.compile(r"([0-9]{1,12}),([0-9]{1,12})")

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Way:
    """Back to the question, and on to the other hits: this is the `number`-th of `count`."""

    question: str
    back: str
    number: int | None
    count: int
    previous: str | None
    next: str | None


@router.get(ARTICLE_PATH)
async def article_page(
    article_id: str, request: Request, settings: SettingsDep, turns: TurnsDep
) -> Response:
    """Show an article's stored text; the quote that the address names is marked."""
    try:
        serving, article = await to_thread.run_sync(_looked_up, request, article_id)
        note_shown([article_id])
        address = _address(request)
        hits = await _hits(
            address, serving, passages=settings.passages, turns=turns, receive=request.receive
        )
    except QuothError as error:
        failure = Failure.of(error, request)
        return html_page(
            request,
            "failure.html",
            status=failure.status,
            failure=failure,
            leads_on=came_by(request) is not CameBy.PASS,
        )
    return await to_thread.run_sync(_page, request, article, address, hits)


def _looked_up(request: Request, article_id: str) -> tuple[Serving, Article]:
    serving = get_serving(request)
    return serving, serving.generation.article(article_id)


def _address(request: Request) -> Address:
    """Return the question in the address; one that cannot be asked is none: the text is here."""
    try:
        return Address.of(request)
    except InvalidQuestionError:
        return Address()


async def _hits(
    address: Address, serving: Serving, *, passages: int, turns: CapacityLimiter, receive: Receive
) -> list[Hit]:
    """Return where the question leads; it has mostly just been asked, and its answer is kept.

    Raises HTTPException if the caller has gone, as `Serving.answer` does.
    """
    if not address.asks:
        return []
    try:
        question = address.question(passages=passages)
    except InvalidQuestionError:
        return []
    answered = await serving.answer(question, turns, receive=receive)
    return hits_of(answered.outcome)


def _page(request: Request, article: Article, address: Address, hits: list[Hit]) -> Response:
    quote = _quote(request)
    place = place_of(hits, article.article_id, quote)
    marks = [
        Mark(hit.quote, hit.answers, current=hit.quote == quote)
        for hit in hits
        if hit.article_id == article.article_id
    ]
    if quote is not None and place is None:
        marks.append(Mark(quote, current=True))
    return html_page(
        request,
        "article.html",
        article=article,
        original=web_address(article.url),
        page_starts=page_starts(article),
        page=None if quote is None else page_of(article, quote[0]),
        text=marked_text(article.text, marks),
        way=_way(address, hits, place) if address.asks else None,
        leads_on=came_by(request) is not CameBy.PASS,
    )


def _quote(request: Request) -> Range | None:
    written = _CHAR.fullmatch(request.query_params.get("char", ""))
    return None if written is None else (int(written[1]), int(written[2]))


def _way(address: Address, hits: list[Hit], place: int | None) -> Way:
    urls = [address.article_url(hit.article_id, *hit.quote) for hit in hits]
    following = 0 if place is None else place + 1
    return Way(
        question=address.q.strip(),
        back=address.ask_url(),
        number=None if place is None else place + 1,
        count=len(hits),
        previous=urls[place - 1] if place else None,
        next=urls[following] if following < len(urls) else None,
    )
