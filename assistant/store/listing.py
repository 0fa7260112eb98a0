"""Lists of a user's conversations, page by page, and what is searched for in them."""

from collections.abc import Iterator, Sequence, Set
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from assistant.records import Record
from assistant.store.fitting import can_be_id, cleaned
from assistant.store.records import ConversationLine
from assistant.store.tables import conversations, turns

_SEARCH = 200  # characters; a statement has room for so many words
_LINES = 100  # of a page, at most


class Page(Record):
    """Some of a user's conversations; `next` asks for those that follow, "" if none do."""

    lines: tuple[ConversationLine, ...]
    next: str


def page_of(connection: Connection, user_id: str, search: str, after: str, limit: int) -> Page:
    """See `History.page`."""
    limit = max(1, min(limit, _LINES))
    columns = [conversations.c[name] for name in ConversationLine.model_fields]
    order = (conversations.c.changed.desc(), conversations.c.id.desc())
    found = (
        select(*columns).where(conversations.c.user_id == user_id, *_holding(search))
        .where(*_following(after)).order_by(*order).limit(limit + 1)
    )  # fmt: skip
    rows = connection.execute(found).all()
    lines = tuple(ConversationLine(**row._mapping) for row in rows[:limit])
    return Page(lines=lines, next=_cursor(lines[-1]) if len(rows) > limit else "")


def _holding(search: str) -> Iterator[ColumnElement[bool]]:
    """A condition for each word."""
    for word in dict.fromkeys(cleaned(search[:_SEARCH]).split()):
        # SQLite knows the small letters of ASCII only.
        forms = {word, word.lower(), word.upper(), word.capitalize()}
        forms = {word} if word.isascii() else forms
        # In Markdown a backslash stands before each hyphen.
        said = (turns.c.asked, func.replace(turns.c.shown, "\\", ""))
        in_turn = select(turns.c.id).where(
            turns.c.conversation_id == conversations.c.id, _any_holds(said, forms)
        )
        yield or_(_any_holds((conversations.c.name,), forms), in_turn.exists())


def _any_holds(columns: Sequence[ColumnElement[str]], forms: Set[str]) -> ColumnElement[bool]:
    return or_(*(column.icontains(form, autoescape=True) for column in columns for form in forms))


def _cursor(line: ConversationLine) -> str:
    return f"{line.changed.replace(tzinfo=None).isoformat()} {line.id}".encode().hex()


def _following(cursor: str) -> Iterator[ColumnElement[bool]]:
    """What comes after the line; no condition if the cursor makes no sense."""
    try:
        moment, _, last = bytes.fromhex(cursor).decode().partition(" ")
        changed = datetime.fromisoformat(moment)
    except ValueError:
        return
    if changed.tzinfo is None and can_be_id(last):
        changed = changed.replace(tzinfo=UTC)
        same = and_(conversations.c.changed == changed, conversations.c.id < last)
        yield or_(conversations.c.changed < changed, same)
