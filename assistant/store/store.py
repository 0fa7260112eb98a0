"""All that is kept of people, behind one door."""

from dataclasses import dataclass

from assistant.store.accounts import Accounts
from assistant.store.audit import Audit
from assistant.store.database import Database
from assistant.store.feedback import FeedbackBook
from assistant.store.history import History
from assistant.store.kept import KeptSources


@dataclass(frozen=True)
class Store:
    """What one database holds."""

    database: Database
    accounts: Accounts
    history: History
    kept: KeptSources
    feedback: FeedbackBook
    audit: Audit

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()


def open_store(url: str) -> Store:
    """What the database at that address holds. Raises SettingsError, StoreError, StorageFull."""
    database = Database(url)
    return Store(
        database, Accounts(database), History(database), KeptSources(database),
        FeedbackBook(database), Audit(database),
    )  # fmt: skip
