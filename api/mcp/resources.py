"""Articles as resources: listed in pages, read whole."""

from mcp_types import (
    ListResourcesResult,
    ListResourceTemplatesResult,
    ReadResourceResult,
    Resource,
    ResourceLink,
    ResourceTemplate,
    TextResourceContents,
)

from api.mcp.uris import URI_TEMPLATE, article_id_of, article_uri
from api.responses import ArticleReference
from index.generation.generation import Generation
from qa.errors import ArticleNotFoundError

PAGE_SIZE = 100
_TEXT = "text/plain"

TEMPLATES = ListResourceTemplatesResult(
    resource_templates=[
        ResourceTemplate(
            name="article",
            title="Article",
            uri_template=URI_TEMPLATE,
            mime_type=_TEXT,
            description="An article's whole stored text, which all offsets refer to.",
        )
    ]
)


def list_articles(generation: Generation, *, after: str | None) -> ListResourcesResult:
    """Return a page of articles in the order of their ids, beginning behind `after`."""
    articles = generation.articles(after=after, limit=PAGE_SIZE + 1)
    shown = articles[:PAGE_SIZE]
    return ListResourcesResult(
        resources=[
            Resource(
                uri=article_uri(article.article_id),
                name=article.article_id,
                title=article.title,
                mime_type=_TEXT,
                size=len(article.text.encode()),
            )
            for article in shown
        ],
        next_cursor=shown[-1].article_id if len(articles) > PAGE_SIZE else None,
    )


def read_article(generation: Generation, uri: str) -> ReadResourceResult:
    """Return an article's text; raises ArticleNotFoundError if there is none at the address."""
    article_id = article_id_of(uri)
    if article_id is None:
        raise ArticleNotFoundError(uri)
    text = generation.article(article_id).text
    return ReadResourceResult(contents=[TextResourceContents(uri=uri, mime_type=_TEXT, text=text)])


def link_to(article: ArticleReference) -> ResourceLink:
    """Return a link to an article, for the result of a tool."""
    day = "no date" if article.published is None else article.published.isoformat()
    return ResourceLink(
        uri=article_uri(article.id),
        name=article.id,
        title=article.title,
        description=f"The article, whole ({day}).",
        mime_type=_TEXT,
    )
