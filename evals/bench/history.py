"""What the chat has kept of a load, read from its database."""

from assistant.store.store import Store, open_store
from evals.bench.server import BenchFailed

_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def refuse_used(url: str) -> None:
    """A benchmark does not write among what people have said. Raises BenchFailed if the database
    holds an account or a conversation, and as `open_store`."""
    store = open_store(url)
    try:
        if store.accounts.exist() or _lines(store):
            raise BenchFailed(
                "The database holds accounts or conversations.",
                "Name an empty one, or none to have one for this run.",
            )
    finally:
        store.close()


def kept_turns(url: str) -> dict[str, set[str]]:
    """The ids of all turns that are kept, by the id of their conversation. Raises as
    `open_store`."""
    store = open_store(url)
    try:
        user = store.accounts.local().id
        saved = (store.history.load(user, line) for line in _lines(store))
        return {one.id: {turn.id for turn in one.turns} for one in saved if one}
    finally:
        store.close()


def size_of(url: str) -> float:
    """Megabytes that the database takes. Raises as `open_store`."""
    store = open_store(url)
    try:
        with store.database.reading() as connection:
            asked = connection.exec_driver_sql(_SIZE[connection.dialect.name])
            return round(int(asked.scalar_one()) / 1e6, 2)
    finally:
        store.close()


def _lines(store: Store) -> list[str]:
    """The ids of all conversations of the one user of this computer."""
    user, found, after = store.accounts.local().id, [], ""
    while True:
        page = store.history.page(user, after=after, limit=100)
        found += [line.id for line in page.lines]
        if not (after := page.next):
            return found
