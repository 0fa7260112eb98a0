"""A line on standard error for each event of the server, without a word of anybody's."""

from contextlib import suppress
from typing import Literal, TextIO

Form = Literal["text", "json"]
Event = Literal[
    "server started", "server stopped", "index opened", "index changed", "answer", "plan",
    "upload", "sign-in refused", "error",
]  # fmt: skip
Fact = int | float | bool | str
"""A number, or a name of our own or of the settings. No question, answer, title, name of a person,
address or token."""


class EventLog:
    """Writes them, in a form or not at all. Safe to share between threads."""

    def __init__(self, form: Form | None, to: TextIO) -> None:
        """`text` is `key=value` as logfmt has it, `json` an object on a line."""
        self._logger = None
        if form is None:
            return
        import structlog  # a tenth of a second

        renderer: structlog.typing.Processor = (
            structlog.processors.JSONRenderer()
            if form == "json"
            else structlog.processors.LogfmtRenderer(
                key_order=["timestamp", "event"], bool_as_flag=False
            )
        )
        stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
        self._logger = structlog.wrap_logger(
            structlog.PrintLogger(to), processors=[stamp, renderer],
            wrapper_class=structlog.BoundLogger,
        )  # fmt: skip

    def write(self, event: Event, **facts: Fact) -> None:
        """One line. If it cannot be written, an answer goes on all the same."""
        if self._logger:
            with suppress(OSError, ValueError):  # the terminal is gone
                self._logger.info(event, **facts)
