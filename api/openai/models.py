"""The list of models, which has one."""

from pydantic import BaseModel

from api.openai.requests import MODEL
from qa.errors import QuothError

# When the model's name was first given; clients only show it.
_CREATED = 1_763_000_000


class ModelNotFoundError(QuothError):
    """A request names a model that there is not."""

    def __init__(self, name: str) -> None:
        super().__init__(f"model: there is no model {name[:100]!r}; the one there is, is {MODEL!r}")


class ModelBody(BaseModel):
    """A model as OpenAI describes it."""

    id: str = MODEL
    object: str = "model"
    created: int = _CREATED
    owned_by: str = "quoth"


class ModelList(BaseModel):
    """All models."""

    object: str = "list"
    data: list[ModelBody]


def check_model(name: str) -> None:
    """Raise ModelNotFoundError unless it is the name of our model."""
    if name != MODEL:
        raise ModelNotFoundError(name)
