"""What an answer is made of, in time: steps, as OpenTelemetry spans.

A step says its name, how long it took, and numbers or names of our own: never a word of a question,
of a document or of a person. Nothing of OpenTelemetry is imported until somebody wants to know.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.errors import SettingsError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.trace import Tracer

Fact = str | int | float | bool
Note = Callable[..., None]
"""Takes facts of a step by name."""

SERVICE = "implementation-assistant"
_SECONDS = 2.0  # for one batch: a collector that is away holds nobody up, not even at the end
_THEIRS = "opentelemetry.exporter", "opentelemetry.sdk"  # loggers that complain of each batch

# A provider of our own, which no library knows of: theirs would put questions into spans.
_provider: "TracerProvider | None" = None
_tracer: "Tracer | None" = None
_beginning = threading.Lock()


@dataclass(frozen=True)
class Timing:
    """One step: when it began, in milliseconds since the time line did, how many it took, and the
    step around it."""

    name: str
    begin_ms: float
    ms: float
    inside: str | None


@dataclass
class TimeLine:
    """The steps of one answer."""

    _began: int = field(default_factory=time.time_ns)
    _spans: "list[ReadableSpan]" = field(default_factory=list)

    def timings(self) -> tuple[Timing, ...]:
        """The steps that have ended, in the order in which they began."""
        names = {span.context.span_id: span.name for span in self._spans if span.context}
        spans = sorted(self._spans, key=lambda span: (span.start_time or 0, -(span.end_time or 0)))
        return tuple(
            Timing(
                name=span.name,
                begin_ms=_ms((span.start_time or 0) - self._began),
                ms=_ms((span.end_time or 0) - (span.start_time or 0)),
                inside=names.get(span.parent.span_id) if span.parent else None,
            )
            for span in spans
        )


_line: ContextVar[TimeLine | None] = ContextVar("time line", default=None)


@contextmanager
def step(name: str, **facts: Fact) -> Iterator[Note]:
    """A step, around what is done in it; also a decorator. What it yields adds facts. If an error
    leaves it, its type is noted and no more."""
    if _tracer is None:
        yield _pass_over
        return
    from opentelemetry.trace import StatusCode

    with _tracer.start_as_current_span(
        name, attributes=facts, record_exception=False, set_status_on_exception=False
    ) as span:

        def note(**more: Fact) -> None:
            span.set_attributes(more)

        try:
            yield note
        except BaseException as error:
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", type(error).__name__)
            raise


@contextmanager
def timed() -> Iterator[TimeLine]:
    """The time line of what is done inside, by this thread and by those that take its context
    along, as `asyncio.to_thread` does."""
    _provided()
    line = TimeLine()
    token = _line.set(line)
    try:
        yield line
    finally:
        _line.reset(token)


@contextmanager
def sent_to(url: str | None, complain: Callable[[str], None]) -> Iterator[None]:
    """Send the steps to a collector that speaks OTLP by HTTP, in the background; None: to nobody.
    `complain` is told once if it does not take them. Raises SettingsError if the packages for it
    are not installed."""
    if url is None:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as error:
        raise SettingsError(
            "The package that sends traces is not installed.",
            "Install the product again, or unset ASSISTANT_TRACES_URL.",
        ) from error
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

    class Once(SpanExporter):
        """Says once that it fails, and at the end gives up at the first failure."""

        def __init__(self) -> None:
            self.ending = self._failed = False
            self._inner = OTLPSpanExporter(url, timeout=_SECONDS)

        def export(self, spans: "Sequence[ReadableSpan]") -> SpanExportResult:
            if self.ending and self._failed:
                return SpanExportResult.FAILURE
            result = self._inner.export(spans)
            if result is SpanExportResult.FAILURE and not self._failed:
                self._failed = True
                complain("The collector of ASSISTANT_TRACES_URL does not take the traces.")
            return result

        def shutdown(self) -> None:
            self._inner.shutdown()  # type: ignore[no-untyped-call]

    for name in _THEIRS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    exporter = Once()
    batches = BatchSpanProcessor(exporter)
    _provided().add_span_processor(batches)
    try:
        yield
    finally:
        exporter.ending = True
        batches.shutdown()  # type: ignore[no-untyped-call]


def _provided() -> "TracerProvider":
    """The one provider of this process, from now on told of every step."""
    global _provider, _tracer
    with _beginning:
        if _provider is None:
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
            from opentelemetry.sdk.trace.sampling import ALWAYS_ON

            class OntoLine(SpanProcessor):
                """Puts steps on the time line of whoever wants one."""

                def on_end(self, span: "ReadableSpan") -> None:
                    line = _line.get()
                    if line is not None:
                        line._spans.append(span)

            resource = Resource.create({"service.name": SERVICE})
            _provider = TracerProvider(ALWAYS_ON, resource, shutdown_on_exit=False)
            _provider.add_span_processor(OntoLine())
            _tracer = _provider.get_tracer(SERVICE)
        return _provider


def _pass_over(**_: Fact) -> None:
    """Where nobody wants to know."""


def _ms(nanoseconds: int) -> float:
    """Milliseconds; none less than none, if somebody sets the clock back."""
    return round(max(0, nanoseconds) / 1e6, 1)
