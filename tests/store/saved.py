"""What users leave behind, for tests."""

import hashlib
from datetime import datetime

from sqlalchemy import insert

from assistant.records import Source, SourcePart
from assistant.store.database import Database
from assistant.store.history import Place
from assistant.store.records import Turn
from assistant.store.tables import users
from tests.store.events import at


class Clock:
    """A minute later each time it is asked."""

    def __init__(self) -> None:
        self.minutes = 0

    def __call__(self) -> datetime:
        self.minutes += 1
        return at(self.minutes)


def add_user(database: Database, user_id: str) -> str:
    """A user who may come in; gives the id."""
    with database.writing() as connection:
        connection.execute(
            insert(users).values(
                id=user_id, key=user_id, name=user_id, role="reader", password="a hash",
                disabled=False, epoch=0, created=at(0),
            )
        )  # fmt: skip
    return user_id


def place(conversation_id: str, scope: str = "") -> Place:
    """A conversation to save a turn to."""
    return Place(id=conversation_id, profile="Guidance", scope=scope)


def turn(name: str, asked: str = "Who helps?", shown: str = "The team.") -> Turn:
    """A turn with a reply of the same name."""
    return Turn(
        id=name, reply_id=f"{name}-reply", asked=asked, kind="answer", said='{"text": "The team."}',
        shown=shown, created=at(0),
    )  # fmt: skip


def source(document_id: str, text: str = "Plan early.") -> Source:
    """A document of one part."""
    return Source(
        document_id=document_id, title="Plan", publisher=None, year=2024, url=None,
        sha256=hashlib.sha256(text.encode()).hexdigest(), text=text,
        parts=(SourcePart(start=0, end=len(text), section="Start"),),
    )  # fmt: skip
