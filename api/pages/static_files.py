"""Scripts, styles and the icon: each file by its name, with an ETag."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.pages.rendering import KEPT_HEADERS, revalidated

_FOLDER = Path(__file__).parent.parent / "static"
WIDGET_FILE = _FOLDER / "widget.js"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Pages of other origins load it, and may keep it for an hour.
_WIDGET = {
    "Cache-Control": "public, max-age=3600",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}

router = APIRouter()


@router.get("/static/{name}")
def static_file(name: str, request: Request) -> Response:
    """Return a file that the pages use."""
    file = _files().get(name)
    if file is None:
        raise HTTPException(404)
    return revalidated(request, file[0], media_type=file[1], headers=KEPT_HEADERS)


@router.get("/widget.js")
def widget(request: Request) -> Response:
    """Return the script that makes `<quoth-ask>` work on any page."""
    content, media_type = _files()[WIDGET_FILE.name]
    return revalidated(request, content, media_type=media_type, headers=_WIDGET)


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Return the content and type of each file: a name that is not among them leads nowhere."""
    return {
        path.name: (path.read_bytes(), _MEDIA_TYPES[path.suffix])
        for path in sorted(_FOLDER.iterdir())
        if path.suffix in _MEDIA_TYPES
    }
