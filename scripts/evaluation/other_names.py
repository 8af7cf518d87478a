"""Questions about another name or year than the articles tell of.

They have no answer, and much of what makes one look likely: all other words fit.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scripts.evaluation.question_file import KnownQuestion

_NAME = re.compile(r"[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)*")
_YEAR = re.compile(r"\b[12]\d{3}\b")
_FARTHEST_YEAR = 30
_ONE_WORD_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class OtherNames:
    """The names that questions hold, by how many words they have, each with a title it is of."""

    by_length: Mapping[int, Sequence[tuple[str, str]]]

    @classmethod
    def of(cls, questions: Sequence[KnownQuestion]) -> "OtherNames":
        """Collect the names of the questions."""
        names = {name[0]: q.title for q in questions for name in _names(q.question)}
        by_length: dict[int, list[tuple[str, str]]] = {}
        for name, title in sorted(names.items()):
            by_length.setdefault(_words(name), []).append((name, title))
        return cls(by_length)

    def put_into(self, question: KnownQuestion, generator: random.Random) -> KnownQuestion | None:
        """Return the question with another name or year, that its context does not mention.

        Of every other name of several words only one is changed, as where two ships of one line
        are mistaken. None if the question has no name behind its first word, and no year, or if no
        other one is known.
        """
        places = _names(question.question) + list(_YEAR.finditer(question.question))
        if not places:
            return None
        place = generator.choice(places)
        if _YEAR.fullmatch(place[0]):
            others = [other_year(place[0], generator)]
        else:
            known = self.by_length.get(_words(place[0]), [])
            others = [name for name, title in known if title != question.title]
            if _words(place[0]) > 1 and generator.random() < _ONE_WORD_SHARE:
                at = generator.randrange(_words(place[0]))
                others = [_with_word_of(other, place[0], at) for other in others]
        told_of = f"{question.title} {question.context} {question.question}".lower()
        others = [other for other in others if other.lower() not in told_of]
        if not others:
            return None
        asked = spliced(question.question, place, generator.choice(others))
        return question.model_copy(
            update={"id": f"{question.id} (other name)", "question": asked, "answers": ()}
        )


def with_other_names(questions: Sequence[KnownQuestion]) -> list[KnownQuestion]:
    """Return the questions, behind each one with an answer the same about another name or year.

    Where it allows that; the same questions give always the same.
    """
    names = OtherNames.of(questions)
    generator = random.Random(11)
    asked = []
    for question in questions:
        asked.append(question)
        changed = names.put_into(question, generator) if question.answers else None
        if changed is not None:
            asked.append(changed)
    return asked


def other_year(year: str, generator: random.Random) -> str:
    """Return a year that is up to thirty before or behind."""
    return str(int(year) + generator.choice((-1, 1)) * generator.randint(1, _FARTHEST_YEAR))


def spliced(text: str, place: re.Match[str], new: str) -> str:
    """Return the text with something else in the place."""
    return text[: place.start()] + new + text[place.end() :]


def _names(question: str) -> list[re.Match[str]]:
    # The first word has a capital by its place.
    return list(_NAME.finditer(question, question.find(" ") + 1))


def _with_word_of(other: str, name: str, at: int) -> str:
    """Return the name with one word of another: "Lago Lund" of "Lago Como" and "Saint Lund"."""
    words = name.split()
    words[at] = other.split()[at]
    return " ".join(words)


def _words(name: str) -> int:
    return len(name.split())
