"""The parts of the benchmark that measure nothing."""

import re
from pathlib import Path
from typing import Any

import pytest

from assistant.app import build
from assistant.settings import Settings
from evals.bench.answers import bench_table, write_corpus
from tests.fakes import SilentProgress, WordHashModel

SENTENCES = [f"Sentence number {n} says what teams do with their data." for n in range(40)]


def _corpus(folder: Path, chunks: int, sentences: list[str] = SENTENCES) -> dict[str, str]:
    write_corpus(folder, chunks, sentences)
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


def _sections(texts: dict[str, str]) -> list[str]:
    return [part for text in texts.values() for part in text.split("\n\n## ")[1:]]


@pytest.mark.parametrize("chunks", [8, 16, 80])
def test_the_corpus_has_a_section_for_each_chunk_asked(tmp_path: Path, chunks: int) -> None:
    texts = _corpus(tmp_path / "corpus", chunks)
    assert sorted(texts) == sorted(f"guide-{n}.md" for n in range(chunks // 8))
    assert len(_sections(texts)) == chunks


def test_there_are_documents_until_there_are_enough_chunks(tmp_path: Path) -> None:
    assert len(_sections(_corpus(tmp_path / "corpus", 12))) >= 12


def test_a_section_holds_three_to_seven_different_sentences(tmp_path: Path) -> None:
    drawn = [
        re.findall(r"Sentence number \d+ says what teams do with their data\.", section)
        for section in _sections(_corpus(tmp_path / "corpus", 240))
    ]
    assert {len(sentences) for sentences in drawn} == {3, 4, 5, 6, 7}
    assert all(len(set(sentences)) == len(sentences) for sentences in drawn)
    assert {sentence for sentences in drawn for sentence in sentences} == set(SENTENCES)


def test_the_corpus_is_the_same_each_time_and_another_for_another_size(tmp_path: Path) -> None:
    first = _corpus(tmp_path / "a", 16)
    assert _corpus(tmp_path / "b", 16) == first
    assert _corpus(tmp_path / "c", 24)["guide-0.md"] != first["guide-0.md"]
    assert _corpus(tmp_path / "d", 16, SENTENCES[::-1]) != first


def test_the_corpus_is_indexed_as_the_chunks_asked(tmp_path: Path) -> None:
    _corpus(tmp_path / "corpus", 16)
    settings = Settings(index=tmp_path / "index")
    report = build(settings, SilentProgress(), (tmp_path / "corpus",), model=WordHashModel())
    assert (report.documents, report.chunks, report.refused) == (2, 16, ())


FOUND: dict[str, Any] = {
    "build": {"strings": 321, "seconds": 5.5, "alone": 5.0, "ratio": 1.1},
    "library": {
        "from_nothing": 40.5,
        "chunks": 1200,
        "chunks_a_second": 29.6,
        "unchanged": 9.1,
        "start_up": 8.0,
        "changed": 10.5,
        "over_start_up": 2.5,
    },
    "answers": [
        {"chunks": 1000, "p50_ratio": 2.5, "p95_ratio": 3.5, "milliseconds": [4.0, 10.0, 14.0]},
        {"chunks": 10000, "p50_ratio": 3.25, "p95_ratio": 7.5, "milliseconds": [4.5, 13.0, 30.0]},
    ],
    "memory_mib": 512.5,
    "help_cpu_seconds": 0.31,
}


def test_the_table_shows_every_measurement_beside_its_bound() -> None:
    rows = [" ".join(line.split()) for line in bench_table(FOUND).splitlines()]
    assert rows == [
        "build / encoding alone 1.1 <= 1.25",
        "strings, seconds 321, 5.5",
        "encoding alone, seconds 5.0",
        "library from nothing, seconds 40.5",
        "chunks, chunks a second 1,200, 29.6",
        "again, nothing changed, seconds 9.1",
        "start-up alone: one search, seconds 8.0",
        "one note changed / more than start-up, seconds 2.5 <= 5",
        "answer p50 / question encoding at 1,000 chunks 2.5 <= 4",
        "answer p95 / question encoding at 1,000 chunks 3.5 <= 8",
        "encoding, p50, p95 (ms) [4.0, 10.0, 14.0]",
        "answer p50 / question encoding at 10,000 chunks 3.25 <= 4",
        "answer p95 / question encoding at 10,000 chunks 7.5 <= 8",
        "encoding, p50, p95 (ms) [4.5, 13.0, 30.0]",
        "peak memory of 50 answers (MiB) 512.5 <= 900",
        "assistant --help (s of CPU) 0.31 < 0.6",
    ]


def test_the_bounds_of_the_table_stand_below_each_other() -> None:
    lines = [line for line in bench_table(FOUND).splitlines() if "<" in line]
    assert {line.index("<") for line in lines} == {52 + 26 + 2}
