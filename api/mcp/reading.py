"""Reading an article in parts that a model can take in."""

from pydantic import BaseModel, Field

from api.responses import ArticleReference
from qa.values import Article


class ArticlePart(BaseModel):
    """A part of an article's stored text; offsets are code points of the whole text."""

    article: ArticleReference
    text: str = Field(description="The stored text from `start` to `end`, unchanged.")
    start: int
    end: int
    characters: int = Field(description="How many the whole text has.")
    next_start: int | None = Field(description="Where to read on; null at the end.")
    generation: str


def part_of(article: Article, *, start: int, characters: int, generation: str) -> ArticlePart:
    """Return at most so many characters of an article; none where `start` is behind its end."""
    length = len(article.text)
    first = min(start, length)
    end = min(first + characters, length)
    return ArticlePart(
        article=ArticleReference.of(article),
        text=article.text[first:end],
        start=first,
        end=end,
        characters=length,
        next_start=end if end < length else None,
        generation=generation,
    )
