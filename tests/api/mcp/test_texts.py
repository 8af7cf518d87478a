"""Results of the tools as a model reads them."""

from api.mcp.texts import answers_text, passages_text
from api.responses import AskResponse, SearchResponse
from qa.answers import Outcome

TIMES = {"retrieve": 1.0, "read": 1.0, "total": 2.0}


def test_as_what_a_question_was_asked_or_searched_is_told() -> None:
    outcome = Outcome("Who wrotte it?", (), (), 0.1, TIMES, None, asked="Who wrote it?")
    answered = AskResponse.of(outcome, generation="g", explain=False)
    found = SearchResponse(
        question="Who wrotte it?", asked="Who wrote it?", passages=[], generation="g"
    )
    for text in (answers_text(answered), passages_text(found)):
        assert text.endswith("\n\nAsked as:\n> Who wrote it?")
