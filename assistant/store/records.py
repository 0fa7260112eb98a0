"""What the database holds, as the rest of the product meets it."""

from datetime import datetime
from typing import Literal

from assistant.records import Record

Role = Literal["reader", "admin"]
Kind = Literal["answer", "plan", "series", "other"]
"""What a reply is: `said` of a turn is the JSON of that record, and none of another."""
Verdict = Literal["helpful", "not_helpful", "wrong_evidence", "missing_guidance"]


class User(Record):
    """Somebody who may come in. What was signed in an earlier `epoch` is void."""

    id: str
    name: str
    role: Role
    disabled: bool
    epoch: int
    created: datetime


class Turn(Record):
    """A message of a reader and the reply: what was `said` as JSON, and the Markdown `shown`.
    `id` is that of the message on the page, `reply_id` that of the reply."""

    id: str
    reply_id: str
    asked: str
    kind: Kind
    said: str | None
    shown: str
    created: datetime


class ConversationLine(Record):
    """A conversation in a list."""

    id: str
    name: str
    created: datetime
    changed: datetime


class SavedConversation(Record):
    """A conversation as it can be taken up again: its turns in their order, the profile and the
    scope that were chosen."""

    id: str
    user_id: str
    name: str
    profile: str
    scope: str
    created: datetime
    turns: tuple[Turn, ...]


class Feedback(Record):
    """What a reader thinks of a reply, with what was asked and said."""

    id: str
    verdict: Verdict
    comment: str
    created: datetime
    asked: str
    said: str | None
