"""The parts of the chat's benchmark that measure nothing, and that it measures a real chat."""

from pathlib import Path

import pytest

from evals.bench.chat import chat_table, run_chat_bench

FOUND = {
    "ready_cpu_seconds": 9.5, "loading_cpu_seconds": 7.25, "beyond_loading": 2.25,
    "first_words_ms": [61.0, 159.5], "answer_ms": [66.0, 167.0],
    "memory_mib": [650.0, 660.0, 670.0],
    "load": {
        "readers": 50, "seconds": 60, "questions": 150, "errors": 0, "answer_ms": [74.0, 326.0],
    },
}  # fmt: skip


def test_the_table_has_every_measurement_beside_its_bound() -> None:
    shown = {line[:52].strip(): line[52:].split("  ", 1) for line in chat_table(FOUND).split("\n")}
    cells = {name: "  ".join(cells).split() for name, cells in shown.items()}
    assert cells["ready, beyond loading the model (s of CPU)"] == ["2.25", "<=", "3"]
    assert cells["first words p50, p95 (ms)"] == ["[61.0,", "159.5]", "<=", "300"]
    assert cells["50 readers for 60 s: questions"] == ["150"]
    assert cells["errors"] == ["0", "0"]


@pytest.mark.slow
def test_a_running_chat_is_measured(library_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evals.bench.chat._cpu_of_loading", lambda: 1.5)
    monkeypatch.setattr("evals.bench.chat._QUESTIONS", 4)
    monkeypatch.setattr("evals.bench.chat._WARM_UP", 2)
    monkeypatch.setattr("evals.bench.crowd.EVERY", 1.0)
    found = run_chat_bench(library_index, readers=3, seconds=2)
    assert found["load"]["errors"] == 0
    assert found["load"]["questions"] >= 3
    assert all(first > 0 for first in found["first_words_ms"])
    assert len(found["memory_mib"]) == 3
    assert found["beyond_loading"] == round(found["ready_cpu_seconds"] - 1.5, 2) > 0
