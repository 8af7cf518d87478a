"""Anthropic's `search_result` content blocks, as the content of a tool's result.

Shape: `ToolResultBlockParam` and `SearchResultBlockParam` of the `anthropic` package. A model that
reads them cites block numbers, never offsets, and a text block is the least that it can cite: each
sentence is a block of its own. Nothing here is counted in characters.
"""

from typing import Literal

from pydantic import BaseModel, Field

from api.replies.answer_text import remarks
from api.replies.cited_reply import CitedReply, Source


class AnthropicText(BaseModel):
    """One sentence, quoted whole; or words of Quoth's own, which stand in no search result."""

    type: Literal["text"] = "text"
    text: str


class AnthropicCitations(BaseModel):
    """The model is asked to cite; all results of a request must ask alike."""

    enabled: bool = True


class AnthropicSearchResult(BaseModel):
    """A cited sentence, after the one that names whom it speaks of, if it does not itself."""

    type: Literal["search_result"] = "search_result"
    source: str = Field(description="Leads to the quote.")
    title: str
    content: list[AnthropicText]
    citations: AnthropicCitations = AnthropicCitations()

    @classmethod
    def of(cls, source: Source) -> "AnthropicSearchResult":
        """Render a source."""
        content = [AnthropicText(text=sentence) for sentence in source.sentences]
        return cls(source=source.url, title=source.title, content=content)


class AnthropicToolResult(BaseModel):
    """A tool's result but for `tool_use_id`, which the caller knows and adds.

    Search results, best first, each sentence once, then a text for each remark on them; a text
    alone where nothing answers.
    """

    type: Literal["tool_result"] = "tool_result"
    content: list[AnthropicSearchResult | AnthropicText]

    @classmethod
    def of(cls, reply: CitedReply) -> "AnthropicToolResult":
        """Render a reply.

        Reading that is offered where nothing answers stays text: as search results a model would
        cite it as the answer.
        """
        if not reply.outcome.answers:
            return cls(content=[AnthropicText(text=reply.text.text)])
        once: dict[tuple[str, int, int], Source] = {}
        for source in reply.sources:
            sentence = source.citation.sentence
            place = (source.citation.article.article_id, sentence.start, sentence.end)
            once.setdefault(place, source)
        results = [AnthropicSearchResult.of(source) for source in once.values()]
        said = [AnthropicText(text=remark) for remark in remarks(reply.outcome)]
        return cls(content=[*results, *said])
