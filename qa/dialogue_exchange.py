"""A question of a dialogue with its answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was asked, in a form that stands alone, and its answer where it had one.

    `pointed` are the words that pointed back as it was typed, by their kind, and what they are
    taken to mean: ("she", "Ann Ray").
    """

    question: str
    answer: str | None
    pointed: tuple[tuple[str, str], ...] = ()
