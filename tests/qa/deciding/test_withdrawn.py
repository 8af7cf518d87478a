"""What a correction takes back is no evidence."""

import pytest

from qa.calibration import AnswerFeatures, CandidateFeatures
from qa.deciding.decide import Candidate, RankedAnswer, supporting
from qa.values import Passage


def place(article_id: str, text: str, answer: str) -> Candidate:
    start = text.index(answer)
    passage = Passage(0, article_id, 0, len(text), text)
    features = CandidateFeatures(0, 5, 0, 0)
    return Candidate(article_id, start, start + len(answer), answer, features, 0, passage)


@pytest.mark.parametrize(
    ("text", "is_cited"),
    [
        ("In our report on Sunday we wrote that 31 people had died.", False),
        ("An earlier version of this article said that 31 people had died.", False),
        ("A previous report misstated the toll as 31.", False),
        ("The toll is 33, not 31 as first reported.", False),
        ("The toll is 33, and not 31 people, as previously stated.", False),
        ("In our article on the ferry we stated that 31 people had died.", False),
        ("Our story misreported the toll as 31.", False),
        ("An earlier article put the toll at 31.", False),
        ("A previous story gave a toll of 31.", False),
        ("The toll is 33, not the 31 that was feared, as previously stated.", True),
        ("The toll is 33, not some 31, as we originally wrote.", False),
        ("The toll is 33 and not about 31 people as initially announced.", False),
        ("The toll is 31, as first reported.", True),
        ("Whether or not 31 people died is unknown.", True),
        ("An earlier version of this article said 33 rather than 31.", True),
        ("Our report on the ferry is out. We said that 31 people died.", True),
        ("An earlier version said less. The toll is 31.", True),
        ("An earlier report of the police said that 31 people had died.", True),
        ("An earlier version of this article misstated the toll; it is 31.", True),
        ("An earlier version of this article said 33 instead of 31.", True),
        ("The board's report said that 31 people had died.", True),
        ("The toll is 31, not 33 as first reported.", True),
    ],
)
def test_a_place_that_takes_its_answer_back_is_not_cited_beside_another(
    text: str, is_cited: bool
) -> None:
    best, other = place("a", "Thirty-one died.", "Thirty-one"), place("b", text, "31")
    ranked = RankedAnswer((best, other), AnswerFeatures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0.5)
    assert supporting(ranked) == ((best, other) if is_cited else (best,))
