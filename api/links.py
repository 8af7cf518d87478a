"""Links that open at the quote."""

from urllib.parse import quote

from qa.answers import Citation

# A longer quote is named by its first and last words; browsers find the text between them.
_LONGEST_WHOLE_QUOTE = 160
_EDGE_WORDS = 6


def deep_link(citation: Citation) -> str | None:
    """Return the article's URL with a text fragment that marks the quote, or None without a URL.

    Source: WICG Scroll To Text Fragment, `#:~:text=[textStart][,textEnd]`.
    """
    url = citation.article.url
    if not url:
        return None
    text = " ".join(citation.quote.split())
    words = text.split()
    if len(text) <= _LONGEST_WHOLE_QUOTE or len(words) <= 2 * _EDGE_WORDS:
        directive = _encoded(text)
    else:
        edges = (words[:_EDGE_WORDS], words[-_EDGE_WORDS:])
        directive = ",".join(_encoded(" ".join(edge)) for edge in edges)
    base, _, fragment = url.partition("#")
    return f"{base}#{fragment}:~:text={directive}"


def viewer_link(citation: Citation) -> str:
    """Return the path of Quoth's own page of the article, at the quote (RFC 5147 `char=`)."""
    path = quote(citation.article.article_id, safe="/")
    return f"/articles/{path}#char={citation.sentence.start},{citation.sentence.end}"


def _encoded(text: str) -> str:
    """Percent-encode all that has a meaning inside a text directive: `-`, `,` and `&` too."""
    return quote(text, safe="").replace("-", "%2D")
