"""`history` of /v1/ask completes a question in the same way as a chat's earlier turns."""

from starlette.testclient import TestClient

QUESTION = "How many sailors does the ship carry?"
HISTORY = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "42"}]


def test_the_response_names_the_form_that_was_asked(client: TestClient) -> None:
    body = {"question": "And when?", "history": HISTORY}
    answer = client.post("/v1/ask", json=body).json()
    assert answer["question"] == "And when?"
    assert answer["asked"] == "When does the ship carry sailors?"


def test_a_chat_with_the_same_turns_gives_the_same_citations(client: TestClient) -> None:
    asked = client.post("/v1/ask", json={"question": "And when?", "history": HISTORY}).json()
    messages = [*HISTORY, {"role": "user", "content": "And when?"}]
    chat = client.post("/v1/chat/completions", json={"messages": messages}).json()
    assert chat["asked"] == asked["asked"]
    assert chat["citations"] == [c for answer in asked["answers"] for c in answer["citations"]]


def test_without_history_there_is_no_other_form(client: TestClient) -> None:
    assert client.post("/v1/ask", json={"question": QUESTION}).json()["asked"] is None


def test_the_same_question_behind_other_turns_is_another_question(client: TestClient) -> None:
    other = [{"role": "user", "content": "How many gates has the town?"}, HISTORY[1]]
    forms = [
        client.post("/v1/ask", json={"question": "And when?", "history": turns}).json()["asked"]
        for turns in (HISTORY, other)
    ]
    assert forms[0] != forms[1]


def test_a_turn_must_be_somebodys(client: TestClient) -> None:
    body = {"question": QUESTION, "history": [{"role": "system", "content": "x"}]}
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 422
    assert "history.0.role" in response.json()["detail"]
