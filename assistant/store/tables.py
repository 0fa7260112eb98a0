"""The tables of the database, as the newest migration leaves them."""

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Moment(TypeDecorator[datetime]):
    """A point in time. Kept without its zone, which is always UTC: SQLite knows none."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the database is given. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What the database gives back."""
        return None if value is None else value.replace(tzinfo=UTC)


_ID = String(36)  # a UUID with its hyphens
_SHA256 = String(64)
_NAME = String(200)
_WORD = String(40)

metadata = MetaData()

users = Table(
    "users", metadata,
    Column("id", _ID, primary_key=True),
    Column("key", _NAME, nullable=False, unique=True),  # the name, as it is compared
    Column("name", _NAME, nullable=False),
    Column("role", _WORD, nullable=False),
    Column("password", Text),  # its hash; none for who comes in by other ways
    Column("disabled", Boolean, nullable=False),
    Column("epoch", Integer, nullable=False),  # what was signed in an earlier one is void
    Column("created", Moment, nullable=False),
)  # fmt: skip

conversations = Table(
    "conversations", metadata,
    Column("id", _ID, primary_key=True),
    Column("user_id", _ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("name", _NAME, nullable=False),
    Column("profile", _WORD, nullable=False),
    Column("scope", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    Index("conversations_of_user", "user_id", "changed"),
)  # fmt: skip

# A message of the reader and what came of it.
turns = Table(
    "turns", metadata,
    Column("id", _ID, primary_key=True),  # of the reader's message
    Column("reply_id", _ID, nullable=False, unique=True),
    Column(
        "conversation_id", _ID, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False
    ),
    Column("place", Integer, nullable=False),  # from 1
    Column("asked", Text, nullable=False),
    Column("kind", _WORD, nullable=False),
    Column("said", Text),  # JSON of the answer, the plan or the series
    Column("shown", Text, nullable=False),  # the Markdown that was put before the reader
    Column("created", Moment, nullable=False),
    UniqueConstraint("conversation_id", "place"),
)  # fmt: skip

# Documents as they were when they were cited, by the hash of their text.
sources = Table(
    "sources", metadata,
    Column("document_id", Text, primary_key=True),
    Column("sha256", _SHA256, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)  # fmt: skip

cited = Table(
    "cited", metadata,
    Column("turn_id", _ID, ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True),
    Column("document_id", Text, primary_key=True),
    Column("sha256", _SHA256, primary_key=True),
    Index("cited_source", "document_id", "sha256"),
)  # fmt: skip

feedback = Table(
    "feedback", metadata,
    Column("id", _ID, primary_key=True),
    Column("turn_id", _ID, ForeignKey("turns.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", _ID, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("verdict", _WORD, nullable=False),
    Column("comment", Text, nullable=False),
    Column("created", Moment, nullable=False),
    UniqueConstraint("turn_id", "user_id"),
)  # fmt: skip

# Who did what to what, and never what was said. It outlives those that it names.
audit = Table(
    "audit", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", _ID, nullable=False),
    Column("did", _WORD, nullable=False),
    Column("what", _NAME, nullable=False),
    Index("audit_at", "at"),
)  # fmt: skip
