"""Which dialects there are."""

from enum import StrEnum


class Format(StrEnum):
    """The shapes in which `/v1/ask` can answer; each is a module here, but for our own."""

    QUOTH = "quoth"
    ANTHROPIC = "anthropic"
    COHERE = "cohere"
    AI_SDK = "ai-sdk"
    OPEN_WEBUI = "open-webui"
    WEB_ANNOTATION = "web-annotation"
