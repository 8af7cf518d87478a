"""`POST /v1/verify`: whether citations that were given before still hold."""

from fastapi import APIRouter

from api.dependencies import JSON_BODY, JSON_BODY_PROBLEMS, V1_PROBLEMS, ServingDep
from api.verification import VerifyBody, VerifyResponse, verify_citations

verifying = APIRouter(prefix="/v1", responses=V1_PROBLEMS)


@verifying.post(
    "/verify",
    tags=["questions"],
    summary="Verify citations",
    dependencies=JSON_BODY,
    responses=JSON_BODY_PROBLEMS,
)
def verify(body: VerifyBody, serving: ServingDep) -> VerifyResponse:
    """Say of each citation whether the articles still bear it out."""
    return verify_citations(body.citations, serving.generation)
