"""Every way in which a model gives no answer, told from what its package raises."""

import re
from typing import Literal

from assistant.errors import AssistantError

FailureKind = Literal[
    "unreachable", "slow", "rate_limited", "key", "unknown_model", "out_of_context", "server",
    "broken", "cut_off", "too_long", "empty", "refused",
]  # fmt: skip
"""In which ways a model gives no answer."""

_CONTEXT = re.compile(
    r"context[ _](?:length|size|window)|maximum context|too many tokens|prompt is too long"
    r"|exceeds? (?:the )?(?:available )?context|input is too long",
    re.IGNORECASE,
)
_SAID: dict[FailureKind, tuple[str, str]] = {
    "unreachable": ("cannot be reached", "See that it runs and that ASSISTANT_MODEL_URL is right."),
    "slow": ("took too long", "Try again, use a smaller model, or raise ASSISTANT_MODEL_SECONDS."),
    "rate_limited": ("has too many requests at present", "Try again in a minute."),
    "key": ("did not accept the key", "Correct ASSISTANT_MODEL_KEY."),
    "unknown_model": ("is not known there", "Correct the name in ASSISTANT_MODEL."),
    "out_of_context": (
        "has no room for so much text", "Set ASSISTANT_MODEL_CONTEXT to what it can hold.",
    ),
    "server": ("failed", "Look into the log of its server, and try again."),
    "broken": (
        "sent what cannot be read",
        "See that its server speaks the provider's protocol, and try again.",
    ),
    "cut_off": ("stopped in the middle", "Try again, or raise the length that it may write."),
    "too_long": ("wrote without end", "Use another model."),
    "empty": ("wrote nothing", "Try again, or use another model."),
    "refused": ("refused to answer", "Ask in other words, or use another model."),
}  # fmt: skip
_STATUS: dict[int, FailureKind] = {
    401: "key", 402: "rate_limited", 403: "key", 404: "unknown_model", 408: "slow",
    413: "out_of_context", 429: "rate_limited", 504: "slow",
}  # fmt: skip


class ModelFailure(AssistantError):
    """A model gave no reply that can be used. `kind` says in which way."""

    def __init__(self, kind: FailureKind, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.kind = kind


class Stopped(AssistantError):
    """The reader does not wait any longer."""

    def __init__(self) -> None:
        super().__init__("The answer was stopped.", "Ask again.")


class Fault(Exception):
    """A reply that ended well and is none."""

    def __init__(self, kind: FailureKind) -> None:
        super().__init__(kind)
        self.kind = kind


def failure_of(error: Exception, name: str, address: str | None) -> ModelFailure:
    """Any error of any provider's package as one of ours, without what was sent."""
    kind = kind_of(error)
    what, remedy = _SAID[kind]
    place = f" at {address}" if address else ""
    status = getattr(error, "status_code", None)
    told = f" ({status})" if isinstance(status, int) and status >= 400 else ""
    return ModelFailure(kind, f"The model {name}{place} {what}{told}.", remedy)


def kind_of(error: BaseException) -> FailureKind:
    """What went wrong, told from names and codes, since each package has errors of its own."""
    if isinstance(error, Fault):
        return error.kind
    causes = _causes(error)
    names = {kind.__name__ for cause in causes for kind in type(cause).__mro__}
    if isinstance(error, TimeoutError) or names & {"APITimeoutError", "TimeoutException"}:
        return "slow"
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status > 0:
        if status < 500 and _CONTEXT.search(str(error)):
            return "out_of_context"
        return _STATUS.get(status, "server")
    if "APIConnectionError" in names or names & {"ConnectError", "ConnectionError"}:
        return "unreachable"
    if names & {"RemoteProtocolError", "ReadError", "IncompleteRead"}:
        return "cut_off"
    if "APIError" in names or "ResponseError" in names:  # an error in the middle of a stream
        return "out_of_context" if _CONTEXT.search(str(error)) else "server"
    return "broken"


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or at.__context__
    return found
