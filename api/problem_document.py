"""The document that every error is answered with (RFC 9457), as OpenAPI describes it."""

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


# What a route says of each status that it answers with a problem, but for the `description`.
PROBLEM_RESPONSE = {"model": Problem, "content": {PROBLEM_MEDIA_TYPE: {}}}
