"""What is said beside the answers, or where there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from qa.language.question_kind import QuestionKind

NoteKind: TypeAlias = Literal[
    "yes_no", "counting", "comparing", "compared", "no_article", "unmentioned"
]
"""What a note is about, for those who say it in another language."""

_OF_QUESTION: Mapping[QuestionKind, NoteKind] = {
    QuestionKind.YES_NO: "yes_no",
    QuestionKind.COUNTING: "counting",
    QuestionKind.COMPARING: "comparing",
}
_COMPARED = (
    "This row was found by comparing the numbers of the table's column: Quoth quotes it alone."
)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence for people, and what it is about."""

    kind: NoteKind
    text: str


def note_on(
    kind: QuestionKind, missing: Sequence[str], *, is_filtered_out: bool, is_compared: bool
) -> Note | None:
    """Return what there is to say of how a question was answered, or of why it was not.

    `missing` has what it names and nothing that was read mentions. It `is_filtered_out` where no
    article passes its filters, and `is_compared` where a table's column was for its answer.
    """
    if is_filtered_out:
        return Note("no_article", "No article passes the filters (dates, source, tags, articles).")
    if kind is not QuestionKind.QUOTABLE:
        return Note(_OF_QUESTION[kind], kind.note or "")
    if is_compared:
        return Note("compared", _COMPARED)
    if not missing:
        return None
    named = " or ".join(f"“{name}”" for name in missing)
    return Note("unmentioned", f"Nothing that was read mentions {named}.")
