"""Which articles a question may be answered from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that an article must all meet; `None` sets no condition.

    Both dates are included. An article without a date meets no condition on dates. An article
    meets `tags` if it has any of them.
    """

    published_from: date | None = None
    published_to: date | None = None
    source: str | None = None
    tags: tuple[str, ...] | None = None
    article_ids: tuple[str, ...] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every article passes."""
        return self == Filters()
