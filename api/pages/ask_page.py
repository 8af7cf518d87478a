"""The ask page: a question in the address, the answers in the page, with or without scripts."""

from dataclasses import dataclass

from anyio import to_thread
from fastapi import APIRouter, Request, Response

from api.dependencies import SettingsDep, TurnsDep, get_serving
from api.pages.address import Address
from api.pages.failures import Failure
from api.pages.rendering import html_page
from api.pages.result import Result
from api.serving.serving import Serving
from qa.errors import QuothError

# The sources of most articles; any other can be typed.
_SUGGESTED = 100

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Form:
    """What stands in the fields, as it was written, right or wrong."""

    q: str
    first: str
    last: str
    source: str

    @classmethod
    def of(cls, request: Request) -> "Form":
        """Read the fields from the address."""
        given = request.query_params
        return cls(*(given.get(name, "").strip() for name in ("q", "from", "to", "source")))

    @property
    def filtered(self) -> bool:
        """Whether a filter is filled in."""
        return bool(self.first or self.last or self.source)


@router.get("/")
async def ask_page(request: Request, settings: SettingsDep, turns: TurnsDep) -> Response:
    """Show the box, and the answers to the question that the address holds."""
    form = Form.of(request)
    failure = result = address = articles = None
    sources: list[str] = []
    try:
        serving, sources = await to_thread.run_sync(_looked_up, request)
        address = Address.of(request)
        articles = serving.generation.manifest.counts.articles
        if address.asks:
            question = address.question(passages=settings.passages)
            answered = await serving.answer(question, turns, receive=request.receive)
            result = await to_thread.run_sync(
                Result.of, answered.outcome, address, serving.generation
            )
    except QuothError as error:
        failure = Failure.of(error, request)
    return html_page(
        request,
        "ask.html",
        status=200 if failure is None else failure.status,
        form=form,
        failure=failure,
        result=result,
        address=address,
        articles=articles,
        sources=sources,
    )


def _looked_up(request: Request) -> tuple[Serving, list[str]]:
    """Return what serves, and the sources to suggest.

    They are counted once for a generation; of a large one it takes a moment.
    """
    serving = get_serving(request)
    return serving, serving.generation.sources(limit=_SUGGESTED)
