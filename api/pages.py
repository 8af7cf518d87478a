"""The page of an article, which marks and scrolls to the range that its address names."""

from html import escape
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from api.routes import ServingDep
from qa.values import Article

_STATIC = Path(__file__).parent / "static"
_SCRIPT_PATH = "/static/viewer.js"
_STYLE_PATH = "/static/viewer.css"
# Article text is data from anywhere: nothing in it may run, load or frame.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

pages = APIRouter(include_in_schema=False)


@pages.get("/articles/{article_id:path}")
def view_article(article_id: str, serving: ServingDep) -> HTMLResponse:
    """Show an article's stored text; `#char=START,END` (RFC 5147) marks a range of it."""
    return HTMLResponse(_page(serving.generation.article(article_id)), headers=_HEADERS)


@pages.get(_SCRIPT_PATH)
def viewer_script() -> Response:
    """Return the script that marks the range."""
    content = (_STATIC / "viewer.js").read_bytes()
    return Response(content, media_type="text/javascript", headers=_HEADERS)


@pages.get(_STYLE_PATH)
def viewer_style() -> Response:
    """Return the style sheet."""
    content = (_STATIC / "viewer.css").read_bytes()
    return Response(content, media_type="text/css", headers=_HEADERS)


def _page(article: Article) -> str:
    facts = [
        *([article.published.isoformat()] if article.published else []),
        *([", ".join(article.authors)] if article.authors else []),
        *([article.source] if article.source else []),
    ]
    # No white space may stand between <article> and its text: the script counts from the tag.
    return f"""<!doctype html>
<html lang="{escape(article.language or "en")}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(article.title)}</title>
<link rel="stylesheet" href="{_STYLE_PATH}">
<script src="{_SCRIPT_PATH}" defer></script>
</head>
<body>
<main>
<h1>{escape(article.title)}</h1>
<p class="facts">{escape(" · ".join(facts))}</p>
<article id="text">{escape(article.text)}</article>
</main>
</body>
</html>
"""
