"""What happens on the server, told once: to the log, to the numbers, and to the page for admins.

Nothing that anybody asks, writes or is called is ever handed in here.
"""

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.app import IndexFacts
from assistant.chat.desk import AskedBack, Turn
from assistant.chat.event_log import EventLog
from assistant.chat.metrics import Metrics
from assistant.chat.reply import Reply
from assistant.errors import AssistantError, BriefError, QuestionError
from assistant.failure_log import log_failure
from assistant.models.language import Stopped
from assistant.plans import SessionPlan, SessionSeries
from assistant.records import Answer

_ERRORS = 20  # that are remembered
_LATEST = 10_000  # answers whose seconds are; a float each
NO_ENGINE = "none"


@dataclass(frozen=True)
class Failure:
    """An error: when, its type, and where its details are if it was not foreseen."""

    when: datetime
    type: str
    log: str


class Happenings:
    """Takes note of what happens. Safe to share between threads."""

    def __init__(self, log: EventLog) -> None:
        self.began = datetime.now(UTC)
        self.metrics = Metrics(lambda: self.under_way, lambda: self.waiting, lambda: self.sockets)
        self.sockets = 0
        self.outcomes: Counter[str] = Counter()  # of answers, and kinds of plans
        self._log = log
        self._lock = threading.Lock()
        self._replies: set[Reply] = set()
        self._seconds: deque[float] = deque(maxlen=_LATEST)
        self._failures: deque[Failure] = deque(maxlen=_ERRORS)
        self._index = ""

    @property
    def under_way(self) -> int:
        """Replies being worked out."""
        return self._in("under way")

    @property
    def waiting(self) -> int:
        """Replies that wait for their turn."""
        return self._in("waiting")

    @property
    def seconds(self) -> list[float]:
        """Those of the latest answers, shortest first."""
        with self._lock:
            return sorted(self._seconds)

    @property
    def failures(self) -> list[Failure]:
        """The last errors, latest first."""
        with self._lock:
            return list(self._failures)[::-1]

    def started(self, version: str) -> None:
        """The server takes requests."""
        self._log.write("server started", version=version)

    def stopped(self) -> None:
        """It takes no more."""
        self._log.write("server stopped", replies=sum(self.outcomes.values()))

    def index(self, facts: IndexFacts) -> None:
        """This is what is in the index now."""
        self.metrics.documents.set(facts.documents)
        self.metrics.chunks.set(facts.chunks)
        with self._lock:
            before, self._index = self._index, facts.fingerprint
        if before != facts.fingerprint:
            self._log.write(
                "index changed" if before else "index opened", documents=facts.documents,
                chunks=facts.chunks, fingerprint=facts.fingerprint,
            )  # fmt: skip

    @contextmanager
    def replying(self) -> Iterator[Reply]:
        """Around a reply, from the question until it is on the page."""
        reply = Reply(self._came)
        with self._lock:
            self._replies.add(reply)
        try:
            yield reply
        except (Stopped, asyncio.CancelledError):
            self._not_come(reply, "stopped")
            raise
        except (BriefError, QuestionError):
            self._not_come(reply, "refused")
            raise
        except AssistantError as error:
            self._not_come(reply, "failed")
            self._note(error.name, "")
            raise
        except Exception:
            self._not_come(reply, "failed")
            raise
        finally:
            with self._lock:
                self._replies.discard(reply)

    def uploaded(self, seconds: float, taken: bool, for_all: bool) -> None:
        """A document of a reader's was taken in, or refused."""
        self.metrics.uploads.labels("taken" if taken else "refused").inc()
        self._log.write("upload", ms=_ms(seconds), taken=taken, for_all=for_all)

    def sign_in_refused(self) -> None:
        """Somebody was not let in."""
        self.metrics.refused.inc()
        self._log.write("sign-in refused")

    def failed(self, error: BaseException) -> str:
        """Something failed; says where the details are."""
        place = log_failure(error)
        self._note(type(error).__name__, place)
        return place

    def _note(self, kind: str, place: str) -> None:
        with self._lock:
            self._failures.append(Failure(datetime.now(UTC), kind, place))
        self.metrics.errors.labels(kind).inc()
        self._log.write("error", type=kind, **({"details": place} if place else {}))

    def _came(self, reply: Reply, said: Answer | Turn) -> None:
        first, seconds = reply.first_words, reply.seconds
        if not self._ends(reply):
            return
        if isinstance(said, Answer):
            self.metrics.first_words.observe(first)
            self._answered(seconds, said.outcome, said.engine, len(said.citations))
        elif kind := _kind_of(said):
            self.metrics.plans.labels(kind).inc()
            with self._lock:
                self.outcomes[kind] += 1
            self._log.write("plan", kind=kind, ms=_ms(seconds))

    def _not_come(self, reply: Reply, outcome: str) -> None:
        if self._ends(reply):
            self._answered(reply.seconds, outcome, NO_ENGINE, 0)

    def _answered(self, seconds: float, outcome: str, engine: str, citations: int) -> None:
        self.metrics.answers.labels(outcome, engine).inc()
        with self._lock:
            self.outcomes[outcome] += 1
            if engine != NO_ENGINE:
                self._seconds.append(seconds)
        if engine != NO_ENGINE:
            self.metrics.seconds.observe(seconds)
        self._log.write(
            "answer", ms=_ms(seconds), outcome=outcome, engine=engine, citations=citations,
            interrupted=outcome == "stopped",
        )  # fmt: skip

    def _ends(self, reply: Reply) -> bool:
        """Whether it ends now: what fails after it was shown does not end it again."""
        with self._lock:
            is_known = reply in self._replies
            self._replies.discard(reply)
        return is_known

    def _in(self, state: str) -> int:
        with self._lock:
            return sum(reply.state == state for reply in self._replies)


Failed = Callable[[BaseException], str]
"""See `Happenings.failed`."""


def _kind_of(said: Turn) -> str | None:
    if isinstance(said, SessionPlan):
        return "plan"
    if isinstance(said, SessionSeries):
        return "series"
    return "asked back" if isinstance(said, AskedBack) else None


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)
