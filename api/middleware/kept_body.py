"""A request's body, kept for whoever has to read it again."""

from starlette.types import Message, Receive


class KeptBody:
    """A request's body, which can be received more than once."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []

    def from_its_beginning(self) -> Receive:
        """Return what gives the messages that came before, then those that are still to come."""
        given = 0

        async def receive() -> Message:
            nonlocal given
            if given == len(self._messages):
                message = await self._receive()
                if message["type"] != "http.request":
                    return message
                self._messages.append(message)
            given += 1
            return self._messages[given - 1]

        return receive
