"""Results as a model or a person reads them.

What stands in an article is somebody else's: each line of it begins with "> ", so that nothing
in it can pass for Quoth's own words.
"""

from api.mcp.reading import ArticlePart
from api.mcp.uris import article_uri
from api.responses import AnswerBody, ArticleReference, AskResponse, CitationBody, SearchResponse
from api.verification import VerifiedCitation, VerifyResponse
from qa.deciding.agreement import Agreement
from qa.verify import Verdict


def quoted(text: str) -> str:
    """Return the text with a mark before each line; all that may end a line ends one."""
    return "\n".join(f"> {line}" for line in text.splitlines() or [""])


def answers_text(response: AskResponse) -> str:
    """Return the answers, each with its source sentences; or that there are none."""
    parts = [
        _answer(number, answer) for number, answer in enumerate(response.answers, start=1)
    ] or [_abstaining(response)]
    if response.agreement is Agreement.DIFFER:
        whole = "tell all their answers" if len(response.answers) > 1 else "ask for more answers"
        parts.append(f"The articles do not agree: {whole}.")
    if response.note is not None:
        parts.append(f"Note: {response.note}")
    if response.degraded is not None:
        parts.append(f"Note: {response.degraded}.")
    return "\n\n".join([*parts, *_asked(response.asked)])


def passages_text(response: SearchResponse) -> str:
    """Return the passages, best first."""
    parts = [
        f"Passage {number}, {_place(passage.article, passage.start, passage.end)}"
        f"{_on(passage.page)}:\n{quoted(passage.text)}"
        for number, passage in enumerate(response.passages, start=1)
    ] or ["No passage was found; leave out filters, or ask in other words."]
    return "\n\n".join([*parts, *_asked(response.asked)])


def part_text(part: ArticlePart) -> str:
    """Return a part of an article, and where to read on."""
    parts = [
        f"{_place(part.article, part.start, part.end)}, of {part.characters}:\n{quoted(part.text)}"
    ]
    if part.next_start is not None:
        parts.append(f"Read on with start={part.next_start}.")
    return "\n\n".join(parts)


def verdicts_text(response: VerifyResponse) -> str:
    """Return what became of each citation, a line each."""
    return "\n".join(
        f"Citation {number}: {_verdict(verified)}"
        for number, verified in enumerate(response.citations, start=1)
    )


def _asked(question: str | None) -> list[str]:
    """Return as what a question was asked, if that is not as it was put."""
    return [] if question is None else [f"Asked as:\n{quoted(question)}"]


def _answer(number: int, answer: AnswerBody) -> str:
    head = f"Answer {number}, confidence {answer.confidence:.0%}:\n{quoted(answer.text)}"
    return "\n".join([head, *(_citation(citation) for citation in answer.citations)])


def _citation(citation: CitationBody) -> str:
    sentence = citation.sentence
    place = _place(citation.article, sentence.start, sentence.end) + _on(citation.page)
    lines = [f"[{citation.id}] {place}, says:", quoted(citation.quote)]
    if citation.context is not None:
        lines += ["below what says of whom or what it speaks:", quoted(citation.context.quote)]
    return "\n".join(lines)


def _place(article: ArticleReference, start: int, end: int) -> str:
    day = "" if article.published is None else f", published {article.published.isoformat()}"
    return (
        f"{article_uri(article.id)}{day}, titled\n{quoted(article.title)}\n"
        f"characters {start} to {end}"
    )


def _on(page: int | None) -> str:
    return "" if page is None else f", page {page}"


def _abstaining(response: AskResponse) -> str:
    return (
        "The articles do not answer this question (probability that they do: "
        f"{response.answerable_probability:.0%}). Say so; `search` finds the passages that come "
        "nearest to it."
    )


def _verdict(verified: VerifiedCitation) -> str:
    where = article_uri(verified.article_id)
    sentence = verified.sentence
    if verified.verdict is Verdict.ABSENT or sentence is None:
        if verified.verdict is Verdict.ABSENT:
            return f"absent. There is no article {where} any more; do not cite it."
        return f"stale. {where} does not say this any more; do not quote it."
    place = f"characters {sentence.start} to {sentence.end} of {where}"
    if verified.verdict is Verdict.OK:
        return f"ok. It stands at {place}."
    return f"moved. It stands at {place} now; cite it there."
