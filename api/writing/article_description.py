"""How the OpenAPI description shows the articles that are sent: they are read from the bytes."""

_TEXT_OR_NONE = {"type": ["string", "null"]}
_NAMES = {
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "null"},
    ]
}
# What `index.sources.article_fields` takes, but for the id, which stands in the address.
_FIELDS: dict[str, dict[str, object]] = {
    "text": {"type": "string", "minLength": 1, "description": "The article's text."},
    "title": {**_TEXT_OR_NONE, "description": "Without one it is made of the text."},
    "url": {**_TEXT_OR_NONE, "description": "Where the article is on the web."},
    "published": {**_TEXT_OR_NONE, "description": "A day, `YYYY-MM-DD`, with a time or without."},
    "authors": {**_NAMES, "description": "One or several."},
    "source": {**_TEXT_OR_NONE, "description": "Who published it."},
    "language": {**_TEXT_OR_NONE, "description": "Such as `en`."},
    "tags": {**_NAMES, "description": "One or several."},
}

ARTICLE_LINES: dict[str, object] = {
    # Any: a line that is no article is answered by a line that says why.
    "schema": {
        "description": "A line for each article: a JSON object with `id`, `text` and, if wanted, "
        "the other fields of `PUT /v1/articles/{article_id}`."
    }
}
"""The body of `POST /v1/articles`."""

ARTICLE_SENT: dict[str, object] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "title": "Article",
                    "required": ["text"],
                    "properties": _FIELDS,
                    "additionalProperties": True,
                    "description": "Other fields become metadata.",
                }
            },
            "text/plain": {
                "schema": {
                    "type": "string",
                    "minLength": 1,
                    "description": "The article's text; the rest is made of it.",
                }
            },
        },
    }
}
"""The body of `PUT /v1/articles/{id}`."""
