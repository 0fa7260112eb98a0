"""The parts of the benchmark of documents that measure nothing, and that it measures something."""

import json
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from assistant.app import build
from assistant.settings import Settings
from evals.bench.documents import (
    _WORKER,
    _bench_large,
    _bench_parsing,
    _Counting,
    documents_table,
    harmful_files,
    library_sentences,
    pdf_of,
)
from tests.fakes import WordHashModel

SENTENCES = [f"Sentence number {n} says what teams do with their data." for n in range(400)]
FOUND: dict[str, Any] = {
    "parsing": {"pages": 200, "cpu_seconds": 1.25, "start_up": 0.5},
    "adding": {"strings": 5432, "seconds": 60.5, "alone": 50.25, "ratio": 1.204},
    "large": {
        "chunks": 10000, "seconds": 12.5, "alone": 6.0, "more": 6.5, "read": 1, "embedded": 120,
        "embedded_alone": 120,
    },
    "memory_mb": {"bomb.docx": 1.5, "bomb.pdf": 2.5, "inline.html": 31.0},
}  # fmt: skip


def test_the_table_has_every_measurement_beside_its_bound() -> None:
    assert [" ".join(line.split()) for line in documents_table(FOUND).split("\n")] == [
        "reading 200 pages (s of CPU) 1.25 <= 1.5",
        "start-up of the reader apart (s of CPU) 0.5",
        "adding them / encoding alone 1.204 <= 1.3",
        "strings, seconds 5,432, 60.5",
        "encoding alone, seconds 50.25",
        "one more beside 10,000 chunks / alone (s more) 6.5 <= 10",
        "seconds, alone 12.5, 6.0",
        "files read, strings embedded 1, 120",
        "strings embedded for it alone 120 the same",
        "memory above idle, worst of harmful files (MB) 31.0 <= 300",
        "bomb.docx 1.5",
        "bomb.pdf 2.5",
        "inline.html 31.0",
    ]


def test_the_pdf_has_as_many_pages_as_wanted_with_all_their_text() -> None:
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf_of(SENTENCES, 3))).pages]
    assert len(pages) == 3
    assert "What is in part 2?" in pages[1]
    assert "Page 3 of 3" in pages[2]
    assert "Sentence number 71 says" in " ".join(pages[2].split())


def test_the_sentences_are_real_ones_and_enough_for_a_long_document() -> None:
    sentences = library_sentences()
    assert len(sentences) == len(set(sentences)) > 2_000
    assert all(sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize("name", ["bomb.pdf", "bomb.docx"])
def test_a_bomb_of_the_bench_is_small_and_goes_off(name: str) -> None:
    data = harmful_files()[name]
    assert len(data) < 1_000_000
    header = json.dumps({"format": Path(name).suffix, "size": len(data)}).encode() + b"\n"
    done = subprocess.run(_WORKER, input=header + data, capture_output=True, check=True)
    assert "unpacks to" in json.loads(done.stdout.splitlines()[1])["reason"]


def test_reading_more_pages_takes_more_time() -> None:
    found = _bench_parsing(pdf_of(SENTENCES, 800), pdf_of(SENTENCES, 1))
    assert found["start_up"] > 0.05
    assert found["cpu_seconds"] > 0


def test_the_long_document_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "long.pdf").write_bytes(pdf_of(SENTENCES, 4))
    counting = _Counting()
    report = build(
        Settings(index=tmp_path / "index"), counting, (tmp_path / "corpus",), WordHashModel()
    )
    assert report.refused == ()
    assert counting.steps["Reading"] == 1
    assert counting.steps["Embedding"] >= 4 * 24


@pytest.mark.slow
def test_one_document_beside_many_is_the_only_one_read_and_embedded(tmp_path: Path) -> None:
    found = _bench_large(tmp_path, 80, SENTENCES)
    assert (found["chunks"], found["read"]) == (80, 1)
    assert found["embedded"] == found["embedded_alone"] > 50
