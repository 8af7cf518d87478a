"""`POST /v1/tokens`: a token by which pages of an allowed origin may ask for some minutes."""

import time
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from pydantic import BaseModel, Field

from api.callers.tokens import LIFETIME_S, TokenRefusedError, make_token
from api.dependencies import V1_PROBLEMS, SettingsDep, refuse_parameters
from api.problem_document import problem
from api.settings import Settings

tokens = APIRouter(prefix="/v1", responses=V1_PROBLEMS)


class GivenToken(BaseModel):
    """A token, to be sent as `Authorization: Bearer TOKEN` from pages of its origin."""

    token: str
    origin: str
    expires_in: int = Field(description="Seconds.")


@tokens.post(
    "/tokens",
    tags=["widget"],
    summary="Get a token for a page",
    dependencies=[Depends(refuse_parameters)],
    responses={403: problem("No page of that origin may ask.")},
)
def give_token(
    origin: Annotated[
        str,
        Header(
            max_length=512,
            description="Whose pages may ask with the token; one of `QUOTH_ALLOWED_ORIGINS`. "
            "Browsers send it by themselves, the backend of a site says it.",
        ),
    ],
    settings: SettingsDep,
    response: Response,
) -> GivenToken:
    """Return a token by which pages of an origin may send `/v1/ask`, and nothing else.

    Where the service has keys, this takes one of them; with `QUOTH_VISITORS` it takes none.
    """
    key = _signing_key(origin, settings)
    response.headers["Cache-Control"] = "no-store"
    token = make_token(origin, key, now=time.time())
    return GivenToken(token=token, origin=origin, expires_in=LIFETIME_S)


def _signing_key(origin: str, settings: Settings) -> str:
    if not settings.api_keys:
        raise TokenRefusedError("this service has no keys, and needs no token; ask without one")
    if not {origin, "*"} & set(settings.allowed_origins):
        raise TokenRefusedError(
            f"pages of {origin!r} may not ask here; add it to QUOTH_ALLOWED_ORIGINS"
        )
    return settings.keys[0]
