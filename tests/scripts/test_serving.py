"""What `quoth serve` listens with."""

import socket

from scripts.commands.serving import listeners_at


def test_a_response_is_sent_without_waiting_for_the_client_to_confirm_its_head() -> None:
    (listener,) = listeners_at("127.0.0.1", 0)
    with listener, socket.create_connection(listener.getsockname()) as _:
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
