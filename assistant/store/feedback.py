"""What readers think of replies. Each speaks of their own conversations alone."""

import unicodedata
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import get_args

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from assistant.errors import AssistantError
from assistant.store.database import Database
from assistant.store.fitting import can_be_id
from assistant.store.records import Feedback, Verdict
from assistant.store.tables import conversations, feedback, turns

LONGEST_COMMENT = 2_000  # characters: a reader's remark, and no document
_LINE_ENDS = ("\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029")
_QUERY = select(
    feedback.c.id, feedback.c.verdict, feedback.c.comment, feedback.c.created,
    turns.c.asked, turns.c.said, turns.c.reply_id,
).join_from(feedback, turns, feedback.c.turn_id == turns.c.id)  # fmt: skip


class ReplyNotFound(AssistantError):
    """No conversation of the reader's own has that reply."""


class FeedbackRefused(AssistantError):
    """The feedback cannot be kept as it is. Nothing was changed."""


class FeedbackBook:
    """Keeps one verdict of each reader on each reply. Safe to share between threads."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """`now` gives the time, in UTC."""
        self._database = database
        self._now = now

    def give(self, user_id: str, reply_id: str, verdict: Verdict, comment: str) -> str:
        """Keep what a reader thinks of a reply in place of what they thought before; gives its id,
        which stays the same. Of control characters in the comment only line ends are kept.

        Raises ReplyNotFound, FeedbackRefused.
        """
        if verdict not in get_args(Verdict):
            raise FeedbackRefused("That is no verdict.", f"One is {', '.join(get_args(Verdict))}.")
        said = {"verdict": verdict, "comment": _cleaned(comment), "created": self._now()}
        with self._database.writing() as connection:
            turn_id = _own_turn(connection, user_id, reply_id)
            of_reader = (feedback.c.turn_id == turn_id) & (feedback.c.user_id == user_id)
            known = connection.scalar(select(feedback.c.id).where(of_reader))
            if known is not None:
                connection.execute(update(feedback).where(of_reader).values(**said))
                return str(known)
            new = str(uuid.uuid4())
            row = said | {"id": new, "turn_id": turn_id, "user_id": user_id}
            connection.execute(insert(feedback).values(**row))
            return new

    def take_back(self, user_id: str, reply_id: str) -> bool:
        """Delete what a reader thought of a reply; False if they had said nothing of it."""
        if not can_be_id(reply_id):
            return False
        replied = select(turns.c.id).where(turns.c.reply_id == reply_id).scalar_subquery()
        chosen = (feedback.c.user_id == user_id) & (feedback.c.turn_id == replied)
        with self._database.writing() as connection:
            return connection.execute(delete(feedback).where(chosen)).rowcount > 0

    def of(self, user_id: str, reply_ids: Sequence[str]) -> dict[str, Feedback]:
        """What a reader thinks of those replies, by their ids. Of some they have said nothing."""
        known = [one for one in reply_ids if can_be_id(one)]
        query = _QUERY.where(feedback.c.user_id == user_id, turns.c.reply_id.in_(known))
        with self._database.reading() as connection:
            return {row.reply_id: _feedback_of(row._mapping) for row in connection.execute(query)}

    def all(
        self, since: datetime | None = None, verdict: Verdict | None = None
    ) -> tuple[Feedback, ...]:
        """What all readers think, oldest first and without who they are: from a time on, or of
        one verdict."""
        query = _QUERY.order_by(feedback.c.created, feedback.c.id)
        if since is not None:
            query = query.where(feedback.c.created >= since)
        if verdict is not None:
            query = query.where(feedback.c.verdict == verdict)
        with self._database.reading() as connection:
            return tuple(_feedback_of(row._mapping) for row in connection.execute(query))


def _feedback_of(row: RowMapping) -> Feedback:
    return Feedback.model_validate({name: row[name] for name in Feedback.model_fields})


def _own_turn(connection: Connection, user_id: str, reply_id: str) -> str:
    """The id of the turn with that reply. Raises ReplyNotFound."""
    found = None
    if can_be_id(reply_id):
        query = (
            select(turns.c.id)
            .join_from(turns, conversations, turns.c.conversation_id == conversations.c.id)
            .where(turns.c.reply_id == reply_id, conversations.c.user_id == user_id)
            # PostgreSQL lets two write at once: the later one waits, and finds what was said.
            .with_for_update(of=turns)
        )
        found = connection.scalar(query)
    if found is None:
        raise ReplyNotFound(
            "There is no such reply in your conversations.",
            "Open the conversation anew; it may have been deleted.",
        )
    return str(found)


def _cleaned(comment: str) -> str:
    """A comment as it is kept. Raises FeedbackRefused."""
    for end in _LINE_ENDS:
        comment = comment.replace(end, "\n")
    comment = comment.replace("\t", " ")
    kept = "".join(c for c in comment if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    kept = kept.strip()
    if len(kept) > LONGEST_COMMENT:
        raise FeedbackRefused(
            f"The comment has {len(kept):,} characters, and {LONGEST_COMMENT:,} are kept.",
            "Shorten it.",
        )
    return kept
