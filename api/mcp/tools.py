"""The four tools that a model is offered: what each takes, does and returns."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel
from starlette.types import Receive

from api.mcp.arguments import AskArguments, ReadArguments, SearchArguments, VerifyArguments
from api.mcp.reading import ArticlePart, part_of
from api.mcp.texts import answers_text, part_text, passages_text, verdicts_text
from api.responses import ArticleReference, AskResponse, SearchResponse
from api.serving.answering import Answered
from api.serving.searching import search
from api.serving.serving import Serving
from api.verification import VerifyResponse, verify_citations
from index.generation.generation import Generation
from qa.question import Question

Arguments = TypeVar("Arguments", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Call:
    """What a call sees: one generation from its first step to its last.

    `passages` are read for a question. `receive` tells when an HTTP caller has gone; it is None
    where the transport ends the call by itself.
    """

    serving: Serving
    turns: CapacityLimiter
    passages: int
    receive: Receive | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool found: for programs, for reading, and the articles that it is from."""

    structured: BaseModel
    text: str
    articles: Sequence[ArticleReference]


@dataclass(frozen=True, slots=True)
class ArticleTool(Generic[Arguments]):
    """One tool; `run` raises QuothError where it cannot do what is asked."""

    name: str
    title: str
    description: str
    arguments: type[Arguments]
    result: type[BaseModel]
    run: Callable[[Arguments, Call], Awaitable[ToolResult]]


async def _ask(arguments: AskArguments, call: Call) -> ToolResult:
    question = arguments.to_question(passages=call.passages)
    serving = call.serving
    answered = await serving.answer(question, call.turns, receive=call.receive)
    return await to_thread.run_sync(_answers, answered, serving)


def _answers(answered: Answered, serving: Serving) -> ToolResult:
    response = AskResponse.of(
        answered.outcome,
        generation=serving.generation.name,
        explain=False,
        cached=answered.cached,
    )
    articles = [c.article for found in response.answers for c in found.citations]
    return ToolResult(response, answers_text(response), articles)


async def _search(arguments: SearchArguments, call: Call) -> ToolResult:
    return await to_thread.run_sync(_passages, arguments, call.serving)


def _passages(arguments: SearchArguments, serving: Serving) -> ToolResult:
    question = Question(
        arguments.question, filters=arguments.to_filters(), passages=arguments.top_k
    )
    response = search(question, serving)
    return ToolResult(response, passages_text(response), [p.article for p in response.passages])


async def _read(arguments: ReadArguments, call: Call) -> ToolResult:
    return await to_thread.run_sync(_part, arguments, call.serving.generation)


def _part(arguments: ReadArguments, generation: Generation) -> ToolResult:
    part = part_of(
        generation.article(arguments.article_id),
        start=arguments.start,
        characters=arguments.characters,
        generation=generation.name,
    )
    return ToolResult(part, part_text(part), [part.article])


async def _verify(arguments: VerifyArguments, call: Call) -> ToolResult:
    response = await to_thread.run_sync(
        verify_citations, arguments.citations, call.serving.generation
    )
    return ToolResult(response, verdicts_text(response), [])


TOOLS: tuple[ArticleTool[Any], ...] = (
    ArticleTool(
        "ask",
        "Ask the articles",
        "Answer a question from this collection of articles, with exact quotations. Use it for "
        "questions of fact that have an answer of a few words: who, when, where, how many, what "
        "somebody said. Ask one thing at a time, in a whole sentence that names whom it is about. "
        "Each answer comes with its confidence and the whole source sentence, by article and "
        "character range: quote it, and cite it. If `answered` is false, the articles do not say: "
        "tell that to the user rather than answer from memory, or look with `search`. It cannot "
        "say yes or no, count or compare: ask for the facts behind, and put them together.",
        AskArguments,
        AskResponse,
        _ask,
    ),
    ArticleTool(
        "search",
        "Find passages",
        "Find the passages of the articles that bear on a question or topic, best first, without "
        "answering. Use it to explain, to summarise, to compare, or where `ask` found no answer. "
        "Each passage is an article's own text with its character range.",
        SearchArguments,
        SearchResponse,
        _search,
    ),
    ArticleTool(
        "read_article",
        "Read an article",
        "Read an article's stored text, a part at a time, to see what stands around a quotation. "
        "Take `article.id` from `ask` or `search`; `next_start` says where to read on.",
        ReadArguments,
        ArticlePart,
        _read,
    ),
    ArticleTool(
        "verify",
        "Verify citations",
        "Check that citations which `ask` gave before still hold, before you repeat them: `ok`, "
        "`moved` (with the range where the quote stands now), `stale` (the article does not say it "
        "any more) or `absent` (there is no such article now). Send each citation unchanged, with "
        "its article, quote and sentence.",
        VerifyArguments,
        VerifyResponse,
        _verify,
    ),
)
