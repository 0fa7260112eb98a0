"""Conversations as they are kept. Another's conversation is as if it were not there."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from assistant.errors import AssistantError
from assistant.records import Record, Source
from assistant.store.database import Database
from assistant.store.fitting import can_be_id, cleaned
from assistant.store.kept import drop_orphans, keep
from assistant.store.listing import Page, page_of
from assistant.store.records import SavedConversation, Turn
from assistant.store.retention import forget
from assistant.store.tables import conversations, turns, users

_NAME = 80  # characters at most: a line of a list


class NotYours(AssistantError):
    """What is to be saved has the id of something that belongs to another."""


class NameRefused(AssistantError):
    """A conversation cannot be called that."""


class Place(Record):
    """Where a turn belongs: the id of its conversation, with the profile and the scope that are
    chosen there."""

    id: str
    profile: str
    scope: str


class History:
    """Keeps conversations. Safe to share between threads. Everything raises StoreError."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def save(
        self, user_id: str, conversation: Place, turn: Turn, sources: Sequence[Source] = ()
    ) -> None:
        """Put a turn at the end of a conversation, which begins with it if there is none, and
        keep what it cites. One that was saved before is replaced where it stands.

        Raises NotYours, StorageFull.
        """
        if not all(map(can_be_id, (conversation.id, turn.id, turn.reply_id))):
            raise _not_yours()
        with self._database.writing() as connection:
            self._enter(connection, user_id, conversation, turn.asked)
            replaced = _replaced(connection, conversation.id, turn)
            if not replaced:
                _append(connection, conversation.id, turn)
            keep(connection, turn.id, sources)
            if replaced:
                drop_orphans(connection)

    def load(self, user_id: str, conversation_id: str) -> SavedConversation | None:
        """A conversation with all its turns."""
        if not can_be_id(conversation_id):
            return None
        said = select(turns).where(turns.c.conversation_id == conversation_id)
        with self._database.reading() as connection:
            found = connection.execute(
                select(conversations).where(_own(user_id, conversation_id))
            ).first()
            if found is None:
                return None
            rows = connection.execute(said.order_by(turns.c.place)).all()
        return SavedConversation(
            id=found.id, user_id=found.user_id, name=found.name, profile=found.profile,
            scope=found.scope, created=found.created, turns=tuple(map(_turn_of, rows)),
        )  # fmt: skip

    def owner(self, conversation_id: str) -> str | None:
        """The id of the user whose conversation it is."""
        if not can_be_id(conversation_id):
            return None
        with self._database.reading() as connection:
            return connection.scalar(
                select(conversations.c.user_id).where(conversations.c.id == conversation_id)
            )

    def page(self, user_id: str, search: str = "", after: str = "", limit: int = 20) -> Page:
        """The user's conversations, the last changed first: at most `limit` (1 to 100), and only
        those with all words of `search` (of its first 200 characters) in their name or in what
        was said, in large letters or small. `after` is `next` of the page before."""
        with self._database.reading() as connection:
            return page_of(connection, user_id, search, after, limit)

    def rename(self, user_id: str, conversation_id: str, name: str) -> bool:
        """Call a conversation something else; False if it is not there. Raises NameRefused."""
        name = name_of(name)
        if not name:
            raise NameRefused("A conversation needs a name.", "Give it one, or leave it as it is.")
        if not can_be_id(conversation_id):
            return False
        renamed = update(conversations).where(_own(user_id, conversation_id)).values(name=name)
        with self._database.writing() as connection:
            return bool(connection.execute(renamed).rowcount)

    def delete(self, user_id: str, conversation_id: str) -> bool:
        """Delete a conversation for good; False if it is not there."""
        return can_be_id(conversation_id) and bool(self._forget(_own(user_id, conversation_id)))

    def delete_all(self, user_id: str) -> int:
        """Delete all conversations of the user for good; gives how many."""
        return self._forget(conversations.c.user_id == user_id)

    def turn_with_reply(self, user_id: str, reply_id: str) -> Turn | None:
        """The turn whose reply it is."""
        if not can_be_id(reply_id):
            return None
        found = select(turns).join(conversations).where(turns.c.reply_id == reply_id)
        with self._database.reading() as connection:
            row = connection.execute(found.where(conversations.c.user_id == user_id)).first()
        return None if row is None else _turn_of(row)

    def _forget(self, which: ColumnElement[bool]) -> int:
        with self._database.writing() as connection:
            gone = forget(connection, which)
        self._database.settle()
        return gone

    def _enter(self, connection: Connection, user_id: str, place: Place, asked: str) -> None:
        """The conversation is there, and nobody else writes to it until the transaction ends."""
        user = select(users.c.id).where(users.c.id == user_id)
        if connection.scalar(user.with_for_update(read=True, key_share=True)) is None:
            raise _not_yours()
        now = self._now()
        begun = _insert(connection, conversations).values(
            id=place.id, user_id=user_id, name=name_of(asked), profile=place.profile,
            scope=place.scope, created=now, changed=now,
        )  # fmt: skip
        begun = begun.on_conflict_do_update(
            index_elements=["id"],
            set_={"scope": place.scope, "changed": now},
            where=conversations.c.user_id == user_id,
        )
        if connection.execute(begun.returning(conversations.c.id)).first() is None:
            raise _not_yours()


def name_of(text: str) -> str:
    """What a conversation is called after a text: its first line, of at most 80 characters."""
    line = cleaned(" ".join(next(iter(text.strip().splitlines()), "").split()))
    if len(line) <= _NAME:
        return line
    words = line[:_NAME].rpartition(" ")[0]
    return (words or line[: _NAME - 1]) + "…"


def _replaced(connection: Connection, conversation_id: str, turn: Turn) -> bool:
    """Whether the turn was there, and now says and shows this."""
    same = (
        turns.c.id == turn.id,
        turns.c.reply_id == turn.reply_id,
        turns.c.conversation_id == conversation_id,
    )
    return bool(connection.execute(update(turns).where(*same).values(_values(turn))).rowcount)


def _append(connection: Connection, conversation_id: str, turn: Turn) -> None:
    last = select(func.coalesce(func.max(turns.c.place), 0)).where(
        turns.c.conversation_id == conversation_id
    )
    added = _insert(connection, turns).values(
        conversation_id=conversation_id, place=last.scalar_subquery() + 1, **_values(turn)
    )
    new = added.on_conflict_do_nothing().returning(turns.c.id)
    if connection.execute(new).first() is None:  # one of the ids is taken
        raise _not_yours()


def _values(turn: Turn) -> dict[str, Any]:
    values = turn.model_dump()
    return {key: cleaned(text) if isinstance(text, str) else text for key, text in values.items()}


def _turn_of(row: Row[Any]) -> Turn:
    return Turn(**{name: row._mapping[name] for name in Turn.model_fields})


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Each has words of its own for a row that is there already."""
    sqlites = connection.dialect.name == "sqlite"
    return sqlite.insert(table) if sqlites else postgresql.insert(table)


def _own(user_id: str, conversation_id: str) -> ColumnElement[bool]:
    return and_(conversations.c.user_id == user_id, conversations.c.id == conversation_id)


def _not_yours() -> NotYours:
    return NotYours(
        "This cannot be saved: its conversation or its message is not of this account.",
        "Begin a new conversation.",
    )
