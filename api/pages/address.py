"""What the address bar of a page holds: a question, its filters, and the range to mark."""

from typing import Annotated, Self
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from api.article_path import path_of
from api.requests import Day, ShortText, is_reversed
from index.sources.article_fields import blank_as_none
from qa.errors import InvalidQuestionError
from qa.filters import Filters
from qa.question import Question

# Answers behind these are hardly ever likely enough to be given.
_MOST_ANSWERS = 5


# A form sends its empty fields too.
_Blank = BeforeValidator(blank_as_none)


class Address(BaseModel):
    """The parameters that the pages know; others, such as those of campaigns, are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    q: str = ""
    published_from: Annotated[Day | None, _Blank] = Field(None, alias="from")
    published_to: Annotated[Day | None, _Blank] = Field(None, alias="to")
    source: Annotated[ShortText | None, _Blank] = None

    @model_validator(mode="after")
    def _first_day_is_not_behind_the_last(self) -> Self:
        if is_reversed(self.published_from, self.published_to):
            raise ValueError("the first day is later than the last one; swap them")
        return self

    @classmethod
    def of(cls, request: Request) -> "Address":
        """Read the address; raises InvalidQuestionError that names the wrong filter."""
        try:
            return cls.model_validate(dict(request.query_params))
        except ValidationError as error:
            first = error.errors()[0]
            field = "filters" if not first["loc"] else str(first["loc"][0])
            raise InvalidQuestionError(field, first["msg"].removeprefix("Value error, ")) from error

    @property
    def asks(self) -> bool:
        """Whether there is a question."""
        return bool(self.q.strip())

    @property
    def is_filtered(self) -> bool:
        """Whether only some articles may answer."""
        return not self.filters().is_empty

    def filters(self) -> Filters:
        """Return the filters as the question's road knows them."""
        return Filters(self.published_from, self.published_to, self.source)

    def question(self, *, passages: int) -> Question:
        """Return the question; raises InvalidQuestionError if it cannot be asked."""
        return Question(
            self.q.strip(), top_k=_MOST_ANSWERS, filters=self.filters(), passages=passages
        )

    def ask_url(self) -> str:
        """Return the ask page's address, from the service's root, with question and filters."""
        parameters = self._parameters()
        return f"?{urlencode(parameters)}" if parameters else "."

    def unfiltered_url(self) -> str:
        """Return the address of the ask page, likewise, with this question alone."""
        return Address(q=self.q).ask_url()

    def article_url(self, article_id: str, start: int, end: int) -> str:
        """Return the address, from the service's root, of an article's page that shows a hit.

        The range is a parameter, so that the server marks it, and `#quote` is where it stands:
        a browser without scripts marks and scrolls too.
        """
        parameters = {**self._parameters(), "char": f"{start},{end}"}
        path = path_of(article_id).removeprefix("/")
        return f"{path}?{urlencode(parameters, safe=',')}#quote"

    def _parameters(self) -> dict[str, str]:
        given = {
            "q": self.q.strip(),
            "from": "" if self.published_from is None else self.published_from.isoformat(),
            "to": "" if self.published_to is None else self.published_to.isoformat(),
            "source": self.source or "",
        }
        return {name: value for name, value in given.items() if value}
