"""Readers and their conversations in the database, as short as can be."""

from sqlalchemy import insert

from assistant.records import Answer, Citation, Decline
from assistant.store.database import Database
from assistant.store.tables import conversations, turns, users
from tests.store.events import at


def has_reader(database: Database, name: str) -> str:
    """Somebody who may come in; gives their id."""
    with database.writing() as connection:
        connection.execute(
            insert(users).values(
                id=f"user-{name}", key=name, name=name, role="reader", password=None,
                disabled=False, epoch=0, created=at(0),
            )
        )  # fmt: skip
    return f"user-{name}"


def has_reply(
    database: Database,
    user_id: str,
    name: str,
    asked: str = "What stays?",
    said: str | None = None,
) -> str:
    """A conversation of one turn; gives the id of the reply."""
    with database.writing() as connection:
        connection.execute(
            insert(conversations).values(
                id=f"talk-{name}", user_id=user_id, name=name, profile="", scope="",
                created=at(0), changed=at(0),
            )
        )  # fmt: skip
        connection.execute(
            insert(turns).values(
                id=f"turn-{name}", reply_id=f"reply-{name}", conversation_id=f"talk-{name}",
                place=1, asked=asked, kind="answer" if said else "other", said=said, shown="…",
                created=at(0),
            )
        )  # fmt: skip
    return f"reply-{name}"


def cited(quote: str = "Keep the core as it is.", document_id: str = "guide") -> Citation:
    """A citation, the first of its answer."""
    return Citation(
        number=1, document_id=document_id, title="Guide", publisher=None, year=None, url=None,
        section="The core", start=10, end=10 + len(quote), quote=quote, document_sha256="ab" * 32,
    )  # fmt: skip


def answered(question: str = "What stays?", resolved: str = "", declined: bool = False) -> Answer:
    """An answer with one citation; declined, with the citation as the nearest."""
    nearest = Decline(reason="not_covered", missing="it", nearest=(cited(),))
    return Answer(
        question=question, resolved_question=resolved or question,
        outcome="declined" if declined else "answered", confidence=0.5, text="Keep it. [1]",
        claims=(), citations=() if declined else (cited(),),
        decline=nearest if declined else None, engine="extractive", index="i", prompts={},
    )  # fmt: skip
