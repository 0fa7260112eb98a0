"""The numbers for Prometheus: what there is, and that its own parser reads them."""

from prometheus_client.parser import text_string_to_metric_families

from assistant.chat.metrics import Metrics

NAMES = {
    "assistant_answers", "assistant_answer_seconds", "assistant_first_words_seconds",
    "assistant_plans", "assistant_errors", "assistant_uploads", "assistant_sign_ins_refused",
    "assistant_index_documents", "assistant_index_chunks", "assistant_answers_under_way",
    "assistant_answers_waiting", "assistant_sockets_open",
}  # fmt: skip


def families(metrics: Metrics) -> dict[str, object]:
    return {one.name: one for one in text_string_to_metric_families(metrics.text().decode())}


def test_every_number_is_there_from_the_start_with_what_it_means() -> None:
    found = families(Metrics(lambda: 1, lambda: 2, lambda: 3))
    assert {name for name in found if name.startswith("assistant")} >= NAMES
    about = {name: getattr(found[name], "documentation", "") for name in NAMES}
    assert all(about.values())


def test_memory_and_processor_time_of_the_process_are_there() -> None:
    found = families(Metrics(lambda: 0, lambda: 0, lambda: 0))
    assert {"process_resident_memory_bytes", "process_cpu_seconds"} <= found.keys()


def test_what_is_so_at_present_is_asked_for_each_time() -> None:
    now = [1.0]
    metrics = Metrics(lambda: now[0], lambda: 0, lambda: 0)
    assert b"assistant_answers_under_way 1.0" in metrics.text()
    now[0] = 7
    assert b"assistant_answers_under_way 7.0" in metrics.text()
