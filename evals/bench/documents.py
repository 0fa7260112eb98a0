"""What documents of one's own cost: reading a long PDF, adding it, adding to a large index, and
the memory of the process that adds while harmful files are read. Linux only.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from assistant.app import add, build
from assistant.models.embedding import EmbeddingModel, Progress, Vectors
from assistant.resources import shipped_corpus
from assistant.settings import Settings
from evals.bench.answers import _Recording, _timed, write_corpus

PAGES = 200
_SENTENCES_A_PAGE = 24  # some 3,000 characters
_SMALL_PAGES = 5  # of the document that is added to a large index
_WORKER = [sys.executable, "-P", "-m", "assistant.library.readers.worker", "{}"]


class _Drawn(EmbeddingModel):
    """The real model's name, and vectors drawn at random: for the many that are only there."""

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if progress:
            progress(len(texts))
        drawn = np.random.default_rng(len(texts)).normal(size=(len(texts), self.dimension))
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        return drawn.astype(np.float32)


class _Counting:
    """Progress that keeps what each step had to do."""

    def __init__(self) -> None:
        self.steps: dict[str, int] = {}

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        self.steps[name] = total
        yield lambda done: None

    def say(self, message: str) -> None:
        pass


def run_documents_bench(chunks: int) -> dict[str, Any]:
    """All measurements, with one document added to an index of so many chunks."""
    sentences = library_sentences()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        return {
            "parsing": _bench_parsing(pdf_of(sentences, PAGES), pdf_of(sentences, 1)),
            "adding": _bench_adding(home, pdf_of(sentences, PAGES)),
            "large": _bench_large(home, chunks, sentences),
            "memory_mb": _memory(home / "memory"),
        }


def documents_table(found: dict[str, Any]) -> str:
    """The measurements beside their bounds."""
    parsing, adding, large, memory = (
        found[name] for name in ("parsing", "adding", "large", "memory_mb")
    )
    rows = [
        (f"reading {parsing['pages']} pages (s of CPU)", parsing["cpu_seconds"], "<= 1.5"),
        ("  start-up of the reader apart (s of CPU)", parsing["start_up"], ""),
        ("adding them / encoding alone", adding["ratio"], "<= 1.3"),
        ("  strings, seconds", f"{adding['strings']:,}, {adding['seconds']}", ""),
        ("  encoding alone, seconds", adding["alone"], ""),
        (f"one more beside {large['chunks']:,} chunks / alone (s more)", large["more"], "<= 10"),
        ("  seconds, alone", f"{large['seconds']}, {large['alone']}", ""),
        ("  files read, strings embedded", f"{large['read']}, {large['embedded']}", ""),
        ("  strings embedded for it alone", large["embedded_alone"], "the same"),
        ("memory above idle, worst of harmful files (MB)", max(memory.values()), "<= 300"),
        *((f"  {name}", megabytes, "") for name, megabytes in memory.items()),
    ]  # fmt: skip
    return "\n".join(f"{name:52}{value!s:>26}  {bound}" for name, value, bound in rows)


def library_sentences() -> list[str]:
    """The sentences of the library's notes, more or less, in the order of their files."""
    found: list[str] = []
    for note in sorted((shipped_corpus() / "notes").rglob("*.md")):
        body = note.read_text("utf-8").split("\n---\n", 1)[1]
        lines = [line for line in body.split("\n") if line[:1].isalpha()]
        found += [f"{part.strip('. ')}." for line in lines for part in line.split(". ")]
    return [sentence for sentence in dict.fromkeys(found) if len(sentence.split()) > 7]


def pdf_of(sentences: Sequence[str], pages: int) -> bytes:
    """A PDF of the sentences in paragraphs, with headings and feet, as long as wanted."""
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    drawn = cycle(sentences)
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(72, 780, f"What is in part {number}?")
        canvas.setFont("Helvetica", 10)
        y = 760.0
        for _ in range(4):
            text = " ".join(islice(drawn, _SENTENCES_A_PAGE // 4))
            for line in simpleSplit(text, "Helvetica", 10, 450):
                y -= 13
                canvas.drawString(72, y, line)
            y -= 8
        canvas.drawString(72, 30, f"Page {number} of {pages}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _bench_parsing(long: bytes, short: bytes) -> dict[str, Any]:
    """CPU seconds of the process that reads, the best of three; the start is what a page takes."""
    start_up = min(_cpu_of_reading(short) for _ in range(3))
    whole = min(_cpu_of_reading(long) for _ in range(3))
    return {
        "pages": PAGES,
        "cpu_seconds": round(whole - start_up, 2),
        "start_up": round(start_up, 2),
    }


def _cpu_of_reading(data: bytes) -> float:
    header = json.dumps({"format": ".pdf", "size": len(data)}).encode() + b"\n"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(_WORKER, input=header + data, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ready, reply = map(json.loads, done.stdout.splitlines())
    assert ready == {"ready": True}
    assert "extract" in reply, done.stdout[:500]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _bench_adding(home: Path, data: bytes) -> dict[str, Any]:
    model = _Recording()
    # Warm: everything imported, the model loaded, one small index built.
    write_corpus(home / "warm-up", 8, ["Nothing is said in this sentence of eight words."] * 9)
    build(Settings(index=home / "warm-up-index"), _Counting(), (home / "warm-up",), model)
    model.texts.clear()
    folder = home / "long"
    folder.mkdir()
    (folder / "long.pdf").write_bytes(data)
    settings = Settings(index=home / "long-index")
    seconds = _timed(lambda: build(settings, _Counting(), (folder,), model))
    texts = list(model.texts)
    alone = _timed(lambda: model.encode(texts))
    return {
        "strings": len(texts),
        "seconds": round(seconds, 2),
        "alone": round(alone, 2),
        "ratio": round(seconds / alone, 3),
    }


def _bench_large(home: Path, chunks: int, sentences: list[str]) -> dict[str, Any]:
    corpus, small = home / "many", home / "small"
    write_corpus(corpus, chunks, sentences)
    small.mkdir()
    path = small / "small.pdf"
    # Sentences that no other document has: none of its vectors is there already.
    path.write_bytes(pdf_of([f"So we say: {text}" for text in sentences], _SMALL_PAGES))
    large = Settings(index=home / "many-index", corpus=(corpus,))
    report = build(large, _Counting(), (), _Drawn())
    for file in corpus.iterdir():
        file.unlink()  # what is not there cannot be read
    beside, alone = _Counting(), _Counting()
    seconds = _timed(lambda: add(large, beside, [path]))
    fresh = Settings(index=home / "alone-index")
    seconds_alone = _timed(lambda: build(fresh, alone, (small,)))
    return {
        "chunks": report.chunks,
        "seconds": round(seconds, 1),
        "alone": round(seconds_alone, 1),
        "more": round(seconds - seconds_alone, 1),
        "read": beside.steps["Reading"],
        "embedded": beside.steps["Embedding"],
        "embedded_alone": alone.steps["Embedding"],
    }


def harmful_files() -> dict[str, bytes]:
    """The files that would take the most memory if they were read without care."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(600)) + packer.flush()
    written = BytesIO()
    with (
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w") as part,
    ):
        for _ in range(600):
            part.write(b" " * 1_000_000)
    inline = b'<html><p>Ask the team first.<img src="data:image/png;base64,%s"></p>' % (
        b"A" * 10_000_000
    )
    return {"bomb.pdf": _page_of(packed), "bomb.docx": written.getvalue(), "inline.html": inline}


def _page_of(packed: bytes) -> bytes:
    """A PDF of one page with that content, packed already."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
            b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed),
        ),
        1,
    ):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (table, len(out))
    )


def _memory(home: Path) -> dict[str, float]:
    """Megabytes above idle, by file, of a fresh process that adds them."""
    code = (
        "import json, sys; from pathlib import Path;"
        "from evals.bench.documents import peaks;"
        "print(json.dumps(peaks(Path(sys.argv[1]))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def peaks(home: Path) -> dict[str, float]:
    """Megabytes that this process takes beyond what it has when idle, for each harmful file."""
    folder = home / "corpus"
    folder.mkdir(parents=True)
    (folder / "good.txt").write_text("Coaches ask the team first.", "utf-8")
    sources = home / "harmful"
    sources.mkdir()
    for name, data in harmful_files().items():
        (sources / name).write_bytes(data)
    del data
    model, settings = EmbeddingModel(), Settings(index=home / "index")
    build(settings, _Counting(), (folder,), model)
    idle = _memory_of_this("VmRSS")
    found: dict[str, float] = {}
    for file in sorted(sources.iterdir()):
        shutil.copy(file, folder)
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # count the peak from now on
        build(settings, _Counting(), (folder,), model)
        found[file.name] = round(_memory_of_this("VmHWM") - idle, 1)
        (folder / file.name).unlink()
    return found


def _memory_of_this(field: str) -> float:
    lines = Path("/proc/self/status").read_text("ascii").split("\n")
    (line,) = (line for line in lines if line.startswith(field))
    return int(line.split()[1]) * 1024 / 1e6
