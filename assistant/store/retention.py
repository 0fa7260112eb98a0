"""What becomes of a user's data: forgotten after a time, given out, or forgotten at once."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from assistant.store.database import Database
from assistant.store.kept import drop_orphans
from assistant.store.tables import audit, cited, conversations, feedback, turns, users


def forget(connection: Connection, which: ColumnElement[bool]) -> int:
    """Delete conversations with their turns, feedback and the sources that nothing else cites;
    gives how many. Call `Database.settle` when the transaction is over."""
    gone = connection.execute(delete(conversations).where(which)).rowcount
    if gone:
        drop_orphans(connection)
    return gone


def forget_before(database: Database, moment: datetime) -> int:
    """Delete the conversations that were last changed before the moment; gives how many.

    Raises StoreError.
    """
    with database.writing() as connection:
        gone = forget(connection, conversations.c.changed < moment)
    database.settle()
    return gone


def forget_user(database: Database, user_id: str) -> int:
    """Delete the conversations and the feedback of a user, and take the user out of the audit.
    The account stays. Gives how many conversations they were.

    Raises StoreError.
    """
    with database.writing() as connection:
        connection.execute(delete(feedback).where(feedback.c.user_id == user_id))
        connection.execute(update(audit).where(audit.c.who == user_id).values(who=""))
        gone = forget(connection, conversations.c.user_id == user_id)
    database.settle()
    return gone


def export_of(database: Database, user_id: str) -> dict[str, Any]:
    """Everything that the database holds of a user, fit for JSON: `account` (without the hash of
    the password; None if there is none), `conversations` with their turns, `feedback`, and the
    `audit` of what the user did.

    Raises StoreError.
    """
    with database.reading() as connection:
        columns = [column for column in users.c if column.name != "password"]
        account = connection.execute(select(*columns).where(users.c.id == user_id)).first()
        given = select(feedback).where(feedback.c.user_id == user_id).order_by(feedback.c.created)
        acts = select(audit).where(audit.c.who == user_id).order_by(audit.c.id)
        return {
            "account": account and _plain(account),
            "conversations": _conversations_of(connection, user_id),
            "feedback": [_plain(row) for row in connection.execute(given)],
            "audit": [_plain(row) for row in connection.execute(acts)],
        }


def _conversations_of(connection: Connection, user_id: str) -> list[dict[str, Any]]:
    """The oldest first. What they do not say twice is the user."""
    of_user = conversations.c.user_id == user_id
    turn_rows = select(turns).join(conversations).where(of_user).order_by(turns.c.place)
    source_rows = (
        select(cited).select_from(cited.join(turns).join(conversations)).where(of_user)
        .order_by(cited.c.document_id, cited.c.sha256)
    )  # fmt: skip
    sources: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(source_rows):
        source = {"document_id": row.document_id, "sha256": row.sha256}
        sources.setdefault(row.turn_id, []).append(source)
    said: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(turn_rows):
        turn = _plain(row) | {"said": row.said and json.loads(row.said)}
        said.setdefault(turn.pop("conversation_id"), []).append(
            turn | {"sources": sources.get(row.id, [])}
        )
    found = select(conversations).where(of_user).order_by(conversations.c.created)
    return [_plain(row) | {"turns": said.get(row.id, [])} for row in connection.execute(found)]


def _plain(row: Row[Any]) -> dict[str, Any]:
    """Moments as text in ISO 8601."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row._asdict().items()
    }
