"""What readers may take away, behind secrets that only their own pages know."""

import secrets
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from assistant.plans import SessionPlan, SessionSeries
from assistant.records import Answer
from assistant.takeaway.export import Format

KEPT = 3600.0  # seconds after a page is closed: as long as it can take up its conversation
_EACH, _ALL = 50, 1_000  # of one conversation, and of everybody: a series takes some 400 kB

Taken = Answer | SessionPlan | SessionSeries


@dataclass(frozen=True)
class Kept:
    """What can be made into a file: itself, or the `whole` conversation that it is from. Only the
    `user` of that id may have it."""

    what: Taken
    user: str
    whole: Callable[[], Sequence[Answer]] = tuple


class Shelf:
    """Gives a secret for what is kept, and what is kept for its secret. Safe to share between
    threads. What is beyond the bounds goes first in, first out."""

    def __init__(
        self, each: int = _EACH, everything: int = _ALL, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`each` bounds what is kept of one owner, `everything` of all; `clock` gives seconds."""
        self._each = each
        self._everything = everything
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Hashable, Kept]] = {}
        self._left: dict[Hashable, float] = {}

    def put(self, owner: Hashable, kept: Kept) -> str:
        """Keep something for an owner; gives its secret, which is fit for an address."""
        with self._lock:
            self._tidy()
            token = secrets.token_urlsafe(24)
            self._kept[token] = (owner, kept)
            of_owner = [key for key, (whose, _) in self._kept.items() if whose == owner]
            for key in (*of_owner[: -self._each], *list(self._kept)[: -self._everything]):
                self._kept.pop(key, None)
            return token

    def find(self, token: str) -> Kept | None:
        """What is kept for that secret; None if nothing is, or nothing any more."""
        with self._lock:
            self._tidy()
            _, kept = self._kept.get(token, (None, None))
            return kept

    def leave(self, owner: Hashable) -> None:
        """The owner's page is away: what it has is kept for an hour from now."""
        with self._lock:
            self._left.setdefault(owner, self._clock())

    def back(self, owner: Hashable) -> None:
        """The owner's page is there again."""
        with self._lock:
            self._left.pop(owner, None)

    def forget(self, owner: Hashable) -> None:
        """The owner needs nothing any more."""
        with self._lock:
            self._forget({owner})

    def forget_user(self, user: str) -> None:
        """Nothing is kept for the user of that id any more."""
        with self._lock:
            self._kept = {k: kept for k, kept in self._kept.items() if kept[1].user != user}

    def _tidy(self) -> None:
        over = self._clock() - KEPT
        self._forget({owner for owner, since in self._left.items() if since <= over})

    def _forget(self, owners: set[Hashable]) -> None:
        if owners:
            self._kept = {k: kept for k, kept in self._kept.items() if kept[0] not in owners}
            for owner in owners:
                self._left.pop(owner, None)


def formats_of(what: Taken) -> tuple[Format, ...]:
    """The formats in which something can be saved. A calendar needs a day and a time."""
    if isinstance(what, Answer):
        return ("docx", "pdf", "md", "txt")
    plans = [what] if isinstance(what, SessionPlan) else [one.plan for one in what.sessions]
    dated = any(plan.brief.day and plan.brief.at for plan in plans)
    return ("docx", "pdf", "pptx", "md", "txt", *(("ics",) if dated else ()))


def take_link(token: str, form: Format) -> str:
    """Where the chat makes what is kept into a file."""
    return f"/take/{token}.{form}"
