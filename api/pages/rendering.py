"""From a template to a response: escaping, security headers, and 304 where nothing has changed."""

import re
from datetime import date
from functools import cache
from pathlib import Path

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.middleware.entity_tags import REVALIDATE, is_held, weak_tag
from api.public_address import root_from

# Articles and questions are data from anywhere: nothing in them may run, load or frame.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# A copy may be kept, but is asked about each time, which costs a 304: answers change with the
# generation, and script and page are always of one version.
KEPT_HEADERS = {**SECURITY_HEADERS, "Cache-Control": REVALIDATE}


def html_page(request: Request, template: str, *, status: int = 200, **values: object) -> Response:
    """Return a rendered template; what may be wrong for a moment only (not 200) is not kept.

    Its links are relative to `root`, the service's own, wherever a proxy shows that.
    """
    content = _templates().get_template(template).render(root=root_from(request), **values).encode()
    if status != 200:
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        if status == 503:
            headers["Retry-After"] = "5"
        return Response(content, status, headers, "text/html; charset=utf-8")
    html = "text/html; charset=utf-8"
    return revalidated(request, content, media_type=html, headers=KEPT_HEADERS)


def revalidated(
    request: Request, content: bytes, *, media_type: str, headers: dict[str, str]
) -> Response:
    """Return the content with an ETag of it, or 304 where the client has just this."""
    tag = weak_tag(content)
    tagged = {**headers, "ETag": tag, "Vary": "Accept-Encoding"}
    if is_held(tag, request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=tagged)
    return Response(content, headers=tagged, media_type=media_type)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = written_day
    environment.filters["code"] = _with_code
    return environment


def written_day(day: date) -> str:
    """Return a day as people write it: 15 November 2021."""
    return f"{day.day} {day:%B} {day.year}"


def _with_code(text: str) -> Markup:
    """Return a text as HTML, with what stands between backticks set as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped
