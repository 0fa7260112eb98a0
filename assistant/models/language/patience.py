"""How long a model is waited for, and when it is asked again."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from assistant.models.language.failures import kind_of

STILL = 20.0  # seconds without a word in the middle of a reply
_LONGEST_WAIT = 20.0  # seconds between two tries, whatever the server asks for
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True)
class Patience:
    """How long a model is waited for, in seconds: until its first word, waiting for its turn and
    new tries included, and until its last. `tries` of one request; `at_once`, of all readers."""

    first: float = 30.0
    whole: float = 120.0
    tries: int = 3
    at_once: int = 4


async def in_time(
    responses: AsyncIterator[Any], begun: float, patience: Patience
) -> AsyncIterator[Any]:
    """The same responses, with a limit until the first word, between two, and until the last."""
    ends, words = begun + patience.whole, False
    while True:
        now = time.monotonic()
        limit = min(now + STILL if words else begun + patience.first, ends)
        try:
            async with asyncio.timeout(max(limit - now, 0)):
                response = await anext(responses)
        except StopAsyncIteration:
            return
        words = words or bool(response.delta)
        yield response


def wait_before(error: BaseException, tried: int) -> float | None:
    """Seconds before a new try: what the server asks for, else more each time; None for what
    does not pass."""
    status = getattr(error, "status_code", None)
    if status not in _PASSING and kind_of(error) != "unreachable":
        return None
    headers = getattr(getattr(error, "response", None), "headers", {})
    asked = str(headers.get("retry-after", ""))
    wait = float(asked) if re.fullmatch(r"\d+(?:\.\d+)?", asked) else 0.5 * 2 ** (tried - 1)
    return wait if wait <= _LONGEST_WAIT else None
