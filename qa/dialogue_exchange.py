"""A question of a dialogue with its answer."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a word that points back can mean, named by one of its words."""

    HE = "he"
    SHE = "she"
    THING = "it"
    SEVERAL = "they"
    PLACE = "there"


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question that was asked, in a form that stands alone, and its answer where it had one.

    `pointed` are the kinds of the words that pointed back as it was typed, and what they are taken
    to mean: (Kind.SHE, "Ann Ray").
    """

    question: str
    answer: str | None
    pointed: tuple[tuple[Kind, str], ...] = ()
