"""From a template to a response: escaping, security headers, and 304 where nothing has changed."""

import hashlib
from datetime import date
from functools import cache
from pathlib import Path

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

# Articles and questions are data from anywhere: nothing in them may run, load or frame.
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# A copy may be kept, but is asked about each time: answers change with the generation.
_REVALIDATE = {"Cache-Control": "no-cache"}


def html_page(request: Request, template: str, *, status: int = 200, **values: object) -> Response:
    """Return a rendered template; what may be wrong for a moment only (not 200) is not kept."""
    content = _templates().get_template(template).render(**values).encode()
    if status != 200:
        headers = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
        if status == 503:
            headers["Retry-After"] = "5"
        return Response(content, status, headers, "text/html; charset=utf-8")
    headers = {**SECURITY_HEADERS, **_REVALIDATE}
    return revalidated(request, content, media_type="text/html; charset=utf-8", headers=headers)


def revalidated(
    request: Request, content: bytes, *, media_type: str, headers: dict[str, str]
) -> Response:
    """Return the content with an ETag of it, or 304 where the client has just this."""
    opaque = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    # Weak: compressed, the same content has other bytes.
    tagged = {**headers, "ETag": f"W/{opaque}", "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if known == "*" or opaque in (tag.strip().removeprefix("W/") for tag in known.split(",")):
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
    return environment


def written_day(day: date) -> str:
    """Return a day as people write it: 15 November 2021."""
    return f"{day.day} {day:%B} {day.year}"
