"""Which of several names has what is asked for in brackets."""

import pytest

from qa.reading.asked.labelled import name_asked_for
from tests.qa.reading.asked.ranges import asked_for

PRESENT = "Present: Councillors Ada Cole (chair), Bo Ruiz, Ida Quill (treasurer) and Jo Lee."
ALL = "Ada Cole (chair), Bo Ruiz, Ida Quill (treasurer) and Jo Lee"


@pytest.mark.parametrize(
    ("span", "question", "name"),
    [
        (ALL, "Who chaired the meeting?", "Ada Cole"),
        (ALL, "Who is the treasurer?", "Ida Quill"),
        ("Ada Cole (chair), Bo Ruiz, Ida Quill", "Who is the treasurer?", "Ida Quill"),
        (ALL, "Who was present?", ALL),
        (ALL, "Who were chair and treasurer?", ALL),
        ("Ada Cole (chair)", "Who was the chair?", "Ada Cole (chair)"),
    ],
)
def test_the_name_with_the_label_is_the_answer(span: str, question: str, name: str) -> None:
    assert asked_for(name_asked_for, PRESENT, span, question) == name
