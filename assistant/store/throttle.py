"""How soon somebody who fails may try again."""

import hashlib
import threading
import time
from collections.abc import Callable

# Keys at once, of some 300 bytes each. To push one out takes as many failures, and argon2 does a
# hundred in a second on a large machine: more than a quarter of an hour.
_MOST = 100_000


class Throttle:
    """Counts failures of a key, such as a name with an address. Safe to share between threads."""

    def __init__(
        self,
        tries: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        most: int = _MOST,
    ) -> None:
        """`tries` failures are allowed in any `seconds`; `clock` gives seconds. Of more than
        `most` keys those that failed longest ago are forgotten."""
        self._tries = tries
        self._seconds = seconds
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._failures: dict[bytes, tuple[float, ...]] = {}  # the latest failure is of the last key

    def wait(self, key: str) -> float:
        """Seconds until the next try is allowed; 0.0 if it is now."""
        with self._lock:
            failures = self._failures.get(_short(key), ())
            if len(failures) < self._tries:
                return 0.0
            return max(0.0, failures[0] + self._seconds - self._clock())

    def failed(self, key: str) -> None:
        """A try failed. Called before a slow check, and `succeeded` after it, it also counts the
        tries that run at the same time."""
        with self._lock:
            before = self._failures.pop(_short(key), ())
            self._failures[_short(key)] = (*before, self._clock())[-self._tries :]
            self._tidy()

    def succeeded(self, key: str) -> None:
        """A try succeeded: the failures before it do not count any more."""
        with self._lock:
            self._failures.pop(_short(key), None)

    def _tidy(self) -> None:
        over = self._clock() - self._seconds
        while self._failures:
            oldest = next(iter(self._failures))
            if len(self._failures) <= self._most and self._failures[oldest][-1] > over:
                break
            del self._failures[oldest]


def _short(key: str) -> bytes:
    """Whoever tries may choose a name of any length."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
