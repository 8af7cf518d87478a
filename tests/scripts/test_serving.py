"""What `quoth serve` listens with, and what it spares the garbage collector."""

import gc
import socket
from collections.abc import Iterator

import pytest

from api.settings import Settings
from scripts.commands.serving import listeners_at, load_for_good
from tests.api.conftest import fake_models


def test_a_response_is_sent_without_waiting_for_the_client_to_confirm_its_head() -> None:
    (listener,) = listeners_at("127.0.0.1", 0)
    with listener, socket.create_connection(listener.getsockname()) as _:
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.fixture
def unfrozen() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.unfreeze()


def test_what_is_there_once_the_models_are_is_not_looked_through_again(
    unfrozen: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.commands.serving.load_models", lambda _: fake_models())
    before = len(gc.get_objects())
    load_for_good(Settings())
    assert gc.get_freeze_count() > before / 2
    assert len(gc.get_objects()) < before / 2
