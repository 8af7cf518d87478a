"""Answers with their sources, as a person likes to read them on a terminal."""

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from api.responses import AskResponse, CitationBody
from qa.deciding.agreement import Agreement

# A terminal would obey what stands in an article: move its cursor, set its title or its clipboard.
_SHOWN = {code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}


def print_response(response: AskResponse, console: Console) -> None:
    """Print the answers as a person likes to read them, the answer marked in its sentence."""
    console.print(Text(response.question, style="bold"))
    if response.asked is not None:
        console.print(Text(f"  Asked as: {response.asked}", style="dim"))
    if not response.answered:
        sure = f"{response.answerable_probability:.0%}"
        console.print(
            Text(f"  The articles do not answer this (probability that they do: {sure}).")
        )
    for answer in response.answers:
        line = Text.assemble(
            "  ",
            (_shown(answer.text), "bold green"),
            (f"   confidence {answer.confidence:.0%}", "cyan"),
        )
        if answer.support > 1:
            line.append(f", stands in {answer.support} places", "cyan")
        console.print(line)
        for citation in answer.citations:
            _print_citation(citation, console)
    if response.agreement is Agreement.DIFFER:
        console.print(Text("  The articles do not agree on this.", style="yellow"))
    if response.note is not None:
        console.print(Text(f"  Note: {response.note}", style="yellow"))
    if response.degraded is not None:
        console.print(Text(f"  Note: {response.degraded}.", style="yellow"))


def _print_citation(citation: CitationBody, console: Console) -> None:
    if citation.context is not None:
        console.print(Padding(Text(f"(“{_shown(citation.context.quote)}”)", style="dim"), (0, 4)))
    quote = Text(f"“{_shown(citation.quote)}”")
    first = citation.answer.start - citation.sentence.start + 1
    quote.stylize("green", first, first + len(citation.answer.text))
    console.print(Padding(quote, (0, 4)))
    article = citation.article
    facts = [
        _shown(article.title),
        str(article.published or "no date"),
        *([] if citation.page is None else [f"p. {citation.page}"]),
        f"sentence {citation.sentence.index + 1}",
        f"characters {citation.sentence.start}–{citation.sentence.end}",
        f"answer {citation.answer.start}–{citation.answer.end}",
    ]
    console.print(Padding(Text("— " + " · ".join(facts), style="dim"), (0, 4)))


def _shown(text: str) -> str:
    """Return a text as a terminal may get it, of the same length."""
    return text.translate(_SHOWN)
