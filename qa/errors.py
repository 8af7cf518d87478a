"""What can go wrong, one class for each thing that a caller may handle differently."""

from pydantic import ValidationError


class QuothError(Exception):
    """Base of all errors that Quoth raises on purpose; the message says what to do."""


class InvalidQuestionError(QuothError):
    """The question or one of its options cannot be used as given."""

    def __init__(self, field: str, problem: str) -> None:
        self.field, self.problem = field, problem
        super().__init__(f"{field}: {problem}")


class ModelError(QuothError):
    """A model's files are missing, damaged or not the ones that are expected."""


class IndexUnavailableError(QuothError):
    """The index directory holds no generation that can be opened."""


class ArticleNotFoundError(QuothError):
    """No article in the open generation has the wanted id."""

    def __init__(self, article_id: str) -> None:
        self.article_id = article_id
        super().__init__(
            f"no article {article_id!r} in this index; GET /v1/articles lists the ones there are"
        )


class SourceError(QuothError):
    """A source file cannot be read as an article; it is skipped and the reason reported."""

    def __init__(self, where: str, reason: str) -> None:
        self.where, self.reason = where, reason
        super().__init__(f"{where}: {reason}")


class WritesRefusedError(QuothError):
    """The service was told to take no articles."""


def first_mistake(error: ValidationError, *, whole: str = "the file") -> str:
    """Return the field that is wrong first, or `whole` where no field is, and what is wrong."""
    problem = error.errors()[0]
    field = ".".join(str(part) for part in problem["loc"]) or whole
    return f"{field}: {problem['msg']}"
