"""The document that every error is answered with (RFC 9457), as OpenAPI describes it."""

from typing import TypeAlias

from pydantic import BaseModel, Field

PROBLEM_MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """An error as RFC 9457 problem details; `detail` says what to change."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request's path.")
    request_id: str


Responses: TypeAlias = dict[int | str, dict[str, object]]
"""What a route answers besides its result: for each status what FastAPI says of it."""


def problem(description: str) -> dict[str, object]:
    """Return what a route says of a status that it answers with a problem."""
    return {"model": Problem, "content": {PROBLEM_MEDIA_TYPE: {}}, "description": description}
