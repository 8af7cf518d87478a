"""The golden files: what each dialect makes of the fixed replies.

`python -m tests.api.formats.golden_files` writes them anew; look at what changed.
"""

from pathlib import Path

from api.formats.ai_sdk import UiMessageStream
from api.formats.names import Format
from api.formats.rendering import rendered
from tests.api.formats.replies import REPLIES

FOLDER = Path(__file__).with_name("golden")
DIALECTS = [name for name in Format if name is not Format.QUOTH]
CASES = [(dialect, case) for dialect in DIALECTS for case in REPLIES]


def path_of(dialect: Format, case: str) -> Path:
    """Return where the golden file of a dialect and a reply lies."""
    kind = "sse" if dialect is Format.AI_SDK else "json"
    return FOLDER / f"{dialect}.{case}.{kind}"


def text_of(dialect: Format, case: str) -> str:
    """Return what is sent, indented where it is one JSON value."""
    said = rendered(REPLIES[case], dialect)
    if isinstance(said, UiMessageStream):
        return said.events
    return said.model_dump_json(indent=2) + "\n"


if __name__ == "__main__":
    for dialect, case in CASES:
        path_of(dialect, case).write_text(text_of(dialect, case), encoding="utf-8")
