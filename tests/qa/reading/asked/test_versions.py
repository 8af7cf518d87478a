"""Which sections of release notes cannot answer."""

import pytest

from qa.reading.asked.versions import parts_of_other_versions

NOTES = """\
3.0 (18 June 2024)

- The minimum Python version is 3.10.
- Support for FTP targets has been removed.

2.2 (5 January 2024)

- The web interface moved to port 9440.
- On macOS 14 the scheduler may start twice until 2.2.1.

2.1 (11 July 2023)

- The minimum Python version is 3.8.
"""


def left(question: str) -> str:
    """Return what of the notes may answer."""
    others = parts_of_other_versions(NOTES, question)
    return "".join(
        character
        for place, character in enumerate(NOTES)
        if not any(place in part for part in others)
    )


def test_a_question_about_a_version_is_answered_in_its_section() -> None:
    only = left("What is the minimum Python version of Harrow 2.1?")
    assert only == NOTES[NOTES.index("2.1 (") :]


def test_a_version_that_is_not_there_has_no_section() -> None:
    assert left("When was Harrow 1.4 released?") == ""


def test_a_version_that_is_only_mentioned_has_no_date_of_another() -> None:
    assert left("When was Harrow 2.2.1 released?") == NOTES.replace(
        "3.0 (18 June 2024)\n", ""
    ).replace("2.2 (5 January 2024)\n", "").replace("2.1 (11 July 2023)\n", "")


def test_a_version_that_is_asked_for_heads_what_is_told_of_it() -> None:
    only = left("In which version was support for FTP targets removed?")
    assert only == NOTES[: NOTES.index("2.2 (")]


@pytest.mark.parametrize(
    "question",
    ["When was the web interface moved?", "Does Harrow 2.1 or Harrow 3.0 need Python?"],
)
def test_of_no_version_or_two_all_may_answer(question: str) -> None:
    assert left(question) == NOTES


def test_numbers_in_prose_are_no_versions() -> None:
    assert (
        parts_of_other_versions("It rose by 2.5 points to 3.1 in May.", "What fell to 4.2?") == ()
    )
