"""What OpenAI's clients send; much of it has no meaning here, and that is no error.

What would be taken for kept, and is not, is one: JSON of a schema, and turns that OpenAI stores.
"""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from qa.dialogue.turns import Role, Turn
from qa.errors import InvalidQuestionError
from qa.question import Question

MODEL = "quoth"
"""The only model there is."""

_MOST_TURNS = 1_000
_MOST_CHOICES = 16
_KEPT_TURNS = 12
"""Turns before these do not bear on a question any more."""
_LONGEST_TURN = 20_000
_TEXT_PARTS = frozenset(["text", "input_text", "output_text"])


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


# JavaScript cuts a text between the two halves of an emoji, which are no characters.
Text = Annotated[str, AfterValidator(_whole)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore")


class ContentPart(_Lenient):
    """A part of a message; parts that are not text are ignored."""

    type: str = "text"
    text: Text | None = None


class Message(_Lenient):
    """A turn; only those of the roles "user" and "assistant" count."""

    role: str = ""
    content: Text | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """The text, parts joined by spaces."""
        if isinstance(self.content, str):
            return self.content
        parts = self.content or []
        return " ".join(part.text for part in parts if part.type in _TEXT_PARTS and part.text)


class StreamOptions(_Lenient):
    """What a stream holds besides the answer."""

    include_usage: bool | None = False


class TextFormat(_Lenient):
    """In what form the text should be: `text`, or another, which is refused."""

    type: str = "text"

    def check(self, field: str) -> None:
        """Raise InvalidQuestionError, which names `field`, if the text should be anything else."""
        if self.type != "text":
            raise InvalidQuestionError(
                field,
                f"asks for {self.type!r}, but answers are quotations in Markdown; leave it out, "
                "and find them as JSON in `citations` of the response",
            )


class TextOptions(_Lenient):
    """How the text of a response should be."""

    format: TextFormat | None = None


Stop = Text | Annotated[list[Text], Field(max_length=4)]


class ChatBody(_Lenient):
    """`POST /v1/chat/completions`; other fields of OpenAI's are ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [
                        {"role": "user", "content": "Who is the longtime dictator of Belarus?"}
                    ],
                }
            ]
        }
    )

    model: str = MODEL
    messages: list[Message] = Field(min_length=1, max_length=_MOST_TURNS)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(None, ge=1, description="Whole quotations only are given.")
    max_completion_tokens: int | None = Field(None, ge=1, description="The newer `max_tokens`.")
    n: int | None = Field(
        1, ge=1, le=_MOST_CHOICES, description="Choices; all are equal: nothing here is chance."
    )
    stop: Stop | None = None
    response_format: TextFormat | None = Field(None, description="No other than `text`.")

    @property
    def token_limit(self) -> int | None:
        """The most tokens of the answer's text."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> list[str]:
        """The texts that the answer ends before."""
        given = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return [text for text in given if text]

    def to_question(self, *, passages: int) -> Question:
        """Return the last question with the turns before it; raises InvalidQuestionError."""
        if self.response_format is not None:
            self.response_format.check("response_format")
        return question_of(self.messages, field="messages", passages=passages)


class ResponsesBody(_Lenient):
    """`POST /v1/responses`; other fields of OpenAI's are ignored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": MODEL, "input": "Who is the longtime dictator of Belarus?"}]
        }
    )

    model: str = MODEL
    input: Text | Annotated[list[Message], Field(min_length=1, max_length=_MOST_TURNS)]
    stream: bool | None = False
    max_output_tokens: int | None = Field(
        None, ge=1, description="Whole quotations only are given."
    )
    instructions: Text | None = Field(None, description="Returned, and otherwise ignored.")
    metadata: dict[Text, Text] | None = Field(None, description="Returned.")
    previous_response_id: str | None = Field(
        None, description="Nothing is stored: send the turns before in `input`."
    )
    conversation: str | dict[str, object] | None = Field(None, description="Nor is this.")
    text: TextOptions | None = Field(None, description="`format` is `text`, and no other.")

    @property
    def messages(self) -> list[Message]:
        """The turns."""
        if isinstance(self.input, str):
            return [Message(role="user", content=self.input)]
        return self.input

    def to_question(self, *, passages: int) -> Question:
        """Return the last question with the turns before it; raises InvalidQuestionError."""
        for field in ("previous_response_id", "conversation"):
            if getattr(self, field) is not None:
                raise InvalidQuestionError(
                    field,
                    "cannot be followed, because no response is stored; leave it out and send the "
                    "earlier turns in input",
                )
        if self.text is not None and self.text.format is not None:
            self.text.format.check("text.format")
        return question_of(self.messages, field="input", passages=passages)


def question_of(messages: Sequence[Message], *, field: str, passages: int) -> Question:
    """Return the last message of the user as a question, and the turns before as its history.

    Raises InvalidQuestionError, which names `field`, if there is no such message with text, or if
    it cannot be asked.
    """
    asked = [at for at, message in enumerate(messages) if message.role == Role.USER]
    if not asked:
        raise InvalidQuestionError(field, 'has no message of the role "user"; add the question')
    history = tuple(
        Turn(Role(message.role), message.text[:_LONGEST_TURN])
        for message in messages[: asked[-1]]
        if message.role in (Role.USER, Role.ASSISTANT) and message.text.strip()
    )
    try:
        return Question(messages[asked[-1]].text, passages=passages, history=history[-_KEPT_TURNS:])
    except InvalidQuestionError as error:
        raise InvalidQuestionError(field, f"the last message {error.problem}") from error
