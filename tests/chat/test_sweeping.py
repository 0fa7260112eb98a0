"""What is older than it may be is deleted, again and again, while the chat is served."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.chat import server
from assistant.store.database import Database, StoreUnreachable
from assistant.store.history import History
from assistant.store.retention import forget_before
from assistant.store.store import Store
from tests.chat.door import store_in
from tests.store.saved import add_user, place, turn


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_in(tmp_path) as opened:
        yield opened


def saved(store: Store, name: str, days_ago: int) -> None:
    when = datetime.now(UTC) - timedelta(days=days_ago)
    History(store.database, now=lambda: when).save("ada", place(name), turn(name))


def swept(store: Store, monkeypatch: pytest.MonkeyPatch, rounds: float = 0.1) -> None:
    monkeypatch.setattr(server, "_SWEEP_EVERY", 0.02)

    async def serve() -> None:
        sweeping = asyncio.create_task(server._sweep(store, 30, None))
        await asyncio.sleep(rounds)
        assert not sweeping.done()
        sweeping.cancel()

    asyncio.run(serve())


def test_what_is_older_is_deleted_and_noted_and_what_is_not_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(store.database, "ada")
    saved(store, "old", 31)
    saved(store, "new", 29)
    swept(store, monkeypatch)
    assert store.history.load("ada", "old") is None
    assert store.history.load("ada", "new")
    (entry,) = store.audit.entries()  # once, though there were more rounds
    assert (entry.did, entry.what, entry.who) == ("deleted by retention", "1", "")


def test_a_database_that_fails_is_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_user(store.database, "ada")
    saved(store, "old", 31)
    tries = []

    def failing_once(database: Database, moment: datetime) -> int:
        tries.append(moment)
        if len(tries) == 1:
            raise StoreUnreachable("It does not answer.", "Try again.")
        return forget_before(database, moment)

    monkeypatch.setattr(server, "forget_before", failing_once)
    swept(store, monkeypatch, 0.2)
    assert len(tries) > 1
    assert store.history.load("ada", "old") is None
