"""A conversation and what is kept of it: to the database, and back on the page. Pure."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from assistant.chat.desk import Turn as DeskTurn
from assistant.chat.shelf import Taken
from assistant.errors import DocumentNotFound
from assistant.plans import SessionPlan, SessionSeries
from assistant.records import Answer, Citation, Source
from assistant.render import answer_as_text
from assistant.store.records import Kind, SavedConversation, Turn
from assistant.takeaway.export import take_away

Said = Answer | DeskTurn
_RECORDS: dict[Kind, type[Answer] | type[SessionPlan] | type[SessionSeries]] = {
    "answer": Answer, "plan": SessionPlan, "series": SessionSeries,
}  # fmt: skip


def turn_of(
    asked_id: str, asked: str, reply_id: str, said: Said, shown: str, now: datetime
) -> Turn:
    """What is kept of a message and its reply, which the page `shown` as this Markdown."""
    kept = said.model_dump_json() if isinstance(said, Taken) else None
    return Turn(
        id=asked_id, reply_id=reply_id, asked=asked, kind=kind_of(said), said=kept, shown=shown,
        created=now,
    )  # fmt: skip


def kind_of(said: Said) -> Kind:
    """What a reply is."""
    for kind, record in _RECORDS.items():
        if isinstance(said, record):
            return kind
    return "other"


def said_in(turn: Turn) -> Taken | None:
    """What was said in a turn; None if it was no such thing, or an older version wrote it in a
    form that is not known any more. Its Markdown is still there."""
    record = _RECORDS.get(turn.kind)
    if record is None or turn.said is None:
        return None
    try:
        return record.model_validate_json(turn.said)
    except ValidationError:
        return None


def text_of(said: Taken) -> str:
    """A reply as text with its sources, to be copied."""
    if isinstance(said, Answer):
        return answer_as_text(said, width=10_000)
    return take_away(said, "md").data.decode()


def cited_by(said: Said) -> tuple[tuple[str, str], ...]:
    """The documents that a reply cites, as ids with the sha256 of their text."""
    found = dict.fromkeys((one.document_id, one.document_sha256) for one in _citations(said))
    return tuple(found)


def sources_of(said: Said, source: Callable[[str, str], Source]) -> list[Source]:
    """The documents that a reply cites, as they are now. One that was removed in this very moment
    is left out. `source` gives a document of an id and a version."""
    found: list[Source] = []
    for document_id, sha256 in cited_by(said):
        try:
            found.append(source(document_id, sha256))
        except DocumentNotFound:
            continue
    return found


def thread_of(saved: SavedConversation, assistant: str) -> dict[str, Any]:
    """A conversation as Chainlit's page takes it up again, its replies by `assistant`."""
    return {
        "id": saved.id,
        "createdAt": saved.created.isoformat(),
        "name": saved.name,
        "userId": saved.user_id,
        "userIdentifier": saved.user_id,
        "tags": [],
        "metadata": {"chat_profile": saved.profile},
        "steps": [step for turn in saved.turns for step in _steps(saved.id, turn, assistant)],
        "elements": [],
    }


def _steps(thread: str, turn: Turn, assistant: str) -> Iterable[dict[str, Any]]:
    when = turn.created.isoformat()
    common: dict[str, Any] = {
        "threadId": thread, "parentId": None, "input": "", "createdAt": when, "start": when,
        "end": when, "streaming": False, "isError": False, "tags": [], "elements": [],
    }  # fmt: skip
    said = said_in(turn)
    icon = {"icon": "circle-slash"} if isinstance(said, Answer) and said.decline else {}
    yield common | {
        "id": turn.id, "type": "user_message", "name": "User", "output": turn.asked, "metadata": {},
    }  # fmt: skip
    yield common | {
        "id": turn.reply_id, "type": "assistant_message", "name": assistant, "output": turn.shown,
        "metadata": icon,
    }  # fmt: skip


def _citations(said: Said) -> Sequence[Citation]:
    if isinstance(said, Answer):
        return (*said.citations, *(said.decline.nearest if said.decline else ()))
    if isinstance(said, SessionPlan):
        return said.citations
    if isinstance(said, SessionSeries):
        return [one for session in said.sessions for one in session.plan.citations]
    return ()
