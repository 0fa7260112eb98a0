"""The server in numbers, for Prometheus. No label holds what a reader typed."""

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as TEXT

TEXT_TYPE = TEXT
# Quoted answers take some 0.1 s, a small model on the same computer up to two minutes.
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)


class Metrics:
    """The numbers of one server, in a registry of its own."""

    def __init__(
        self, under_way: Callable[[], float], waiting: Callable[[], float],
        sockets: Callable[[], float],
    ) -> None:  # fmt: skip
        """The functions give what is so at present. Labels: `outcome` of an answer is answered,
        declined, refused (what was typed cannot be read), stopped or failed; `engine` is
        extractive, provider:name as in the settings, or none where no answer came; `type` is that
        of an error."""
        registry = self._registry = CollectorRegistry()
        self.answers = Counter(
            "assistant_answers", "Answers, by what came of them.", ["outcome", "engine"],
            registry=registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "assistant_answer_seconds", "Seconds until an answer is on the page.",
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self.first_words = Histogram(
            "assistant_first_words_seconds", "Seconds until its first words are there.",
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self.plans = Counter(
            "assistant_plans", "Session plans and series.", ["kind"], registry=registry
        )
        self.errors = Counter(
            "assistant_errors", "What went wrong, by type.", ["type"], registry=registry
        )
        self.uploads = Counter(
            "assistant_uploads", "Documents that readers add.", ["outcome"], registry=registry
        )
        self.refused = Counter(
            "assistant_sign_ins_refused", "Sign-ins that were refused.", registry=registry
        )
        self.documents = Gauge(
            "assistant_index_documents", "Documents of the index.", registry=registry
        )
        self.chunks = Gauge("assistant_index_chunks", "Passages of the index.", registry=registry)
        for name, about, now in (
            ("assistant_answers_under_way", "Answers being worked out.", under_way),
            ("assistant_answers_waiting", "Questions that wait for their turn.", waiting),
            ("assistant_sockets_open", "Pages that are connected.", sockets),
        ):
            Gauge(name, about, registry=registry).set_function(now)
        ProcessCollector(registry=registry)

    def text(self) -> bytes:
        """All of them in Prometheus's text format."""
        return generate_latest(self._registry)
