"""Secrets with which a page may do one thing once."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

_MOST = 1_000  # at once, of everybody
_SECONDS = 600.0  # for which one is good


@dataclass(frozen=True)
class Talk:
    """A conversation and whose it is, both by id."""

    user: str
    conversation: str


class Tickets:
    """Gives secrets for conversations. Safe to share between threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._given: dict[str, tuple[Talk, float]] = {}

    def give(self, talk: Talk) -> str:
        """A secret for a conversation, fit for an address."""
        secret = secrets.token_urlsafe(24)
        with self._lock:
            self._given[secret] = (talk, self._clock() + _SECONDS)
            for old in list(self._given)[:-_MOST]:
                del self._given[old]
        return secret

    def redeem(self, secret: str, user: str) -> Talk | None:
        """The conversation that a secret is for, once, if it is that user's."""
        with self._lock:
            talk, until = self._given.get(secret, (None, 0.0))
            if talk is None or talk.user != user:
                return None
            del self._given[secret]
            return talk if self._clock() < until else None
